"""A whole desk on a small shared database, for tests of presenters."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop.bootstrap import Program, Setting
from desktop.main_window import MainWindow
from desktop.presenters.workplace import Workplace
from desktop.tour.driver import pause
from desktop.views.paging.alarm import PageAlarm
from services.admin.schema import Founder, ensure_embedded, founder_id
from services.catalogue.commands import AddBusinessService, AddCategory
from services.core.clock import ManualClock
from services.core.ids import derived_id
from services.core.paths import Home, home_at
from services.core.settings import Preferences, save_preferences
from services.incidents.acts import LogIncident
from services.incidents.extent import EXTENT
from services.incidents.incident import Channel
from services.people.commands import AddPerson, AddTeam, GrantRole, PlaceInTeam
from services.people.person import Role, Tier
from services.registry import RECORDS, command_book
from services.sync.cache_file import note_closed
from services.sync.replica import Replica
from services.sync.shared_sqlite import SharedSqlite

TOOL_TIP = Qt.WindowType.ToolTip
FOUNDER = Founder("Maya Lindqvist", "maya")
MAYA = founder_id("maya")
DESK = derived_id("team", "Service Desk")
PRIYA = derived_id("test person", "priya")
TOMAS = derived_id("test person", "tomas")
NETWORK = derived_id("test team", "network")
VPN = derived_id("test service", "vpn")
CATEGORY = derived_id("test category", "network")


@dataclass
class RunningDesk:
    """The program on screen, and a colleague's desk on the same shared database."""

    program: Program
    home: Home
    clock: ManualClock
    colleague: Replica

    @property
    def place(self) -> Workplace:
        assert self.program.workplace is not None
        return self.program.workplace

    def until(self, seen: Callable[[], object]) -> None:
        """Let the program run until something is so; for half a minute on an idle machine."""
        for _ in range(3_000):
            if seen():
                return
            pause(10)
        raise AssertionError("what was waited for did not come")

    def settle(self) -> None:
        """Let the program run until nothing is being read, given or sent."""
        self._rest(lambda: self.program.is_idle)

    def calm(self) -> None:
        """The same where what waits cannot be sent."""
        self._rest(lambda: self.program.is_quiet)

    def _rest(self, is_resting: Callable[[], bool]) -> None:
        self.until(is_resting)
        pause(80)  # what changed is told to the screens at most 20 times a second
        self.until(is_resting)

    def found(self, sql: str, *values: object) -> object:
        connection = sqlite3.connect(self.home.shared_database)
        row = connection.execute(sql, values).fetchone()
        connection.close()
        return None if row is None else row[0]

    def log_elsewhere(self, summary: str) -> UUID:
        """A colleague logs an incident."""
        incident_id = derived_id("test incident", summary)
        log_on(self.colleague, self.clock, summary, incident_id)
        self.colleague.push()
        self.colleague.pull()
        return incident_id

    def give_elsewhere(self, command: object, person: UUID = MAYA) -> None:
        """A colleague's desk acts."""
        self.colleague.execute(command, person)
        self.colleague.push()
        self.colleague.pull()


def log_on(replica: Replica, clock: ManualClock, summary: str, incident_id: UUID) -> None:
    command = LogIncident(
        incident_id=incident_id,
        number=replica.take_number(),
        summary=summary,
        channel=Channel.PHONE,
        caller_id=TOMAS,
        reported_at=clock.now(),
        owner_team_id=DESK,
    )
    replica.execute(command, MAYA)


def open_colleague(home: Home, clock: ManualClock) -> Replica:
    """A colleague's desk on the same shared database; its first opening copies all there is."""
    tables = [record.TABLE for record in RECORDS]
    shared = SharedSqlite(home.shared_database, clock, tables, EXTENT)
    folder = home.cache / "colleague"
    replica = Replica(
        folder / "cache.db",
        folder / "journal.db",
        command_book(),
        shared,
        clock,
        lambda _: None,
    )
    replica.connect()
    if replica.needs_snapshot:
        replica.copy()
    return replica


Acts = Callable[[], Iterable[tuple[object, UUID]]]
"""Commands, and who gives each."""


@cache
def founded(incidents: int, also: Acts) -> dict[str, bytes]:
    """The files of a company with so many incidents and of a closed colleague's desk; made once."""
    with tempfile.TemporaryDirectory() as folder:
        home, clock = home_at(Path(folder)).create(), ManualClock()
        ensure_embedded(home.shared_database, clock, FOUNDER)
        colleague = open_colleague(home, clock)
        for command in company():
            colleague.execute(command, MAYA)
        for place in range(incidents):
            log_on(colleague, clock, f"Incident {place}", derived_id("test incident", place))
        for command, who in also():
            colleague.execute(command, who)
        colleague.push()
        colleague.pull()
        colleague.close()
        files = (home.shared_database, *(home.cache / "colleague").iterdir())
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def lay_out(files: dict[str, bytes], folder: Path) -> Home:
    """A home that holds such files, as they were left."""
    home = home_at(folder).create()
    (home.cache / "colleague").mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    note_closed(home.cache / "colleague" / "cache.db")
    return home


def company() -> list[object]:
    """A tier-2 team with an engineer, a caller, a service and a category."""
    return [
        AddPerson(person_id=PRIYA, name="Priya Raman", login="priya"),
        AddPerson(person_id=TOMAS, name="Tomás Herrera", phone="+351 21 555 0142"),
        GrantRole(person_id=PRIYA, role=Role.TIER_MEMBER),
        AddTeam(team_id=NETWORK, name="Network", tier=Tier.SECOND, lead_id=PRIYA),
        PlaceInTeam(team_id=NETWORK, person_id=PRIYA),
        AddBusinessService(service_id=VPN, name="Remote access", owner_team_id=NETWORK),
        AddCategory(category_id=CATEGORY, name="Network"),
    ]


class StrayWindows(QObject):
    """Notes every window that appears besides the main window, menus and the alarm of pages.

    A widget shown before it has a parent is a window of its own for a moment: it flashes, and
    takes the keyboard away.
    """

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            allowed = isinstance(watched, MainWindow | QMenu | PageAlarm)
            if watched.isWindow() and not allowed and watched.windowType() != TOOL_TIP:
                self.seen.append(type(watched).__name__)
        return False


@contextmanager
def running_desk(folder: Path, incidents: int = 3, also: Acts = tuple) -> Iterator[RunningDesk]:
    """The program with so many incidents; whatever else shall be there, a colleague did before."""
    home, clock = lay_out(founded(incidents, also), folder), ManualClock()
    colleague = open_colleague(home, clock)
    save_preferences(home.preferences, Preferences(theme="light"))
    program = Program(Setting(home, clock, FOUNDER, is_guarded=True))
    desk = RunningDesk(program, home, clock, colleague)
    strays = StrayWindows()
    QApplication.instance().installEventFilter(strays)
    try:
        program.start()
        desk.until(lambda: program.workplace is not None)
        desk.until(lambda: not desk.place.desk.profile.replica.needs_snapshot)
        desk.settle()
        yield desk
        assert strays.seen == []
    finally:
        QApplication.instance().removeEventFilter(strays)
        colleague.close()
        program.quit()
        program.window.deleteLater()
        pause(0)
