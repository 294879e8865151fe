"""The one place where text reaches a PDF. Nothing here interprets markup, whatever is typed.

Text is wrapped into lines once and drawn glyph by glyph; reportlab's own paragraphs, which read
tags, load images and follow links, are not used anywhere.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from services.reports.fonts import glyph_widths

PX: Final = 0.75
"""Points in one logical pixel: sizes on paper are those of the screen, 96 to the inch."""

CHARACTER_LIMIT: Final = 200_000
LINE_LIMIT: Final = 12_000
BOX: Final = "□"
_TAB: Final = "    "
_INVISIBLE: Final = frozenset({"Cc", "Cf"})
_SYMBOLS: Final = frozenset({"So", "Sk", "Sm", "Sc"})
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_WORDS: Final = re.compile(r"[ \u00a0]+|[^ \u00a0]+")


@dataclass(frozen=True, slots=True)
class Type:
    """Font, size and line height in logical pixels, colour, letter spacing in per cent."""

    font: str
    size_px: float
    line_px: float
    colour: str
    spacing_percent: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one type."""

    text: str
    type: Type


@dataclass(frozen=True, slots=True)
class Piece:
    """What stands at one place of a line; ``x`` in logical pixels."""

    x: float
    text: str
    type: Type
    width: float


Line = tuple[Piece, ...]


def clean(text: str) -> str:
    """Text without what cannot be seen: controls, joiners, direction marks, half characters."""
    unified = _LINE_ENDS.sub("\n", text)
    if unified.isascii() and unified.replace("\n", "").isprintable():
        return unified
    return unicodedata.normalize("NFC", unified).translate(_CLEANED)


class _Cleaned(dict[int, str]):
    """What each character becomes, found once."""

    def __missing__(self, code: int) -> str:
        self[code] = kept = _cleaned(chr(code))
        return kept


def _cleaned(character: str) -> str:
    if character == "\n":
        return character
    if character == "\t":
        return _TAB
    category = unicodedata.category(character)
    if category in _INVISIBLE or "\ufe00" <= character <= "\ufe0f":
        return ""
    if category == "Zs":
        return " "
    return BOX if category == "Cs" else character


_CLEANED: Final = _Cleaned()


def stand_in(character: str) -> str:
    """What is printed for a character the fonts lack: a symbol's name, a box for a letter.

    Behind a box the text layer of the page keeps the letter, so copying and searching find it.
    """
    if "\U0001f1e6" <= character <= "\U0001f1ff":  # two of these letters make a flag
        return f"[{chr(ord(character) - 0x1F1E6 + ord('A'))}]"
    if "\U0001f3fb" <= character <= "\U0001f3ff":  # the skin tone of the emoji before it
        return ""
    name = unicodedata.name(character, "")
    if name and unicodedata.category(character) in _SYMBOLS:
        return f"[{name.lower()}]"
    return BOX


def limited(text: str, limit: int = CHARACTER_LIMIT) -> tuple[str, str]:
    """Text short enough to print, and a sentence about what is left out, or empty."""
    kept = text[:limit]
    if kept.count("\n") > LINE_LIMIT:
        kept = "\n".join(kept.split("\n", LINE_LIMIT)[:LINE_LIMIT])
    if missing := len(text) - len(kept):
        return kept, (
            f"{missing:,} of {len(text):,} characters are left out here. "
            "The full text is in the incident’s record in Firstline."
        )
    return text, ""


class _Widths(dict[str, float]):
    """Width of each character in one font, in thousandths of the size; stand-ins included."""

    def __init__(self, font: str) -> None:
        super().__init__({chr(code): width for code, width in glyph_widths(font).items()})
        self.drawn = frozenset(self)

    def __missing__(self, character: str) -> float:
        self[character] = width = sum(self[c] for c in stand_in(character))
        return width


@cache
def _widths(font: str) -> _Widths:
    return _Widths(font)


def text_width(text: str, type_: Type) -> float:
    """Width of a clean text on one line, in logical pixels."""
    widths = _widths(type_.font)
    thousandths = sum(map(widths.__getitem__, text)) + 10 * type_.spacing_percent * len(text)
    return thousandths * type_.size_px / 1000


