"""Commands of this desk that the world moved away from, as questions to the person."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import sqlalchemy as sa

from services.core.messages import later
from services.core.records import Plain, spec_of
from services.incidents.acts import AddNote, PrioritiseIncident
from services.incidents.errors import (
    AlreadyEscalated,
    AlreadyTaken,
    ChangedMeanwhile,
    IncidentIsFinal,
    NewerNote,
    NotEscalated,
    NotHandedBack,
    NothingToUndo,
    TransitionNotAllowed,
)
from services.incidents.history import changes_in
from services.incidents.incident import HistoryEntry, Incident, Note
from services.incidents.local_tables import pending
from services.incidents.priority import Priority
from services.incidents.read_models import ConflictItem, FieldClash, Meanwhile
from services.incidents.timeline import SENTENCES, SHOWN, Wording
from services.sync.envelope import Envelope, envelope_from_json, unseal

C = TypeVar("C")
SEEN = "seen_"
UNITS = (("category_id", "subcategory_id"),)
"""Columns that are one choice: a subcategory belongs to its category."""

BY_ITSELF = frozenset({"summary", "description", "service_id", "affected_product_ids"})
"""Columns that one command sets without regard to each other."""

MORE_FIELDS = {"description": "Description", "affected_product_ids": "Affected products"}
OVERRIDE = "priority"

TYPED = (
    *("text", "resolution", "remark", "reason", "reply", "tried", "found", "need", "answer"),
    *("override_reason", "summary", "description"),
    *("decision", "handover", "evidence", "outcome", "how", "why", "revert", "recovery"),
)
"""What a person types into a command; none of it may be lost."""

MOVED = frozenset(
    fact.code
    for fact in (
        *(AlreadyEscalated, AlreadyTaken, ChangedMeanwhile, IncidentIsFinal, NotEscalated),
        *(NothingToUndo, NotHandedBack, TransitionNotAllowed),
    )
)
"""Facts behind which stands what a colleague did."""

WHERE_IT_STANDS = ("state", "escalation_state", "team_id", "assignee_id", "accepted_at")


@dataclass(frozen=True, slots=True)
class Past:
    """What has happened to an incident: its history and its notes."""

    history: Sequence[HistoryEntry]
    notes: Sequence[Note]


def conflicts_of(
    connection: sa.Connection,
    found: Incident,
    past: Past,
    wording: Wording,
    allowed: frozenset[str],
) -> tuple[ConflictItem, ...]:
    """The open conflicts of one incident, oldest first; ``allowed`` are the acts possible now."""
    query = (
        sa.select(pending)
        .where(pending.c.subject_id == str(found.id), pending.c.state == "conflict")
        .order_by(pending.c.seq)
    )
    rows = connection.execute(query).mappings()
    return tuple(_item(row, found, past, wording, allowed) for row in rows)


def _item(
    row: Any,
    found: Incident,
    past: Past,
    wording: Wording,
    allowed: frozenset[str],
) -> ConflictItem:
    envelope = envelope_from_json(row["envelope"])
    reason: dict[str, Plain] = json.loads(row["reason"])
    clashes: tuple[FieldClash, ...] = ()
    if row["code"] == ChangedMeanwhile.code:
        clashes = _clashes(envelope, found, past.history, wording)
    mine, theirs = _shortly(envelope, found, clashes, wording)
    return ConflictItem(
        command_id=envelope.command_id,
        act=envelope.name,
        code=row["code"],
        did=act_words(envelope.name),
        told=later(row["code"], reason).happened,
        clashes=clashes,
        field=_field(envelope.name, clashes),
        mine=mine,
        theirs=theirs,
        meanwhile=_meanwhile(row["code"], reason, envelope, past, wording),
        typed=typed_in(envelope),
        happened_at=envelope.happened_at,
        may_repeat=envelope.name in allowed,
        may_note="AddNote" in allowed,
    )


def act_words(name: str) -> str:
    """What a command did, in words that follow a name: "set impact and urgency"."""
    return "wrote a note" if name == "AddNote" else SENTENCES.get(name, (None, name))[1]


def typed_in(envelope: Envelope) -> str:
    """Everything a person typed into a command, in paragraphs; empty where nothing was."""
    texts = [
        str(envelope.args.get(name) or "")
        for name in TYPED
        if envelope.args.get(name) != envelope.args.get(SEEN + name)
    ]
    return "\n\n".join(dict.fromkeys(text for text in texts if text))


# -- which fields clash -----------------------------------------------------------------------


def units_of(args: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The columns that a command sets over a value it saw; those of one choice together."""
    names = tuple(args)
    columns = [name for name in names if SEEN + name in names]
    units = {
        column: next((unit for unit in UNITS if column in unit), (column,)) for column in columns
    }
    return tuple(dict.fromkeys(units.values()))


def units_set(given: Mapping[str, object]) -> tuple[tuple[str, ...], ...]:
    """The choices that a command makes.

    A column that stands for itself was left alone where it is as it was seen; others are decided
    together: impact is chosen with urgency, whether it stays or not.
    """
    return tuple(
        unit
        for unit in units_of(given)
        if unit[0] not in BY_ITSELF or given[unit[0]] != given[SEEN + unit[0]]
    )


