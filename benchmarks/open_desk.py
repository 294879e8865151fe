"""The whole desk on screen, offscreen, for benchmarks that use it as a person would."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication

from benchmarks.big_desk import FOUNDER
from desktop.application import start_application
from desktop.bootstrap import Program, Setting
from desktop.presenters.workplace import Workplace
from desktop.views.queue.worklist_view import WorklistView
from services.core.clock import SystemClock
from services.core.paths import Home
from services.incidents.read_models import Worklist, WorklistItem

PATIENCE_S = 30.0


class Paints(QObject):
    """Notes the moment at which a paint that shows what is waited for has ended."""

    def __init__(self, table: WorklistView) -> None:
        super().__init__()
        self._table = table
        self._is_shown: Callable[[QPaintEvent], bool] = lambda _: False
        self._is_seen = False
        table.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent) and not self._is_seen:
            self._is_seen = self._is_shown(event)
        return False

    def until(self, is_shown: Callable[[QPaintEvent], bool]) -> float:
        """Run the event loop until a paint event satisfies this; the time at its end."""
        self._is_seen, self._is_shown = False, is_shown
        wait_until(lambda: self._is_seen)
        ended = time.perf_counter()
        self._is_shown = lambda _: False
        return ended


class OpenDesk:
    """The program with its window shown, and short ways to what benchmarks look at."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.paints = Paints(self.table)

    @property
    def place(self) -> Workplace:
        assert self.program.workplace is not None
        return self.program.workplace

    @property
    def table(self) -> WorklistView:
        return self.place.queue_screen.table

    @property
    def model(self):  # type: ignore[no-untyped-def]
        return self.place.queue_screen.model

    def settle(self) -> None:
        """Wait until nothing is read, given, sent or repainted any more."""
        for _ in range(2):
            wait_until(lambda: self.program.is_idle)
            pause(60)

    def show(self, worklist: Worklist) -> None:
        """Show a list and wait until it stands still."""
        self.place.shell.show_worklist(worklist)
        self.settle()

    def scroll_to(self, line: int) -> None:
        """Put a line at the top and wait until the rows there have arrived."""
        top = QAbstractItemView.ScrollHint.PositionAtTop
        self.table.scrollTo(self.model.index(line, 0), top)
        self.settle()

    def item(self, number: int) -> WorklistItem | None:
        """The row of a number as the model has it."""
        found = self.model.row_of(number)
        return found if isinstance(found, WorklistItem) else None

    def shows(self, event: QPaintEvent, number: int) -> bool:
        """Whether this paint covers the line of a number."""
        index = self.model.index_of(number)
        return index.isValid() and event.region().intersects(self.table.visualRect(index))


def wait_until(is_so: Callable[[], bool]) -> None:
    """Run the event loop until it is so.

    Raises:
        TimeoutError: it did not become so.
    """
    application = QApplication.instance()
    assert application is not None
    deadline = time.perf_counter() + PATIENCE_S
    alarm = QTimer(interval=5)
    alarm.start()
    while not is_so():
        if time.perf_counter() > deadline:
            raise TimeoutError("what the benchmark waits for did not happen")
        application.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    alarm.stop()


def pause(milliseconds: int) -> None:
    """Let the event loop run for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


@contextmanager
def open_desk(home: Home) -> Iterator[OpenDesk]:
    """Start the program on this home; its window is 1440 by 900."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance() or start_application(["benchmark"])
    program = Program(Setting(home, SystemClock(), FOUNDER))
    program.window.resize(1440, 900)
    program.start()
    program.window.resize(1440, 900)
    try:
        wait_until(lambda: program.workplace is not None)
        desk = OpenDesk(program)
        desk.settle()
        yield desk
    finally:
        program.quit()
        program.window.deleteLater()
        application.processEvents()
