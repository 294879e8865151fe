"""Incidents that ended long ago stay with the shared database until somebody asks for them."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from running_desk import CATEGORY, VPN, RunningDesk, running_desk
from view_examples import NOW, earlier

from desktop.views.record.history_menu import HistoryMenu
from services.core.ids import derived_id
from services.incidents.acts import CloseIncident, ResolveIncident, StartIncident
from services.incidents.incident import ConfirmationMethod, ResolutionCode
from services.incidents.read_models import Worklist
from services.sync.errors import SharedUnreachable
from services.sync.worker import SyncState

FIRST = derived_id("test incident", 0)
DAY = timedelta(days=1)


@pytest.fixture
def desk(qtbot, tmp_path):
    """One of three incidents was closed long ago; this desk keeps 90 days."""
    with running_desk(tmp_path) as running:
        running.give_elsewhere(StartIncident(incident_id=FIRST))
        running.give_elsewhere(
            ResolveIncident(
                incident_id=FIRST, code=ResolutionCode.FIXED, resolution="New cable",
                category_id=CATEGORY, subcategory_id=None, service_id=VPN,
            )
        )  # fmt: skip
        running.give_elsewhere(
            CloseIncident(
                incident_id=FIRST, method=ConfirmationMethod.PHONE, confirmed_by="Tomás",
                confirmed_at=running.clock.now(),
            )
        )  # fmt: skip
        running.clock.advance(100 * DAY)
        running.place.desk.profile.worker.stop()
        running.settle()
        yield running


def keep(desk: RunningDesk, days: int | None) -> None:
    replica = desk.place.desk.profile.replica
    replica.keep(None if days is None else days * DAY)
    replica.copy()
    desk.place.show_sync(SyncState(is_online=True, is_partial=days is not None))
    show(desk, Worklist.ALL_INCIDENTS)


def show(desk: RunningDesk, worklist: Worklist) -> None:
    desk.place.shell.show_worklist(worklist)
    desk.settle()


def count(desk: RunningDesk) -> int:
    return desk.place.queue_screen.model.rowCount()


def strip(desk: RunningDesk):
    return desk.place.queue_screen.older


def test_a_desk_that_keeps_all_says_nothing(desk):
    keep(desk, None)
    assert count(desk) == 3
    assert strip(desk).isHidden()


def test_the_list_says_from_when_on_it_holds_closed_incidents(desk):
    keep(desk, 90)
    assert count(desk) == 2
    assert strip(desk).isVisible()
    assert strip(desk).accessibleName().startswith("Incidents closed before ")
    show(desk, Worklist.TEAM_QUEUE)
    assert strip(desk).isHidden()


def test_older_ones_are_fetched_on_demand_and_marked(desk):
    keep(desk, 90)
    QTest.mouseClick(strip(desk)._fetch, Qt.MouseButton.LeftButton)
    desk.until(lambda: count(desk) == 3)
    desk.until(lambda: strip(desk).accessibleName() == "There are no older incidents.")
    model = desk.place.queue_screen.model
    desk.until(lambda: all(model.row_of(number) for number in model.numbers))
    fetched = [model.row_of(number) for number in model.numbers]
    assert [row.id for row in fetched if row.is_fetched] == [FIRST]
    place = [row.id for row in fetched].index(FIRST)
    tips = [
        str(model.index(place, column).data(Qt.ItemDataRole.ToolTipRole))
        for column in range(model.columnCount())
    ]
    assert any("Fetched on demand, kept here for 7 days" in tip for tip in tips)


def test_offline_older_ones_need_the_server(desk):
    keep(desk, 90)
    desk.place.show_sync(SyncState(offline_since=desk.clock.now(), problem=SharedUnreachable()))
    assert strip(desk).accessibleName().endswith("Older ones need the server.")
    assert not strip(desk)._fetch.isEnabled()
    assert count(desk) == 2


def test_the_history_of_a_caller_says_where_it_ends(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    menu = HistoryMenu(host, "Tomás Herrera", earlier(), NOW, NOW - 90 * DAY)
    last = menu.actions()[-1]
    assert last.text() == "Incidents closed before 16 Jul are not kept on this desk."
    assert not last.isEnabled()
    whole = HistoryMenu(host, "Tomás Herrera", earlier(), NOW)
    assert len(whole.actions()) == len(earlier()) + 1
