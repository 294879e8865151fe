"""What is painted rather than written: badges, the ring of a state, the sign of the product."""

from collections.abc import Callable
from typing import Final

from services.core.records import is_known
from services.incidents.labels import StateLabel
from services.incidents.priority import Priority, Severity
from services.incidents.words import word_of
from services.reports import colours, styles
from services.reports.fonts import REGULAR, STRONG
from services.reports.sheet import Sheet
from services.reports.text import Type, text_width

PRIORITY_WIDTH: Final = 40.0
SEVERITY_WIDTH: Final = 56.0
BADGE_HEIGHT: Final = 20.0

# Points of the chevrons and bars round the point (11, 10) of the badge, as on the screen.
_CHEVRONS: Final = {
    1: (((-3.5, -0.7), (0, -4.0), (3.5, -0.7)), ((-3.5, 3.7), (0, 0.4), (3.5, 3.7))),
    2: (((-3.5, 1.7), (0, -1.7), (3.5, 1.7)),),
    3: (((-3.5, -2.0), (3.5, -2.0)), ((-3.5, 2.0), (3.5, 2.0))),
    4: (((-3.5, -1.7), (0, 1.7), (3.5, -1.7)),),
    5: (((-3.0, 0.0), (3.0, 0.0)),),
}

_SEVERITIES: Final = {
    Severity.SEV1: colours.PRIORITIES[0],
    Severity.SEV2: colours.PRIORITIES[1],
}
"""The two that are major look like the priorities; the others are plain."""


def priority_badge(sheet: Sheet, priority: Priority, x: float, y: float) -> float:
    """The badge of a priority; returns its width."""
    fill, line, ink = colours.PRIORITIES[priority - 1 if is_known(priority) else -1]
    sheet.box(x, y, PRIORITY_WIDTH, BADGE_HEIGHT, fill=fill, line=line, radius=4)
    for chevron in _CHEVRONS.get(priority, ()):
        sheet.path([(x + 11 + dx, y + 10 + dy) for dx, dy in chevron], ink, 1.7)
    type_ = Type(STRONG, styles.BADGE_PX, BADGE_HEIGHT, ink)
    sheet.text(f"P{int(priority)}", type_, x + 19, y)
    return PRIORITY_WIDTH


def severity_pill(sheet: Sheet, severity: Severity, x: float, y: float) -> float:
    """The pill of a severity; returns its width."""
    fill, line, ink = _SEVERITIES.get(severity, (colours.PAPER, colours.OUTLINE, colours.MUTED))
    sheet.box(x, y, SEVERITY_WIDTH, BADGE_HEIGHT, fill=fill, line=line, radius=10)
    type_ = Type(STRONG, styles.BADGE_PX, BADGE_HEIGHT, ink, 3.0)
    words = word_of(severity)
    sheet.text(words, type_, x + (SEVERITY_WIDTH - text_width(words, type_)) / 2, y)
    return SEVERITY_WIDTH


def tag_width(words: str) -> float:
    """Width of a tag."""
    return text_width(words, _TAG) + 16


def tag(sheet: Sheet, words: str, x: float, y: float) -> float:
    """A plain tag with an outline; returns its width."""
    width = tag_width(words)
    sheet.box(x, y, width, BADGE_HEIGHT, fill=colours.PAPER, line=colours.RULE, radius=4)
    sheet.text(words, _TAG, x + 8, y)
    return width


def state_tag(sheet: Sheet, label: StateLabel, x: float, y: float) -> float:
    """The ring of a state and its word; returns the width."""
    colour, paint = _STATES.get(label, (colours.MUTED, _ring))
    width = text_width(label.value, _STATE) + 36
    sheet.box(x, y, width, BADGE_HEIGHT, fill=colours.PAPER, line=colours.RULE, radius=10)
    paint(sheet, x + 14, y + 10, colour)
    sheet.text(label.value, _STATE, x + 24, y)
    return width


