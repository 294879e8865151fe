"""Feeds the queue: numbers first, rows page by page, and never a jump while one reads."""

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop.presenters.desk import Desk
from desktop.text import plural
from desktop.views.queue.queue_screen import QueueScreen
from services.core.errors import AppError
from services.core.messages import message_of
from services.incidents.queries import worklist_counts, worklist_items, worklist_numbers
from services.incidents.read_models import Order, SortBy, Worklist, WorklistItem
from services.sync.book import ChangeSet
from services.sync.replica import Progress

FIRST_ROWS = 256
"""Numbers read before all others, so that the first page is painted at once."""

AGES_EVERY_MS = 30_000
NUMBERS_KEPT = 20_000
"""Ids whose numbers are known, so that a change marks only rows that are loaded."""

TITLES = {
    Worklist.MY_WORK: "My work",
    Worklist.TEAM_QUEUE: "Team queue",
    Worklist.UNASSIGNED: "Unassigned",
    Worklist.NEEDS_TRIAGE: "Needs triage",
    Worklist.ESCALATED_TO_US: "Escalated to us",
    Worklist.CONFIRM_AND_CLOSE: "Confirm and close",
    Worklist.ALL_INCIDENTS: "All incidents",
}

TABLES = frozenset({"incident", "pending", "seen"})
"""Tables whose change can change a row of the queue."""


@dataclass(frozen=True, slots=True)
class Move:
    """How a list differs from the one shown."""

    new: int
    moved: int


