"""The major incident console: roles, clock, board, timeline and the next word at once."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub
from desktop.actions import Scope
from desktop.theme.sizes import GUTTER_PANE
from desktop.views.dialogs.controls import scrolled
from desktop.views.major.board import Board
from desktop.views.major.channels_panel import ChannelsPanel
from desktop.views.major.console_head import ConsoleHead
from desktop.views.major.impact_panel import ImpactPanel
from desktop.views.major.moment_strip import MomentStrip
from desktop.views.major.replay_strip import ReplayStrip, ReplayView
from desktop.views.major.roles_panel import RolesPanel
from desktop.views.major.step_strip import StepStrip
from desktop.views.major.streams_panel import StreamsPanel
from desktop.views.major.timeline_pane import TimelinePane
from desktop.views.major.values import CardView, Choice, ConsoleView, LineView
from desktop.widgets.banner import Banner, announce
from desktop.widgets.card import Rule, Screen, Surface
from desktop.widgets.placeholders import EmptyState
from desktop.widgets.tab_order import put_in_reading_order
from services.major_incidents.replay import SPEEDS

LEFT: Final = 272
RIGHT: Final = 392
_CENTRE: Final = 560
"""So wide at least are board and timeline; where there is less room, one side gives way."""


class MajorConsole(Screen):
    """Emits what was asked through its parts and changes nothing.

    ``asked`` carries a verb and what it is about, from menus of cards, lines, roles, streams and
    channels; ``looked_at`` the moment that is looked back to, None for now.
    """

    asked = Signal(str, object)
    looked_at = Signal(object)

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__("bg.surface", parent)
        self.setAccessibleName(self.tr("Major incident console"))
        self.view: ConsoleView | None = None
        self._hub = hub
        self.head = ConsoleHead()
        self.strip = StepStrip(hub)
        self.moment = MomentStrip()
        self.roles = RolesPanel()
        self.streams = StreamsPanel()
        self.channels = ChannelsPanel()
        self.impact = ImpactPanel()
        self.board = Board()
        self.timeline = TimelinePane()
        self.composer: QWidget | None = None
        self._is_writing = False
        self._left = Surface()
        self._left.setAccessibleName(self.tr("Roles, work streams, channels, impact"))
        self._right = QWidget()
        self._seam = Rule("line.default", upright=True)
        self.replay = ReplayStrip(hub, SPEEDS)
        self._lines: Sequence[LineView] = ()
        self._replayed: Sequence[LineView] = ()
        self._drill = Banner(
            "lock", self.tr("Drill."), self.tr("Nothing of it leaves the building."),
            icon="major", square=True,
        )  # fmt: skip
        self._empty = EmptyState(
            "major",
            self.tr("No major incident is open"),
            self.tr("One is proposed from an incident, or by the rules of severity and callers."),
        )
        self._past = EmptyState(
            "history",
            self.tr("You look back"),
            self.tr("Updates are written in the present. Esc goes back to it."),
        )
        self._stack = QStackedWidget()
        self._build()
        self._connect()
        self.show_nothing()

    def _build(self) -> None:
        holder = QWidget()
        panels = (self.roles, self.streams, self.channels, self.impact)
        parts = _column(holder, *[part for panel in panels for part in (panel, Rule())][:-1])
        parts.setContentsMargins(GUTTER_PANE, 8, 12, 12)
        parts.setSpacing(10)
        parts.addStretch(1)
        self._scroll = scrolled(holder)
        _column(self._left, self._scroll)
        self._left.setFixedWidth(LEFT)
        centre = QWidget()
        _column(centre, self.board, Rule("line.default")).addWidget(self.timeline, 1)
        self._right.setFixedWidth(RIGHT)
        _column(self._right, self._past)
        self._right.hide()
        self._seam.hide()
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self._left)
        row.addWidget(Rule("line.default", upright=True))
        row.addWidget(centre, 1)
        row.addWidget(self._seam)
        row.addWidget(self._right)
        whole = QWidget()
        heads = (self._drill, self.replay, self.head, Rule(), self.strip, self.moment)
        _column(whole, *heads, Rule("line.default")).addLayout(row, 1)
        self._stack.addWidget(whole)
        self._stack.addWidget(self._empty)
        _column(self, self._stack)

    def _connect(self) -> None:
        self.board.hinted.connect(lambda words: announce(self, words) if words else None)
        self.strip.steps.step_chosen.connect(partial(self.asked.emit, "step"))
        self.head.suspects_requested.connect(partial(self.asked.emit, "suspects", None))
        self.head.update_requested.connect(partial(self._hub.trigger, "major.update"))
        self.roles.added.connect(partial(self.asked.emit, "own_role", None))
        self.roles.asked.connect(self.asked)
        self.channels.added.connect(partial(self._hub.trigger, "major.channel"))
        self.channels.copied.connect(partial(self.asked.emit, "copy_channel"))
        self.channels.opened.connect(partial(self.asked.emit, "open_channel"))
        self.channels.retried.connect(partial(self.asked.emit, "retry_channel"))
        self.streams.added.connect(partial(self._hub.trigger, "major.stream"))
        self.moment.chosen.connect(self.looked_at)
        self.timeline.look_back_requested.connect(self.look_back)
        self.impact.edit_begun.connect(self._reveal)
        self.impact.case_requested.connect(partial(self._hub.trigger, "major.support_case"))
        self.board.added.connect(lambda kind: self._hub.trigger(f"major.{kind}"))
        self.board.verdict_chosen.connect(lambda card, v: self.asked.emit("verdict", (card, v)))
        self._hub.bind(self, Scope.MAJOR)

    def _reveal(self, widget: QWidget) -> None:
        """Scroll to something in the left column once it has the height it needs."""
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(widget, 0, 12))

    def set_composer(self, composer: QWidget) -> None:
        """Put what writes the next word into the column at the right, 392 wide."""
        layout = self._right.layout()
        assert layout is not None
        layout.addWidget(composer)
        self.composer = composer
        self._show_time(self.view is not None and self.view.is_past)
        self._fit_sides()

    def show_writing(self, is_writing: bool = True) -> None:
        """Where there is room for one side only, show the next word, or else the roles."""
        self._is_writing = is_writing
        self._fit_sides()

    def _fit_sides(self) -> None:
        has_room = self.width() >= LEFT + _CENTRE + RIGHT
        is_written = self.composer is not None and (has_room or self._is_writing)
        self._left.setVisible(has_room or not is_written)
        self._right.setVisible(is_written)
        self._seam.setVisible(is_written)
        other = "roles" if is_written else "update"
        self.strip.offer("" if has_room or self.composer is None else other)

    def look_back(self) -> None:
        """Begin or end looking back."""
        if self.moment.isHidden():
            self.moment.open()
        else:
            self.moment.leave()

    def _show_time(self, is_past: bool) -> None:
        """Nothing is written in the past: there the next word gives way to a remark."""
        self._past.setVisible(is_past)
        if self.composer is not None:
            self.composer.setVisible(not is_past)

    def panes(self) -> list[QWidget]:
        """Where F6 goes."""
        if self._stack.currentWidget() is self._empty:
            return [self._empty]
        right = [self.composer] if self.composer else []
        heads = (self.replay, self.head, self.strip, self.moment)
        sides = [*heads, self._left, self.board, self.timeline, *right]
        return [side for side in sides if side.isVisible()]

    def show_nothing(self) -> None:
        """There is no major incident to show."""
        self.view = None
        self._stack.setCurrentWidget(self._empty)

    def show_view(self, view: ConsoleView, now: datetime) -> None:
        """Show a major incident at a moment."""
        self.view = view
        self._drill.setVisible(view.head.is_drill)
        self.head.show_view(view.head, now)
        self.strip.steps.show_steps(view.steps)
        self.strip.show_refusals(view.refusals)
        self.roles.show_rows(view.roles, view.why_not("role"))
        self.streams.show_rows(view.streams, view.why_not("stream"))
        self.channels.show_rows(view.channels, view.why_not("channel"))
        self.impact.show_rows(view.answers, view.why_not("answer"))
        self.board.set_writable(view.why_not("entry"))
        self.timeline.set_writable(view.why_not("entry"))
        shown = next((row.name for row in view.streams if row.is_shown), "")
        self.timeline.show_stream(shown)
        self._show_time(view.is_past)
        put_in_reading_order((self.roles, self.streams, self.channels, self.impact))
        self._stack.setCurrentIndex(0)

    def show_known(self, cards: Sequence[CardView], lines: Sequence[LineView]) -> None:
        """Show the board and the timeline, of now or of a moment looked back to."""
        self.board.show_cards(cards)
        put_in_reading_order((self.impact, self.board, self.timeline))
        self._lines = lines
        self._show_lines()

    def show_replay(self, view: ReplayView | None, lines: Sequence[LineView]) -> None:
        """Show how a replay stands, and what has come, newest first, among what is written now."""
        self.replay.show_view(view)
        if lines != self._replayed:
            self._replayed = lines
            self._show_lines()

    def _show_lines(self) -> None:
        moment = self.moment.moment
        known = (line for line in self._replayed if moment is None or line.written_at <= moment)
        both = (*self._lines, *known)
        self.timeline.show_lines(sorted(both, key=_place, reverse=True))

    def show_moment(self, now: datetime) -> None:
        """Let the clocks go on."""
        if self.view is not None:
            self.head.show_moment(now)

    def open_menu(self, choices: Sequence[Choice], at: QPoint) -> None:
        """Offer verbs with what they are about."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for verb, text, about in choices:
            if not verb:
                menu.addSeparator()
                continue
            action = menu.addAction(text)
            action.triggered.connect(partial(self._choose, verb, about))
        menu.popup(at)

    def _choose(self, verb: str, about: object, *_: object) -> None:
        self.asked.emit(verb, about)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.moment.isHidden():
            self.moment.leave()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_sides()


def _place(line: LineView) -> tuple[bool, datetime]:
    """What is pinned comes first, then the newest."""
    return line.is_pinned, line.happened_at


def _column(holder: QWidget, *widgets: QWidget) -> QVBoxLayout:
    """A column without margins and gaps."""
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget)
    return column
