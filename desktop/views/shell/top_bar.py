"""The bar at the top: the mark, the menus, and the major incident that is open."""

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QSizePolicy, QWidget

from desktop.action_hub import ActionHub
from desktop.theme.sizes import TOP_BAR
from desktop.theme.theme import current_theme
from desktop.views.major.pill import MajorPill
from desktop.widgets.card import Band
from desktop.widgets.paint import rounded

MARK = 22
_LINES = ((6, 6, 10), (6, 10, 6), (6, 14, 10))


class Mark(QWidget):
    """The mark of the product: a list whose first line is the one that counts."""

    def __init__(self, size: int = MARK, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.scale(self._size / MARK, self._size / MARK)
        rounded(painter, QRectF(0, 0, MARK, MARK), 5, theme.color("accent.solid"))
        for x, y, width in _LINES:
            rounded(painter, QRectF(x, y, width, 2), 1, theme.color("accent.on"))
        painter.end()


class TopBar(Band):
    """44 high; a real menu bar stands in its layout."""

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__("bg.app", "line.default", parent)
        self.setFixedHeight(TOP_BAR)
        self.menus = QMenuBar()
        self.menus.setNativeMenuBar(False)
        self.menus.setAccessibleName(self.tr("Menus"))
        self.menus.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        hub.fill(self.menus)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(10)
        row.addWidget(Mark())
        row.addWidget(self.menus, 1)
        self.major = MajorPill()
        row.addWidget(self.major)
