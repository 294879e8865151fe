"""History and notes as one readable timeline."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID

from services.core.ids import derived_id
from services.core.records import ColumnSpec, Plain, columns_of
from services.incidents.directory import Directory
from services.incidents.history import changes_in
from services.incidents.incident import HistoryEntry, Incident, Note, NoteKind
from services.incidents.page_entries import FIRSTLINE, LED_ON, NOBODY, PAGE, Called, page_sentence
from services.incidents.read_models import FieldChange, TimelineEntry, TimelineKind
from services.incidents.response_entries import (
    RESPONSE_SENTENCES,
    WRITTEN,
    asides,
    response_sentence,
)
from services.incidents.update_entries import STATUS_UPDATE, update_sentence
from services.incidents.words import word_of

SENTENCES: dict[str, tuple[TimelineKind, str]] = {
    "LogIncident": (TimelineKind.LOGGED, "logged the incident"),
    "DescribeIncident": (TimelineKind.CHANGE, "corrected the description"),
    "ChangeCaller": (TimelineKind.CHANGE, "changed the caller"),
    "CategoriseIncident": (TimelineKind.CHANGE, "changed category"),
    "ChangeService": (TimelineKind.CHANGE, "changed service"),
    "PrioritiseIncident": (TimelineKind.CHANGE, "set impact and urgency"),
    "ChangeSeverity": (TimelineKind.CHANGE, "changed severity"),
    "RestrictIncident": (TimelineKind.CHANGE, "changed who may read the incident"),
    "AssignIncident": (TimelineKind.ASSIGNMENT, "assigned the incident"),
    "StartIncident": (TimelineKind.STATE, "started work"),
    "HoldIncident": (TimelineKind.STATE, "put it on hold"),
    "ResumeIncident": (TimelineKind.STATE, "resumed work"),
    "AddNote": (TimelineKind.STATE, "resumed work: the caller answered"),
    "ResolveIncident": (TimelineKind.RESOLUTION, "resolved the incident"),
    "ReopenIncident": (TimelineKind.STATE, "reopened the incident"),
    "CloseIncident": (TimelineKind.CLOSURE, "closed the incident"),
    "CancelIncident": (TimelineKind.CLOSURE, "cancelled the incident"),
    "LinkToParent": (TimelineKind.CHANGE, "changed the parent incident"),
    "EscalateToTeam": (TimelineKind.ESCALATION, "escalated"),
    "AcceptEscalation": (TimelineKind.ESCALATION, "accepted the escalation"),
    "RejectEscalation": (TimelineKind.ESCALATION, "rejected the escalation"),
    "HandBackEscalation": (TimelineKind.ESCALATION, "handed back to the service desk"),
    "RecallEscalation": (TimelineKind.ESCALATION, "recalled the escalation"),
    "EscalateUp": (TimelineKind.ESCALATION, "escalated up the management line"),
    "AnswerEscalation": (TimelineKind.ESCALATION, "recorded the manager's answer"),
    "WithdrawEscalation": (TimelineKind.ESCALATION, "withdrew the call to the manager"),
    "PageTeam": (TimelineKind.PAGING, "asked for a page"),
    "PagePeople": (TimelineKind.PAGING, "asked people by name to help"),
    "WithdrawPage": (TimelineKind.PAGING, "took the page back"),
    "SendHeldPage": (TimelineKind.PAGING, "sent the held page after all"),
    "AcknowledgePage": (TimelineKind.PAGING, "acknowledged the page"),
    "DeclinePage": (TimelineKind.PAGING, "cannot answer the page, next please"),
    "SnoozePage": (TimelineKind.PAGING, "snoozed the page"),
    "EscalatePage": (TimelineKind.PAGING, "asked for the next step of the page at once"),
    "AnswerPage": (TimelineKind.PAGING, "answered the page"),
    "FirePage": (TimelineKind.PAGING, "led the page on"),
    "DraftUpdate": (TimelineKind.CHANGE, "began a status update"),
    "CorrectUpdate": (TimelineKind.CHANGE, "began a correction of a status update"),
    "ChangeDraft": (TimelineKind.CHANGE, "wrote other words, to be reviewed again"),
    "AskForReview": (TimelineKind.CHANGE, "asked for a review of the status update"),
    "ReviewUpdate": (TimelineKind.CHANGE, "reviewed the status update"),
    "SendUpdate": (TimelineKind.CHANGE, "let the status update go out"),
    "SendHeldUpdate": (TimelineKind.CHANGE, "sent the held status update after all"),
    "WithdrawUpdate": (TimelineKind.CHANGE, "withdrew the status update"),
    "FireUpdate": (TimelineKind.CHANGE, "dealt with the status update"),
    **RESPONSE_SENTENCES,
    "UndoAct": (TimelineKind.CHANGE, "undid the last act"),
    "RecordImportedState": (TimelineKind.IMPORTED, "imported a state"),
    "RecordImportedAssignment": (TimelineKind.IMPORTED, "imported an assignment"),
    "CorrectImportedRecord": (TimelineKind.IMPORTED, "imported the last values"),
}

NOTES: dict[NoteKind, tuple[TimelineKind, str, bool]] = {
    NoteKind.INTERNAL: (TimelineKind.NOTE, "added an internal note", True),
    NoteKind.REPLY: (TimelineKind.REPLY, "replied to the caller", False),
    NoteKind.CALL: (TimelineKind.CALL, "spoke with the caller", False),
    NoteKind.CALLER_REPLY: (TimelineKind.CALLER_REPLY, "noted a reply from the caller", False),
    NoteKind.CONTACT_ATTEMPT: (
        TimelineKind.CONTACT_ATTEMPT,
        "tried to reach the caller, no answer",
        False,
    ),
}

SHOWN = {
    "state": "State",
    "on_hold_reason": "Waiting for",
    "follow_up_at": "Follow-up",
    "summary": "Summary",
    "caller_id": "Caller",
    "service_id": "Service",
    "category_id": "Category",
    "subcategory_id": "Subcategory",
    "impact": "Impact",
    "urgency": "Urgency",
    "priority": "Priority",
    "severity": "Severity",
    "team_id": "Team",
    "assignee_id": "Assignee",
    "resolution_code": "Resolution",
    "parent_id": "Parent",
    "confirmation_method": "Confirmed by",
    "is_confidential": "Confidential",
}
"""The columns a timeline shows, with their words; the rest follows from them."""


NOTE_NAMES = ("note", "former resolution")
"""The parts of a command's id that make the ids of the notes it writes."""


