"""The queue: what it asks for, what it tells, and what its keys do."""

from array import array

import believable_incidents as b
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.main_window import MainWindow
from desktop.models.paged_table_model import PAGE_SIZE
from desktop.models.worklist_model import KEYS, WorklistModel
from desktop.views.queue.queue_screen import QueueScreen
from desktop.views.record.record_pane import RecordPane
from desktop.widgets.buttons import Button
from desktop.widgets.labels import PlainLabel
from desktop.widgets.text_audit import watch_shortened
from services.incidents.read_models import Order, SortBy, Worklist

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window, before_close_func=lambda shown: setattr(shown, "_may_close", True))
    return window


@pytest.fixture
def queue(qtbot, window: MainWindow) -> QueueScreen:
    model = WorklistModel(window)
    model.set_now(b.NOW)
    screen = QueueScreen(window.hub, model, RecordPane(window.hub))
    window.add_screen("queue", screen)
    window.show_screen("queue", Worklist.TEAM_QUEUE)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    screen.table.setFocus()
    return screen


@pytest.fixture
def filled(queue: QueueScreen) -> QueueScreen:
    rows = {row.number: row for row in b.items()}
    queue.model.show_ids(array("q", rows))
    queue.model.show_rows(rows, 1)
    queue.show_list()
    return queue


def test_only_the_page_on_screen_is_asked_for(qtbot, queue):
    asked: list[list[int]] = []
    queue.model.page_needed.connect(asked.append)
    with qtbot.waitSignal(queue.model.page_needed):
        queue.model.show_ids(array("q", range(1, 100_001)))
    qtbot.waitUntil(lambda: queue.table.currentIndex().isValid())
    queue.table.viewport().repaint()
    assert asked == [list(range(1, PAGE_SIZE + 1))]
    queue.table.scrollToBottom()
    queue.table.viewport().repaint()
    assert asked[1:] == [list(range(100_000 - 100_000 % PAGE_SIZE + 1, 100_001))]


def test_the_current_incident_is_told_once_its_row_is_here(queue):
    told: list[object] = []
    queue.incident_selected.connect(told.append)
    rows = {row.number: row for row in b.items()}
    queue.model.show_ids(array("q", rows))
    assert told == []
    queue.model.show_rows(rows, 1)
    assert told == [rows[20418].id]
    queue.table.select_number(20431)
    assert told[-1] == rows[20431].id
    queue.model.show_ids(array("q"))
    assert told[-1] is None


def test_the_current_incident_stays_current_when_rows_move(filled):
    told: list[object] = []
    filled.table.select_number(20431)
    filled.incident_selected.connect(told.append)
    numbers = list(filled.model.numbers)
    filled.model.show_ids(array("q", [99_999, *reversed(numbers)]))
    assert filled.table.current_number == 20431
    filled.model.show_ids(array("q", numbers), keep_selection=False)
    assert filled.table.current_number == 20431
    assert told == []


def test_keys_move_and_open(qtbot, filled):
    qtbot.keyClick(filled.table, Qt.Key.Key_J)
    assert filled.table.current_number == 20377
    qtbot.keyClick(filled.table, Qt.Key.Key_K)
    assert filled.table.current_number == 20418
    with qtbot.waitSignal(filled.incident_opened) as opened:
        qtbot.keyClick(filled.table, Qt.Key.Key_Return)
    assert opened.args == [b.items()[0].id]


def test_opening_leads_into_the_record(qtbot, filled):
    filled.record.show_incident(b.detail(), now=b.NOW)
    qtbot.keyClick(filled.table, Qt.Key.Key_O)
    assert QApplication.focusWidget().accessibleName() == "Resolve"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_J)
    assert filled.table.current_number == 20377


@pytest.mark.parametrize(("key", "tab"), [(Qt.Key.Key_2, 1), (Qt.Key.Key_4, 3), (Qt.Key.Key_1, 0)])
def test_tabs_have_keys(qtbot, filled, key, tab):
    filled.record.show_incident(b.detail(), now=b.NOW)
    qtbot.keyClick(filled.table, key, Qt.KeyboardModifier.ControlModifier)
    assert filled.record._tabs.currentIndex() == tab


