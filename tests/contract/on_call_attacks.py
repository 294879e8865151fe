"""Write-sets about rosters, policies, contacts and messages that no rule would ever make."""

from collections.abc import Sequence
from typing import Any

from builders import ADAM, KIM, MAYA, MONA, NETWORK, START, TARA, THEO, VERA
from contract.attacks import Attack
from contract.on_call_scene import (
    CODE,
    LATER,
    OFFER,
    PHONE,
    SOON,
    TABLET,
    TAKEN,
    US,
    change,
    contact,
    exception,
    holiday,
    message,
    note,
    off,
    offer,
    past_shift,
    policy,
    roster,
    rotation,
    rule,
    shift,
    shift_to_come,
    step,
    there,
)
from contract.scene import NOW, Scene
from rota_world import DAY, MAJOR, MAJOR_TURNS, NETWORK_ROTA, NETWORK_TURNS

from services.core.records import Record, spec_of
from services.on_call.policy import EscalationStep
from services.on_call.roster import (
    HandoverNote,
    Holiday,
    OnCallShift,
    Override,
    Roster,
    Rotation,
    ShiftSwap,
    TimeOff,
)
from services.paging.page import Delivery
from services.people.contact import ContactMethod, NotificationRule
from services.people.person import Person
from services.sync.shared import Decision

THEIRS, FIXED, PROVED = "not-yours-to-plan", "column-is-fixed", "contact-not-proved"


def _contact(s: Scene, act: str, id_: object, who: Any, **columns: Any) -> Decision:
    return change(s, act, there(s, ContactMethod, id=id_), who, **columns)


def _swap(s: Scene, act: str, id_: object, who: Any, **columns: Any) -> Decision:
    return change(s, act, there(s, ShiftSwap, id=id_), who, **columns)


def past(s: Scene) -> Record:
    return there(s, OnCallShift, id=past_shift(s).id)


def _override(s: Scene, who: Any, **columns: Any) -> Decision:
    return change(s, "CancelOverride", there(s, Override, created_by_id=TARA), who, **columns)


def _steps(s: Scene, *taken_away: int) -> Decision:
    found = [there(s, EscalationStep, position=position) for position in taken_away]
    ops = [(row.TABLE, str(row.id), row.version, {"is_active": 0}) for row in found]
    return s.client.submit("SetPolicySteps", ops, MONA)


def _awakened(s: Scene) -> Decision:
    """A policy without steps, put there unused and then put to use."""
    row: Record = policy(s)
    ops = [
        (row.TABLE, str(row.id), None, spec_of(type(row)).to_row(row)),
        (row.TABLE, str(row.id), 1, {"is_active": 1}),
    ]
    return s.client.submit("AddPolicy", ops, MONA)


def _accepted(s: Scene, id_: object, who: Any) -> Decision:
    columns = {"state": "accepted", "accepted_by_id": str(who), "answered_at": NOW}
    return _swap(s, "AcceptSwap", id_, who, **columns)


def _nobody_left(s: Scene) -> Decision:
    """Everybody of the catch-all roster retired at once."""
    found = [s.desk.get(Person, id_) for id_ in there(s, Rotation, id=MAJOR_TURNS).person_ids]  # type: ignore[attr-defined]
    ops = [(one.TABLE, str(one.id), one.version, {"is_active": 0}) for one in found]
    return s.client.submit("ChangePerson", ops, ADAM)


