"""Hours, nights, weekends and holidays of each person, beside each other."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from desktop.models.fairness_model import COLUMNS, FairnessModel, FairnessRow
from desktop.theme.sizes import ROW, TABLE_HEAD
from desktop.theme.theme import current_theme
from desktop.widgets.paint import LEFT, RIGHT, draw_icon, draw_text, focus_frame, rounded
from desktop.widgets.paint_badges import avatar

Index = QModelIndex | QPersistentModelIndex
_NUMBER: Final = 116
_PADDING: Final = 12
_BAR: Final = 4


class _Head(QHeaderView):
    def paintSection(self, painter: QPainter, rect: QRect, logical_index: int) -> None:
        theme = current_theme()
        painter.save()
        painter.fillRect(rect, theme.color("bg.surface"))
        line = QRect(rect.left(), rect.bottom(), rect.width(), 1)
        painter.fillRect(line, theme.color("line.default"))
        title = str(self.model().headerData(logical_index, Qt.Orientation.Horizontal) or "")
        room = QRectF(rect).adjusted(_PADDING, 0, -_PADDING, -1)
        here = logical_index == self.sortIndicatorSection()
        ink, role = ("fg.default", "badge") if here else ("fg.muted", "micro")
        taken = draw_text(painter, room, title, role, ink, RIGHT if logical_index else LEFT)
        if here:
            falls = self.sortIndicatorOrder() is Qt.SortOrder.DescendingOrder
            x = room.right() - taken - 15 if logical_index else room.left() + taken + 4
            arrow = "arrow.down" if falls else "arrow.up"
            draw_icon(painter, arrow, "fg.default", x, room.center().y() - 6, 12)
        painter.restore()


class _Cell(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_NUMBER, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = current_theme()
        row, box = index.data(Qt.ItemDataRole.UserRole), QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("bg.selected"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1),
                         theme.color("line.subtle"))  # fmt: skip
        text = str(index.data() or "")
        room = box.adjusted(_PADDING, 0, -_PADDING, 0)
        if index.column() == 0:
            avatar(painter, room.topLeft() + QRectF(0, 6, 0, 0).topLeft(), 20, row.person,
                   ring=row.is_you)  # fmt: skip
            draw_text(painter, room.adjusted(28, 0, 0, 0), text, "body.medium")
        else:
            draw_text(painter, room, text, "body.tabular", "fg.default", RIGHT)
        if index.column() == 1:
            self._paint_share(painter, room, row, index)
        has_keyboard = option.state & QStyle.StateFlag.State_HasFocus
        if has_keyboard:
            focus_frame(painter, box.adjusted(1, 1, -1, -2), 4)

    def _paint_share(self, painter: QPainter, room: QRectF, row: FairnessRow, index: Index) -> None:
        """A bar of how much it is beside the one who carries the most."""
        model = index.model()
        assert isinstance(model, FairnessModel)
        most = max((one.hours for one in model.rows), default=0.0)
        if not most:
            return
        line = QRectF(room.left(), room.bottom() - 6, room.width(), _BAR)
        theme = current_theme()
        rounded(painter, line, _BAR / 2, theme.color("sla.track"))
        line.setLeft(line.right() - line.width() * row.hours / most)
        rounded(painter, line, _BAR / 2, theme.color("viz.1"))


class FairnessTable(QTableView):
    """Sorted by a click on a head; the bar shows each one's share of the hours."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_of_rows = FairnessModel(self)
        self.setModel(self.model_of_rows)
        self.setItemDelegate(_Cell(self))
        self.setHorizontalHeader(_Head(Qt.Orientation.Horizontal, self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head, lines = self.horizontalHeader(), self.verticalHeader()
        head.setFixedHeight(TABLE_HEAD)
        head.setSectionsClickable(True)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSortIndicator(1, Qt.SortOrder.DescendingOrder)
        for column in range(1, len(COLUMNS)):
            head.resizeSection(column, _NUMBER)
        lines.hide()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(ROW)
        self.setSortingEnabled(True)

    def show_rows(self, rows: list[FairnessRow]) -> None:
        """Show people, and stand on the first of them."""
        self.model_of_rows.show_rows(rows)
        head = self.horizontalHeader()
        self.model_of_rows.sort(head.sortIndicatorSection(), head.sortIndicatorOrder())
        if rows:
            self.setCurrentIndex(self.model_of_rows.index(0, 0))
