"""The profiles to choose from, at the left of the sign-in screen."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.views.tips import plain_tip
from desktop.widgets.paint import draw_icon, draw_text
from desktop.widgets.paint_badges import TAG_HEIGHT, tag, tag_width
from desktop.widgets.painted_list import Index, PaintedList, paint_ground

_ROW: Final = 52
_WORDS_AT: Final = 44


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One profile: its id, its name and where it is; ``tag`` says that it is open, or new."""

    key: str
    name: str
    where: str
    icon: str
    tag: str = ""

    @property
    def spoken(self) -> str:
        """Its words for a screen reader."""
        return ", ".join(part for part in (self.name, self.where, self.tag) if part)

    @property
    def tip(self) -> str:
        """All of its words, where they do not fit."""
        return plain_tip(f"{self.name}\n{self.where}")


class _ProfilePainter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        state = option.state
        box = QRectF(option.rect).adjusted(8, 2, -8, -2)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        paint_ground(painter, box, state)
        ink = "accent.fg" if chosen else "fg.muted"
        draw_icon(painter, row.icon, ink, box.left() + 14, box.center().y() - 8)
        end = box.right() - 10
        if row.tag:
            width = tag_width(row.tag)
            place = QRectF(end - width, box.center().y() - TAG_HEIGHT / 2, width, TAG_HEIGHT)
            tag(painter, place, row.tag, "accent")
            end -= width + 8
        left = box.left() + _WORDS_AT - 8
        name = QRectF(left, box.top() + 6, end - left, 18)
        draw_text(painter, name, row.name, "body.medium")
        draw_text(painter, name.translated(0, 18), row.where, "meta", "fg.subtle")


class ProfileRows(PaintedList):
    """The profiles; told by their ids."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, _ProfilePainter, parent)

    @property
    def rows(self) -> list[ProfileRow]:
        """What is shown."""
        return [self.item(at).data(Qt.ItemDataRole.UserRole) for at in range(self.count())]
