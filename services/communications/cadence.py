"""When the next word about a major incident is due, and how late it is.

Source: PagerDuty's external communication guidelines: the first word within 5 minutes, then every
20 minutes for two hours, then less often, always naming the next one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from services.communications.status_page import Audience, CommunicationPlan
from services.communications.status_update import StatusUpdate, UpdateMoment, UpdateState
from services.core.ids import derived_id
from services.incidents.priority import Severity
from services.major_incidents.major import MajorIncident, MajorState, ResponsePhase

FIRST_WITHIN_S, RELAXED_AFTER_S, RELAXED_EVERY_S = 300, 7_200, 3_600
_EVERY_S = {
    (Severity.SEV1, Audience.EXTERNAL): 1_200,
    (Severity.SEV1, Audience.INTERNAL): 1_800,
    (Severity.SEV2, Audience.EXTERNAL): 1_800,
    (Severity.SEV2, Audience.INTERNAL): 3_600,
}
FRESH_FOR = timedelta(minutes=30)
"""How long an update without a plan may wait before somebody is asked about it."""


class Because(Enum):
    """Why a word is due when it is."""

    FIRST = "first"
    PLAN = "plan"
    PROMISE = "promise"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class WordDue:
    """When the next word is due, and why."""

    at: datetime
    because: Because

    def is_late(self, now: datetime) -> bool:
        """Whether the moment has passed."""
        return now > self.at

    def words(self, now: datetime) -> str:
        """``in 4:05`` or ``late 2:10``: minutes and seconds, hours before them where there are."""
        is_late = self.is_late(now)
        seconds = int(abs((now - self.at).total_seconds()))
        minutes, rest = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        told = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
        return f"{'late' if is_late else 'in'} {told}"


def default_plans() -> tuple[CommunicationPlan, ...]:
    """The plans that hold where nobody has set others; severity 3 has none."""
    return tuple(
        CommunicationPlan(
            id=derived_id("communication_plan", severity.value, audience.value),
            severity=severity,
            audience=audience,
            first_within_s=FIRST_WITHIN_S,
            every_s=every_s,
            relaxed_after_s=RELAXED_AFTER_S,
            relaxed_every_s=max(RELAXED_EVERY_S, every_s),
        )
        for (severity, audience), every_s in _EVERY_S.items()
    )


def plans_with_defaults(kept: Iterable[CommunicationPlan]) -> tuple[CommunicationPlan, ...]:
    """Every plan that is set, and the default ones beside them."""
    plans = {(p.severity, p.audience): p for p in (*default_plans(), *kept)}
    return tuple(plans.values())


def plan_for(
    plans: Iterable[CommunicationPlan], severity: Severity | None, audience: Audience
) -> CommunicationPlan | None:
    """The plan in force. A major incident that nobody ranked is told of as one of severity 2."""
    wanted = (severity or Severity.SEV2, audience)
    found = (p for p in plans if (p.severity, p.audience) == wanted and p.is_active)
    return next(found, None)


def due(
    major: MajorIncident,
    audience: Audience,
    plan: CommunicationPlan | None,
    updates: Iterable[StatusUpdate],
) -> WordDue | None:
    """When the next word is due to an audience; None where none is.

    A sent word starts the time anew. A promise that it made and that is earlier than the plan
    wins. After a final word nothing is due until a further one is sent. Once the response has
    ended, a last word is due to whoever was told of it and was left with an open one.
    """
    ended_at = ended(major)
    if ended_at is not None:
        # A drill told nobody, and a review has looked at what was told.
        is_past = major.is_drill or major.state is MajorState.REVIEWED
        if is_past or not left_open(updates, audience):
            return None
        within = plan.first_within_s if plan is not None else FIRST_WITHIN_S
        return WordDue(at=ended_at + timedelta(seconds=within), because=Because.END)
    if major.state is not MajorState.ACCEPTED or major.accepted_at is None or plan is None:
        return None
    sent = _sent(updates, audience)
    if not sent:
        first_at = major.accepted_at + timedelta(seconds=plan.first_within_s)
        return WordDue(at=first_at, because=Because.FIRST)
    last_at, last = max(sent, key=lambda pair: pair[0])
    if last.moment is UpdateMoment.FINAL:
        return None
    planned = last_at + interval(major.accepted_at, plan, last_at)
    promised = last.next_update_at
    if promised is not None and last_at < promised < planned:
        return WordDue(at=promised, because=Because.PROMISE)
    return WordDue(at=planned, because=Because.PLAN)


def ended(major: MajorIncident) -> datetime | None:
    """When a response ended, resolved or not; None while it has not."""
    if major.state in (MajorState.RESOLVED, MajorState.REVIEWED):
        return major.resolved_at
    return major.decided_at if major.state is MajorState.DEMOTED else None


def left_open(updates: Iterable[StatusUpdate], audience: Audience) -> bool:
    """Whether the last word on a page does not say that it is over.

    Customers read that from its phase, staff from words that are the final ones. A correction
    says again what was said before.
    """
    last: dict[UUID, StatusUpdate] = {}
    for _, update in sorted(_sent(updates, audience), key=lambda pair: pair[0]):
        if update.replaces_id is None:
            last[update.page_id] = update
    if audience is Audience.EXTERNAL:
        return any(update.phase is not ResponsePhase.RESOLVED for update in last.values())
    return any(update.moment is not UpdateMoment.FINAL for update in last.values())


def _sent(
    updates: Iterable[StatusUpdate], audience: Audience
) -> list[tuple[datetime, StatusUpdate]]:
    return [
        (u.sent_at, u)
        for u in updates
        if u.state is UpdateState.SENT and u.audience is audience and u.sent_at is not None
    ]


def interval(accepted_at: datetime, plan: CommunicationPlan, at: datetime) -> timedelta:
    """How long after a word at this moment the next one is due."""
    is_relaxed = at >= accepted_at + timedelta(seconds=plan.relaxed_after_s)
    return timedelta(seconds=plan.relaxed_every_s if is_relaxed else plan.every_s)


def is_stale(update: StatusUpdate, at: datetime) -> bool:
    """Whether an update that waits to leave is no longer new, so that it will be held."""
    fresh_until = update.fresh_until
    return update.state is UpdateState.QUEUED and fresh_until is not None and fresh_until < at


def fresh_for(
    major: MajorIncident | None, plan: CommunicationPlan | None, at: datetime
) -> timedelta:
    """How long an update that is queued at this moment counts as new."""
    if major is None or major.accepted_at is None or plan is None:
        return FRESH_FOR
    return interval(major.accepted_at, plan, at)