CONTACT_ATTACKS: Sequence[Attack] = (
    Attack("add a contact of a colleague", lambda s: s.insert("AddContactMethod", contact(s),
           TARA), "not-your-contact"),
    Attack("change a contact of a colleague", lambda s: _contact(s, "ChangeContactMethod", PHONE,
           TARA, name="Mine"), "not-your-contact"),
    Attack("add a contact as proved", lambda s: s.insert("AddContactMethod", contact(s), THEO,
           verified_at=NOW), PROVED),
    Attack("prove a contact by another code", lambda s: _contact(s, "VerifyContact", TABLET, THEO,
           verified_at=US(START)), PROVED),
    Attack("prove a contact by another act", lambda s: _contact(s, "ChangeContactMethod", TABLET,
           THEO, verified_at=US(START), remark=CODE), PROVED),
    Attack("prove the contact of another", lambda s: _contact(s, "VerifyContact", TABLET, ADAM,
           verified_at=US(START), remark=CODE), PROVED),
    Attack("prove a contact hours later", lambda s: _contact(s, "VerifyContact", TABLET, THEO,
           verified_at=US(START), remark=CODE), PROVED),
    Attack("move a proved contact", lambda s: _contact(s, "ChangeContactMethod", PHONE, THEO,
           address="elsewhere"), PROVED),
    Attack("make up a code", lambda s: _contact(s, "ChangeContactMethod", PHONE, THEO,
           code_digest="x"), PROVED),
    Attack("give a contact to a colleague", lambda s: _contact(s, "ChangeContactMethod", PHONE,
           ADAM, person_id=str(TARA)), FIXED),
    Attack("add a rule of a colleague", lambda s: s.insert("SetNotificationRules", rule(s), TARA),
           "not-your-contact"),
    Attack("change a rule of a colleague", lambda s: change(s, "SetNotificationRules",
           there(s, NotificationRule), TARA, delay_s=7200), "not-your-contact"),
    Attack("give a rule to a colleague", lambda s: change(s, "SetNotificationRules",
           there(s, NotificationRule), ADAM, person_id=str(TARA)), FIXED),
    Attack("a test to a colleague", lambda s: s.insert("SendTest", message(s), TARA),
           "not-your-contact"),
    Attack("a test to another address", lambda s: s.insert("SendTest", message(s), THEO,
           address="elsewhere"), "not-your-contact"),
    Attack("a code to another address", lambda s: s.insert("SendVerification", message(s), THEO,
           kind="verification", address="elsewhere"), "not-your-contact"),
    Attack("a test to any address", lambda s: s.insert("SendTest", message(s), THEO,
           contact_method_id=None), "not-your-contact"),
    *(Attack(f"a test with {column}", lambda s, c=column, v=value: s.insert("SendTest", message(s),
             THEO, **{c: v}), FIXED)
      for column, value in {
          "kind": "probe", "state": "delivered", "attempt_count": 4, "lease_token": 9,
          "page_id": str(KIM), "recipient_id": str(KIM), "answer_digest": "x"}.items()),
    Attack("change a message", lambda s: change(s, "SendTest", there(s, Delivery), THEO,
           text="Send money"), "records-are-kept"),
)  # fmt: skip

