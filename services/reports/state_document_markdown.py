"""The state document as Markdown, with the tables that GitHub and GitLab know."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from services.core.markup import holdable
from services.reports.state_document_blocks import (
    Heading,
    Pairs,
    Piece,
    Prose,
    Table,
    TableRow,
)

_INLINE: Final = re.compile(r"([\\`*_{}\[\]<>&|~!$^@]|(?<=\bwww)\.|:(?=//))")
_AT_START: Final = re.compile(r"^([#+=-]|\d{1,9}(?=[.)]))")
_LINE_ENDS: Final = re.compile("[\v\f\x85\u2028\u2029]")
_BREAK: Final = "\\\n"


def markdown(title: str, pieces: Sequence[Piece]) -> str:
    """The document. Typed text is escaped, so that it reads as it was typed."""
    parts = [f"# {_line(title)}", *(part for piece in pieces for part in _piece(piece))]
    return "\n\n".join(part for part in parts if part) + "\n"


def _piece(piece: Piece) -> Iterator[str]:
    if isinstance(piece, Heading):
        yield f"{'#' * piece.level} {_line(piece.text)}"
    elif isinstance(piece, Prose):
        yield from _prose(piece)
    elif isinstance(piece, Pairs):
        rows = tuple(TableRow(pair) for pair in piece.pairs)
        yield _table(Table(("Fact", "As known"), (1, 3), rows))
    else:
        yield _table(piece)


def _prose(piece: Prose) -> Iterator[str]:
    paragraphs = [_BREAK.join(lines) for lines in _paragraphs(piece.text)]
    if piece.is_strong and len(paragraphs) == 1:
        paragraphs[0] = f"**{paragraphs[0]}**"
    yield from paragraphs
    if piece.meta:
        yield f"— {_line(piece.meta)}"


def _table(table: Table) -> str:
    lines = [_row(table.titles), f"|{' --- |' * len(table.titles)}"]
    for row in table.rows:
        lines.append(_row(row.cells))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    """One line, as a cell has no more; our own break stands for each line end."""
    return "<br>".join(_escaped(line) for line in _lines(text))


def _line(text: str) -> str:
    """One line of escaped text."""
    return " ".join(_escaped(line) for line in _lines(text) if line)


def _paragraphs(text: str) -> Iterator[list[str]]:
    """The escaped lines of each paragraph; empty lines part them."""
    found: list[str] = []
    for line in [*_lines(text), ""]:
        if line:
            found.append(_escaped(line))
        elif found:
            yield found
            found = []


def _lines(text: str) -> list[str]:
    """The lines, without space at their ends, which Markdown would give a meaning."""
    return [_indented(line.rstrip()) for line in _LINE_ENDS.sub("\n", holdable(text)).split("\n")]


def _indented(line: str) -> str:
    """An indent of spaces that do not make a block of code."""
    kept = line.lstrip()
    indent = line[: len(line) - len(kept)].replace("\t", "    ")
    return "\u00a0" * len(indent) + kept


def _escaped(line: str) -> str:
    """A line whose every sign reads as it was typed."""
    escaped = _INLINE.sub(r"\\\1", line)
    return _AT_START.sub(_escaped_start, escaped)


def _escaped_start(found: re.Match[str]) -> str:
    """A sign that would begin a heading or a list; behind a number its dot is escaped."""
    sign = found[1]
    return f"{sign}\\" if sign.isdecimal() else f"\\{sign}"
