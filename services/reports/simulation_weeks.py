"""Who is called first, week by week: a row for each week, a bar for each turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from services.on_call.simulation import ClockShift, FirstCalled
from services.on_call.wall_clock import DAY, wall_clock
from services.reports import colours, styles
from services.reports.fonts import REGULAR, STRONG
from services.reports.layout import Whole
from services.reports.sheet import Sheet
from services.reports.simulation_words import (
    Simulated,
    called_first,
    clock_mark,
    first_names,
    short_day,
    weekdays,
)
from services.reports.text import Type, fitted, text_width

MOST_WEEKS: Final = 14
LABEL_PX: Final = 52.0
_HEAD_PX: Final = 20.0
_BAR_GAP_PX: Final = 4.0
_LINE_PX: Final = 16.0
_CUT_FROM_PX: Final = 240.0
_WEEK: Final = timedelta(weeks=1)
_ON_BAR: Final = Type(REGULAR, 10.5, _LINE_PX, colours.INK)
_ALARM: Final = Type(STRONG, 10.5, _LINE_PX, colours.PAPER)
_WORRY: Final = Type(STRONG, 10.5, _LINE_PX, colours.RED)
_FLAG: Final = Type(STRONG, 9, 12, colours.AMBER)


class Tint(NamedTuple):
    """Surface and line of a person's bars."""

    fill: str
    line: str


TINTS: Final = tuple(Tint(*pair) for pair in colours.PEOPLE)

WORRY: Final = Tint(colours.PAPER, colours.RED)
"""Only the catch-all is reached."""

ALARM: Final = Tint(colours.RED, colours.RED)
"""Nobody is."""


def swatch(sheet: Sheet, tint: Tint, x: float, y: float, width: float, height: float) -> None:
    """A surface with a strong edge at its left; the catch-all's is only a line."""
    sheet.box(x, y, width, height, fill=tint.fill, radius=3)
    sheet.box(x, y, min(3, width), height, fill=tint.line, radius=1)
    if tint is WORRY:
        sheet.box(x, y, width, height, line=tint.line, radius=3)


@dataclass(frozen=True, slots=True)
class Week:
    """One week, from Monday to Monday by the wall clock."""

    monday: datetime
    starts_at: datetime
    ends_at: datetime


class Weeks(Whole):
    """A calendar of whoever is called first, in the zone of the paper."""

    def __init__(
        self, found: Simulated, tints: Mapping[str, Tint], row_px: float, *, before: float = 0.0
    ) -> None:
        self.before = before
        self._found = found
        self._tints = tints
        self._row_px = row_px
        self._clock = wall_clock(str(found.zone))
        self._rows = weeks_of(found)

    def height(self, width: float) -> float:
        """The names of the days and a row for each week."""
        return _HEAD_PX + self._row_px * len(self._rows)

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Days from Monday to Sunday; the weekend is shaded."""
        left, day_px = x + LABEL_PX, (width - LABEL_PX) / 7
        high = self._row_px * len(self._rows)
        sheet.box(left + 5 * day_px, y + _HEAD_PX, 2 * day_px, high, fill=colours.CARD)
        for number, name in enumerate(weekdays()):
            sheet.text(name, styles.MICRO, left + number * day_px + 4, y + 1)
        for number in range(8):
            edge = left + number * day_px
            sheet.path([(edge, y + _HEAD_PX), (edge, y + _HEAD_PX + high)], colours.HAIRLINE, 0.75)
        for number, row in enumerate(self._rows):
            top = y + _HEAD_PX + number * self._row_px
            sheet.rule(x, top, width, colours.HAIRLINE, 0.75)
            is_new = number == 0 or row.monday.month != self._rows[number - 1].monday.month
            type_ = styles.MICRO_STRONG if is_new else styles.MICRO
            label_top = top + (self._row_px - type_.line_px) / 2
            sheet.text(short_day(row.monday), type_, x, label_top)
            self._draw_week(sheet, row, left, top, 7 * day_px)
        sheet.rule(x, y + _HEAD_PX + high, width, colours.RULE, 0.75)

    def _draw_week(self, sheet: Sheet, row: Week, left: float, top: float, wide: float) -> None:
        def place(moment: datetime) -> float:
            held = max(row.starts_at, min(moment, row.ends_at))
            # By the wall clock, so that nine o'clock is at one place before and after a change.
            return left + wide * min((self._clock.local(held) - row.monday) / _WEEK, 1.0)

        for first in self._found.outlook.first_called:
            if first.starts_at < row.ends_at and row.starts_at < first.ends_at:
                start, end = place(first.starts_at), place(first.ends_at)
                if first.ends_at >= row.ends_at:
                    end = left + wide
                tint = self._tints[called_first(self._found, first)]
                bar_top = top + _BAR_GAP_PX / 2
                bar_px = max(end - start - 1, 1.5)
                swatch(sheet, tint, start + 0.5, bar_top, bar_px, self._row_px - _BAR_GAP_PX)
                labels = self._labels(first, is_begun=first.starts_at < row.starts_at)
                self._draw_label(sheet, labels, tint, start + 7, bar_top, bar_px - 11)
        for change in self._found.outlook.clock_shifts:
            if row.starts_at <= change.at < row.ends_at:
                self._draw_change(sheet, change, place(change.at), top)

    def _labels(self, first: FirstCalled, *, is_begun: bool) -> tuple[str, ...]:
        """What may stand on a bar, the longest first."""
        names = first_names(self._found, first)
        since = f" from {self._clock.local(first.starts_at):%H:%M}"
        return (
            names + ("" if is_begun else since),
            names,
            names.split(" ", maxsplit=1)[0],
            "".join(word[0] for word in names.split()[:2]),
        )

    def _draw_label(
        self, sheet: Sheet, labels: Sequence[str], tint: Tint, x: float, y: float, room: float
    ) -> None:
        type_ = {ALARM: _ALARM, WORRY: _WORRY}.get(tint, _ON_BAR)
        y += (self._row_px - _BAR_GAP_PX - _LINE_PX) / 2
        for label in labels:
            # A long name is cut on a long bar, and shortened on a short one.
            whole = fitted(label, type_, max(room, _CUT_FROM_PX))
            if text_width(whole, type_) <= room:
                sheet.text(whole, type_, x, y)
                return

    def _draw_change(self, sheet: Sheet, change: ClockShift, x: float, top: float) -> None:
        word = clock_mark(change)
        wide = text_width(word, _FLAG) + 8
        sheet.path([(x, top), (x, top + self._row_px)], colours.AMBER, 1.5)
        middle = top + (self._row_px - 12) / 2
        sheet.box(
            x - wide,
            middle,
            wide,
            12,
            fill=colours.AMBER_TINT,
            line=colours.AMBER_LINE,
            radius=3,
            line_px=0.75,
        )
        sheet.text(word, _FLAG, x - wide + 4, middle)


def weeks_of(found: Simulated) -> list[Week]:
    """The weeks that the outlook touches, fourteen at most."""
    clock = wall_clock(str(found.zone))
    first = datetime.combine(clock.local(found.outlook.starts_at), time())
    monday = first - first.weekday() * DAY
    rows: list[Week] = []
    while clock.first(monday) < found.outlook.ends_at and len(rows) < MOST_WEEKS:
        rows.append(Week(monday, clock.first(monday), clock.first(monday + _WEEK)))
        monday += _WEEK
    return rows
