"""What was known when, and a past response played again on a fast clock. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from services.core.records import record_from, spec_of
from services.incidents.history import changes_in
from services.incidents.incident import HistoryEntry
from services.major_incidents.entries import ResponseEntry


def happened_until(entries: Iterable[ResponseEntry], moment: datetime) -> tuple[ResponseEntry, ...]:
    """What was so at a moment, as it is known now."""
    return tuple(entry for entry in entries if entry.happened_at <= moment)


def known_at(
    entries: Iterable[ResponseEntry], history: Iterable[HistoryEntry], moment: datetime
) -> tuple[ResponseEntry, ...]:
    """What was written down at a moment, as it read then.

    ``history`` is that of the entries; what was changed later is put back.
    """
    later: dict[object, list[HistoryEntry]] = {}
    for change in history:
        if change.subject == ResponseEntry.TABLE and change.happened_at > moment:
            later.setdefault(change.subject_id, []).append(change)
    return tuple(
        _as_it_was(entry, later.get(entry.id, ()))
        for entry in entries
        if entry.written_at <= moment
    )


def _as_it_was(entry: ResponseEntry, changes: Iterable[HistoryEntry]) -> ResponseEntry:
    row = spec_of(ResponseEntry).to_row(entry)
    for change in sorted(changes, key=lambda c: (c.happened_at, str(c.id)), reverse=True):
        row |= {name: before for name, (before, _) in changes_in(change).items()}
    return record_from(ResponseEntry, row)


def replayed(
    entries: Sequence[ResponseEntry], started_at: datetime, speed: float, now: datetime
) -> tuple[ResponseEntry, ...]:
    """The entries of a past response that have come by now, with their moments of the replay.

    The replay began at ``started_at`` with what happened first, and runs ``speed`` times as fast.
    Entries come in the order in which they were written down.
    """
    if not entries:
        return ()
    first = min(min(entry.happened_at, entry.written_at) for entry in entries)

    def moved(moment: datetime) -> datetime:
        return started_at + (moment - first) / speed

    shown = (
        replace(entry, happened_at=moved(entry.happened_at), written_at=moved(entry.written_at))
        for entry in sorted(entries, key=lambda e: (e.written_at, str(e.id)))
    )
    return tuple(entry for entry in shown if entry.written_at <= now)
