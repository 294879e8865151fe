"""Chips: a filter that can be taken off, or a suggestion that can be taken."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.theme.theme import current_theme
from desktop.widgets.paint import (
    draw_icon,
    draw_text,
    focus_frame,
    key_hint,
    key_hint_width,
    rounded,
    text_width,
)

_HEIGHT: Final = 24
_PADDING: Final = 11


class Chip(QPushButton):
    """A pill 24 high: pale lead, strong text, and a key or a cross behind them."""

    removed = Signal()

    def __init__(
        self,
        text: str,
        *,
        lead: str = "",
        trail: str = "",
        keys: str = "",
        removable: bool = False,
        tinted: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._lead, self._trail, self._keys = lead, trail, keys
        self._removable = removable
        self._tinted = tinted
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        words = (lead, text, trail)
        self.setAccessibleName(" ".join(word for word in words if word))

    def sizeHint(self) -> QSize:
        width = 2 * _PADDING + text_width(self.text(), "meta.medium")
        for part in (self._lead, self._trail):
            width += text_width(part, "meta") + 5 if part else 0
        width += key_hint_width(self._keys) + 4 if self._keys else 0
        width += 16 if self._removable else 0
        return QSize(round(width + 1), _HEIGHT)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._removable and event.position().x() > self.width() - 26:
            self.setDown(False)
            self.removed.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._removable and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        ground = "accent.tint" if self._tinted else "bg.surface"
        if self.underMouse() and not self._tinted:
            ground = "bg.hover"
        line = "accent.line" if self._tinted else "line.default"
        rounded(painter, box, _HEIGHT / 2, theme.color(ground), theme.color(line))
        if self.hasFocus():
            focus_frame(painter, box, _HEIGHT / 2)
        self._paint_words(painter)
        painter.end()

    def _paint_words(self, painter: QPainter) -> None:
        x = float(_PADDING)
        strong = "accent.fg" if self._tinted else "fg.default"
        pale = "accent.fg" if self._tinted else "fg.subtle"
        parts = ((self._lead, "meta", "fg.muted"), (self.text(), "meta.medium", strong),
                 (self._trail, "meta", pale))  # fmt: skip
        for text, role, ink in parts:
            if text:
                room = QRectF(x, 0, text_width(text, role) + 1, _HEIGHT)
                x += draw_text(painter, room, text, role, ink) + 5
        if self._keys:
            key_hint(painter, QRectF(round(x + 2), 3, key_hint_width(self._keys), 18), self._keys)
        if self._removable:
            draw_icon(painter, "clear", "fg.muted", self.width() - 22, 6, 12)
