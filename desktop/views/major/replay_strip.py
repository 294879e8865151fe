"""The strip of a drill that plays a past major incident again: where it is, how fast, what next."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.action_hub import ActionHub, keys_of
from desktop.theme.sizes import GUTTER_PANE
from desktop.theme.theme import current_theme
from desktop.views.dialogs.words import filled
from desktop.views.tips import plain_tip
from desktop.widgets.badges import Tag
from desktop.widgets.buttons import Button
from desktop.widgets.card import Band
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import rounded
from desktop.widgets.segmented import Segment, SegmentedControl

HEIGHT: Final = 40
_RAIL: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayView:
    """How a replay stands.

    ``story`` names what is played, ``position`` and ``state`` are words. ``share`` of it has been
    played, ``marks`` are the shares at which something comes. ``speed`` is that at which it plays,
    or goes on once it is let. ``why_not`` switches steering off, and says why.
    """

    story: str
    position: str
    state: str
    share: float = 0.0
    marks: tuple[float, ...] = ()
    is_playing: bool = False
    speed: int = 10
    why_not: str = ""


class ReplayRail(QWidget):
    """A line filled as far as it has been played, with a mark where something comes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share, self._marks = 0.0, ()  # type: tuple[float, Sequence[float]]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float, marks: Sequence[float]) -> None:
        """Fill another part of it."""
        if (share, marks) != (self._share, self._marks):
            self._share, self._marks = share, marks
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        top, width = (self.height() - _RAIL) / 2, self.width()
        rail = QRectF(0, top, width, _RAIL)
        rounded(painter, rail, _RAIL / 2, theme.color("line.default"))
        played = QRectF(0, top, width * self._share, _RAIL)
        rounded(painter, played, _RAIL / 2, theme.color("violet.fg"))
        for mark in self._marks:
            token = "violet.fg" if mark <= self._share else "line.strong"
            at = min(round(mark * width), width - 2)
            painter.fillRect(QRectF(at, top - 3, 2, _RAIL + 6), theme.color(token))
        painter.end()


class ReplayStrip(Band):
    """``speed_chosen`` carries how many times as fast it is to play."""

    speed_chosen = Signal(int)

    def __init__(
        self, hub: ActionHub, speeds: Sequence[int], parent: QWidget | None = None
    ) -> None:
        super().__init__("violet.tint", "line.default", parent)
        self.setFixedHeight(HEIGHT)
        self._story = PlainLabel("", "body.medium")
        self._position = PlainLabel("", "body.tabular")
        self._state = PlainLabel("", "body", "fg.muted")
        self._rail = ReplayRail()
        self._play = Button(self.tr("Play"), icon="start", keys=keys_of("major.replay"))
        self._hold = Button(self.tr("Hold"), icon="hold", keys=keys_of("major.replay"))
        self._next = Button(self.tr("Next"), icon="next", keys=keys_of("major.replay_next"))
        self.speed = SegmentedControl(
            self.tr("Speed of the replay"), [Segment(str(s), f"{s}×") for s in speeds]
        )
        self._build()
        for button in (self._play, self._hold):
            button.clicked.connect(lambda _=False: hub.trigger("major.replay"))
        self._next.clicked.connect(lambda _=False: hub.trigger("major.replay_next"))
        self._next.setAccessibleDescription(self.tr("Go to what comes next"))
        self.speed.chosen.connect(lambda key: self.speed_chosen.emit(int(key)))
        self.hide()

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE, 0, GUTTER_PANE, 0)
        row.setSpacing(10)
        row.addWidget(Tag(self.tr("DRILL"), "violet"))
        self._story.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row.addWidget(self._story, 2)
        row.addWidget(self._rail, 1)
        for widget in (
            *(self._position, self._state, self._play, self._hold, self._next, self.speed),
        ):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_view(self, view: ReplayView | None) -> None:
        """Show how the replay stands; nothing where none is played."""
        self.setVisible(view is not None)
        if view is None:
            return
        self._story.setText(view.story)
        self._story.setToolTip(plain_tip(view.story))
        self._position.setText(view.position)
        self._state.setText(view.state)
        self._rail.show_share(view.share, view.marks)
        had = self._play.hasFocus() or self._hold.hasFocus()
        self._play.setVisible(not view.is_playing)
        self._hold.setVisible(view.is_playing)
        for control in (self._play, self._hold, self._next, self.speed):
            control.setEnabled(not view.why_not)
            control.setToolTip(plain_tip(view.why_not))
        if had:
            (self._hold if view.is_playing else self._play).setFocus()
        self.speed.set_current(str(view.speed))
        words = filled(self.tr("Replay: %1"), f"{view.story}, {view.position}, {view.state}")
        self.setAccessibleName(words)
