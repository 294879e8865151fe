"""Hours and days as people write them, and when they are."""

import pytest
from unit.on_call.rota import utc

from services.on_call.errors import RestrictionUnreadable, ZoneUnknown
from services.on_call.restriction import daily_hours, policy_hours


def spans(restriction: str, start: str, end: str, zone: str = "UTC") -> list[str]:
    found = policy_hours(restriction, zone, utc(start), utc(end))
    return [f"{low:%d %H:%M} - {high:%d %H:%M}" for low, high in found]


def test_business_hours():
    # 5 January 2026 is a Monday.
    assert spans("mon-fri 08:00-18:00; sat 10:00-14:00", "2026-01-08", "2026-01-13") == [
        "08 08:00 - 08 18:00",
        "09 08:00 - 09 18:00",
        "10 10:00 - 10 14:00",
        "12 08:00 - 12 18:00",
    ]


@pytest.mark.parametrize(
    ("restriction", "wanted"),
    [
        ("22:00-06:00", ["05 00:00 - 05 06:00", "05 22:00 - 06 06:00", "06 22:00 - 07 00:00"]),
        ("mon 22:00-06:00", ["05 22:00 - 06 06:00"]),
        ("09:00-09:00", ["05 00:00 - 07 00:00"]),
        ("tue 09:00-09:00", ["06 09:00 - 07 00:00"]),
        ("tue 00:00-24:00", ["06 00:00 - 07 00:00"]),
        ("", ["05 00:00 - 07 00:00"]),
        ("  ", ["05 00:00 - 07 00:00"]),
        ("mon 08:00-12:00; mon 10:00-14:00", ["05 08:00 - 05 14:00"]),
        ("mon 08:00-12:00; mon 12:00-14:00", ["05 08:00 - 05 14:00"]),
    ],
)
def test_hours_of_two_days(restriction, wanted):
    assert spans(restriction, "2026-01-05", "2026-01-07") == wanted


@pytest.mark.parametrize(
    ("days", "weekdays"),
    [
        ("mon-fri", [0, 1, 2, 3, 4]),
        ("fri-mon", [4, 5, 6, 0]),
        ("mon,wed,fri-sat", [0, 2, 4, 5]),
        ("sun-sun", [6]),
        ("Mon-Wed", [0, 1, 2]),
    ],
)
def test_days(days, weekdays):
    assert [one.weekday for one in daily_hours(f" {days}   08:00-09:00 ")] == weekdays


@pytest.mark.parametrize(
    "restriction",
    [
        "always",
        "mon",
        "8:00-18:00",
        "08:00",
        "24:00-08:00",
        "08:00-25:00",
        "08:60-09:00",
        "mon-fri-sat 08:00-18:00",
        "montag 08:00-18:00",
        "xyz 08:00-18:00",
        "mon-xyz 08:00-18:00",
        "mon fri 08:00-18:00",
        "08:00-18:00;",
        "mon 08:00-18:00, tue 08:00-18:00",
        "٠٨:٠٠-١٨:٠٠",
    ],
)
def test_what_cannot_be_understood_is_refused(restriction):
    with pytest.raises(RestrictionUnreadable):
        daily_hours(restriction)


def test_the_part_that_is_not_understood_is_told():
    with pytest.raises(RestrictionUnreadable) as refused:
        daily_hours("mon-fri 08:00-18:00; sat 10-14")
    assert refused.value.context == {"part": "sat 10-14"}


def test_hours_that_come_twice_are_covered_twice():
    """Chicago shows 01:00 to 02:00 twice on 4 November 2018."""
    assert spans("00:00-01:30", "2018-11-04 05:00", "2018-11-04 12:00", "America/Chicago") == [
        "04 05:00 - 04 07:30"
    ]
    assert spans("00:00-01:00", "2018-11-04 05:00", "2018-11-04 12:00", "America/Chicago") == [
        "04 05:00 - 04 07:00"
    ]
    assert spans("01:30-03:00", "2018-11-04 05:00", "2018-11-04 12:00", "America/Chicago") == [
        "04 06:30 - 04 09:00"
    ]


def test_hours_that_are_left_out_are_no_span():
    """Chicago leaves out 02:00 to 03:00 on 11 March 2018."""
    day = ("2018-03-11 06:00", "2018-03-11 12:00", "America/Chicago")
    assert spans("02:00-03:00", *day) == spans("02:15-02:45", *day) == []
    assert spans("01:30-02:30", *day) == ["11 07:30 - 11 08:00"]


def test_a_zone_that_is_unknown_is_refused():
    with pytest.raises(ZoneUnknown):
        spans("", "2026-01-05", "2026-01-06", "Middle/Earth")
