"""A drill that plays a past major incident again: read, shown, steered."""

from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, QTimer

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.major_page import Reading
from desktop.presenters.major_reading import read_console
from desktop.presenters.replay_lines import (
    PastLine,
    come,
    next_position,
    past_lines,
    replay_view,
)
from desktop.views.major.console import MajorConsole
from desktop.views.major.replay_strip import ReplayView
from desktop.widgets.banner import announce
from services.incidents.directory import Directory
from services.incidents.read_models import Viewer
from services.major_incidents.acts import SteerReplay
from services.major_incidents.major import MajorIncident
from services.major_incidents.permissions import ONLY_READS
from services.major_incidents.replay import HELD
from services.major_incidents.replay_reading import Replay, replay_of
from services.major_incidents.transitions import RESPONDING
from services.sync.book import ChangeSet

_SECOND_MS: Final = 1_000
USUAL_SPEED: Final = 10
NOT_HERE = "The past major incident is not on this desk"
OVER = "The drill is over"

Found = tuple[Replay, Reading | None]


def read_replay(
    connection: sa.Connection, names: Directory, viewer: Viewer, incident_id: UUID, now: datetime
) -> Found | None:
    """The replay of a drill with the incident played again; None where there is none."""
    replay = replay_of(connection, incident_id)
    if replay is None:
        return None
    if replay.incident_id is None:
        return replay, None
    return replay, read_console(connection, names, viewer, replay.incident_id, now)


class MajorReplay(QObject):
    """Feeds the strip and the timeline of the console, and gives what is steered.

    Nothing is written while it plays: a beat a second looks where it is, while it is shown.
    """

    def __init__(self, desk: Desk, window: MainWindow, console: MajorConsole) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._console = console
        self._incident_id: UUID | None = None
        self._found: Found | None = None
        self._past: tuple[PastLine, ...] = ()
        self._speed = USUAL_SPEED
        self._come_count: int | None = None
        # It ends with the console: a closed window plays nothing.
        self._second = QTimer(console, interval=_SECOND_MS)
        self._second.timeout.connect(self.show_moment)
        desk.changed.connect(self._on_change)
        desk.viewer_changed.connect(self._read)
        window.hub.triggered.connect(self._act)
        console.shown.connect(lambda _: self._beat())
        console.replay.speed_chosen.connect(self._choose_speed)

    # -- reading ----------------------------------------------------------------------------------

    def show(self, incident_id: UUID) -> None:
        """Show the replay of another incident, if it is a drill that has one."""
        self._incident_id, self._found, self._past = incident_id, None, ()
        self._speed, self._come_count = USUAL_SPEED, None
        self.show_moment()
        self._read()

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or MajorIncident.TABLE in change.tables:
            self._read()

    def _read(self) -> None:
        if self._incident_id is None:
            return
        desk, id_ = self._desk, self._incident_id
        read = partial(read_replay, names=desk.directory, viewer=desk.viewer, incident_id=id_,
                       now=desk.now_here())  # fmt: skip
        desk.read(self, "replay", read, partial(self._take, id_))

    def _take(self, incident_id: UUID, found: Found | None) -> None:
        if incident_id != self._incident_id:
            return
        self._found = found
        past = found[1] if found else None
        self._past = past_lines(past) if past else ()
        if found and found[0].played[-1].speed != HELD:
            self._speed = found[0].played[-1].speed
        self.show_moment()

    # -- showing ----------------------------------------------------------------------------------

    def show_moment(self) -> None:
        """Let the replay go on: show where it is, and what has come."""
        found, now = self._found, self._desk.now_here()
        if found is None or not self._past:
            self._console.show_replay(self._empty(found), ())
        else:
            lines = come(self._past, found[0].played, now)
            self._console.show_replay(self._view(found, now), lines[::-1])
            if self._come_count is not None and len(lines) > self._come_count:
                newest = lines[self._come_count :]
                announce(self._console, ". ".join(line.spoken for line in newest))
            self._come_count = len(lines)
        self._beat()

    def _empty(self, found: Found | None) -> ReplayView | None:
        if found is None:
            return None
        return ReplayView(story=NOT_HERE, position="", state="", why_not=NOT_HERE)

    def _view(self, found: Found, now: datetime) -> ReplayView:
        replay, past = found
        assert past is not None
        item = past.console.item
        return replay_view(
            f"{item.key} {item.summary}",
            self._past,
            replay.played,
            now,
            speed=self._speed,
            why_not=self._why_not(replay),
        )

    def _why_not(self, replay: Replay) -> str:
        if replay.is_over:
            return OVER
        roles = self._desk.directory.roles_of(self._desk.viewer.person_id)
        return "" if roles & RESPONDING else ONLY_READS

    def _beat(self) -> None:
        """Look each second only while it plays and somebody sees it."""
        is_playing = self._found is not None and self._found[0].played[-1].speed != HELD
        if is_playing and self._past and self._console.isVisible():
            if not self._second.isActive():
                self._second.start()
        else:
            self._second.stop()

    # -- steering ---------------------------------------------------------------------------------

    def _act(self, id_: str) -> None:
        if id_ not in ("major.replay", "major.replay_next") or not self._console.isVisible():
            return
        found, now = self._found, self._desk.now_here()
        if found is None or not self._past:
            self._window.snack(f"{NOT_HERE}." if found else "Nothing is played again here.")
            return
        if why := self._view(found, now).why_not:
            self._window.snack(f"{why}.")
            return
        steered = found[0].played[-1]
        if id_ == "major.replay":
            self._steer(HELD if steered.speed != HELD else self._speed)
        else:
            self._steer(steered.speed, next_position(self._past, found[0].played, now))

    def _choose_speed(self, speed: int) -> None:
        self._speed = speed
        if self._found is not None and self._found[0].played[-1].speed != HELD:
            self._steer(speed)

    def _steer(self, speed: int, at_s: int | None = None) -> None:
        assert self._incident_id is not None
        assert self._found is not None
        if at_s is None:
            position = self._found[0].played[-1].position(self._desk.now_here())
            at_s = min(int(position.total_seconds()), self._end_s)
        self._desk.give(SteerReplay(incident_id=self._incident_id, at_s=at_s, speed=speed), said="")

    @property
    def _end_s(self) -> int:
        return int(self._past[-1].position.total_seconds()) + 1
