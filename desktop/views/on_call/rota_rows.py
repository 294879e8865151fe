"""Paints the rows of the rota, and of them only what has to be painted again."""

from datetime import timedelta
from typing import Final

from PySide6.QtCore import QObject, QRect, QRectF
from PySide6.QtGui import QPainter, QRegion

from desktop.theme.sizes import GUTTER_PANE
from desktop.theme.theme import current_theme
from desktop.views.on_call.geometry import LABELS
from desktop.views.on_call.rota_layout import Placed, RotaLayout
from desktop.views.on_call.rota_paint import paint_bar, paint_draft, paint_target
from desktop.views.on_call.values import RosterRow
from desktop.views.on_call.wishes import Draft, Hold
from desktop.widgets.paint import draw_text, hairline

_SATURDAY: Final = 5
_NOW_LINE: Final = 2


class RowPainter(QObject):
    """Ground, days, the present moment, bars, and what is being drawn above them."""

    def paint(
        self,
        painter: QPainter,
        region: QRegion,
        layout: RotaLayout,
        current: Placed | None,
        draft: Draft | None,
    ) -> None:
        """Paint what of the page lies in a region."""
        theme = current_theme()
        bounds = region.boundingRect()
        painter.fillRect(bounds, theme.color("bg.surface"))
        self._paint_days(painter, layout)
        self._paint_now(painter, layout)
        for at, row in enumerate(layout.page.rows):
            top, below = layout.tops[at], layout.tops[at + 1]
            if below < bounds.top() or top > bounds.bottom():
                continue
            hairline(painter, 0, below - 1, layout.width, "line.subtle")
            if bounds.left() <= LABELS:
                self._paint_label(painter, row, QRect(0, top, LABELS, below - top))
            for placed in layout.rows[at]:
                if region.intersects(placed.dirty):
                    paint_bar(
                        painter, placed.box, placed.bar,
                        goes_left=placed.goes_left, goes_right=placed.goes_right,
                        with_keyboard=placed == current,
                    )  # fmt: skip
        hairline(painter, LABELS, 0, max(layout.height, bounds.bottom() + 1), "line.default",
                 down=True)  # fmt: skip
        if draft is not None:
            self._paint_draft(painter, layout, draft)

    def _paint_days(self, painter: QPainter, layout: RotaLayout) -> None:
        scale, theme = layout.scale, current_theme()
        for day in range(scale.days):
            left, right = scale.day_left(day), scale.day_left(day + 1)
            if (layout.page.first_day + timedelta(days=day)).weekday() >= _SATURDAY:
                box = QRect(left, 0, right - left, layout.height)
                painter.fillRect(box, theme.color("bg.subtle"))
            if day:
                hairline(painter, left, 0, layout.height, "line.subtle", down=True)

    def _paint_now(self, painter: QPainter, layout: RotaLayout) -> None:
        strip = self.now_strip(layout)
        if not strip.isNull():
            painter.fillRect(strip, current_theme().color("danger.solid"))

    def now_strip(self, layout: RotaLayout) -> QRect:
        """The line of the present moment, empty when it lies on another page."""
        scale = layout.scale
        x = round(scale.x(layout.page.now))
        if not scale.left <= x <= scale.right:
            return QRect()
        return QRect(x - _NOW_LINE // 2, 0, _NOW_LINE, layout.height)

    def _paint_label(self, painter: QPainter, row: RosterRow, box: QRect) -> None:
        left, width = GUTTER_PANE, LABELS - GUTTER_PANE - 8
        top = box.top() + 11
        draw_text(painter, QRectF(left, top, width, 18), row.name, "body.medium")
        draw_text(painter, QRectF(left, top + 18, width, 16), row.subtitle, "meta", "fg.subtle")

    def _paint_draft(self, painter: QPainter, layout: RotaLayout, draft: Draft) -> None:
        if draft.hold is Hold.WHOLE:
            if draft.target is not None and draft.target_bar is not None:
                box = layout.box_of(draft.target.row, draft.target.lane, draft.target_bar)
                paint_target(painter, box)
            return
        paint_draft(painter, draft_box(layout, draft), _length_of(draft))


def draft_box(layout: RotaLayout, draft: Draft) -> QRectF:
    """Where what is being drawn would lie."""
    bar = draft.bar or draft.nobody
    spanning = bar.spanning(draft.starts_at, draft.ends_at)
    return layout.box_of(draft.place.row, draft.place.lane, spanning)


def _length_of(draft: Draft) -> str:
    hours = (draft.ends_at - draft.starts_at).total_seconds() / 3600
    return f"{hours:g} h"
