"""What departs from the turns of a schedule, as overrides."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.core.clock import MICROSECOND
from services.core.ids import derived_id
from services.intake.schedules.drafting import Drafting
from services.intake.schedules.errors import ScheduleTooFine
from services.intake.schedules.source import Change, Held, SourceException
from services.on_call.roster import Override, OverrideKind, Roster
from services.on_call.shifts import PLANNED_AHEAD

MOST: Final = 500
"""Overrides of one import: they come in as one transaction, and somebody has to look after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """An override before it has an id; people by their keys."""

    roster: Roster
    starts_at: datetime
    ends_at: datetime
    kind: OverrideKind
    key: str
    replaced: str = ""
    reason: str = ""


def departures(
    exceptions: Iterable[SourceException], rosters: Sequence[Roster], people: Sequence[set[str]]
) -> Iterator[Departure]:
    """Each exception as the departures that have the same effect, in the order they count.

    ``people`` are those whom the roster of the same place may have on call; who comes by an
    exception is added to them.
    """
    for exception in exceptions:
        for number, roster in enumerate(rosters):
            for kind, key in _acts(exception, people[number], is_first=not number):
                if kind is OverrideKind.ADD:
                    people[number].add(key)
                elif (exception.replaced or key) not in people[number]:
                    continue
                yield Departure(
                    roster=roster,
                    starts_at=exception.starts_at,
                    ends_at=exception.ends_at,
                    kind=kind,
                    key=key,
                    replaced=exception.replaced,
                    reason=exception.reason,
                )


def additions(roster: Roster, shifts: Iterable[Held]) -> Iterator[Departure]:
    """Single shifts, each added to whoever else is on call."""
    for held in shifts:
        if held.key:
            yield Departure(
                roster=roster,
                starts_at=held.starts_at,
                ends_at=held.ends_at,
                kind=OverrideKind.ADD,
                key=held.key,
                reason="imported shift",
            )


def overrides_of(found: Iterable[Departure], given: Drafting) -> tuple[Override, ...]:
    """The departures that are not over, as overrides; a later one counts over an earlier one.

    Raises:
        ScheduleTooFine: there are too many.
    """
    left = [one for one in found if one.ends_at > given.now]
    if len(left) > MOST:
        raise ScheduleTooFine(name=left[0].roster.name, count=f"{len(left):,}", most=f"{MOST:,}")
    return tuple(_override(one, number, given) for number, one in enumerate(left))


def _override(one: Departure, number: int, given: Drafting) -> Override:
    starts_at, ends_at = one.starts_at, one.ends_at
    if ends_at - starts_at > PLANNED_AHEAD:
        starts_at = max(starts_at, given.now)
        ends_at = min(ends_at, starts_at + PLANNED_AHEAD)
    comes, goes = given.ids[one.key], given.ids.get(one.replaced)
    is_removal = one.kind is OverrideKind.REMOVE
    return Override(
        id=derived_id("schedule-override", one.roster.id, number),
        roster_id=one.roster.id,
        kind=one.kind,
        person_id=None if is_removal else comes,
        replaced_person_id=comes if is_removal else goes,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by_id=given.by_id,
        created_at=given.now + number * MICROSECOND,
        reason=one.reason,
    )


def _acts(
    exception: SourceException, people: set[str], *, is_first: bool
) -> list[tuple[OverrideKind, str]]:
    """What an exception does to one roster. Somebody is added on the first alone."""
    if exception.change is Change.REPLACE:
        return [(OverrideKind.REPLACE, exception.key)]
    if exception.change is Change.REMOVE:
        return [(OverrideKind.REMOVE, exception.key)]
    added = [(OverrideKind.ADD, exception.key)] if exception.key and is_first else []
    if exception.change is Change.ADD:
        return added
    kept = {exception.key} if is_first else set()
    return [*((OverrideKind.REMOVE, key) for key in sorted(people - kept)), *added]
