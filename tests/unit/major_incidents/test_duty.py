"""The duty clock: how long somebody has worked, and who could relieve them."""

from datetime import timedelta
from uuid import UUID, uuid4

from builders import START

from services.major_incidents.duty import DAY, ReliefReason, duty_of, reliefs
from services.major_incidents.major import HoldingState, ResponseRole, RoleHolding
from services.on_call.roster import OnCallShift

HOUR = timedelta(hours=1)
ANA, BEN, CARA = (uuid4() for _ in range(3))
HERE, THERE, ROSTER = (uuid4() for _ in range(3))


def holding(start: float, end: float | None, major_id: UUID = HERE, who: UUID = ANA) -> RoleHolding:
    """A role held from one hour to another."""
    return RoleHolding(
        id=uuid4(),
        major_id=major_id,
        incident_id=uuid4(),
        role=ResponseRole.TECH_LEAD,
        person_id=who,
        state=HoldingState.HELD if end is None else HoldingState.ENDED,
        offered_by_id=who,
        offered_at=START,
        accepted_at=START + start * HOUR,
        ended_at=None if end is None else START + end * HOUR,
    )


def shift(start: float, end: float, who: UUID, *, is_backup: bool = False) -> OnCallShift:
    return OnCallShift(
        id=uuid4(),
        roster_id=ROSTER,
        person_id=who,
        is_backup=is_backup,
        starts_at=START + start * HOUR,
        ends_at=START + end * HOUR,
    )


def test_roles_held_at_the_same_time_count_once() -> None:
    held = [holding(0, 3), holding(1, 2), holding(2, 4), holding(5, None)]
    duty = duty_of(ANA, HERE, held, START + 6 * HOUR)
    assert (duty.on_incident, duty.within_day) == (5 * HOUR, 5 * HOUR)
    assert not duty.is_tired


def test_what_was_done_for_others_within_a_day_tires_too() -> None:
    held = [
        holding(-40, -30, THERE),
        holding(-6, -1, THERE),
        holding(0, None),
        holding(0, 9, HERE, BEN),
    ]
    duty = duty_of(ANA, HERE, held, START + HOUR)
    assert duty.on_incident == HOUR
    assert duty.within_day == 6 * HOUR
    assert not duty.is_tired
    assert duty_of(ANA, HERE, held, START + 3 * HOUR).is_tired


def test_eight_hours_are_enough_even_across_days() -> None:
    long = [holding(0, 5), holding(30, None)]
    assert duty_of(ANA, HERE, long, START + 33 * HOUR).is_tired
    assert duty_of(ANA, HERE, [], START).on_incident == timedelta(0)
    unaccepted = RoleHolding(
        id=uuid4(), major_id=HERE, incident_id=uuid4(), role=ResponseRole.DEPUTY, person_id=ANA,
        offered_by_id=BEN, offered_at=START - DAY,
    )  # fmt: skip
    assert duty_of(ANA, HERE, [unaccepted], START).within_day == timedelta(0)


def test_reliefs_are_the_backup_then_who_is_on_call_then_who_is_next() -> None:
    dan, eve = uuid4(), uuid4()
    shifts = [
        shift(6, 30, dan),
        shift(-1, 6, CARA),
        shift(-1, 6, BEN, is_backup=True),
        shift(-1, 6, ANA),
        shift(25, 40, eve),
        shift(-9, -1, eve),
        shift(2, 4, CARA),
    ]
    found = reliefs(shifts, {ANA}, START)
    assert [(r.person_id, r.because) for r in found] == [
        (BEN, ReliefReason.BACKUP),
        (CARA, ReliefReason.ON_CALL),
        (dan, ReliefReason.NEXT),
    ]
