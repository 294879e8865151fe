"""Whatever a PagerDuty or Opsgenie schedule is, its rosters have the same people on call."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.intake.schedules.proving import NOW, drafted, proof_of, read

from services.core.ids import derived_id
from services.intake.equivalence import prove
from services.intake.schedules.drafting import ids_of
from services.intake.schedules.errors import ScheduleTooFine
from services.on_call.roster import Override, OverrideKind

ZONES = (
    *("UTC", "Europe/London", "America/Chicago", "Australia/Lord_Howe"),
    *("Africa/Casablanca", "Asia/Kathmandu", "America/Santiago", "Pacific/Apia"),
)
PEOPLE = [{"user": {"id": f"P{n}", "summary": f"Person {n}"}} for n in range(5)]
SPAN = timedelta(days=45)

minutes = st.integers(0, 24 * 60 - 1)
moments = st.integers(0, 60 * 24 * 60).map(
    lambda minute: datetime(2026, 1, 10, tzinfo=UTC) + timedelta(minutes=minute)
)
clock_times = minutes.map(lambda minute: f"{minute // 60:02}:{minute % 60:02}:00")


@st.composite
def restrictions(draw):
    if draw(st.booleans()):
        return []
    return [
        {
            "type": "weekly_restriction",
            "start_day_of_week": day,
            "start_time_of_day": draw(clock_times),
            "duration_seconds": 60 * draw(st.integers(1, 2 * 24 * 60)),
        }
        for day in draw(st.sets(st.integers(1, 7), min_size=1, max_size=2))
    ]


@st.composite
def layers(draw):
    count = draw(st.integers(1, 4))
    start = draw(moments)
    return {
        "id": "L",
        "name": draw(st.sampled_from(("Days", "Nights"))),
        "start": start.isoformat(),
        "end": None,
        "rotation_virtual_start": start.isoformat(),
        "rotation_turn_length_seconds": draw(
            st.sampled_from((3600, 12 * 3600, 86400, 3 * 86400, 604800, 135000))
        ),
        "users": draw(st.permutations(PEOPLE))[:count],
        "restrictions": draw(restrictions()),
    }


@st.composite
def overrides(draw):
    start = draw(moments) + timedelta(days=45)
    length = timedelta(minutes=draw(st.integers(1, 4 * 24 * 60)))
    return {
        "start": start.isoformat(),
        "end": (start + length).isoformat(),
        "user": draw(st.sampled_from(PEOPLE))["user"],
    }


@st.composite
def pagerduty(draw):
    return json.dumps(
        {
            "schedule": {
                "name": "Any",
                "time_zone": draw(st.sampled_from(ZONES)),
                "schedule_layers": draw(st.lists(layers(), min_size=1, max_size=3)),
                "overrides": draw(st.lists(overrides(), max_size=4)),
            }
        }
    )


def drafted_if_possible(source):
    """The rosters; another example where they would be more single shifts than are taken."""
    try:
        return drafted(source)
    except ScheduleTooFine:
        assume(False)


@settings(max_examples=25, deadline=None)
@given(pagerduty())
def test_any_schedule_is_proved_equal(text):
    source = read("pagerduty", text)
    proof = proof_of(source, drafted_if_possible(source), SPAN)
    assert proof.is_equal, proof.differences[:3]


@settings(max_examples=15, deadline=None)
@given(pagerduty(), st.integers(0, SPAN // timedelta(minutes=1) - 1))
def test_one_minute_of_somebody_else_is_found_wherever_it_is(text, minute):
    source = read("pagerduty", text)
    made = drafted_if_possible(source)
    starts_at = NOW + timedelta(minutes=minute)
    stranger = derived_id("stranger")
    added = Override(
        id=stranger,
        roster_id=made.rosters[0].id,
        kind=OverrideKind.ADD,
        person_id=stranger,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=1),
        created_by_id=stranger,
        created_at=NOW + SPAN,
    )
    broken = replace(made, overrides=(*made.overrides, added))
    ids = {**ids_of(source.people), "stranger": stranger}
    found = prove(broken, ids, NOW, NOW + SPAN)
    assert found.differing == timedelta(minutes=1)
    assert {one.after - one.before for one in found.differences} == {frozenset({"stranger"})}
    assert found.differences[0].starts_at == starts_at
