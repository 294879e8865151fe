"""The management line as a ladder: who was told, who is next, who comes later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme.sizes import RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.widgets.paint import (
    CENTER,
    RIGHT,
    draw_icon_in,
    draw_text,
    focus_frame,
    hairline,
    rounded,
    text_width,
)
from desktop.widgets.paint_badges import avatar

_RUNG_HEIGHT: Final = 66
_STEP_AT: Final = 18
_BOX_AT: Final = 44


@dataclass(frozen=True, slots=True)
class Rung:
    """One person of the line; ``may_choose`` is what the rules allow now."""

    key: str
    person: str
    position: str
    standing: Literal["told", "next", "later"]
    side_title: str = ""
    side_subtitle: str = ""
    may_choose: bool = True


class _RungRow(QRadioButton):
    def __init__(self, rung: Rung, number: int, ladder: "Ladder") -> None:
        super().__init__(ladder)
        self.rung = rung
        self._number = number
        self._ladder = ladder
        words = (rung.person, rung.position, rung.side_title, rung.side_subtitle)
        self.setAccessibleName(", ".join(word for word in words if word))
        self.setFixedHeight(_RUNG_HEIGHT)
        self.setMinimumWidth(320)
        self.setAutoExclusive(False)
        if not rung.may_choose:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def sizeHint(self) -> QSize:
        return QSize(496, _RUNG_HEIGHT)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rung.may_choose and self.rect().contains(pos)

    def nextCheckState(self) -> None:
        self._ladder.choose(self.rung.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._ladder.step(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_step(painter)
        self._paint_box(painter)
        rung = self.rung
        avatar(painter, QPointF(_BOX_AT + 14, (self.height() - 30) / 2), 30, rung.person)
        end = self.width() - 16
        side = max(
            text_width(rung.side_title, "meta.medium"), text_width(rung.side_subtitle, "meta")
        )
        room = end - side - 12 - _BOX_AT - 56
        left = QRectF(_BOX_AT + 56, 14, room, 18)
        draw_text(painter, left, rung.person, "body.medium")
        draw_text(painter, left.translated(0, 19), rung.position, "meta", "fg.subtle")
        right = QRectF(end - side - 1, 14, side + 1, 18)
        draw_text(painter, right, rung.side_title, "meta.medium", "fg.default", RIGHT)
        draw_text(painter, right.translated(0, 19), rung.side_subtitle, "meta", "fg.subtle", RIGHT)
        painter.end()

    def _paint_box(self, painter: QPainter) -> None:
        theme = current_theme()
        box = QRectF(_BOX_AT, 4, self.width() - _BOX_AT, self.height() - 8)
        if self.isChecked():
            line = theme.color("accent.solid")
            rounded(painter, box, RADIUS_CONTROL, theme.color("bg.selected"), line)
        elif self.rung.may_choose and self.underMouse():
            rounded(painter, box, RADIUS_CONTROL, theme.color("bg.hover"))
        if self.hasFocus():
            focus_frame(painter, box)

    def _paint_step(self, painter: QPainter) -> None:
        theme = current_theme()
        middle = self.height() // 2
        if self._number > 1:
            hairline(painter, _STEP_AT - 1, 0, middle - 13, "line.default", down=True)
        if not self._ladder.is_last(self._number):
            hairline(painter, _STEP_AT - 1, middle + 13, middle, "line.default", down=True)
        disc = QRectF(_STEP_AT - 13, middle - 13, 26, 26)
        if self.rung.standing == "told":
            rounded(painter, disc, 13, theme.color("ok.tint"), theme.color("ok.line"))
            draw_icon_in(painter, disc, "check", "ok.fg", 14)
            return
        if self.isChecked():
            rounded(painter, disc, 13, theme.color("accent.solid"))
        else:
            ground, line = theme.color("bg.surface"), theme.color("line.default")
            rounded(painter, disc, 13, ground, line)
        ink = "accent.on" if self.isChecked() else "fg.muted"
        draw_text(painter, disc, str(self._number), "meta.medium", ink, CENTER)


class Ladder(QWidget):
    """Rungs from the nearest person up; ``chosen`` carries the key of the rung."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows: list[_RungRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def set_rungs(self, rungs: Sequence[Rung], current: str = "") -> None:
        """Show the line with one rung chosen, without telling."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for number, rung in enumerate(rungs, start=1):
            row = _RungRow(rung, number, self)
            self._rows.append(row)
            self._column.addWidget(row)
        self._mark(current)

    def is_last(self, number: int) -> bool:
        """Whether a rung, counted from 1, is the top one."""
        return number == len(self._rows)

    @property
    def current(self) -> str:
        """Key of the chosen rung, empty while none is chosen."""
        return next((row.rung.key for row in self._rows if row.isChecked()), "")

    def choose(self, key: str) -> None:
        """Choose a rung and tell."""
        self._mark(key)
        self.chosen.emit(key)

    def step(self, by: int) -> None:
        """Choose the next rung that may be chosen, up or down the list."""
        open_rows = [row for row in self._rows if row.rung.may_choose]
        if not open_rows:
            return
        here = next((at for at, row in enumerate(open_rows) if row.isChecked()), 0)
        row = open_rows[min(max(here + by, 0), len(open_rows) - 1)]
        row.setFocus(Qt.FocusReason.TabFocusReason)
        self.choose(row.rung.key)

    def _mark(self, key: str) -> None:
        for row in self._rows:
            row.setChecked(row.rung.key == key)
            row.update()
