"""Incidents that this desk leaves to the shared database: says so, and fetches them on demand."""

from datetime import datetime

from PySide6.QtCore import QObject

from desktop.presenters.desk import Desk
from desktop.text import plural
from desktop.views.queue.queue_screen import QueueScreen
from services.core.errors import AppError
from services.incidents.older import earliest_end, kept_since
from services.incidents.read_models import Worklist
from services.sync.worker import SyncState

FETCHED_AT_ONCE = 100


class OlderPresenter(QObject):
    """Feeds the end of lists that hold closed incidents."""

    def __init__(self, desk: Desk, screen: QueueScreen) -> None:
        super().__init__()
        self._desk = desk
        self._screen = screen
        self._worklist: Worklist | None = None
        self._is_online = False
        self._since: datetime | None = None
        self._fetched_from: datetime | None = None
        self._is_all = False
        screen.worklist_shown.connect(self._on_list)
        screen.older.fetch_requested.connect(self._fetch)

    def show_sync(self, state: SyncState) -> None:
        """Older ones can be fetched only while the server answers."""
        if state.is_online != self._is_online:
            self._is_online = state.is_online
            self._show()

    def _on_list(self, worklist: Worklist) -> None:
        self._worklist = worklist
        now = self._desk.clock.now()
        self._desk.read(
            self, "kept", lambda connection: kept_since(connection, now), self._show_since
        )

    def _show_since(self, since: datetime | None) -> None:
        self._since = since
        self._show()

    def _show(self) -> None:
        since = self._fetched_from or self._since
        if self._since is None or since is None or self._worklist is not Worklist.ALL_INCIDENTS:
            self._screen.older.hide()
            return
        self._screen.older.show_limit(
            since, self._desk.now_here(), is_online=self._is_online, is_all=self._is_all
        )

    def _fetch(self) -> None:
        before = self._fetched_from or self._since
        if before is None:
            return
        self._screen.older.set_fetching()
        replica, engine = self._desk.profile.replica, self._desk.profile.engine

        def work() -> tuple[int, datetime | None]:
            ids = replica.fetch_ended_before(before, FETCHED_AT_ONCE)
            with engine.connect() as connection:
                return len(ids), earliest_end(connection, ids)

        self._desk.run(self, "older", work, self._show_fetched, self._fail)

    def _show_fetched(self, found: tuple[int, datetime | None]) -> None:
        count, earliest = found
        self._is_all = count < FETCHED_AT_ONCE
        self._fetched_from = earliest or self._fetched_from
        self._show()
        if count:
            self._screen.refresh_requested.emit()
            said = plural(count, "older incident", "older incidents")
            self._desk.said.emit(f"{said} fetched, kept here for 7 days", False)

    def _fail(self, error: AppError) -> None:
        self._show()
        self._desk.refused.emit(error)
