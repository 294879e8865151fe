"""What would happen: a page at one instant, and whoever would be called first over months to come.

Pure, on top of :mod:`services.on_call.waking`, so that paper and screen say what pages do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from itertools import pairwise
from typing import Final
from uuid import UUID

from services.on_call.policy import CalledAs, EscalationPolicy, EscalationStep, StepWhen
from services.on_call.spans import Span
from services.on_call.waking import WakingBook, WakingStep, Woken, waking_of_policy
from services.on_call.wall_clock import wall_clock
from services.people.contact import ContactKind

LOOKED_AHEAD: Final = timedelta(days=90)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_MOMENT: Final = timedelta(microseconds=1)
_MOST_OFFSETS: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedCall:
    """One line of the timeline: at which offset who is called how, by which step and why.

    Without a person it is a channel, or a step that calls nobody and is left at once; without a
    ``kind`` the person cannot be reached. ``position`` counts from 0; ``round`` too.
    """

    offset: timedelta
    round: int
    position: int
    is_catch_all: bool
    person_id: UUID | None = None
    called_as: CalledAs | None = None
    roster_id: UUID | None = None
    kind: ContactKind | None = None
    address: str = ""
    destination_id: UUID | None = None


class Weakness(Enum):
    """What a page would run into.

    EMPTY_STEP: a step is taken and reaches nobody. ONLY_CATCH_ALL: none of the steps reaches
    anybody. NOBODY: the catch-all does not either. UNREACHABLE: a person is called and has no
    working contact method.
    """

    EMPTY_STEP = "empty_step"
    ONLY_CATCH_ALL = "only_catch_all"
    NOBODY = "nobody"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weak:
    """A span in which a page would run into something; a step by its position, or a person."""

    weakness: Weakness
    starts_at: datetime
    ends_at: datetime
    position: int | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCalled:
    """Who is called first by a page that starts in this span; nobody in the worst case.

    ``channel_ids`` are destinations that the same step names beside people.
    """

    starts_at: datetime
    ends_at: datetime
    person_ids: tuple[UUID, ...]
    channel_ids: tuple[UUID, ...] = ()
    is_catch_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockShift:
    """A moment at which the clocks of some zones are put forward (or back, if ``by`` is less)."""

    at: datetime
    by: timedelta
    zones: tuple[str, ...]

    @property
    def is_forward(self) -> bool:
        """Whether an hour, or a part of one, is left out; otherwise it comes twice."""
        return self.by > timedelta()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A policy over a span of time. ``instants`` is how many starts of a page were looked at."""

    starts_at: datetime
    ends_at: datetime
    instants: int
    first_called: tuple[FirstCalled, ...]
    weaknesses: tuple[Weak, ...]
    clock_shifts: tuple[ClockShift, ...]

    @property
    def handovers(self) -> int:
        """How often others are called first than before."""
        return max(0, len(self.first_called) - 1)


def simulate(
    book: WakingBook, policy: EscalationPolicy, at: datetime, ahead: timedelta | None = None
) -> tuple[SimulatedCall, ...]:
    """The timeline of a page by this policy that nobody answers, from a moment on.

    Without ``ahead`` it reaches to the first call of the catch-all.
    """
    waking = waking_of_policy(book, policy, at, ahead or _whole_length(book, policy))
    found = [call for step in waking.steps for call in _calls(step, at)]
    return tuple(sorted(found, key=lambda call: call.offset))


def outlook(book: WakingBook, policy: EscalationPolicy, start: datetime, end: datetime) -> Outlook:
    """Who is called first by a page that starts between two moments, and what it may run into.

    Looked at are every full hour, and every start from which a step of the first round falls on
    an instant at which a shift or business hours begin or end. Between two
    of these nothing changes.
    """
    steps = _steps_of(book, policy)
    instants = _instants(book, policy, start, end)
    # A repeat meets nothing that the first round, a little later, does not meet.
    once = replace(policy, repeat_count=0)
    length = _whole_length(book, once)
    near = _Near(book, length)
    firsts: list[FirstCalled] = []
    weaknesses: dict[tuple[Weakness, int | None, UUID | None], list[Weak]] = {}
    for at, until in pairwise([*instants, end]):
        taken = waking_of_policy(near.at(at), once, at, length).steps
        first = _first(taken, Span(at, until))
        if firsts and _same(firsts[-1], first):
            first = replace(firsts.pop(), ends_at=until)
        firsts.append(first)
        for weak in _weaknesses(book, policy, steps, taken, Span(at, until)):
            key = (weak.weakness, weak.position, weak.person_id)
            spans = weaknesses.setdefault(key, [])
            if spans and spans[-1].ends_at == weak.starts_at:
                weak = replace(spans.pop(), ends_at=until)
            spans.append(weak)
    found = [weak for spans in weaknesses.values() for weak in spans]
    return Outlook(
        starts_at=start,
        ends_at=end,
        instants=len(instants),
        first_called=tuple(firsts),
        weaknesses=tuple(sorted(found, key=lambda weak: (weak.starts_at, weak.weakness.value))),
        clock_shifts=_clock_shifts(book, policy, start, end),
    )


class _Near:
    """The book with only the shifts and hours that a page of one day meets; they are many."""

    def __init__(self, book: WakingBook, length: timedelta) -> None:
        self._book = book
        self._length = length
        self._until = datetime.min.replace(tzinfo=UTC)
        self._near = book

    def at(self, moment: datetime) -> WakingBook:
        """The part that counts for a page that starts at a moment, later than the last asked."""
        if moment >= self._until:
            self._until = moment + _DAY
            last = self._until + self._length
            self._near = replace(
                self._book,
                shifts=tuple(
                    s for s in self._book.shifts if s.starts_at <= last and moment < s.ends_at
                ),
                hours=tuple(
                    h for h in self._book.hours if h.starts_at <= last and moment < h.ends_at
                ),
            )
        return self._near


