"""The keys that are valid now, at the right of the status bar."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.widgets.paint import draw_text, key_hint, key_hint_width, text_width

_GAP: Final = 14
_INNER: Final = 6


class KeyStrip(QWidget):
    """Pairs of key and word; pairs that do not fit are left out from the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pairs: list[tuple[str, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_keys(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show other keys, each with what it does."""
        self._pairs = list(pairs)
        self.setAccessibleName(", ".join(f"{keys} {word}" for keys, word in self._pairs))
        self.updateGeometry()
        self.update()

    def _width_of(self, pair: tuple[str, str]) -> int:
        return key_hint_width(pair[0]) + _INNER + round(text_width(pair[1], "meta") + 0.49)

    def sizeHint(self) -> QSize:
        width = sum(self._width_of(pair) + _GAP for pair in self._pairs)
        return QSize(max(0, width - _GAP), 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        x = float(self.width())
        for keys, word in reversed(self._pairs):
            width = self._width_of((keys, word))
            if x - width < 0:
                break
            hint = key_hint_width(keys)
            top = (self.height() - 18) // 2
            key_hint(painter, QRectF(round(x - width), top, hint, 18), keys)
            room = QRectF(
                round(x - width) + hint + _INNER, 0, width - hint - _INNER + 1, self.height()
            )
            draw_text(painter, room, word, "meta", "fg.muted")
            x -= width + _GAP
        painter.end()
