"""Whose turn it is, by the wall clock."""

from datetime import timedelta

import pytest
from unit.on_call.rota import ANA, BEN, CLEO, NAMES, Rota

from services.on_call.errors import (
    LocalTimeUnreadable,
    RestrictionUnreadable,
    RotationEndsTooEarly,
    TurnLengthOutOfRange,
)
from services.on_call.roster import RotationUnit
from services.on_call.turns import check_rotation, turns
from services.on_call.wall_clock import wall_clock

CHICAGO, LORD_HOWE = "America/Chicago", "Australia/Lord_Howe"


def handovers(rota: Rota, start: str, end: str) -> list[str]:
    """The starts of the turns between two local times, with the offset from UTC."""
    clock = wall_clock(rota.zone)
    found = turns(rota.rotations[0], clock, rota.moment(start), rota.moment(end))
    return [
        f"{NAMES[one.person_id]} {one.starts_at.astimezone(clock.zone):%d %b %H:%M %z}"
        for one in found
    ]


def test_turns_go_round():
    rota = Rota()
    rota.rotate(ANA, BEN, CLEO)
    assert rota.told("2026-01-05 09:00", "2026-01-09 09:00") == [
        "Ana 05 Mon 09:00 - 06 Tue 09:00",
        "Ben 06 Tue 09:00 - 07 Wed 09:00",
        "Cleo 07 Wed 09:00 - 08 Thu 09:00",
        "Ana 08 Thu 09:00 - 09 Fri 09:00",
    ]


def test_nobody_is_on_call_before_the_start_and_after_the_end():
    rota = Rota()
    rota.rotate(ANA, ends_at_local="2026-01-06T12:00")
    assert rota.told("2026-01-01 00:00", "2026-02-01 00:00") == ["Ana 05 Mon 09:00 - 06 Tue 12:00"]
    assert not rota.plan("2026-01-07 00:00", "2026-02-01 00:00")
    assert not rota.plan("2025-01-07 00:00", "2025-02-01 00:00")


def test_a_rotation_of_nobody_has_no_turns():
    rota = Rota()
    rota.rotate()
    assert not rota.plan("2026-01-05 09:00", "2026-01-09 09:00")


def test_months_that_are_too_short_end_on_their_last_day():
    rota = Rota()
    rota.rotate(ANA, BEN, unit=RotationUnit.MONTH, start="2024-01-31T09:00")
    assert handovers(rota, "2024-01-31 09:00", "2024-06-01 09:00") == [
        "Ana 31 Jan 09:00 +0000",
        "Ben 29 Feb 09:00 +0000",
        "Ana 31 Mar 09:00 +0000",
        "Ben 30 Apr 09:00 +0000",
        "Ana 31 May 09:00 +0000",
    ]


def test_half_years_go_over_the_end_of_the_year():
    rota = Rota()
    rota.rotate(ANA, BEN, unit=RotationUnit.MONTH, length=6, start="2025-08-31T09:00")
    assert handovers(rota, "2025-09-01 00:00", "2027-01-01 00:00") == [
        "Ana 01 Sep 00:00 +0000",
        "Ben 28 Feb 09:00 +0000",
        "Ana 31 Aug 09:00 +0000",
    ]


def test_a_handover_that_is_left_out_is_at_the_first_instant_after():
    rota = Rota(CHICAGO)
    rota.rotate(ANA, BEN, start="2018-03-10T02:30")
    assert handovers(rota, "2018-03-10 02:30", "2018-03-13 00:00") == [
        "Ana 10 Mar 02:30 -0600",
        "Ben 11 Mar 03:00 -0500",
        "Ana 12 Mar 02:30 -0500",
    ]


def test_a_handover_that_comes_twice_is_at_the_first():
    rota = Rota(CHICAGO)
    rota.rotate(ANA, BEN, start="2018-11-03T01:00")
    assert handovers(rota, "2018-11-03 01:00", "2018-11-06 00:00") == [
        "Ana 03 Nov 01:00 -0500",
        "Ben 04 Nov 01:00 -0500",
        "Ana 05 Nov 01:00 -0600",
    ]