class QueuePresenter(QObject):
    """One worklist on the screen, and the counts of all."""

    counted = Signal(object)
    incident_chosen = Signal(object)

    def __init__(self, desk: Desk, screen: QueueScreen) -> None:
        super().__init__()
        self._desk = desk
        self._screen = screen
        self._model = screen.model
        self._worklist = Worklist.MY_WORK
        self._order = Order()
        self._commit = 0
        self._number_of: dict[str, int] = {}
        self._waiting_numbers: array[int] | None = None
        self._is_own_act = False
        self._wanted: UUID | None = None
        self._wanted_rows: list[int] = []
        self._reading = QTimer(self, singleShot=True, interval=0)
        self._ages = QTimer(self, interval=AGES_EVERY_MS)
        self._connect()

    def _connect(self) -> None:
        self._model.page_needed.connect(self._want_rows)
        self._reading.timeout.connect(self._read_wanted)
        self._screen.sort_requested.connect(self.sort)
        self._screen.refresh_requested.connect(self.refresh)
        self._screen.repair_requested.connect(self.reload)
        self._screen.incident_selected.connect(self.incident_chosen)
        self._screen.incident_opened.connect(self.incident_chosen)
        self._desk.changed.connect(self._on_change)
        self._desk.said.connect(self._on_own_act)
        self._desk.viewer_changed.connect(self.reload)
        self._desk.directory_changed.connect(self._on_directory)
        self._ages.timeout.connect(self._age)
        self._ages.start()

    @property
    def worklist(self) -> Worklist:
        """The list shown."""
        return self._worklist

    def show(self, worklist: Worklist) -> None:
        """Show another list from its top."""
        self._worklist = worklist
        is_closing = worklist is Worklist.CONFIRM_AND_CLOSE
        self._order = Order(SortBy.AGE) if is_closing else Order()
        if worklist is Worklist.ALL_INCIDENTS:
            self._order = Order(SortBy.NUMBER, is_descending=True)
        self._model.show_ids(array("q"), keep_selection=False)
        self.reload()

    def sort(self, order: Order) -> None:
        """Show the list in another order."""
        self._order = order
        self.reload()

    def refresh(self) -> None:
        """Take in new and moved rows."""
        if self._waiting_numbers is not None:
            self._take(self._waiting_numbers)
        else:
            self.reload()

    def reload(self) -> None:
        """Read the list again: the first rows at once, then all."""
        self._age()
        self._screen.set_order(self._order)
        query = partial(
            worklist_numbers,
            worklist=self._worklist,
            viewer=self._desk.viewer,
            order=self._order,
        )
        if not self._model.rowCount():
            first = partial(query, limit=FIRST_ROWS)
            self._desk.read(self, "first", first, self._take_first, self._fail)
        self._desk.read(self, "numbers", query, self._take, self._fail)
        self._count()

    def select(self, incident_id: UUID, number: int) -> bool:
        """Bring an incident to the top of attention if the list holds it."""
        return self._screen.table.select_number(number)

    def show_first_sync(self, progress: Progress | None) -> None:
        """Show how much of the first copy has arrived; None when it is complete."""
        if progress is None:
            self._show_pages()
        else:
            self._screen.show_first_sync(progress.done, progress.total)

    # -- what was read --------------------------------------------------------------------

    def _take_first(self, numbers: "array[int]") -> None:
        if not self._model.rowCount():
            self._model.show_ids(numbers, keep_selection=False)
            self._show_pages()
            self._select_first()

    def _take(self, numbers: "array[int]") -> None:
        self._waiting_numbers = None
        self._model.show_ids(numbers)
        self._screen.announce(0, 0)
        count = len(numbers)
        self._screen.show_worklist(
            self._worklist, _translated(TITLES[self._worklist]), self._count_words(count)
        )
        self._show_pages()
        self._select_first()

    def _count_words(self, count: int) -> str:
        if self._worklist is Worklist.CONFIRM_AND_CLOSE:
            return f"{count:,} resolved"
        if self._worklist is Worklist.ALL_INCIDENTS:
            return plural(count, "incident", "incidents")
        return f"{count:,} open"

    def _show_pages(self) -> None:
        if self._model.rowCount():
            self._screen.show_list()
        else:
            self._screen.show_empty(self._worklist)
            self.incident_chosen.emit(None)

    def _select_first(self) -> None:
        number = self._model.number_at(0)
        if number is not None and self._screen.table.current_number is None:
            self._screen.table.select_number(number)

    def _fail(self, error: AppError) -> None:
        told = message_of(error)
        self._screen.show_error(f"{told.happened} {told.safe}", f"{error.code} {error.context}")

    def _want_rows(self, numbers: list[int]) -> None:
        """Pages that one paint asks for are read together, and so painted together."""
        self._wanted_rows += numbers
        self._reading.start()

    def _read_wanted(self) -> None:
        numbers, self._wanted_rows = self._wanted_rows, []
        self._read_rows(numbers)

    def _read_rows(self, numbers: list[int]) -> None:
        commit, names = self._commit, self._desk.directory
        self._desk.read(
            self,
            f"rows {numbers[0]} {len(numbers)}",
            lambda connection: worklist_items(connection, names, numbers),
            lambda rows: self._show_rows(rows, numbers, commit),
            lambda error: self._model.release(numbers),
        )

    def _show_rows(self, rows: Mapping[int, WorklistItem], numbers: list[int], commit: int) -> None:
        if len(self._number_of) > NUMBERS_KEPT:
            self._number_of.clear()
        self._number_of.update((str(row.id), number) for number, row in rows.items())
        self._model.show_rows(rows, commit)
        self._model.release([number for number in numbers if number not in rows])

    def _count(self) -> None:
        viewer = self._desk.viewer
        self._desk.read(
            self,
            "counts",
            lambda connection: worklist_counts(connection, viewer),
            self.counted.emit,
        )

    # -- what changed ---------------------------------------------------------------------

    def _on_own_act(self, *_: object) -> None:
        self._is_own_act = True

    def _on_change(self, change: ChangeSet) -> None:
        if not change.is_everything and not change.tables & TABLES:
            return
        self._commit += 1
        if change.is_everything:
            self._model.mark_stale(None, self._commit)
        else:
            known = (self._number_of.get(id_) for id_ in change.ids)
            numbers = [number for number in known if number is not None]
            self._model.mark_stale(numbers, self._commit)
        self._desk.read(
            self,
            "again",
            partial(
                worklist_numbers,
                worklist=self._worklist,
                viewer=self._desk.viewer,
                order=self._order,
            ),
            self._take_later,
            self._fail,
        )
        self._count()

    def _take_later(self, numbers: "array[int]") -> None:
        """Rows that came or moved wait while the list is being read, unless one caused it."""
        if numbers == self._model.numbers:
            self._screen.announce(0, 0)
            return
        if self._is_own_act or not self._screen.is_being_read():
            self._is_own_act = False
            self._take(numbers)
            return
        self._waiting_numbers = numbers
        move = difference(self._model.numbers, numbers)
        self._screen.announce(move.new, move.moved)

    def _on_directory(self) -> None:
        self._commit += 1
        self._model.mark_stale(None, self._commit)

    def _age(self) -> None:
        self._model.set_now(self._desk.clock.now())


def difference(shown: Sequence[int], wanted: Sequence[int]) -> Move:
    """How many rows are new, and how many left or changed places among those that stay."""
    before, after = set(shown), set(wanted)
    places = {number: place for place, number in enumerate(n for n in wanted if n in before)}
    stay = [places[number] for number in shown if number in after]
    return Move(len(after - before), len(stay) - _longest_rise(stay) + len(before - after))


def _longest_rise(places: Sequence[int]) -> int:
    """Length of the longest rising subsequence: the rows that need not move.

    Source: patience sorting; n log n.
    """
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


def _translated(text: str) -> str:
    return QCoreApplication.translate("worklists", text)