def _clashes(
    envelope: Envelope, found: Incident, history: Sequence[HistoryEntry], wording: Wording
) -> tuple[FieldClash, ...]:
    """What was set here and is not so now."""
    now, args = spec_of(Incident).to_row(found), envelope.args
    if not {column for unit in units_of(args) for column in unit} <= now.keys():
        return ()  # it sets fields of another record, which belongs to the incident
    clashes = []
    for unit in units_set(args):
        mine, theirs = [args[c] for c in unit], [now[c] for c in unit]
        if mine != theirs:
            is_moved = theirs != [args[SEEN + c] for c in unit]
            clashes.append(_clash(unit, mine, theirs, history if is_moved else (), wording))
    override = args.get("override")
    if override is not None and override != now[OVERRIDE]:
        clashes.append(_clash((OVERRIDE,), [override], [now[OVERRIDE]], history, wording))
    return tuple(clashes)


def _clash(
    unit: tuple[str, ...],
    mine: list[Plain],
    theirs: list[Plain],
    history: Sequence[HistoryEntry],
    wording: Wording,
) -> FieldClash:
    entry = _last(history, unit)
    return FieldClash(
        column=unit[0],
        field=SHOWN.get(unit[0]) or MORE_FIELDS[unit[0]],
        mine=_path(unit, mine, wording),
        theirs=_path(unit, theirs, wording),
        by=wording.directory.person(entry.actor_id) if entry else "",
        at=entry.happened_at if entry else None,
    )


def _path(unit: tuple[str, ...], values: list[Plain], wording: Wording) -> str:
    words = [wording.of(column, value) for column, value in zip(unit, values, strict=True)]
    return " › ".join(word for word in words if word)


def _last(history: Sequence[HistoryEntry], columns: Iterable[str]) -> HistoryEntry | None:
    """The latest entry that changed one of these columns of the incident."""
    wanted = set(columns)
    touching = (
        entry
        for entry in history
        if entry.subject == Incident.TABLE and wanted & changes_in(entry).keys()
    )
    return max(touching, key=lambda entry: (entry.happened_at, str(entry.id)), default=None)


def _field(act: str, clashes: Sequence[FieldClash]) -> str:
    """The name for all that clashes."""
    if clashes and act == PrioritiseIncident.__name__:
        return SHOWN[OVERRIDE]
    names = [clash.field for clash in clashes]
    return " and ".join([names[0], *(name.lower() for name in names[1:])]) if names else ""


def _shortly(
    envelope: Envelope, found: Incident, clashes: Sequence[FieldClash], wording: Wording
) -> tuple[str, str]:
    """Both sides in a few words; impact and urgency by the priority that follows."""
    if not clashes:
        return "", ""
    if envelope.name == PrioritiseIncident.__name__:
        return _priority(envelope, wording), f"P{int(found.priority)}" if found.priority else ""
    return (
        " · ".join(clash.mine or "nothing" for clash in clashes),
        " · ".join(clash.theirs or "nothing" for clash in clashes),
    )


def _priority(envelope: Envelope, wording: Wording) -> str:
    args = envelope.args
    if args.get("override") is not None:
        return f"P{args['override']}"
    ranked = unseal(envelope, PrioritiseIncident)
    assert isinstance(ranked, PrioritiseIncident)
    matrix = wording.directory.matrix
    return f"P{int(matrix.priority_of(ranked.impact, ranked.urgency))}"


def _meanwhile(
    code: str, reason: dict[str, Plain], envelope: Envelope, past: Past, wording: Wording
) -> Meanwhile | None:
    """What a colleague did first, if that is why."""
    if code == NewerNote.code:
        return _noted(reason, past, wording)
    if code not in MOVED:
        return None
    columns: Sequence[str] = WHERE_IT_STANDS
    if code == ChangedMeanwhile.code:
        columns = [c.removeprefix(SEEN) for c in envelope.args if c.startswith(SEEN)]
    entry = _last(past.history, columns)
    if entry is None:
        return None
    return Meanwhile(
        by=wording.directory.person(entry.actor_id),
        did=act_words(entry.act),
        at=entry.happened_at,
    )


def _noted(reason: dict[str, Plain], past: Past, wording: Wording) -> Meanwhile | None:
    """The note that holds a reply."""
    note = next((n for n in past.notes if str(n.id) == reason.get("note_id")), None)
    if note is None:
        return None
    by = wording.directory.person(note.author_id)
    return Meanwhile(by=by, did=act_words("AddNote"), at=note.written_at, text=note.text)


# -- giving it again --------------------------------------------------------------------------


def given_again(command: C, now: Incident, theirs: frozenset[str] = frozenset()) -> C:
    """A new command with what was chosen, over the values of now.

    ``theirs`` names the clashing columns whose present value stays. A column that the command
    left as it saw it stays as it is now. A reply that was held goes without another look.
    """
    if isinstance(command, AddNote):
        return replace(command, seen_note_id=None)
    given = {field.name: getattr(command, field.name) for field in fields(command)}  # type: ignore[arg-type]
    changed: dict[str, object] = {
        name: getattr(now, name.removeprefix(SEEN)) for name in given if name.startswith(SEEN)
    }
    mine = units_set(given)
    for unit in units_of(given):
        if unit not in mine or theirs & set(unit):
            changed |= {column: getattr(now, column) for column in unit}
    if OVERRIDE in theirs:
        changed |= _override_of(now)
    return replace(command, **changed)  # type: ignore[type-var]


def _override_of(now: Incident) -> dict[str, Priority | str | None]:
    """The override in force, or none."""
    reason = now.priority_override_reason
    return {"override": now.priority if reason else None, "override_reason": reason}
