"""Local times become moments as written: the first, the last, and never one that is left out."""

import struct
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
import tzdata
from unit.on_call.rota import utc

from services.core.clock import EPOCH
from services.on_call.errors import LocalTimeUnreadable, ZoneUnknown
from services.on_call.wall_clock import (
    local_date,
    local_time,
    wall_clock,
    zone_names,
    zone_version,
)

HEADER = struct.Struct(">4sc15x6I")

CHICAGO, LORD_HOWE = "America/Chicago", "Australia/Lord_Howe"

# zone, local time, first and last moment in UTC. The first five are GoAlert's (its PR 1252).
TIMES = [
    (CHICAGO, "2018-03-11 02:30", "2018-03-11 08:00", "2018-03-11 08:00"),
    (CHICAGO, "2018-11-04 01:00", "2018-11-04 06:00", "2018-11-04 07:00"),
    (LORD_HOWE, "2020-10-04 02:15", "2020-10-03 15:30", "2020-10-03 15:30"),
    (LORD_HOWE, "2021-04-04 01:45", "2021-04-03 14:45", "2021-04-03 15:15"),
    (LORD_HOWE, "2021-04-04 02:30", "2021-04-03 16:00", "2021-04-03 16:00"),
    # Two hours at once.
    ("Antarctica/Troll", "2024-03-31 01:59", "2024-03-31 01:00", "2024-03-31 01:00"),
    ("Antarctica/Troll", "2024-10-27 01:30", "2024-10-26 23:30", "2024-10-27 01:30"),
    # Its offset is lowered for Ramadan, so that winter time is the "summer" one.
    ("Africa/Casablanca", "2024-03-10 02:30", "2024-03-10 01:30", "2024-03-10 02:30"),
    ("Africa/Casablanca", "2024-04-14 02:30", "2024-04-14 02:00", "2024-04-14 02:00"),
    # Midnight itself is left out, or comes twice.
    ("Africa/Cairo", "2024-04-26 00:00", "2024-04-25 22:00", "2024-04-25 22:00"),
    ("Africa/Cairo", "2024-10-31 23:00", "2024-10-31 20:00", "2024-10-31 21:00"),
    ("Asia/Beirut", "2024-03-31 00:30", "2024-03-30 22:00", "2024-03-30 22:00"),
    ("Asia/Beirut", "2024-10-26 23:30", "2024-10-26 20:30", "2024-10-26 21:30"),
    ("America/Santiago", "2024-09-08 00:30", "2024-09-08 04:00", "2024-09-08 04:00"),
    ("America/Santiago", "2024-04-06 23:30", "2024-04-07 02:30", "2024-04-07 03:30"),
    # A day that never was.
    ("Pacific/Apia", "2011-12-30 09:00", "2011-12-30 10:00", "2011-12-30 10:00"),
]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(("zone", "time", "first", "last"), TIMES)
def test_a_local_time_is_a_moment(zone, time, first, last):
    clock = wall_clock(zone)
    assert (clock.first(local(time)), clock.last(local(time))) == (utc(first), utc(last))


def test_a_moment_is_a_local_time():
    clock = wall_clock(CHICAGO)
    for moment in ("2018-11-04 06:30", "2018-11-04 07:30"):
        assert clock.local(utc(moment)) == local("2018-11-04 01:30")


def test_changes_of_the_clock():
    spring, autumn = wall_clock(LORD_HOWE).changes(utc("2021-01-01"), utc("2022-01-01"))
    assert (spring.at, autumn.at) == (utc("2021-04-03 15:00"), utc("2021-10-02 15:30"))
    assert (spring.is_forward, autumn.is_forward) == (False, True)
    assert autumn.local_before == local("2021-10-03 02:00")
    assert autumn.local_after == local("2021-10-03 02:30")
    assert not wall_clock("Asia/Kolkata").changes(utc("2021-01-01"), utc("2022-01-01"))


def test_changes_are_after_the_start_and_until_the_end():
    clock, at = wall_clock(CHICAGO), utc("2018-11-04 07:00")
    before = at - timedelta(seconds=1)
    assert [one.at for one in clock.changes(before, at)] == [at]
    assert clock.changes(at, at + timedelta(days=1)) == clock.changes(at, before) == ()


def test_a_day_that_never_was_is_one_change():
    apia = wall_clock("Pacific/Apia").changes(utc("2011-12-01"), utc("2012-01-31"))
    assert [(one.at, one.after - one.before) for one in apia] == [
        (utc("2011-12-30 10:00"), timedelta(days=1))
    ]


def test_no_two_changes_are_so_near_that_one_is_overlooked():
    """All that the files list. What follows is a rule of two changes a year, months apart."""
    since = datetime(1995, 1, 1, tzinfo=UTC)
    compared = 0
    for zone in zone_names():
        if wanted := [at for at in transitions(zone) if since < at]:
            found = wall_clock(zone).changes(since, wanted[-1])
            assert [one.at for one in found] == wanted, zone
            compared += len(wanted)
    assert compared > 5_000


def transitions(zone: str) -> list[datetime]:
    """When a zone's offset changes, from the second block of its file: RFC 8536, section 3."""
    content = files(tzdata).joinpath("zoneinfo", *zone.split("/")).read_bytes()
    small = HEADER.unpack_from(content)
    begins = HEADER.size + sum(
        count * size for count, size in zip(small[2:], (1, 1, 8, 5, 6, 1), strict=True)
    )
    *_, times, types, _ = HEADER.unpack_from(content, begins)
    at = begins + HEADER.size
    seconds = struct.unpack_from(f">{times}q", content, at)
    indexes = content[at + 8 * times : at + 9 * times]
    offsets = [
        struct.unpack_from(">i", content, at + 9 * times + 6 * index)[0] for index in range(types)
    ]
    found, before = [], offsets[0]
    for second, index in zip(seconds, indexes, strict=True):
        if offsets[index] != before:
            found.append(EPOCH + timedelta(seconds=second))
        before = offsets[index]
    return found


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "europe/berlin", "../zones", "/etc/UTC"])
def test_an_unknown_zone_is_refused(zone):
    with pytest.raises(ZoneUnknown):
        wall_clock(zone)


def test_zones_come_with_the_program(monkeypatch):
    """Not from the machine, whose edition may be another."""
    assert len(zone_names()) > 590
    assert wall_clock("Europe/Berlin") is wall_clock("Europe/Berlin")
    assert wall_clock("Europe/Berlin").zone is not ZoneInfo("Europe/Berlin")
    assert zone_version() == tzdata.IANA_VERSION


def test_local_times_have_one_spelling():
    assert local_time("2026-01-05T09:00") == local("2026-01-05 09:00")
    assert local_date("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["", "2026-1-5T9:00", "2026-01-05 09:00", "2026-02-30T09:00"])
def test_another_spelling_of_a_local_time_is_refused(text):
    with pytest.raises(LocalTimeUnreadable):
        local_time(text)


@pytest.mark.parametrize("text", ["", "2026-2-3", "2025-02-29", "1969-12-31", "2200-01-01"])
def test_another_spelling_of_a_day_is_refused(text):
    with pytest.raises(LocalTimeUnreadable):
        local_date(text)
