"""Keeping rosters and rotations: who may, what is refused, and the shifts that follow."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from builders import (
    ADAM,
    CLEO,
    DANA,
    IMRAN,
    KIM,
    MONA,
    NETWORK,
    START,
    TARA,
    THEO,
    VERA,
    Desk,
    office_at,
)
from rota_world import (
    DAY,
    MAJOR,
    MAJOR_ROSTER,
    MAJOR_ROTATION,
    MAJOR_TURNS,
    NETWORK_ROSTER,
    NETWORK_ROTA,
    NETWORK_ROTATION,
    NETWORK_TURNS,
    WEEK_AHEAD,
    changed,
    is_tiled,
    on_call,
    put_rotas,
    shifts,
)

from services.core.errors import AppError, FieldMissing, RecordMissing
from services.on_call.act_errors import (
    CatchAllNeeded,
    NotYoursToPlan,
    PersonRetired,
    RosterRetired,
    RotationWithoutPeople,
)
from services.on_call.acts import (
    AddHoliday,
    AddRoster,
    ChangeRoster,
    ExtendShifts,
    RemoveHoliday,
)
from services.on_call.errors import (
    RestrictionUnreadable,
    TurnLengthOutOfRange,
    ZoneUnknown,
)
from services.on_call.roster import (
    Holiday,
    HolidayRule,
    OnCallShift,
    Roster,
    Rotation,
    RotationUnit,
)
from services.people.commands import ChangePerson
from services.people.person import Person
from services.sync.pending import PendingState


@pytest.fixture
def desk() -> Iterator[Desk]:
    with office_at() as office:
        desk = office.desk()
        put_rotas(desk)
        yield desk


def roster(desk: Desk, roster_id=NETWORK_ROTA, **given) -> ChangeRoster:
    """The command that changes these values of a roster."""
    before = desk.get(Roster, roster_id)
    names = ("name", "time_zone", "team_id", "is_catch_all", "is_active")
    return ChangeRoster(roster_id=roster_id, **{n: getattr(before, n) for n in names} | given)


def retired(desk: Desk, person_id) -> ChangePerson:
    before = desk.get(Person, person_id)
    names = ("name", "email", "phone", "job_title", "department", "site", "asset_tag", "is_vip")
    given = {name: getattr(before, name) for name in (*names, "manager_id")}
    return ChangePerson(person_id=person_id, is_active=False, **given)


def test_a_rotation_brings_its_shifts_for_four_hundred_days(desk: Desk) -> None:
    found = shifts(desk)
    assert is_tiled(found)
    assert found[-1].ends_at == START.replace(hour=0) + 400 * DAY
    assert on_call(desk, START + DAY) == [THEO]
    assert on_call(desk, WEEK_AHEAD) == [TARA]
    assert {shift.zone_version for shift in found} != {""}


@pytest.mark.parametrize("who", [ADAM, MONA, IMRAN, THEO], ids=["Adam", "Mona", "Imran", "lead"])
def test_keepers_and_the_lead_of_the_team_keep_its_roster(desk: Desk, who) -> None:
    desk.do(roster(desk, name="Networks"), who)
    desk.do(changed(desk, NETWORK_TURNS, person_ids=(TARA, THEO)), who)
    desk.do(AddHoliday(roster_id=NETWORK_ROTA, on_date="2026-12-25", name="Christmas"), who)
    desk.do(RemoveHoliday(roster_id=NETWORK_ROTA, on_date="2026-12-25"), who)
    desk.do(replace(NETWORK_ROSTER, roster_id=uuid4(), name="Second"), who)


@pytest.mark.parametrize("who", [DANA, TARA, VERA, CLEO])
def test_others_keep_no_roster(desk: Desk, who) -> None:
    for command in (
        roster(desk, name="Mine"),
        changed(desk, NETWORK_TURNS, person_ids=(who,)),
        replace(NETWORK_ROTATION, rotation_id=uuid4()),
        AddHoliday(roster_id=NETWORK_ROTA, on_date="2026-12-25", name="Christmas"),
        replace(NETWORK_ROSTER, roster_id=uuid4(), name="Second"),
    ):
        with pytest.raises(NotYoursToPlan):
            desk.give(command, who)


def test_a_lead_has_no_say_in_the_catch_all_roster(desk: Desk) -> None:
    for command in (
        roster(desk, is_catch_all=True),
        changed(desk, MAJOR_TURNS, person_ids=(THEO,)),
        roster(desk, team_id=None),
        replace(NETWORK_ROSTER, roster_id=uuid4(), name="All", is_catch_all=True),
    ):
        with pytest.raises(NotYoursToPlan):
            desk.give(command, THEO)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"person_ids": ()}, RotationWithoutPeople),
        ({"person_ids": (THEO, THEO)}, RotationWithoutPeople),
        ({"person_ids": (uuid4(),)}, RecordMissing),
        ({"length": 0}, TurnLengthOutOfRange),
        ({"restriction": "monday 9-5"}, RestrictionUnreadable),
        ({"starts_at_local": "2026-02-30T09:00"}, AppError),
        ({"ends_at_local": "2026-01-01T09:00"}, AppError),
        ({"name": " "}, FieldMissing),
    ],
)
def test_a_rotation_that_cannot_be_planned_is_refused(desk: Desk, given, error) -> None:
    before = shifts(desk)
    with pytest.raises(error):
        desk.give(replace(NETWORK_ROTATION, rotation_id=uuid4(), **given), MONA)
    with pytest.raises(error):
        desk.give(changed(desk, NETWORK_TURNS, **given), MONA)
    assert shifts(desk) == before


def test_an_unknown_zone_and_a_missing_name_are_refused(desk: Desk) -> None:
    for given, error in (
        ({"time_zone": "Europe/Atlantis"}, ZoneUnknown),
        ({"time_zone": "../etc/passwd"}, ZoneUnknown),
        ({"name": ""}, FieldMissing),
        ({"team_id": uuid4()}, RecordMissing),
    ):
        with pytest.raises(error):
            desk.give(replace(NETWORK_ROSTER, **{"roster_id": uuid4(), "name": "N", **given}), MONA)
        with pytest.raises(error):
            desk.give(roster(desk, **given), MONA)


def test_somebody_who_left_takes_no_turns_any_more(desk: Desk) -> None:
    desk.do(retired(desk, VERA), ADAM)
    with pytest.raises(PersonRetired):
        desk.give(changed(desk, NETWORK_TURNS, person_ids=(THEO, VERA)), MONA)


def test_a_change_writes_future_rows_alone(desk: Desk) -> None:
    before = {shift.id: shift for shift in desk.find(OnCallShift, roster_id=NETWORK_ROTA)}
    first = shifts(desk)[0]
    envelope = desk.do(changed(desk, NETWORK_TURNS, person_ids=(TARA, VERA)), MONA)
    now = envelope.happened_at
    after = {shift.id: shift for shift in desk.find(OnCallShift, roster_id=NETWORK_ROTA)}
    assert after[first.id] == replace(first, ends_at=now, version=2)
    assert on_call(desk, now) == [TARA]
    assert is_tiled(shifts(desk))
    assert all(after[id_].starts_at > now for id_ in before if after[id_].is_cancelled)


def test_a_change_and_its_inverse_bring_the_same_shifts(desk: Desk) -> None:
    def spans() -> list[tuple[object, ...]]:
        return [(s.person_id, s.starts_at, s.ends_at) for s in shifts(desk)[2:]]

    before = spans()
    forth = changed(desk, NETWORK_TURNS, length=2, unit=RotationUnit.DAY)
    back = changed(desk, NETWORK_TURNS)
    desk.do(forth, MONA)
    assert spans() != before
    count = len(desk.find(OnCallShift, roster_id=NETWORK_ROTA))
    desk.do(back, MONA)
    assert spans()[-50:] == before[-50:]
    # Rows come back under their own ids.
    assert len(desk.find(OnCallShift, roster_id=NETWORK_ROTA)) == count


def test_another_zone_moves_the_handovers(desk: Desk) -> None:
    desk.do(roster(desk, time_zone="Asia/Tokyo"), MONA)
    handovers = {shift.starts_at.hour for shift in shifts(desk)[2:]}
    assert handovers == {0}


def test_a_retired_roster_has_no_shifts_and_takes_no_more(desk: Desk) -> None:
    envelope = desk.do(roster(desk, is_active=False), MONA)
    assert [shift.ends_at for shift in shifts(desk)] == [envelope.happened_at]
    with pytest.raises(RosterRetired):
        desk.give(changed(desk, NETWORK_TURNS), MONA)
    desk.do(roster(desk, is_active=True), MONA)
    assert on_call(desk, WEEK_AHEAD) == [TARA]


def test_a_holiday_comes_goes_and_comes_back_as_one_record(desk: Desk) -> None:
    desk.do(changed(desk, NETWORK_TURNS, holiday_rule=HolidayRule.OFF), MONA)
    noon = START.replace(month=12, day=25, hour=12)
    add = AddHoliday(roster_id=NETWORK_ROTA, on_date="2026-12-25", name="Christmas")
    remove = RemoveHoliday(roster_id=NETWORK_ROTA, on_date="2026-12-25")
    desk.do(add, MONA)
    assert on_call(desk, noon) == []
    desk.do(remove, MONA)
    assert on_call(desk, noon) != []
    with pytest.raises(RecordMissing):
        desk.give(remove, MONA)
    desk.do(replace(add, name="Yule"), MONA)
    assert [day.name for day in desk.find(Holiday)] == ["Yule"]
    assert on_call(desk, noon) == []


# -- the catch-all roster ---------------------------------------------------------------------


def test_the_last_catch_all_roster_keeps_its_mark_and_its_people(desk: Desk) -> None:
    for command in (
        roster(desk, MAJOR, is_catch_all=False),
        roster(desk, MAJOR, is_active=False),
        changed(desk, MAJOR_TURNS, is_active=False),
        changed(desk, MAJOR_TURNS, ends_at_local="2026-01-06T09:00"),
    ):
        with pytest.raises(CatchAllNeeded):
            desk.give(command, ADAM)
    desk.do(changed(desk, MAJOR_TURNS, person_ids=(MONA,)), ADAM)


def test_somebody_who_left_keeps_no_catch_all_roster_manned(desk: Desk) -> None:
    desk.do(changed(desk, MAJOR_TURNS, person_ids=(IMRAN, VERA)), ADAM)
    desk.do(retired(desk, VERA), ADAM)
    with pytest.raises(CatchAllNeeded):
        desk.give(changed(desk, MAJOR_TURNS, person_ids=(VERA,)), ADAM)


def test_the_mark_goes_to_another_roster_that_has_people(desk: Desk) -> None:
    empty = AddRoster(roster_id=uuid4(), name="Empty", time_zone="UTC", is_catch_all=True)
    with pytest.raises(CatchAllNeeded):
        desk.give(empty, ADAM)
    desk.do(roster(desk, is_catch_all=True), ADAM)
    marked = [r.id for r in desk.find(Roster, is_catch_all=True)]
    assert marked == [NETWORK_ROTA]
    desk.do(roster(desk, MAJOR, is_active=False), ADAM)
    with pytest.raises(CatchAllNeeded):
        desk.give(changed(desk, NETWORK_TURNS, is_active=False), THEO)


def test_the_first_catch_all_roster_may_begin_without_people() -> None:
    with office_at() as office:
        desk = office.desk()
        desk.do(MAJOR_ROSTER, MONA)
        desk.do(MAJOR_ROTATION, MONA)
        assert on_call(desk, WEEK_AHEAD, MAJOR) == [IMRAN]


# -- time passes, and other desks -------------------------------------------------------------


def test_the_horizon_is_extended_day_by_day_with_few_rows(desk: Desk) -> None:
    desk.do(ExtendShifts(roster_id=NETWORK_ROTA), ADAM)
    before = {shift.id: shift for shift in desk.find(OnCallShift, roster_id=NETWORK_ROTA)}
    desk.clock.advance(DAY)
    desk.do(ExtendShifts(roster_id=NETWORK_ROTA), ADAM)
    after = desk.find(OnCallShift, roster_id=NETWORK_ROTA)
    touched = [shift for shift in after if before.get(shift.id) != shift]
    assert len(touched) == 1
    assert shifts(desk)[-1].ends_at == START.replace(hour=0) + 401 * DAY
    with pytest.raises(AppError):
        desk.give(ExtendShifts(roster_id=NETWORK_ROTA), DANA)


def test_two_desks_that_plan_at_once_plan_the_same() -> None:
    """The second finds the roster's version gone, runs again on top, and nothing overlaps."""
    with office_at() as office:
        one = office.desk()
        put_rotas(one)
        other = office.desk()
        one.give(changed(one, NETWORK_TURNS, person_ids=(VERA, THEO)), MONA)
        second = replace(
            NETWORK_ROTATION, rotation_id=uuid4(), layer=9, person_ids=(DANA,),
            restriction="sat-sun 00:00-24:00",
        )  # fmt: skip
        other.give(second, IMRAN)
        one.sync()
        other.sync()
        one.sync()
        assert shifts(one) == shifts(other)
        assert is_tiled(shifts(one))
        assert {VERA, THEO, DANA} <= {shift.person_id for shift in shifts(one)}


def test_a_plan_made_offline_for_a_roster_that_is_gone_comes_back_as_a_conflict() -> None:
    with office_at() as office:
        one, other = office.desk(), office.desk()
        put_rotas(one)
        other.sync()
        one.do(roster(one, is_active=False), MONA)
        other.give(changed(other, NETWORK_TURNS, person_ids=(KIM,)), MONA)
        other.sync()
        assert [(p.state, p.code) for p in other.replica.pending()] == [
            (PendingState.CONFLICT, "roster-retired")
        ]
        assert other.get(Rotation, NETWORK_TURNS).person_ids == (THEO, TARA)
        assert other.get(Roster, NETWORK_ROTA).team_id == NETWORK


def test_the_last_person_of_the_catch_all_roster_cannot_be_retired(desk: Desk) -> None:
    *others, last = desk.get(Rotation, MAJOR_TURNS).person_ids
    for person_id in others:
        desk.do(retired(desk, person_id), ADAM)
    with pytest.raises(CatchAllNeeded):
        desk.give(retired(desk, last), ADAM)
    assert desk.get(Person, last).is_active
    desk.do(changed(desk, MAJOR_TURNS, person_ids=(last, DANA)), ADAM)
    desk.do(retired(desk, last), ADAM)
