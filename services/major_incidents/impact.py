"""When the impact began, was noticed and ended, and what may have caused it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.major_incidents.entries import ChangeEvent
from services.major_incidents.errors import ImpactTimesWrong
from services.major_incidents.major import MajorIncident
from services.major_incidents.words import span_words

SUSPICIOUS_FOR = timedelta(hours=24)
"""A change so long before the impact may have caused it."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead the clock of a desk may be before a moment lies in the future."""


def time_to_detect(major: MajorIncident) -> timedelta | None:
    """From the start of the impact to its detection; None while either is unknown."""
    return _between(major.impact_started_at, major.detected_at)


def time_to_recover(major: MajorIncident) -> timedelta | None:
    """From the start of the impact to its end; None while either is unknown."""
    return _between(major.impact_started_at, major.impact_ended_at)


def _between(start: datetime | None, end: datetime | None) -> timedelta | None:
    return None if start is None or end is None else end - start


def ensure_order(
    started_at: datetime | None,
    detected_at: datetime | None,
    ended_at: datetime | None,
    now: datetime,
) -> None:
    """Let pass moments that follow each other and are not to come.

    Raises:
        ImpactTimesWrong: one lies before what it follows, or in the future.
    """
    if started_at and detected_at and detected_at < started_at:
        raise ImpactTimesWrong(problem="detected before it began")
    if started_at and ended_at and ended_at < started_at:
        raise ImpactTimesWrong(problem="ended before it began")
    if detected_at and ended_at and ended_at < detected_at:
        raise ImpactTimesWrong(problem="ended before it was detected")
    for at in (started_at, detected_at, ended_at):
        ensure_past(at, now)


def ensure_past(moment: datetime | None, now: datetime) -> None:
    """Let pass a moment that has come, or is unknown.

    Raises:
        ImpactTimesWrong: it lies ahead, further than a clock may be wrong.
    """
    if moment is not None and moment > now + CLOCK_TOLERANCE:
        raise ImpactTimesWrong(problem="a moment that has not come yet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """A change shortly before the onset: how long before, and whether it touched the service.

    ``before`` is 0 or more. ``words`` say it: ``3 min before impact``.
    """

    event: ChangeEvent
    before: timedelta
    is_related: bool
    words: str


def suspects(
    events: Iterable[ChangeEvent],
    major: MajorIncident,
    service_id: UUID | None,
    product_ids: Iterable[UUID],
) -> tuple[Suspect, ...]:
    """Changes within 24 hours before the impact began, or else before it was detected.

    Those of the same service or products come first, then the nearest; none while both moments
    are unknown.
    """
    onset = major.impact_started_at or major.detected_at
    if onset is None:
        return ()
    what = "impact" if major.impact_started_at else "detection"
    products = frozenset(product_ids)
    found = [
        Suspect(
            event=event,
            before=onset - event.happened_at,
            is_related=(service_id is not None and event.service_id == service_id)
            or bool(products & frozenset(event.product_ids)),
            words=f"{span_words(onset - event.happened_at)} before {what}",
        )
        for event in events
        if event.is_active and onset - SUSPICIOUS_FOR <= event.happened_at <= onset
    ]
    return tuple(sorted(found, key=lambda s: (not s.is_related, s.before, str(s.event.id))))
