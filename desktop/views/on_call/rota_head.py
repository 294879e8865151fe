"""The days above the rota, with today and the present moment."""

from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QEvent, QRect, QRectF
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.text import clock_text
from desktop.theme.theme import current_theme
from desktop.views.on_call.geometry import HEAD, LABELS, Scale, scale_of
from desktop.views.on_call.values import RotaPage
from desktop.views.tips import plain_tip
from desktop.widgets.paint import CENTER, draw_icon, draw_text, hairline, rounded, text_width

DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PILL: Final = (44, 18)
_WIDE_DAY: Final = 64
_WORD: Final = 40
_CHIP_HEIGHT: Final = 20


class RotaHead(QWidget):
    """60 high: a word and a number for each day, a chip for today, a pill for now."""

    def __init__(self, page: RotaPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._edge = 0
        self.setFixedHeight(HEAD)
        self.setAccessibleName(self.tr("Days"))

    def show_page(self, page: RotaPage, edge: int) -> None:
        """Show the days of a page; ``edge`` is the room a scroll bar takes at the right."""
        if (page.first_day, page.days, page.clock_changes, edge) == (
            self._page.first_day, self._page.days, self._page.clock_changes, self._edge
        ) and page.now.astimezone(page.zone).date() == self._today:  # fmt: skip
            self._move_now(page)
            return
        self._page, self._edge = page, edge
        self.update()

    @property
    def _today(self) -> date:
        return self._page.now.astimezone(self._page.zone).date()

    def _move_now(self, page: RotaPage) -> None:
        before = self._pill_box()
        self._page = page
        if before != (after := self._pill_box()):
            self.update(before.toAlignedRect().united(after.toAlignedRect()))

    def _scale(self) -> Scale:
        return scale_of(self._page, LABELS, self.width() - LABELS - self._edge)

    def _pill_box(self) -> QRectF:
        scale = self._scale()
        x = scale.x(self._page.now)
        if not scale.left <= x <= scale.right:
            return QRectF()
        left = min(max(round(x) - PILL[0] // 2, LABELS - PILL[0] // 2), self.width() - PILL[0])
        return QRectF(left, HEAD - PILL[1] - 1, *PILL)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            day = self._day_at(event.pos().x())
            found = (c.text for c in self._page.clock_changes if c.day == day)
            QToolTip.showText(event.globalPos(), plain_tip("\n".join(found)), self)
            return True
        return super().event(event)

    def _day_at(self, x: int) -> date:
        scale = self._scale()
        days = (x - scale.left) * scale.days // scale.width
        return self._page.first_day + timedelta(days=days)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme.color("bg.surface"))
        scale = self._scale()
        for day in range(self._page.days):
            self._paint_day(painter, scale, day)
        hairline(painter, 0, HEAD - 1, self.width(), "line.default")
        hairline(painter, LABELS, 0, HEAD, "line.default", down=True)
        pill = self._pill_box()
        if not pill.isNull():
            rounded(painter, pill, PILL[1] / 2, theme.color("danger.solid"))
            local = self._page.now.astimezone(self._page.zone)
            draw_text(painter, pill, clock_text(local), "badge", "danger.on", CENTER)
        painter.end()

    def _paint_day(self, painter: QPainter, scale: Scale, day: int) -> None:
        left, right = scale.day_left(day), scale.day_left(day + 1)
        that = self._page.first_day + timedelta(days=day)
        if day:
            hairline(painter, left, 0, HEAD, "line.subtle", down=True)
        is_today = that == self._today
        if right - left >= _WIDE_DAY:
            self._paint_wide(painter, QRect(left, 10, right - left, _CHIP_HEIGHT), that, is_today)
        else:
            self._paint_narrow(painter, QRect(left, 4, right - left, 36), that, is_today)
        if any(change.day == that for change in self._page.clock_changes):
            wide = right - left >= _WIDE_DAY
            x, y = (right - 22, 13) if wide else ((left + right) / 2 - 6, 42)
            draw_icon(painter, "clock.warn", "warn.fg", x, y, 14 if wide else 12)

    def _paint_wide(self, painter: QPainter, box: QRect, day: date, is_today: bool) -> None:
        ink = "accent.fg" if is_today else "fg.muted"
        room = QRectF(box).adjusted(9, 0, 0, 0)
        taken = draw_text(painter, room, DAYS[day.weekday()], "meta.medium", ink)
        at, number = room.adjusted(taken + 6, 0, 0, 0), str(day.day)
        self._paint_number(painter, at, number, is_today)

    def _paint_narrow(self, painter: QPainter, box: QRect, day: date, is_today: bool) -> None:
        upper = QRectF(box.left(), box.top(), box.width(), 14)
        ink = "accent.fg" if is_today else "fg.subtle"
        word = DAYS[day.weekday()]
        short = word if box.width() >= _WORD else word[0]
        draw_text(painter, upper, short, "micro", ink, CENTER)
        number = str(day.day)
        lower = QRectF(box.left(), box.top() + 14, box.width(), _CHIP_HEIGHT)
        if is_today:
            chip = QRectF(lower.center().x() - 10, lower.top(), 20, _CHIP_HEIGHT)
            rounded(painter, chip, _CHIP_HEIGHT / 2, current_theme().color("accent.solid"))
        ink = "accent.on" if is_today else "fg.default"
        draw_text(painter, lower, number, "meta.strong.tabular", ink, CENTER)

    def _paint_number(self, painter: QPainter, at: QRectF, number: str, is_today: bool) -> None:
        if not is_today:
            draw_text(painter, at, number, "body.strong.tabular", "fg.default")
            return
        width = max(_CHIP_HEIGHT, text_width(number, "body.strong.tabular") + 12)
        chip = QRectF(at.left() - 1, at.top(), width, _CHIP_HEIGHT)
        rounded(painter, chip, _CHIP_HEIGHT / 2, current_theme().color("accent.solid"))
        draw_text(painter, chip, number, "body.strong.tabular", "accent.on", CENTER)
