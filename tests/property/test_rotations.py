"""Planned shifts against an oracle that knows no shifts, in all zones of the world."""

from datetime import UTC, datetime, timezone
from uuid import UUID

import pytest
from property.judging_rotas import judge_rota, run_rotas
from property.random_rotas import PEOPLE, ROSTER_ID
from property.rotation_oracle import Hours, Rota

from services.on_call.roster import Roster, Rotation, RotationUnit
from services.on_call.turns import Handovers
from services.on_call.wall_clock import WallClock, wall_clock

ROSTERS, PARTS = 60, 3
"""10,000 in a night: ``nightly/test_rotations_in_full.py``."""

# Half an hour, two hours, a lowered Ramadan, midnight itself, a day that never was.
STRANGE_ZONES = [
    ("America/Chicago", 2018),
    ("Australia/Lord_Howe", 2020),
    ("Antarctica/Troll", 2021),
    ("Africa/Casablanca", 2022),
    ("Africa/Cairo", 2022),
    ("Asia/Beirut", 2022),
    ("America/Santiago", 2022),
    ("Pacific/Apia", 2010),
]
BEFORE_FOUND = 400
"""Rosters within which a broken part must be found; it takes about 20."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
def test_shifts_are_what_the_rules_say(part: int) -> None:
    run_rotas(ROSTERS // PARTS)


@pytest.mark.parametrize(("zone", "year"), STRANGE_ZONES)
def test_strange_clocks(zone: str, year: int) -> None:
    judge_rota(round_the_clock(zone), datetime(year, 1, 1, tzinfo=UTC))


def test_a_rotation_begins_in_an_hour_that_is_left_out() -> None:
    hourly = rotation(
        1, unit=RotationUnit.HOUR, person_ids=PEOPLE, starts_at_local="2018-03-11T02:00"
    )
    roster = Roster(id=ROSTER_ID, name="Hourly", time_zone="America/Chicago")
    judge_rota(Rota(roster, (hourly,)), datetime(2018, 5, 1, tzinfo=UTC))


def round_the_clock(zone: str) -> Rota:
    """Hours by turns below, nights above, and backups who hand over at midnight."""
    night = Hours(tuple(range(7)), 23 * 60 + 30, 2 * 60 + 30)
    hourly = rotation(1, unit=RotationUnit.HOUR, person_ids=PEOPLE[:3])
    nights = rotation(2, layer=1, restriction="23:30-02:30", person_ids=PEOPLE[3:])
    backups = rotation(3, is_backup=True, person_ids=PEOPLE)
    roster = Roster(id=ROSTER_ID, name="Round the clock", time_zone=zone)
    return Rota(roster, (hourly, nights, backups), {nights.id: (night,)})


def rotation(number: int, **fields: object) -> Rotation:
    return Rotation(
        id=UUID(int=100 + number),
        roster_id=ROSTER_ID,
        name="Rotation",
        **{  # type: ignore[arg-type]
            "unit": RotationUnit.DAY,
            "starts_at_local": "2008-01-31T00:00",
            **fields,
        },
    )


# -- negative controls: each broken part must be found --------------------------------------


def found_by_the_oracle() -> None:
    with pytest.raises(AssertionError):
        run_rotas(BEFORE_FOUND)


def test_a_fixed_offset_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The offset of the day on which the rotation was made, kept with it."""

    def fixed(zone: str) -> WallClock:
        offset = datetime(2026, 1, 5, tzinfo=wall_clock(zone).zone).utcoffset()
        assert offset is not None
        return WallClock(timezone(offset))

    monkeypatch.setattr("services.on_call.shifts.wall_clock", fixed)
    found_by_the_oracle()


def test_arithmetic_of_aware_times_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """``aware + timedelta`` reads a time that was left out by the offset before the change."""

    def first(clock: WallClock, local: datetime) -> datetime:
        return local.replace(tzinfo=clock.zone).astimezone(UTC)

    monkeypatch.setattr(WallClock, "first", first)
    found_by_the_oracle()


def test_elapsed_time_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day is not always 24 hours."""

    def at(handovers: Handovers, number: int) -> datetime:
        start = handovers.local(0)
        return handovers.clock.first(start) + (handovers.local(number) - start)

    monkeypatch.setattr(Handovers, "at", at)
    found_by_the_oracle()


def test_ends_at_the_first_occurrence_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of hours that end while the clock is put back, so this is not left to chance."""
    monkeypatch.setattr(WallClock, "last", WallClock.first)
    with pytest.raises(AssertionError):
        judge_rota(round_the_clock("Antarctica/Troll"), datetime(2021, 1, 1, tzinfo=UTC))


def test_turns_without_time_that_count_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a rotation by the hour shows it, so this is not left to chance."""
    monkeypatch.setattr(Handovers, "empty_turns", lambda handovers, number: 0)
    with pytest.raises(AssertionError):
        judge_rota(round_the_clock("America/Chicago"), datetime(2018, 1, 1, tzinfo=UTC))
