"""Every place of a file is judged: what is wrong is named with where it stands, never a crash."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.intake.schedules import schedule_examples as examples
from unit.intake.schedules.proving import READERS, drafted, proof_of, read

from services.core.errors import AppError
from services.core.messages import message_of
from services.intake.schedules.departures import MOST
from services.intake.schedules.drafting import people_used
from services.intake.schedules.errors import (
    ScheduleShapeUnknown,
    ScheduleTooFine,
    ScheduleUnreadable,
)
from services.intake.schedules.reading import LARGEST, read_text
from services.intake.schedules.source import on_call

TEXTS = {
    "opsgenie": examples.opsgenie(),
    "pagerduty": examples.pagerduty(),
    "goalert": examples.goalert(),
    "grafana": examples.grafana(),
}


def places(value, path=()):
    """Every place within a JSON value."""
    yield path
    keys = value if isinstance(value, dict) else range(len(value) if isinstance(value, list) else 0)
    for key in keys:
        yield from places(value[key], (*path, key))


def changed(value, path, new):
    """The value with another one at a place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


def refusal_of(kind, text):
    """Read, and draft what could be read; the words of the fact that stopped it, if one did."""
    try:
        for source in READERS[kind](text):
            if source.people:
                drafted(source)
    except AppError as error:
        return message_of(error).text
    return ""


JUNK = (None, "", "x", 0, -1, 10**30, 1.5, True, [], {}, [[]], [None], {"type": "user"}, "\ud800")
MOMENTS = ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2026-03-02T09:00:00")


@pytest.mark.parametrize("kind", TEXTS)
def test_junk_at_any_place_is_refused_in_words_or_read(kind):
    value = json.loads(TEXTS[kind])
    refused = 0
    for path in places(value):
        for junk in (*JUNK, *MOMENTS):
            refused += bool(refusal_of(kind, json.dumps(changed(value, path, junk))))
    assert refused > 100


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_json_is_refused_in_words_or_read(data):
    kind = data.draw(st.sampled_from(sorted(TEXTS)))
    leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
    names = st.sampled_from(("data", "schedule", "schedules", "users", "rotations", "x"))
    tree = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner)
    )
    assert refusal_of(kind, json.dumps(data.draw(tree)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60) | st.sampled_from(TEXTS["opsgenie"].split(",")))
def test_any_text_is_refused_in_words(text):
    for kind in TEXTS:
        assert refusal_of(kind, text)
    refusal_of("ics", text)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_a_calendar_with_any_line_changed_is_refused_in_words_or_read(data):
    lines = examples.CALENDAR.split("\r\n")
    number = data.draw(st.integers(0, len(lines) - 1))
    name = lines[number].partition(":")[0]
    junk = data.draw(
        st.text(max_size=20)
        | st.sampled_from(
            (
                "FREQ=SECONDLY",
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=DAILY;COUNT=0",
                "FREQ=HOURLY;INTERVAL=0",
                "20260302",
                "99991231T235959Z",
                "00010101T000000",
                "PT",
                "-P1D",
            )
        )
    )
    lines[number] = f"{name}:{junk}"
    refusal_of("ics", "\r\n".join(lines))


@pytest.mark.parametrize(
    ("kind", "old", "new", "where"),
    [
        ("opsgenie", "2026-01-05T00:00:00Z", "soon", "data[0].rotations[1].startDate"),
        ("opsgenie", "Europe/London", "Europe/Nowhere", "data[0].timezone"),
        ("opsgenie", '"weekly"', '"monthly"', "data[0].rotations[0].type"),
        ("pagerduty", "604800", "30", "rotation_turn_length_seconds"),
        ("pagerduty", '"start_day_of_week": 1', '"start_day_of_week": 0', "start_day_of_week"),
        ("goalert", '"rot2", "type"', '"rot9", "type"', "schedule.targets[1].target.id"),
        ("goalert", "22:00", "25:00", "rules[0].start"),
        ("grafana", '"shifts": ["O1"]', '"shifts": ["O9"]', "schedules[0].shifts[0]"),
        ("grafana", '"weekly"', '"yearly"', "on_call_shifts.results[0].frequency"),
    ],
)
def test_a_fault_names_its_place(kind, old, new, where):
    assert old in TEXTS[kind]
    with pytest.raises(ScheduleShapeUnknown) as raised:
        read(kind, TEXTS[kind].replace(old, new))
    assert where in str(raised.value.context["where"])


