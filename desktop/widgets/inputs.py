"""Fields one types in, one line or many; always plain text."""

from typing import Final

from PySide6.QtCore import QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from desktop.theme.sizes import CONTROL_FORM, ICON
from desktop.theme.theme import current_theme
from desktop.widgets.paint import RIGHT, draw_icon, draw_text, text_width

_ICON_AT: Final = 10


def _set_invalid(field: QWidget, invalid: bool) -> None:
    if bool(field.property("invalid")) != invalid:
        field.setProperty("invalid", invalid)
        field.style().unpolish(field)
        field.style().polish(field)
        field.update()


class LineEdit(QLineEdit):
    """One line of text, 32 high, with an optional icon before and a counter behind it."""

    escaped = Signal()

    def __init__(
        self,
        name: str,
        *,
        placeholder: str = "",
        icon: str | None = None,
        limit: int = 0,
        counter: bool = False,
        height: int = CONTROL_FORM,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon = icon
        self._counter = counter
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setFixedHeight(height)
        self.setFont(current_theme().font("body"))
        if limit:
            self.setMaxLength(limit)
        room = round(text_width("000 / 000", "meta.tabular")) if counter else 0
        self.setTextMargins(ICON + 8 if icon else 0, 0, room, 0)

    def set_invalid(self, invalid: bool) -> None:
        """Show or lift the line that says the text can't be taken."""
        _set_invalid(self, invalid)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if self._icon:
            middle = (self.height() - ICON) / 2
            draw_icon(painter, self._icon, "fg.subtle", _ICON_AT, middle)
        if self._counter:
            count = f"{len(self.text())} / {self.maxLength()}"
            draw_text(
                painter,
                self.rect().adjusted(0, 0, -10, 0),
                count,
                "meta.tabular",
                "fg.subtle",
                RIGHT,
            )
        painter.end()


class TextEdit(QPlainTextEdit):
    """Several lines of plain text; Tab leaves the field, pasted markup arrives as text."""

    escaped = Signal()

    def __init__(
        self,
        name: str,
        *,
        placeholder: str = "",
        lines: int = 3,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self._wanted_px = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(current_theme().font("body"))
        self.document().setDocumentMargin(3)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.set_lines(lines)

    def set_lines(self, lines: int) -> None:
        """Make room for a number of lines."""
        self._wanted_px = lines * current_theme().role("body").line_px + 18
        self.setMinimumHeight(self._wanted_px)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(240, self._wanted_px)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._wanted_px)

    def set_invalid(self, invalid: bool) -> None:
        """Show or lift the line that says the text can't be taken."""
        _set_invalid(self, invalid)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(source.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
            event.ignore()
            return
        if event.key() == Qt.Key.Key_Return and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()
