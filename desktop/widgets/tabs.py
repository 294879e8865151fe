"""Tabs of a record: words, counts and an accent line below the current one."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from desktop.theme.sizes import TAB_BAR
from desktop.theme.theme import current_theme
from desktop.widgets.paint import draw_text, focus_frame, hairline, text_width

_PADDING: Final = 10


class TabBar(QTabBar):
    """Tabs 38 high; left and right move, Ctrl+1 to 9 is the screen's to bind."""

    def __init__(self, name: str, *, inset: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inset = inset
        self.setAccessibleName(name)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setFixedHeight(TAB_BAR)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def set_count(self, index: int, count: int) -> None:
        """Show a count behind the word of a tab; 0 shows none."""
        self.setTabData(index, count)
        words = f"{self.tabText(index)}, {count}" if count else self.tabText(index)
        self.setAccessibleTabName(index, words)
        self.updateGeometry()
        self.update()

    def _count_of(self, index: int) -> str:
        count = self.tabData(index)
        return str(count) if isinstance(count, int) and count else ""

    def tabSizeHint(self, index: int) -> QSize:
        width = text_width(self.tabText(index), "body.medium") + 2 * _PADDING
        if count := self._count_of(index):
            width += text_width(count, "meta.tabular") + 6
        first = self._inset - _PADDING if index == 0 else 0
        return QSize(round(width + 0.49) + max(0, first), TAB_BAR)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hairline(painter, 0, self.height() - 1, self.width(), "line.subtle")
        for index in range(self.count()):
            self._paint_tab(painter, index)
        painter.end()

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        box = QRectF(self.tabRect(index))
        if index == 0:
            box.setLeft(box.left() + max(0, self._inset - _PADDING))
        here = index == self.currentIndex()
        room = box.adjusted(_PADDING, 0, 0, 0)
        ink = "fg.default" if here else "fg.muted"
        width = draw_text(painter, room, self.tabText(index), "body.medium", ink)
        if count := self._count_of(index):
            draw_text(
                painter, room.adjusted(width + 6, 0, 0, 0), count, "meta.tabular", "fg.subtle"
            )
        if here:
            line = QRectF(box.left() + _PADDING, box.bottom() - 2, box.width() - 2 * _PADDING, 2)
            painter.fillRect(line, current_theme().color("accent.solid"))
            if self.hasFocus():
                focus_frame(painter, box.adjusted(2, 4, -2, -5))
