"""Write-sets about updates, by which something could be said unread, late, or in another's name."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from builders import ADAM, CLEO, DANA, IMRAN, KIM, MAYA, THEO
from contract import update_scene as of
from contract.attacks import Attack
from contract.on_call_scene import PUSH, change
from contract.scene import NOW, Scene
from contract.update_scene import (
    ASKED,
    DRAFTED,
    HELD,
    ON_ITS_WAY,
    PASSED,
    PUBLIC,
    QUEUED,
    SENT,
    STAFF,
)

from services.communications.status_page import (
    CommunicationPlan,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import StatusUpdate, UpdateTemplate
from services.core.records import Record
from services.sync.shared import Decision

FIXED, OTHER_NAME, UNREAD = "column-is-fixed", "not-your-name", "review-needed"
NO_ROLE, OWN, MISSING = "role-missing", "review-of-own-words", "record-missing"
FAR = 2**52


def _begin(s: Scene, who: UUID = DANA, act: str = "DraftUpdate", **columns: Any) -> Decision:
    return s.insert(act, of.update(s), who, **{"written_by_id": str(who), **columns})


def _update(s: Scene, act: str, id_: UUID, who: UUID, **columns: Any) -> Decision:
    return change(s, act, s.desk.get(StatusUpdate, id_), who, **columns)


def _send(s: Scene, id_: UUID, who: UUID, **columns: Any) -> Decision:
    return _update(s, "SendUpdate", id_, who,
                   **{**ON_ITS_WAY, "queued_by_id": str(who), **columns})  # fmt: skip


def _pass(s: Scene, id_: UUID, who: UUID, by: UUID) -> Decision:
    return _update(s, "ReviewUpdate", id_, who, reviewed_by_id=str(by), reviewed_at=NOW)


def _ask(s: Scene, **columns: Any) -> Decision:
    return _update(s, "AskForReview", DRAFTED, DANA, **{"state": "in_review", **columns})


def _setting(s: Scene, act: str, record: type[Record], **columns: Any) -> Decision:
    return change(s, act, s.desk.find(record)[0], CLEO, **columns)


BEGINNING: Sequence[Attack] = (
    Attack("update by an administrator", lambda s: _begin(s, ADAM), NO_ROLE),
    *(Attack(f"begin an update as {state}", lambda s, v=state: _begin(s, state=v), NO_ROLE)
      for state in ("in_review", "queued", "held", "sent", "withdrawn")),
    Attack("update writer another", lambda s: _begin(s, written_by_id=str(MAYA)), OTHER_NAME),
    *(Attack(f"update new with {column}", lambda s, c=column, v=value: _begin(s, **{c: v}), FIXED)
      for column, value in {
          "review_asked_of_id": str(CLEO), "reviewed_by_id": str(CLEO), "reviewed_at": NOW,
          "queued_by_id": str(DANA), "queued_at": NOW, "hold_until": NOW, "fresh_until": NOW,
          "sent_at": NOW, "message": '{"summary": "x"}', "review_remark": "Good"}.items()),
    Attack("update on page for others", lambda s: _begin(s, audience="external"),
           "status-page-retired"),
    Attack("update on page of nobody", lambda s: _begin(s, page_id=str(uuid4())),
           "status-page-retired"),
    Attack("update of incident and another response", lambda s: _begin(s, major_id=str(uuid4())),
           MISSING),
    Attack("update corrects by drafting", lambda s: _begin(s, replaces_id=str(SENT)), MISSING),
    Attack("update corrects nothing", lambda s: _begin(s, act="CorrectUpdate"), MISSING),
    Attack("update corrects a draft", lambda s: _begin(s, act="CorrectUpdate",
           replaces_id=str(DRAFTED)), MISSING),
    Attack("update told insert of a moment to come", lambda s: _begin(s, told_at=FAR),
           "told-in-future"),
    Attack("update told update of a moment to come", lambda s: _update(s, "ChangeDraft", DRAFTED,
           DANA, told_at=FAR), "told-in-future"),
)  # fmt: skip

WRITING: Sequence[Attack] = (
    *(Attack(f"update fixed {column}", lambda s, c=column, v=value: _update(
             s, "ChangeDraft", DRAFTED, DANA, **{c: v}), FIXED)
      for column, value in {
          "incident_id": str(KIM), "major_id": str(KIM), "page_id": str(PUBLIC),
          "audience": "external", "replaces_id": str(SENT)}.items()),
    *(Attack(f"update words {column} by another act", lambda s, c=column, v=value: _update(
             s, "WithdrawUpdate", QUEUED, IMRAN, **{c: v}), FIXED)
      for column, value in {
          "moment": "final", "phase": "resolved", "subject": "y", "summary": "y",
          "current_status": "y", "next_steps": "y", "next_update_at": NOW,
          "next_update_where": "y", "component_states": '{"a": 1}', "is_cause_released": 1,
          "told_at": 1, "written_by_id": str(IMRAN), "written_at": 1}.items()),
    Attack("update words once sent", lambda s: _update(s, "WithdrawUpdate", SENT, DANA,
           summary="y"), FIXED),
    Attack("update rewritten in another name", lambda s: _update(s, "ChangeDraft", DRAFTED, IMRAN,
           summary="y"), OTHER_NAME),
    Attack("update read anew by nobody", lambda s: _update(s, "ChangeDraft", PASSED, IMRAN,
           summary="y"), UNREAD),
    Attack("update notifies unasked", lambda s: _ask(s, is_notifying=1), FIXED),
)  # fmt: skip

READING: Sequence[Attack] = (
    Attack("update reviewed as it is sent", lambda s: _send(s, ASKED, CLEO,
           reviewed_by_id=str(CLEO), reviewed_at=NOW), FIXED),
    Attack("update reviewed before it was asked", lambda s: _pass(s, DRAFTED, CLEO, CLEO), FIXED),
    Attack("update reviewer another", lambda s: _pass(s, ASKED, CLEO, DANA), OTHER_NAME),
    Attack("update own words reviewed", lambda s: _pass(s, ASKED, IMRAN, IMRAN), OWN),
    Attack("update asked of its writer", lambda s: _ask(s, review_asked_of_id=str(DANA)), OWN),
    Attack("update unread for customers", lambda s: _send(s, ASKED, IMRAN), UNREAD),
)  # fmt: skip

SENDING: Sequence[Attack] = (
    Attack("update moved to sent", lambda s: _update(s, "SendUpdate", DRAFTED, IMRAN,
           state="sent"), NO_ROLE),
    Attack("update moved to held", lambda s: _update(s, "WithdrawUpdate", QUEUED, IMRAN,
           state="held"), NO_ROLE),
    Attack("update moved by tier two", lambda s: _update(s, "WithdrawUpdate", SENT, THEO,
           state="withdrawn"), NO_ROLE),
    Attack("fire an update by command", lambda s: _update(s, "FireUpdate", QUEUED, ADAM,
           state="sent", sent_at=NOW), NO_ROLE),
    Attack("update outside by the service desk", lambda s: _send(s, PASSED, DANA), NO_ROLE),
    Attack("update sender another", lambda s: _send(s, DRAFTED, IMRAN, queued_by_id=str(DANA)),
           OTHER_NAME),
    Attack("update message changed on its way", lambda s: _update(s, "WithdrawUpdate", QUEUED,
           IMRAN, message="{}"), FIXED),
    Attack("update message changed while held", lambda s: _update(s, "SendHeldUpdate", HELD,
           IMRAN, state="queued", message='{"summary": "y"}'), FIXED),
    *(Attack(f"update secret told to customers: {mark}", lambda s, m=mark: _send(s, PASSED, IMRAN,
             message=f'{{"summary": "Use {m.upper()}12345678"}}'), "secret-in-update")
      for mark in ("ghp_", "-----begin ")),
    Attack("update fresh for ever", lambda s: _send(s, DRAFTED, IMRAN, fresh_until=None), FIXED),
    Attack("update without words", lambda s: _send(s, DRAFTED, IMRAN, message="{}"), FIXED),
    Attack("update put off again", lambda s: _update(s, "SendHeldUpdate", HELD, IMRAN,
           state="queued", hold_until=FAR), FIXED),
    Attack("update put off by another act", lambda s: _update(s, "WithdrawUpdate", QUEUED, IMRAN,
           fresh_until=None), FIXED),
    Attack("take a resolve back after it was told", lambda s: change(s, "UndoAct", of.the_told(s),
           IMRAN, state="accepted"), "resolution-told"),
    Attack("update sent at another time", lambda s: _update(s, "WithdrawUpdate", SENT, IMRAN,
           sent_at=1), FIXED),
)  # fmt: skip

SETTING: Sequence[Attack] = (
    Attack("status page kept for whom it is", lambda s: _setting(s, "ChangeStatusPage",
           StatusPage, audience=_other(s)), FIXED),
    Attack("status component kept on its page", lambda s: _setting(s, "ChangeComponent",
           StatusComponent, page_id=str(STAFF)), FIXED),
    Attack("outlet kept at its account", lambda s: _setting(s, "ChangeOutlet", Outlet,
           destination_id=str(KIM)), FIXED),
    Attack("outlet tells in reason", lambda s: _outlet(s, destination_id=str(PUSH)),
           "outlet-cannot-tell"),
    Attack("outlet alone insert in its room", lambda s: _outlet(s, address="room"),
           "outlet-taken"),
    Attack("outlet alone insert at a status page", lambda s: _outlet(s,
           destination_id=str(of.SITE)), "outlet-taken"),
    Attack("outlet alone update", lambda s: change(s, "ChangeOutlet",
           s.desk.get(Outlet, of.BESIDE), CLEO, address="room"), "outlet-taken"),
    Attack("communication plan kept", lambda s: _setting(s, "SetCommunicationPlan",
           CommunicationPlan, severity="SEV3"), FIXED),
    Attack("update template kept", lambda s: _setting(s, "ChangeUpdateTemplate", UpdateTemplate,
           moment="final"), FIXED),
    Attack("plan kept insert in reason", lambda s: s.insert("SetCommunicationPlan", of.plan(s),
           CLEO, every_s=1), "plan-out-of-range"),
    Attack("plan kept update in reason", lambda s: _setting(s, "SetCommunicationPlan",
           CommunicationPlan, relaxed_every_s=10**6), "plan-out-of-range"),
    Attack("keep pages as service desk", lambda s: s.insert("AddStatusPage", of.status_page(s),
           DANA), NO_ROLE),
)  # fmt: skip


def _outlet(s: Scene, **columns: Any) -> Decision:
    return s.insert("AddOutlet", of.outlet(s), CLEO, **columns)


def _other(s: Scene) -> str:
    found = s.desk.find(StatusPage)[0].audience.value
    return "external" if found == "internal" else "internal"


UPDATE_ATTACKS = (*BEGINNING, *WRITING, *READING, *SENDING, *SETTING)