@dataclass(frozen=True)
class Wording:
    """Turns plain values of incident columns into words, and ids into names."""

    directory: Directory
    numbers: dict[UUID, int]
    called: Called = field(default_factory=dict)

    def actor(self, id_: UUID) -> str:
        """Who acted; what the shared database does by itself, the program does."""
        return FIRSTLINE if id_ == NOBODY else self.directory.person(id_)

    def of(self, column: str, plain: Plain) -> str:
        """What a person reads for this value; empty when nothing is set."""
        if plain is None:
            return ""
        value = _COLUMNS[column].from_plain(plain)
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, Enum):
            return word_of(value)
        if isinstance(value, UUID):
            return self._name(column, value)
        if isinstance(value, tuple):
            return ", ".join(self.directory.products[i].name for i in value)
        return str(value)

    def _name(self, column: str, id_: UUID) -> str:
        if column == "parent_id":
            return f"INC-{self.numbers[id_]}" if id_ in self.numbers else "another incident"
        names = {
            "caller_id": self.directory.person,
            "assignee_id": self.directory.person,
            "team_id": self.directory.team,
            "service_id": self.directory.service,
            "category_id": self.directory.category,
            "subcategory_id": self.directory.category,
        }
        return names[column](id_)


_COLUMNS: dict[str, ColumnSpec] = {column.name: column for column in columns_of(Incident)}


def timeline(
    history: Sequence[HistoryEntry],
    notes: Iterable[Note],
    wording: Wording,
    waiting: Collection[UUID] = (),
) -> tuple[TimelineEntry, ...]:
    """Every act and note, newest first; what one act did to several records is one entry.

    Notes of the commands in ``waiting`` are saved here only.
    """
    unsent = {derived_id(id_, name) for id_ in waiting for name in NOTE_NAMES}
    entries = [_note_entry(note, wording, is_unsent=note.id in unsent) for note in notes]
    meant = asides(history)
    acts = (
        _act_entry(entry, wording, meant.get(entry.command_id, ""))
        for entry in _one_for_each_act(history)
    )
    entries += [entry for entry in acts if entry.sentence]
    return tuple(sorted(entries, key=_age, reverse=True))


