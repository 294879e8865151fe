"""Calendar files are read back by the library, whatever people are called."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from services.core.ids import derived_id
from services.on_call.roster import OnCallShift, Roster
from services.reports.calendar_feed import (
    KEPT,
    FeedNames,
    person_calendar,
    plain,
    roster_calendar,
)

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ANN, BEA = derived_id("ann"), derived_id("bea")
ROSTER = Roster(id=derived_id("roster"), name="Network", time_zone="Europe/London")
NAMES = FeedNames(people={ANN: "Ann Archer", BEA: "Bea Bond"}, rosters={ROSTER.id: "Network"})


def shift(day: int, person: UUID = ANN, **given) -> OnCallShift:
    """A day's shift, so many days from now."""
    values = {
        "id": derived_id("shift", day, person),
        "version": 1,
        "roster_id": ROSTER.id,
        "person_id": person,
        "starts_at": NOW + day * DAY,
        "ends_at": NOW + (day + 1) * DAY,
        **given,
    }
    return OnCallShift(**values)


def events(file: bytes):
    return Calendar.from_ical(file).walk("VEVENT")


def test_the_library_reads_the_shifts_of_a_roster_back():
    file = roster_calendar(ROSTER, [shift(1, BEA, is_backup=True), shift(0)], NAMES, NOW)
    first, second = events(file)
    assert (first["SUMMARY"], second["SUMMARY"]) == ("Ann Archer", "Bea Bond (backup)")
    assert first["DTSTART"].dt == NOW
    assert first["DTEND"].dt == NOW + DAY
    assert first["TRANSP"] == "TRANSPARENT"
    assert first["STATUS"] == "CONFIRMED"
    assert first["DTSTAMP"].dt == NOW


def test_the_calendar_names_itself_and_asks_to_be_read_again():
    lines = roster_calendar(ROSTER, [shift(0)], NAMES, NOW).decode().split("\r\n")
    for line in (
        "NAME:On call: Network",
        "X-WR-CALNAME:On call: Network",
        "METHOD:PUBLISH",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        f"UID:{shift(0).id}@firstline",
        "DTSTART:20260302T093000Z",
    ):
        assert line in lines
    assert any(line.startswith("COLOR:") for line in lines)


def test_a_shift_keeps_its_uid_and_counts_its_changes():
    before = shift(0)
    after = replace(before, version=2, ends_at=before.ends_at + DAY)
    first, second = (
        events(roster_calendar(ROSTER, [one], NAMES, NOW))[0] for one in (before, after)
    )
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (1, 2)


def test_a_cancelled_shift_says_so_and_does_not_vanish():
    (event,) = events(roster_calendar(ROSTER, [shift(0, is_cancelled=True)], NAMES, NOW))
    assert event["STATUS"] == "CANCELLED"


def test_a_person_has_the_shifts_of_every_roster_and_nobody_elses():
    other = Roster(id=derived_id("other"), name="Storage", time_zone="UTC")
    names = replace(NAMES, rosters={**NAMES.rosters, other.id: other.name})
    shifts = [shift(0), shift(1, BEA), shift(2, roster_id=other.id)]
    found = events(person_calendar(ANN, shifts, names, NOW))
    assert [event["SUMMARY"] for event in found] == ["Network", "Storage"]


def test_what_has_long_passed_is_left_out():
    days = -KEPT // DAY
    found = events(roster_calendar(ROSTER, [shift(days - 1), shift(days)], NAMES, NOW))
    assert [event["DTSTART"].dt for event in found] == [NOW + days * DAY]


def test_the_same_shifts_make_the_same_bytes():
    files = {
        roster_calendar(ROSTER, order, NAMES, NOW)
        for order in ([shift(0), shift(1)], [shift(1), shift(0)])
    }
    assert len(files) == 1


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.text(max_size=120))
def test_any_name_is_read_back(person, roster):
    names = FeedNames(people={ANN: person}, rosters={ROSTER.id: roster})
    named = replace(ROSTER, name=roster)
    file = roster_calendar(named, [shift(0), shift(1, is_backup=True)], names, NOW)
    for line in file.split(b"\r\n"):
        assert len(line) <= 75
        assert b"\n" not in line
        assert b"\r" not in line
    first, second = events(file)
    assert first["SUMMARY"] == plain(person)
    assert second["SUMMARY"] == plain(f"{person} (backup)")
    assert Calendar.from_ical(file)["X-WR-CALNAME"] == plain(f"On call: {roster}")
    assert len(Calendar.from_ical(file).subcomponents) == 2


@pytest.mark.parametrize(
    "text", ["a\nEND:VEVENT", "a\r\nb", "a\x0bb", "a\u2028b", "a\x85b", "\x00"]
)
def test_no_name_begins_a_line_of_its_own(text):
    names = replace(NAMES, people={ANN: text})
    file = roster_calendar(ROSTER, [shift(0)], names, NOW)
    assert len(file.decode().splitlines()) == len(file.split(b"\r\n")) - 1
    assert len(events(file)) == 1
