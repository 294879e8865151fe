"""The list of the catalogue: any number of entries, painted as they come into view."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from desktop.theme.sizes import SELECTION_BAR
from desktop.theme.theme import current_theme
from desktop.views.catalogue.entries import Entry
from desktop.widgets.paint import draw_text, focus_frame, hairline
from desktop.widgets.paint_badges import TAG_HEIGHT, avatar, tag, tag_width

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_TALL, _PLAIN = 44, 36


class EntryModel(QAbstractListModel):
    """The entries that pass the filter."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self._shown: list[Entry] = []
        self._typed = ""

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries."""
        self._entries = list(entries)
        self.narrow(self._typed)

    def narrow(self, typed: str) -> None:
        """Show only entries that hold every word typed."""
        self._typed = typed
        words = typed.casefold().split()
        self.beginResetModel()
        self._shown = [
            entry
            for entry in self._entries
            if all(word in f"{entry.title} {entry.subtitle}".casefold() for word in words)
        ]
        self.endResetModel()

    def entry(self, index: Index) -> Entry | None:
        """The entry in a row."""
        return self._shown[index.row()] if index.isValid() else None

    def row_of(self, id_: UUID) -> int:
        """The row of an entry, -1 when it is not shown."""
        return next((at for at, entry in enumerate(self._shown) if entry.id == id_), -1)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.UserRole:
            return entry
        if role == Qt.ItemDataRole.AccessibleTextRole:
            retired = "" if entry.is_active else self.tr("retired")
            return ", ".join(part for part in (entry.title, entry.subtitle, retired) if part)
        return None


class _Row(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        entry = index.data(Qt.ItemDataRole.UserRole)
        return QSize(200, _TALL if entry.subtitle or entry.person else _PLAIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(Qt.ItemDataRole.UserRole)
        box, state, theme = QRectF(option.rect), option.state, current_theme()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("bg.selected"))
            bar = QRectF(box.left(), box.top(), SELECTION_BAR, box.height())
            painter.fillRect(bar, theme.color("accent.solid"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.color("bg.hover"))
        line = option.rect
        hairline(painter, line.left(), line.bottom(), line.width(), "line.subtle")
        self._paint_words(painter, box, entry)
        if state & QStyle.StateFlag.State_HasFocus:
            focus_frame(painter, box.adjusted(1, 1, -1, -2))

    def _paint_words(self, painter: QPainter, box: QRectF, entry: Entry) -> None:
        x, end = box.left() + 16, box.right() - 12
        if entry.person:
            avatar(painter, QPointF(x, box.center().y() - 13), 26, entry.person)
            x += 36
        if not entry.is_active:
            word = self.tr("Retired")
            wide = tag_width(word)
            at = QRectF(end - wide, box.center().y() - TAG_HEIGHT / 2, wide, TAG_HEIGHT)
            tag(painter, at, word, "neutral")
            end -= wide + 8
        ink = "fg.default" if entry.is_active else "fg.muted"
        room = end - x
        if not entry.subtitle:
            line = QRectF(x, box.top(), room, box.height())
            draw_text(painter, line, entry.title, "body.medium", ink)
            return
        draw_text(painter, QRectF(x, box.top() + 5, room, 18), entry.title, "body.medium", ink)
        below = QRectF(x, box.top() + 23, room, 16)
        draw_text(painter, below, entry.subtitle, "meta", "fg.subtle")


class EntryList(QListView):
    """Shows entries; ``entry_chosen`` follows the current row."""

    entry_chosen = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.entries = EntryModel(self)
        self.setModel(self.entries)
        self.setItemDelegate(_Row(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        entry = self.entries.entry(current)
        if entry is not None:
            self.entry_chosen.emit(entry.id)

    def choose(self, id_: UUID) -> None:
        """Go to an entry, if it is shown."""
        row = self.entries.row_of(id_)
        if row >= 0:
            self.setCurrentIndex(self.entries.index(row))
