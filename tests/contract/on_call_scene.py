"""Rosters, contacts and what departs from them, for attacks on their guards."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from builders import ADAM, DANA, KIM, MONA, NETWORK, START, TARA, THEO, VERA, Desk
from contract.scene import Scene
from rota_world import (
    CALL_NETWORK,
    DAY,
    NETWORK_POLICY,
    NETWORK_ROTA,
    NETWORK_TURNS,
    POLICY,
    WEEK_AHEAD,
    override,
    put_rotas,
    shifts,
)

from services.core.clock import to_microseconds
from services.core.ids import derived_id
from services.core.records import Record
from services.on_call.acts import (
    AcceptSwap,
    AddHoliday,
    OfferSwap,
    RecordTimeOff,
    WriteHandoverNote,
)
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours
from services.on_call.policy_acts import StepDraft
from services.on_call.roster import (
    HandoverNote,
    Holiday,
    OnCallShift,
    Override,
    OverrideKind,
    Roster,
    Rotation,
    ShiftSwap,
    TimeOff,
)
from services.paging.destination import Destination, ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.notice_commands import SendVerification
from services.paging.page import Delivery, DeliveryKind
from services.people.contact import ContactKind, ContactMethod, NotificationRule
from services.people.contact_commands import AddContactMethod, SetNotificationRules, VerifyContact
from services.sync.shared import Decision, Outcome

PUSH = derived_id("destination", "of the scene")
PHONE, TABLET = derived_id("contact", "phone"), derived_id("contact", "tablet")
CODE = "123456"
OFFER, TAKEN, SOON = (derived_id("swap", name) for name in ("offer", "taken", "soon"))
HOUR = timedelta(hours=1)
LATER = WEEK_AHEAD + 28 * DAY
"""When nothing is planned by hand."""

ADD_PHONE = AddContactMethod(
    contact_method_id=PHONE,
    person_id=THEO,
    kind=ContactKind.PUSH,
    destination_id=PUSH,
    address="phone",
)
OFFER_OF_TARA = OfferSwap(
    swap_id=OFFER,
    roster_id=NETWORK_ROTA,
    starts_at=WEEK_AHEAD,
    ends_at=WEEK_AHEAD + HOUR,
    to_person_id=THEO,
)


def put_on_call(scene: Scene) -> Scene:
    """The scene with one record of each kind that an attack needs."""
    desk = scene.desk
    put_rotas(desk)
    calls_vera = StepDraft(person_ids=(VERA,))
    desk.do(replace(POLICY, steps=(CALL_NETWORK.to_text(), calls_vera.to_text())), MONA)
    _depart(desk)
    _reach(desk)
    scene.client.rehearses = False
    _begin_long_ago(scene)
    scene.client.rehearses = True
    desk.sync()
    return scene


def _depart(desk: Desk) -> None:
    theos, taras = (
        next(s for s in shifts(desk)[1:] if s.person_id == who).starts_at for who in (THEO, TARA)
    )
    desk.do(override(starts_at=theos + HOUR, ends_at=theos + 4 * HOUR), TARA)
    start = theos + DAY
    off = RecordTimeOff(time_off_id=uuid4(), person_id=THEO, starts_at=start, ends_at=start + HOUR)
    desk.do(off, THEO)
    offer = replace(OFFER_OF_TARA, starts_at=taras, ends_at=taras + HOUR)
    desk.do(offer, TARA)
    to_all = replace(
        offer, swap_id=TAKEN, to_person_id=None, starts_at=taras + DAY, ends_at=taras + 2 * DAY
    )
    desk.do(to_all, TARA)
    desk.do(AcceptSwap(swap_id=TAKEN), VERA)
    desk.do(AddHoliday(roster_id=NETWORK_ROTA, on_date="2026-12-25", name="Christmas"), MONA)
    note = WriteHandoverNote(
        note_id=uuid4(), roster_id=NETWORK_ROTA, handover_at=taras, text="All calm"
    )
    desk.do(note, THEO)


def _begin_long_ago(scene: Scene) -> None:
    """A shift that is over, an offer of a shift that has begun, and a code that nobody typed.

    A server's clock cannot be set back, so a client without rules says when they were.
    """
    done = [
        scene.insert("TakeShift", past_shift(scene), TARA),
        scene.insert("OfferSwap", replace(offer(scene), id=SOON, starts_at=START - HOUR), TARA),
        change(scene, "SendVerification", there(scene, ContactMethod, id=TABLET), THEO,
               code_sent_at=US(START - HOUR)),
    ]  # fmt: skip
    assert {decision.outcome for decision in done} == {Outcome.APPLIED}, done


def past_shift(scene: Scene) -> OnCallShift:
    """A shift of Theo's that ended before anything here happened."""
    return replace(
        shift(scene),
        id=derived_id("shift", "past"),
        starts_at=START - 2 * DAY,
        ends_at=START - DAY,
    )


