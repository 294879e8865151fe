"""Blocks that know their height, may be cut in two, and are dealt out to pages.

A block is measured once for each width; cutting slices what was measured. So a text of ten
thousand lines costs ten thousand lines, however many pages it takes.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from services.reports.sheet import Sheet
from services.reports.text import Line, Run, Type, wrap

_SLACK_PX: Final = 0.01


class Block(Protocol):
    """Something that stands on a page. ``before`` is the space above it in logical pixels."""

    before: float
    keeps_next: bool

    def height(self, width: float) -> float:
        """Height in logical pixels at this width."""
        ...

    def least(self, width: float) -> float:
        """Height of the smallest first part that may stand at the foot of a page."""
        ...

    def split(self, width: float, room: float) -> "tuple[Block, Block] | None":
        """The part that fits into ``room`` and the rest, or None where no cut is possible."""
        ...

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Draw with the upper left corner at ``x``, ``y``."""
        ...


class Whole:
    """A block that is never cut."""

    before: float = 0.0
    keeps_next: bool = False

    def height(self, width: float) -> float:
        """Height in logical pixels at this width."""
        raise NotImplementedError

    def least(self, width: float) -> float:
        """The whole height."""
        return self.height(width)

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Never."""
        return None


class Text:
    """Running text. A cut leaves two lines at least on either page."""

    def __init__(
        self, *runs: Run, before: float = 0.0, keeps_next: bool = False, lines: Sequence[Line] = ()
    ) -> None:
        self.before = before
        self.keeps_next = keeps_next
        self._runs = runs
        self._lines: dict[float, Sequence[Line]] = {}
        self._cut = lines
        self._line_px = max(run.type.line_px for run in runs)

    def lines(self, width: float) -> Sequence[Line]:
        """The wrapped lines."""
        if self._cut:
            return self._cut
        if width not in self._lines:
            self._lines[width] = wrap(self._runs, width)
        return self._lines[width]

    def height(self, width: float) -> float:
        """Height in logical pixels at this width."""
        return len(self.lines(width)) * self._line_px

    def least(self, width: float) -> float:
        """Two lines, or three when they are all."""
        count = len(self.lines(width))
        return (count if count <= 3 else 2) * self._line_px

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """The lines that fit, and the rest."""
        lines = self.lines(width)
        fitting = min(int((room + _SLACK_PX) // self._line_px), len(lines) - 2)
        if fitting < 2:
            return None
        return (
            Text(*self._runs, lines=lines[:fitting], before=self.before),
            Text(*self._runs, lines=lines[fitting:]),
        )

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Draw line by line."""
        for index, line in enumerate(self.lines(width)):
            sheet.line_of(line, x, y + index * self._line_px)


class Stack:
    """Blocks one above the other that stay together while a page can hold them."""

    def __init__(
        self, blocks: Iterable[Block], *, before: float = 0.0, keeps_next: bool = False
    ) -> None:
        self.blocks = tuple(blocks)
        self.before = before
        self.keeps_next = keeps_next

    def height(self, width: float) -> float:
        """Sum of the heights and of the spaces between."""
        return sum(b.height(width) + b.before for b in self.blocks) - self._first_space()

    def least(self, width: float) -> float:
        """The first blocks up to one that may be left by the next."""
        height = -self._first_space()
        for block in self.blocks:
            height += block.before
            if not block.keeps_next:
                return height + block.least(width)
            height += block.height(width)
        return height

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """The blocks that fit, the one at the edge cut in two, and the rest."""
        used = -self._first_space()
        for index, block in enumerate(self.blocks):
            used += block.before
            high = block.height(width)
            if used + high <= room + _SLACK_PX:
                used += high
                continue
            head, tail = list(self.blocks[:index]), list(self.blocks[index:])
            if parts := block.split(width, room - used):
                head, tail = [*head, parts[0]], [parts[1], *tail[1:]]
            while head and head[-1].keeps_next:
                tail.insert(0, head.pop())
            return (Stack(head, before=self.before), Stack(tail)) if head else None
        return None

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """Draw from above."""
        y -= self._first_space()
        for block in self.blocks:
            y += block.before
            block.draw(sheet, x, y, width)
            y += block.height(width)

    def _first_space(self) -> float:
        return self.blocks[0].before if self.blocks else 0.0


def text(words: str, type_: Type, *, before: float = 0.0, keeps_next: bool = False) -> Text:
    """Running text in one type."""
    return Text(Run(words, type_), before=before, keeps_next=keeps_next)


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and the space between it and the top of the page's content."""

    block: Block
    y: float


Page = list[Placed]


def paginate(blocks: Iterable[Block], width: float, room: float) -> list[Page]:
    """Deal blocks out to pages of ``room`` height; what keeps its next never ends a page."""
    waiting = deque(blocks)
    pages: list[Page] = [[]]
    y = 0.0
    while waiting:
        block = waiting.popleft()
        top = y + block.before if pages[-1] else 0.0
        high = block.height(width)
        if top + high <= room + _SLACK_PX and top + high + _kept(block, waiting, width) <= room + 1:
            pages[-1].append(Placed(block, top))
            y = top + high
            continue
        if not block.keeps_next and (parts := block.split(width, room - top)):
            pages[-1].append(Placed(parts[0], top))
            waiting.appendleft(parts[1])
        elif pages[-1]:
            waiting.appendleft(block)
        else:
            pages[-1].append(Placed(block, top))
        pages.append([])
        y = 0.0
    return [page for page in pages if page]


def _kept(block: Block, following: Iterable[Block], width: float) -> float:
    """Height below a block that must follow it on its page."""
    if not block.keeps_next:
        return 0.0
    kept = 0.0
    for follower in following:
        kept += follower.before
        if not follower.keeps_next:
            return kept + follower.least(width)
        kept += follower.height(width)
    return kept
