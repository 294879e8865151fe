"""Where the parts of one timeline entry stand, measured once for a width."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QTextLayout, QTextOption

from desktop.models.timeline_model import SHOWN_CHARACTERS
from desktop.theme.theme import current_theme
from desktop.widgets.paint import text_width
from desktop.widgets.paint_badges import TAG_HEIGHT, Tone, tag_width
from services.incidents.read_models import FieldChange, TimelineEntry, TimelineKind

MARK: Final = 22
LEFT_EDGE: Final = 16
TEXT_LEFT: Final = LEFT_EDGE + MARK + 10
RIGHT_EDGE: Final = 16
HEAD: Final = 22
GAP: Final = 4
BELOW: Final = 14
BUBBLE: Final = 8
ARROW: Final = 26
BUBBLED: Final = frozenset(
    {TimelineKind.NOTE, TimelineKind.REPLY, TimelineKind.CALLER_REPLY, TimelineKind.RESOLUTION}
)
LOOKS: Final[dict[TimelineKind, tuple[str, Tone]]] = {
    TimelineKind.LOGGED: ("add", "neutral"),
    TimelineKind.NOTE: ("note", "accent"),
    TimelineKind.REPLY: ("reply", "info"),
    TimelineKind.CALLER_REPLY: ("channel.chat", "info"),
    TimelineKind.CALL: ("call.running", "neutral"),
    TimelineKind.CONTACT_ATTEMPT: ("call", "warn"),
    TimelineKind.CHANGE: ("category", "neutral"),
    TimelineKind.ASSIGNMENT: ("person", "neutral"),
    TimelineKind.STATE: ("history", "neutral"),
    TimelineKind.ESCALATION: ("escalate", "violet"),
    TimelineKind.RESOLUTION: ("resolve", "ok"),
    TimelineKind.CLOSURE: ("lock", "neutral"),
    TimelineKind.IMPORTED: ("import", "neutral"),
    TimelineKind.PAGING: ("bell", "info"),
}


@dataclass(frozen=True, slots=True)
class PlacedTag:
    """A chip at its place; ``tone`` None is a word before it, or the arrow between two."""

    box: QRectF
    text: str
    tone: Tone | None


@dataclass(frozen=True, slots=True)
class Block:
    """The measured parts of an entry, relative to its upper left corner."""

    sentence: QTextLayout
    sentence_height: float
    text: QTextLayout | None
    text_box: QRectF
    tags: tuple[PlacedTag, ...]
    more_box: QRectF | None
    height: float


def measured(entry: TimelineEntry, actor: str, time_width: float, width: int) -> Block:
    """The block of an entry in a list ``width`` wide."""
    room = max(80.0, width - TEXT_LEFT - RIGHT_EDGE)
    head_room = max(60.0, room - time_width - 8)
    sentence = laid_out(f"{actor} {entry.sentence}".strip(), "body", head_room, len(actor))
    sentence_height = max(float(HEAD), sentence.boundingRect().height() + 2)
    y = sentence_height + 2
    tags, y = _tags(entry.changes, room, y)
    text, text_box, y = _text(entry, room, y)
    more_box = None
    if len(entry.text) > SHOWN_CHARACTERS:
        more_box = QRectF(TEXT_LEFT, y, room, 20)
        y += 22
    return Block(sentence, sentence_height, text, text_box, tags, more_box, y + BELOW)


def _text(entry: TimelineEntry, room: float, y: float) -> tuple[QTextLayout | None, QRectF, float]:
    if not entry.text:
        return None, QRectF(), y
    inset = BUBBLE if entry.kind in BUBBLED else 0
    layout = laid_out(entry.text[:SHOWN_CHARACTERS], "body", room - 2 * inset)
    height = layout.boundingRect().height() + 2 * (inset - 2 if inset else 0)
    box = QRectF(TEXT_LEFT, y + (2 if inset else 0), room, height)
    return layout, box, box.bottom() + GAP


def _tags(
    changes: tuple[FieldChange, ...], room: float, y: float
) -> tuple[tuple[PlacedTag, ...], float]:
    placed: list[PlacedTag] = []
    for change in changes:
        x = float(TEXT_LEFT)
        if len(changes) > 1:
            width = text_width(change.field, "meta") + 10
            placed.append(PlacedTag(QRectF(x, y, width, TAG_HEIGHT), change.field, None))
            x += width
        x = _pair(placed, change, x, y, TEXT_LEFT + room)
        y += TAG_HEIGHT + GAP
    return tuple(placed), y


def _pair(placed: list[PlacedTag], change: FieldChange, x: float, y: float, end: float) -> float:
    """Before, arrow and after in one line; each takes half at most where both are long."""
    parts = [part for part in (change.before, change.after) if part]
    half = (end - x - ARROW) / 2 if len(parts) > 1 else end - x
    for at, part in enumerate(parts):
        if at:
            placed.append(PlacedTag(QRectF(x, y, ARROW, TAG_HEIGHT), "", None))
            x += ARROW
        is_after = part is change.after
        width = min(float(tag_width(part)), half)
        tone: Tone = "accent" if is_after else "neutral"
        placed.append(PlacedTag(QRectF(x, y, width, TAG_HEIGHT), part, tone))
        x += width
    return x


def laid_out(text: str, role: str, width: float, strong: int = 0) -> QTextLayout:
    """Lines of a text within a width; its first ``strong`` characters are set strong."""
    theme = current_theme()
    shown = text.replace("\r\n", "\n").replace("\n", "\u2028")
    layout = QTextLayout(shown, theme.font(role))
    option = QTextOption(Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    if strong:
        layout.setFormats([_strong(strong)])
    line_px = theme.role(role).line_px
    layout.beginLayout()
    y = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, y + (line_px - line.height()) / 2))
        y += line_px
    layout.endLayout()
    return layout


def _strong(length: int) -> QTextLayout.FormatRange:
    found = QTextLayout.FormatRange()
    found.start = 0
    found.length = length
    form = found.format
    form.setFont(current_theme().font("body.strong"))
    form.setForeground(current_theme().color("fg.default"))
    found.format = form
    return found
