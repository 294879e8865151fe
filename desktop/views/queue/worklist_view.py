"""The table of the queue."""

from typing import Final
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from desktop.models.worklist_model import KEYS, MARK, WorklistModel
from desktop.theme.sizes import ROW
from desktop.views.queue.worklist_delegate import WorklistDelegate
from desktop.views.queue.worklist_header import WorklistHeader
from services.incidents.read_models import Order, SortBy

WIDTHS: Final[dict[str, int]] = {
    MARK: 24,
    SortBy.PRIORITY.value: 66,
    SortBy.NUMBER.value: 68,
    SortBy.SUMMARY.value: 220,
    SortBy.CATEGORY.value: 80,
    SortBy.STATE.value: 96,
    SortBy.TEAM.value: 114,
    SortBy.ASSIGNEE.value: 70,
    SortBy.AGE.value: 72,
}
_GIVES_WAY: Final = (SortBy.CATEGORY.value, SortBy.TEAM.value)


class WorklistView(QTableView):
    """Shows incidents line by line; nothing in it changes anything.

    ``incident_selected`` carries the id of the current incident as soon as its row is here,
    or None; ``incident_opened`` the one that Enter or a double click asked for.
    """

    incident_selected = Signal(object)
    incident_opened = Signal(object)
    sort_requested = Signal(object)

    def __init__(self, model: WorklistModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._order = Order()
        self._told: UUID | None = None
        self._remembered: int | None = None
        self._header = WorklistHeader(self)
        self._delegate = WorklistDelegate(self)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setHorizontalHeader(self._header)
        self.setAccessibleName(self.tr("Incidents"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        lines = self.verticalHeader()
        lines.hide()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.set_row_height(ROW)
        for at, key in enumerate(KEYS):
            self._header.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            self._header.resizeSection(at, WIDTHS[key])
        summary = KEYS.index(SortBy.SUMMARY.value)
        self._header.setSectionResizeMode(summary, QHeaderView.ResizeMode.Stretch)

    def _connect(self) -> None:
        self._header.sectionClicked.connect(self._sort_by)
        self.activated.connect(self._open)
        self.selectionModel().currentRowChanged.connect(self._tell_current)
        self._model.dataChanged.connect(self._tell_current)
        self._model.modelAboutToBeReset.connect(self._remember)
        self._model.modelReset.connect(self._restore)
        self._model.rowsInserted.connect(self._restore)
        self._model.rowsRemoved.connect(self._tell_current)

    # What is shown

    def set_row_height(self, height: int) -> None:
        """28, 32 or 40."""
        lines = self.verticalHeader()
        lines.setMinimumSectionSize(height)
        lines.setMaximumSectionSize(height)
        lines.setDefaultSectionSize(height)

    def set_order(self, order: Order) -> None:
        """Say by what the list is sorted."""
        self._order = order
        self._header.set_order(order)

    @property
    def current_number(self) -> int | None:
        """Number of the current incident."""
        index = self.currentIndex()
        return self._model.number_at(index.row()) if index.isValid() else None

    def select_number(self, number: int) -> bool:
        """Make an incident current and scroll to it; False if it is not in this list."""
        index = self._model.index_of(number)
        if not index.isValid():
            return False
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def step(self, lines: int) -> None:
        """Make the incident some lines further down current."""
        last = self._model.rowCount() - 1
        if last >= 0:
            line = min(max(self.currentIndex().row() + lines, 0), last)
            self.setCurrentIndex(self._model.index(line, 0))

    def open_current(self) -> None:
        """Ask for the current incident to be opened."""
        self._open(self.currentIndex())

    # What Qt calls

    def selectAll(self) -> None:
        """Nothing: it would ask for the flags of every cell of a large list."""

    def keyboardSearch(self, search: str) -> None:
        """Letters are verbs, never a search in the table."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where little room is left, the summary goes before category and team."""
        super().resizeEvent(event)
        room = self.viewport().width() - sum(WIDTHS.values())
        for key in _GIVES_WAY:
            is_tight = room < 0
            self.setColumnHidden(KEYS.index(key), is_tight)
            room += WIDTHS[key] if is_tight else 0

    # Within

    def _hover(self, line: int) -> None:
        if line == self._delegate.hovered_line:
            return
        for touched in (self._delegate.hovered_line, line):
            top, height = self.rowViewportPosition(touched), self.rowHeight(max(touched, 0))
            if touched >= 0:
                self.viewport().update(0, top, self.viewport().width(), height)
        self._delegate.hovered_line = line

    def _sort_by(self, column: int) -> None:
        if KEYS[column] == MARK:
            return
        by = SortBy(KEYS[column])
        turned = self._order.by is by and not self._order.is_descending
        self.sort_requested.emit(Order(by, turned))

    def _open(self, index: QModelIndex) -> None:
        item = index.data(Qt.ItemDataRole.UserRole)
        if item is not None:
            self.incident_opened.emit(item.id)

    def _tell_current(self) -> None:
        index = self.currentIndex()
        item = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        if index.isValid() and item is None:
            return  # told when its page arrives, which this question has asked for
        id_ = item.id if item is not None else None
        if id_ != self._told:
            self._told = id_
            self.incident_selected.emit(id_)

    def _remember(self) -> None:
        self._remembered = self.current_number

    def _restore(self) -> None:
        """A list that is shown has a current line: the same incident, or the first."""
        if self.currentIndex().isValid():
            return
        index = QModelIndex()
        if self._remembered is not None:
            index = self._model.index_of(self._remembered)
        if not index.isValid() and self._model.rowCount():
            index = self._model.index(0, 0)
        self._remembered = None
        self.setCurrentIndex(index)
        self._tell_current()
