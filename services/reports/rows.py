"""Rows of cells that flow over pages; the head is printed again on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.reports import colours, styles
from services.reports.layout import Block, Stack, text
from services.reports.sheet import Sheet
from services.reports.words import NOT_RECORDED, NOT_SET, NOT_YET

HEAD_PX: Final = 24.0
LABEL_PX: Final = 96.0
GAPS: Final = frozenset({NOT_RECORDED, NOT_YET, NOT_SET})
_SHORT_ROW_PX: Final = 120.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column; width 0 shares what the others leave."""

    title: str
    width: float = 0.0


class Row:
    """Cells side by side. Rows of more than 120 px may be cut."""

    def __init__(self, *cells: Block, is_rest: bool = False) -> None:
        self.cells = cells
        self.is_rest = is_rest
        self._height: float | None = None

    def height(self, widths: Sequence[float]) -> float:
        """The tallest cell; a row belongs to one set of rows, so it is measured once."""
        if self._height is None:
            self._height = max(c.height(w) for c, w in zip(self.cells, widths, strict=True))
        return self._height

    def split(self, widths: Sequence[float], room: float) -> "tuple[Row, Row] | None":
        """The upper part of each cell and the rest; None while the row is short."""
        if self.height(widths) < _SHORT_ROW_PX and not self.is_rest:
            return None
        upper: list[Block] = []
        lower: list[Block] = []
        for cell, width in zip(self.cells, widths, strict=True):
            if cell.height(width) <= room:
                upper.append(cell)
                lower.append(Stack(()))
            elif parts := cell.split(width, room):
                upper.append(parts[0])
                lower.append(parts[1])
            else:
                return None
        return Row(*upper, is_rest=self.is_rest), Row(*lower, is_rest=True)


class Rows:
    """A table without fences: a head, hairlines between rows, nothing else."""

    keeps_next = False

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        *,
        before: float = 0.0,
        gap: float = 16.0,
        pad: float = 8.0,
        is_ruled: bool = True,
    ) -> None:
        self.before = before
        self._columns = columns
        self._rows = rows
        self._gap = gap
        self._pad = pad
        self._is_ruled = is_ruled
        self._head_px = HEAD_PX if any(column.title for column in columns) else 0.0

    def _widths(self, width: float) -> list[float]:
        fixed = sum(c.width for c in self._columns) + self._gap * (len(self._columns) - 1)
        flexible = sum(1 for c in self._columns if not c.width) or 1
        return [c.width or (width - fixed) / flexible for c in self._columns]

    def height(self, width: float) -> float:
        """Head, rows and the space around them."""
        widths = self._widths(width)
        return self._head_px + sum(r.height(widths) + 2 * self._pad for r in self._rows)

    def least(self, width: float) -> float:
        """The head and the first row, or the beginning of a tall one."""
        first = self._rows[0].height(self._widths(width)) if self._rows else 0.0
        return self._head_px + 2 * self._pad + min(first, _SHORT_ROW_PX)

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """The rows that fit and the rest; a tall row at the edge is cut."""
        widths = self._widths(width)
        left = room - self._head_px
        for index, row in enumerate(self._rows):
            high = row.height(widths) + 2 * self._pad
            if high <= left:
                left -= high
                continue
            parts = row.split(widths, left - 2 * self._pad)
            upper, lower = ([parts[0]], [parts[1]]) if parts else ([], [row])
            head = [*self._rows[:index], *upper]
            if not head:
                return None
            return self._part(head), self._part([*lower, *self._rows[index + 1 :]], is_rest=True)
        return None

    def _part(self, rows: Sequence[Row], *, is_rest: bool = False) -> "Rows":
        return Rows(
            self._columns,
            rows,
            before=0.0 if is_rest else self.before,
            gap=self._gap,
            pad=self._pad,
            is_ruled=self._is_ruled,
        )

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Head, then each row above its hairline."""
        widths = self._widths(width)
        lefts = [x + sum(widths[:n]) + n * self._gap for n in range(len(widths))]
        if self._head_px:
            for column, left in zip(self._columns, lefts, strict=True):
                sheet.text(column.title, styles.MICRO, left, y + 2)
            sheet.rule(x, y + self._head_px - 0.5, width, colours.RULE)
            y += self._head_px
        for row in self._rows:
            high = row.height(widths)
            for cell, left, wide in zip(row.cells, lefts, widths, strict=True):
                cell.draw(sheet, left, y + self._pad, wide)
            y += high + 2 * self._pad
            if self._is_ruled:
                sheet.rule(x, y - 0.5, width, colours.HAIRLINE)


Fact = tuple[str, str | Block]


def facts(left: Sequence[Fact], right: Sequence[Fact], *, before: float = 0.0) -> Rows:
    """Labels and values in two columns, each with lines of its own."""
    return Rows(
        (Column(""), Column("")),
        [Row(_facts(left), _facts(right))],
        before=before,
        gap=24,
        pad=0,
        is_ruled=False,
    )


def _facts(pairs: Sequence[Fact]) -> Rows:
    rows = [Row(text(label, styles.BODY_MUTED), _value(value)) for label, value in pairs]
    return Rows((Column("", LABEL_PX), Column("")), rows, gap=12, pad=2, is_ruled=False)


def _value(value: str | Block) -> Block:
    if not isinstance(value, str):
        return value
    return text(value, styles.BODY_MUTED if value in GAPS else styles.BODY)
