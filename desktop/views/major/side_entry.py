"""A row of the column at the left that the keyboard reaches."""

from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.widgets.paint import focus_frame

HEIGHT = 42


class SideEntry(QWidget):
    """42 high. Enter, Space, a click and the right button open its menu, arrows leave it.

    ``menu_requested`` carries the row and a place, ``stepped`` by how many rows.
    """

    menu_requested = Signal(object, QPoint)
    stepped = Signal(int)
    row: object = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_row(self, row: Any, why_not: str) -> None:
        """Show a row; ``why_not`` says why nothing may be changed in it."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self._open()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.row, event.globalPos())

    def _open(self) -> None:
        self.menu_requested.emit(self.row, self.mapToGlobal(QPoint(34, self.height())))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            focus_frame(painter, self.rect().toRectF())
            painter.end()
