"""Which bar lies where on the page, worked out once for a page and a width."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

from PySide6.QtCore import QPoint, QRect, QRectF

from desktop.views.on_call.geometry import (
    GRASP,
    LABELS,
    Place,
    Scale,
    bar_box,
    is_on_page,
    lane_at,
    lane_top,
    row_tops,
    scale_of,
)
from desktop.views.on_call.values import Bar, RosterRow, RotaPage
from desktop.views.on_call.wishes import Hold


@dataclass(frozen=True)
class Placed:
    """A bar with its box; the box is below the head and before any scrolling."""

    place: Place
    roster_id: UUID
    bar: Bar
    box: QRectF
    goes_left: bool
    goes_right: bool

    @property
    def dirty(self) -> QRect:
        """What is painted again when it changes."""
        return self.box.adjusted(-4, -4, 4, 4).toAlignedRect()


@dataclass(frozen=True)
class RotaLayout:
    """A page at a width."""

    page: RotaPage
    width: int
    scale: Scale = field(init=False)
    tops: list[int] = field(init=False)
    rows: list[list[Placed]] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "scale", scale_of(self.page, LABELS, self.width - LABELS))
        object.__setattr__(self, "tops", row_tops(self.page.rows))
        object.__setattr__(self, "rows", [self._row(at) for at in range(len(self.page.rows))])

    def _row(self, at: int) -> list[Placed]:
        row, found = self.page.rows[at], []
        first, last = self.scale.starts_at, self.scale.ends_at
        for lane, bars in enumerate(lane.bars for lane in row.lanes):
            top = lane_top(row, self.tops[at], lane)
            shown = (bar for bar in bars if is_on_page(self.scale, bar))
            for number, bar in enumerate(shown):
                found.append(
                    Placed(
                        Place(at, lane, number), row.roster_id, bar, bar_box(self.scale, bar, top),
                        bar.starts_at < first, bar.ends_at > last,
                    )
                )  # fmt: skip
        return found

    @property
    def height(self) -> int:
        """The height of all rows."""
        return self.tops[-1]

    def bars(self) -> Iterator[Placed]:
        """All bars of the page, in reading order."""
        for row in self.rows:
            yield from row

    def find(self, roster_id: UUID, key: str) -> Placed | None:
        """The bar of a roster with a key."""
        found = (p for p in self.bars() if p.roster_id == roster_id and p.bar.key == key)
        return next(found, None)

    def row_at(self, y: int) -> int:
        """The row at a height, -1 below the last one."""
        for at in range(len(self.page.rows)):
            if self.tops[at] <= y < self.tops[at + 1]:
                return at
        return -1

    def row(self, at: int) -> RosterRow:
        """A row of the page."""
        return self.page.rows[at]

    def bar_at(self, point: QPoint) -> Placed | None:
        """The bar below a point."""
        at = self.row_at(point.y())
        if at < 0:
            return None
        found = (p for p in self.rows[at] if p.box.adjusted(-1, 0, 1, 0).contains(point))
        return next(found, None)

    def hold_at(self, placed: Placed, point: QPoint) -> Hold:
        """By what a bar is taken at a point: an end that is on the page, or the whole."""
        grasp = min(GRASP, placed.box.width() / 4)
        if point.x() < placed.box.left() + grasp and not placed.goes_left:
            return Hold.START
        if point.x() > placed.box.right() - grasp and not placed.goes_right:
            return Hold.END
        return Hold.WHOLE

    def lane_at(self, row: int, y: int) -> int:
        """The lane of a row nearest to a height."""
        return lane_at(self.page.rows[row], self.tops[row], y)

    def box_of(self, row: int, lane: int, bar: Bar) -> QRectF:
        """The box a bar would have in a lane."""
        return bar_box(self.scale, bar, lane_top(self.page.rows[row], self.tops[row], lane))

    def neighbour(self, placed: Placed | None, across: int, down: int) -> Placed | None:
        """The next bar in a direction; None where there is none."""
        if placed is None:
            return next(self.bars(), None)
        lines = [line for line in self._lines() if line]
        at = next(n for n, line in enumerate(lines) if placed in line)
        if across:
            place = lines[at].index(placed) + across
            return lines[at][place] if 0 <= place < len(lines[at]) else None
        if not 0 <= at + down < len(lines):
            return None
        x = max(placed.box.left(), self.scale.left) + 1
        return min(lines[at + down], key=lambda p: max(p.box.left() - x, x - p.box.right(), 0))

    def _lines(self) -> list[list[Placed]]:
        """The bars of every lane, top down."""
        lines: list[list[Placed]] = []
        for row, placed in zip(self.page.rows, self.rows, strict=True):
            for lane in range(len(row.lanes)):
                lines.append([p for p in placed if p.place.lane == lane])
        return lines
