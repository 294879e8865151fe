"""The one label for texts of people: it never interprets markup."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.theme.theme import current_theme
from desktop.widgets.paint import draw_text


class PlainLabel(QLabel):
    """Plain text in a type role and a token colour; wraps or shortens when asked to."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        token: str = "fg.default",
        *,
        elide: bool = False,
        wrap: bool = False,
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._role = role
        self._token = token
        self._elide = elide
        self.setProperty("elides", elide)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if selectable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._dress()
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show a text; a shortened one keeps its full form in the tip."""
        super().setText(text)
        if self._elide:
            self._tell_full_text()

    def set_token(self, token: str) -> None:
        """Change the colour."""
        self._token = token
        self._dress()

    def set_role(self, role: str) -> None:
        """Change the type role."""
        self._role = role
        self._dress()
        self.updateGeometry()

    def _dress(self) -> None:
        theme = current_theme()
        color = theme.color(self._token)
        self.setFont(theme.font(self._role))
        palette = self.palette()
        if palette.color(QPalette.ColorRole.WindowText) != color:
            palette.setColor(QPalette.ColorRole.WindowText, color)
            self.setPalette(palette)

    def _tell_full_text(self) -> None:
        wanted = self.fontMetrics().horizontalAdvance(self.text())
        self.setToolTip(self.text() if wanted > self.width() else "")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._dress()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if not self.wordWrap():
            hint.setHeight(max(hint.height(), current_theme().role(self._role).line_px))
        return hint

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(24, self.sizeHint().height()) if self._elide else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._elide:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        draw_text(painter, self.rect(), self.text(), self._role, self._token, self.alignment())
        painter.end()
        self._tell_full_text()


class LinkLabel(PlainLabel):
    """A short text that acts when clicked; the accent says so."""

    def __init__(self, text: str, role: str = "meta.medium", parent: QWidget | None = None) -> None:
        super().__init__(text, role, "accent.fg", parent=parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.linkActivated.emit(self.text())
            return
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            painter.fillRect(0, self.height() - 2, self.width(), 2, current_theme().color("focus"))
            painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.linkActivated.emit(self.text())
        super().mouseReleaseEvent(event)
