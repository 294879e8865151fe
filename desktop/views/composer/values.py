"""What the composer shows and emits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from desktop.widgets.banner import BannerTone
from services.communications.status_page import Audience, ComponentStatus
from services.communications.status_update import UpdateMoment
from services.major_incidents.major import ResponsePhase


class ComposerVerb(Enum):
    """What can be asked about an update that is on its way."""

    SEND_NOW = "send_now"
    PUT_AWAY = "put_away"
    STOP = "stop"
    PASS = "pass"
    RETURN = "return"
    TAKE_BACK = "take_back"
    LEAVE_CORRECTION = "leave_correction"
    TAKE_THEIRS = "take_theirs"
    KEEP_MINE = "keep_mine"
    SHOW = "show"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateForm:
    """What stands in the composer.

    The next update is due ``next_after_s`` after it is sent, or at ``next_at``; with neither
    there is none. ``is_notifying`` is None while nobody has answered. ``told_at`` is an earlier
    moment that it claims to be of.
    """

    audience: Audience
    page_id: UUID | None
    moment: UpdateMoment
    phase: ResponsePhase
    subject: str
    summary: str
    current_status: str = ""
    next_steps: str = ""
    next_after_s: int | None = None
    next_at: datetime | None = None
    next_where: str = ""
    component_states: Mapping[UUID, ComponentStatus] = field(default_factory=dict)
    is_notifying: bool | None = None
    is_cause_released: bool = False
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChoice:
    """A status page; ``reach`` is its outlets in words, ``subscribers`` whom one may notify."""

    id: UUID
    name: str
    audience: Audience
    reach: str = ""
    subscribers: str = ""
    is_review_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentChoice:
    """A component of a page, and how it was told to do last."""

    id: UUID
    page_id: UUID
    name: str
    status: ComponentStatus = ComponentStatus.OPERATIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChoice:
    """Words to begin with, filled from the record."""

    id: UUID
    name: str
    audience: Audience
    moment: UpdateMoment
    subject: str = ""
    summary: str = ""
    current_status: str = ""
    next_steps: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckLine:
    """One point of the check: green when met, else with what to write."""

    text: str
    is_met: bool
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """Something in a field that a reader should not be told like that.

    ``must_change``: it does not leave like this.
    """

    field: str
    text: str
    must_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """An update as one outlet gets it; ``limit`` is 0 where there is none worth naming."""

    outlet: str
    icon: str
    text: str
    title: str = ""
    used: int = 0
    limit: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the words come to: the check, what was found, and how each outlet gets them."""

    checks: tuple[CheckLine, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    previews: tuple[PreviewLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StripLine:
    """How an update is on its way, and what can be done about it; the first verb is primary."""

    update_id: UUID | None
    tone: BannerTone
    lead: str
    text: str = ""
    icon: str = ""
    verbs: tuple[ComposerVerb, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """How an update fares at one outlet; ``reason`` is the provider's own words."""

    outlet: str
    icon: str
    tone: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """An update of the past."""

    id: UUID
    title: str
    audience: Audience
    by: str
    when: str
    text: str
    marks: tuple[str, ...] = ()
    receipts: tuple[ReceiptLine, ...] = ()
    may_correct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What the composer knows of one audience.

    ``is_locked``: somebody else reads the words; ``is_passed``: somebody did, and passed them.
    ``why_not_write`` and ``why_not_send`` are sentences, empty where the person may.
    """

    number: int = 1
    copies: str = ""
    pages: tuple[PageChoice, ...] = ()
    templates: tuple[TemplateChoice, ...] = ()
    places: tuple[str, ...] = ()
    next_after_s: tuple[int, ...] = ()
    is_locked: bool = False
    is_passed: bool = False
    why_not_write: str = ""
    why_not_send: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposerView:
    """All that the composer shows beside what is typed."""

    key: str = ""
    sides: Mapping[Audience, Side] = field(default_factory=dict)
    components: tuple[ComponentChoice, ...] = ()
    strips: tuple[StripLine, ...] = ()
    told: tuple[ToldLine, ...] = ()
    may_set_up: bool = False

    def side(self, audience: Audience) -> Side:
        """One audience's; an empty one before anything is known."""
        return self.sides.get(audience, Side())
