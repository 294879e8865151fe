"""The list of a picker: a filter, the current item checked, numbers that pick."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop.theme.sizes import CONTROL, RADIUS_CARD
from desktop.theme.theme import current_theme
from desktop.widgets.inputs import LineEdit
from desktop.widgets.overlay import floating_host
from desktop.widgets.paint import rounded, shadow
from desktop.widgets.picker_list import PickerItem, PickerList

_EDGE: Final = 34
_MIN_WIDTH: Final = 240
_SHOWN: Final = 8
_PICKING_KEYS: Final = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
)


@dataclass(frozen=True, slots=True)
class _Found:
    item: PickerItem
    rank: int


def matching(items: Sequence[PickerItem], text: str) -> list[PickerItem]:
    """Items whose words start with each word typed, best first; all of them for no text."""
    words = text.casefold().split()
    if not words:
        return list(items)
    found = [_Found(item, rank) for item in items if (rank := _rank(item, words)) is not None]
    return [one.item for one in sorted(found, key=lambda one: one.rank)]


def _rank(item: PickerItem, words: Sequence[str]) -> int | None:
    title = item.title.casefold()
    hay = f"{title} {item.subtitle} {item.keywords}".casefold()
    if not all(word in hay for word in words):
        return None
    if title.startswith(words[0]):
        return 0
    return 1 if f" {words[0]}" in f" {hay}" else 2


class PickerPopup(QWidget):
    """Floats inside the window below its field, or above where there is no room."""

    picked = Signal(object)
    searched = Signal(str)
    closed = Signal()

    def __init__(
        self,
        field: QWidget,
        name: str,
        search: Callable[[str], Sequence[PickerItem]] | None = None,
        *,
        with_filter: bool = True,
        local_filter: bool = True,
    ) -> None:
        self._host = floating_host(field)
        super().__init__(self._host)
        self._field = field
        self._search = search
        self._local_filter = local_filter
        self._items: list[PickerItem] = []
        self._current: PickerItem | None = None
        self._is_closing = False
        self.setAccessibleName(name)
        self._filter = LineEdit(name, placeholder=self.tr("Type to filter"), height=CONTROL)
        self._list = PickerList(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE + 6, _EDGE + 6, _EDGE + 6, _EDGE + 6)
        column.setSpacing(4)
        column.addWidget(self._filter)
        column.addWidget(self._list)
        # Only once it has a parent: shown without one it would be a window of its own for a moment.
        self._filter.setVisible(with_filter)
        self._filter.textChanged.connect(self._narrow)
        self._filter.textChanged.connect(self.searched)
        self._filter.installEventFilter(self)
        self._list.picked.connect(self._take)
        self._list.installEventFilter(self)

    def show_items(self, items: Sequence[PickerItem], current: PickerItem | None) -> None:
        """Offer items, the current one checked."""
        self._items, self._current = list(items), current
        self._narrow(self._filter.text())

    def open(self, typed: str = "") -> None:
        """Show beside the field with the keyboard in the filter."""
        self._filter.setText(typed)
        self.show()
        self.raise_()
        (self._filter if not self._filter.isHidden() else self._list).setFocus(
            Qt.FocusReason.PopupFocusReason
        )
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def _narrow(self, text: str) -> None:
        if self._search is not None:
            found = list(self._search(text))
        elif self._local_filter:
            found = matching(self._items, text)
        else:
            found = self._items
        self._list.show_items(found, self._current, self.tr("No match"))
        self._place()

    def _place(self) -> None:
        host = self._host
        top_left = host.mapFromGlobal(self._field.mapToGlobal(QPoint(0, 0)))
        box = QRect(top_left, self._field.size())
        width = max(box.width(), _MIN_WIDTH)
        head = 0 if self._filter.isHidden() else CONTROL + 4
        height = self._list.wanted_height(_SHOWN) + head + 12
        y = box.bottom() + 5
        if y + height > host.height() - 8 and box.top() - height - 4 > 8:
            y = box.top() - height - 4
        x = min(box.left(), host.width() - width - 8)
        inner = QRect(max(8, x), y, width, height)
        self.setGeometry(inner.adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE))

    def _take(self, item: PickerItem) -> None:
        self.close_list()
        self.picked.emit(item)

    def close_list(self) -> None:
        """Take the list away and give the keyboard back to the field."""
        if self._is_closing:
            return
        self._is_closing = True
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self.hide()
        if self._field.isVisible():
            self._field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
        QTimer.singleShot(0, self, self.deleteLater)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # While the collector takes a window apart, events still arrive after the attributes left.
        if getattr(self, "_is_closing", True):
            return False
        kind = event.type()
        if kind == QEvent.Type.KeyPress and watched in (self._filter, self._list):
            return isinstance(event, QKeyEvent) and self._steer(event)
        if kind == QEvent.Type.MouseButtonPress and isinstance(event, QMouseEvent):
            self._close_when_outside(watched, event)
        if kind == QEvent.Type.Resize and watched is self._host:
            self.close_list()
        return False

    def _close_when_outside(self, watched: QObject, event: QMouseEvent) -> None:
        if not isinstance(watched, QWidget) or watched.window() is not self.window():
            return
        box = self.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        if not box.contains(self.mapFromGlobal(event.globalPosition().toPoint())):
            self.close_list()

    def _steer(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_list()
        elif key in _PICKING_KEYS:
            self._list.pick_current()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._list.step(1 if key == Qt.Key.Key_Down else -1)
        elif not self._filter.text() and Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            return self._list.pick_row(key - Qt.Key.Key_1)
        else:
            return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        shadow(painter, box, RADIUS_CARD)
        line = theme.color("line.default")
        rounded(painter, box, RADIUS_CARD, theme.color("bg.raised"), line)
        painter.end()
