"""The first thing a person sees: begin with nothing, look around first, or join a team."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme.sizes import RADIUS_CARD
from desktop.theme.theme import current_theme
from desktop.widgets.card import Surface
from desktop.widgets.labels import PlainLabel
from desktop.widgets.loading import ProgressCard
from desktop.widgets.paint import draw_icon, draw_text, focus_frame, rounded

_WIDTH: Final = 336
_HEIGHT: Final = 168
_CENTER: Final = Qt.AlignmentFlag.AlignHCenter


class Logo(QWidget):
    """The mark: three lines of a list on petrol."""

    def __init__(self, size: int = 56) -> None:
        super().__init__()
        self.setFixedSize(size, size)
        self.setAccessibleName(self.tr("Firstline"))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        size = float(self.width())
        rounded(painter, QRectF(0, 0, size, size), size * 0.24, theme.color("accent.solid"))
        for at, share in enumerate((0.34, 0.5, 0.42)):
            line = QRectF(size * 0.26, size * (0.29 + 0.17 * at), size * share, size * 0.09)
            rounded(painter, line, line.height() / 2, theme.color("accent.on"))
        painter.end()


class BigChoice(QPushButton):
    """A card that is a button: what one gets, in a title and a few lines."""

    def __init__(self, icon: str, title: str, lines: tuple[str, ...], key: str) -> None:
        super().__init__(title)
        self._icon, self._title, self._lines, self._key = icon, title, lines, key
        self.setFixedSize(_WIDTH, _HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        self.setAccessibleDescription(" ".join(lines))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, _HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        busy = self.isEnabled() and (self.underMouse() or self.isDown())
        ground = "bg.hover" if busy else "bg.surface"
        rounded(painter, box, RADIUS_CARD, theme.color(ground), theme.color("line.default"))
        disc = QRectF(20, 20, 36, 36)
        rounded(painter, disc, 18, theme.color("accent.tint"), theme.color("accent.line"))
        draw_icon(painter, self._icon, "accent.fg", 30, 30)
        draw_text(painter, QRectF(68, 20, _WIDTH - 88, 36), self._title, "heading")
        for at, line in enumerate(self._lines):
            y = 72 + at * 26
            draw_icon(painter, "check", "accent.fg", 22, y + 2, 14)
            ink = "fg.muted" if self.isEnabled() else "fg.disabled"
            draw_text(painter, QRectF(46, y, _WIDTH - 62, 18), line, "body", ink)
        if self.hasFocus():
            focus_frame(painter, box, RADIUS_CARD)
        painter.end()


class WelcomeScreen(Surface):
    """Three ways to begin; nothing is created before one of them is chosen."""

    start_empty_requested = Signal()
    sample_requested = Signal()
    join_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bg.app", parent)
        self.empty_choice = BigChoice(
            "add", self.tr("Start empty"),
            (
                self.tr("An empty queue, an empty catalogue"),
                self.tr("You are the administrator"),
                self.tr("Add people, teams and services as you go"),
            ),
            "1",
        )  # fmt: skip
        self.sample_choice = BigChoice(
            "watched", self.tr("Explore with sample data"),
            (
                self.tr("A small company with people and teams"),
                self.tr("Incidents in every state, to try all of it"),
                self.tr("Every name and number in it is invented"),
            ),
            "2",
        )  # fmt: skip
        self.join_choice = BigChoice(
            "team.queue", self.tr("Join a team"),
            (
                self.tr("Work on one queue with your colleagues"),
                self.tr("Your administrator gives you a login"),
                self.tr("Everything works offline too"),
            ),
            "3",
        )  # fmt: skip
        self._choices = QWidget()
        self._progress = ProgressCard(self.tr("Creating sample data"))
        self._progress.setFixedWidth(2 * _WIDTH + 16)
        self._error = PlainLabel("", "body", "danger.fg", wrap=True)
        self._error.setAlignment(_CENTER)
        self._build()
        self.empty_choice.clicked.connect(self.start_empty_requested)
        self.sample_choice.clicked.connect(self.sample_requested)
        self.join_choice.clicked.connect(self.join_requested)
        self.show_choices()

    def _build(self) -> None:
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self.empty_choice)
        row.addWidget(self.sample_choice)
        row.addWidget(self.join_choice)
        title = PlainLabel(self.tr("Welcome to Firstline"), "display")
        words = self.tr("The incident desk that keeps working when everything else is down.")
        sentence = PlainLabel(words, "body", "fg.muted")
        safe = PlainLabel(
            self.tr("Nothing leaves this machine unless you join a team."),
            "meta", "fg.subtle",
        )  # fmt: skip
        column = QVBoxLayout(self)
        column.setSpacing(0)
        column.addStretch(4)
        column.addWidget(Logo(), 0, _CENTER)
        column.addSpacing(20)
        column.addWidget(title, 0, _CENTER)
        column.addSpacing(6)
        column.addWidget(sentence, 0, _CENTER)
        column.addSpacing(32)
        column.addWidget(self._choices, 0, _CENTER)
        column.addWidget(self._progress, 0, _CENTER)
        column.addSpacing(16)
        column.addWidget(self._error, 0, _CENTER)
        column.addWidget(safe, 0, _CENTER)
        column.addStretch(5)

    def show_choices(self) -> None:
        """Offer the ways."""
        self._choices.show()
        self._progress.hide()
        self._error.hide()

    def show_progress(self, share: float, text: str) -> None:
        """Show how far the sample data is, from 0 to 1, with words for it."""
        self._choices.hide()
        self._error.hide()
        self._progress.show()
        self._progress.set_progress(share, text)

    def show_error(self, text: str) -> None:
        """Say what went wrong and offer the ways again."""
        self.show_choices()
        self._error.setText(text)
        self._error.show()
        self.sample_choice.setFocus()
