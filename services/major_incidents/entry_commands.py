"""One function per command on what the response writes down: state in, row changes out."""

from dataclasses import replace
from datetime import datetime

from services.core.errors import InvalidText
from services.core.text import clean_line, clean_text, limit_of, require
from services.incidents.conditions import joined
from services.incidents.errors import NothingToUndo
from services.incidents.incident import Incident
from services.major_incidents import entry_acts as acts
from services.major_incidents.commands import the_major
from services.major_incidents.entries import (
    ASSESSMENT,
    VERDICTS,
    ChangeEvent,
    DocumentEntry,
    ResponseEntry,
    SupportCase,
    Verdict,
)
from services.major_incidents.errors import ChangeEventKnown, EntryRemoved, VerdictNotOfKind
from services.major_incidents.impact import ensure_past
from services.sync.changes import Act, Changes, State


def write_entry(state: State, act: Act, command: acts.WriteEntry) -> Changes:
    """An entry of the timeline.

    Raises:
        FieldMissing: it says nothing.
        ImpactTimesWrong: it has not happened yet.
    """
    major = the_major(state, command.incident_id)
    text = clean_text(command.text, field="text")
    require("text", text)
    return Changes.none().insert(
        ResponseEntry(
            id=command.entry_id,
            major_id=major.id,
            incident_id=command.incident_id,
            kind=command.kind,
            text=text,
            happened_at=_past(command.happened_at, act),
            written_at=act.happened_at,
            author_id=act.actor_id,
            owner_id=command.owner_id,
            evidence=clean_text(command.evidence, field="evidence"),
            theory_id=command.theory_id,
            until_at=command.until_at,
            how=clean_text(command.how, field="how"),
            why=clean_text(command.why, field="why"),
            revert=clean_text(command.revert, field="how to revert"),
            work_stream_id=command.work_stream_id,
            change_event_id=command.change_event_id,
            is_pinned=command.is_pinned,
        )
    )


def _past(moment: datetime | None, act: Act) -> datetime:
    ensure_past(moment, act.happened_at)
    return moment or act.happened_at


def change_entry(state: State, act: Act, command: acts.ChangeEntry) -> Changes:
    """An entry with what is known of it now; each field by itself.

    Raises:
        EntryRemoved: it was struck through.
        VerdictNotOfKind: a card of its kind has no such verdict.
        ChangedMeanwhile: a colleague set the same field to something else.
    """
    entry = state.get(ResponseEntry, command.entry_id)
    _ensure_kept(entry)
    if command.verdict not in VERDICTS.get(entry.kind, (Verdict.OPEN,)):
        raise VerdictNotOfKind(verdict=command.verdict.value)
    text = clean_text(command.text, field="text")
    require("text", text)
    evidence = clean_text(command.evidence, field="evidence")
    outcome = clean_text(command.outcome, field="outcome")
    changed = replace(
        entry,
        text=joined("text", command.seen_text, entry.text, text),
        verdict=joined("verdict", command.seen_verdict, entry.verdict, command.verdict),
        evidence=joined("evidence", command.seen_evidence, entry.evidence, evidence),
        outcome=joined("outcome", command.seen_outcome, entry.outcome, outcome),
        owner_id=joined("owner_id", command.seen_owner_id, entry.owner_id, command.owner_id),
        until_at=joined("until_at", command.seen_until_at, entry.until_at, command.until_at),
        is_pinned=joined("is_pinned", command.seen_is_pinned, entry.is_pinned, command.is_pinned),
        work_stream_id=joined(
            "work_stream_id",
            command.seen_work_stream_id,
            entry.work_stream_id,
            command.work_stream_id,
        ),
    )
    return Changes.none().update(entry, changed)


def remove_entry(state: State, act: Act, command: acts.RemoveEntry) -> Changes:
    """An entry struck through, or put back."""
    entry = state.get(ResponseEntry, command.entry_id)
    return Changes.none().update(entry, replace(entry, is_removed=command.is_removed))


def write_document_entry(state: State, act: Act, command: acts.WriteDocumentEntry) -> Changes:
    """A paragraph of the state document."""
    text = clean_text(command.text, field="text")
    require("text", text)
    major = the_major(state, command.incident_id)
    return Changes.none().insert(
        DocumentEntry(
            id=command.entry_id,
            major_id=major.id,
            incident_id=command.incident_id,
            section=command.section,
            position=command.position,
            text=text,
            written_by_id=act.actor_id,
            written_at=act.happened_at,
        )
    )


