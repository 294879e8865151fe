"""The program with sample data, brought into the state that a picture shows."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop.bootstrap import Program, Setting
from desktop.presenters.file_notices import PLACE
from desktop.presenters.workplace import Workplace
from desktop.tour.driver import Driver, look_into
from services.admin.schema import Founder
from services.core.clock import ManualClock
from services.core.paths import Home
from services.core.settings import Preferences, save_preferences
from services.dispatcher.engine_sqlite import PagingSqlite
from services.incidents.incident import Incident
from services.incidents.read_models import Worklist
from services.sync.worker import SyncState

MOMENT = datetime(2026, 10, 14, 10, 42, 7, tzinfo=UTC)
SIZE = (1440, 900)


@dataclass
class Stage:
    """The program with sample data, and the hands that bring it into a state."""

    program: Program
    driver: Driver
    clock: ManualClock
    home: Home

    @property
    def place(self) -> Workplace:
        """The screens of the open profile."""
        place = self.program.workplace
        assert place is not None
        return place

    @property
    def incident(self) -> Incident:
        """The incident shown beside the list."""
        detail = self.place.record.detail
        assert detail is not None
        return detail.incident

    def queue(self, worklist: Worklist = Worklist.TEAM_QUEUE) -> None:
        """A list with its first incident beside it."""
        self.place.shell.show_worklist(worklist)
        self.driver.settle()

    def choose(self, wanted: Callable[[Incident], bool]) -> None:
        """The first incident of the list shown that is wanted."""
        model = self.place.queue_screen.model
        self.driver.settle()
        for number in list(model.numbers)[:200]:
            self.place.queue_screen.table.select_number(number)
            self.driver.until(lambda n=number: self._shows(n), f"INC-{number}")  # type: ignore[misc]
            detail = self.place.record.detail
            if detail is not None and wanted(detail.incident):
                self.driver.settle()
                return

    def _shows(self, number: int) -> bool:
        detail = self.place.record.detail
        return detail is not None and detail.incident.number == number

    def trigger(self, id_: str) -> None:
        """An action of the menus."""
        self.driver.window.hub.trigger(id_)
        self.driver.settle()

    def dialog(self, id_: str) -> None:
        """An action that opens a dialog."""
        self.driver.window.hub.trigger(id_)
        self.driver.dialog()
        self.driver.settle()

    def reset(self) -> None:
        """No dialog, no banner, the queue in front."""
        for dialog in self.driver.dialogs():
            dialog.close_dialog()
        self.driver.window.clear_banner()
        self.driver.window.clear_banner(PLACE)
        self.driver.window.hub.trigger("tab.timeline")
        self.place.show_sync(SyncState(is_online=True, synced_at=MOMENT))
        self.driver.settle()


Show = Callable[[Stage], QWidget | None]
"""Brings the stage into a state; what it returns is on the picture instead of the window."""


def open_stage(home: Home, folder: Path) -> Stage:
    """The program at work on the sample data, in a home of its own."""
    clock = ManualClock(MOMENT)
    save_preferences(home.preferences, Preferences(theme="light"))
    program = Program(Setting(home, clock, Founder("Tour", "tour"), is_guarded=True))
    driver = Driver(
        program.window, look_into(home.shared_database), folder, lambda: program.is_quiet
    )
    program.window.resize(*SIZE)
    program.start()
    driver.until(lambda: program.window.screen_name == "welcome", "the welcome")
    program.welcome.sample_requested.emit()
    driver.until(lambda: program.workplace is not None, "the queue")
    stage = Stage(program, driver, clock, home)
    driver.until(lambda: not stage.place.desk.profile.replica.needs_snapshot, "the first sync")
    profile = stage.place.desk.profile
    profile.worker.stop()
    if profile.dispatcher is not None:
        profile.dispatcher.stop()  # what happens on a picture, the picture decides
    with closing(PagingSqlite(home.shared_database, clock)) as engine:
        engine.fire_due()  # what the sample company told shortly before
    profile.replica.pull()
    stage.driver.settle()  # the last word of what was stopped, before the picture's own
    stage.reset()
    return stage