def _reach(desk: Desk) -> None:
    account = AddDestination(
        destination_id=PUSH, kind=ProviderKind.NTFY, name="Push", base_url="https://ntfy.sh"
    )
    desk.do(account, ADAM)
    desk.do(ADD_PHONE, THEO)
    desk.do(replace(ADD_PHONE, contact_method_id=TABLET, address="tablet"), THEO)
    for method in (PHONE, TABLET):
        send = SendVerification(delivery_id=uuid4(), contact_method_id=method, code=CODE)
        desk.do(send, THEO)
    desk.do(VerifyContact(contact_method_id=PHONE, code=CODE), THEO)
    rules = SetNotificationRules(person_id=THEO, contact_method_ids=(PHONE,), delays_s=(0,))
    desk.do(rules, THEO)


# -- records that lack nothing ----------------------------------------------------------------


def there(scene: Scene, record: type[Record], **equals: object) -> Record:
    """A record of the scene."""
    return scene.desk.find(record, **equals)[0]


def change(
    scene: Scene, act: str, row: Record, who: UUID, *, remark: str = "r", **columns: Any
) -> Decision:
    """Change one record."""
    op = (row.TABLE, str(row.id), row.version, columns)
    return scene.client.submit(act, [op], who, remark=remark)


def shift_to_come(scene: Scene) -> OnCallShift:
    """A shift of Theo's that nothing departs from."""
    later = (s for s in shifts(scene.desk)[20:] if s.person_id == THEO)
    return next(later)


def contact(scene: Scene) -> ContactMethod:
    """A new contact method of Theo's."""
    return replace(there(scene, ContactMethod, id=PHONE), id=uuid4(), verified_at=None)  # type: ignore[type-var]


def rule(scene: Scene) -> NotificationRule:
    """A new rule of Theo's."""
    return NotificationRule(id=uuid4(), person_id=THEO, contact_method_id=PHONE, delay_s=60)


def message(scene: Scene) -> Delivery:
    """A test to Theo's phone."""
    return Delivery(
        id=uuid4(),
        person_id=THEO,
        contact_method_id=PHONE,
        destination_id=PUSH,
        kind=DeliveryKind.TEST,
        address="phone",
        text="Test",
        created_at=START,
        due_at=START,
    )


def exception(scene: Scene) -> Override:
    """Kim instead of Theo, planned by Tara."""
    return Override(
        id=uuid4(),
        roster_id=NETWORK_ROTA,
        kind=OverrideKind.REPLACE,
        person_id=KIM,
        replaced_person_id=THEO,
        starts_at=LATER,
        ends_at=LATER + HOUR,
        created_by_id=TARA,
        created_at=START,
    )


def offer(scene: Scene) -> ShiftSwap:
    """An offer of Tara's to all."""
    return ShiftSwap(
        id=uuid4(),
        roster_id=NETWORK_ROTA,
        offered_by_id=TARA,
        offered_at=START,
        starts_at=LATER,
        ends_at=LATER + HOUR,
    )


def off(scene: Scene) -> TimeOff:
    """Theo's time off."""
    return TimeOff(id=uuid4(), person_id=THEO, starts_at=LATER, ends_at=LATER + HOUR)


def note(scene: Scene) -> HandoverNote:
    """A note of Theo's."""
    return HandoverNote(
        id=uuid4(),
        roster_id=NETWORK_ROTA,
        handover_at=LATER,
        written_by_id=THEO,
        written_at=START,
        text="Calm",
    )


def shift(scene: Scene) -> OnCallShift:
    """A shift that Theo has by his rotation."""
    return OnCallShift(
        id=uuid4(),
        roster_id=NETWORK_ROTA,
        person_id=THEO,
        starts_at=LATER,
        ends_at=LATER + HOUR,
        rotation_id=NETWORK_TURNS,
    )


def roster(scene: Scene) -> Roster:
    """A new roster of the network team."""
    return Roster(id=uuid4(), name="New", team_id=NETWORK, time_zone="UTC")


def rotation(scene: Scene) -> Rotation:
    """A new rotation of the network roster."""
    return Rotation(
        id=uuid4(),
        roster_id=NETWORK_ROTA,
        name="New",
        starts_at_local="2026-01-05T09:00",
        person_ids=(DANA,),
    )


def holiday(scene: Scene) -> Holiday:
    """A new day off."""
    return Holiday(id=uuid4(), roster_id=NETWORK_ROTA, on_date="2027-01-01", name="New Year")


def policy(scene: Scene) -> EscalationPolicy:
    """A policy that is not in use; it has no step."""
    return EscalationPolicy(id=uuid4(), name="New", is_active=False)


def step(scene: Scene) -> EscalationStep:
    """One more step of the network's policy."""
    return EscalationStep(id=uuid4(), policy_id=NETWORK_POLICY, position=5, person_ids=(VERA,))


def hours(scene: Scene) -> PolicyHours:
    """One more span of business hours."""
    return PolicyHours(id=uuid4(), policy_id=NETWORK_POLICY, starts_at=LATER, ends_at=LATER + HOUR)


def destination(scene: Scene) -> Destination:
    """One more account."""
    return Destination(id=uuid4(), kind=ProviderKind.NTFY, name="New")


US = to_microseconds