def test_a_clock_that_is_changed_by_half_an_hour():
    rota = Rota(LORD_HOWE)
    rota.rotate(ANA, BEN, start="2020-10-03T02:15")
    assert handovers(rota, "2020-10-03 02:15", "2020-10-06 00:00") == [
        "Ana 03 Oct 02:15 +1030",
        "Ben 04 Oct 02:30 +1100",
        "Ana 05 Oct 02:15 +1100",
    ]
    rota = Rota(LORD_HOWE)
    rota.rotate(ANA, BEN, start="2021-04-03T02:30")
    assert handovers(rota, "2021-04-03 02:30", "2021-04-06 00:00") == [
        "Ana 03 Apr 02:30 +1100",
        "Ben 04 Apr 02:30 +1030",
        "Ana 05 Apr 02:30 +1030",
    ]


@pytest.mark.parametrize("start", ["2018-03-01T02:30", "2018-10-30T01:30", "2018-01-31T00:00"])
def test_a_day_is_24_hours_by_the_wall_clock(start):
    plans = []
    for unit, length in ((RotationUnit.DAY, 1), (RotationUnit.HOUR, 24)):
        rota = Rota(CHICAGO)
        rota.rotate(ANA, BEN, CLEO, unit=unit, length=length, start=start)
        plans.append(handovers(rota, start, "2019-06-01T00:00"))
    assert plans[0] == plans[1]


def test_an_hour_that_is_left_out_is_nobodys_turn():
    """Else Ana would have two turns in a row."""
    rota = Rota(CHICAGO)
    rota.rotate(ANA, BEN, unit=RotationUnit.HOUR, start="2018-03-11T01:00")
    assert handovers(rota, "2018-03-11 01:00", "2018-03-11 05:00") == [
        "Ana 11 Mar 01:00 -0600",
        "Ben 11 Mar 03:00 -0500",
        "Ana 11 Mar 04:00 -0500",
    ]
    # The same when it is only asked about later.
    assert handovers(rota, "2018-03-11 04:00", "2018-03-11 05:00") == ["Ana 11 Mar 04:00 -0500"]


@pytest.mark.parametrize("unit", [RotationUnit.HOUR, RotationUnit.DAY])
def test_nobody_has_two_turns_in_a_row(unit):
    rota = Rota(CHICAGO)
    rota.rotate(ANA, BEN, CLEO, unit=unit, start="2017-01-01T02:00")
    clock = wall_clock(CHICAGO)
    start = rota.moment("2017-01-01 02:00")
    found = [*turns(rota.rotations[0], clock, start, start + timedelta(days=1000))]
    people = [ANA, BEN, CLEO]
    assert [one.person_id for one in found] == [people[at % 3] for at in range(len(found))]


def test_where_one_begins_to_look_changes_nothing():
    rota = Rota(CHICAGO)
    rota.rotate(ANA, BEN, CLEO, unit=RotationUnit.HOUR, length=5, start="2018-01-01T00:30")
    whole = rota.plan("2018-01-01 00:30", "2018-12-01 00:00")
    for start in ("2018-03-11 00:00", "2018-03-11 04:00", "2018-11-04 00:59", "2018-11-04 03:00"):
        moment = rota.moment(start)
        later = rota.plan(start, "2018-12-01 00:00")
        assert [one for one in later if one.starts_at > moment] == [
            one for one in whole if one.starts_at > moment
        ]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"length": 0}, TurnLengthOutOfRange),
        ({"length": 9001}, TurnLengthOutOfRange),
        ({"restriction": "at night"}, RestrictionUnreadable),
        ({"start": "soon"}, LocalTimeUnreadable),
        ({"ends_at_local": "later"}, LocalTimeUnreadable),
        ({"ends_at_local": "2026-01-05T09:00"}, RotationEndsTooEarly),
    ],
)
def test_a_rotation_that_cannot_be_planned_is_refused(fields, error):
    rota = Rota()
    rotation = rota.rotate(ANA, **fields)
    with pytest.raises(error):
        check_rotation(rotation)
    with pytest.raises(error):
        rota.plan("2026-01-05 09:00", "2026-01-09 09:00")


def test_the_longest_turns_are_planned():
    for unit in RotationUnit:
        rota = Rota()
        rota.rotate(ANA, BEN, unit=unit, length=9000)
        assert len(rota.plan("2026-01-05 09:00", "2026-02-01 00:00")) == 1
