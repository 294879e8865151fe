"""Choices, buttons, lists and tabs by keyboard and mouse."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.chip import Chip
from desktop.widgets.choices import CheckRow, RadioChoice, RadioRows
from desktop.widgets.ladder import Ladder, Rung
from desktop.widgets.navigation import NavItem, NavList
from desktop.widgets.property_grid import PropertyGrid
from desktop.widgets.segmented import Segment, SegmentedControl
from desktop.widgets.tabs import TabBar

Key = Qt.Key
LEFT_BUTTON = Qt.MouseButton.LeftButton


def put(window: QWidget, widget: QWidget) -> None:
    window.layout().addWidget(widget)
    widget.show()
    window.layout().activate()


def press(qtbot, key: Qt.Key) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key)


def test_a_segment_is_chosen_by_arrows_and_stops_at_the_end(qtbot, window: QWidget) -> None:
    control = SegmentedControl("Channel", [Segment(k, k) for k in ("phone", "email", "chat")])
    put(window, control)
    told: list[str] = []
    control.chosen.connect(told.append)
    control.focus_current()
    for key in (Key.Key_Right, Key.Key_Right, Key.Key_Right, Key.Key_Left):
        press(qtbot, key)
    assert told == ["email", "chat", "email"]
    assert control.current == "email"


def test_a_segment_can_be_clicked_and_cleared(qtbot, window: QWidget) -> None:
    control = SegmentedControl("Answer", [Segment(k, k) for k in ("yes", "no")], current="")
    put(window, control)
    assert control.current == ""
    second = control.layout().itemAt(1).widget()
    with qtbot.waitSignal(control.chosen):
        qtbot.mouseClick(second, LEFT_BUTTON)
    assert control.current == "no"
    control.set_current("")
    assert control.current == ""


def test_tab_reaches_a_segmented_control_once(qtbot, window: QWidget) -> None:
    before, after = Button("Before"), Button("After")
    control = SegmentedControl("Channel", [Segment(k, k) for k in ("a", "b", "c")], current="b")
    for widget in (before, control, after):
        put(window, widget)
    before.setFocus()
    press(qtbot, Key.Key_Tab)
    assert control.isAncestorOf(QApplication.focusWidget())
    press(qtbot, Key.Key_Tab)
    assert QApplication.focusWidget() is after


def teams() -> RadioRows:
    rows = RadioRows("Teams")
    rows.set_choices(
        [
            RadioChoice("net", "Network", "T2 · 11 open", tag="Owns Remote access"),
            RadioChoice("end", "Endpoint", side_title="No one on call now", side_tone="warn"),
        ],
        "net",
    )
    return rows


def test_rows_are_chosen_by_arrows_and_by_j_and_k(qtbot, window: QWidget) -> None:
    rows = teams()
    put(window, rows)
    rows.focus_current()
    press(qtbot, Key.Key_Down)
    assert rows.current == "end"
    assert QApplication.focusWidget().accessibleName() == "Endpoint, No one on call now"
    press(qtbot, Key.Key_K)
    assert rows.current == "net"


def test_a_row_can_be_clicked_anywhere(qtbot, window: QWidget) -> None:
    rows = teams()
    put(window, rows)
    second = rows.layout().itemAt(1).widget()
    with qtbot.waitSignal(rows.chosen) as told:
        qtbot.mouseClick(second, LEFT_BUTTON, pos=QPoint(second.width() - 5, 20))
    assert told.args == ["end"]


def test_rows_can_be_replaced(window: QWidget) -> None:
    rows = teams()
    put(window, rows)
    rows.set_choices([RadioChoice("apps", "Apps")])
    assert rows.current == ""
    assert rows.layout().count() == 1


def test_the_ladder_skips_rungs_the_rules_do_not_allow(qtbot, window: QWidget) -> None:
    ladder = Ladder("Management line")
    rungs = [
        Rung("lead", "Oyelaran Bankole", "Lead", "told", may_choose=False),
        Rung("manager", "Laila Guerrero", "Manager", "next"),
        Rung("head", "Callum Byrne", "Head", "later"),
    ]
    ladder.set_rungs(rungs, "manager")
    put(window, ladder)
    ladder.step(1)
    assert ladder.current == "head"
    press(qtbot, Key.Key_Up)
    press(qtbot, Key.Key_Up)
    assert ladder.current == "manager"
    qtbot.mouseClick(ladder.layout().itemAt(0).widget(), LEFT_BUTTON)
    assert ladder.current == "manager"


def test_a_check_row_toggles_by_space_and_by_its_words(qtbot, window: QWidget) -> None:
    row = CheckRow("Page Priya now", "P2 pages by default")
    put(window, row)
    row.setFocus()
    press(qtbot, Key.Key_Space)
    assert row.isChecked()
    qtbot.mouseClick(row, LEFT_BUTTON, pos=QPoint(80, 10))
    assert not row.isChecked()


def test_a_chip_is_taken_off_by_its_cross_or_by_delete(qtbot, window: QWidget) -> None:
    chip = Chip("Open", lead="State", removable=True)
    put(window, chip)
    with qtbot.waitSignal(chip.removed), qtbot.assertNotEmitted(chip.clicked):
        qtbot.mouseClick(chip, LEFT_BUTTON, pos=QPoint(chip.width() - 12, 12))
    chip.setFocus()
    with qtbot.waitSignal(chip.removed):
        press(qtbot, Key.Key_Delete)
    with qtbot.waitSignal(chip.clicked):
        qtbot.mouseClick(chip, LEFT_BUTTON, pos=QPoint(12, 12))


def test_navigation_tells_the_place_and_skips_headings(qtbot, window: QWidget) -> None:
    nav = NavList("Places")
    nav.show_rows([NavItem("mine", "My work", "my.work", 14), NavItem("", "Saved views"),
                   NavItem("vip", "VIP callers", "vip", 3, "warn")], "mine")  # fmt: skip
    put(window, nav)
    nav.setFocus()
    with qtbot.waitSignal(nav.chosen) as told:
        press(qtbot, Key.Key_Down)
    assert told.args == ["vip"]
    nav.set_count("vip", 4)
    role = Qt.ItemDataRole.AccessibleTextRole
    assert nav.item(2).data(role) == "VIP callers, 4, warning"


def test_naming_the_place_does_not_tell(qtbot, window: QWidget) -> None:
    nav = NavList("Places")
    nav.show_rows([NavItem("a", "A", "list"), NavItem("b", "B", "list")])
    with qtbot.assertNotEmitted(nav.chosen):
        nav.set_current("b")
    assert nav.current == "b"


def test_a_value_is_activated_by_enter_and_a_fixed_one_is_not_reached(
    qtbot, window: QWidget
) -> None:
    grid = PropertyGrid()
    state = grid.add("state", "State")
    closed = grid.add("closed", "Closed by", editable=False)
    state.show_value("In progress", state="in_progress")
    closed.show_value("Maya Lindqvist")
    put(window, grid)
    state.setFocus()
    with qtbot.waitSignal(grid.activated) as told:
        press(qtbot, Key.Key_Return)
    assert told.args == ["state"]
    assert closed.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert state.accessibleName() == "State: In progress"


def test_tabs_move_by_arrows_and_speak_their_count(qtbot, window: QWidget) -> None:
    tabs = TabBar("Record")
    for word in ("Timeline", "Comms"):
        tabs.addTab(word)
    tabs.set_count(1, 2)
    put(window, tabs)
    tabs.setFocus()
    press(qtbot, Key.Key_Right)
    assert tabs.currentIndex() == 1
    assert tabs.accessibleTabName(1) == "Comms, 2"


@pytest.mark.parametrize("kind", ["primary", "default", "ghost", "tint", "danger"])
@pytest.mark.parametrize("enabled", [True, False])
def test_every_button_shows_where_the_keyboard_is(
    qtbot, window: QWidget, kind: str, enabled: bool
) -> None:
    button, other = Button("Resolve", kind, icon="resolve", keys="R"), Button("Other")
    button.setEnabled(enabled)
    put(window, button)
    put(window, other)
    other.setFocus()
    before = button.grab().toImage()
    button.setFocus()
    changed = button.grab().toImage() != before
    assert changed is enabled


def test_buttons_have_names_and_sizes_that_can_be_hit(window: QWidget) -> None:
    button = IconButton("copy", "Copy number", keys="Y", size=24)
    assert button.accessibleName() == "Copy number"
    assert button.toolTip() == "Copy number (Y)"
    assert min(button.width(), button.height()) >= 24
