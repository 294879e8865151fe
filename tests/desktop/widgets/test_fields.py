"""Fields by keyboard: text, pickers, the matrix and what a form says."""

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import LinkLabel
from desktop.widgets.matrix import MatrixHeading, PriorityMatrix
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.picker_popup import PickerPopup, matching

Key = Qt.Key
ITEMS = [
    PickerItem("Remote access", "remote", "Network"),
    PickerItem("Email and calendar", "mail", "Workplace"),
    PickerItem("Payroll", "payroll", "Finance", keywords="salary"),
]


@pytest.fixture
def picker(window: QWidget) -> Picker:
    picker = Picker("Service", placeholder="Choose")
    picker.set_items(ITEMS)
    put(window, picker)
    picker.setFocus()
    return picker


def put(window: QWidget, widget: QWidget) -> None:
    window.layout().addWidget(widget)
    widget.show()
    window.layout().activate()


def press(qtbot, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def write(qtbot, text: str) -> None:
    for letter in text:
        qtbot.keyClick(QApplication.focusWidget(), letter)


@pytest.mark.parametrize("key", [Key.Key_Space, Key.Key_Return, Key.Key_Down, Key.Key_Up])
def test_a_picker_opens_by_key(qtbot, picker: Picker, key: Qt.Key) -> None:
    press(qtbot, key)
    assert picker.is_open


def test_typing_opens_and_filters_at_once(qtbot, picker: Picker) -> None:
    write(qtbot, "sal")
    with qtbot.waitSignal(picker.picked):
        press(qtbot, Key.Key_Return)
    assert picker.current == ITEMS[2]
    assert QApplication.focusWidget() is picker


def test_a_number_picks(qtbot, picker: Picker) -> None:
    press(qtbot, Key.Key_Space)
    press(qtbot, Key.Key_2)
    assert picker.current == ITEMS[1]
    assert not picker.is_open


def test_escape_keeps_what_was_chosen(qtbot, picker: Picker) -> None:
    picker.set_current_payload("payroll")
    press(qtbot, Key.Key_Space)
    press(qtbot, Key.Key_Up)
    with qtbot.assertNotEmitted(picker.picked):
        press(qtbot, Key.Key_Escape)
    assert picker.current == ITEMS[2]
    assert QApplication.focusWidget() is picker


def test_the_list_opens_on_the_current_item_and_arrows_move(qtbot, picker: Picker) -> None:
    picker.set_current_payload("mail")
    press(qtbot, Key.Key_Space)
    press(qtbot, Key.Key_Down)
    press(qtbot, Key.Key_Return)
    assert picker.current == ITEMS[2]


def test_a_click_outside_closes(qtbot, window: QWidget, picker: Picker) -> None:
    picker.open_list()
    qtbot.mouseClick(window, Qt.MouseButton.LeftButton, pos=window.rect().bottomRight() / 2)
    qtbot.mouseClick(window, Qt.MouseButton.LeftButton, pos=window.rect().bottomRight())
    assert not picker.is_open


def test_no_match_picks_nothing(qtbot, picker: Picker) -> None:
    write(qtbot, "zzz")
    press(qtbot, Key.Key_Return)
    assert picker.is_open
    assert picker.current is None


def test_the_list_stays_inside_the_window(window: QWidget, picker: Picker) -> None:
    window.layout().addStretch(1)
    picker.open_list()
    popup = window.findChild(PickerPopup)
    assert popup is not None
    assert window.rect().contains(popup.geometry().adjusted(34, 34, -34, -34))


def test_a_search_in_the_background_is_answered_as_it_came(qtbot, window: QWidget) -> None:
    picker = Picker("Caller", local_filter=False)
    put(window, picker)
    asked: list[str] = []

    def answer(text: str) -> None:
        asked.append(text)
        picker.set_items([PickerItem("Tomás Herrera", 7, "+351 21 555 0142")])

    picker.searched.connect(answer)
    picker.setFocus()
    write(qtbot, "44871")
    press(qtbot, Key.Key_Return)
    assert asked == ["4", "44", "448", "4487", "44871"]
    assert picker.current is not None
    assert picker.current.payload == 7


def test_a_link_acts_by_key(qtbot, window: QWidget) -> None:
    link = LinkLabel("Templates")
    put(window, link)
    link.setFocus()
    with qtbot.waitSignal(link.linkActivated):
        press(qtbot, Key.Key_Space)


def test_the_name_says_what_is_chosen(picker: Picker) -> None:
    assert picker.accessibleName() == "Service: Choose"
    picker.set_current(ITEMS[0])
    assert picker.accessibleName() == "Service: Remote access"


def test_best_matches_come_first() -> None:
    items = [PickerItem("Old mail"), PickerItem("Airmail"), PickerItem("Mail")]
    assert [i.title for i in matching(items, "mail")] == ["Mail", "Old mail", "Airmail"]


def matrix() -> PriorityMatrix:
    impacts = [MatrixHeading(k, k.title(), "") for k in ("organisation", "team", "one")]
    urgencies = [MatrixHeading(k, k.title(), "") for k in ("high", "medium", "low")]
    priorities = {
        (impact.key, urgency.key): row + column + 1
        for row, impact in enumerate(impacts)
        for column, urgency in enumerate(urgencies)
    }
    return PriorityMatrix("Impact and urgency", impacts, urgencies, priorities)


def test_the_matrix_is_chosen_by_arrows_and_enter(qtbot, window: QWidget) -> None:
    found = matrix()
    put(window, found)
    found.focus_cell(0, 0)
    press(qtbot, Key.Key_Down)
    press(qtbot, Key.Key_Right)
    assert found.current is None
    with qtbot.waitSignal(found.chosen) as told:
        press(qtbot, Key.Key_Return)
    assert told.args == ["team", "medium"]
    assert found.priority == 3
    assert "impact team, urgency medium, priority 3, selected" in (
        QApplication.focusWidget().accessibleName().lower()
    )


def test_the_matrix_stops_at_its_edges_and_holds_one_choice(qtbot, window: QWidget) -> None:
    found = matrix()
    put(window, found)
    found.set_current("organisation", "low")
    found.focus_cell(0, 2)
    for key in (Key.Key_Right, Key.Key_Up, Key.Key_Left, Key.Key_Space):
        press(qtbot, key)
    assert found.current == ("organisation", "medium")
    found.clear()
    assert found.current is None


def test_pasted_markup_arrives_as_text(qtbot) -> None:
    field = TextEdit("Description")
    qtbot.addWidget(field)
    pasted = QMimeData()
    pasted.setHtml("<b>bold</b>")
    pasted.setText("<b>bold</b>")
    field.insertFromMimeData(pasted)
    assert field.toPlainText() == "<b>bold</b>"


def test_tab_leaves_a_text_and_ctrl_enter_passes_on(qtbot, window: QWidget) -> None:
    field, after = TextEdit("Description"), LineEdit("After")
    put(window, field)
    put(window, after)
    field.setFocus()
    press(qtbot, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert field.toPlainText() == ""
    press(qtbot, Key.Key_Tab)
    assert QApplication.focusWidget() is after


def test_a_form_field_counts_and_says_what_is_wrong(qtbot, window: QWidget) -> None:
    control = LineEdit("Summary", limit=120)
    field = FormField("Summary", control, required=True)
    put(window, field)
    control.setText("VPN")
    texts = [label.text() for label in field.findChildren(QWidget) if hasattr(label, "text")]
    assert "3 / 120" in texts
    field.set_error("Say in a few words what is wrong.")
    assert field.error == "Say in a few words what is wrong."
    assert control.property("invalid") is True
    assert control.accessibleDescription() == "Say in a few words what is wrong."
    field.set_error("")
    assert control.property("invalid") is False
