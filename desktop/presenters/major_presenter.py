"""The console of a major incident, the list of all, and the pill: what they show, kept true."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow
from desktop.presenters.major_acts import MajorActs
from desktop.presenters.major_asking import MajorAsking
from desktop.presenters.major_hand import MajorHand
from desktop.presenters.major_lines import began_at, lines, written_moments
from desktop.presenters.major_page import Reading, cards, console_view, major_row, reading_at
from desktop.presenters.major_reading import (
    CONSOLE_TABLES,
    LIST_TABLES,
    Standing,
    read_console,
    read_standing,
)
from desktop.presenters.paging_presenter import PagingPresenter
from desktop.views.major.console import MajorConsole
from desktop.views.major.major_list import MajorListScreen
from desktop.views.major.values import MajorRow
from desktop.views.major.words import WRITTEN
from services.core.drafts import Content
from services.major_incidents.major import MajorState
from services.sync.book import ChangeSet

_SECOND_MS: Final = 1_000
_LOOKING: Final = frozenset({"known", "roles", "streams", "record"})
"""Verbs that change nothing."""


class MajorPresenter(QObject):
    """Feeds the screens and answers them.

    ``incident_opened`` asks for the record of an incident. ``console_shown`` carries the incident
    whose console is shown, so that others can fill its right column. ``update_requested`` asks
    for the next word, ``severity_requested`` for the form of the record. ``fonts`` is the folder
    of prepared fonts for paper.
    """

    incident_opened = Signal(object)
    console_shown = Signal(object)
    update_requested = Signal()
    severity_requested = Signal(object)

    def __init__(
        self,
        desk: Desk,
        window: MainWindow,
        console: MajorConsole,
        screen: MajorListScreen,
        flow: DialogFlow,
        paging: PagingPresenter,
        fonts: Path,
    ) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._console = console
        self._screen = screen
        self._incident_id: UUID | None = None
        self._reading: Reading | None = None
        self._standing: Standing = ((), ())
        self._rows: tuple[MajorRow, ...] = ()
        self._is_console_open = self._is_list_open = False
        self._waiting = ""
        self.asking = MajorAsking(desk, window, flow)
        self.acts = MajorActs(self.asking)
        self._hand = MajorHand(self.asking, console, self.acts, fonts)
        self._paging = paging
        # It ends with the window: a closed one counts nothing down.
        self._second = QTimer(console, interval=_SECOND_MS)
        self._connect()

    def _connect(self) -> None:
        desk, console, screen = self._desk, self._console, self._screen
        self._second.timeout.connect(self.show_moment)
        desk.changed.connect(self._on_change)
        desk.viewer_changed.connect(self.reload)
        desk.directory_changed.connect(self.reload)
        self._window.hub.triggered.connect(self._act)
        self._window.major_pill.opened.connect(self._open_row)
        screen.opened.connect(self._open_row)
        screen.shown.connect(self._note_list)
        console.shown.connect(self._note_console)
        console.looked_at.connect(self._look_at)
        self._hand.streams.chosen.connect(self._show_reading)
        console.timeline.entry.draft_changed.connect(partial(self._keep, "entry"))
        console.impact.draft_changed.connect(
            lambda row, text: self._keep(f"answer/{row.section.value}", {"text": text})
        )
        self._hand.written.connect(self._after_writing)
        self.acts.drill_started.connect(self.open)

    # -- reading ----------------------------------------------------------------------------------

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & LIST_TABLES:
            self._read_standing()
        if change.is_everything or change.tables & CONSOLE_TABLES:
            self._read_console()

    def reload(self) -> None:
        """Read everything again."""
        self._read_standing()
        self._read_console()

    def _read_standing(self) -> None:
        names = self._desk.directory
        self._desk.read(self, "majors", partial(read_standing, names=names), self._show_standing)

    def _show_standing(self, standing: Standing) -> None:
        self._standing = standing
        items, due = standing
        now = self._desk.now_here()
        rows = (major_row(item, due, now) for item in items)
        self._rows = tuple(sorted(rows, key=lambda row: (not row.is_open, row.is_drill)))
        real = [row for row in self._rows if not row.is_drill]
        self._window.navigation.set_majors(sum(row.is_open for row in real))
        self._screen.show_rows(self._rows, now)
        self._show_pill(now)
        self._beat()

    @property
    def open_rows(self) -> list[MajorRow]:
        """Major incidents under way, the one whose word is due first before the others."""
        is_open = [row for row in self._rows if row.is_accepted]
        return sorted(is_open, key=_most_pressing)

    def _show_pill(self, now: datetime) -> None:
        rows = self.open_rows
        self._window.major_pill.show_row(rows[0] if rows else None, max(0, len(rows) - 1), now)

    def _read_console(self) -> None:
        if self._incident_id is None:
            return
        desk, id_ = self._desk, self._incident_id
        read = partial(
            read_console, names=desk.directory, viewer=desk.viewer, incident_id=id_,
            now=desk.now_here(),
        )  # fmt: skip
        desk.read(self, "console", read, partial(self._show_console, id_))

    def _show_console(self, incident_id: UUID, reading: Reading | None) -> None:
        if incident_id != self._incident_id:
            return
        is_new = self._reading is None or self._reading.console.incident.id != incident_id
        self._reading = self.asking.reading = reading
        if reading is None:
            self._console.show_nothing()
            return
        strip = self._console.moment
        strip.show_span(began_at(reading), reading.now, written_moments(reading))
        self._show_reading()
        if is_new:
            self._restore(incident_id)
        self._beat()
        if self._waiting:
            verb, self._waiting = self._waiting, ""
            self._do(verb)

    def _look_at(self, moment: datetime | None) -> None:
        self.asking.looking_at = moment
        self._show_reading()

    def _show_reading(self) -> None:
        """What is known now, or was at the moment looked back to; of one stream or of all."""
        if self._reading is None:
            return
        asking, at = self.asking, self.asking.looking_at
        seen = replace(self._reading, stream_id=asking.stream_id)
        if at is not None:
            seen = reading_at(seen, at)
        moment = self._desk.now_here() if at is None else seen.now
        self._console.show_view(console_view(seen), moment)
        self._console.show_known(cards(seen), lines(seen))

    # -- drafts -------------------------------------------------------------------------------

    def _keep(self, name: str, content: Content) -> None:
        if self._incident_id is None:
            return
        drafts, now = self._desk.profile.drafts, self._desk.clock.now()
        key = f"major/{name}/{self._incident_id}"
        if any(str(value).strip() for field, value in content.items() if field != "kind"):
            self._desk.keep(lambda: drafts.save(key, content, now))
        else:
            self._desk.keep(lambda: drafts.remove(key))

    def _restore(self, incident_id: UUID) -> None:
        drafts, console = self._desk.profile.drafts, self._console
        sections = [section.value for section in console.impact.entries]

        def load() -> tuple[Content, dict[str, object]]:
            entry = drafts.load(f"major/entry/{incident_id}") or {}
            found = {s: drafts.load(f"major/answer/{s}/{incident_id}") or {} for s in sections}
            return entry, {s: content.get("text", "") for s, content in found.items()}

        def show(found: tuple[Content, dict[str, object]]) -> None:
            if incident_id == self._incident_id:
                console.timeline.entry.restore(found[0])
                console.impact.restore(found[1])

        self._desk.run(self, "drafts", load, show)

    def _after_writing(self) -> None:
        """What was written is saved: the field is free again."""
        self._console.timeline.entry.restore({"kind": self._console.timeline.entry.key})
        self._keep("entry", {})

    # -- time ---------------------------------------------------------------------------------

    def show_moment(self) -> None:
        """Let every countdown go on."""
        now = self._desk.now_here()
        self._window.major_pill.show_moment(now)
        if self._is_list_open:
            self._screen.show_moment(now)
        if self._is_console_open and self.asking.looking_at is None:
            self._console.show_moment(now)

    def _beat(self) -> None:
        """Count seconds only while something counts down."""
        if self.open_rows or self._is_console_open:
            self._second.start()
        else:
            self._second.stop()

    def _note_list(self, is_shown: bool) -> None:
        self._is_list_open = is_shown

    def _note_console(self, is_shown: bool) -> None:
        self._is_console_open = is_shown
        if is_shown:
            self.show_moment()
        self._beat()

    # -- opening --------------------------------------------------------------------------------

    def open(self, incident_id: UUID) -> None:
        """Show the console of an incident."""
        is_other = incident_id != self._incident_id
        self._incident_id = incident_id
        self._window.show_screen("major_console")
        self._window.navigation.set_current("major")
        if is_other:
            self._reading = self.asking.reading = None
            self.asking.stream_id = None
            self._console.moment.leave()
            self._console.timeline.entry.restore({})
            self._console.impact.restore({})
            self._console.show_nothing()
            self.console_shown.emit(incident_id)
        self._read_console()
        self._console.timeline.entry.text.setFocus()

    def open_list(self) -> None:
        """Show the list; the only one that is open is shown at once."""
        is_open = self.open_rows
        if len(is_open) == 1 and self._window.screen_name != "major_console":
            self.open(is_open[0].incident_id)
            return
        self._window.show_screen("major")
        self._screen.list.setFocus()

    def _open_row(self, major_id: UUID) -> None:
        """What is only proposed is decided in its record, everything else has its console."""
        for row in self._rows:
            if row.major_id == major_id and row.is_open and not row.is_accepted:
                self.incident_opened.emit(row.incident_id)
            elif row.major_id == major_id:
                self.open(row.incident_id)

    # -- verbs ----------------------------------------------------------------------------------

    def _act(self, id_: str) -> None:
        if id_ == "go.major":
            self.open_list()
        elif id_ == "major.drill":
            self.acts.drill(self._standing[0])
        elif id_.startswith("major."):
            self._do(id_.removeprefix("major."))

    def _do(self, verb: str) -> None:
        if not self._is_console_open:
            self._open_for(verb)
        elif self._reading is None:
            self._waiting = verb
        elif verb not in _LOOKING and self.asking.keeps_to_the_past():
            return
        elif verb in WRITTEN:
            self._console.timeline.entry.begin(verb)
        elif self._reading.major.state is MajorState.PROPOSED and verb == "update":
            self._window.snack("It has not been accepted yet. Press Shift+A to accept it.")
        elif (do := self._verbs.get(verb)) is not None:
            do()
        else:
            self._hand.act(verb)

    def _open_for(self, verb: str) -> None:
        """A verb of the menu asked for on another screen opens the console first."""
        rows = self.open_rows or [row for row in self._rows if row.is_open]
        if not rows:
            self._window.snack("No major incident is open. Propose one from its incident.")
            return
        self._waiting = verb
        self.open(rows[0].incident_id)

    @property
    def _verbs(self) -> dict[str, Callable[[], None]]:
        reading = self._reading
        assert reading is not None
        console = self._console
        return {
            "update": self._write_update,
            "page": partial(self._paging.open, reading.detail),
            "severity": partial(self.severity_requested.emit, reading.detail),
            "record": partial(self.incident_opened.emit, reading.console.incident.id),
            "roles": partial(self._at_left, console.roles.focus_first),
            "streams": partial(self._at_left, console.streams.focus_first),
            "impact": partial(self._at_left, console.impact.edit_first),
            "known": console.look_back,
        }

    def _at_left(self, go: Callable[[], None]) -> None:
        self._console.show_writing(False)
        go()

    def _write_update(self) -> None:
        if self._console.composer is not None:
            self._console.show_writing()
            self.update_requested.emit()


def _most_pressing(row: MajorRow) -> tuple[bool, bool, float]:
    """Drills last, and those of which no word is due before them."""
    due = row.update_due_at
    return row.is_drill, due is None, due.timestamp() if due else 0.0
