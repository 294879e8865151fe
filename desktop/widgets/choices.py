"""Check rows and radio rows: a choice with a title and a line that explains it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.sizes import RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.widgets.paint import (
    check_box,
    draw_icon,
    draw_text,
    focus_frame,
    hairline,
    radio,
    rounded,
    text_width,
)
from desktop.widgets.paint_badges import TAG_HEIGHT, Tone, avatar, tag, tag_width

_STEPS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_J: 1}


class CheckRow(QCheckBox):
    """A check box with a title and, if given, a description below it."""

    def __init__(
        self,
        title: str,
        description: str = "",
        *,
        checked: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, parent)
        self._description = description
        self.setAccessibleName(title)
        self.setAccessibleDescription(description)
        self.setChecked(checked)
        self.setMinimumHeight(self.sizeHint().height())

    def set_texts(self, title: str, description: str = "") -> None:
        """Show other words."""
        self.setText(title)
        self._description = description
        self.setAccessibleName(title)
        self.setAccessibleDescription(description)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        role = "body.medium" if self._description else "body"
        width = max(text_width(self.text(), role), text_width(self._description, "meta"))
        return QSize(round(24 + width + 1), 36 if self._description else 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(
            120 if self._description else self.sizeHint().width(), self.sizeHint().height()
        )

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = 1 if self._description else (self.height() - 18) // 2
        box = QRectF(1, top + 1, 16, 16)
        enabled = self.isEnabled()
        if self.hasFocus():
            focus_frame(painter, box.adjusted(-1, -1, 1, 1), 5)
            box = box.adjusted(2, 2, -2, -2)
        check_box(painter, box, checked=self.isChecked(), enabled=enabled)
        ink = "fg.default" if enabled else "fg.disabled"
        role = "body.medium" if self._description else "body"
        line = QRectF(25, top, self.width() - 25, 18)
        draw_text(painter, line, self.text(), role, ink)
        if self._description:
            below = line.translated(0, 18)
            draw_text(painter, below, self._description, "meta", "fg.subtle")
        painter.end()


@dataclass(frozen=True, slots=True)
class RadioChoice:
    """One row of a choice: what is chosen at the left, who stands behind it at the right."""

    key: str
    title: str
    subtitle: str = ""
    tag: str = ""
    tag_tone: Tone = "accent"
    person: str = ""
    side_title: str = ""
    side_subtitle: str = ""
    side_tone: str = "neutral"
    icon: str | None = None

    @property
    def spoken(self) -> str:
        """All its words in one sentence."""
        words = (self.title, self.tag, self.subtitle, self.side_title, self.side_subtitle)
        return ", ".join(word for word in words if word)


class _RadioRow(QRadioButton):
    HEIGHT: Final = 54

    def __init__(self, choice: RadioChoice, parent: "RadioRows") -> None:
        super().__init__(choice.title, parent)
        self._choice = choice
        self._rows = parent
        self.setAccessibleName(choice.spoken)
        self.setFixedHeight(self.HEIGHT)
        self.setMinimumWidth(280)

    def sizeHint(self) -> QSize:
        return QSize(480, self.HEIGHT)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (step := _STEPS.get(Qt.Key(event.key()))) is not None:
            self._rows.step(step)
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint_ground(painter)
        radio(painter, QRectF(12, self.height() / 2 - 8, 16, 16), checked=self.isChecked())
        self._paint_left(painter)
        self._paint_side(painter)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        theme = current_theme()
        box = QRectF(self.rect())
        if self.isChecked():
            line = theme.color("focus" if self.hasFocus() else "accent.solid")
            width = 2.0 if self.hasFocus() else 1.0
            rounded(painter, box, RADIUS_CONTROL, theme.color("bg.selected"), line, width)
            return
        if self.underMouse():
            rounded(painter, box, RADIUS_CONTROL, theme.color("bg.hover"))
        hairline(painter, 10, self.height() - 1, self.width() - 20, "line.subtle")
        if self.hasFocus():
            focus_frame(painter, box)

    def _has_side(self) -> bool:
        return bool(self._choice.side_title or self._choice.person)

    def _paint_left(self, painter: QPainter) -> None:
        choice = self._choice
        end = self._side_at() - 8 if self._has_side() else self.width() - 12
        room = tag_width(choice.tag) + 10 if choice.tag else 0
        title = QRectF(40, 9, end - 40 - room, 18)
        width = draw_text(painter, title, choice.title, "body.medium")
        if choice.tag:
            box = QRectF(40 + width + 10, 8, tag_width(choice.tag), TAG_HEIGHT)
            tag(painter, box, choice.tag, choice.tag_tone)
        below = QRectF(40, 28, end - 40, 16)
        draw_text(painter, below, choice.subtitle, "meta", "fg.subtle")

    def _side_at(self) -> int:
        return round(self.width() * 0.54)

    def _paint_side(self, painter: QPainter) -> None:
        choice = self._choice
        if not self._has_side():
            return
        x = self._side_at()
        warn = choice.side_tone == "warn"
        if warn:
            draw_icon(painter, "warn", "warn.fg", x + 5, self.height() / 2 - 8)
        elif choice.person:
            avatar(painter, QPointF(x, self.height() / 2 - 13), 26, choice.person)
        if warn or choice.person:
            x += 36
        icon = 32 if choice.icon else 12
        role, ink = ("body.medium", "warn.fg") if warn else ("body.medium", "fg.default")
        room = self.width() - x - icon
        draw_text(painter, QRectF(x, 9, room, 18), choice.side_title, role, ink)
        draw_text(painter, QRectF(x, 28, room, 16), choice.side_subtitle, "meta", "fg.subtle")
        if choice.icon:
            draw_icon(painter, choice.icon, "fg.subtle", self.width() - 30, self.height() / 2 - 8)


class RadioRows(QWidget):
    """A list of which one row is chosen; arrows or J and K move, Space chooses."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._choices: list[RadioChoice] = []
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._group.idToggled.connect(self._tell)

    def set_choices(self, choices: Sequence[RadioChoice], current: str = "") -> None:
        """Show rows; the one with the key ``current`` is chosen, without telling."""
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._choices = list(choices)
        for at, choice in enumerate(self._choices):
            row = _RadioRow(choice, self)
            self._group.addButton(row, at)
            self._column.addWidget(row)
        self.set_current(current)

    @property
    def current(self) -> str:
        """Key of the chosen row, empty while none is chosen."""
        at = self._group.checkedId()
        return self._choices[at].key if at >= 0 else ""

    @property
    def current_row(self) -> QWidget | None:
        """The chosen row itself, None while none is chosen."""
        return self._group.checkedButton()

    def set_current(self, key: str) -> None:
        """Choose a row without telling."""
        self._group.blockSignals(True)
        for at, choice in enumerate(self._choices):
            if choice.key == key:
                self._group.button(at).setChecked(True)
        self._group.blockSignals(False)

    def step(self, by: int) -> None:
        """Choose the next or the previous row and give it the keyboard."""
        if not self._choices:
            return
        at = min(max(self._group.checkedId() + by, 0), len(self._choices) - 1)
        button = self._group.button(at)
        button.setFocus(Qt.FocusReason.TabFocusReason)
        button.setChecked(True)

    def focus_current(self) -> None:
        """Give the keyboard to the chosen row, or the first."""
        if self._choices:
            at = max(0, self._group.checkedId())
            self._group.button(at).setFocus(Qt.FocusReason.TabFocusReason)

    def _tell(self, at: int, checked: bool) -> None:
        if checked:
            self.chosen.emit(self._choices[at].key)
