"""What the screens of major incidents show: plain frozen values, made by presenters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from desktop.views.major.words import kind_word
from services.major_incidents.entries import DocumentSection, EntryKind, Verdict
from services.major_incidents.major import ChannelKind, ResponseRole

Choice = tuple[str, str, object]
"""A line of a menu: its verb, its text, what it is about. Without a verb it is a line between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadView:
    """Who it is, since when, and when the next word is due; times in any zone.

    ``state`` is the key of a state glyph. ``last_word_at`` and ``update_due_at`` span the ring of
    the countdown; without ``update_due_at`` no word is due. ``suspect`` is the change that came
    shortly before the impact, in words.
    """

    severity: int | None
    key: str
    state: str
    title: str
    facts: tuple[str, ...] = ()
    suspect: str = ""
    is_drill: bool = False
    impact_started_at: datetime | None = None
    impact_ended_at: datetime | None = None
    detected_in: str = ""
    last_word_at: datetime | None = None
    update_due_at: datetime | None = None
    is_past: bool = False


class StepStanding(Enum):
    """How far a step of the response is."""

    DONE = "done"
    NOW = "now"
    AHEAD = "ahead"


@dataclass(frozen=True, slots=True)
class StepView:
    """One of the nine steps; ``tip`` says what it takes."""

    key: str
    word: str
    standing: StepStanding
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """A role and who has it; without ``person`` nobody does.

    ``key`` tells rows apart. ``on_duty`` is the time on the incident in words, ``is_tired`` from
    eight hours on. ``is_offered``: the person has not answered yet; ``may_answer``: it is offered
    to the one at the desk. ``pack`` is the handover that comes with the offer, ``stream`` the
    line of work that the role is for.
    """

    key: str
    role: ResponseRole
    title: str
    duties: tuple[str, ...] = ()
    holding_id: UUID | None = None
    person_id: UUID | None = None
    person: str = ""
    on_duty: str = ""
    is_tired: bool = False
    is_offered: bool = False
    is_you: bool = False
    may_answer: bool = False
    pack: str = ""
    relief: str = ""
    stream_id: UUID | None = None
    stream: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRow:
    """One of several lines of work; ``remark`` is who leads it and how much is written of it.

    ``stands`` is how it stands in a word. ``is_shown``: board and timeline show it alone.
    """

    stream_id: UUID
    name: str
    remark: str
    stands: str = ""
    is_under_way: bool = True
    is_shown: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """Where the response meets; ``link`` is what a browser may open, empty for anything else.

    ``shown`` is the address as far as it is read by people. ``notes`` say what is amiss with a
    room that the dispatcher keeps, ``access`` then what to do about it; ``may_retry``: it can be
    asked to try again. ``is_made``: people can meet there. ``is_wrong``: they cannot, and will not.
    ``may_change``: it was typed, and can be typed anew.
    """

    channel_id: UUID | None
    kind: ChannelKind
    name: str
    address: str
    shown: str = ""
    access: str = ""
    link: str = ""
    notes: tuple[str, ...] = ()
    is_wrong: bool = False
    is_made: bool = True
    may_retry: bool = False
    may_change: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """A question of the assessment with its answer; ``is_unknown`` also where nobody answered.

    ``typed`` is the answer as somebody wrote it, ``text`` as it is shown.
    """

    section: DocumentSection
    question: str
    text: str
    is_unknown: bool
    typed: str = ""
    entry_ids: tuple[UUID, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card of the board. ``stamp`` is time and initials, or until when it runs."""

    entry_id: UUID
    kind: EntryKind
    text: str
    verdict: Verdict | None
    stamp: str
    tip: str = ""
    evidence: str = ""
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line of the timeline. ``entry_id`` is None where it stands in another record.

    ``kind`` decides glyph, word and filter; ``written_at`` is when it could be known.
    """

    key: str
    kind: str
    time: str
    who: str
    text: str
    happened_at: datetime
    written_at: datetime
    entry_id: UUID | None = None
    is_pinned: bool = False
    is_removed: bool = False
    tip: str = ""

    @property
    def spoken(self) -> str:
        """Its words for a screen reader."""
        marks = ("pinned" if self.is_pinned else "", "removed" if self.is_removed else "")
        said = (self.time, kind_word(self.kind), self.who, self.text, *marks)
        return ", ".join(part for part in said if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A change near the start of the impact; ``distance`` is "3 min before impact"."""

    change_id: UUID
    reference: str
    title: str
    when: str
    distance: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleView:
    """Everything the console shows of one major incident.

    ``refusals`` says by verb why its button is off; a verb that is not in it is possible.
    ``is_past``: it is how things stood at an earlier moment.
    """

    major_id: UUID
    incident_id: UUID
    head: HeadView
    steps: tuple[StepView, ...]
    roles: tuple[RoleRow, ...]
    streams: tuple[StreamRow, ...]
    channels: tuple[ChannelRow, ...]
    answers: tuple[AnswerRow, ...]
    changes: tuple[ChangeRow, ...] = ()
    refusals: Mapping[str, str] = field(default_factory=dict)
    is_past: bool = False

    def why_not(self, verb: str) -> str:
        """Why a verb is off, or empty."""
        return self.refusals.get(verb, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class MajorRow:
    """A line of the list of major incidents, and what the pill of the top bar says."""

    key: str
    major_id: UUID
    incident_id: UUID
    severity: int | None
    number: str
    state: str
    summary: str
    service: str = ""
    manager: str = ""
    since: str = ""
    review: str = ""
    update_due_at: datetime | None = None
    is_drill: bool = False
    is_open: bool = True
    is_accepted: bool = False
    tip: str = ""

    @property
    def spoken(self) -> str:
        """Its words for a screen reader."""
        parts = (
            "Drill" if self.is_drill else "",
            f"Severity {self.severity}" if self.severity else "",
            self.number,
            self.state,
            self.summary,
            self.service,
            f"Incident manager {self.manager}" if self.manager else "",
            self.since,
            self.review,
        )
        return ", ".join(part for part in parts if part)
