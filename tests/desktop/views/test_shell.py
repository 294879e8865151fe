"""The frame of the window: actions and their keys, navigation, what floats above."""

import dataclasses

import believable_incidents as b
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desktop.action_hub import ActionHub
from desktop.action_keys import duplicate_keys
from desktop.actions import ACTIONS, BY_ID, MENUS, Scope
from desktop.main_window import MainWindow
from desktop.theme.icons import GLYPHS
from desktop.views.shell.keys_sheet import KeysSheet
from desktop.views.shell.presence import WorkAs
from desktop.views.shell.status_bar import SyncView
from desktop.widgets.banner import Banner
from services.incidents import acts
from services.incidents.read_models import Worklist
from services.paging import acts as page_acts


@pytest.fixture
def window(qtbot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window, before_close_func=lambda shown: setattr(shown, "_may_close", True))
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


@pytest.fixture
def asked(window: MainWindow) -> list[str]:
    found: list[str] = []
    window.hub.triggered.connect(found.append)
    return found


@pytest.fixture
def panel(qtbot, window: MainWindow) -> QWidget:
    """A screen with a field beside what listens to single keys."""
    panel = QWidget()
    panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    QLineEdit(panel).setObjectName("field")
    window.hub.bind(panel, Scope.RECORD)
    window.add_screen("queue", panel)
    panel.setFocus()
    return panel


def test_no_key_has_two_meanings():
    assert duplicate_keys() == []


def test_a_key_with_two_meanings_is_found():
    double = dataclasses.replace(BY_ID["incident.hold"], keys=("E",))
    begun = dataclasses.replace(BY_ID["incident.hold"], keys=("G",))
    assert duplicate_keys((BY_ID["incident.escalate"], double))
    assert duplicate_keys((BY_ID["go.my_work"], begun))


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.id)
def test_each_action_is_whole(spec):
    assert spec.text
    assert spec.menu in MENUS
    assert not spec.icon or spec.icon in GLYPHS
    commands = {**vars(acts), **vars(page_acts)}
    assert all(act in commands for act in (*spec.any_of, *filter(None, [spec.act])))
    for key in (*spec.keys, *spec.window_keys):
        assert not QKeySequence(key).isEmpty()


def test_single_keys_act_in_a_panel_and_not_while_text_is_edited(qtbot, window, panel, asked):
    window.hub.set_incident(b.detail().may)
    qtbot.keyClick(panel, Qt.Key.Key_R)
    assert asked == ["incident.resolve"]
    field = panel.findChild(QLineEdit, "field")
    field.setFocus()
    qtbot.keyClicks(field, "regn")
    assert asked == ["incident.resolve"]
    assert field.text() == "regn"


def test_a_sequence_goes_to_a_list(qtbot, window, panel):
    with qtbot.waitSignal(window.worklist_chosen) as chosen:
        qtbot.keyClick(panel, Qt.Key.Key_G)
        qtbot.keyClick(panel, Qt.Key.Key_C)
    assert chosen.args == [Worklist.CONFIRM_AND_CLOSE]


