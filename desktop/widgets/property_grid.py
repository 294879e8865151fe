"""Label and value pairs; a value that can be changed is a button."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from desktop.theme.theme import current_theme
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import draw_text, focus_frame, rounded, text_width
from desktop.widgets.paint_badges import PRIORITY_WIDTH, avatar, priority_badge
from desktop.widgets.paint_states import GLYPH, state_glyph

_HEIGHT: Final = 24
_INDENT: Final = 6


class PropertyValue(QPushButton):
    """One value, with a state glyph, an avatar or a badge before its text if it has one."""

    def __init__(self, name: str, *, editable: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._state = ""
        self._person: str | None = None
        self._priority = 0
        self._suffix = ""
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(48)
        self.set_editable(editable)

    def set_editable(self, editable: bool) -> None:
        """Whether a click or a key may change it."""
        self._editable = editable
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if editable else Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not editable)

    def show_value(
        self,
        text: str,
        *,
        suffix: str = "",
        state: str = "",
        person: str | None = None,
        priority: int = 0,
    ) -> None:
        """Show a text; ``person`` "" is nobody, None is no avatar; ``suffix`` is set paler."""
        self.setText(text)
        self._suffix, self._state = suffix, state
        self._person, self._priority = person, priority
        self.setToolTip("")
        self.setAccessibleName(f"{self._name}: {text} {suffix}".strip())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self.text(), "body")) + 32, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self._editable and self.underMouse():
            rounded(painter, box, 4, current_theme().color("bg.hover"))
        if self.hasFocus():
            focus_frame(painter, box, 4)
        x = _INDENT + self._paint_mark(painter)
        room = QRectF(x, 0, self.width() - x - 2, self.height())
        width = draw_text(painter, room, self.text(), "body")
        if self._suffix:
            rest = room.adjusted(width + 6, 0, 0, 0)
            draw_text(painter, rest, self._suffix, "meta", "fg.subtle")
        painter.end()

    def _paint_mark(self, painter: QPainter) -> int:
        if self._state:
            state_glyph(painter, QPointF(_INDENT, (_HEIGHT - GLYPH) / 2), self._state)
            return GLYPH + 6
        if self._person is not None:
            avatar(painter, QPointF(_INDENT, (_HEIGHT - 18) / 2), 18, self._person)
            return 24
        if self._priority:
            priority_badge(painter, QPointF(_INDENT, 3), self._priority)
            return PRIORITY_WIDTH + 6
        return 0


class PropertyGrid(QWidget):
    """Rows of label and value in one, two or more columns; ``activated`` names the value."""

    activated = Signal(str)

    def __init__(
        self, *, columns: int = 1, label_px: int = 72, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._columns = columns
        self._label_px = label_px
        self._values: dict[str, PropertyValue] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(0)
        self._grid.setVerticalSpacing(0)
        for column in range(columns):
            self._grid.setColumnMinimumWidth(2 * column, label_px - _INDENT)
            self._grid.setColumnStretch(2 * column + 1, 1)

    def add(self, key: str, label: str, *, editable: bool = True, tip: str = "") -> PropertyValue:
        """Add a pair; fills line by line. The result shows the value."""
        at = len(self._values)
        row, column = divmod(at, self._columns)
        name = PlainLabel(label, "meta", "fg.subtle")
        value = PropertyValue(label, editable=editable)
        value.setToolTip(tip)
        name.setBuddy(value)
        value.clicked.connect(lambda: self.activated.emit(key))
        self._values[key] = value
        self._grid.addWidget(name, row, 2 * column)
        self._grid.addWidget(value, row, 2 * column + 1)
        return value

    def value(self, key: str) -> PropertyValue:
        """The value widget of a key."""
        return self._values[key]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, PropertyValue):
                focused.click()
                return
        super().keyPressEvent(event)
