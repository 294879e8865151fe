"""A schedule as its own system means it, and who is on call by its rules.

This is deliberately not how rosters are kept here: turns of any length and of nobody, several
people at once, rules in a zone of their own. What it computes is the other side of the proof that a
roster does the same, so it uses none of the rules of rosters but the wall clock.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import Enum
from operator import itemgetter
from typing import Final, NamedTuple

from services.on_call.wall_clock import WallClock, wall_clock

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(weeks=1)
_WEEKDAYS: Final = 7
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class SourcePerson:
    """Somebody a schedule names. ``key`` is what the rest of the file calls them."""

    key: str
    name: str
    email: str = ""


class Held(NamedTuple):
    """A span of duty of one person; nobody's where the key is empty."""

    starts_at: datetime
    ends_at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of one weekday (Monday is 0), by the wall clock; they may end days later."""

    weekday: int
    start: timedelta
    length: timedelta


@dataclass(frozen=True, slots=True)
class Turn:
    """How long one turn is: by the wall clock, or in months that run over into the next."""

    length: timedelta = timedelta()
    months: int = 0

    def after(self, start: datetime, count: int) -> datetime:
        """The local time ``count`` turns after ``start``; 31 January and a month is 3 March."""
        if not self.months:
            return start + count * self.length
        month = start.month - 1 + count * self.months
        first = start.replace(year=start.year + month // _MONTHS, month=month % _MONTHS + 1, day=1)
        return first + (start.day - 1) * DAY

    def number_before(self, start: datetime, local: datetime) -> int:
        """A turn that has begun at a local time for certain, and not long ago; 0 at least."""
        length = self.length or self.months * 31 * DAY
        return max(0, (local - start) // length - 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLayer:
    """People who take turns. Only the highest rank that has somebody on call counts.

    ``groups`` are the people of each turn; an empty one is a turn of nobody. Without ``windows``
    it is on call always; they are by the clock of ``hours_zone``, if that is another.
    ``is_by_event``: hours belong as a whole to the turn in which they begin. ``events`` are a layer
    that has neither turns nor hours, but single spans.
    """

    name: str
    rank: int = 0
    zone: str
    starts_local: datetime
    ends_at: datetime | None = None
    not_before: datetime | None = None
    turn: Turn
    groups: tuple[tuple[str, ...], ...]
    windows: tuple[Window, ...] = ()
    hours_zone: str = ""
    is_by_event: bool = False
    events: tuple[Held, ...] = ()

    def spans(self, start: datetime, end: datetime) -> Iterator[Held]:
        """Who is on call by this layer alone between two moments."""
        if self.not_before:
            start = max(start, self.not_before)
        if self.ends_at:
            end = min(end, self.ends_at)
        if start >= end:
            return
        for held in self._found(start, end):
            low, high = max(held.starts_at, start), min(held.ends_at, end)
            if low < high:
                yield Held(low, high, held.key)

    def _found(self, start: datetime, end: datetime) -> Iterable[Held]:
        clock = wall_clock(self.zone)
        if self.events or not self.groups:
            return self.events
        if self.is_by_event:
            return self._whole_hours(clock, start, end)
        return self._cut_turns(clock, start, end)

    def _turns(self, clock: WallClock, start: datetime, end: datetime) -> Iterator[Held]:
        """The turns, one after the other. One that a clock leaves no time for is nobody's."""
        number = self.turn.number_before(self.starts_local, clock.local(start))
        begins = clock.first(self.turn.after(self.starts_local, number))
        turn = number - self._empty_turns(clock, number, begins)
        while begins < end:
            number += 1
            ends = clock.first(self.turn.after(self.starts_local, number))
            if ends > begins:
                for key in self.groups[turn % len(self.groups)]:
                    yield Held(begins, ends, key)
                turn += 1
            begins = ends

    def _empty_turns(self, clock: WallClock, number: int, until: datetime) -> int:
        """How many turns before this one began and ended while a clock was put forward."""
        if self.turn.months:
            return 0
        found = 0
        for change in clock.changes(clock.first(self.starts_local), until):
            if change.is_forward:
                first = -((self.starts_local - change.local_before) // self.turn.length)
                last = (change.local_after - self.starts_local) // self.turn.length
                found += max(0, min(last, number) - max(first, 0))
        return found

    def _cut_turns(self, clock: WallClock, start: datetime, end: datetime) -> Iterator[Held]:
        if not self.windows:
            yield from self._turns(clock, start, end)
            return
        hours = sorted(self._hours(start, end))
        longest = max(closes - opens for opens, closes in hours)
        for turn in self._turns(clock, start, end):
            first = bisect_left(hours, turn.starts_at - longest, key=itemgetter(0))
            last = bisect_left(hours, turn.ends_at, key=itemgetter(0))
            for opens, closes in hours[first:last]:
                if turn.starts_at < closes:
                    yield Held(max(opens, turn.starts_at), min(closes, turn.ends_at), turn.key)

    def _whole_hours(self, clock: WallClock, start: datetime, end: datetime) -> Iterator[Held]:
        """Hours that begin in a turn, whole. Those before the first turn are nobody's."""
        hours = sorted(self._hours(start, end))
        for turn in self._turns(clock, hours[0][0], end) if hours else ():
            first = bisect_left(hours, turn.starts_at, key=itemgetter(0))
            last = bisect_left(hours, turn.ends_at, key=itemgetter(0))
            for opens, closes in hours[first:last]:
                yield Held(opens, closes, turn.key)

    def _hours(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The hours of the windows; they begin at the first and end at the last local time."""
        clock = wall_clock(self.hours_zone or self.zone)
        longest = max(window.length for window in self.windows)
        day = datetime.combine(clock.local(start), time()) - (longest // DAY + 3) * DAY
        last = clock.local(end) + DAY
        while day <= last:
            for window in self.windows:
                if window.weekday == day.weekday():
                    opens = day + window.start
                    yield clock.first(opens), clock.last(opens + window.length)
            day += DAY


class Change(Enum):
    """How an exception departs from the layers."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceException:
    """A departure from the layers, applied in the order of the list.

    SET leaves ``key`` alone on call, or nobody where it is empty. REPLACE counts only while
    ``replaced`` is on call.
    """

    starts_at: datetime
    ends_at: datetime
    change: Change
    key: str = ""
    replaced: str = ""
    reason: str = ""

    def applied(self, on_call: frozenset[str]) -> frozenset[str]:
        """Who is on call once this is taken into account."""
        if self.change is Change.SET:
            return frozenset({self.key} - {""})
        if self.change is Change.ADD:
            return on_call | {self.key}
        if self.change is Change.REMOVE:
            return on_call - {self.key}
        return on_call - {self.replaced} | {self.key} if self.replaced in on_call else on_call


@dataclass(frozen=True, slots=True)
class Rendered:
    """What the other system itself says who is on call, in a span of time."""

    starts_at: datetime
    ends_at: datetime
    spans: tuple[Held, ...]


def rendered_of(spans: Iterable[Held]) -> Rendered | None:
    """What is told from the first span to the last; nothing where there are none."""
    told = tuple(spans)
    if not told:
        return None
    return Rendered(min(s.starts_at for s in told), max(s.ends_at for s in told), told)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSchedule:
    """One schedule of a file. ``remarks`` tell what the file holds and no roster takes over."""

    name: str
    zone: str
    people: tuple[SourcePerson, ...]
    layers: tuple[SourceLayer, ...] = ()
    shifts: tuple[Held, ...] = ()
    exceptions: tuple[SourceException, ...] = ()
    rendered: Rendered | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """Who is on call, as sets of keys that hold from each edge until the next."""

    edges: tuple[datetime, ...]
    sets: tuple[frozenset[str], ...] = field(repr=False)

    def at(self, moment: datetime) -> frozenset[str]:
        """Who is on call at a moment; nobody before the first edge."""
        index = bisect_right(self.edges, moment) - 1
        return self.sets[index] if index >= 0 else frozenset()


def line_of(spans: Iterable[Held], start: datetime, end: datetime) -> Line:
    """Everybody who has a span, over time."""
    return _swept([(held, 0) for held in spans], (), start, end)


def on_call(source: SourceSchedule, start: datetime, end: datetime) -> Line:
    """Who is on call by the source's own rules, or as it says itself where the file tells."""
    ranked = [(held, layer.rank) for layer in source.layers for held in layer.spans(start, end)]
    lowest = min((layer.rank for layer in source.layers), default=0)
    ranked += [(held, lowest) for held in source.shifts]
    computed = _swept(ranked, source.exceptions, start, end)
    if (rendered := source.rendered) is None:
        return computed
    told = line_of(rendered.spans, rendered.starts_at, rendered.ends_at)
    edges = sorted({*computed.edges, *told.edges, rendered.starts_at, rendered.ends_at})
    edges = [edge for edge in edges if start <= edge < end]
    sets = [
        told.at(edge) if rendered.starts_at <= edge < rendered.ends_at else computed.at(edge)
        for edge in edges
    ]
    return Line(tuple(edges), tuple(sets))


def _swept(
    ranked: Iterable[tuple[Held, int]],
    exceptions: Iterable[SourceException],
    start: datetime,
    end: datetime,
) -> Line:
    """Go along the edges; between two of them nothing changes."""
    near = [(h, rank) for h, rank in ranked if h.starts_at < end and start < h.ends_at]
    departing = [e for e in exceptions if e.starts_at < end and start < e.ends_at]
    edges = {start}
    opening: dict[datetime, list[tuple[Held, int]]] = {}
    closing: dict[datetime, list[tuple[Held, int]]] = {}
    for item in near:
        opening.setdefault(max(item[0].starts_at, start), []).append(item)
        closing.setdefault(min(item[0].ends_at, end), []).append(item)
    for exception in departing:
        edges |= {max(exception.starts_at, start), min(exception.ends_at, end)}
    edges = {edge for edge in (edges | set(opening) | set(closing)) if start <= edge < end}
    active: list[tuple[Held, int]] = []
    sets = []
    for edge in sorted(edges):
        for item in closing.get(edge, ()):
            active.remove(item)
        active += opening.get(edge, ())
        top = max((rank for _, rank in active), default=0)
        people = frozenset(held.key for held, rank in active if rank == top) - {""}
        for exception in departing:
            if exception.starts_at <= edge < exception.ends_at:
                people = exception.applied(people)
        sets.append(people)
    return Line(tuple(sorted(edges)), tuple(sets))
