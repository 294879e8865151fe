"""The history that follows from an act: the same entries the shared database will write."""

import json
from collections.abc import Iterable

from services.core.ids import derived_id
from services.core.records import Plain, Record, spec_of
from services.incidents.incident import Escalation, HistoryEntry, Incident
from services.sync.changes import Changes, Insert, Update
from services.sync.envelope import Envelope
from services.sync.guards import HistoryOf


def history_of(
    histories: Iterable[HistoryOf], envelope: Envelope, changes: Changes
) -> tuple[Record, ...]:
    """One entry for each record with a history that the act touches."""
    entries = []
    for item in changes.items:
        subject = item.record if isinstance(item, Insert) else item.after
        for history in histories:
            if isinstance(subject, history.record):
                entries.append(_entry(envelope, item, subject, history))
    return tuple(entries)


def _entry(
    envelope: Envelope, item: Insert | Update, subject: Record, history: HistoryOf
) -> HistoryEntry:
    act = envelope.act
    return HistoryEntry(
        id=derived_id(act.command_id, subject.id),
        incident_id=getattr(subject, history.incident_id),
        subject=history.record.TABLE,
        subject_id=subject.id,
        command_id=act.command_id,
        act=envelope.name,
        actor_id=act.actor_id,
        on_behalf_of=act.on_behalf_of,
        happened_at=act.happened_at,
        remark=envelope.remark,
        changes=json.dumps(_changed(item, history), ensure_ascii=False, separators=(",", ":")),
    )


def _changed(item: Insert | Update, history: HistoryOf) -> dict[str, tuple[Plain, Plain]]:
    if isinstance(item, Insert):
        return {}
    before = spec_of(history.record).to_row(item.before)
    return {
        name: (before[name], value)
        for name, value in item.columns.items()
        if name not in history.ignored
    }


def changes_in(entry: HistoryEntry) -> dict[str, tuple[Plain, Plain]]:
    """The changed columns of an entry: name → (before, after)."""
    return {name: (pair[0], pair[1]) for name, pair in json.loads(entry.changes).items()}


SUBJECTS: dict[str, type[Record]] = {
    Incident.TABLE: Incident,
    Escalation.TABLE: Escalation,
}
"""Records that have a history, by table."""
