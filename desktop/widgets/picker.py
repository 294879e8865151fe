"""A field that chooses one of a list; the list opens below it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.theme.sizes import CONTROL_FORM, ICON, RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.widgets.paint import draw_icon, draw_text, focus_frame, rounded
from desktop.widgets.paint_badges import avatar
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.picker_popup import PickerPopup

_OPENING_KEYS = (
    Qt.Key.Key_Down,
    Qt.Key.Key_Up,
    Qt.Key.Key_Space,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
)


class Picker(QPushButton):
    """A select field 32 high: Space, Enter, arrows or typing open its list.

    ``picked`` carries the chosen ``PickerItem``. ``search``, if given, is asked for items on
    each change of the filter text instead of filtering the items set. For a search in the
    background switch ``local_filter`` off, and answer ``searched`` with ``set_items``.
    """

    picked = Signal(object)
    searched = Signal(str)

    def __init__(
        self,
        name: str,
        *,
        placeholder: str = "",
        icon: str | None = None,
        search: Callable[[str], Sequence[PickerItem]] | None = None,
        with_filter: bool = True,
        local_filter: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name = name
        self._placeholder = placeholder
        self._icon = icon
        self._search = search
        self._with_filter = with_filter
        self._local_filter = local_filter
        self._items: list[PickerItem] = []
        self._current: PickerItem | None = None
        self._popup: PickerPopup | None = None
        self._invalid = False
        self.setFixedHeight(CONTROL_FORM)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAutoDefault(False)
        self.clicked.connect(self.open_list)
        self._tell_name()

    def set_items(self, items: Sequence[PickerItem]) -> None:
        """Offer other items; the current one stays as it is."""
        self._items = list(items)
        if self._popup is not None:
            self._popup.show_items(self._items, self._current)

    @property
    def items(self) -> tuple[PickerItem, ...]:
        """What is offered, in order."""
        return tuple(self._items)

    @property
    def current(self) -> PickerItem | None:
        """The chosen item."""
        return self._current

    def set_current(self, item: PickerItem | None) -> None:
        """Choose without telling."""
        self._current = item
        self._tell_name()
        self.update()

    def set_current_payload(self, payload: object) -> None:
        """Choose the item that carries ``payload``, or none, without telling."""
        found = (item for item in self._items if item.payload == payload)
        self.set_current(next(found, None))

    def set_invalid(self, invalid: bool) -> None:
        """Show or lift the line that says a choice is missing."""
        self._invalid = invalid
        self.update()

    def _tell_name(self) -> None:
        chosen = self._current.title if self._current else self._placeholder
        self.setAccessibleName(f"{self._name}: {chosen}" if chosen else self._name)

    @property
    def is_open(self) -> bool:
        """Whether the list is on screen."""
        return self._popup is not None

    def open_list(self, typed: str = "") -> None:
        """Open the list below the field; ``typed`` is already in its filter."""
        if self._popup is not None:
            return
        popup = PickerPopup(
            self,
            self._name,
            self._search,
            with_filter=self._with_filter,
            local_filter=self._local_filter,
        )
        self._popup = popup
        popup.picked.connect(self._take)
        popup.searched.connect(self.searched)
        popup.closed.connect(self._forget)
        popup.show_items(self._items, self._current)
        popup.open(typed if isinstance(typed, str) else "")

    def _take(self, item: PickerItem) -> None:
        self.set_current(item)
        self.set_invalid(False)
        self.picked.emit(item)

    def _forget(self) -> None:
        self._popup = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if plain and event.key() in _OPENING_KEYS:
            self.open_list()
        elif plain and event.text().isprintable() and event.text().strip():
            self.open_list(event.text())
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        return QSize(200, CONTROL_FORM)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, CONTROL_FORM)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_box(painter)
        x = 10
        item = self._current
        ink = "fg.default" if self.isEnabled() else "fg.disabled"
        if item is not None and item.person:
            avatar(painter, QRectF(7, 6, 20, 20).topLeft(), 20, item.person)
            x = 34
        elif icon := (item.icon if item and item.icon else self._icon):
            draw_icon(painter, icon, "fg.subtle", x, (self.height() - ICON) / 2)
            x = 34
        room = QRectF(x, 0, self.width() - x - 32, self.height())
        if item is not None:
            draw_text(painter, room, item.title, "body", ink)
        else:
            draw_text(painter, room, self._placeholder, "body", "fg.subtle")
        draw_icon(painter, "select", "fg.muted", self.width() - 26, (self.height() - ICON) / 2)
        painter.end()

    def _paint_box(self, painter: QPainter) -> None:
        theme = current_theme()
        box = QRectF(self.rect())
        line = "danger.solid" if self._invalid else "line.control"
        if not self.isEnabled():
            line = "line.default"
        ground = "bg.surface" if self.isEnabled() else "bg.subtle"
        rounded(painter, box, RADIUS_CONTROL, theme.color(ground), theme.color(line))
        if self.hasFocus() or self._popup is not None:
            focus_frame(painter, box)
