"""State documents to export."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from services.major_incidents import state_document as states
from services.major_incidents.entries import ASSESSMENT, DocumentSection, EntryKind, Verdict
from services.major_incidents.state_document import (
    Card,
    ChangeRow,
    Column,
    Fact,
    SectionOfDocument,
    StateDocument,
    StreamRow,
    TimelineLine,
)
from services.major_incidents.words import word_of

NOW = datetime(2026, 11, 21, 14, 52, tzinfo=UTC)


def ago(minutes: float) -> datetime:
    """So many minutes before the document."""
    return NOW - timedelta(minutes=minutes)


def paragraph(text: str, **changed: Any) -> Any:
    """A paragraph of a section."""
    made = states.Passage(
        text=text,
        written_by="Imran Sheikh",
        written_at=ago(30),
        is_unknown=False,
        is_removed=False,
    )
    return replace(made, **changed)


def section(which: DocumentSection, *paragraphs: Any) -> SectionOfDocument:
    """A section with its paragraphs."""
    return SectionOfDocument(
        section=which,
        heading=word_of(which),
        is_question=which in ASSESSMENT,
        paragraphs=paragraphs,
    )


def card(text: str, verdict: Verdict = Verdict.OPEN, **changed: Any) -> Card:
    """A card of the board."""
    made = Card(
        text=text,
        verdict=verdict,
        evidence="",
        outcome="",
        owner="Tara Lopes",
        theory="",
        stream="",
        is_removed=False,
    )
    return replace(made, **changed)


def line(minutes: float, kind: EntryKind, text: str, **changed: Any) -> TimelineLine:
    """An entry of the timeline, so many minutes ago."""
    made = TimelineLine(
        happened_at=ago(minutes),
        written_at=ago(minutes),
        kind=kind,
        word=word_of(kind),
        who="Imran Sheikh",
        text=text,
        stream="",
        is_pinned=False,
        is_removed=False,
    )
    return replace(made, **changed)


def checkout(**changed: Any) -> StateDocument:
    """A major incident in the middle of its response."""
    made = StateDocument(
        title="INC-1042 - SEV 1 - Checkout fails for card payments",
        is_drill=False,
        as_of=NOW,
        facts=(
            Fact(label="State", text="Accepted, identified"),
            Fact(label="Service", text="Online shop, Card payments"),
            Fact(label="Impact began", at=ago(52)),
            Fact(label="Detected", at=ago(46)),
            Fact(label="Impact ended", text=states.UNKNOWN),
            Fact(label="Time to detect", text="6 min"),
            Fact(label="Time to recover", text=states.UNKNOWN),
            Fact(label="Roles", text="Incident manager: Imran Sheikh; Tech lead: Tara Lopes"),
            Fact(label="Reported by", text="14 support cases, 3 linked incidents"),
        ),
        sections=(
            section(
                DocumentSection.SUMMARY,
                paragraph(
                    "About one in three card payments fails at checkout since 14:00 UTC."
                    " Orders that were paid for are safe; paying on invoice works."
                ),
            ),
            section(
                DocumentSection.IMPACT,
                paragraph("Card payments through gateway B fail with 502."),
                paragraph("All payments fail.", is_removed=True),
            ),
            section(
                DocumentSection.CUSTOMERS_SEE,
                paragraph("“Payment could not be processed” after 20 seconds.\nThe basket stays."),
            ),
            section(DocumentSection.HOW_MANY, paragraph("", is_unknown=True)),
            section(DocumentSection.SINCE_WHEN, paragraph("14:00 UTC, by the gateway's log.")),
            section(DocumentSection.SUPPORT_CASES),
            section(DocumentSection.OTHER_FACTORS, paragraph("Sale began at noon.")),
            section(DocumentSection.LINKS),
            section(DocumentSection.NOTES),
        ),
        streams=(
            StreamRow(
                name="Gateway B",
                purpose="Bring card payments back",
                lead="Tara Lopes",
                roles=("Database expert: Omar Reyes",),
                started_at=ago(40),
                ended_at=None,
            ),
            StreamRow(
                name="Invoices",
                purpose="",
                lead="",
                roles=(),
                started_at=ago(38),
                ended_at=ago(9),
            ),
        ),
        board=(
            Column(
                kind=EntryKind.OBSERVATION,
                heading="Observations",
                cards=(card("502 from gateway B only", Verdict.CONFIRMED),),
            ),
            Column(
                kind=EntryKind.THEORY,
                heading="Theories",
                cards=(
                    card(
                        "Release 4.18.2 broke the time-out of gateway B",
                        Verdict.TESTING,
                        evidence="Errors began 4 minutes after the release.",
                    ),
                    card("The provider is down", Verdict.RULED_OUT, evidence="Its page is green."),
                ),
            ),
            Column(
                kind=EntryKind.EXPERIMENT,
                heading="Experiments",
                cards=(
                    card(
                        "Roll back one host",
                        Verdict.CONFIRMED,
                        theory="Release 4.18.2 broke the time-out of gateway B",
                        stream="Gateway B",
                        outcome="No 502 on that host since 14:40.",
                    ),
                ),
            ),
        ),
        changes=(
            ChangeRow(
                who="Tara Lopes",
                what="Release 4.18.1 on host 1 of 6",
                at=ago(20),
                how="deploy rollback shop-1",
                why="To test the theory about the time-out",
                revert="deploy forward shop-1",
                is_removed=False,
            ),
        ),
        timeline=(
            line(46, EntryKind.OBSERVATION, "Alarm: 502 at checkout above 5 %."),
            line(41, EntryKind.DECISION, "Major incident declared.", written_at=ago(35)),
            line(20, EntryKind.CHANGE, "Host 1 rolled back."),
            line(12, EntryKind.COMMUNICATION, "Status page: identified.", is_removed=True),
        ),
    )
    return replace(made, **changed)


def filled_with(text: str) -> StateDocument:
    """The same with one text in every place where somebody types."""
    whole = checkout()
    return replace(
        whole,
        title=f"INC-1042 - SEV 1 - {text}",
        sections=tuple(section(each.section, paragraph(text)) for each in whole.sections),
        board=tuple(
            replace(
                c,
                cards=(
                    card(text, evidence=text, outcome=text, theory=text, owner=text, stream=text),
                ),
            )
            for c in whole.board
        ),
        streams=(replace(whole.streams[0], name=text, purpose=text, lead=text, roles=(text,)),),
        changes=(replace(whole.changes[0], who=text, what=text, how=text, why=text, revert=text),),
        timeline=(line(5, EntryKind.ACTION, text, who=text, stream=text),),
    )
