"""Asks about updates that waited too long to go out by themselves, whatever screen is open."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.main_window import MainWindow
from desktop.presenters.composer_strips import WHOM, waited_words
from desktop.presenters.desk import Desk
from desktop.text import incident_key, plural
from desktop.widgets.banner import Banner
from services.communications.queries import UPDATE_TABLES, held_updates
from services.communications.read_models import HeldUpdate
from services.communications.transitions import senders
from services.people.person import Role
from services.sync.book import ChangeSet

HELD: Final = "held word"
"""The place of the banner above the screen."""

LOOKS_EVERY_MS: Final = 5_000


def asked(
    held: Iterable[HeldUpdate], person_id: UUID, roles: frozenset[Role], now: datetime
) -> tuple[HeldUpdate, ...]:
    """What a person is asked about: their own updates, and those that they may send."""
    return tuple(
        one
        for one in held
        if (one.held_from is None or one.held_from < now)
        and (one.queued_by_id == person_id or roles & senders(one.audience))
    )


class HeldNotices(QObject):
    """Puts the banner up and takes it away by itself.

    ``wanted`` carries the incident and the audience of the update to decide about.
    """

    wanted = Signal(object, object)

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._held: tuple[HeldUpdate, ...] = ()
        self._shown: tuple[UUID, ...] = ()
        # It ends with the window, and runs only while something here grows old.
        self._timer = QTimer(window, interval=LOOKS_EVERY_MS)
        self._timer.timeout.connect(self.look)
        desk.changed.connect(self._on_change)
        desk.directory_changed.connect(self._read)
        desk.viewer_changed.connect(self._read)

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & (UPDATE_TABLES | {"pending"}):
            self._read()

    def _read(self) -> None:
        self._desk.read(self, "held updates", held_updates, self._take)

    def _take(self, held: tuple[HeldUpdate, ...]) -> None:
        self._held = held
        if any(one.held_from is not None for one in held):
            self._timer.start()
        else:
            self._timer.stop()
        self.look()

    def look(self) -> None:
        """Ask about what is held as it stands now."""
        desk = self._desk
        viewer_id = desk.viewer.person_id
        roles = desk.directory.roles_of(viewer_id)
        found = asked(self._held, viewer_id, roles, desk.clock.now())
        shown = tuple(one.update_id for one in found)
        if shown == self._shown:
            return
        self._shown = shown
        if not found:
            self._window.clear_banner(HELD)
            return
        self._show(found[0], len(found) - 1)

    def _show(self, one: HeldUpdate, more: int) -> None:
        waited = waited_words(one.queued_at, self._desk.clock.now())
        others = f" {plural(more, 'more waits', 'more wait')} for your word." if more else ""
        banner = Banner(
            "warn",
            f"{incident_key(one.number)}: the {WHOM[one.audience]} update {waited}.",
            f"Is “{one.subject}” still true?{others}",
            icon="hold",
            square=True,
        )
        decide = banner.add_button("Decide", icon="status.page")
        decide.clicked.connect(lambda: self.wanted.emit(one.incident_id, one.audience))
        self._window.show_banner(banner, HELD)
