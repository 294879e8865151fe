"""When the next word is due: a ring and a countdown, amber in time, red when it is late."""

from datetime import datetime, timedelta
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.text import clock_duration_text, clock_text, plural
from desktop.theme.sizes import RADIUS_CARD
from desktop.theme.theme import current_theme
from desktop.views.dialogs.words import filled
from desktop.widgets.banner import announce
from desktop.widgets.paint import draw_text, focus_frame, rounded, text_width

SOON: Final = timedelta(minutes=10)
"""From here on the next word is urgent."""
_SPOKEN_AT: Final = (10, 5, 1)
_SIZE: Final = (184, 48)
_RING: Final = 28
Mood = Literal["none", "calm", "soon", "late"]
_LOOKS: Final[dict[Mood, tuple[str, str, str, str]]] = {
    "none": ("bg.subtle", "line.default", "fg.muted", "line.control"),
    "calm": ("bg.surface", "line.default", "fg.default", "sla.ok"),
    "soon": ("warn.tint", "warn.line", "warn.fg", "sla.warn"),
    "late": ("danger.tint", "danger.line", "danger.fg", "sla.over"),
}


def mood_of(due_at: datetime | None, now: datetime) -> Mood:
    """How urgent the next word is."""
    if due_at is None:
        return "none"
    if due_at < now:
        return "late"
    return "soon" if due_at - now < SOON else "calm"


def due_words(due_at: datetime, now: datetime) -> str:
    """``update due in 05:53``, or ``update late 2:10``."""
    if due_at < now:
        return f"update late {late_text(now - due_at)}"
    return f"update due in {clock_duration_text(due_at - now)}"


def late_text(late: timedelta) -> str:
    """``2:10`` for two minutes and ten seconds."""
    return clock_duration_text(late).removeprefix("0")


class UpdateClock(QPushButton):
    """Counts down to the next word; a click asks to write it.

    It says itself aloud at ten, five and one minute, and once when it is late.
    """

    due = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._last_at: datetime | None = None
        self._due_at: datetime | None = None
        self._now: datetime | None = None
        self._said = -1
        self.setFixedSize(*_SIZE)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(self.tr("Write the next update (U)"))

    def show_span(self, last_at: datetime | None, due_at: datetime | None) -> None:
        """Count from the last word to the next one."""
        if due_at != self._due_at:
            self._said = -1
        self._last_at, self._due_at = last_at, due_at
        self.update()

    def show_moment(self, now: datetime) -> None:
        """Show how long it still is."""
        before, self._now = self._now, now
        self.setAccessibleName(self._words())
        self._speak()
        if before is None or int(before.timestamp()) != int(now.timestamp()):
            self.update()

    @property
    def mood(self) -> Mood:
        """How urgent the next word is."""
        return mood_of(self._due_at, self._now) if self._now else "none"

    @property
    def text_shown(self) -> str:
        """The clock as it is painted."""
        if self._due_at is None or self._now is None:
            return self.tr("none")
        if self.mood == "late":
            return filled(self.tr("late %1"), late_text(self._now - self._due_at))
        return clock_duration_text(self._due_at - self._now)

    def _words(self) -> str:
        if self._due_at is None or self._now is None:
            return self.tr("No update is due")
        minutes = int(abs((self._due_at - self._now).total_seconds()) // 60)
        text = self.tr("Next update due in %1")
        if self.mood == "late":
            text = self.tr("The update is late by %1")
        return filled(text, plural(minutes, self.tr("minute"), self.tr("minutes")))

    def _speak(self) -> None:
        if self._due_at is None or self._now is None:
            return
        minutes = (self._due_at - self._now).total_seconds() / 60
        stage = 0 if minutes < 0 else next((m for m in sorted(_SPOKEN_AT) if minutes <= m), -1)
        if stage >= 0 and stage != self._said:
            self._said = stage
            announce(self, self._words(), urgent=stage == 0)
            self.due.emit()

    def sizeHint(self) -> QSize:
        return QSize(*_SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        ground, line, ink, ring = _LOOKS[self.mood]
        painter = QPainter(self)
        box = QRectF(self.rect())
        rounded(painter, box, RADIUS_CARD, theme.color(ground), theme.color(line))
        if self.hasFocus():
            focus_frame(painter, box, RADIUS_CARD)
        self._paint_ring(painter, QPointF(12, 10), ring)
        head = self.tr("Next update due") if self.mood != "late" else self.tr("Update due")
        draw_text(painter, QRectF(50, 4, 128, 16), head, "meta", ink)
        clock = self.text_shown
        role = "heading" if self.mood == "none" else "clock"
        width = draw_text(painter, QRectF(50, 19, 128, 26), clock, role, ink)
        if self._due_at is not None and self._now is not None:
            at = clock_text(self._due_at.astimezone(self._now.tzinfo))
            words = filled(self.tr("at %1"), at)
            if 50 + width + 5 + text_width(words, "meta") < box.width() - 6:
                room = QRectF(50 + width + 5, 23, box.width() - 56 - width, 18)
                draw_text(painter, room, words, "meta", ink)
        painter.end()

    def _paint_ring(self, painter: QPainter, at: QPointF, token: str) -> None:
        theme = current_theme()
        box = QRectF(at.x() + 2, at.y() + 2, _RING - 4, _RING - 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QPen(theme.faded(token, 0.28), 3.2)
        painter.setPen(track)
        painter.drawEllipse(box)
        left = self._share_left()
        if left > 0:
            pen = QPen(theme.color(token), 3.2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawArc(box, 90 * 16, round(360 * 16 * left))

    def _share_left(self) -> float:
        """How much of the time from the last word to the next one is left, 0 to 1."""
        if self._due_at is None or self._now is None:
            return 0.0
        if self.mood == "late":
            return 1.0
        last = self._last_at or self._due_at - timedelta(minutes=30)
        whole = (self._due_at - last).total_seconds()
        return min(1.0, max(0.0, (self._due_at - self._now).total_seconds() / max(whole, 1.0)))
