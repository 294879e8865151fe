"""What did we know at …: a slider over the time of the incident."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QSizePolicy, QWidget

from desktop.text import full_when_text
from desktop.theme.sizes import GUTTER_PANE, ROW
from desktop.theme.theme import current_theme
from desktop.views.dialogs.words import filled
from desktop.widgets.buttons import Button
from desktop.widgets.card import Surface
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import focus_frame, rounded

_HANDLE: Final = 14
_MINUTE: Final = timedelta(minutes=1)


class MomentSlider(QAbstractSlider):
    """A line with a mark for each time something was written; values are whole minutes."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._marks: tuple[int, ...] = ()
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setPageStep(10)

    def show_marks(self, marks: Sequence[int]) -> None:
        """Mark minutes at which something was written."""
        self._marks = tuple(sorted(set(marks)))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, 24)

    def _x_of(self, value: int) -> float:
        span = max(1, self.maximum() - self.minimum())
        return (value - self.minimum()) / span * (self.width() - _HANDLE)

    def _take(self, x: float) -> None:
        span = self.maximum() - self.minimum()
        share = (x - _HANDLE / 2) / max(1, self.width() - _HANDLE)
        self.setSliderPosition(self.minimum() + round(min(1.0, max(0.0, share)) * span))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(True)
        self._take(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._take(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl with an arrow goes to the next mark; arrows alone go by minutes."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            at = self.value()
            if event.key() == Qt.Key.Key_Right:
                self.setValue(min((m for m in self._marks if m > at), default=self.maximum()))
                return
            if event.key() == Qt.Key.Key_Left:
                self.setValue(max((m for m in self._marks if m < at), default=self.minimum()))
                return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        middle, half = self.height() / 2, _HANDLE / 2
        track = QRectF(half, middle - 2, self.width() - _HANDLE, 4)
        rounded(painter, track, 2, theme.color("sla.track"))
        at = self._x_of(self.value())
        rounded(painter, QRectF(half, middle - 2, at, 4), 2, theme.color("warn.solid"))
        for mark in self._marks:
            x = self._x_of(mark) + half
            painter.fillRect(QRectF(round(x), middle - 6, 1, 12), theme.color("line.control"))
        handle = QRectF(at, middle - half, _HANDLE, _HANDLE)
        rounded(painter, handle, half, theme.color("bg.surface"), theme.color("line.strong"), 1.5)
        if self.hasFocus():
            focus_frame(painter, handle.adjusted(-2, -2, 2, 2), half + 2)
        painter.end()


class MomentStrip(Surface):
    """Says that the console shows the past. ``chosen`` carries the moment, None for now."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warn.tint", parent)
        self._start: datetime | None = None
        self._now: datetime | None = None
        self.setFixedHeight(ROW + 4)
        self.slider = MomentSlider(self.tr("What did we know at"))
        self._moment = PlainLabel("", "body.tabular", "warn.fg")
        self._back = Button(self.tr("Back to now"), keys="Esc")
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE, 0, GUTTER_PANE, 0)
        row.setSpacing(10)
        row.addWidget(IconLabel("history", "warn.fg"))
        row.addWidget(PlainLabel(self.tr("What did we know at"), "body.medium", "warn.fg"))
        row.addWidget(self._moment)
        row.addWidget(self.slider, 1)
        row.addWidget(PlainLabel(self.tr("Nothing can be changed here"), "body", "warn.fg"))
        row.addWidget(self._back)
        self.slider.valueChanged.connect(self._tell)
        self._back.clicked.connect(self.leave)
        self.hide()

    def show_span(self, start: datetime, now: datetime, written: Sequence[datetime]) -> None:
        """Offer the minutes from the start until now, with a mark for each entry written."""
        keeps = self.slider.value() if self._start == start and not self.isHidden() else None
        self._start, self._now = start, now
        minutes = max(1, int((now - start) / _MINUTE) + 1)
        self.slider.blockSignals(True)
        self.slider.setRange(0, minutes)
        self.slider.setValue(minutes if keeps is None else keeps)
        self.slider.blockSignals(False)
        self.slider.show_marks([int((at - start) / _MINUTE) for at in written if at >= start])
        self._say()

    @property
    def moment(self) -> datetime | None:
        """The moment looked back to; None while it is put away."""
        if self.isHidden() or self._start is None:
            return None
        at = self._start + self.slider.value() * _MINUTE
        return min(at, self._now) if self._now else at

    def open(self) -> None:
        """Begin to look back, from now on."""
        self.slider.blockSignals(True)
        self.slider.setValue(self.slider.maximum())
        self.slider.blockSignals(False)
        self.show()
        self.slider.setFocus(Qt.FocusReason.TabFocusReason)
        self._tell()

    def leave(self) -> None:
        """Show what is known now."""
        self.hide()
        self.chosen.emit(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
            return
        super().keyPressEvent(event)

    def _tell(self) -> None:
        self._say()
        self.chosen.emit(self.moment)

    def _say(self) -> None:
        if self._start is not None and self._now is not None:
            at = min(self._start + self.slider.value() * _MINUTE, self._now)
            words = full_when_text(at, self._now).removeprefix("today ")
            self._moment.setText(words)
            self.slider.setAccessibleDescription(filled(self.tr("What did we know at %1"), words))
