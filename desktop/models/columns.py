"""What a table shows of a row, column by column."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column: its key for the program, its heading and what its cells say.

    ``text`` is shown and copied, ``spoken`` is what a screen reader says, ``tip`` is the full
    text where the cell may be too narrow.
    """

    key: str
    title: str
    text: Callable[[Row], str]
    spoken: Callable[[Row], str]
    tip: Callable[[Row], str] | None = None
