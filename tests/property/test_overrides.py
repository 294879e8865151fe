"""Overrides near the duties they change, against rules that look at the whole lane each time."""

import gc
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from types import FrameType
from uuid import UUID

import pytest
from property.override_oracle import overridden_as_told

from services.on_call import overrides as under_test
from services.on_call.overrides import Absences, overridden
from services.on_call.roster import Override, OverrideKind
from services.on_call.spans import Duty, Span, joined, near

LANES = 300
START = datetime(2026, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
ROSTER, ROTATION = UUID(int=1), UUID(int=2)
PEOPLE = tuple(UUID(int=10 + number) for number in range(4))
Overriding = Callable[[list[Duty], list[Override], Absences], list[Duty]]


def lane(chance: Random, hours: int = 60) -> list[Duty]:
    """Turns of up to ten hours, some of which touch; now and then two people at a time."""
    found, ends = [], dict.fromkeys(PEOPLE, START)
    at = START
    while at < START + hours * HOUR:
        length = chance.randint(1, 10) * HOUR
        for person in chance.sample(PEOPLE, chance.choice((0, 1, 1, 1, 2))):
            if ends[person] <= at:
                found.append(Duty(at, at + length, person, ROTATION))
                ends[person] = at + length
        at += chance.randint(1, 10) * HOUR
    return found


def override(chance: Random, number: int, hours: int = 60) -> Override:
    """Any exception, sensible or not: beside the lane, of nobody, cancelled, without time."""
    start = START + chance.randint(-5, hours + 5) * HOUR
    return Override(
        id=UUID(int=100 + number),
        roster_id=ROSTER,
        kind=chance.choice([*OverrideKind]),
        person_id=chance.choice((*PEOPLE, None)),
        replaced_person_id=chance.choice((*PEOPLE, None)),
        starts_at=start,
        ends_at=start + chance.randint(0, 24) * HOUR,
        created_by_id=PEOPLE[0],
        created_at=START + chance.randint(0, 3) * HOUR,
        is_cancelled=chance.random() < 0.1,
    )


def time_off(chance: Random) -> Absences:
    spans = {}
    for person in chance.sample(PEOPLE, chance.randint(0, 2)):
        starts = [START + chance.randint(-5, 60) * HOUR for _ in range(chance.randint(1, 3))]
        spans[person] = joined(Span(at, at + chance.randint(1, 20) * HOUR) for at in starts)
    return spans


def compare() -> int:
    """Compare many lanes; returns how many overrides changed something."""
    changed = 0
    for seed in range(LANES):
        chance = Random(seed)
        duties, absences = lane(chance), time_off(chance)
        made = [override(chance, number) for number in range(chance.randint(1, 8))]
        found = overridden(duties, made, absences)
        assert found == overridden_as_told(duties, made, absences), f"lane {seed}"
        changed += found != overridden(duties, [], absences)
    return changed


def test_looking_nearby_finds_what_looking_at_everything_finds() -> None:
    assert compare() > LANES * 0.8


def test_an_override_that_misses_its_neighbours_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_the_first(spans: list[Span], start: datetime, end: datetime) -> slice:
        place = near(spans, start, end)
        return slice(place.start + 1, place.stop) if place.stop - place.start > 1 else place

    monkeypatch.setattr(under_test, "near", without_the_first)
    with pytest.raises(AssertionError, match="lane"):
        compare()


def calls(overriding: Overriding, days: int, count: int) -> int:
    """How many functions are called to apply overrides in the middle of an hourly lane."""
    begins = START - days * 12 * HOUR
    duties = [
        Duty(begins + n * HOUR, begins + (n + 1) * HOUR, PEOPLE[n % 3], ROTATION)
        for n in range(days * 24)
    ]
    made = [override(Random(number), number) for number in range(count)]
    called = 0

    def count_it(frame: FrameType, event: str, argument: object) -> None:
        nonlocal called
        called += event == "call"

    before = sys.getprofile()
    gc.disable()  # what listens to the collector would be counted too
    sys.setprofile(count_it)
    try:
        overriding(duties, made, {})
    finally:
        sys.setprofile(before)
        gc.enable()
    return called


def cost(overriding: Overriding, days: int) -> int:
    """What 20 more overrides cost in a lane of so many days, in calls."""
    return calls(overriding, days, 40) - calls(overriding, days, 20)


def test_an_override_costs_the_same_in_a_lane_of_any_length() -> None:
    assert 0 < cost(overridden, 100) == cost(overridden, 10)


def test_looking_at_everything_costs_more_in_a_longer_lane() -> None:
    assert cost(overridden_as_told, 100) > 5 * cost(overridden_as_told, 10)


def test_many_overrides_cost_no_more_than_in_proportion() -> None:
    few, many = calls(overridden, 40, 100), calls(overridden, 40, 400)
    assert many < 4 * few
