"""An icon that stands beside words; it says nothing of its own to a screen reader."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.widgets.paint import draw_icon_in


class IconLabel(QWidget):
    """An icon by meaning, in the colour of a token."""

    def __init__(
        self, icon: str, token: str = "fg.muted", size: int = 16, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._token = token
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_icon(self, icon: str, token: str | None = None) -> None:
        """Show another icon, in another colour if given."""
        self._icon = icon
        self._token = token or self._token
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._size, self._size)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_icon_in(painter, self.rect(), self._icon, self._token, self._size)
        painter.end()
