"""The line at the bottom: how things stand with the shared database, and the keys valid now."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.theme.sizes import STATUS_BAR
from desktop.theme.theme import current_theme
from desktop.views.tips import plain_tip
from desktop.widgets.key_strip import KeyStrip
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import draw_icon, draw_text, focus_frame, rounded, text_width

SyncTone = Literal["ok", "busy", "offline", "attention"]
_LOOKS: Final[dict[SyncTone, tuple[str, str, str]]] = {
    "ok": ("sync.ok", "ok.fg", "fg.default"),
    "busy": ("sync.pending", "fg.muted", "fg.default"),
    "offline": ("sync.offline", "warn.fg", "warn.fg"),
    "attention": ("sync.attention", "warn.fg", "warn.fg"),
}


@dataclass(frozen=True, slots=True)
class SyncView:
    """How sync stands, in words: ``Synced 10:42:07`` and ``all changes saved``.

    ``tip`` is the sentence behind it, such as why it is offline.
    """

    tone: SyncTone
    text: str
    detail: str = ""
    tip: str = ""


class SyncButton(QPushButton):
    """Glyph, strong text and detail; a click lists what waits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = SyncView("ok", "")
        self.setFixedHeight(22)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.show_view(self._view)

    def show_view(self, view: SyncView) -> None:
        """Show another state."""
        self._view = view
        words = ", ".join(part for part in (view.text, view.detail) if part)
        self.setAccessibleName(words or self.tr("Sync state"))
        self.setAccessibleDescription(view.tip)
        self.setToolTip(plain_tip(view.tip))
        self.updateGeometry()
        self.update()

    @property
    def view(self) -> SyncView:
        """The state shown."""
        return self._view

    def sizeHint(self) -> QSize:
        detail = text_width(self._view.detail, "meta") + 20 if self._view.detail else 0
        return QSize(round(26 + text_width(self._view.text, "meta.medium") + detail + 8), 22)

    def paintEvent(self, event: QPaintEvent) -> None:
        icon, glyph, ink = _LOOKS[self._view.tone]
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self.underMouse():
            rounded(painter, box, 4, current_theme().color("bg.pressed"))
        if self.hasFocus():
            focus_frame(painter, box, 4)
        draw_icon(painter, icon, glyph, 4, 3, 16)
        room = box.adjusted(26, 0, -2, 0)
        taken = draw_text(painter, room, self._view.text, "meta.medium", ink)
        if self._view.detail:
            rest = room.adjusted(taken + 6, 0, 0, 0)
            dot = draw_text(painter, rest, "·", "meta", "fg.subtle")
            draw_text(painter, rest.adjusted(dot + 6, 0, 0, 0), self._view.detail, "meta",
                      "fg.muted")  # fmt: skip
        painter.end()


class StatusBar(QWidget):
    """26 high."""

    pending_changes_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(STATUS_BAR)
        self.sync = SyncButton()
        self._middle = PlainLabel("", "meta", "fg.muted", elide=True)
        self._keys = KeyStrip()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 1, 12, 0)
        row.setSpacing(16)
        row.addWidget(self.sync)
        row.addWidget(self._middle, 1)
        row.addWidget(self._keys, 2)
        self.sync.clicked.connect(self.pending_changes_requested)

    def set_middle(self, text: str) -> None:
        """Say something between sync state and keys."""
        self._middle.setText(text)

    def set_keys(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Show the keys valid now."""
        self._keys.set_keys(pairs)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.app"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line.default"))
        painter.end()
