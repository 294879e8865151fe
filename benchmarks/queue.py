"""The queue with very many incidents against the queue with a hundred.

    python -m benchmarks.queue [--incidents N] [--rounds N] [--json FILE]

First page: from the click on a worklist to the first painted rows. The floor of each is the
same statement, the first numbers of the list, in bare sqlite3. Scroll: jumps to random places
of all incidents until their rows are read and painted, in CPU time of the whole process; the
floor is a table whose delegate paints nothing.
"""

import random
import sqlite3
import time
from collections.abc import Callable

import sqlalchemy as sa
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from benchmarks.measure import Report, arguments, borrowed_desk
from benchmarks.open_desk import OpenDesk, open_desk, pause
from desktop.models.worklist_model import KEYS
from desktop.presenters.queue_presenter import FIRST_ROWS
from services.core.paths import Home
from services.incidents.queries import worklist_numbers
from services.incidents.read_models import Order, SortBy, Worklist

SMALL = 100
Samples = dict[str, list[float]]
Index = QModelIndex | QPersistentModelIndex


class EmptyDelegate(QStyledItemDelegate):
    """Paints nothing: what Qt itself costs."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Nothing."""


class EmptyModel(QAbstractTableModel):
    """As many rows and columns, with nothing in them."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._rows = rows

    def rowCount(self, parent: Index | None = None) -> int:
        return self._rows

    def columnCount(self, parent: Index | None = None) -> int:
        return len(KEYS)

    def data(self, index: Index, role: int = 0) -> object:
        return None


def order_of(worklist: Worklist) -> Order:
    """The order in which the desk opens a list."""
    if worklist is Worklist.ALL_INCIDENTS:
        return Order(SortBy.NUMBER, is_descending=True)
    return Order(SortBy.AGE) if worklist is Worklist.CONFIRM_AND_CLOSE else Order()


def bare_first_page(desk: OpenDesk, home: Home, worklist: Worklist) -> Callable[[], float]:
    """Milliseconds of the very statement that reads the first numbers, without the desk."""
    own, heard = desk.place.desk, list[tuple[str, tuple[str | int, ...]]]()

    def hear(
        connection: object,
        cursor: object,
        statement: str,
        values: tuple[str | int, ...],
        *_: object,
    ) -> None:
        heard.append((statement, values))

    sa.event.listen(own.profile.engine, "before_cursor_execute", hear)
    with own.profile.engine.connect() as connection:
        worklist_numbers(connection, worklist, own.viewer, order_of(worklist), FIRST_ROWS)
    sa.event.remove(own.profile.engine, "before_cursor_execute", hear)
    bare = sqlite3.connect(home.replica)
    statement, values = heard[-1]

    def ask() -> float:
        started = time.perf_counter()
        bare.execute(statement, values).fetchall()
        return 1000 * (time.perf_counter() - started)

    return ask


def first_pages(desk: OpenDesk, home: Home, rounds: int) -> tuple[Samples, Samples]:
    """Milliseconds to the first painted rows of each list, and of its bare statement."""
    floors = {
        worklist: bare_first_page(desk, home, worklist)
        for worklist in Worklist
        if has_rows(desk, worklist)
    }
    shown: Samples = {worklist.value: [] for worklist in floors}
    bare: Samples = {worklist.value: [] for worklist in floors}
    for turn in range(rounds + 1):
        for worklist in floors:
            milliseconds = show_once(desk, worklist)
            floor = floors[worklist]()
            if turn:
                shown[worklist.value].append(milliseconds)
                bare[worklist.value].append(floor)
    return shown, bare


def has_rows(desk: OpenDesk, worklist: Worklist) -> bool:
    """Whether the list holds anything on this desk."""
    desk.show(worklist)
    return int(desk.model.rowCount()) > 0


def show_once(desk: OpenDesk, worklist: Worklist) -> float:
    """Milliseconds from the click to the first painted rows."""
    desk.settle()
    started = time.perf_counter()
    desk.place.shell.show_worklist(worklist)
    return 1000 * (desk.paints.until(lambda event: has_first_row(desk, event)) - started)


def has_first_row(desk: OpenDesk, event: QPaintEvent) -> bool:
    """Whether this paint shows the first line with its content."""
    number = desk.model.number_at(0)
    if number is None or desk.model.rowCount() == 0:
        return False
    return desk.item(number) is not None and desk.shows(event, number)


def jumps(desk: OpenDesk, rounds: int) -> tuple[list[float], list[float]]:
    """CPU and wall milliseconds of jumps to random places until their rows are painted."""
    desk.show(Worklist.ALL_INCIDENTS)
    dice, bar = random.Random(2), desk.table.verticalScrollBar()
    cpu, wall = [], []
    for _ in range(rounds):
        place = dice.randint(bar.minimum(), bar.maximum())
        if place == bar.value():
            continue
        cpu_before, before = time.process_time(), time.perf_counter()
        bar.setValue(place)
        ended = desk.paints.until(lambda _: all_rows_here(desk))
        cpu.append(1000 * (time.process_time() - cpu_before))
        wall.append(1000 * (ended - before))
    return cpu, wall


def all_rows_here(desk: OpenDesk) -> bool:
    """Whether each visible line has its content."""
    first, last = desk.table.rowAt(0), desk.table.rowAt(desk.table.viewport().height() - 1)
    last = last if last >= 0 else desk.model.rowCount() - 1
    numbers = (desk.model.number_at(line) for line in range(first, last + 1))
    return all(number is not None and desk.item(number) is not None for number in numbers)


def empty_jumps(desk: OpenDesk, rounds: int) -> list[float]:
    """CPU milliseconds of the same jumps in a table that paints nothing."""
    table = QTableView()
    model, delegate = EmptyModel(desk.model.rowCount()), EmptyDelegate()
    table.setModel(model)
    table.setItemDelegate(delegate)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(32)
    table.resize(desk.table.size())
    table.show()
    pause(200)  # until the window is exposed
    dice, bar, cpu = random.Random(2), table.verticalScrollBar(), []
    for _ in range(rounds):
        before = time.process_time()
        bar.setValue(dice.randint(bar.minimum(), bar.maximum()))
        table.viewport().repaint()
        cpu.append(1000 * (time.process_time() - before))
    table.close()
    return cpu


def measure(incidents: int, rounds: int) -> Report:
    """The small desk, then the big one, each with its floors."""
    report = Report(f"The queue, {incidents:,} incidents against {SMALL}")
    with borrowed_desk(SMALL) as home, open_desk(home) as desk:
        small, _ = first_pages(desk, home, rounds)
        small_cpu, _ = jumps(desk, rounds * 5)
    with borrowed_desk(incidents) as home, open_desk(home) as desk:
        big, bare = first_pages(desk, home, rounds)
        cpu, wall = jumps(desk, rounds * 5)
        empty = empty_jumps(desk, rounds * 5)
    for name, samples in big.items():
        report.add(f"first page: {name}", "ms", samples, floor=small.get(name),
                   floor_name=f"{SMALL} incidents", limit=50)  # fmt: skip
        report.add(f"bare statement: {name}", "ms", bare[name])
    report.add("scroll jump, CPU", "ms", cpu, floor=empty, floor_name="empty delegate",
               limit=20, is_p95_judged=True)  # fmt: skip
    report.add("scroll jump, CPU, against the small desk", "ms", cpu, floor=small_cpu,
               floor_name=f"{SMALL} incidents")  # fmt: skip
    report.add("scroll jump, wall time to painted rows", "ms", wall)
    return report


def main() -> None:
    """Measure and tell."""
    options = arguments(__doc__, rounds=15).parse_args()
    measure(options.incidents, options.rounds).tell(options.json)


if __name__ == "__main__":
    main()
