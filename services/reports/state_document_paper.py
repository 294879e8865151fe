"""The state document on paper."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from services.core.paths import default_home
from services.major_incidents.state_document import StateDocument
from services.reports import colours, marks, styles
from services.reports.fonts import use_fonts
from services.reports.header import Notice, Rule, heading
from services.reports.layout import Block, Page, Whole, paginate, text
from services.reports.options import Paper
from services.reports.rows import Column, Row, Rows, facts
from services.reports.sheet import Sheet
from services.reports.state_document_blocks import (
    DRILL,
    Heading,
    Pairs,
    Piece,
    Prose,
    Table,
    told_at,
)
from services.reports.text import PX, Type, clean, fitted, limited, text_width

MARGIN_PX: Final = 56.0
_TOP_PX: Final = 72.0
_FOOT_PX: Final = 88.0
_GAP_PX: Final = 12.0
_STRUCK: Final = replace(styles.BODY, colour=colours.SUBTLE)
_CELL: Final = styles.META_INK
_CELL_STRUCK: Final = styles.META


def paper(document: StateDocument, pieces: Sequence[Piece], *, fonts: Path | None = None) -> bytes:
    """A PDF on A4; the same document gives the same bytes.

    ``fonts`` is the folder of prepared fonts, that of the default home if None.
    """
    use_fonts(fonts or default_home().fonts)
    size = Paper.A4
    width = size.width - 2 * MARGIN_PX
    blocks: list[Block] = [
        _Brand(),
        text(clean(document.title[:500]), styles.SUMMARY, keeps_next=True),
        Rule(before=12),
        *(block for piece in pieces for block in _blocks(piece, width)),
    ]
    pages = paginate(blocks, width, size.height - _TOP_PX - _FOOT_PX)
    done = BytesIO()
    canvas = Canvas(
        done,
        pagesize=(size.width * PX, size.height * PX),
        pageCompression=1,
        invariant=1,
        lang="en",
    )
    canvas.setTitle(" ".join(clean(document.title[:500]).split()))
    canvas.setSubject(f"State document as of {document.as_of.isoformat()}")
    canvas.setCreator("Firstline")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    _draw(Sheet(canvas, size.width, size.height), pages, document)
    canvas.save()
    return done.getvalue()


class _Brand(Whole):
    """Kind of paper and product."""

    keeps_next = True

    def height(self, width: float) -> float:
        """The same at every width."""
        return 28.0

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """The kind at the left, the product at the right."""
        sheet.text("State document", styles.META, x, y)
        marks.product_sign(sheet, x + width, y)


def _blocks(piece: Piece, width: float) -> Iterator[Block]:
    if isinstance(piece, Heading):
        if piece.level == 2:
            yield heading(piece.text, before=22)
        else:
            yield text(piece.text, styles.BODY_STRONG, before=16, keeps_next=True)
    elif isinstance(piece, Prose):
        yield from _prose(piece)
    elif isinstance(piece, Pairs):
        half = (len(piece.pairs) + 1) // 2
        yield facts(piece.pairs[:half], piece.pairs[half:], before=16)
    else:
        yield _rows(piece, width)


def _prose(piece: Prose) -> Iterator[Block]:
    if piece.text == DRILL:
        yield Notice(piece.text)
        return
    type_ = styles.BODY_STRONG if piece.is_strong else styles.BODY
    if piece.is_quiet:
        type_ = styles.META
    kept, left_out = limited(piece.text)
    if piece.is_struck:
        type_ = _STRUCK
    yield text(kept, type_, before=8)
    if left_out:
        yield text(left_out, styles.LEFT_OUT, before=4)
    if piece.meta:
        yield text(piece.meta, styles.MICRO, before=2)


def _rows(table: Table, width: float) -> Rows:
    room = width - _GAP_PX * (len(table.titles) - 1)
    whole = sum(table.shares)
    columns = [
        Column(title, room * share / whole)
        for title, share in zip(table.titles, table.shares, strict=True)
    ]
    rows = []
    for row in table.rows:
        type_ = _CELL_STRUCK if row.is_struck else _CELL
        rows.append(Row(*(text(limited(cell)[0], type_) for cell in row.cells)))
    return Rows(columns, rows, before=8, gap=_GAP_PX, pad=6)


def _draw(sheet: Sheet, pages: Sequence[Page], document: StateDocument) -> None:
    for number, page in enumerate(pages, start=1):
        if number > 1:
            _line(sheet, document.title, styles.MICRO, MARGIN_PX, 36, sheet.width - MARGIN_PX)
        for placed in page:
            top = (_TOP_PX if number > 1 else MARGIN_PX) + placed.y
            placed.block.draw(sheet, MARGIN_PX, top, sheet.width - 2 * MARGIN_PX)
        _foot(sheet, document, f"Page {number} of {len(pages)}")
        sheet.canvas.showPage()


def _foot(sheet: Sheet, document: StateDocument, pages: str) -> None:
    top, right = sheet.height - 56, sheet.width - MARGIN_PX
    sheet.rule(MARGIN_PX, top - 8, right - MARGIN_PX, colours.RULE)
    sheet.text_right(pages, styles.MICRO_STRONG, right, top)
    end = right - text_width(pages, styles.MICRO_STRONG) - 16
    drill = "Drill. " if document.is_drill else ""
    _line(sheet, f"{drill}As of {told_at(document.as_of)}", styles.MICRO, MARGIN_PX, top, end)


def _line(sheet: Sheet, words: str, type_: Type, x: float, top: float, right: float) -> None:
    """One line, cut with an ellipsis where it would be longer."""
    sheet.text(fitted(words, type_, right - x), type_, x, top)
