"""What the response writes down, as commands: timeline, board, document, cases, changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.major_incidents.entries import DocumentSection, EntryKind, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteEntry:
    """Write an entry of the timeline, or a card of the board.

    ``happened_at`` None is now. A change made says ``how``, ``why`` and ``revert``.
    """

    REMARK: ClassVar[str] = "text"

    incident_id: UUID
    entry_id: UUID
    kind: EntryKind
    text: str
    happened_at: datetime | None = None
    owner_id: UUID | None = None
    evidence: str = ""
    theory_id: UUID | None = None
    until_at: datetime | None = None
    how: str = ""
    why: str = ""
    revert: str = ""
    work_stream_id: UUID | None = None
    change_event_id: UUID | None = None
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEntry:
    """Set what is known of an entry; each field stands for itself and may be left as it was."""

    incident_id: UUID
    entry_id: UUID
    text: str
    verdict: Verdict
    evidence: str
    outcome: str
    owner_id: UUID | None
    until_at: datetime | None
    is_pinned: bool
    work_stream_id: UUID | None = None
    seen_text: str
    seen_verdict: Verdict
    seen_evidence: str
    seen_outcome: str
    seen_owner_id: UUID | None
    seen_until_at: datetime | None
    seen_is_pinned: bool
    seen_work_stream_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveEntry:
    """Strike an entry through, or put it back; struck through it stays readable."""

    incident_id: UUID
    entry_id: UUID
    is_removed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteDocumentEntry:
    """Write a paragraph of the state document at a place of its section."""

    incident_id: UUID
    entry_id: UUID
    section: DocumentSection
    text: str
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDocumentEntry:
    """Write a paragraph anew, or move it."""

    incident_id: UUID
    entry_id: UUID
    text: str
    position: int
    is_unknown: bool
    seen_text: str
    seen_position: int
    seen_is_unknown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveDocumentEntry:
    """Strike a paragraph through, or put it back; struck through it stays readable.

    ``replaced_ids`` are the answers that it replaced: they stand whenever it does not, unless a
    colleague has answered meanwhile.
    """

    incident_id: UUID
    entry_id: UUID
    is_removed: bool = True
    replaced_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAssessment:
    """Answer one of the six questions; ``is_unknown`` says aloud that nobody knows.

    ``entry_id`` is a new paragraph of the section. The answers that stood there and that the
    person saw, ``replaces_ids``, are struck through by it; one that a colleague gave meanwhile
    stays beside it.
    """

    incident_id: UUID
    entry_id: UUID
    section: DocumentSection
    text: str = ""
    is_unknown: bool = False
    replaces_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSupportCase:
    """Count a case of customer support, or a caller, in."""

    incident_id: UUID
    case_id: UUID
    reference: str = ""
    caller: str = ""
    remark: str = ""
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSupportCase:
    """It does not belong to the incident, or does after all."""

    incident_id: UUID
    case_id: UUID
    is_removed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AddChangeEvent:
    """Enter something that was deployed or changed; it may be what broke it.

    ``external_key`` is its key in ``source`` and unique there; empty by hand.
    """

    change_event_id: UUID
    title: str
    happened_at: datetime
    reference: str = ""
    service_id: UUID | None = None
    product_ids: tuple[UUID, ...] = ()
    source: str = ""
    external_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveChangeEvent:
    """It was entered by mistake, or was not."""

    change_event_id: UUID
    is_removed: bool = True
