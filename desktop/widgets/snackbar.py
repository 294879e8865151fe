"""Says what was just done and offers to undo it; never asks, never takes the keyboard."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from desktop.theme.sizes import RADIUS_CARD, STATUS_BAR
from desktop.theme.theme import current_theme
from desktop.widgets.banner import announce
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import CENTER, draw_text, key_hint_width, rounded, shadow, text_width

SHOWN_MS: Final = 8_000
_EDGE: Final = 34
_HEIGHT: Final = 40


class _Action(QPushButton):
    """A word in the pill, its key beside it, on the ground of a tip."""

    keys = "Z"

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(28)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_action(self, text: str, keys: str) -> None:
        self.setText(text)
        self.keys = keys
        self.setAccessibleName(text)
        hint = key_hint_width(keys) + 6 if keys else 0
        self.setFixedWidth(round(text_width(text, "body.strong") + hint + 17))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        if self.underMouse() or self.isDown():
            rounded(painter, QRectF(self.rect()), 6, theme.faded("fg.ontooltip", 0.14))
        room = QRectF(8, 0, text_width(self.text(), "body.strong") + 1, self.height())
        draw_text(painter, room, self.text(), "body.strong", "fg.ontooltip")
        if self.keys:
            width = key_hint_width(self.keys)
            box = QRectF(self.width() - width - 6, (self.height() - 18) / 2, width, 18)
            rounded(painter, box, 4, theme.faded("fg.ontooltip", 0.18))
            draw_text(painter, box, self.keys, "micro", "fg.ontooltip", CENTER)
        painter.end()


class Snackbar(QWidget):
    """One dark pill at the bottom centre of its host; the next text replaces the last."""

    action_requested = Signal()
    expired = Signal()

    def __init__(self, host: QWidget, *, above: int = STATUS_BAR + 12) -> None:
        super().__init__(host)
        self._host = host
        self._above = above
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._expire)
        self._text = PlainLabel("", "body", "fg.ontooltip")
        self._action = _Action(self)
        row = QHBoxLayout(self)
        self._row = row
        row.setContentsMargins(_EDGE + 14, _EDGE, _EDGE + 8, _EDGE)
        row.setSpacing(10)
        row.addWidget(self._text)
        row.addWidget(self._action)
        self._action.clicked.connect(self.act)
        host.installEventFilter(self)
        self.hide()

    def show_text(
        self, text: str, *, action: str = "", keys: str = "Z", shown_ms: int = SHOWN_MS
    ) -> None:
        """Say what was done; an ``action`` names how to take it back."""
        self._text.setText(text)
        self._action.setVisible(bool(action))
        if action:
            self._action.show_action(action, keys)
        press = self.tr("Press %1 to %2").replace("%1", keys).replace("%2", action.lower())
        sentence = f"{text}. {press}" if action else text
        self.setAccessibleName(sentence)
        self._timer.start(shown_ms)
        self._place()
        self.show()
        self.raise_()
        announce(self, sentence)

    @property
    def text(self) -> str:
        """The text shown last."""
        return self._text.text()

    @property
    def has_action(self) -> bool:
        """Whether the text on screen can be taken back."""
        return self.isVisible() and not self._action.isHidden()

    def act(self) -> None:
        """Take the offered action; also called by its key."""
        if self.has_action:
            self.dismiss()
            self.action_requested.emit()

    def dismiss(self) -> None:
        """Take the pill away."""
        self._timer.stop()
        self.hide()

    def _expire(self) -> None:
        self.hide()
        self.expired.emit()

    def _place(self) -> None:
        host = self._host
        self._row.activate()
        width = min(self._row.sizeHint().width(), host.width() - 32 + 2 * _EDGE)
        height = _HEIGHT + 2 * _EDGE
        x = (host.width() - width) // 2
        y = host.height() - self._above - _HEIGHT - _EDGE
        self.setGeometry(QRect(x, y, width, height))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # While the collector takes a window apart, events still arrive after the attributes left.
        host: QWidget | None = getattr(self, "_host", None)
        if host is not None and watched is host and event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self.isVisible():
            self._timer.start()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        shadow(painter, box, RADIUS_CARD)
        rounded(painter, box, RADIUS_CARD, current_theme().color("bg.tooltip"))
        painter.end()
