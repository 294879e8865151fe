"""Proof that rosters have the same people on call as the schedule they were made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.intake.schedules.draft import ScheduleDraft
from services.intake.schedules.source import Held, Line, line_of, on_call
from services.on_call.shifts import planned_shifts

PROVED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Difference:
    """A span in which others are on call; people by their keys in the file."""

    starts_at: datetime
    ends_at: datetime
    before: frozenset[str]
    after: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The comparison of every instant between two moments.

    ``changes`` counts the instants at which somebody comes or goes in the schedule, ``rendered``
    tells the span for which the other system says itself who is on call.
    """

    starts_at: datetime
    ends_at: datetime
    changes: int
    rendered: tuple[datetime, datetime] | None
    differences: tuple[Difference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether the same people are on call at every instant."""
        return not self.differences

    @property
    def differing(self) -> timedelta:
        """The time in which others are on call."""
        return sum((d.ends_at - d.starts_at for d in self.differences), timedelta())


def prove(
    draft: ScheduleDraft,
    ids: Mapping[str, UUID],
    starts_at: datetime,
    ends_at: datetime,
) -> Proof:
    """Compare who is on call by the schedule's own rules and by the draft's rosters."""
    source = draft.source
    old = on_call(source, starts_at, ends_at)
    new = _line_of_rosters(draft, ids, starts_at, ends_at)
    told = source.rendered
    span = (max(told.starts_at, starts_at), min(told.ends_at, ends_at)) if told else None
    return Proof(
        starts_at=starts_at,
        ends_at=ends_at,
        changes=sum(a != b for a, b in zip(old.sets, old.sets[1:], strict=False)),
        rendered=span if span and span[0] < span[1] else None,
        differences=tuple(differences(_known(old, ids), new, starts_at, ends_at)),
    )


def differences(old: Line, new: Line, starts_at: datetime, ends_at: datetime) -> list[Difference]:
    """Every span in which two lines differ, as long as it can be."""
    edges = {starts_at, *old.edges, *new.edges}
    inside = sorted(edge for edge in edges if starts_at <= edge < ends_at)
    found: list[Difference] = []
    for edge, until in zip(inside, [*inside[1:], ends_at], strict=True):
        before, after = old.at(edge), new.at(edge)
        if before == after:
            continue
        last = found[-1] if found else None
        if last and (last.ends_at, last.before, last.after) == (edge, before, after):
            found[-1] = Difference(last.starts_at, until, before, after)
        else:
            found.append(Difference(edge, until, before, after))
    return found


def _line_of_rosters(
    draft: ScheduleDraft, ids: Mapping[str, UUID], starts_at: datetime, ends_at: datetime
) -> Line:
    keys = _first_keys(ids)
    held = [
        Held(shift.starts_at, shift.ends_at, keys[shift.person_id])
        for roster in draft.rosters
        for shift in planned_shifts(
            roster, draft.rotations, draft.overrides, (), (), starts_at, ends_at
        )
    ]
    return line_of(held, starts_at, ends_at)


def _first_keys(ids: Mapping[str, UUID]) -> dict[UUID, str]:
    """One key for each person; a file may name somebody twice."""
    return {id_: key for key, id_ in reversed(list(ids.items()))}


def _known(line: Line, ids: Mapping[str, UUID]) -> Line:
    """The same line with one key for each person."""
    keys = _first_keys(ids)
    return Line(
        line.edges, tuple(frozenset(keys[ids[key]] for key in people) for people in line.sets)
    )
