"""A strip that says what is going on, and what can be done about it."""

from typing import Final, Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import RADIUS_CARD
from desktop.theme.theme import current_theme
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.lead_text import LeadText
from desktop.widgets.paint import rounded

BannerTone = Literal["info", "warn", "danger", "ok", "lock"]
_LOOKS: Final[dict[BannerTone, tuple[str, str, str, str]]] = {
    "info": ("bg.subtle", "line.subtle", "fg.muted", "info"),
    "warn": ("warn.tint", "warn.line", "warn.fg", "warn"),
    "danger": ("danger.tint", "danger.line", "danger.fg", "danger"),
    "ok": ("ok.tint", "ok.line", "ok.fg", "ok"),
    "lock": ("bg.sunken", "line.default", "fg.muted", "lock"),
}


def announce(widget: QWidget, sentence: str, *, urgent: bool = False) -> None:
    """Have a screen reader say a sentence, at once if urgent."""
    event = QAccessibleAnnouncementEvent(widget, sentence)
    level = QAccessible.AnnouncementPoliteness
    event.setPoliteness(level.Assertive if urgent else level.Polite)
    QAccessible.updateAccessibility(event)


class Banner(QWidget):
    """Icon, a strong lead, a sentence, buttons and, if wanted, a way to put it away."""

    dismissed = Signal()

    def __init__(
        self,
        tone: BannerTone,
        lead: str,
        text: str = "",
        *,
        icon: str | None = None,
        dismissable: bool = False,
        square: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone: BannerTone = tone
        self._square = square
        self._icon = IconLabel(icon or _LOOKS[tone][3], _LOOKS[tone][2])
        self._words = LeadText(lead, text)
        self._buttons = QHBoxLayout()
        self._close = IconButton("close", self.tr("Put away"), size=24)
        self._build(dismissable)
        self.set_texts(lead, text)

    def _build(self, dismissable: bool) -> None:
        self._buttons.setSpacing(8)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 7, 12, 7)
        row.setSpacing(10)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        row.addLayout(self._buttons)
        row.addWidget(self._close)
        self._close.setVisible(dismissable)
        self._close.clicked.connect(self._put_away)
        self.setMinimumHeight(34)

    def set_texts(self, lead: str, text: str = "") -> None:
        """Say something else."""
        self._words.set_texts(lead, text)
        self.setAccessibleName(f"{lead} {text}".strip())

    def set_tone(self, tone: BannerTone, icon: str | None = None) -> None:
        """Change ground, line and icon."""
        self._tone = tone
        self._icon.set_icon(icon or _LOOKS[tone][3], _LOOKS[tone][2])
        self.update()

    def add_button(self, text: str, *, keys: str = "", icon: str | None = None) -> Button:
        """Put a button at the right; connect to its ``clicked``."""
        button = Button(text, icon=icon, keys=keys)
        self._buttons.addWidget(button)
        return button

    def announce(self) -> None:
        """Have a screen reader say it at once."""
        announce(self, self.accessibleName(), urgent=True)

    def _put_away(self) -> None:
        self.hide()
        self.dismissed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        ground, line, _, _ = _LOOKS[self._tone]
        painter = QPainter(self)
        box = QRectF(self.rect())
        if self._square:
            painter.fillRect(box, theme.color(ground))
            painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color(line))
        else:
            rounded(painter, box, RADIUS_CARD, theme.color(ground), theme.color(line))
        painter.end()


class Notice(QWidget):
    """A banner of several lines for side columns: its buttons stand below the text."""

    def __init__(
        self,
        tone: BannerTone,
        lead: str,
        text: str,
        *,
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone: BannerTone = tone
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 14, 12)
        row.setSpacing(10)
        mark = IconLabel(icon or _LOOKS[tone][3], _LOOKS[tone][2])
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(LeadText(lead, text))
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        self._buttons.setContentsMargins(0, 6, 0, 0)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        row.addLayout(column, 1)
        self.setAccessibleName(f"{lead} {text}")

    def add_button(self, button: Button) -> None:
        """Put a button below the text."""
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        ground, line, _, _ = _LOOKS[self._tone]
        painter = QPainter(self)
        rounded(painter, QRectF(self.rect()), RADIUS_CARD, theme.color(ground), theme.color(line))
        painter.end()
