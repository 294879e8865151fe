"""What was known when. Pure."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any, TypeVar

from services.core.records import Record, record_from, spec_of
from services.incidents.history import changes_in
from services.incidents.incident import HistoryEntry
from services.major_incidents.entries import ResponseEntry

R = TypeVar("R", bound=Record)


def _written_at(record: Any) -> datetime:
    moment: datetime = record.written_at
    return moment


def happened_until(entries: Iterable[ResponseEntry], moment: datetime) -> tuple[ResponseEntry, ...]:
    """What was so at a moment, as it is known now."""
    return tuple(entry for entry in entries if entry.happened_at <= moment)


def known_at(
    records: Iterable[R],
    history: Iterable[HistoryEntry],
    moment: datetime,
    since: Callable[[R], datetime] = _written_at,
) -> tuple[R, ...]:
    """What was written down at a moment, as it read then.

    ``history`` is that of the records; what was changed later is put back. ``since`` is when a
    record was written down.
    """
    later: dict[object, list[HistoryEntry]] = {}
    for change in history:
        if change.happened_at > moment:
            later.setdefault(change.subject_id, []).append(change)
    as_they_were = (_as_it_was(record, later.get(record.id, ())) for record in records)
    return tuple(record for record in as_they_were if since(record) <= moment)


def _as_it_was(record: R, changes: Collection[HistoryEntry]) -> R:
    if not changes:
        return record
    row = spec_of(type(record)).to_row(record)
    for change in sorted(changes, key=lambda c: (c.happened_at, str(c.id)), reverse=True):
        if change.subject == record.TABLE:
            row |= {name: before for name, (before, _) in changes_in(change).items()}
    return record_from(type(record), row)