def test_single_keys_can_be_switched_off_as_a_group(qtbot, window, panel, asked):
    window.hub.set_incident(b.detail().may)
    window.hub.set_single_keys(False)
    qtbot.keyClick(panel, Qt.Key.Key_R)
    assert asked == []
    qtbot.keyClick(panel, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert asked == ["incident.log"]
    assert "\t" not in window.hub.action("incident.resolve").text()


def test_an_act_that_is_not_allowed_is_reported(qtbot, window, panel, asked):
    blocked: list[str] = []
    window.hub.blocked.connect(blocked.append)
    window.hub.set_incident(b.closed().may)
    qtbot.keyClick(panel, Qt.Key.Key_R)
    assert (asked, blocked) == ([], ["incident.resolve"])
    assert not window.hub.action("incident.resolve").isEnabled()


def test_another_practice_switches_an_action_off_and_on_again(qtbot, window, panel, asked):
    blocked: list[str] = []
    window.hub.blocked.connect(blocked.append)
    window.hub.set_incident(b.detail().may)
    action = window.hub.action("incident.propose_major")
    assert action.isEnabled()
    window.hub.refuse("incident.propose_major", "It is proposed already")
    assert not action.isEnabled()
    qtbot.keyClick(panel, Qt.Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    assert (asked, blocked) == ([], ["incident.propose_major"])
    assert window.hub.why_not("incident.propose_major") == "It is proposed already"
    window.hub.refuse("incident.propose_major", "")
    assert action.isEnabled()


def test_the_status_bar_shows_the_keys_that_are_valid_now(window, panel):
    hints = window.status._keys.accessibleName
    assert hints() == "J K move, ? all keys"
    window.hub.set_incident(b.detail().may)
    assert hints() == ("J K move, A assign, P priority, S state, E escalate, R resolve, ? all keys")
    window.add_screen("log", QWidget())
    window.show_screen("log")
    assert hints() == "? all keys"


def test_keys_are_quiet_under_a_dialog(qtbot, window, panel, asked):
    window.hub.trigger("help.keys")
    sheet = window.findChild(KeysSheet)
    assert sheet.isVisible()
    asked.clear()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert asked == []
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    qtbot.keyClick(panel, Qt.Key.Key_N)
    assert asked == ["incident.log"]


def test_the_window_stays_until_it_may_close(qtbot, window):
    with qtbot.waitSignal(window.close_requested):
        window.close()
    assert window.isVisible()
    window.close_now()
    assert not window.isVisible()


def test_navigation_collapses_by_key_and_below_1280(qtbot, window, panel):
    window.resize(1200, 800)
    assert window.navigation.is_narrow
    window.resize(1440, 900)
    assert not window.navigation.is_narrow
    qtbot.keyClick(panel, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert window.navigation.is_narrow
    window.resize(1500, 900)
    assert window.navigation.is_narrow


def test_the_size_is_found_again(qtbot, window):
    window.resize(1300, 780)
    other = MainWindow()
    qtbot.addWidget(other, before_close_func=lambda shown: setattr(shown, "_may_close", True))
    other.restore_state({**window.save_state(), "is_narrow": "nonsense"})
    assert (other.width(), other.height()) == (1300, 780)


def test_counts_and_the_mark_of_triage(window):
    window.set_counts({Worklist.NEEDS_TRIAGE: 6, Worklist.MY_WORK: 14})
    items = [window.navigation.places.item(i) for i in range(window.navigation.places.count())]
    spoken = [item.data(Qt.ItemDataRole.AccessibleTextRole) for item in items]
    assert "Needs triage, 6, warning" in spoken
    assert "My work, 14" in spoken


def test_work_as_lists_people_as_plain_text(qtbot, window):
    people = [WorkAs(b.MAYA, "R&D Desk", "Service desk")]
    window.set_presence("Maya", "Desk T1", people)
    action = window.navigation.presence.work_as_menu.actions()[0]
    assert action.text().startswith("R&&D Desk")
    with qtbot.waitSignal(window.work_as_requested) as asked:
        action.trigger()
    assert asked.args == [b.MAYA]


def test_undo_comes_from_key_and_snackbar(qtbot, window, panel):
    window.snack("INC-1 resolved", undo=True)
    with qtbot.waitSignal(window.undo_requested):
        qtbot.keyClick(panel, Qt.Key.Key_Z)
    assert not window._snackbar.isVisible()


def test_banner_and_sync_state(qtbot, window):
    window.show_banner(Banner("warn", "Working offline.", "7 changes wait.", square=True))
    window.show_banner(Banner("warn", "Still offline.", "", square=True))
    shown = [banner for banner in window.findChildren(Banner) if banner.isVisible()]
    assert [banner.accessibleName() for banner in shown] == ["Still offline."]
    window.clear_banner()
    assert not shown[0].isVisible()
    window.set_sync_state(SyncView("offline", "Offline since 10:31", "7 changes saved here"))
    assert window.status.sync.accessibleName() == "Offline since 10:31, 7 changes saved here"
    with qtbot.waitSignal(window.pending_changes_requested):
        window.status.sync.click()


def test_a_hub_without_an_incident_offers_no_act(qtbot):
    host = QWidget()
    qtbot.addWidget(host)
    hub = ActionHub(host)
    assert not any(hub.may(spec.id) for spec in ACTIONS if spec.act)
    assert hub.may("list.next")
    assert hub.may("incident.log")


def test_a_dialog_is_gone_once_it_has_closed(qtbot, window, panel):
    window.hub.trigger("help.keys")
    sheet = window.findChild(KeysSheet)
    with qtbot.waitSignal(sheet.destroyed):
        sheet.reject()
    assert window.findChild(KeysSheet) is None
