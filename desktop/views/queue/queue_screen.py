"""The queue workspace: the list, and beside it the record of the current incident."""

from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub
from desktop.actions import Scope
from desktop.models.worklist_model import WorklistModel
from desktop.theme.sizes import ROW
from desktop.views.queue.list_head import ListHead, NewsBar
from desktop.views.queue.older_strip import OlderStrip
from desktop.views.queue.worklist_view import WorklistView
from desktop.views.record.record_pane import RecordPane
from desktop.views.states.list_states import FirstSync, ListError, empty_state
from desktop.widgets.buttons import Button
from desktop.widgets.card import Splitter, Surface
from services.incidents.read_models import Order, Worklist

LIST_MIN = 520
RECORD_WIDTH = 404


class QueueScreen(QWidget):
    """List and record side by side; says what was asked and shows what it is given.

    The model asks for rows by its ``page_needed``. ``detail_toggled`` tells whether the record
    is shown.
    """

    sort_requested = Signal(object)
    incident_selected = Signal(object)
    incident_opened = Signal(object)
    refresh_requested = Signal()
    repair_requested = Signal()
    density_chosen = Signal(int)
    detail_toggled = Signal(bool)
    worklist_shown = Signal(object)

    def __init__(
        self,
        hub: ActionHub,
        model: WorklistModel,
        record: RecordPane,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._hub = hub
        self.model = model
        self.record = record
        self.table = WorklistView(model)
        self._head = ListHead()
        self._news = NewsBar()
        self._sync = FirstSync()
        self.older = OlderStrip()
        self._pages = QStackedWidget()
        self._error = ListError()
        self._splitter = Splitter()
        self._empties: dict[Worklist, QWidget] = {}
        self._build()
        self._connect()

    def _build(self) -> None:
        pane = Surface()
        pane.setMinimumWidth(LIST_MIN)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._head, self._news, self._sync):
            column.addWidget(widget)
        column.addWidget(self._pages, 1)
        column.addWidget(self.older)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._error)
        self._sync.hide()
        self._splitter.addWidget(pane)
        self._splitter.addWidget(self.record)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 0)
        self._splitter.setSizes([832, RECORD_WIDTH])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._splitter)
        self._hub.bind(self, Scope.RECORD)
        self.record.bind_conflict_keys(self)
        self._hub.bind(self.table, Scope.LIST)

    def _connect(self) -> None:
        self._head.sort_requested.connect(self.sort_requested)
        self._head.density_chosen.connect(self._use_density)
        self.table.sort_requested.connect(self.sort_requested)
        self.table.incident_selected.connect(self.incident_selected)
        self.table.incident_opened.connect(self._open)
        self._news.clicked.connect(self.refresh_requested)
        self._error.repair_requested.connect(self.repair_requested)
        self._hub.triggered.connect(self._act)
        self.table.installEventFilter(self)

    def _act(self, id_: str) -> None:
        if id_ == "list.next":
            self.table.step(1)
        elif id_ == "list.previous":
            self.table.step(-1)
        elif id_ == "list.open":
            self.table.open_current()
        elif id_ == "list.refresh":
            self.refresh_requested.emit()
        elif id_ == "view.detail":
            self.show_detail(self.record.isHidden())

    def _open(self, incident_id: UUID) -> None:
        """Lead into the record and say which one was opened."""
        self.show_detail(True)
        self.record.focus_first()
        self.incident_opened.emit(incident_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The line of the current incident shows whether the table has the keyboard."""
        if watched is self.table and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.table.viewport().update()
        return super().eventFilter(watched, event)

    def _use_density(self, height: int) -> None:
        self.set_density(height)
        self.density_chosen.emit(height)

    # What is pushed in

    def show_worklist(self, worklist: Worklist, title: str, count: str) -> None:
        """Name the list shown; ``count`` is in words: "63 open"."""
        self._worklist = worklist
        self._head.show_name(title, count)
        spoken = self.tr("%1, %2").replace("%1", title).replace("%2", count)
        self.table.setAccessibleName(spoken)
        self.worklist_shown.emit(worklist)

    def set_order(self, order: Order) -> None:
        """Say by what the list is sorted."""
        self._head.set_order(order)
        self.table.set_order(order)

    def set_density(self, height: int = ROW) -> None:
        """Rows 28, 32 or 40 high."""
        self._head.set_density(height)
        self.table.set_row_height(height)

    def announce(self, new: int, moved: int) -> None:
        """Say above the list that rows came or moved; zeros take the bar away."""
        self._news.show_news(new, moved)

    def show_list(self) -> None:
        """Show the rows."""
        self._sync.hide()
        self._pages.show()
        self._pages.setCurrentWidget(self.table)

    def show_empty(self, worklist: Worklist) -> None:
        """Show what is next when a list holds nothing."""
        if worklist not in self._empties:
            page = empty_state(worklist, self._hub)
            self._empties[worklist] = page
            self._pages.addWidget(page)
        self._show_page(self._empties[worklist])

    def show_first_sync(self, done: int, total: int, seconds_left: int | None = None) -> None:
        """Show how much has arrived, above the rows that are already here."""
        has_rows = self.model.rowCount() > 0
        self._sync.show_progress(done, total, seconds_left)
        self._sync.set_with_shapes(not has_rows)
        self._sync.show()
        if not has_rows and self._pages.isAncestorOf(QApplication.focusWidget() or self.window()):
            self._head.focus_first()
        self._pages.setVisible(has_rows)
        if has_rows:
            self._pages.setCurrentWidget(self.table)

    def show_error(self, sentence: str, details: str = "") -> None:
        """Say that the list could not be read; ``repair_requested`` follows the button."""
        self._error.show_error(sentence, details)
        self._show_page(self._error)

    def _show_page(self, page: QWidget) -> None:
        """Put a page in place of the rows; the keyboard goes to its first button."""
        had_keyboard = self.isAncestorOf(QApplication.focusWidget() or self.window())
        self._sync.hide()
        self._pages.show()
        self._pages.setCurrentWidget(page)
        button = page.findChild(Button)
        if had_keyboard and button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_detail(self, is_shown: bool) -> None:
        """Show or hide the record beside the list."""
        if is_shown == self.record.isHidden():
            self.record.setVisible(is_shown)
            if not is_shown:
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.detail_toggled.emit(is_shown)

    def is_being_read(self) -> bool:
        """Whether rows must not move: the list has the keyboard or the pointer is over it."""
        return self.table.hasFocus() or self.table.underMouse()

    def panes(self) -> list[QWidget]:
        """Where F6 goes, in order."""
        return [self._head, self.table, *self.record.panes()]

    @property
    def splitter_sizes(self) -> list[int]:
        """Widths of list and record."""
        return self._splitter.sizes()

    def set_splitter_sizes(self, sizes: list[int]) -> None:
        """Put the line between list and record where it was."""
        self._splitter.setSizes(sizes)
