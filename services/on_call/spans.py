"""Spans of time: half open, and sorted wherever several are spoken of."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID


class Span(NamedTuple):
    """From a moment until just before another."""

    starts_at: datetime
    ends_at: datetime


class Duty(NamedTuple):
    """A span in which one person is on call, and the rotation or override that says so."""

    starts_at: datetime
    ends_at: datetime
    person_id: UUID
    rotation_id: UUID | None = None
    override_id: UUID | None = None


def in_order(duty: Duty) -> tuple[datetime, datetime, UUID]:
    """Sorts duties by their start; of those that begin together the shortest is first."""
    return duty.starts_at, duty.ends_at, duty.person_id


def joined(spans: Iterable[Span]) -> list[Span]:
    """The time that lies in any of the spans, as the fewest spans."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.starts_at <= found[-1].ends_at:
            if span.ends_at > found[-1].ends_at:
                found[-1] = Span(found[-1].starts_at, span.ends_at)
        elif span.starts_at < span.ends_at:
            found.append(span)
    return found


def near(spans: "Sequence[Span] | Sequence[Duty]", start: datetime, end: datetime) -> slice:
    """The place of those that have time between ``start`` and ``end``; none overlaps another."""
    low = bisect_right(spans, start, key=attrgetter("ends_at"))
    return slice(low, bisect_left(spans, end, low, key=attrgetter("starts_at")))


def between(spans: Sequence[Span], start: datetime, end: datetime) -> list[Span]:
    """The time between ``start`` and ``end`` that lies in none of the spans, which are joined."""
    edges = [start, *(edge for span in spans for edge in span), end]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    gaps = (Span(max(low, start), min(high, end)) for low, high in pairs)
    return [gap for gap in gaps if gap.starts_at < gap.ends_at]


def shared(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The time that lies in both; each of the two is joined."""
    found = []
    here = there = 0
    while here < len(some) and there < len(others):
        low = max(some[here].starts_at, others[there].starts_at)
        high = min(some[here].ends_at, others[there].ends_at)
        if low < high:
            found.append(Span(low, high))
        if some[here].ends_at < others[there].ends_at:
            here += 1
        else:
            there += 1
    return found


def within(duties: Iterable[Duty], spans: Sequence[Span]) -> list[Duty]:
    """What of the duties lies in the spans, which are joined; both are sorted."""
    found = []
    there = 0
    for duty in duties:
        while there < len(spans) and spans[there].ends_at <= duty.starts_at:
            there += 1
        at = there
        while at < len(spans) and spans[at].starts_at < duty.ends_at:
            low = max(spans[at].starts_at, duty.starts_at)
            high = min(spans[at].ends_at, duty.ends_at)
            is_whole = low == duty.starts_at and high == duty.ends_at
            found.append(duty if is_whole else Duty(low, high, *duty[2:]))
            at += 1
    return found