def _calls(step: WakingStep, at: datetime) -> Iterator[SimulatedCall]:
    call = partial(
        SimulatedCall,
        round=step.round,
        position=step.position,
        is_catch_all=step.is_catch_all,
    )
    if not step.woken and not step.destination_ids:
        yield call(offset=step.at - at)
    for destination_id in step.destination_ids:
        yield call(offset=step.at - at, destination_id=destination_id)
    for one in step.woken:
        called = partial(
            call, person_id=one.person_id, called_as=one.called_as, roster_id=one.roster_id
        )
        if not one.messages:
            yield called(offset=step.at - at)
        for message in one.messages:
            yield called(
                offset=message.at - at,
                kind=message.kind,
                address=message.address,
                destination_id=message.destination_id,
            )


def _steps_of(book: WakingBook, policy: EscalationPolicy) -> tuple[EscalationStep, ...]:
    own = (step for step in book.steps if step.policy_id == policy.id and step.is_active)
    return tuple(sorted(own, key=lambda step: (step.position, step.id)))


def _whole_length(book: WakingBook, policy: EscalationPolicy) -> timedelta:
    """Until just after the catch-all is called for the first time, if every step waits."""
    waits = sum(step.delay_s for step in _steps_of(book, policy))
    return timedelta(seconds=waits * (policy.repeat_count + 1)) + _MOMENT


def _instants(
    book: WakingBook, policy: EscalationPolicy, start: datetime, end: datetime
) -> list[datetime]:
    edges = {edge for one in book.shifts for edge in (one.starts_at, one.ends_at)}
    for hours in book.hours:
        if hours.policy_id == policy.id:
            edges |= {hours.starts_at, hours.ends_at}
    instants = {start} | {edge - after for edge in edges for after in _offsets(book, policy)}
    hour = start.replace(minute=0, second=0, microsecond=0) + _HOUR
    while hour < end:
        instants.add(hour)
        hour += _HOUR
    return sorted(instant for instant in instants if start <= instant < end)


def _offsets(book: WakingBook, policy: EscalationPolicy) -> set[timedelta]:
    """How long after its start a page may take a step: any earlier one may take no time.

    Of many steps with delays of their own these are too many; then each is counted as waiting.
    """
    found, whole = {timedelta()}, [timedelta()]
    for step in _steps_of(book, policy)[:-1]:
        delay = timedelta(seconds=step.delay_s)
        found |= {offset + delay for offset in found}
        whole.append(whole[-1] + delay)
    return found if len(found) <= _MOST_OFFSETS else set(whole)


def _first(taken: Iterable[WakingStep], span: Span) -> FirstCalled:
    """The first step that reaches somebody. What reaches nobody is left at once."""
    step = next((step for step in taken if step.reaches_somebody), None)
    reached = tuple(one.person_id for one in step.woken if one.messages) if step else ()
    return FirstCalled(
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        person_ids=tuple(sorted(reached)),
        channel_ids=step.destination_ids if step else (),
        is_catch_all=step.is_catch_all if step else False,
    )


def _same(one: FirstCalled, other: FirstCalled) -> bool:
    return replace(one, starts_at=other.starts_at, ends_at=other.ends_at) == other


def _weaknesses(
    book: WakingBook,
    policy: EscalationPolicy,
    steps: tuple[EscalationStep, ...],
    taken: tuple[WakingStep, ...],
    span: Span,
) -> Iterator[Weak]:
    def weak(weakness: Weakness, position: int | None = None, who: Woken | None = None) -> Weak:
        return Weak(
            weakness=weakness,
            starts_at=span.starts_at,
            ends_at=span.ends_at,
            position=position,
            person_id=who.person_id if who else None,
        )

    own = [step for step in taken if step.round == 0 and not step.is_catch_all]
    for step in own:
        wanted = steps[step.position].taken
        in_hours = book.is_in_hours(policy, step.at)
        is_passed = wanted is not StepWhen.ALWAYS and in_hours is not (
            wanted is StepWhen.BUSINESS_HOURS
        )
        if not step.reaches_somebody and not is_passed:
            yield weak(Weakness.EMPTY_STEP, step.position)
    if not any(step.reaches_somebody for step in taken if not step.is_catch_all):
        yield weak(Weakness.ONLY_CATCH_ALL)
    if not any(step.reaches_somebody for step in taken):
        yield weak(Weakness.NOBODY)
    told = {one.person_id: one for step in taken for one in step.woken if not one.messages}
    for one in told.values():
        yield weak(Weakness.UNREACHABLE, who=one)


def _clock_shifts(
    book: WakingBook, policy: EscalationPolicy, start: datetime, end: datetime
) -> tuple[ClockShift, ...]:
    """Of the zones of the rosters that have shifts, and of the policy's own."""
    rostered = {shift.roster_id for shift in book.shifts}
    zones = {roster.time_zone for roster in book.rosters if roster.id in rostered}
    by_moment: dict[tuple[datetime, timedelta], list[str]] = {}
    for zone in sorted(zones | ({policy.time_zone} if policy.business_hours else set())):
        for change in wall_clock(zone).changes(start, end):
            by = change.after - change.before
            by_moment.setdefault((change.at, by), []).append(zone)
    return tuple(
        ClockShift(at=at, by=by, zones=tuple(zones_then))
        for (at, by), zones_then in sorted(by_moment.items())
    )