def change_document_entry(state: State, act: Act, command: acts.ChangeDocumentEntry) -> Changes:
    """A paragraph written anew or moved; who wrote last is named.

    Raises:
        EntryRemoved: it was struck through.
        ChangedMeanwhile: a colleague wrote something else.
    """
    entry = state.get(DocumentEntry, command.entry_id)
    _ensure_kept(entry)
    text = clean_text(command.text, field="text")
    if not command.is_unknown:
        require("text", text)
    changed = replace(
        entry,
        text=joined("text", command.seen_text, entry.text, text),
        position=joined("position", command.seen_position, entry.position, command.position),
        is_unknown=joined(
            "is_unknown", command.seen_is_unknown, entry.is_unknown, command.is_unknown
        ),
    )
    if changed == entry:
        return Changes.none()
    written = replace(changed, written_by_id=act.actor_id, written_at=act.happened_at)
    return Changes.none().update(entry, written)


def remove_document_entry(state: State, act: Act, command: acts.RemoveDocumentEntry) -> Changes:
    """A paragraph struck through, or put back, with the answers that it replaced.

    Raises:
        NothingToUndo: an answer was to give way to those it replaced, and somebody has replaced it.
    """
    entry = state.get(DocumentEntry, command.entry_id)
    replaced = [state.get(DocumentEntry, id_) for id_ in command.replaced_ids]
    if command.is_removed and replaced:
        if entry.is_removed:
            raise NothingToUndo(why="somebody has answered since")
        section = state.find(DocumentEntry, major_id=entry.major_id, section=entry.section)
        if any(one.id != entry.id and not one.is_removed for one in section):
            replaced = []
    changes = Changes.none().update(entry, replace(entry, is_removed=command.is_removed))
    for one in replaced:
        changes = changes.update(one, replace(one, is_removed=not command.is_removed))
    return changes


def answer_assessment(state: State, act: Act, command: acts.AnswerAssessment) -> Changes:
    """An answer, with those that it replaces struck through.

    Raises:
        FieldMissing: neither an answer nor that it is unknown.
        InvalidText: the section asks nothing.
    """
    if command.section not in ASSESSMENT:
        raise InvalidText(field="section", problem="it asks nothing")
    text = clean_text(command.text, field="answer")
    if not command.is_unknown:
        require("answer", text)
    major = the_major(state, command.incident_id)
    changes = Changes.none()
    for id_ in command.replaces_ids:
        earlier = state.get(DocumentEntry, id_)
        changes = changes.update(earlier, replace(earlier, is_removed=True))
    return changes.insert(
        DocumentEntry(
            id=command.entry_id,
            major_id=major.id,
            incident_id=command.incident_id,
            section=command.section,
            text=text,
            is_unknown=command.is_unknown,
            written_by_id=act.actor_id,
            written_at=act.happened_at,
        )
    )


def _ensure_kept(entry: ResponseEntry | DocumentEntry) -> None:
    if entry.is_removed:
        raise EntryRemoved()


def add_support_case(state: State, act: Act, command: acts.AddSupportCase) -> Changes:
    """A case or a caller counted in.

    Raises:
        FieldMissing: neither a reference nor a name.
    """
    incident = state.get(Incident, command.incident_id)
    reference = clean_line(command.reference, field="reference")
    caller = clean_line(command.caller, field="caller")
    require("reference", reference or caller)
    return Changes.none().insert(
        SupportCase(
            id=command.case_id,
            incident_id=incident.id,
            reference=reference,
            caller=caller,
            remark=clean_text(command.remark, field="remark"),
            opened_at=_past(command.opened_at, act),
            recorded_by_id=act.actor_id,
        )
    )


def remove_support_case(state: State, act: Act, command: acts.RemoveSupportCase) -> Changes:
    """A case that does not belong to it, or does after all."""
    case = state.get(SupportCase, command.case_id)
    return Changes.none().update(case, replace(case, is_active=not command.is_removed))


def add_change_event(state: State, act: Act, command: acts.AddChangeEvent) -> Changes:
    """A change for the feed of suspects.

    Raises:
        FieldMissing: it has no title.
        ChangeEventKnown: its source gave it already.
    """
    title = clean_line(command.title, limit_of("title"), field="title")
    require("title", title)
    source = clean_line(command.source, field="source")
    key = clean_line(command.external_key, field="key")
    if key and state.find(ChangeEvent, source=source, external_key=key):
        raise ChangeEventKnown(key=key, source=source)
    return Changes.none().insert(
        ChangeEvent(
            id=command.change_event_id,
            reference=clean_line(command.reference, field="reference"),
            title=title,
            happened_at=command.happened_at,
            service_id=command.service_id,
            product_ids=command.product_ids,
            source=source,
            external_key=key,
            recorded_by_id=act.actor_id,
            recorded_at=act.happened_at,
        )
    )


def remove_change_event(state: State, act: Act, command: acts.RemoveChangeEvent) -> Changes:
    """A change that was entered by mistake, or was not."""
    event = state.get(ChangeEvent, command.change_event_id)
    return Changes.none().update(event, replace(event, is_active=not command.is_removed))
