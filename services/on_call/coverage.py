"""What is amiss, or worth knowing, in the shifts to come: gaps, overlaps, handovers, contacts."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from typing import NamedTuple, Protocol
from uuid import UUID

from services.on_call.roster import Roster
from services.on_call.spans import Span, between, joined
from services.on_call.wall_clock import DAY, SECOND, ClockChange, WallClock, wall_clock
from services.people.contact import ContactMethod

LOOKED_AHEAD = timedelta(days=90)


class Shift(Protocol):
    """A planned shift, or a kept one that is not cancelled."""

    @property
    def roster_id(self) -> UUID:
        """The roster it belongs to."""
        ...

    @property
    def person_id(self) -> UUID:
        """Who is on call."""
        ...

    @property
    def is_backup(self) -> bool:
        """Whether they are called only after the primary."""
        ...

    @property
    def starts_at(self) -> datetime:
        """The first moment of it."""
        ...

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        ...


class FindingKind(Enum):
    """What was found.

    GAP: no primary is on call; CATCH_ALL_GAP: the same on the catch-all roster, where it would end
    a page in nobody. OVERLAP: two primaries or more. UNREACHABLE: somebody on call has no working
    contact method. HANDOVER: the primary changes; CLOCK_CHANGE: a handover on a day on which the
    zone's clock is put forward or back.
    """

    GAP = "gap"
    CATCH_ALL_GAP = "catch_all_gap"
    OVERLAP = "overlap"
    UNREACHABLE = "unreachable"
    HANDOVER = "handover"
    CLOCK_CHANGE = "clock_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found, and when.

    ``person_id`` is who comes at a handover, who came to whom in an overlap, and who cannot be
    reached; ``relieved_person_id`` who goes at a handover. An unreachable person's span is their
    first shift. A handover's has no length; a clock change's reaches from one to the other of both.
    """

    kind: FindingKind
    roster_id: UUID
    person_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    relieved_person_id: UUID | None = None


class _Change(NamedTuple):
    """A moment at which the people on call change."""

    at: datetime
    before: frozenset[UUID]
    after: frozenset[UUID]


def findings(
    rosters: Iterable[Roster],
    shifts: Iterable[Shift],
    contact_methods: Iterable[ContactMethod],
    start: datetime,
    end: datetime,
) -> tuple[Finding, ...]:
    """All that was found on active rosters between two moments, sorted by time.

    Raises:
        ZoneUnknown: a roster's zone has no rules.
    """
    reachable = {one.person_id for one in contact_methods if one.is_active and one.verified_at}
    by_roster = defaultdict(list)
    for shift in sorted(shifts, key=lambda one: (one.starts_at, one.person_id)):
        if shift.starts_at < end and shift.ends_at > start:
            by_roster[shift.roster_id].append(shift)
    found: list[Finding] = []
    for roster in rosters:
        if roster.is_active:
            own = by_roster[roster.id]
            primaries = [one for one in own if not one.is_backup]
            found += _gaps(roster, primaries, start, end)
            found += _overlaps(roster, _changes(primaries), end)
            found += _handovers(roster, _changes(primaries), start, end)
            found += _unreachable(own, reachable)
    return tuple(sorted(found, key=lambda one: (one.starts_at, one.kind.value, one.roster_id)))


def _gaps(
    roster: Roster, primaries: Iterable[Shift], start: datetime, end: datetime
) -> Iterator[Finding]:
    kind = FindingKind.CATCH_ALL_GAP if roster.is_catch_all else FindingKind.GAP
    covered = joined(Span(one.starts_at, one.ends_at) for one in primaries)
    for gap in between(covered, start, end):
        yield _finding(kind, roster.id, None, *gap)


def _overlaps(roster: Roster, changes: Iterable[_Change], end: datetime) -> Iterator[Finding]:
    begun: tuple[datetime, UUID] | None = None
    for change in changes:
        if begun is None and len(change.after) > 1:
            begun = change.at, max(change.after - change.before)
        elif begun is not None and len(change.after) < 2:
            yield _finding(FindingKind.OVERLAP, roster.id, begun[1], begun[0], min(change.at, end))
            begun = None


def _handovers(
    roster: Roster, changes: Iterable[_Change], start: datetime, end: datetime
) -> Iterator[Finding]:
    clock = wall_clock(roster.time_zone)
    for at, before, after in changes:
        # Somebody who joins those who stay takes nothing over from anybody.
        if not start < at < end or (before and before <= after):
            continue
        relieved = min(before - after, default=None)
        for person_id in sorted(after - before):
            yield _finding(FindingKind.HANDOVER, roster.id, person_id, at, at, relieved)
            for change in _clock_changes_on_day(clock, at):
                low, high = sorted((at, change.at))
                kind = FindingKind.CLOCK_CHANGE
                yield _finding(kind, roster.id, person_id, low, high, relieved)


def _unreachable(shifts: Iterable[Shift], reachable: Container[UUID]) -> Iterator[Finding]:
    told = set()
    for one in shifts:
        if one.person_id not in reachable and one.person_id not in told:
            told.add(one.person_id)
            yield _finding(
                FindingKind.UNREACHABLE, one.roster_id, one.person_id, one.starts_at, one.ends_at
            )


def _changes(shifts: Iterable[Shift]) -> list[_Change]:
    """When people come and go, in order. A shift that follows another of theirs is no change."""
    edges = defaultdict(list)
    for one in shifts:
        edges[one.starts_at].append((one.person_id, 1))
        edges[one.ends_at].append((one.person_id, -1))
    held: Counter[UUID] = Counter()
    before: frozenset[UUID] = frozenset()
    found = []
    for at in sorted(edges):
        for person_id, step in edges[at]:
            held[person_id] += step
        after = frozenset(person_id for person_id, count in held.items() if count)
        if after != before:
            found.append(_Change(at, before, after))
        before = after
    return found


def _clock_changes_on_day(clock: WallClock, moment: datetime) -> tuple[ClockChange, ...]:
    midnight = datetime.combine(clock.local(moment), time())
    # A change at midnight itself belongs to the day that begins with it.
    return clock.changes(clock.first(midnight) - SECOND, clock.first(midnight + DAY) - SECOND)


def _finding(
    kind: FindingKind,
    roster_id: UUID,
    person_id: UUID | None,
    starts_at: datetime,
    ends_at: datetime,
    relieved: UUID | None = None,
) -> Finding:
    return Finding(
        kind=kind,
        roster_id=roster_id,
        person_id=person_id,
        starts_at=starts_at,
        ends_at=ends_at,
        relieved_person_id=relieved,
    )
