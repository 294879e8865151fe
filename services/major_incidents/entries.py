"""What the response writes down: timeline, board, state document, changes, support cases."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar
from uuid import UUID


class EntryKind(Enum):
    """What an entry of the timeline tells. Observations, theories and experiments are the board."""

    OBSERVATION = "observation"
    THEORY = "theory"
    EXPERIMENT = "experiment"
    DECISION = "decision"
    CHANGE = "change"
    ACTION = "action"
    COMMUNICATION = "communication"


class Verdict(Enum):
    """What became of a card of the board.

    An observation is open, confirmed or disproved; a theory open, testing, confirmed or ruled
    out; an experiment open, running, confirmed or disproved.
    """

    OPEN = "open"
    TESTING = "testing"
    RUNNING = "running"
    CONFIRMED = "confirmed"
    RULED_OUT = "ruled_out"
    DISPROVED = "disproved"


VERDICTS = {
    EntryKind.OBSERVATION: (Verdict.OPEN, Verdict.CONFIRMED, Verdict.DISPROVED),
    EntryKind.THEORY: (Verdict.OPEN, Verdict.TESTING, Verdict.CONFIRMED, Verdict.RULED_OUT),
    EntryKind.EXPERIMENT: (Verdict.OPEN, Verdict.RUNNING, Verdict.CONFIRMED, Verdict.DISPROVED),
}
"""The verdicts that each kind of card may have. Other entries stay OPEN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseEntry:
    """One entry of the timeline; a card of the board where its kind is one of three.

    ``happened_at`` is when it was so, ``written_at`` when it was written down. ``evidence`` is
    for and against a theory; ``theory_id`` is what an experiment tests, ``until_at`` when its
    result is due, ``outcome`` its result. A change made says ``how``, ``why`` and ``revert``,
    how it is taken back. A removed entry stays readable, struck through.
    """

    TABLE: ClassVar[str] = "response_entry"

    id: UUID
    version: int = 0
    major_id: UUID
    incident_id: UUID
    kind: EntryKind
    text: str
    happened_at: datetime
    written_at: datetime
    author_id: UUID
    owner_id: UUID | None = None
    verdict: Verdict = Verdict.OPEN
    evidence: str = ""
    outcome: str = ""
    theory_id: UUID | None = None
    until_at: datetime | None = None
    how: str = ""
    why: str = ""
    revert: str = ""
    work_stream_id: UUID | None = None
    change_event_id: UUID | None = None
    is_pinned: bool = False
    is_removed: bool = False


class DocumentSection(Enum):
    """A section of the state document; six of them are the questions of the assessment."""

    SUMMARY = "summary"
    IMPACT = "impact"
    CUSTOMERS_SEE = "customers_see"
    HOW_MANY = "how_many"
    SINCE_WHEN = "since_when"
    SUPPORT_CASES = "support_cases"
    OTHER_FACTORS = "other_factors"
    LINKS = "links"
    NOTES = "notes"


ASSESSMENT = (
    DocumentSection.IMPACT,
    DocumentSection.CUSTOMERS_SEE,
    DocumentSection.HOW_MANY,
    DocumentSection.SINCE_WHEN,
    DocumentSection.SUPPORT_CASES,
    DocumentSection.OTHER_FACTORS,
)
"""The six questions of the assessment, in the order in which they are asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    """One paragraph of the state document; entries merge one by one, so that none is lost.

    Entries of a section stand in the order of ``position``, then of their ids. ``is_unknown``
    is the answer "unknown", which is said aloud.
    """

    TABLE: ClassVar[str] = "document_entry"

    id: UUID
    version: int = 0
    major_id: UUID
    incident_id: UUID
    section: DocumentSection
    position: int = 0
    text: str = ""
    is_unknown: bool = False
    written_by_id: UUID
    written_at: datetime
    is_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportCase:
    """A case of customer support, or a caller, that belongs to the incident."""

    TABLE: ClassVar[str] = "support_case"

    id: UUID
    version: int = 0
    incident_id: UUID
    reference: str
    caller: str = ""
    remark: str = ""
    opened_at: datetime
    recorded_by_id: UUID
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvent:
    """Something that was deployed or changed, whoever did it; the feed of suspects.

    ``external_key`` is its key in the source it was read from, unique there; empty by hand.
    """

    TABLE: ClassVar[str] = "change_event"

    id: UUID
    version: int = 0
    reference: str = ""
    title: str
    happened_at: datetime
    service_id: UUID | None = None
    product_ids: tuple[UUID, ...] = ()
    source: str = ""
    external_key: str = ""
    recorded_by_id: UUID
    recorded_at: datetime
    is_active: bool = True
