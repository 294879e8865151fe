"""What an import makes of a schedule has the same people on call; the proof finds what has not."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from unit.intake.schedules import schedule_examples as examples
from unit.intake.schedules.proving import NOW, drafted, proof_of, read

from services.intake.equivalence import differences
from services.intake.schedules.departures import MOST
from services.intake.schedules.source import Held, Line, line_of, on_call
from services.on_call.roster import OverrideKind, RotationUnit

TEXTS = {
    "opsgenie": examples.opsgenie(),
    "pagerduty": examples.pagerduty(),
    "goalert": examples.goalert(),
    "grafana": examples.grafana(),
    "ics": examples.CALENDAR,
}
HOUR = timedelta(hours=1)
PEOPLE_OF_NIGHTS = ("ann@example.org", "bea@example.org", "cem@example.org")


@pytest.mark.parametrize("kind", TEXTS)
def test_the_rosters_have_the_same_people_on_call_for_90_days(kind):
    proof = proof_of(read(kind, TEXTS[kind]))
    assert proof.is_equal, proof.differences[:3]
    assert proof.changes > 10
    assert proof.differing == timedelta()


def by_minutes(source, start, minutes):
    """Who is on call at each minute, asked one by one, by the layers alone."""
    end = start + minutes * timedelta(minutes=1)
    held = [(one, layer.rank) for layer in source.layers for one in layer.spans(start, end)]
    found = []
    for minute in range(minutes):
        at = start + minute * timedelta(minutes=1)
        active = [(one, rank) for one, rank in held if one.starts_at <= at < one.ends_at]
        top = max((rank for _, rank in active), default=0)
        people = frozenset(one.key for one, rank in active if rank == top)
        for exception in source.exceptions:
            if exception.starts_at <= at < exception.ends_at:
                people = exception.applied(people)
        found.append(people)
    return found


@pytest.mark.parametrize("kind", ["opsgenie", "pagerduty", "goalert", "grafana"])
def test_who_is_on_call_is_the_same_when_every_minute_is_asked(kind):
    source = read(kind, TEXTS[kind])
    start = NOW + timedelta(days=5)
    line = on_call(source, start, start + timedelta(days=6))
    asked = by_minutes(source, start, 6 * 24 * 60)
    told = [line.at(start + minute * timedelta(minutes=1)) for minute in range(len(asked))]
    assert told == asked
    assert len(set(asked)) > 1 or kind == "grafana"


SEEDED = {
    "another person": lambda r: replace(r, person_ids=tuple(reversed(r.person_ids))),
    "another start": lambda r: replace(r, starts_at_local="2026-01-05T09:01"),
    "another length": lambda r: replace(r, length=r.length + 1),
    "another unit": lambda r: replace(r, unit=RotationUnit.MONTH),
    "other hours": lambda r: replace(r, restriction="mon-sat 09:00-17:00"),
    "an end": lambda r: replace(r, ends_at_local="2026-05-01T00:00"),
    "no rotation": lambda r: replace(r, is_active=False),
    "another layer": lambda r: replace(r, layer=9),
}


@pytest.mark.parametrize("change", SEEDED)
def test_a_seeded_difference_is_found(change):
    source = read("pagerduty", TEXTS["pagerduty"])
    made = drafted(source)
    first, *others = made.rotations
    broken = replace(made, rotations=(SEEDED[change](first), *others))
    proof = proof_of(source, broken)
    assert not proof.is_equal
    assert proof.differing >= timedelta(minutes=1)


def test_an_override_that_is_lost_is_found_with_its_people_and_its_hours():
    source = read("pagerduty", TEXTS["pagerduty"])
    proof = proof_of(source, replace(drafted(source), overrides=()))
    (found,) = proof.differences
    assert found.before == {"P2"}
    assert found.after == {"P4"}
    assert found.starts_at == datetime(2026, 3, 7, 5, tzinfo=UTC)
    # The clocks of New York are put forward within it.
    assert proof.differing == timedelta(hours=53)


def test_one_minute_at_the_end_of_the_90_days_is_found():
    source = read("opsgenie", TEXTS["opsgenie"])
    made = drafted(source)
    end = NOW + timedelta(days=90)
    minute = (end - timedelta(minutes=1), end)
    nobody_then = next(
        person
        for person, key in zip(made.rotations[0].person_ids, PEOPLE_OF_NIGHTS, strict=True)
        if key not in on_call(source, *minute).at(minute[0])
    )
    added = replace(
        made.overrides[-1],
        roster_id=made.rosters[0].id,
        kind=OverrideKind.ADD,
        starts_at=minute[0],
        ends_at=minute[1],
        person_id=nobody_then,
    )
    proof = proof_of(source, replace(made, overrides=(*made.overrides, added)))
    assert [(one.starts_at, one.ends_at) for one in proof.differences] == [minute]


def test_what_the_source_says_itself_counts_over_its_rules():
    entries = [
        {
            "start": "2026-03-02T00:00:00-05:00",
            "end": "2026-03-16T00:00:00-04:00",
            "user": {"id": "P3", "summary": "Cem"},
        }
    ]
    text = examples.pagerduty(final_schedule={"rendered_schedule_entries": entries})
    proof = proof_of(read("pagerduty", text))
    assert not proof.is_equal
    assert {key for one in proof.differences for key in one.before} == {"P3"}
    assert proof.rendered == (NOW, datetime(2026, 3, 16, 4, tzinfo=UTC))
    assert max(one.ends_at for one in proof.differences) <= datetime(2026, 3, 16, 4, tzinfo=UTC)


def test_a_rendered_schedule_that_agrees_is_equal():
    source = read("pagerduty", TEXTS["pagerduty"])
    start, end = NOW, NOW + timedelta(days=14)
    line = on_call(source, start, end)
    entries = [
        {"start": edge.isoformat(), "end": until.isoformat(), "user": {"id": key, "summary": key}}
        for edge, until, people in zip(line.edges, [*line.edges[1:], end], line.sets, strict=True)
        for key in people
    ]
    text = examples.pagerduty(final_schedule={"rendered_schedule_entries": entries})
    proof = proof_of(read("pagerduty", text))
    assert proof.is_equal
    assert proof.rendered == (start, end)


def test_differences_that_follow_each_other_are_one():
    start = NOW
    old = Line((start, start + HOUR), (frozenset("a"), frozenset("a")))
    new = line_of([Held(start, start + 2 * HOUR, "b")], start, start + 3 * HOUR)
    found = differences(old, new, start, start + 3 * HOUR)
    assert [(one.starts_at, one.ends_at, set(one.after)) for one in found] == [
        (start, start + 2 * HOUR, {"b"}),
        (start + 2 * HOUR, start + 3 * HOUR, set()),
    ]


# -- what no rotation can say is kept as single shifts ---------------------------------------------


def rotation(**changed):
    schedule = json.loads(examples.opsgenie())["data"][0]
    one = {**schedule["rotations"][0], **changed}
    return examples.opsgenie(rotations=[one])


def one_layer(**changed):
    layer = json.loads(examples.pagerduty())["schedule"]["schedule_layers"][1]
    return examples.pagerduty(schedule_layers=[{**layer, **changed}])


PEOPLE = [{"type": "user", "username": f"{name}@example.org"} for name in ("ann", "bea")]
CHICAGO = '"timeZone": "America/Chicago", "users"'
UTC_ZONE = '"timeZone": "UTC", "users"'
SINGLE = {
    "turns of nobody": ("opsgenie", rotation(participants=[*PEOPLE, {"type": "none"}])),
    "somebody twice": ("opsgenie", rotation(participants=[*PEOPLE, PEOPLE[0]])),
    "half hours": ("pagerduty", one_layer(rotation_turn_length_seconds=135_000)),
    "another zone": ("goalert", examples.goalert().replace(CHICAGO, UTC_ZONE)),
    "the 31st": ("goalert", examples.goalert().replace("2026-01-15T18", "2026-01-31T18")),
}


@pytest.mark.parametrize("case", SINGLE)
def test_what_no_rotation_can_say_becomes_single_shifts(case):
    kind, text = SINGLE[case]
    source = read(kind, text)
    made = drafted(source)
    assert made.rotations == ()
    assert len(made.overrides) > 20
    assert any("single shifts" in remark for remark in made.remarks)
    assert proof_of(source, made).is_equal


def test_a_layer_that_has_ended_hinders_nothing():
    value = json.loads(examples.pagerduty())
    layers = value["schedule"]["schedule_layers"]
    ended = {**layers[0], "end": "2026-02-01T00:00:00Z", "rotation_turn_length_seconds": 90}
    value["schedule"]["schedule_layers"] = [ended, *layers]
    source = read("pagerduty", json.dumps(value))
    made = drafted(source)
    assert len(made.rotations) == 2
    assert proof_of(source, made).is_equal


def test_many_single_shifts_reach_less_far_and_say_so():
    source = read("goalert", SINGLE["another zone"][1])
    made = drafted(source)
    until = max(one.ends_at for one in made.overrides)
    assert len(made.overrides) == MOST
    assert NOW + timedelta(days=100) <= until < NOW + timedelta(days=399)
    assert f"until {until.date()}" in " ".join(made.remarks)


def test_hours_that_a_clock_leaves_out_are_nobodys_turn():
    start = "2026-01-05T00:00:00Z"
    layer = json.loads(
        one_layer(rotation_turn_length_seconds=3600, start=start, rotation_virtual_start=start)
    )["schedule"]["schedule_layers"]
    text = examples.pagerduty(time_zone="Europe/London", schedule_layers=layer, overrides=[])
    source = read("pagerduty", text)
    night = datetime(2026, 3, 29, 0, tzinfo=UTC)
    line = on_call(source, night, night + 4 * HOUR)
    people = [min(line.at(night + n * HOUR)) for n in range(4)]
    assert people in (["P3", "P4", "P3", "P4"], ["P4", "P3", "P4", "P3"])
    assert proof_of(source).is_equal


def test_months_drift_over_the_end_of_a_month_as_the_source_lets_them():
    source = read("goalert", SINGLE["the 31st"][1])
    months = next(layer for layer in source.layers if layer.name == "Months")
    days = [months.turn.after(months.starts_local, n).strftime("%m-%d") for n in range(4)]
    assert days == ["01-31", "03-03", "03-31", "05-01"]


WEEKENDS = {
    "id": "O2",
    "name": "Weekends",
    "type": "rolling_users",
    "level": 1,
    "start": "2026-01-03T09:00:00",
    "duration": 36000,
    "frequency": "weekly",
    "interval": 1,
    "week_start": "MO",
    "by_day": ["SA", "SU"],
    "rolling_users": [["U1"], ["U2"]],
}
MONTHLY = {
    **WEEKENDS,
    "id": "O3",
    "frequency": "monthly",
    "by_day": None,
    "by_monthday": [1, -1],
    "level": 0,
}
FORTNIGHT = {**WEEKENDS, "id": "O4", "interval": 2, "level": 0}
DAILY = {**WEEKENDS, "id": "O5", "frequency": "daily", "by_day": None, "duration": 28800}
BASE = {
    "id": "O1",
    "name": "Weeks",
    "type": "rolling_users",
    "level": 0,
    "start": "2026-01-05T09:00:00",
    "duration": 604800,
    "frequency": "weekly",
    "rolling_users": [["U3"], ["U4"]],
}
SINGLE_EVENT = {
    "id": "O6",
    "name": "Once",
    "type": "override",
    "start": "2026-03-28T20:00:00",
    "duration": 43200,
    "users": ["U1"],
}


@pytest.mark.parametrize(
    ("shifts", "rotations"),
    [
        ([BASE], 1),
        ([BASE, WEEKENDS], 2),
        ([BASE, DAILY], 2),
        ([BASE, WEEKENDS, SINGLE_EVENT], 3),
        ([MONTHLY], 0),
        ([FORTNIGHT, BASE], 0),
        ([{**DAILY, "duration": 100_000}], 0),
    ],
)
def test_repeating_shifts_become_rotations_where_they_can(shifts, rotations):
    source = read("grafana", examples.grafana(shifts))
    made = drafted(source)
    assert len(made.rotations) == rotations
    proof = proof_of(source, made)
    assert proof.is_equal
    assert proof.changes > 5


def test_weekend_turns_go_to_one_person_at_a_time():
    source = read("grafana", examples.grafana([WEEKENDS]))
    line = on_call(source, NOW, NOW + timedelta(days=21))
    saturdays = [NOW + timedelta(days=day, hours=2) for day in (5, 6, 12, 13, 19, 20)]
    assert [sorted(line.at(day)) for day in saturdays] == [
        ["U2"], ["U2"], ["U1"], ["U1"], ["U2"], ["U2"],
    ]  # fmt: skip
