"""A table over any number of rows: numbers first, rows when they are painted."""

from array import array
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from desktop.models.columns import Column
from desktop.models.id_changes import changed_span, joined, kept_then_fresh

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
PAGE_SIZE: Final = 128
PAGES_KEPT: Final = 64
_PAGES_SLACK: Final = 8
_CHANGES_KEPT: Final = 20_000
_RESET_ABOVE: Final = 20_000
_NOWHERE: Final = QModelIndex()


class PagedTableModel(QAbstractTableModel, Generic[Row]):
    """Shows rows by number; asks for the page a painted row belongs to and never waits for it.

    A row that is not here yet is blank (``UserRole`` gives None). Whoever feeds the model
    answers ``page_needed`` with :meth:`show_rows`, or with :meth:`release` when the read
    failed or a number has gone.
    """

    page_needed = Signal(object)

    def __init__(self, columns: Sequence[Column[Row]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._ids: array[int] = array("q")
        self._rows: dict[int, Row] = {}
        self._lines: dict[int, int] = {}
        self._pages: OrderedDict[int, None] = OrderedDict()
        self._page_in_use = -1
        self._waiting: set[int] = set()
        self._stale: set[int] = set()
        self._changed_at: dict[int, int] = {}
        self._floor = -1

    # What Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._row_at(index.row())
        if role == Qt.ItemDataRole.UserRole or row is None:
            return row if role == Qt.ItemDataRole.UserRole else None
        column = self._columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return column.spoken(row)
        if role == Qt.ItemDataRole.ToolTipRole and column.tip is not None:
            return column.tip(row) or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.tr(self._columns[section].title)
        return None

    # What a view asks

    @property
    def columns(self) -> tuple[Column[Row], ...]:
        """The columns from left to right."""
        return self._columns

    @property
    def numbers(self) -> Sequence[int]:
        """The numbers in the order shown."""
        return self._ids

    def number_at(self, line: int) -> int | None:
        """The number in a line, None outside the table."""
        return self._ids[line] if 0 <= line < len(self._ids) else None

    def row_of(self, number: int) -> Row | None:
        """The row of a number if it has arrived."""
        return self._rows.get(number)

    def index_of(self, number: int) -> QModelIndex:
        """Where a number stands; an invalid index if it is not shown."""
        line = self._lines.get(number)
        if line is None:
            try:
                line = self._ids.index(number)
            except ValueError:
                return QModelIndex()
        return self.index(line, 0)

    # What is pushed in

    def show_ids(self, ids: "array[int]", *, keep_selection: bool = True) -> None:
        """Show these numbers in this order, moving as little as possible.

        With ``keep_selection`` the current line stays with its number. A list with little in
        common with the one shown replaces it in one go.
        """
        if ids == self._ids:
            return
        span = changed_span(self._ids, ids)
        if not keep_selection or not len(ids) or span.is_wide(_RESET_ABOVE):
            self.beginResetModel()
            self._take(ids)
            self.endResetModel()
            return
        kept, gone, fresh = kept_then_fresh(span.before, span.after)
        if gone:
            self._reorder(joined(self._ids, span, (*kept, *gone)))
            first = span.start + len(kept)
            self.beginRemoveRows(_NOWHERE, first, first + len(gone) - 1)
            self._take(joined(self._ids, span, kept))
            self.endRemoveRows()
        if fresh:
            first = span.start + len(kept)
            self.beginInsertRows(_NOWHERE, first, first + len(fresh) - 1)
            self._take(self._ids[:first] + array("q", fresh) + self._ids[first:])
            self.endInsertRows()
        self._reorder(ids)

    def show_rows(self, rows: Mapping[int, Row], commit: int) -> None:
        """Take rows that were read in the background, as of commit number ``commit``.

        A row that changed after that commit stays stale and is asked for again.
        """
        for number in rows:
            self._waiting.discard(number)
            if commit >= self._changed_at.get(number, self._floor):
                self._stale.discard(number)
            else:
                self._stale.add(number)
        self._rows.update(rows)
        self._evict()
        self._repaint(rows)

    def release(self, numbers: Iterable[int]) -> None:
        """Ask for these again when they are painted next: their read failed or was given up."""
        self._waiting.difference_update(numbers)

    def mark_stale(self, numbers: Iterable[int] | None, commit: int) -> None:
        """Keep showing rows that commit number ``commit`` changed, and read again those on screen.

        None means that any row may have changed. A page that was read before the commit and
        lands after it does not count as fresh.
        """
        if numbers is None:
            self._floor = max(self._floor, commit)
            self._changed_at.clear()
            self._stale.update(self._rows)
            self._waiting.clear()
            self._repaint(self._rows)
            return
        marked = set(numbers)
        for number in marked:
            self._changed_at[number] = max(commit, self._changed_at.get(number, -1))
        if len(self._changed_at) > _CHANGES_KEPT:
            self._floor = max(self._changed_at.values())
            self._changed_at.clear()
        self._stale |= marked & self._rows.keys()
        self._waiting -= marked
        self._repaint(marked)

    # Within

    def _row_at(self, line: int) -> Row | None:
        number = self._ids[line]
        page = line // PAGE_SIZE
        if page != self._page_in_use:
            self._use(page)
        row = self._rows.get(number)
        if (row is None or number in self._stale) and number not in self._waiting:
            self._ask(page)
        return row

    def _use(self, page: int) -> None:
        """Remember that a page is on screen, and where its numbers stand."""
        self._page_in_use = page
        if page not in self._pages:
            start = page * PAGE_SIZE
            here = self._ids[start : start + PAGE_SIZE]
            self._lines.update(zip(here, range(start, start + len(here)), strict=True))
        self._pages[page] = None
        self._pages.move_to_end(page)

    def _ask(self, page: int) -> None:
        here = self._ids[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
        wanted = [
            number
            for number in here
            if (number not in self._rows or number in self._stale) and number not in self._waiting
        ]
        self._waiting.update(wanted)
        self.page_needed.emit(wanted)

    def _take(self, ids: "array[int]") -> None:
        self._ids = array("q", ids)
        self._lines.clear()
        self._pages.clear()
        self._page_in_use = -1
        self._waiting.clear()

    def _reorder(self, ids: "array[int]") -> None:
        """Put the same numbers into another order; whoever holds an index follows its number."""
        if ids == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        numbers = [self._ids[index.row()] for index in held]
        self._take(ids)
        lines = {number: self._ids.index(number) for number in set(numbers)}
        moved = [
            self.index(lines[number], index.column())
            for number, index in zip(numbers, held, strict=True)
        ]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _evict(self) -> None:
        """Forget the rows of pages that have not been on screen for longest."""
        if len(self._rows) <= (PAGES_KEPT + _PAGES_SLACK) * PAGE_SIZE:
            return
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        kept: dict[int, Row] = {}
        lines: dict[int, int] = {}
        for page in self._pages:
            start = page * PAGE_SIZE
            for line, number in enumerate(self._ids[start : start + PAGE_SIZE], start):
                lines[number] = line
                if number in self._rows:
                    kept[number] = self._rows[number]
        self._rows, self._lines = kept, lines
        self._stale &= kept.keys()

    def _repaint(self, numbers: Iterable[int]) -> None:
        lines = sorted(self._lines[number] for number in numbers if number in self._lines)
        last_column = len(self._columns) - 1
        at = 0
        while at < len(lines):
            end = at
            while end + 1 < len(lines) and lines[end + 1] == lines[end] + 1:
                end += 1
            self.dataChanged.emit(self.index(lines[at], 0), self.index(lines[end], last_column))
            at = end + 1
