"""Paints a whole cell of the queue in one go."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from desktop.models.worklist_model import KEYS
from desktop.theme.sizes import SELECTION_BAR
from desktop.theme.theme import current_theme
from desktop.views.queue.worklist_cells import PAINTERS, Cell, paint_skeleton
from desktop.views.tips import show_tip
from services.incidents.read_models import WorklistItem

Index = QModelIndex | QPersistentModelIndex


class WorklistDelegate(QStyledItemDelegate):
    """Ground, line and content of a cell; blank cells show their shape."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self.hovered_line = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(40, self._table.verticalHeader().defaultSectionSize())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        box = QRectF(option.rect)
        state = option.state
        key = KEYS[index.column()]
        self._paint_ground(painter, box, index, bool(state & QStyle.StateFlag.State_Selected))
        item = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(item, WorklistItem):
            paint_skeleton(painter, box, key, index.row())
            return
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        PAINTERS[key](painter, Cell(box, item, text))

    def _paint_ground(
        self, painter: QPainter, box: QRectF, index: Index, is_selected: bool
    ) -> None:
        theme = current_theme()
        if is_selected:
            active = self._table.hasFocus() or self._table.window().isActiveWindow()
            ground = "bg.selected" if active else "bg.selected.idle"
            painter.fillRect(box, theme.color(ground))
        elif index.row() == self.hovered_line:
            painter.fillRect(box, theme.color("bg.hover"))
        bottom = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
        painter.fillRect(bottom, theme.color("line.subtle"))
        if not is_selected or index.column() != 0:
            return
        bar = QRectF(box.left(), box.top(), SELECTION_BAR, box.height() - 1)
        token = "focus" if self._table.hasFocus() else "accent.solid"
        painter.fillRect(bar, theme.color(token))

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Tips as plain text: a summary that looks like markup is shown as it was typed."""
        return show_tip(event, view, index) or super().helpEvent(event, view, option, index)
