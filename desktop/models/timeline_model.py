"""What happened to one incident, newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.text import clock_text, date_text, full_when_text
from services.incidents.read_models import FieldChange, TimelineEntry

Index = QModelIndex | QPersistentModelIndex
SHOWN_CHARACTERS: Final = 4_000
_NOWHERE: Final = QModelIndex()


class TimelineModel(QAbstractListModel):
    """Entries under ``UserRole``; an entry with the same id keeps its line."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[TimelineEntry, ...] = ()
        self._pending: frozenset[UUID] = frozenset()
        self._viewer: UUID | None = None
        self._now: datetime | None = None

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{self.actor_of(entry)} {entry.sentence}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(entry)
        return None

    def show_entries(
        self,
        entries: Sequence[TimelineEntry],
        *,
        now: datetime,
        viewer_id: UUID | None = None,
        pending: frozenset[UUID] = frozenset(),
    ) -> None:
        """Show other entries; new ones at the top are inserted without a jump."""
        fresh = tuple(entries)
        grown = len(fresh) - len(self._entries)
        same = grown >= 0 and [e.id for e in fresh[grown:]] == [e.id for e in self._entries]
        self._pending, self._viewer, self._now = pending, viewer_id, now
        if not same or not self._entries:
            self.beginResetModel()
            self._entries = fresh
            self.endResetModel()
            return
        if grown:
            self.beginInsertRows(_NOWHERE, 0, grown - 1)
            self._entries = fresh
            self.endInsertRows()
        self._entries = fresh
        self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, 0))

    def is_pending(self, entry: TimelineEntry) -> bool:
        """Whether only this desk knows of it yet."""
        return entry.recorded_at is None or entry.id in self._pending

    def actor_of(self, entry: TimelineEntry) -> str:
        """Who did it: "You" for the viewer, both names where an import speaks for somebody."""
        if entry.on_behalf_of:
            return entry.on_behalf_of
        if self._viewer is not None and entry.actor_id == self._viewer:
            return self.tr("You")
        return entry.actor

    def time_of(self, entry: TimelineEntry) -> str:
        """``10:38`` today, ``12 Oct 15:20`` on other days."""
        if self._now is None:
            return ""
        at = entry.happened_at.astimezone(self._now.tzinfo)
        if at.date() == self._now.date():
            return clock_text(at)
        return f"{date_text(at, self._now)} {clock_text(at)}"

    def _tip(self, entry: TimelineEntry) -> str:
        if self._now is None:
            return ""
        lines = [full_when_text(entry.happened_at, self._now)]
        if entry.recorded_at is None:
            lines.append(self.tr("saved here, not yet sent"))
        elif abs((entry.recorded_at - entry.happened_at).total_seconds()) >= 60:
            at = full_when_text(entry.recorded_at, self._now)
            lines.append(self.tr("recorded %1").replace("%1", at))
        if entry.on_behalf_of:
            lines.append(self.tr("imported by %1").replace("%1", entry.actor))
        return "\n".join(lines)

    def _spoken(self, entry: TimelineEntry) -> str:
        parts = [self.time_of(entry), f"{self.actor_of(entry)} {entry.sentence}"]
        parts += [change_text(change) for change in entry.changes]
        parts.append(entry.text[:SHOWN_CHARACTERS])
        if self.is_pending(entry):
            parts.append(self.tr("not yet sent"))
        return ", ".join(part for part in parts if part)


def change_text(change: FieldChange) -> str:
    """``Category: Wi-Fi → VPN`` in words a screen reader can say."""
    return f"{change.field}: {change.before or '–'} → {change.after or '–'}"
