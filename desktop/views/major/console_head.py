"""The head of the console: which incident, what is known of it, and its clocks."""

from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.text import clock_text
from desktop.theme.sizes import GUTTER_PANE
from desktop.views.dialogs.words import filled, joined
from desktop.views.major.update_clock import UpdateClock
from desktop.views.major.values import HeadView
from desktop.widgets.badges import SeverityPill, StateLabel, Tag
from desktop.widgets.card import Surface
from desktop.widgets.labels import LinkLabel, PlainLabel

HEIGHT = 70


def running_text(duration: timedelta) -> str:
    """``01:50:07`` for a clock that runs; ``2 d 03:10:00`` from a day on."""
    seconds = max(0, int(duration.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    clock = f"{hours:02}:{rest // 60:02}:{rest % 60:02}"
    return f"{days} d {clock}" if days else clock


class Clock(QWidget):
    """A label and below it a figure of 22 px."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = PlainLabel("", "meta", "fg.muted")
        self._figure = PlainLabel("", "clock")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        column.addWidget(self._label)
        column.addWidget(self._figure)
        column.addStretch(1)

    def show_figure(self, label: str, figure: str, token: str = "fg.default") -> None:
        """Show what is counted and how much."""
        self._label.setText(label)
        self._figure.setText(figure)
        self._figure.set_token(token)
        self.setAccessibleName(f"{label} {figure}")


class ConsoleHead(Surface):
    """70 high. ``suspects_requested`` asks for the changes near the start of the impact,
    ``update_requested`` for the next word."""

    suspects_requested = Signal()
    update_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(self.tr("Major incident"))
        self._view: HeadView | None = None
        self._pill = SeverityPill(1)
        self._key = PlainLabel("", "mono", "fg.muted", selectable=True)
        self._state = StateLabel("fixing")
        self._drill = Tag(self.tr("DRILL"), "violet")
        self._title = PlainLabel("", "title", elide=True)
        self._facts = PlainLabel("", "meta", "fg.muted", elide=True)
        self._suspect = LinkLabel("")
        self._since = Clock()
        self._detected = Clock()
        self.update_clock = UpdateClock()
        self._build()
        self._suspect.linkActivated.connect(lambda _: self.suspects_requested.emit())
        self.update_clock.clicked.connect(self.update_requested)

    def _build(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(12)
        for widget in (self._pill, self._drill, self._key, self._state):
            first.addWidget(widget)
        first.addWidget(self._title, 1)
        second = QHBoxLayout()
        second.setSpacing(0)
        self._facts.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        second.addWidget(self._facts)
        second.addWidget(self._suspect)
        second.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addLayout(first)
        words.addLayout(second)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, GUTTER_PANE, 0)
        row.setSpacing(24)
        row.addLayout(words, 1)
        row.addWidget(self._since)
        row.addWidget(self._detected)
        row.addWidget(self.update_clock)

    def show_view(self, view: HeadView, now: datetime) -> None:
        """Show an incident at a moment."""
        self._view = view
        self._pill.setVisible(view.severity is not None)
        self._pill.set_severity(view.severity or 3)
        self._key.setText(view.key)
        self._key.setAccessibleName(view.key)
        self._state.set_state(view.state)
        self._drill.setVisible(view.is_drill)
        self._title.setText(view.title)
        self._facts.setText(joined(view.facts) + ("  ·  " if view.suspect else ""))
        self._suspect.setText(view.suspect)
        self._suspect.setAccessibleName(view.suspect)
        self._suspect.setVisible(bool(view.suspect))
        self.update_clock.show_span(view.last_word_at, view.update_due_at)
        self.update_clock.setVisible(not view.is_past)
        self.show_moment(now)

    def show_moment(self, now: datetime) -> None:
        """Let the clocks go on."""
        view = self._view
        if view is None:
            return
        self._show_impact(view, now)
        if view.detected_in:
            self._detected.show_figure(self.tr("Detected in"), view.detected_in)
        else:
            self._detected.show_figure(self.tr("Detected in"), self.tr("unknown"), "warn.fg")
        self.update_clock.show_moment(now)

    def _show_impact(self, view: HeadView, now: datetime) -> None:
        start, end = view.impact_started_at, view.impact_ended_at
        if start is None:
            self._since.show_figure(self.tr("Impact since"), self.tr("unknown"), "warn.fg")
            return
        at = clock_text(start.astimezone(now.tzinfo))
        if end is None:
            words = filled(self.tr("Impact since %1"), at)
            self._since.show_figure(words, running_text(now - start))
        else:
            words = filled(self.tr("Impact %1 to %2"), at, clock_text(end.astimezone(now.tzinfo)))
            self._since.show_figure(words, running_text(end - start))
