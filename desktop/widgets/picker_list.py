"""The rows of a picker."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

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
    QWidget,
)

from desktop.theme.theme import current_theme
from desktop.widgets.paint import CENTER, RIGHT, draw_icon, draw_text, rounded
from desktop.widgets.paint_badges import avatar

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_PLAIN: Final = 30
_TALL: Final = 42


@dataclass(frozen=True, slots=True)
class PickerItem:
    """What a picker offers; ``payload`` is whatever the caller wants back."""

    title: str
    payload: object = None
    subtitle: str = ""
    icon: str | None = None
    person: str = ""
    keywords: str = ""


class _Rows(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.items: list[PickerItem] = []
        self.checked: PickerItem | None = None

    def show(self, items: Sequence[PickerItem], checked: PickerItem | None) -> None:
        self.beginResetModel()
        self.items, self.checked = list(items), checked
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.UserRole:
            return item
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (item.title, item.subtitle) if part)
        return None


class _Row(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item = index.data(Qt.ItemDataRole.UserRole)
        return QSize(120, _TALL if item.subtitle else _PLAIN)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        item = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(item, PickerItem) or not isinstance(model, _Rows):
            return
        box = QRectF(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            rounded(painter, box, 5, current_theme().color("bg.selected"))
        elif state & QStyle.StateFlag.State_MouseOver:
            rounded(painter, box, 5, current_theme().color("bg.hover"))
        self._paint_item(painter, box, item, index.row(), checked=item == model.checked)

    def _paint_item(
        self, painter: QPainter, box: QRectF, item: PickerItem, row: int, *, checked: bool
    ) -> None:
        x = box.left() + 8
        if item.person:
            avatar(painter, QPointF(x, box.center().y() - 12), 24, item.person)
            x += 34
        elif item.icon:
            draw_icon(painter, item.icon, "fg.muted", x, box.center().y() - 8)
            x += 24
        end = box.right() - 8
        if row < 9:
            draw_text(painter, QRectF(end - 14, box.top(), 14, box.height()), str(row + 1),
                      "micro", "fg.subtle", RIGHT)  # fmt: skip
        if checked:
            draw_icon(painter, "check", "accent.fg", end - 36, box.center().y() - 8)
        room = end - 44 - x
        if not item.subtitle:
            line = QRectF(x, box.top(), room, box.height())
            draw_text(painter, line, item.title, "body.medium" if checked else "body")
            return
        draw_text(painter, QRectF(x, box.top() + 4, room, 18), item.title, "body.medium")
        below = QRectF(x, box.top() + 22, room, 16)
        draw_text(painter, below, item.subtitle, "meta", "fg.subtle")


class PickerList(QListView):
    """Shows items; says which was picked."""

    picked = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows(self)
        self._nothing = ""
        self.setModel(self._rows)
        self.setItemDelegate(_Row(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._pick)

    def show_items(
        self, items: Sequence[PickerItem], checked: PickerItem | None, nothing: str
    ) -> None:
        """Show items with one checked, or the sentence ``nothing`` when there are none."""
        self._nothing = nothing
        self._rows.show(items, checked)
        if items:
            at = items.index(checked) if checked in items else 0
            self.setCurrentIndex(self._rows.index(at))

    def wanted_height(self, shown: int) -> int:
        """Height for as many rows as there are, ``shown`` at most."""
        items = self._rows.items[:shown]
        return sum(_TALL if item.subtitle else _PLAIN for item in items) or _PLAIN

    def step(self, by: int) -> None:
        """Move the current row."""
        count = self._rows.rowCount()
        if count:
            row = min(max(self.currentIndex().row() + by, 0), count - 1)
            self.setCurrentIndex(self._rows.index(row))

    def pick_current(self) -> None:
        """Pick the current row, if there is one."""
        self._pick(self.currentIndex())

    def pick_row(self, row: int) -> bool:
        """Pick a row by its number from 0; false if there is no such row."""
        if row >= self._rows.rowCount():
            return False
        self._pick(self._rows.index(row))
        return True

    def _pick(self, index: Index) -> None:
        item = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        if isinstance(item, PickerItem):
            self.picked.emit(item)

    def keyboardSearch(self, search: str) -> None:
        """Typing belongs to the filter."""

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)  # type: ignore[arg-type]
        if not self._rows.items:
            painter = QPainter(self.viewport())
            draw_text(painter, self.viewport().rect(), self._nothing, "meta", "fg.subtle", CENTER)
            painter.end()
