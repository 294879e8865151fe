"""The state document as a web page of its own, and in the storage form of Confluence."""

from collections.abc import Iterator, Sequence
from importlib import resources
from typing import Final

from services.core.markup import Markup, element, joined, written
from services.reports.state_document_blocks import (
    Heading,
    Pairs,
    Piece,
    Prose,
    Table,
)

BEGIN: Final = "firstline-state-begin"
END: Final = "firstline-state-end"
"""Anchors round what Firstline wrote: what people write outside them is theirs."""


def web_page(title: str, pieces: Sequence[Piece]) -> str:
    """One file that needs no other: no script, nothing loaded, light and dark."""
    file = resources.files("resources") / "state_document" / "page.css"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        element("style", written(file.read_text(encoding="utf-8").strip())),
    )
    body = element("body", element("main", element("h1", title), *_all(pieces)))
    return f"{joined(written('<!DOCTYPE html>'), element('html', head, body, lang='en'))}\n"


def confluence_storage(title: str, pieces: Sequence[Piece]) -> str:
    """The body of a page between our anchors; the title is the page's own."""
    return f"{joined(_anchor(BEGIN), *_all(pieces), _anchor(END))}\n"


def _anchor(name: str) -> Markup:
    # The name of its only parameter is empty. Source: Confluence's storage format, anchor macro.
    return written(
        '<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">'
        f"{name}</ac:parameter></ac:structured-macro>"
    )


def _all(pieces: Sequence[Piece]) -> Iterator[Markup]:
    for piece in pieces:
        if isinstance(piece, Heading):
            yield element(f"h{piece.level}", piece.text)
        elif isinstance(piece, Prose):
            yield from _prose(piece)
        elif isinstance(piece, Pairs):
            rows = (element("tr", _head(label), _cell(text)) for label, text in piece.pairs)
            yield _table(rows)
        else:
            yield _rows(piece)


def _prose(piece: Prose) -> Iterator[Markup]:
    for paragraph in (p for p in piece.text.split("\n\n") if p.strip()):
        words = _lines(paragraph)
        if piece.is_struck:
            words = element("del", words)
        yield element("p", element("strong", words) if piece.is_strong else words)
    if piece.meta:
        yield element("p", element("em", "— ", piece.meta))


def _rows(table: Table) -> Markup:
    head = element("tr", *(_head(title, scope="col") for title in table.titles))
    rows = []
    for row in table.rows:
        cells = [_lines(cell) for cell in row.cells]
        if row.is_struck:
            cells = [element("del", cell) for cell in cells]
        rows.append(element("tr", *(element("td", cell) for cell in cells)))
    return _table([head, *rows])


def _table(rows: "Sequence[Markup] | Iterator[Markup]") -> Markup:
    return element("table", element("tbody", *rows))


def _head(text: str, scope: str = "row") -> Markup:
    return element("th", text, scope=scope)


def _cell(text: str) -> Markup:
    return element("td", _lines(text))


def _lines(text: str) -> Markup:
    """The lines as they were typed."""
    first, *others = text.replace("\r\n", "\n").split("\n")
    return joined(first, *(joined(element("br"), line) for line in others))
