"""Reading a report back, with programs that did not write it."""

import re
from io import BytesIO

import pypdfium2
from pypdf import PdfReader


def page_texts(pdf: bytes) -> list[str]:
    """Text of each page as a viewer copies it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_page_text(document, number) for number in range(len(document))]
    finally:
        document.close()


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    text_page = page.get_textpage()
    try:
        return text_page.get_text_bounded()
    finally:
        text_page.close()
        page.close()


def packed(text: str) -> str:
    """Text without space and soft line ends, which wrapping changes."""
    return re.sub(r"[\s\ufffe\u0002]+", "", text)


def packed_text(pdf: bytes) -> str:
    """All text of the body pages without space, footers and running heads included."""
    return packed("".join(page_texts(pdf)))


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Name of each font and whether its file is inside."""
    found = {}
    for page in PdfReader(BytesIO(pdf)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            font = font.get_object()
            descriptor = font.get("/FontDescriptor", {})
            embedded = "/FontFile2" in descriptor
            found[str(font["/BaseFont"])] = embedded
    return found


def names_inside(pdf: bytes) -> set[str]:
    """Every PDF name (``/URI`` and the like) of every object; strings are not looked into."""
    reader = PdfReader(BytesIO(pdf))
    names: set[str] = set()
    waiting: list[object] = [reader.trailer]
    seen: set[int] = set()
    while waiting:
        thing = waiting.pop()
        thing = thing.get_object() if hasattr(thing, "get_object") else thing
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        if isinstance(thing, dict):
            names.update(str(key) for key in thing)
            waiting += thing.values() if "/Parent" not in thing else _but_parent(thing)
            names.update(str(v) for v in thing.values() if type(v).__name__ == "NameObject")
        elif isinstance(thing, list):
            waiting += thing
    return names


def _but_parent(thing: dict[str, object]) -> list[object]:
    return [thing.raw_get(key) for key in thing if key != "/Parent"]  # type: ignore[attr-defined]
