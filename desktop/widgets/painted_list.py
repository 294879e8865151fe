"""A list of rows that a painter draws: chosen by a bar at the left, and told by its key."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QWidget,
)

from desktop.theme.sizes import RADIUS_CONTROL, SELECTION_BAR
from desktop.theme.theme import current_theme
from desktop.widgets.paint import focus_frame, rounded

Index = QModelIndex | QPersistentModelIndex
BAR_LEAVES = 5
"""How much shorter than its row the bar of the chosen one is, at each end."""


class PaintedRow(Protocol):
    """What every row says of itself. Without a ``key`` it cannot be chosen."""

    @property
    def key(self) -> str:
        """By what it is told."""
        ...

    @property
    def spoken(self) -> str:
        """Its words for a screen reader."""
        ...

    @property
    def tip(self) -> str:
        """Its tooltip, plain text."""
        ...


def paint_ground(painter: QPainter, ground: QRectF, state: QStyle.StateFlag) -> None:
    """The ground of a row: chosen, below the mouse, with the keyboard."""
    theme = current_theme()
    if state & QStyle.StateFlag.State_Selected:
        rounded(painter, ground, RADIUS_CONTROL, theme.color("bg.selected"))
        height = ground.height() - 2 * BAR_LEAVES
        bar = QRectF(ground.left(), ground.top() + BAR_LEAVES, SELECTION_BAR, height)
        rounded(painter, bar, SELECTION_BAR / 2, theme.color("accent.solid"))
    elif state & QStyle.StateFlag.State_MouseOver:
        rounded(painter, ground, RADIUS_CONTROL, theme.color("bg.pressed"))
    if state & QStyle.StateFlag.State_HasFocus and state & QStyle.StateFlag.State_Active:
        focus_frame(painter, ground)


class PaintedList(QListWidget):
    """Rows drawn by a delegate; ``chosen`` carries the key of the one moved to."""

    chosen = Signal(str)

    def __init__(
        self, name: str, drawing: type[QStyledItemDelegate], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(drawing(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.itemSelectionChanged.connect(self._tell)

    def show_rows(self, rows: Sequence[PaintedRow], current: str = "") -> None:
        """Show rows, one of them chosen, without telling."""
        self.blockSignals(True)
        self.clear()
        for row in rows:
            item = QListWidgetItem(self)
            self.dress(item, row)
            if not row.key:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.blockSignals(False)
        self.set_current(current)

    def dress(self, item: QListWidgetItem, row: PaintedRow) -> None:
        """Let a line of the list show a row."""
        item.setData(Qt.ItemDataRole.UserRole, row)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
        item.setToolTip(row.tip)

    def set_current(self, key: str) -> None:
        """Choose a row without telling; an unknown key clears the choice."""
        self.blockSignals(True)
        self.clearSelection()
        for at in range(self.count()):
            if key and self.item(at).data(Qt.ItemDataRole.UserRole).key == key:
                self.setCurrentRow(at)
        self.blockSignals(False)
        self.viewport().update()

    @property
    def current(self) -> str:
        """Key of the chosen row, empty when none is."""
        chosen = self.selectedItems()
        return str(chosen[0].data(Qt.ItemDataRole.UserRole).key) if chosen else ""

    def keyboardSearch(self, search: str) -> None:
        """Letters are verbs, never a search in this list."""

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def _tell(self) -> None:
        if self.current:
            self.chosen.emit(self.current)
