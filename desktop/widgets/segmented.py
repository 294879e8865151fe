"""A few exclusive choices side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QSizePolicy, QWidget

from desktop.theme.sizes import CONTROL, ICON, RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.widgets.paint import draw_icon, draw_text, focus_frame, hairline, rounded, text_width

_PADDING: Final = 10
_STEPS: Final = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}


@dataclass(frozen=True, slots=True)
class Segment:
    """One choice: its key for the program, its text, an optional icon by meaning."""

    key: str
    text: str
    icon: str | None = None


class _SegmentButton(QRadioButton):
    def __init__(self, segment: Segment, parent: "SegmentedControl") -> None:
        super().__init__(segment.text, parent)
        self._segment = segment
        self._row = parent
        self.setAccessibleName(segment.text)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        icon = ICON + 6 if self._segment.icon else 0
        width = text_width(self._segment.text, "meta.medium") + icon + 2 * _PADDING
        return QSize(round(width + 0.49), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), 20)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (step := _STEPS.get(Qt.Key(event.key()))) is not None:
            self._row.step(step)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        chosen = self.isChecked()
        if chosen:
            raised = theme.color("bg.raised")
            rounded(painter, box, RADIUS_CONTROL - 1, raised, theme.color("line.control"))
        if self.hasFocus():
            focus_frame(painter, box, RADIUS_CONTROL - 1)
        ink = "fg.default" if chosen or self.underMouse() else "fg.muted"
        x = (self.width() - self.sizeHint().width()) / 2 + _PADDING
        if self._segment.icon:
            mark = "accent.fg" if chosen else "fg.muted"
            draw_icon(painter, self._segment.icon, mark, x, (self.height() - ICON) / 2)
            x += ICON + 6
        room = QRectF(x, 0, self.width() - x - 2, self.height())
        draw_text(painter, room, self._segment.text, "meta.medium", ink)
        painter.end()


class SegmentedControl(QWidget):
    """Exclusive choices in one frame; arrow keys move the choice, Tab leaves it."""

    chosen = Signal(str)

    def __init__(
        self,
        name: str,
        segments: Sequence[Segment],
        *,
        current: str | None = None,
        height: int = CONTROL,
        stretch: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFixedHeight(height)
        wide = QSizePolicy.Policy.Expanding if stretch else QSizePolicy.Policy.Maximum
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
        self._keys = [segment.key for segment in segments]
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(1)
        for at, segment in enumerate(segments):
            button = _SegmentButton(segment, self)
            self._group.addButton(button, at)
            row.addWidget(button)
        self.set_current(current if current is not None else self._keys[0])
        self._group.idToggled.connect(self._tell)

    @property
    def current(self) -> str:
        """Key of the choice, empty while nothing is chosen."""
        at = self._group.checkedId()
        return self._keys[at] if at >= 0 else ""

    def set_current(self, key: str) -> None:
        """Choose without telling; an unknown key clears the choice."""
        self._group.blockSignals(True)
        if key in self._keys:
            self._group.button(self._keys.index(key)).setChecked(True)
        elif (button := self._group.checkedButton()) is not None:
            self._group.setExclusive(False)
            button.setChecked(False)
            self._group.setExclusive(True)
        self._group.blockSignals(False)
        self.update()

    def step(self, by: int) -> None:
        """Choose the neighbour and give it the keyboard."""
        at = min(max(self._group.checkedId() + by, 0), len(self._keys) - 1)
        button = self._group.button(at)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.setChecked(True)

    def _tell(self, at: int, checked: bool) -> None:
        self.update()
        if checked:
            self.chosen.emit(self._keys[at])

    def focus_current(self) -> None:
        """Give the keyboard to the chosen segment, or the first."""
        self._group.button(max(0, self._group.checkedId())).setFocus(Qt.FocusReason.TabFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        line = theme.color("line.default")
        rounded(painter, box, RADIUS_CONTROL, theme.color("bg.sunken"), line)
        here = self._group.checkedId()
        for at in range(len(self._keys) - 1):
            if here not in (at, at + 1):
                x = self._group.button(at).geometry().right() + 1
                hairline(painter, x, 8, self.height() - 16, "line.default", down=True)
        painter.end()
