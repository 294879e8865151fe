"""The state document as blocks in the order in which they are read; every export writes these.

All moments are in UTC, and say so: whoever reads an export may sit anywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from services.major_incidents.entries import EntryKind, Verdict
from services.major_incidents.state_document import (
    UNKNOWN,
    Card,
    Column,
    SectionOfDocument,
    StateDocument,
    StreamRow,
    SuspectRow,
    TimelineLine,
)
from services.major_incidents.words import word_of

DRILL: Final = "Drill: this is an exercise. Nothing here is about a real disturbance."
NOTHING: Final = "Nothing is written here."
NOT_ASKED: Final = "Not answered yet."


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a part; ``level`` is 2 for a part of the document, 3 for a part of that."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Prose:
    """Running text, whose lines stand as they were typed, and ``meta``, by whom and when.

    ``is_quiet``: the program says it, and nobody typed it.
    """

    text: str
    meta: str = ""
    is_struck: bool = False
    is_strong: bool = False
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Pairs:
    """Facts with their labels."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableRow:
    """Cells from left to right; ``is_struck``: it was taken back."""

    cells: tuple[str, ...]
    is_struck: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below their titles. ``shares`` tells how wide the columns are."""

    titles: tuple[str, ...]
    shares: tuple[int, ...]
    rows: tuple[TableRow, ...]


Piece = Heading | Prose | Pairs | Table

_REMOVED: Final = "Removed"
"""What stands before an entry that was taken back: a line through it is seen by few programs."""


def told_at(at: datetime) -> str:
    """``21 Nov 2026, 14:06 UTC``."""
    told = at.astimezone(UTC)
    return f"{told.day} {told:%b %Y, %H:%M} UTC"


def pieces_of(document: StateDocument) -> tuple[Piece, ...]:
    """The whole document below its title."""
    return (
        Prose(f"As of {told_at(document.as_of)}. All times are in UTC.", is_quiet=True),
        *([Prose(DRILL, is_strong=True)] if document.is_drill else []),
        Pairs(tuple((f.label, told_at(f.at) if f.at else f.text) for f in document.facts)),
        *(piece for section in document.sections for piece in _section(section)),
        *(_streams(document.streams) if document.streams else ()),
        Heading("Changes made"),
        _changes(document) if document.changes else Prose("Nothing was changed.", is_quiet=True),
        *(_suspects(document.suspects) if document.suspects else ()),
        Heading("Board"),
        *(piece for column in document.board for piece in _column(column)),
        Heading("Timeline"),
        _timeline(document.timeline) if document.timeline else Prose(NOTHING, is_quiet=True),
    )


def _section(section: SectionOfDocument) -> Iterable[Piece]:
    yield Heading(section.heading)
    for paragraph in section.paragraphs:
        answer = _joined(UNKNOWN if paragraph.is_unknown else "", paragraph.text)
        yield Prose(
            f"{_REMOVED}: {answer}" if paragraph.is_removed else answer,
            f"{paragraph.written_by}, {told_at(paragraph.written_at)}",
            is_struck=paragraph.is_removed,
            is_strong=paragraph.is_unknown,
        )
    if not any(not paragraph.is_removed for paragraph in section.paragraphs):
        yield Prose(NOT_ASKED if section.is_question else NOTHING, is_quiet=True)


def _joined(answer: str, text: str) -> str:
    """An answer with what was added to it; either may be empty."""
    return ". ".join(part for part in (answer, text) if part)


def _row(*cells: str, is_removed: bool) -> TableRow:
    if is_removed:
        cells = (f"{_REMOVED}\n{cells[0]}", *cells[1:])
    return TableRow(cells, is_removed)


def _changes(document: StateDocument) -> Table:
    return Table(
        ("When (UTC)", "Who", "What", "How", "Why", "How to revert"),
        (15, 13, 22, 17, 15, 18),
        tuple(
            _row(
                *(_short(row.at), row.who, row.what, row.how, row.why, row.revert),
                is_removed=row.is_removed,
            )
            for row in document.changes
        ),
    )


def _suspects(suspects: Iterable[SuspectRow]) -> Iterable[Piece]:
    yield Heading("Changes near the start of the impact")
    yield Table(
        ("When (UTC)", "Change", "What", "How near", "From"),
        (15, 14, 37, 20, 14),
        tuple(
            TableRow((_short(row.at), row.reference, row.title, row.distance, row.source))
            for row in suspects
        ),
    )


def _streams(streams: Iterable[StreamRow]) -> Iterable[Piece]:
    yield Heading("Work streams")
    yield Table(
        ("Stream", "Works on", "Lead", "Roles in it", "Since (UTC)", "Until (UTC)"),
        (18, 24, 14, 20, 12, 12),
        tuple(
            TableRow(
                (
                    *(row.name, row.purpose, row.lead or "Nobody", "\n".join(row.roles)),
                    *(
                        _short(row.started_at),
                        _short(row.ended_at) if row.ended_at else "Under way",
                    ),
                )
            )
            for row in streams
        ),
    )


def _column(column: Column) -> Iterable[Piece]:
    yield Heading(column.heading, 3)
    if not column.cards:
        yield Prose(NOTHING, is_quiet=True)
        return
    shown = _COLUMNS[column.kind]
    yield Table(
        tuple(title for title, _, _ in shown),
        tuple(share for _, share, _ in shown),
        tuple(
            _row(*(_cell(card, field) for _, _, field in shown), is_removed=card.is_removed)
            for card in column.cards
        ),
    )


_COLUMNS: Final = {
    EntryKind.OBSERVATION: (("Seen", 60, "text"), ("Verdict", 15, "verdict"), ("By", 25, "owner")),
    EntryKind.THEORY: (
        ("Theory", 38, "text"),
        ("Verdict", 15, "verdict"),
        ("Evidence", 30, "evidence"),
        ("Owner", 17, "owner"),
    ),
    EntryKind.EXPERIMENT: (
        ("Experiment", 30, "text"),
        ("Tests", 20, "theory"),
        ("Verdict", 13, "verdict"),
        ("Outcome", 22, "outcome"),
        ("Owner", 15, "owner"),
    ),
}


def _cell(card: Card, field: str) -> str:
    value = getattr(card, field)
    if field == "text":
        return _in_stream(card)
    return word_of(value) if isinstance(value, Verdict) else str(value)


def _timeline(lines: Iterable[TimelineLine]) -> Table:
    return Table(
        ("When (UTC)", "What", "Who", "Entry"),
        (17, 16, 17, 50),
        tuple(
            _row(_when(line), line.word, line.who, _in_stream(line), is_removed=line.is_removed)
            for line in lines
        ),
    )


def _in_stream(entry: Card | TimelineLine) -> str:
    """The text, and below it the work stream that it belongs to."""
    return f"{entry.text}\nWork stream: {entry.stream}" if entry.stream else entry.text


def _when(line: TimelineLine) -> str:
    """The moment, and that it was entered afterwards where that took longer than a minute."""
    happened, entered = _short(line.happened_at), _short(line.written_at)
    if (line.written_at - line.happened_at).total_seconds() <= 60:
        return happened
    day, _, time = entered.partition(", ")
    return f"{happened}\nentered {time if happened.startswith(f'{day},') else entered}"


def _short(at: datetime) -> str:
    told = at.astimezone(UTC)
    return f"{told.day} {told:%b, %H:%M}"
