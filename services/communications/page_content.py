"""What a status page tells at one moment: a value, apart from where it is read and published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final
from uuid import UUID

from services.communications.status_page import Audience, ComponentStatus
from services.major_incidents.major import ResponsePhase

KEPT_FOR: Final = timedelta(days=90)
"""How long a page tells of an incident after the last word about it."""

_WORST_LAST: Final = tuple(ComponentStatus)


class Indicator(Enum):
    """How all is in one word, from well to worst. Source: Statuspage's ``status.indicator``."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


_INDICATORS: Final = {
    ComponentStatus.OPERATIONAL: Indicator.NONE,
    ComponentStatus.UNDER_MAINTENANCE: Indicator.NONE,
    ComponentStatus.DEGRADED_PERFORMANCE: Indicator.MINOR,
    ComponentStatus.PARTIAL_OUTAGE: Indicator.MAJOR,
    ComponentStatus.MAJOR_OUTAGE: Indicator.CRITICAL,
}


def worst(states: Sequence[ComponentStatus]) -> ComponentStatus:
    """The worst of several; operational where there is none."""
    return max(states, key=_WORST_LAST.index, default=ComponentStatus.OPERATIONAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageComponent:
    """A part of what is offered and how it does. ``changed_at`` is None where it never changed."""

    id: UUID
    name: str
    description: str = ""
    status: ComponentStatus = ComponentStatus.OPERATIONAL
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageUpdate:
    """One word about an incident, as it reads now.

    ``id`` and ``ordinal`` (1 for the first that was sent) stay when it is corrected. ``told_at``
    is the moment that it tells of, ``sent_at`` when it left, ``edited_at`` when the last
    correction did. In ``text`` an empty line parts paragraphs, and a line that begins with ``• ``
    is a point of a list.
    """

    id: UUID
    ordinal: int
    phase: ResponsePhase
    told_at: datetime
    sent_at: datetime
    edited_at: datetime | None = None
    text: str
    is_backdated: bool = False

    @property
    def is_edited(self) -> bool:
        """Whether a correction took the place of what was sent first."""
        return self.edited_at is not None

    @property
    def touched_at(self) -> datetime:
        """When it last changed for readers."""
        return self.edited_at or self.sent_at


@dataclass(frozen=True, slots=True, kw_only=True)
class PageIncident:
    """An incident as readers know it. ``updates``: the newest first, by what they tell of.

    ``worst_status`` is the worst that any of its components came to.
    """

    id: UUID
    number: int
    name: str
    worst_status: ComponentStatus
    components: tuple[str, ...]
    updates: tuple[PageUpdate, ...]

    @property
    def reference(self) -> str:
        """The number as people say it."""
        return f"INC-{self.number}"

    @property
    def phase(self) -> ResponsePhase:
        """How far it is, by the newest word."""
        return self.updates[0].phase

    @property
    def is_open(self) -> bool:
        """Whether the newest word is not yet that it is over."""
        return self.phase is not ResponsePhase.RESOLVED

    @property
    def started_at(self) -> datetime:
        """The moment of the earliest word."""
        return self.updates[-1].told_at

    @property
    def touched_at(self) -> datetime:
        """When it last changed for readers."""
        return max(update.touched_at for update in self.updates)

    def reached_at(self, phase: ResponsePhase) -> datetime | None:
        """When it first came to a phase; None where it never did, or has left the end again."""
        if phase is ResponsePhase.RESOLVED and self.is_open:
            return None
        return min((u.told_at for u in self.updates if u.phase is phase), default=None)

    @property
    def impact(self) -> Indicator:
        """How bad it is for readers: at least minor, as something is told at all."""
        found = _INDICATORS[self.worst_status]
        return Indicator.MINOR if found is Indicator.NONE else found


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContent:
    """All that one status page tells.

    ``incidents``: the one that began last first. ``sequence`` rises with each change of what is
    told, so that two publications can be compared. ``address`` is where people read it, or empty.
    """

    page_id: UUID
    name: str
    audience: Audience
    description: str = ""
    address: str = ""
    components: tuple[PageComponent, ...] = ()
    incidents: tuple[PageIncident, ...] = ()
    generated_at: datetime
    sequence: int

    @property
    def open_incidents(self) -> tuple[PageIncident, ...]:
        """Those that are not over."""
        return tuple(incident for incident in self.incidents if incident.is_open)

    @property
    def past_incidents(self) -> tuple[PageIncident, ...]:
        """Those that are over."""
        return tuple(incident for incident in self.incidents if not incident.is_open)

    @property
    def worst_status(self) -> ComponentStatus:
        """How the component does that does worst."""
        return worst([component.status for component in self.components])

    @property
    def indicator(self) -> Indicator:
        """How all is in one word; an open incident makes it minor at least."""
        found = _INDICATORS[self.worst_status]
        return Indicator.MINOR if self.open_incidents and found is Indicator.NONE else found
