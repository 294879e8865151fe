"""The duty clock: how long people have been at it, and who could relieve them. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from services.major_incidents.major import RoleHolding
from services.on_call.roster import OnCallShift

TIRED_FROM = timedelta(hours=8)
"""On duty for so long within a day: somebody else should take over."""

DAY = timedelta(hours=24)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """How long somebody has worked: on this incident, and on any within the last 24 hours."""

    person_id: UUID
    on_incident: timedelta
    within_day: timedelta

    @property
    def is_tired(self) -> bool:
        """Whether they should be relieved."""
        return max(self.on_incident, self.within_day) >= TIRED_FROM


class ReliefReason(Enum):
    """Why somebody is a relief: on call now, backup now, or on call next."""

    BACKUP = "backup"
    ON_CALL = "on_call"
    NEXT = "next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """Somebody who could take over, from when on they are on call."""

    person_id: UUID
    roster_id: UUID
    because: ReliefReason
    starts_at: datetime


def duty_of(
    person_id: UUID, major_id: UUID, holdings: Iterable[RoleHolding], now: datetime
) -> Duty:
    """The duty of one person; ``holdings`` are those of all major incidents.

    Roles held at the same time count once.
    """
    own = [h for h in holdings if h.person_id == person_id]
    here = [h for h in own if h.major_id == major_id]
    return Duty(
        person_id=person_id,
        on_incident=_together(_spans(here, now)),
        within_day=_together(_spans(own, now, since=now - DAY)),
    )


def _spans(
    holdings: Iterable[RoleHolding], now: datetime, since: datetime | None = None
) -> list[Span]:
    spans = []
    for holding in holdings:
        if holding.accepted_at is not None:
            start = max(holding.accepted_at, since) if since else holding.accepted_at
            end = min(holding.ended_at or now, now)
            if start < end:
                spans.append((start, end))
    return sorted(spans)


def _together(spans: Sequence[Span]) -> timedelta:
    """The length of all spans, in which what overlaps counts once."""
    total, reached = timedelta(0), None
    for start, end in spans:
        begun = start if reached is None else max(start, reached)
        if begun < end:
            total += end - begun
            reached = end
    return total


def reliefs(
    shifts: Iterable[OnCallShift], on_duty: Collection[UUID], now: datetime
) -> tuple[Relief, ...]:
    """Who could take over, the best first: the backup, whoever is on call, who is so next.

    ``shifts`` are those of the rosters in question; ``on_duty`` are left out, and so is anybody
    who would be on call only a day from now.
    """
    ahead = [
        s for s in shifts if not s.is_cancelled and s.ends_at > now and s.starts_at < now + DAY
    ]
    found = [
        Relief(
            person_id=s.person_id,
            roster_id=s.roster_id,
            because=_reason(s, now),
            starts_at=s.starts_at,
        )
        for s in ahead
        if s.person_id not in on_duty
    ]
    order = list(ReliefReason)
    found.sort(key=lambda one: (order.index(one.because), one.starts_at, str(one.person_id)))
    chosen: dict[UUID, Relief] = {}
    for one in found:
        chosen.setdefault(one.person_id, one)
    return tuple(chosen.values())


def _reason(shift: OnCallShift, now: datetime) -> ReliefReason:
    if shift.starts_at > now:
        return ReliefReason.NEXT
    return ReliefReason.BACKUP if shift.is_backup else ReliefReason.ON_CALL
