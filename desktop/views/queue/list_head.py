"""The head above the list: its name, how much it holds, its order and its density."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.action_hub import keys_of
from desktop.theme.sizes import GUTTER_PANE, PANE_HEAD, ROW, ROW_DENSE, ROW_ROOMY
from desktop.theme.theme import current_theme
from desktop.widgets.banner import announce
from desktop.widgets.buttons import IconButton
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import draw_icon, draw_text, focus_frame, key_hint, key_hint_width
from services.incidents.read_models import Order, SortBy

SORTS: Final[Mapping[SortBy, str]] = {
    SortBy.PRIORITY: str(QT_TRANSLATE_NOOP("ListHead", "Priority, then oldest")),
    SortBy.AGE: str(QT_TRANSLATE_NOOP("ListHead", "Age")),
    SortBy.NUMBER: str(QT_TRANSLATE_NOOP("ListHead", "Number")),
    SortBy.SUMMARY: str(QT_TRANSLATE_NOOP("ListHead", "Summary")),
    SortBy.CATEGORY: str(QT_TRANSLATE_NOOP("ListHead", "Category")),
    SortBy.STATE: str(QT_TRANSLATE_NOOP("ListHead", "State")),
    SortBy.TEAM: str(QT_TRANSLATE_NOOP("ListHead", "Team")),
    SortBy.ASSIGNEE: str(QT_TRANSLATE_NOOP("ListHead", "Assignee")),
}
DENSITIES: Final[Mapping[int, str]] = {
    ROW_DENSE: str(QT_TRANSLATE_NOOP("ListHead", "Dense rows")),
    ROW: str(QT_TRANSLATE_NOOP("ListHead", "Normal rows")),
    ROW_ROOMY: str(QT_TRANSLATE_NOOP("ListHead", "Roomy rows")),
}


class ListHead(QWidget):
    """48 high; emits the order or the row height that was chosen."""

    sort_requested = Signal(object)
    density_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = PlainLabel("", "heading")
        self._count = PlainLabel("", "meta", "fg.subtle")
        self._sort = IconButton("sort", self.tr("Sort"))
        self._density = IconButton("row.height", self.tr("Row height"))
        self._sort_menu = QMenu(self)
        self._density_menu = QMenu(self)
        self._groups = (QActionGroup(self), QActionGroup(self))
        self._sorts: dict[SortBy, QAction] = {}
        self._heights: dict[int, QAction] = {}
        self._order = Order()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setFixedHeight(PANE_HEAD)
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE, 0, GUTTER_PANE - 6, 0)
        row.setSpacing(8)
        row.addWidget(self._title)
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self._sort)
        row.addWidget(self._density)
        sorts, heights = self._groups
        for by, text in SORTS.items():
            self._sorts[by] = self._choice(self._sort_menu, sorts, self.tr(text))
        self._sort_menu.addSeparator()
        self._turned = self._sort_menu.addAction(self.tr("Turned round"))
        self._turned.setCheckable(True)
        for height, text in DENSITIES.items():
            self._heights[height] = self._choice(self._density_menu, heights, self.tr(text))
        self.set_order(Order())
        self.set_density(ROW)

    def _choice(self, menu: QMenu, group: QActionGroup, text: str) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        group.addAction(action)
        return action

    def _connect(self) -> None:
        self._sort.clicked.connect(lambda: self._open(self._sort_menu, self._sort))
        self._density.clicked.connect(lambda: self._open(self._density_menu, self._density))
        for by, action in self._sorts.items():
            action.triggered.connect(lambda _=False, by=by: self._ask(by))
        self._turned.triggered.connect(lambda: self._ask(self._order.by))
        for height, action in self._heights.items():
            action.triggered.connect(lambda _=False, px=height: self.density_chosen.emit(px))

    def _open(self, menu: QMenu, button: QWidget) -> None:
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))

    def _ask(self, by: SortBy) -> None:
        self.sort_requested.emit(Order(by, self._turned.isChecked()))

    def focus_first(self) -> None:
        """Give the keyboard to the first button."""
        self._sort.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_name(self, title: str, count: str) -> None:
        """Name the list and say how much it holds."""
        self._title.setText(title)
        self._count.setText(count)

    def set_order(self, order: Order) -> None:
        """Check the order in use."""
        self._order = order
        if order.by in self._sorts:
            self._sorts[order.by].setChecked(True)
        self._turned.setChecked(order.is_descending)

    def set_density(self, height: int) -> None:
        """Check the row height in use."""
        self._heights[height].setChecked(True)


class NewsBar(QPushButton):
    """Says that rows came or moved, and takes them in when asked; rows never jump by themselves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(32)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    def show_news(self, new: int, moved: int) -> None:
        """Say how many; nothing hides the bar."""
        parts = []
        if new:
            parts.append(self.tr("%n new", "", new))
        if moved:
            parts.append(self.tr("%n moved", "", moved))
        self.setText(", ".join(parts))
        self.setAccessibleName(self.tr("%1. Refresh").replace("%1", self.text()))
        self.setVisible(bool(parts))
        if parts:
            announce(self, self.accessibleName())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("accent.tint"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("accent.line"))
        draw_icon(painter, "refresh", "accent.fg", GUTTER_PANE, 9, 14)
        news = self.tr("%1.").replace("%1", self.text())
        room = self.rect().adjusted(GUTTER_PANE + 22, 0, -GUTTER_PANE, 0)
        taken = draw_text(painter, room, news, "meta.medium", "fg.default")
        room.setLeft(room.left() + round(taken) + 6)
        taken = draw_text(painter, room, self.tr("Refresh"), "meta.strong", "accent.fg")
        keys = keys_of("list.refresh")
        box = room.adjusted(round(taken) + 8, 7, 0, 0)
        box.setWidth(key_hint_width(keys))
        box.setHeight(18)
        key_hint(painter, box.toRectF(), keys)
        if self.hasFocus():
            focus_frame(painter, self.rect().toRectF(), 0)
        painter.end()