def product_sign(sheet: Sheet, right: float, y: float) -> None:
    """The product's sign and name, ending at ``right``."""
    left = right - text_width("Firstline", styles.BRAND)
    sheet.text("Firstline", styles.BRAND, left, y)
    sheet.box(left - 22, y, 16, 16, fill=colours.ACCENT, radius=4)
    for top, length in ((4.5, 5.0), (8.0, 8.0), (11.5, 6.5)):
        sheet.rule(left - 18, y + top, length, colours.PAPER, 1.5)


_TAG: Final = Type(REGULAR, styles.BADGE_PX, BADGE_HEIGHT, colours.MUTED)
_STATE: Final = Type(STRONG, styles.BADGE_PX, BADGE_HEIGHT, colours.INK)


def _ring(sheet: Sheet, x: float, y: float, colour: str) -> None:
    sheet.circle((x, y), 4.8, line=colour, line_px=1.5)


def _new(sheet: Sheet, x: float, y: float, colour: str) -> None:
    sheet.circle((x, y), 4.8, line=colour, line_px=1.5, dash=(2.2, 1.6))


def _assigned(sheet: Sheet, x: float, y: float, colour: str) -> None:
    _ring(sheet, x, y, colour)
    sheet.circle((x, y), 1.9, fill=colour)


def _in_progress(sheet: Sheet, x: float, y: float, colour: str) -> None:
    _ring(sheet, x, y, colour)
    half = [(x, y - 3), (x - 2.1, y - 2.1), (x - 3, y), (x - 2.1, y + 2.1), (x, y + 3)]
    sheet.path(half, colour, 0, is_filled=True)


def _on_hold(sheet: Sheet, x: float, y: float, colour: str) -> None:
    _ring(sheet, x, y, colour)
    for left in (x - 1.4, x + 1.4):
        sheet.path([(left, y - 2.2), (left, y + 2.2)], colour, 1.4)


def _escalated(sheet: Sheet, x: float, y: float, colour: str) -> None:
    _ring(sheet, x, y, colour)
    sheet.path([(x, y + 2.6), (x, y - 2.2)], colour, 1.3)
    sheet.path([(x - 2, y - 0.4), (x, y - 2.4), (x + 2, y - 0.4)], colour, 1.3)


def _resolved(sheet: Sheet, x: float, y: float, colour: str) -> None:
    _ring(sheet, x, y, colour)
    _check(sheet, x, y, colour)


def _closed(sheet: Sheet, x: float, y: float, colour: str) -> None:
    sheet.circle((x, y), 5.5, fill=colour)
    _check(sheet, x, y, colours.PAPER)


def _check(sheet: Sheet, x: float, y: float, colour: str) -> None:
    sheet.path([(x - 2.4, y + 0.1), (x - 0.7, y + 1.9), (x + 2.5, y - 1.7)], colour, 1.4)


def _cancelled(sheet: Sheet, x: float, y: float, colour: str) -> None:
    _ring(sheet, x, y, colour)
    sheet.path([(x - 2, y - 2), (x + 2, y + 2)], colour, 1.3)
    sheet.path([(x - 2, y + 2), (x + 2, y - 2)], colour, 1.3)


_STATES: Final[dict[StateLabel, tuple[str, Callable[[Sheet, float, float, str], None]]]] = {
    StateLabel.NEW: (colours.MUTED, _new),
    StateLabel.ASSIGNED: (colours.MUTED, _assigned),
    StateLabel.IN_PROGRESS: (colours.ACCENT, _in_progress),
    StateLabel.ESCALATED: (colours.VIOLET, _escalated),
    StateLabel.REOPENED: (colours.RED, _assigned),
    StateLabel.ON_HOLD: (colours.AMBER, _on_hold),
    StateLabel.RESOLVED: (colours.GREEN, _resolved),
    StateLabel.CLOSED: (colours.MUTED, _closed),
    StateLabel.CANCELLED: (colours.MUTED, _cancelled),
}
