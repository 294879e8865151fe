"""The state document as one value, from which every export is written. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.major_incidents.entries import (
    ASSESSMENT,
    VERDICTS,
    DocumentSection,
    EntryKind,
    Verdict,
)
from services.major_incidents.impact import Suspect, time_to_detect, time_to_recover
from services.major_incidents.major import MajorIncident, MajorState
from services.major_incidents.read_models import Console, EntryItem, StreamItem
from services.major_incidents.words import joined_words, span_words, word_of

UNKNOWN = "Unknown"
"""What is said of a question that nobody can answer yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A line of the head: ``label`` and ``text``, or ``at`` where it is a moment."""

    label: str
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph as it reads; ``is_unknown`` is the answer that nobody knows."""

    text: str
    written_by: str
    written_at: datetime
    is_unknown: bool
    is_removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionOfDocument:
    """A section with its paragraphs; a question of the assessment is one that is asked."""

    section: DocumentSection
    heading: str
    is_question: bool
    paragraphs: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """A row of the table of changes: who did what, when, how, why, and how it is taken back."""

    who: str
    what: str
    at: datetime
    how: str
    why: str
    revert: str
    is_removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card of the board."""

    text: str
    verdict: Verdict
    evidence: str
    outcome: str
    owner: str
    theory: str
    stream: str
    is_removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamRow:
    """A line of work: who leads it, who holds a role in it, until when; None is still."""

    name: str
    purpose: str
    lead: str
    roles: tuple[str, ...]
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One kind of card: observations, theories or experiments."""

    kind: EntryKind
    heading: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineLine:
    """One entry of the timeline; ``written_at`` is later where it was entered afterwards."""

    happened_at: datetime
    written_at: datetime
    kind: EntryKind
    word: str
    who: str
    text: str
    stream: str
    is_pinned: bool
    is_removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectRow:
    """A change near the start of the impact; ``distance`` is "3 min before impact"."""

    reference: str
    title: str
    at: datetime
    distance: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateDocument:
    """All that the response knows, in the order in which it is read.

    ``sections`` holds every section, also one without a paragraph; ``timeline`` is oldest first.
    """

    title: str
    is_drill: bool
    as_of: datetime
    facts: tuple[Fact, ...]
    sections: tuple[SectionOfDocument, ...]
    streams: tuple[StreamRow, ...]
    board: tuple[Column, ...]
    changes: tuple[ChangeRow, ...]
    timeline: tuple[TimelineLine, ...]
    suspects: tuple[SuspectRow, ...] = ()


HEADINGS = {
    EntryKind.OBSERVATION: "Observations",
    EntryKind.THEORY: "Theories",
    EntryKind.EXPERIMENT: "Experiments",
}


def state_document(console: Console, now: datetime) -> StateDocument:
    """The state document of a major incident as it stands at ``now``."""
    entries = sorted(console.entries, key=lambda item: (item.entry.happened_at, str(item.entry.id)))
    return StateDocument(
        title=title_of(console),
        is_drill=console.major.is_drill,
        as_of=now,
        facts=_facts(console),
        sections=tuple(_section(console, section) for section in DocumentSection),
        streams=tuple(_stream(console.major, item) for item in console.streams),
        board=tuple(_column(kind, entries) for kind in VERDICTS),
        changes=tuple(_change(i) for i in entries if i.entry.kind is EntryKind.CHANGE),
        timeline=tuple(_line(item) for item in entries),
        suspects=tuple(_suspect(suspect) for suspect in console.suspects),
    )


def title_of(console: Console) -> str:
    """``INC-204 - SEV 1 - Checkout fails``."""
    severity = console.incident.severity
    named = word_of(severity) if severity else "No severity"
    return f"{console.item.key} - {named} - {console.incident.summary}"


def _facts(console: Console) -> tuple[Fact, ...]:
    major = console.major
    held = "; ".join(f"{item.role}: {item.person}" for item in console.roles if item.duty)
    return (
        Fact(label="State", text=f"{word_of(major.state)}, {word_of(major.phase).lower()}"),
        Fact(label="Service", text=joined_words((console.item.service, *console.products))),
        _moment("Impact began", major.impact_started_at),
        _moment("Detected", major.detected_at),
        _moment("Impact ended", major.impact_ended_at),
        _span("Time to detect", time_to_detect(major)),
        _span("Time to recover", time_to_recover(major)),
        Fact(label="Roles", text=held or "Nobody holds a role"),
        Fact(
            label="Reported by",
            text=f"{console.callers.cases} support cases,"
            f" {console.callers.children} linked incidents",
        ),
        *_review(console),
    )


def _review(console: Console) -> tuple[Fact, ...]:
    """Who reviews it until when, once that is settled."""
    if console.major.review_due_at is None:
        return ()
    return (
        Fact(label="Review by", text=console.item.review_owner),
        _moment("Review until", console.major.review_due_at),
    )


def _moment(label: str, at: datetime | None) -> Fact:
    return Fact(label=label, text="" if at else UNKNOWN, at=at)


def _span(label: str, span: timedelta | None) -> Fact:
    return Fact(label=label, text=UNKNOWN if span is None else span_words(span))


def _section(console: Console, section: DocumentSection) -> SectionOfDocument:
    return SectionOfDocument(
        section=section,
        heading=word_of(section),
        is_question=section in ASSESSMENT,
        paragraphs=tuple(
            Passage(
                text=item.entry.text,
                written_by=item.written_by,
                written_at=item.entry.written_at,
                is_unknown=item.entry.is_unknown,
                is_removed=item.entry.is_removed,
            )
            for item in console.document
            if item.entry.section is section
        ),
    )


def _stream(major: MajorIncident, item: StreamItem) -> StreamRow:
    """Whatever is still under way ends with the response."""
    is_over = major.state is not MajorState.ACCEPTED
    over_at = (major.resolved_at or major.decided_at) if is_over else None
    return StreamRow(
        name=item.stream.name,
        purpose=item.stream.purpose,
        lead=item.lead,
        roles=item.roles,
        started_at=item.stream.started_at,
        ended_at=item.stream.ended_at or over_at,
    )


def _column(kind: EntryKind, entries: Iterable[EntryItem]) -> Column:
    return Column(
        kind=kind,
        heading=HEADINGS[kind],
        cards=tuple(
            Card(
                text=item.entry.text,
                verdict=item.entry.verdict,
                evidence=item.entry.evidence,
                outcome=item.entry.outcome,
                owner=item.owner,
                theory=item.theory,
                stream=item.stream,
                is_removed=item.entry.is_removed,
            )
            for item in entries
            if item.entry.kind is kind
        ),
    )


def _change(item: EntryItem) -> ChangeRow:
    entry = item.entry
    return ChangeRow(
        who=item.owner or item.author,
        what=entry.text,
        at=entry.happened_at,
        how=entry.how,
        why=entry.why,
        revert=entry.revert,
        is_removed=entry.is_removed,
    )


def _suspect(suspect: Suspect) -> SuspectRow:
    event = suspect.event
    return SuspectRow(
        reference=event.reference,
        title=event.title,
        at=event.happened_at,
        distance=suspect.words,
        source=event.source,
    )


def _line(item: EntryItem) -> TimelineLine:
    entry = item.entry
    return TimelineLine(
        happened_at=entry.happened_at,
        written_at=entry.written_at,
        kind=entry.kind,
        word=word_of(entry.kind),
        who=item.author,
        text=entry.text,
        stream=item.stream,
        is_pinned=entry.is_pinned,
        is_removed=entry.is_removed,
    )