def test_space_hides_and_shows_the_record(qtbot, filled):
    with qtbot.waitSignal(filled.detail_toggled) as toggled:
        qtbot.keyClick(filled.table, Qt.Key.Key_Space)
    assert toggled.args == [False]
    assert filled.record.isHidden()
    qtbot.keyClick(filled.table, Qt.Key.Key_Space)
    assert not filled.record.isHidden()


def test_a_click_on_a_head_sorts_and_a_second_turns_it_round(qtbot, filled):
    header = filled.table.horizontalHeader()
    x = header.sectionViewportPosition(KEYS.index("team")) + 10
    with qtbot.waitSignal(filled.sort_requested) as asked:
        qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(x, 10))
    assert asked.args == [Order(SortBy.TEAM)]
    filled.set_order(Order(SortBy.TEAM))
    with qtbot.waitSignal(filled.sort_requested) as asked:
        qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(x, 10))
    assert asked.args == [Order(SortBy.TEAM, True)]


def test_select_all_and_typing_leave_a_large_list_alone(qtbot, filled):
    filled.table.selectAll()
    assert len(filled.table.selectionModel().selectedRows()) == 1
    filled.table.keyboardSearch("Z")
    assert filled.table.current_number == 20418


def test_news_stand_above_the_rows_until_they_are_taken_in(qtbot, filled):
    filled.announce(3, 2)
    assert filled._news.isVisible()
    assert filled._news.accessibleName() == "3 new, 2 moved. Refresh"
    with qtbot.waitSignal(filled.refresh_requested):
        qtbot.keyClick(filled.table, Qt.Key.Key_Period)
    filled.announce(0, 0)
    assert not filled._news.isVisible()
    assert filled.is_being_read()


def test_all_columns_fit_but_the_summary(qtbot, filled):
    with watch_shortened() as found:
        filled.grab()
    summaries = {row.summary for row in b.items()}
    assert found
    assert [text.text for text in found if text.text not in summaries] == []


@pytest.mark.parametrize("worklist", list(Worklist))
def test_an_empty_list_says_what_is_next(qtbot, window, queue, worklist):
    asked: list[str] = []
    window.hub.triggered.connect(asked.append)
    queue.show_empty(worklist)
    page = queue._pages.currentWidget()
    assert page.accessibleName()
    buttons = page.findChildren(Button)
    assert 1 <= len(buttons) <= 2
    assert all(button.keys for button in buttons)
    buttons[0].click()
    assert len(asked) == 1


def test_first_sync_and_errors(qtbot, queue):
    queue.show_first_sync(12_400, 20_000, 8)
    assert queue._sync.isVisible()
    assert not queue.table.isVisible()
    queue.model.show_ids(array("q", [1, 2]))
    queue.show_first_sync(12_400, 20_000, None)
    assert queue.table.isVisible()
    queue.show_error("The copy could not be opened.", "cache-unreadable")
    assert not queue._sync.isVisible()
    assert "Your data is safe." in queue._error.accessibleName()
    with qtbot.waitSignal(queue.repair_requested):
        queue._error.repair_button.click()


def test_f6_goes_round_all_panes(qtbot, window, filled):
    filled.record.show_incident(b.detail(), now=b.NOW)
    seen: list[QWidget | None] = []
    for _ in range(8):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        seen.append(QApplication.focusWidget())
    assert len({id(widget) for widget in seen}) == 8
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is seen[-2]


def test_whatever_takes_the_keyboard_has_a_name(window, filled):
    filled.record.show_incident(b.detail(), now=b.NOW)
    nameless = [
        type(widget).__name__
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not isinstance(widget, PlainLabel)
    ]
    assert nameless == []


def test_density_changes_the_rows(filled):
    filled.set_density(40)
    assert filled.table.rowHeight(0) == 40


def test_the_summary_keeps_its_room_in_a_narrow_window(qtbot, window, filled):
    def hidden() -> list[str]:
        return [key for at, key in enumerate(KEYS) if filled.table.isColumnHidden(at)]

    window.resize(1440, 900)
    assert hidden() == []
    window.resize(1120, 700)
    assert hidden() == ["category", "team"]
    summary = KEYS.index("summary")
    qtbot.waitUntil(lambda: filled.table.columnWidth(summary) >= 220)
    window.resize(1440, 900)
    assert hidden() == []
