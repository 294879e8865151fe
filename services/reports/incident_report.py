"""The printable report of one incident."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from services.core.paths import default_home
from services.incidents.read_models import IncidentDetail
from services.reports import colours, marks, styles, words
from services.reports.about_section import about_blocks
from services.reports.escalation_section import escalation_blocks
from services.reports.figures import figure_blocks
from services.reports.fonts import use_fonts
from services.reports.header import header_blocks
from services.reports.history_section import history_blocks
from services.reports.layout import Block, Page, paginate
from services.reports.options import ReportOptions
from services.reports.outcome_section import outcome_blocks
from services.reports.sheet import Sheet
from services.reports.text import PX, clean, fitted, text_width

MARGIN_PX: Final = 56.0
_TOP_PX: Final = 72.0
_FOOT_PX: Final = 88.0


def incident_report(
    detail: IncidentDetail, options: ReportOptions, *, fonts: Path | None = None
) -> bytes:
    """A PDF of the incident; the same arguments give the same bytes.

    Args:
        detail: What the record pane shows.
        options: Paper, internal notes, who prints when, and how fresh the record is.
        fonts: Folder of prepared fonts, that of the default home if None. What is missing
            there is made first, which takes about a second.
    """
    use_fonts(fonts or default_home().fonts)
    paper = options.paper
    room = paper.height - _TOP_PX - _FOOT_PX
    pages = paginate(_blocks(detail, options), paper.width - 2 * MARGIN_PX, room)
    written = BytesIO()
    canvas = Canvas(
        written,
        pagesize=(paper.width * PX, paper.height * PX),
        pageCompression=1,
        invariant=1,
        lang="en",
    )
    _describe(canvas, detail, options)
    _draw(Sheet(canvas, paper.width, paper.height), pages, detail, options)
    canvas.save()
    return written.getvalue()


def _blocks(detail: IncidentDetail, options: ReportOptions) -> list[Block]:
    return [
        *header_blocks(detail, options),
        *figure_blocks(detail, options.data_as_of),
        *about_blocks(detail, options.zone),
        *outcome_blocks(detail, options.zone),
        *escalation_blocks(detail, options),
        *history_blocks(detail, options),
    ]


def _describe(canvas: Canvas, detail: IncidentDetail, options: ReportOptions) -> None:
    """Title, author and subject as document viewers show them."""
    summary = " ".join(clean(detail.incident.summary[:500]).split())
    canvas.setTitle(f"INC-{detail.incident.number} {summary}".strip())
    canvas.setAuthor(clean(options.printed_by[:500]))
    canvas.setSubject(f"Incident report, data as of {options.data_as_of.isoformat()}")
    canvas.setCreator("Firstline")
    canvas.setViewerPreference("DisplayDocTitle", "true")


def _draw(
    sheet: Sheet, pages: Sequence[Page], detail: IncidentDetail, options: ReportOptions
) -> None:
    for number, page in enumerate(pages, start=1):
        if number > 1:
            _draw_running_head(sheet, detail)
        for placed in page:
            top = (_TOP_PX if number > 1 else MARGIN_PX) + placed.y
            placed.block.draw(sheet, MARGIN_PX, top, sheet.width - 2 * MARGIN_PX)
        _draw_footer(sheet, f"Page {number} of {len(pages)}", detail, options)
        sheet.canvas.showPage()


def _draw_running_head(sheet: Sheet, detail: IncidentDetail) -> None:
    name = f"INC-{detail.incident.number}"
    sheet.text(name, styles.MICRO_STRONG, MARGIN_PX, 36)
    left = MARGIN_PX + text_width(name, styles.MICRO_STRONG) + 8
    right = sheet.width - MARGIN_PX
    is_marked = (
        (detail.incident.is_confidential, words.CONFIDENTIAL),
        (detail.incident.is_drill, words.DRILL),
    )
    for mark in (word for is_so, word in is_marked if is_so):
        right -= marks.tag_width(mark)
        marks.tag(sheet, mark, right, 32)
        right -= 8
    room = right - 16 - left
    sheet.text(fitted(detail.incident.summary, styles.MICRO, room), styles.MICRO, left, 36)


def _draw_footer(sheet: Sheet, pages: str, detail: IncidentDetail, options: ReportOptions) -> None:
    top = sheet.height - 56
    right = sheet.width - MARGIN_PX
    sheet.rule(MARGIN_PX, top - 8, right - MARGIN_PX, colours.RULE)
    name = f"INC-{detail.incident.number}"
    sheet.text(name, styles.MICRO_STRONG, MARGIN_PX, top)
    sheet.text_right(pages, styles.MICRO_STRONG, right, top)
    left = MARGIN_PX + text_width(name, styles.MICRO_STRONG) + 16
    room = right - text_width(pages, styles.MICRO_STRONG) - 16 - left
    data = f"Data as of {words.moment(options.data_as_of, options.zone)}"
    printed = f"printed {words.moment(options.printed_at, options.zone)} by {options.printed_by}"
    sheet.text(fitted(f"{data}, {printed}", styles.MICRO, room), styles.MICRO, left, top)