def test_a_file_that_is_not_there_or_no_text_or_too_large_is_told(tmp_path):
    bad = tmp_path / "x.json"
    with pytest.raises(ScheduleUnreadable):
        read_text(bad)
    bad.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScheduleUnreadable):
        read_text(bad)
    with bad.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(ScheduleUnreadable):
        read_text(bad)


def test_deep_nesting_is_no_crash():
    with pytest.raises(ScheduleShapeUnknown):
        read("opsgenie", "[" * 100_000)


def test_a_schedule_of_too_many_single_shifts_is_refused():
    people = [{"type": "user", "username": f"p{n}@example.org"} for n in range(2)]
    one = {
        "name": "Hours",
        "startDate": "2026-01-05T00:00:00Z",
        "type": "hourly",
        "participants": [*people, {"type": "none"}],
    }
    with pytest.raises(ScheduleTooFine) as raised:
        drafted(read("opsgenie", examples.opsgenie(rotations=[one])))
    assert raised.value.context["most"] == f"{MOST:,}"


# -- what is read --------------------------------------------------------------------------------


def test_people_are_those_who_are_ever_on_call():
    spare = [{"id": "P9", "summary": "Zoe"}]
    source = read("pagerduty", examples.pagerduty(users=spare))
    assert "P9" in {person.key for person in source.people}
    assert [person.name for person in people_used(source)] == ["Ann", "Bea", "Cem", "Dov"]


def test_a_team_that_takes_turns_is_told_and_is_nobody():
    text = examples.opsgenie().replace('{"type": "user", "id": "u1"', '{"type": "team", "id": "u1"')
    source = read("opsgenie", text)
    assert any("The team" in remark for remark in source.remarks)
    made = drafted(source)
    assert made.rotations == ()
    assert proof_of(source, made).is_equal


def test_an_override_of_one_rotation_leaves_the_other():
    value = json.loads(examples.opsgenie())
    value["overrides"]["data"][0]["rotations"] = [{"name": "Days"}]
    source = read("opsgenie", json.dumps(value))
    made = drafted(source)
    proof = proof_of(source, made)
    assert proof.is_equal
    noon = datetime(2026, 3, 10, 14, tzinfo=UTC)
    people = on_call(source, noon, noon + timedelta(hours=1)).at(noon)
    assert "bea@example.org" in people
    assert len(people) == 2


def test_the_turn_under_way_is_the_one_the_file_names():
    first = read("goalert", examples.goalert())
    other = read(
        "goalert", examples.goalert().replace('"activeUserIndex": 1', '"activeUserIndex": 0')
    )
    weeks = [next(x for x in s.layers if x.name == "Weeks").groups for s in (first, other)]
    assert weeks[0] == tuple(reversed(weeks[1]))


def test_a_rule_without_days_is_never():
    days = '"weekdayFilter": [true, false, false, false, false, true, true]'
    text = examples.goalert()
    assert days in text
    source = read("goalert", text.replace(days, days.replace("true", "false")))
    assert [layer.name for layer in source.layers] == ["Weeks", "Eve"]


def test_events_of_a_calendar_are_moved_left_out_and_cancelled():
    source = read("ics", examples.CALENDAR)
    assert source.name == "Night watch"
    assert source.zone == "Europe/Paris"
    nights = [held for held in source.shifts if held.key == "Ann Archer"]
    assert len(nights) == 28
    assert datetime(2026, 3, 6, 19, tzinfo=UTC) not in {held.starts_at for held in nights}
    (moved,) = [held for held in source.shifts if held.key == "Bea Bond"]
    assert moved.starts_at == datetime(2026, 3, 8, 21, tzinfo=UTC)
    assert moved.ends_at - moved.starts_at == timedelta(hours=10)
    (days,) = [held for held in source.shifts if held.key == "cem@example.org"]
    assert days.starts_at == datetime(2026, 3, 9, 23, tzinfo=UTC)
    assert days.ends_at - days.starts_at == timedelta(days=2)
    assert [p.name for p in source.people] == ["Ann Archer", "Bea Bond", "Cem Can"]


def test_an_endless_event_is_read_as_far_as_shifts_are_planned():
    source = read("ics", examples.CALENDAR.replace(";COUNT=30", ""))
    assert any("repeats without end" in remark for remark in source.remarks)
    assert 180 < len(source.shifts) < 220
