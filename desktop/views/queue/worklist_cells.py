"""Painters of the cells of the queue, by the key of their column."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop.models.worklist_model import MARK
from desktop.theme.theme import current_theme
from desktop.widgets.paint import RIGHT, draw_icon, draw_text, rounded, text_width
from desktop.widgets.paint_badges import (
    PRIORITY_HEIGHT,
    TAG_HEIGHT,
    avatar,
    priority_badge,
    tag,
    tag_width,
)
from desktop.widgets.paint_states import GLYPH, state_glyph, state_word
from services.incidents.incident import IncidentState
from services.incidents.read_models import SortBy, WorklistItem

PADDING: Final = 8
_AVATAR: Final = 22
_MARK_GAP: Final = 10
_SMALL: Final = 14


@dataclass(frozen=True, slots=True)
class Cell:
    """What a painter needs: the box, the row, its words, and whether it calls for the caller."""

    box: QRectF
    item: WorklistItem
    text: str

    @property
    def room(self) -> QRectF:
        """The box without its gutters."""
        return self.box.adjusted(PADDING, 0, -PADDING, -1)


def _unread(painter: QPainter, cell: Cell) -> None:
    if cell.item.is_unread:
        middle = cell.box.center().y()
        dot = QRectF(cell.box.left() + 10, middle - 3.5, 6, 6)
        rounded(painter, dot, 3, current_theme().color("accent.solid"))


def _priority(painter: QPainter, cell: Cell) -> None:
    room = cell.room
    if cell.item.priority is not None:
        at = QPointF(room.left(), room.center().y() - PRIORITY_HEIGHT / 2)
        priority_badge(painter, at, int(cell.item.priority))
        return
    word = QCoreApplication.translate("worklist", "Triage")
    box = QRectF(room.left(), round(room.center().y() - TAG_HEIGHT / 2) + 1, tag_width(word), 18)
    tag(painter, box, word, "warn")


def _number(painter: QPainter, cell: Cell) -> None:
    draw_text(painter, cell.room.adjusted(0, 0, PADDING - 2, 0), cell.text, "body", "fg.muted")


def _marks(item: WorklistItem) -> list[tuple[str, str, str]]:
    """Icon, colour and text of the glyphs behind a summary, from the right."""
    found = []
    if item.is_pending:
        found.append(("sync.pending", "warn.fg", ""))
    if item.has_conflict:
        found.append(("changes", "warn.fg", ""))
    if item.is_fetched:
        found.append(("sync.ok", "fg.subtle", ""))
    if item.state is IncidentState.RESOLVED:
        found.append(("call", "fg.muted", ""))
    if item.child_count:
        found.append(("link", "fg.subtle", str(item.child_count)))
    if item.is_vip:
        found.append(("vip", "fg.subtle", ""))
    if item.is_confidential:
        found.append(("lock", "fg.muted", ""))
    return found


def _drill(painter: QPainter, room: QRectF) -> int:
    """Mark an exercise before its summary; returns the width."""
    word = QCoreApplication.translate("worklist", "DRILL")
    width = tag_width(word)
    top = round(room.center().y() - TAG_HEIGHT / 2) + 1
    tag(painter, QRectF(room.left(), top, width, 18), word, "violet")
    return width


def _summary(painter: QPainter, cell: Cell) -> None:
    room = cell.room
    middle = room.center().y()
    if cell.item.is_drill:
        room = room.adjusted(_drill(painter, room) + _MARK_GAP / 2, 0, 0, 0)
    x = room.right()
    for icon, token, text in _marks(cell.item):
        if text:
            width = text_width(text, "meta")
            box = QRectF(x - width - 1, room.top(), width + 1, room.height())
            draw_text(painter, box, text, "meta", "fg.subtle", RIGHT)
            x -= width + 4
        x -= _SMALL
        draw_icon(painter, icon, token, x, middle - _SMALL / 2, _SMALL)
        x -= _MARK_GAP
    role = "body.strong" if cell.item.is_unread else "body"
    is_over = cell.item.state in (
        IncidentState.RESOLVED, IncidentState.CLOSED, IncidentState.CANCELLED
    )  # fmt: skip
    ink = "fg.muted" if is_over and not cell.item.is_unread else "fg.default"
    draw_text(painter, QRectF(room.left(), room.top(), x - room.left(), room.height()),
              cell.text, role, ink)  # fmt: skip


def _plain(painter: QPainter, cell: Cell) -> None:
    draw_text(painter, cell.room, cell.text, "meta", "fg.muted")


def _state(painter: QPainter, cell: Cell) -> None:
    room = cell.room
    state = cell.item.label.name.lower()
    state_glyph(painter, QPointF(room.left(), room.center().y() - GLYPH / 2), state)
    words = room.adjusted(GLYPH + 6, 0, PADDING, 0)
    draw_text(painter, words, state_word(state), "meta", "fg.default")


def _team(painter: QPainter, cell: Cell) -> None:
    tier = f"T{int(cell.item.tier)}"
    behind = text_width(tier, "micro")
    room = cell.room.adjusted(0, 0, PADDING - 2, 0)
    name = QRectF(room.left(), room.top(), room.width() - behind - 5, room.height())
    taken = draw_text(painter, name, cell.item.team, "meta", "fg.muted")
    draw_text(painter, room.adjusted(taken + 5, 0, 1, 0), tier, "micro", "fg.subtle")


def _assignee(painter: QPainter, cell: Cell) -> None:
    room = cell.room
    at = QPointF(room.left() + 8, room.center().y() - _AVATAR / 2)
    avatar(painter, at, _AVATAR, cell.item.assignee)


def _age(painter: QPainter, cell: Cell) -> None:
    draw_text(painter, cell.room.adjusted(0, 0, -2, 0), cell.text, "meta", "fg.muted")


PAINTERS: Final[dict[str, Callable[[QPainter, Cell], None]]] = {
    MARK: _unread,
    SortBy.PRIORITY.value: _priority,
    SortBy.NUMBER.value: _number,
    SortBy.SUMMARY.value: _summary,
    SortBy.CATEGORY.value: _plain,
    SortBy.STATE.value: _state,
    SortBy.TEAM.value: _team,
    SortBy.ASSIGNEE.value: _assignee,
    SortBy.AGE.value: _age,
}
_SHARES: Final = (0.58, 0.75, 0.92, 0.68, 0.85, 0.61, 0.78)


def paint_skeleton(painter: QPainter, box: QRectF, column: str, line: int) -> None:
    """The pale shape of a cell whose row is on its way."""
    if column == MARK:
        return
    room = box.adjusted(PADDING, 0, -PADDING, -1)
    share = _SHARES[line % len(_SHARES)] if column == SortBy.SUMMARY.value else 0.8
    bar = QRectF(room.left(), room.center().y() - 5, room.width() * share, 10)
    rounded(painter, bar, 5, current_theme().color("bg.skeleton"))
