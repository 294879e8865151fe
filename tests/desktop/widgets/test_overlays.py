"""Dialog, snackbar, banners and states."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from desktop.widgets.banner import Banner
from desktop.widgets.buttons import Button
from desktop.widgets.dialog import DialogFrame
from desktop.widgets.inputs import LineEdit
from desktop.widgets.loading import ProgressBar
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.placeholders import ErrorState
from desktop.widgets.snackbar import Snackbar

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def put(window: QWidget, widget: QWidget) -> None:
    window.layout().addWidget(widget)
    widget.show()
    window.layout().activate()


def press(qtbot, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def opened(window: QWidget) -> tuple[DialogFrame, LineEdit, Button]:
    opener = Button("Escalate")
    put(window, opener)
    opener.setFocus()
    dialog = DialogFrame(window, "Escalate incident", primary="Escalate")
    field = LineEdit("Reason")
    dialog.body.addWidget(field)
    dialog.open()
    return dialog, field, opener


def test_a_dialog_starts_in_its_first_field_and_gives_focus_back(qtbot, window: QWidget) -> None:
    dialog, field, opener = opened(window)
    assert QApplication.focusWidget() is field
    with qtbot.waitSignal(dialog.rejected):
        press(qtbot, Key.Key_Escape)
    assert not dialog.isVisible()
    assert QApplication.focusWidget() is opener


def test_tab_stays_inside_a_dialog_in_both_directions(qtbot, window: QWidget) -> None:
    dialog, _field, opener = opened(window)
    for key in (Key.Key_Tab, Key.Key_Backtab):
        reached = set()
        for _ in range(9):
            press(qtbot, key)
            assert dialog.isAncestorOf(QApplication.focusWidget())
            reached.add(QApplication.focusWidget())
        assert len(reached) == 4
        assert opener not in reached


def test_ctrl_enter_takes_the_primary_act_once_and_leaves_the_dialog_open(
    qtbot, window: QWidget
) -> None:
    dialog, _field, _opener = opened(window)
    told: list[bool] = []
    dialog.accepted.connect(lambda: told.append(True))
    press(qtbot, Key.Key_Return, CTRL)
    assert told == [True]
    assert dialog.isVisible()
    dialog.primary_button.setEnabled(False)
    press(qtbot, Key.Key_Return, CTRL)
    assert told == [True]


def test_escape_closes_a_list_first_and_the_dialog_then(qtbot, window: QWidget) -> None:
    dialog, _field, _opener = opened(window)
    picker = Picker("Team")
    picker.set_items([PickerItem("Network", 1)])
    dialog.body.addWidget(picker)
    picker.show()
    picker.setFocus()
    press(qtbot, Key.Key_Space)
    assert picker.is_open
    press(qtbot, Key.Key_Escape)
    assert not picker.is_open
    assert dialog.isVisible()
    press(qtbot, Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_dialog_covers_its_window_and_shrinks_with_it(qtbot, window: QWidget) -> None:
    dialog, _field, _opener = opened(window)
    window.resize(800, 500)
    qtbot.waitUntil(lambda: dialog.geometry() == window.rect())
    panel = dialog.primary_button.parentWidget().parentWidget()
    assert dialog.rect().contains(panel.geometry())


def test_a_click_on_the_scrim_reaches_nothing_below(qtbot, window: QWidget) -> None:
    _dialog, _field, opener = opened(window)
    middle = opener.mapTo(window, opener.rect().center())
    with qtbot.assertNotEmitted(opener.clicked):
        qtbot.mouseClick(window.childAt(QPoint(10, middle.y())) or window,
                         Qt.MouseButton.LeftButton)  # fmt: skip


def test_the_snackbar_offers_undo_once(qtbot, window: QWidget) -> None:
    bar = Snackbar(window)
    told: list[bool] = []
    bar.action_requested.connect(lambda: told.append(True))
    bar.show_text("4 incidents assigned to Oyelaran", action="Undo")
    assert bar.accessibleName() == "4 incidents assigned to Oyelaran. Press Z to undo"
    bar.act()
    bar.act()
    assert told == [True]
    assert not bar.isVisible()


def test_the_next_text_replaces_the_last(window: QWidget) -> None:
    bar = Snackbar(window)
    bar.show_text("First", action="Undo")
    bar.show_text("Second")
    assert bar.text == "Second"
    assert not bar.has_action
    assert window.rect().contains(bar.geometry().center())


def test_the_snackbar_leaves_after_its_time_but_stays_while_hovered(qtbot, window: QWidget) -> None:
    bar = Snackbar(window)
    bar.show_text("Logged")
    at = QPointF(1, 1)
    QApplication.sendEvent(bar, QEnterEvent(at, at, at))
    assert not bar._timer.isActive()
    assert bar.isVisible()
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    assert bar._timer.isActive()
    with qtbot.waitSignal(bar.expired):
        bar.show_text("Logged", shown_ms=1)
    assert not bar.isVisible()


def test_the_snackbar_takes_no_keyboard(window: QWidget) -> None:
    field = LineEdit("Note")
    put(window, field)
    field.setFocus()
    Snackbar(window).show_text("Logged", action="Undo")
    assert QApplication.focusWidget() is field


def test_a_banner_can_be_put_away(qtbot, window: QWidget) -> None:
    banner = Banner("warn", "Working offline.", "7 changes wait here.", dismissable=True)
    put(window, banner)
    with qtbot.waitSignal(banner.dismissed):
        banner._close.click()
    assert not banner.isVisible()
    assert banner.accessibleName() == "Working offline. 7 changes wait here."


def test_details_of_an_error_can_be_copied(window: QWidget) -> None:
    error = ErrorState("The list could not be read", "Your data is safe.", details="page 7")
    put(window, error)
    error.copy_button.click()
    assert QGuiApplication.clipboard().text() == "page 7"


def test_progress_stays_between_nothing_and_all(window: QWidget) -> None:
    bar = ProgressBar("First sync")
    for given, shown in ((-1.0, 0.0), (0.62, 0.62), (7.0, 1.0)):
        bar.set_share(given)
        assert bar.share == shown
    assert bar.accessibleDescription() == "100 %"