def wrap(runs: Iterable[Run], width: float) -> list[Line]:
    """Lines no wider than ``width``; words too long for a line are broken where it ends."""
    lines: list[Line] = []
    line: list[Piece] = []
    x = 0.0
    for word, type_ in _words(runs):
        if word == "\n":
            lines.append(tuple(_joined(line)))
            line, x = [], 0.0
            continue
        wide = text_width(word, type_)
        if x + wide > width and not word.isspace():
            if line and any(not piece.text.isspace() for piece in line):
                lines.append(tuple(_joined(line)))
                line, x = [], 0.0
            *whole, word = _broken(word, type_, width - x, width)
            for part in whole:
                line.append(Piece(x, part, type_, text_width(part, type_)))
                lines.append(tuple(_joined(line)))
                line, x = [], 0.0
            wide = text_width(word, type_)
        elif word.isspace():
            # An indent wider than the column would push its word off the page.
            wide = min(wide, width / 2)
        line.append(Piece(x, word, type_, wide))
        x += wide
    lines.append(tuple(_joined(line)))
    return lines


def _words(runs: Iterable[Run]) -> Iterator[tuple[str, Type]]:
    for run in runs:
        for number, line in enumerate(clean(run.text).split("\n")):
            if number:
                yield "\n", run.type
            for word in _WORDS.findall(line):
                yield word, run.type


def _broken(word: str, type_: Type, first: float, width: float) -> list[str]:
    """Parts of a word that each fit into a line, the first into what is left of one."""
    if text_width(word, type_) <= first:
        return [word]
    parts: list[str] = []
    start, room, used = 0, first, 0.0
    for index, character in enumerate(word):
        wide = text_width(character, type_)
        if used + wide > room and index > start:
            parts.append(word[start:index])
            start, room, used = index, width, 0.0
        used += wide
    return [*parts, word[start:]]


def _joined(line: Sequence[Piece]) -> Iterator[Piece]:
    """Neighbours of one type as one piece, without the space at the end of the line."""
    end = len(line)
    while end and line[end - 1].text.isspace():
        end -= 1
    start = 0
    while start < end:
        stop = start + 1
        while stop < end and line[stop].type is line[start].type and not _bent(line[stop - 1]):
            stop += 1
        pieces = line[start:stop]
        wide = pieces[-1].x + pieces[-1].width - pieces[0].x
        yield Piece(pieces[0].x, "".join(p.text for p in pieces), pieces[0].type, wide)
        start = stop


def _bent(piece: Piece) -> bool:
    """Whether the piece is an indent that was narrowed, so its neighbour stands apart."""
    return piece.text.isspace() and text_width(piece.text, piece.type) > piece.width + 0.01


def fitted(text: str, type_: Type, width: float) -> str:
    """One clean line of text, cut with an ellipsis where it would be wider."""
    whole = " ".join(clean(text[:1_000]).split())
    if text_width(whole, type_) <= width:
        return whole
    room = width - text_width("…", type_)
    return _broken(whole, type_, room, room)[0].rstrip() + "…"


def draw_text(canvas: Canvas, text: str, type_: Type, x: float, baseline: float) -> None:
    """Draw clean text; ``x`` and ``baseline`` in points from the lower left corner."""
    size = type_.size_px * PX
    spacing = type_.spacing_percent / 100 * size
    drawn = _widths(type_.font).drawn
    canvas.setFont(type_.font, size)
    if drawn.issuperset(text):
        canvas.drawString(x, baseline, text, charSpace=spacing)
        return
    for is_boxed, stretch in groupby(text, lambda c: c not in drawn and stand_in(c) == BOX):
        part = "".join(stretch)
        shown = "".join(c if c in drawn else stand_in(c) for c in part)
        if is_boxed:
            # The page shows boxes, its text layer the characters (ISO 32000-1, 14.9.4).
            actual = ("\ufeff" + part).encode("utf-16-be").hex().upper()
            canvas.addLiteral(f"/Span <</ActualText <{actual}>>> BDC")
        canvas.drawString(x, baseline, shown, charSpace=spacing)
        if is_boxed:
            canvas.addLiteral("EMC")
        x += text_width(part, type_) * PX
