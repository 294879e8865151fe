"""Where things of the rota lie: days are equally wide, bars stand in lanes below each other."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from PySide6.QtCore import QRectF

from desktop.views.on_call.values import Bar, RosterRow, RotaPage

LABELS: Final = 184
HEAD: Final = 60
LANE: Final = 28
LANE_GAP: Final = 5
ROW_LEAST: Final = 58
ROW_PADDING: Final = 11
BAR_GAP: Final = 2
GRASP: Final = 6
"""How near to its end a bar is taken by that end."""
_DAY_S: Final = 86_400
_MINUTES: Final = {7: 30, 14: 60}
_MINUTES_OF_A_MONTH: Final = 180


@dataclass(frozen=True, slots=True)
class Scale:
    """Moments along the width: each day of the wall clock is equally wide, however long it is."""

    first_day: date
    days: int
    zone: tzinfo
    left: int
    width: int

    def day_left(self, day: int) -> int:
        """The left edge of a day, on a whole pixel."""
        return self.left + round(self.width * day / self.days)

    @property
    def right(self) -> int:
        """Where the last day ends."""
        return self.left + self.width

    @property
    def step(self) -> timedelta:
        """By how much an end is moved at once."""
        return timedelta(minutes=_MINUTES.get(self.days, _MINUTES_OF_A_MONTH))

    def x(self, at: datetime) -> float:
        """Where a moment lies; it may lie outside."""
        local = at.astimezone(self.zone)
        day = (local.date() - self.first_day).days
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        return self.left + self.width * (day + seconds / _DAY_S) / self.days

    def moment(self, x: float) -> datetime:
        """The moment at a place, on a whole step, in UTC."""
        step = self.step.total_seconds()
        elapsed = (x - self.left) / self.width * self.days * _DAY_S
        days, seconds = divmod(round(elapsed / step) * step, _DAY_S)
        start = datetime.combine(self.first_day, time(), self.zone)
        return (start + timedelta(days=days, seconds=seconds)).astimezone(UTC)

    @property
    def starts_at(self) -> datetime:
        """Where the first day begins, in UTC."""
        return self.moment(self.left)

    @property
    def ends_at(self) -> datetime:
        """Where the last day ends, in UTC."""
        return self.moment(self.right)


@dataclass(frozen=True, slots=True)
class Place:
    """A bar of the page: which row, which lane, which of its bars."""

    row: int
    lane: int
    at: int


def scale_of(page: RotaPage, left: int, width: int) -> Scale:
    """The scale of a page between two edges."""
    return Scale(page.first_day, page.days, page.zone, left, max(1, width))


def row_height(row: RosterRow) -> int:
    """The height of a roster: its lanes, and room around them."""
    return max(ROW_LEAST, _lanes_height(row) + 2 * ROW_PADDING)


def _lanes_height(row: RosterRow) -> int:
    lanes = max(1, len(row.lanes))
    return lanes * LANE + (lanes - 1) * LANE_GAP


def row_tops(rows: tuple[RosterRow, ...]) -> list[int]:
    """The top of each row, and at the end the height of all."""
    tops = [0]
    for row in rows:
        tops.append(tops[-1] + row_height(row))
    return tops


def lane_top(row: RosterRow, top: int, lane: int) -> int:
    """The top of a lane of a row that begins at ``top``."""
    before = (row_height(row) - _lanes_height(row)) // 2
    return top + before + lane * (LANE + LANE_GAP)


def lane_at(row: RosterRow, top: int, y: int) -> int:
    """The lane nearest to a height."""
    inside = y - lane_top(row, top, 0)
    return min(max(0, inside // (LANE + LANE_GAP)), max(0, len(row.lanes) - 1))


def bar_box(scale: Scale, bar: Bar, top: int) -> QRectF:
    """The box of a bar whose lane begins at ``top``, cut at the edges of the page."""
    left = max(scale.x(bar.starts_at), scale.left) + BAR_GAP
    right = min(scale.x(bar.ends_at), scale.right) - BAR_GAP
    return QRectF(round(left), top, max(2, round(right) - round(left)), LANE)


def is_on_page(scale: Scale, bar: Bar) -> bool:
    """Whether something of a bar is to be seen."""
    return bar.starts_at < scale.ends_at and bar.ends_at > scale.starts_at