ROSTER_ATTACKS: Sequence[Attack] = (
    Attack("add a roster for a team one does not lead", lambda s: s.insert("AddRoster", roster(s),
           TARA), THEIRS),
    Attack("add a catch-all roster as lead", lambda s: s.insert("AddRoster", roster(s), THEO,
           is_catch_all=1), THEIRS),
    Attack("rename a roster of others", lambda s: change(s, "ChangeRoster",
           there(s, Roster, id=MAJOR), THEO, name="Mine"), THEIRS),
    Attack("take a roster over", lambda s: change(s, "ChangeRoster", there(s, Roster, id=MAJOR),
           THEO, team_id=str(NETWORK)), THEIRS),
    Attack("make one's roster the catch-all", lambda s: change(s, "ChangeRoster",
           there(s, Roster, id=NETWORK_ROTA), THEO, is_catch_all=1), THEIRS),
    Attack("retire the catch-all roster", lambda s: change(s, "ChangeRoster",
           there(s, Roster, id=MAJOR), MONA, is_active=0), "catch-all-needed"),
    Attack("take the mark from the catch-all roster", lambda s: change(s, "ChangeRoster",
           there(s, Roster, id=MAJOR), MONA, is_catch_all=0), "catch-all-needed"),
    Attack("retire the people of the catch-all roster", lambda s: change(s, "ChangeRotation",
           there(s, Rotation, id=MAJOR_TURNS), MONA, is_active=0), "catch-all-needed"),
    Attack("leave the catch-all roster to nobody", lambda s: change(s, "ChangeRotation",
           there(s, Rotation, id=MAJOR_TURNS), MONA, person_ids="[ ]"), "catch-all-needed"),
    Attack("add a rotation", lambda s: s.insert("AddRotation", rotation(s), TARA), THEIRS),
    Attack("change a rotation", lambda s: change(s, "ChangeRotation",
           there(s, Rotation, id=NETWORK_TURNS), TARA, length=9), THEIRS),
    Attack("move a rotation to another roster", lambda s: change(s, "ChangeRotation",
           there(s, Rotation, id=NETWORK_TURNS), MONA, roster_id=str(MAJOR)), FIXED),
    Attack("add a holiday", lambda s: s.insert("AddHoliday", holiday(s), TARA), THEIRS),
    Attack("remove a holiday", lambda s: change(s, "RemoveHoliday", there(s, Holiday), TARA,
           is_active=0), THEIRS),
    Attack("move a holiday", lambda s: change(s, "AddHoliday", there(s, Holiday), MONA,
           on_date="2026-12-24"), FIXED),
    Attack("a shift out of nothing", lambda s: s.insert("TakeShift", shift(s), VERA,
           rotation_id=None), "shift-unfounded"),
    Attack("a shift by a rotation of others", lambda s: s.insert("TakeShift", shift(s), VERA,
           person_id=str(VERA)), "shift-unfounded"),
    Attack("a shift that ends first", lambda s: s.insert("TakeShift", shift(s), VERA,
           ends_at=US(LATER) - 1), "shift-unfounded"),
    Attack("lengthen a shift for no reason", lambda s: change(s, "TakeShift", shift_to_come(s),
           VERA, rotation_id=str(MAJOR_TURNS)), "shift-unfounded"),
    Attack("lengthen the past", lambda s: change(s, "TakeShift", past(s), TARA,
           ends_at=US(START)), "records-are-kept"),
    Attack("cancel the past", lambda s: change(s, "TakeShift", past(s), TARA, is_cancelled=1),
           "records-are-kept"),
    Attack("cancel a shift to come", lambda s: change(s, "TakeShift", shift_to_come(s), VERA,
           is_cancelled=1), THEIRS),
    Attack("shorten a shift to come", lambda s: change(s, "TakeShift", shift_to_come(s), VERA,
           ends_at=US(shift_to_come(s).starts_at) + 1), THEIRS),
    Attack("retire who catches all", _nobody_left, "catch-all-needed"),
    Attack("give a shift to a colleague", lambda s: change(s, "TakeShift", shift_to_come(s), VERA,
           person_id=str(TARA)), FIXED),
)  # fmt: skip

