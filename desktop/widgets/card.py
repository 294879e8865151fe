"""Surfaces and the lines between them."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QSizePolicy,
    QSplitter,
    QSplitterHandle,
    QVBoxLayout,
    QWidget,
)

from desktop.theme.sizes import RADIUS_CARD
from desktop.theme.theme import current_theme
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import hairline, rounded


class Surface(QWidget):
    """A plain ground in the colour of a token."""

    def __init__(self, token: str = "bg.surface", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = token

    def set_token(self, token: str) -> None:
        """Change the colour of the ground."""
        self._token = token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), current_theme().color(self._token))
        painter.end()


class Band(Surface):
    """A ground with a line along its foot."""

    def __init__(self, token: str, line: str, parent: QWidget | None = None) -> None:
        super().__init__(token, parent)
        self._line = line

    def set_tokens(self, ground: str, line: str) -> None:
        """Change the colours of ground and line."""
        self._line = line
        self.set_token(ground)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        hairline(painter, 0, self.height() - 1, self.width(), self._line)
        painter.end()


class Screen(Surface):
    """A place of the window; ``shown`` carries whether it is on screen."""

    shown = Signal(bool)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.shown.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.shown.emit(False)


class Card(QWidget):
    """A rounded box with a line; ``body`` is an empty column for the caller."""

    def __init__(
        self,
        token: str = "bg.surface",
        line: str = "line.default",
        *,
        margins: tuple[int, int, int, int] = (12, 12, 12, 12),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._token = token
        self._line = line
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(8)

    def add_head(self, title: str, *, icon: str | None = None, remark: str = "") -> QHBoxLayout:
        """Put a head 36 high at the top, with a line below; the result is its row."""
        head = QWidget()
        head.setFixedHeight(36)
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(8)
        if icon:
            row.addWidget(IconLabel(icon))
        row.addWidget(PlainLabel(title, "body.strong"))
        row.addStretch(1)
        if remark:
            row.addWidget(PlainLabel(remark, "meta", "fg.subtle"))
        self.body.setContentsMargins(1, 0, 1, 1)
        self.body.setSpacing(0)
        self.body.insertWidget(0, head)
        self.body.insertWidget(1, Rule())
        return row

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        rounded(painter, box, RADIUS_CARD, theme.color(self._token), theme.color(self._line))
        painter.end()


class Rule(QWidget):
    """A line of one pixel between things, lying or standing."""

    def __init__(
        self, token: str = "line.subtle", *, upright: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._token = token
        if upright:
            self.setFixedWidth(1)
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        else:
            self.setFixedHeight(1)
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), current_theme().color(self._token))
        painter.end()


class _Handle(QSplitterHandle):
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        busy = self.underMouse()
        token = "line.control" if busy else "line.default"
        painter.fillRect(self.rect(), current_theme().color(token))
        painter.end()


class Splitter(QSplitter):
    """Panes parted by a line of one pixel that can be dragged."""

    def __init__(
        self,
        orientation: Qt.Orientation = Qt.Orientation.Horizontal,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(orientation, parent)
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self.orientation(), self)
