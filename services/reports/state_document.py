"""The state document as a file: Markdown, HTML, Confluence's storage form, PDF."""

from enum import Enum
from pathlib import Path

from services.major_incidents.state_document import StateDocument
from services.reports.state_document_blocks import pieces_of
from services.reports.state_document_markdown import markdown
from services.reports.state_document_markup import confluence_storage, web_page


class DocumentFormat(Enum):
    """In what form it is exported; the value is the usual end of the file's name."""

    MARKDOWN = "md"
    HTML = "html"
    CONFLUENCE = "confluence.xml"
    PDF = "pdf"


def export(document: StateDocument, format_: DocumentFormat, *, fonts: Path | None = None) -> bytes:
    """The document in one form; whatever was typed stays text. The same document, the same bytes.

    ``fonts`` is the folder of prepared fonts for PDF, that of the default home if None.
    """
    pieces = pieces_of(document)
    if format_ is DocumentFormat.PDF:
        from services.reports.state_document_paper import paper

        return paper(document, pieces, fonts=fonts)
    write = {
        DocumentFormat.MARKDOWN: markdown,
        DocumentFormat.HTML: web_page,
        DocumentFormat.CONFLUENCE: confluence_storage,
    }[format_]
    return write(document.title, pieces).encode()
