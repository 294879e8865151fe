"""Compares planned shifts with the oracle, minute by minute where it matters."""

import random
import secrets
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from property.histories import tell
from property.random_rotas import random_rota
from property.rotation_oracle import MINUTE, OnCall, Oracle, Rota, changed_hours, zone_of

from services.on_call.roster import OverrideKind
from services.on_call.shifts import PlannedShift, planned_shifts

SAMPLES = 1_000
# Those near changes of the clock are all looked at; of the others so many.
BOUNDARIES = 300
NEAR = timedelta(days=1)
YEARS_3 = timedelta(days=3 * 365 + 1)


def run_rotas(cases: int, start: int | None = None) -> None:
    """Judge so many rosters over three years each; ``start`` repeats those of an earlier run."""
    start = secrets.randbits(32) if start is None else start
    done = 0

    @seed(start)
    @settings(
        max_examples=cases,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
        database=None,
        report_multiple_bugs=False,
    )
    # One number for each, because values drawn one by one are drawn again from case to case.
    @given(st.integers(0, 2**64 - 1))
    def hold(number: int) -> None:
        nonlocal done
        judge_rota(*random_rota(random.Random(number)))
        done += 1

    try:
        hold()
    finally:
        tell(f"rotations: {done} rosters over three years held, seed {start}")
    assert done >= cases, "some were left out"


def plan(rota: Rota, start: datetime, end: datetime) -> tuple[PlannedShift, ...]:
    return planned_shifts(
        rota.roster, rota.rotations, rota.overrides, rota.holidays, rota.time_off, start, end
    )


def judge_rota(rota: Rota, start: datetime) -> None:
    """The plan of three years is whole, is the same again, and says what the oracle says."""
    end = start + YEARS_3
    shifts = plan(rota, start, end)
    assert plan(shuffled(rota), start, end) == shifts, "the order of the records counts"
    assert_in_form(shifts, start, end)
    if not rota.hours:
        assert_covered(shifts, start, end)
    if not any(one.kind is OverrideKind.ADD for one in rota.overrides):
        assert_one_primary(shifts)
    chance = random.Random(f"{start}{rota}")
    oracle = Oracle(rota, end)
    moments = sorted({*boundaries(rota, shifts, start, end, chance), *samples(start, end, chance)})
    for moment, planned in zip(moments, on_call(shifts, moments), strict=True):
        assert planned == oracle.at(moment), f"{moment} in {rota.roster.time_zone}"


def shuffled(rota: Rota) -> Rota:
    """The same rules in the opposite order."""
    return Rota(
        rota.roster,
        rota.rotations[::-1],
        rota.hours,
        rota.overrides[::-1],
        rota.holidays[::-1],
        rota.time_off[::-1],
    )


def assert_in_form(shifts: Sequence[PlannedShift], start: datetime, end: datetime) -> None:
    """Sorted, inside the span, and as long as they can be."""
    assert [one.starts_at for one in shifts] == sorted(one.starts_at for one in shifts)
    ends: dict[object, datetime] = {}
    for one in shifts:
        assert start <= one.starts_at < one.ends_at <= end
        why = (one.person_id, one.is_backup, one.rotation_id, one.override_id)
        assert why not in ends or ends[why] < one.starts_at, "two that should be one"
        ends[why] = one.ends_at


def assert_covered(shifts: Sequence[PlannedShift], start: datetime, end: datetime) -> None:
    """One follows the other without a gap."""
    edges = [start, *(edge for one in shifts for edge in (one.starts_at, one.ends_at)), end]
    assert edges[::2] == edges[1::2]


def assert_one_primary(shifts: Sequence[PlannedShift]) -> None:
    """Never two at once."""
    primaries = [one for one in shifts if not one.is_backup]
    for one, following in pairwise(primaries):
        assert one.ends_at <= following.starts_at


def on_call(shifts: Sequence[PlannedShift], moments: Iterable[datetime]) -> Iterable[OnCall]:
    """Who is on call by the plan, at moments in order."""
    coming = list(shifts)[::-1]
    current: list[PlannedShift] = []
    for moment in moments:
        while coming and coming[-1].starts_at <= moment:
            current.append(coming.pop())
        current = [one for one in current if one.ends_at > moment]
        yield frozenset(
            (one.person_id, one.is_backup, one.rotation_id, one.override_id) for one in current
        )


def samples(start: datetime, end: datetime, chance: random.Random) -> Iterable[datetime]:
    minutes = (end - start) // MINUTE
    return (start + chance.randrange(minutes) * MINUTE for _ in range(SAMPLES))


def boundaries(
    rota: Rota,
    shifts: Sequence[PlannedShift],
    start: datetime,
    end: datetime,
    chance: random.Random,
) -> Iterable[datetime]:
    """Starts and ends of shifts, and changes of the clock, each with the minute on either side."""
    edges = sorted({edge for one in shifts for edge in (one.starts_at, one.ends_at)})
    changes = [*changed_hours(zone_of(rota.roster.time_zone), start, end)]
    chosen = {*chance.sample(edges, min(BOUNDARIES, len(edges))), *changes}
    for change in changes:
        chosen.update(edges[bisect_left(edges, change - NEAR) : bisect_left(edges, change + NEAR)])
    around = (edge + step * MINUTE for edge in chosen for step in (-1, 0, 1))
    return (moment for moment in around if start <= moment < end)
