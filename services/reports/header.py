"""The top of the report: which incident, how pressing, and what the reader should know first."""

from typing import Final

from services.incidents.read_models import IncidentDetail
from services.reports import colours, marks, styles, words
from services.reports.layout import Block, Text, Whole, text
from services.reports.options import ReportOptions
from services.reports.sheet import Sheet
from services.reports.text import Type, text_width

_OVERLINE_PX: Final = 28.0
_NOTICE_PAD: Final = 12.0


class NumberLine(Whole):
    """Kind of paper, product, number, and the marks of priority, severity and state."""

    keeps_next = True

    def __init__(self, detail: IncidentDetail) -> None:
        self._detail = detail

    def height(self, width: float) -> float:
        """The same at every width."""
        return _OVERLINE_PX + styles.NUMBER.line_px

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """The number at the left, marks after it."""
        incident = self._detail.incident
        sheet.text("Incident report", styles.META, x, y)
        marks.product_sign(sheet, x + width, y)
        y += _OVERLINE_PX
        number = f"INC-{incident.number}"
        sheet.text(number, styles.NUMBER, x, y)
        x += text_width(number, styles.NUMBER) + 16
        y += 8
        if incident.priority is not None:
            x += marks.priority_badge(sheet, incident.priority, x, y) + 8
        else:
            x += marks.tag(sheet, "No priority yet", x, y) + 8
        if incident.severity is not None:
            x += marks.severity_pill(sheet, incident.severity, x, y) + 8
        x += marks.state_tag(sheet, self._detail.label, x, y) + 8
        if incident.is_imported:
            x += marks.tag(sheet, "Imported record", x, y) + 8
        if incident.is_drill:
            x += marks.tag(sheet, words.DRILL, x, y) + 8
        if incident.is_confidential:
            marks.tag(sheet, words.CONFIDENTIAL, x, y)


class Rule(Whole):
    """A line across the page."""

    def __init__(self, *, before: float) -> None:
        self.before = before

    def height(self, width: float) -> float:
        """One pixel."""
        return 1.0

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """From edge to edge."""
        sheet.rule(x, y + 0.5, width, colours.RULE)


class Notice(Whole):
    """A tinted strip that says what limits this paper."""

    def __init__(self, sentence: str, *, type_: Type = styles.NOTICE, before: float = 12) -> None:
        self.before = before
        self._text = text(sentence, type_)

    def height(self, width: float) -> float:
        """The sentence and the space round it."""
        return self._text.height(width - 2 * _NOTICE_PAD) + 16

    def draw(self, sheet: Sheet, x: float, y: float, width: float) -> None:
        """A box with the sentence inside."""
        sheet.box(
            x,
            y,
            width,
            self.height(width),
            fill=colours.AMBER_TINT,
            line=colours.AMBER_LINE,
            radius=4,
        )
        self._text.draw(sheet, x + _NOTICE_PAD, y + 8, width - 2 * _NOTICE_PAD)


def heading(title: str, *, before: float = 32) -> Text:
    """The title of a section; it stays with what follows."""
    return text(title, styles.HEADING, before=before, keeps_next=True)


def header_blocks(detail: IncidentDetail, options: ReportOptions) -> list[Block]:
    """Number, marks, summary and notices."""
    line = f"Times are in {words.zone_name(options.data_as_of, options.zone)}."
    if detail.incident.is_imported:
        line = f"{line} Number in the source: {words.recorded(detail.incident.external_reference)}."
    return [
        NumberLine(detail),
        text(words.recorded(detail.incident.summary), styles.SUMMARY, before=4, keeps_next=True),
        text(line, styles.META, before=8, keeps_next=True),
        Rule(before=16),
        *(Notice(sentence) for sentence in _notices(detail)),
    ]


def _notices(detail: IncidentDetail) -> list[str]:
    found = []
    if detail.incident.is_drill:
        found.append("This was a drill: nothing of it happened, and it counts in no figure.")
    if detail.incident.is_confidential:
        found.append("This incident is confidential: this paper is for its readers alone.")
    if detail.incident.is_imported:
        found.append(
            "This record was imported. What its source did not hold is printed as "
            "“not recorded”; people named by the source stand beside who ran the import."
        )
    if count := detail.pending_count:
        changes = words.counted(count, "change is", "changes are")
        found.append(f"{changes} saved on this desk only, not yet for all.")
    if count := len(detail.conflicts):
        changes = words.counted(count, "change", "changes")
        found.append(f"{changes} of this desk in conflict with the shared record.")
    return found