def _age(entry: TimelineEntry) -> tuple[datetime, bool, str]:
    """Logging comes before all that happened in the same moment."""
    return (entry.happened_at, entry.kind is not TimelineKind.LOGGED, str(entry.id))


def _one_for_each_act(history: Sequence[HistoryEntry]) -> list[HistoryEntry]:
    """The incident's own entry of each act, else the escalation's.

    Pages that were led on together are told one by one.
    """
    chosen: dict[tuple[UUID, UUID | None], HistoryEntry] = {}
    for entry in history:
        key = (entry.command_id, entry.subject_id if entry.act == LED_ON else None)
        if key not in chosen or entry.subject == Incident.TABLE:
            chosen[key] = entry
    return list(chosen.values())


def _act_entry(entry: HistoryEntry, wording: Wording, aside: str = "") -> TimelineEntry:
    kind, sentence = SENTENCES.get(entry.act, (TimelineKind.CHANGE, entry.act))
    changed = changes_in(entry) if entry.subject == Incident.TABLE else {}
    shown = tuple(
        FieldChange(SHOWN[name], wording.of(name, before), wording.of(name, after))
        for name, (before, after) in changed.items()
        if name in SHOWN and name not in ("follow_up_at", "is_confidential")
    )
    said = _said(entry, sentence, shown, wording)
    return TimelineEntry(
        id=entry.id,
        kind=kind,
        actor_id=entry.actor_id,
        actor=wording.actor(entry.actor_id),
        on_behalf_of=entry.on_behalf_of,
        sentence=_told(entry, f"{said}, {aside}" if said and aside else said, wording),
        text=entry.remark if entry.act != "AddNote" else "",
        changes=shown,
        happened_at=entry.happened_at,
        recorded_at=entry.recorded_at,
        is_internal=entry.subject in WRITTEN,
    )


def _told(entry: HistoryEntry, sentence: str, wording: Wording) -> str:
    """The sentence, and who imported it by an administrator's right."""
    if not entry.on_behalf_of:
        return sentence
    return f"{sentence}, imported by {wording.directory.person(entry.actor_id)}"


def _said(
    entry: HistoryEntry, sentence: str, shown: Sequence[FieldChange], wording: Wording
) -> str:
    if entry.subject == PAGE:
        return page_sentence(entry, wording.called, sentence)
    if entry.subject == STATUS_UPDATE:
        return update_sentence(entry, sentence)
    if entry.subject in WRITTEN:
        return response_sentence(entry, sentence)
    after = {change.field: change.after for change in shown}
    if entry.act == "EscalateToTeam" and after.get("Team"):
        return f"escalated to {after['Team']}"
    if entry.act == "LinkToParent" and "parent_id" not in changes_in(entry):
        return "linked an incident to this one"
    if entry.act == "AssignIncident":
        name = after.get("Assignee")
        return f"assigned it to {name}" if name else "took the assignee away"
    if entry.act == "RestrictIncident" and (changed := changes_in(entry)):
        is_confidential = changed["is_confidential"][1]
        return "made it confidential" if is_confidential else "opened it to all agents"
    return sentence


def _note_entry(note: Note, wording: Wording, *, is_unsent: bool) -> TimelineEntry:
    of_newer = (TimelineKind.NOTE, f"added a note ({note.kind.value})", True)
    kind, sentence, is_internal = NOTES.get(note.kind, of_newer)
    if note.duration_s:
        minutes, seconds = divmod(note.duration_s, 60)
        sentence = f"{sentence}, {minutes} min {seconds} s"
    return TimelineEntry(
        id=note.id,
        kind=kind,
        actor_id=note.author_id,
        actor=wording.directory.person(note.author_id),
        on_behalf_of="",
        sentence=sentence,
        text=note.text,
        changes=(),
        happened_at=note.written_at,
        recorded_at=None if is_unsent else note.written_at,
        is_internal=is_internal,
    )