DEPARTURE_ATTACKS: Sequence[Attack] = (
    Attack("put a stranger on call", lambda s: s.insert("AddOverride", exception(s), VERA,
           created_by_id=str(VERA)), THEIRS),
    Attack("put nobody on call", lambda s: s.insert("AddOverride", exception(s), VERA,
           created_by_id=str(VERA), person_id=None), THEIRS),
    Attack("take a colleague off", lambda s: s.insert("AddOverride", exception(s), VERA,
           kind="remove", created_by_id=str(VERA), person_id=str(VERA)), THEIRS),
    Attack("swap without an offer", lambda s: s.insert("AcceptSwap", exception(s), VERA,
           created_by_id=str(VERA), swap_id=str(OFFER)), THEIRS),
    Attack("an exception of no kind", lambda s: s.insert("AddOverride", exception(s), TARA,
           kind="perhaps"), "invalid-value"),
    Attack("plan in another name", lambda s: s.insert("AddOverride", exception(s), TARA,
           created_by_id=str(MAYA)), "not-your-name"),
    Attack("an exception that ends first", lambda s: s.insert("AddOverride", exception(s), TARA,
           ends_at=US(LATER) - 1), "span-invalid"),
    Attack("an exception of the past", lambda s: s.insert("AddOverride", exception(s), TARA,
           starts_at=US(START - 2 * DAY), ends_at=US(START - DAY)), "span-invalid"),
    Attack("cancel an exception of others", lambda s: _override(s, VERA, is_cancelled=1), THEIRS),
    Attack("lengthen an exception", lambda s: _override(s, TARA, ends_at=US(LATER)), FIXED),
    Attack("offer in another name", lambda s: s.insert("OfferSwap", offer(s), THEO),
           "not-your-name"),
    Attack("offer as accepted", lambda s: s.insert("OfferSwap", offer(s), TARA, state="accepted"),
           "not-your-name"),
    Attack("accept what was offered to another", lambda s: _accepted(s, OFFER, VERA), THEIRS),
    Attack("accept one's own offer", lambda s: _accepted(s, OFFER, TARA), THEIRS),
    Attack("accept for another", lambda s: _swap(s, "AcceptSwap", OFFER, THEO, state="accepted",
           accepted_by_id=str(TARA)), THEIRS),
    Attack("accept what is taken", lambda s: _accepted(s, TAKEN, THEO), THEIRS),
    Attack("decline for another", lambda s: _swap(s, "DeclineSwap", OFFER, VERA,
           state="declined"), THEIRS),
    Attack("withdraw an offer of others", lambda s: _swap(s, "WithdrawSwap", OFFER, VERA,
           state="withdrawn"), THEIRS),
    Attack("accept when the shift has begun", lambda s: _accepted(s, SOON, VERA),
           "swap-not-open"),
    Attack("withdraw and move", lambda s: _swap(s, "WithdrawSwap", OFFER, TARA,
           state="withdrawn", starts_at=US(LATER)), FIXED),
    Attack("time off for a colleague", lambda s: s.insert("RecordTimeOff", off(s), TARA), THEIRS),
    Attack("cancel the time off of a colleague", lambda s: change(s, "CancelTimeOff",
           there(s, TimeOff), TARA, is_cancelled=1), THEIRS),
    Attack("lengthen time off", lambda s: change(s, "CancelTimeOff", there(s, TimeOff), THEO,
           ends_at=US(LATER + DAY)), FIXED),
    Attack("a note in another name", lambda s: s.insert("WriteHandoverNote", note(s), TARA),
           "not-your-name"),
    Attack("a handover note without words", lambda s: s.insert("WriteHandoverNote", note(s), THEO,
           text=""), "not-your-name"),
    Attack("change a handover note", lambda s: change(s, "WriteHandoverNote",
           there(s, HandoverNote), THEO, text="Never said"), "records-are-kept"),
)  # fmt: skip

POLICY_ATTACKS: Sequence[Attack] = (
    Attack("add a policy without steps", lambda s: s.insert("AddPolicy", policy(s), MONA,
           is_active=1), "policy-ends-in-nobody"),
    Attack("put a policy without steps to use", _awakened, "policy-ends-in-nobody"),
    Attack("take all steps away", lambda s: _steps(s, 0, 1), "policy-ends-in-nobody"),
    Attack("move a step", lambda s: change(s, "SetPolicySteps", there(s, EscalationStep), MONA,
           position=7), FIXED),
    Attack("add a step as no keeper", lambda s: s.insert("SetPolicySteps", step(s), THEO),
           "role-missing"),
    Attack("hours by who is no dispatcher", lambda s: s.client.submit("ExtendPolicyHours", [],
           MONA), "role-missing"),
)  # fmt: skip

ON_CALL_ATTACKS = (*CONTACT_ATTACKS, *ROSTER_ATTACKS, *DEPARTURE_ATTACKS, *POLICY_ATTACKS)
