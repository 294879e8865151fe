"""The console of a major incident: clocks, drill, board, list and pill, by mouse and key."""

from collections.abc import Iterator
from datetime import timedelta

import major_examples as ex
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.main_window import MainWindow
from desktop.theme.theme import apply_theme
from desktop.views.major.console import MajorConsole
from desktop.views.major.major_list import ALL, MajorListScreen
from desktop.views.major.update_clock import UpdateClock, mood_of
from desktop.widgets.text_audit import clipped_labels
from services.major_incidents.entries import EntryKind, Verdict


@pytest.fixture(scope="module")
def opened(qapp) -> Iterator[tuple[MainWindow, MajorConsole]]:
    with ex.open_window() as both:
        yield both


@pytest.fixture
def window(opened) -> MainWindow:
    ex.show_anew(*opened)
    return opened[0]


@pytest.fixture
def console(window, opened) -> MajorConsole:
    return opened[1]


@pytest.fixture
def asked(console) -> Iterator[list[tuple[str, object]]]:
    heard: list[tuple[str, object]] = []
    joined = console.asked.connect(lambda verb, about: heard.append((verb, about)))
    yield heard
    console.disconnect(joined)


# -- head ---------------------------------------------------------------------------------------


def test_the_countdown_turns_and_says_itself_once_a_stage(qtbot):
    clock, said = UpdateClock(), []
    qtbot.addWidget(clock)
    clock.show_span(ex.NOW, ex.DUE)
    clock.due.connect(lambda: said.append(clock.accessibleName()))
    shown = []
    for ahead in (11, 9, 8, 4, -2):
        now = ex.DUE - timedelta(minutes=ahead, seconds=10)
        clock.show_moment(now)
        shown.append((clock.mood, clock.text_shown))
    assert shown == [
        ("calm", "11:10"),
        ("soon", "09:10"),
        ("soon", "08:10"),
        ("soon", "04:10"),
        ("late", "late 1:50"),
    ]
    assert said == [
        "Next update due in 9 minutes",
        "Next update due in 4 minutes",
        "The update is late by 1 minute",
    ]


def test_a_moment_after_it_was_due_is_late():
    assert mood_of(ex.DUE, ex.DUE) == "soon"
    assert mood_of(ex.DUE, ex.DUE + timedelta(seconds=1)) == "late"
    assert mood_of(None, ex.DUE) == "none"


def test_what_is_not_known_of_the_impact_is_said(console):
    console.show_view(ex.a_view(head=ex.a_head(impact_started_at=None, detected_in="")), ex.NOW)
    names = {w.accessibleName() for w in console.head.findChildren(QWidget)}
    assert {"Impact since unknown", "Detected in unknown"} <= names


def test_a_drill_is_marked_on_screen_list_and_pill(window, console):
    assert not any("Drill." in w.accessibleName() for w in shown_in(console))
    console.show_view(ex.a_view(head=ex.a_head(is_drill=True)), ex.NOW)
    assert {"DRILL", "Drill. Nothing of it leaves the building."} <= {
        w.accessibleName() for w in shown_in(console)
    }
    row = ex.a_row("Exercise", is_drill=True)
    assert row.spoken.startswith("Drill, ")
    window.major_pill.show_row(row, 0, ex.NOW)
    assert window.major_pill.words.startswith("DRILL · SEV 1 · INC-204")


def shown_in(root: QWidget) -> list[QWidget]:
    return [w for w in root.findChildren(QWidget) if w.isVisible()]


def test_a_button_that_is_off_says_why(console):
    why = "Only who is in charge of the response may"
    console.show_view(ex.a_view(refusals={"resolve": why, "entry": "It is over"}), ex.NOW)
    resolve = ex.button(console.strip, "Resolve")
    assert not resolve.isEnabled()
    assert why in resolve.toolTip()
    assert ex.button(console.strip, "Page").isEnabled()
    assert not console.timeline.entry.text.isEnabled()
    assert console.timeline.entry.text.placeholderText() == "It is over"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1120, 1440])
def test_no_word_is_cut(window, console, theme, width):
    apply_theme(QApplication.instance(), theme)
    window.resize(width, 900)
    QApplication.processEvents()
    assert clipped_labels(console) == []


def test_where_there_is_little_room_one_side_gives_way(window, console):
    roles = ex.button(console.strip, "Roles")
    if console.composer is None:
        console.set_composer(QWidget())
    assert console.composer.isVisible()
    assert console.roles.isVisible()
    assert roles.isHidden()
    window.resize(1120, 700)
    QApplication.processEvents()
    assert not console.composer.isVisible()
    ex.button(console.strip, "Update")
    console.show_writing()
    assert console.composer.isVisible()
    assert not console.roles.isVisible()
    assert not roles.isHidden()
    console.show_writing(False)
    window.resize(1440, 900)
    QApplication.processEvents()


# -- board --------------------------------------------------------------------------------------


def move(card: QWidget, kind: QMouseEvent.Type, place: QPoint) -> None:
    held = (
        Qt.MouseButton.NoButton
        if kind is QMouseEvent.Type.MouseButtonRelease
        else Qt.MouseButton.LeftButton
    )
    event = QMouseEvent(
        kind, QPointF(card.mapFromGlobal(place)), QPointF(place), Qt.MouseButton.LeftButton, held,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(card, event)


def test_a_theory_is_dragged_to_a_verdict(console, asked):
    card = ex.card_of(console.board, ex.an_id("leak"))
    column = console.board.columns[EntryKind.THEORY]
    area = column._area
    bottom = area.mapToGlobal(QPoint(area.width() // 2, area.height() - 6))
    hints: list[str] = []
    console.board.hinted.connect(hints.append)
    move(card, QMouseEvent.Type.MouseButtonPress, card.mapToGlobal(QPoint(20, 20)))
    move(card, QMouseEvent.Type.MouseMove, card.mapToGlobal(QPoint(60, 40)))
    move(card, QMouseEvent.Type.MouseMove, bottom)
    assert hints[-1] == "Let go to say: Ruled out"
    move(card, QMouseEvent.Type.MouseButtonRelease, bottom)
    assert asked == [("verdict", (card.card, Verdict.RULED_OUT))]
    assert column._targets.isHidden()


def test_a_drag_that_is_left_changes_nothing(console, asked):
    card = ex.card_of(console.board, ex.an_id("leak"))
    move(card, QMouseEvent.Type.MouseButtonPress, card.mapToGlobal(QPoint(20, 20)))
    move(card, QMouseEvent.Type.MouseMove, card.mapToGlobal(QPoint(60, 60)))
    QTest.keyClick(card, Qt.Key.Key_Escape)
    move(card, QMouseEvent.Type.MouseButtonRelease, card.mapToGlobal(QPoint(60, 60)))
    assert asked == []


def test_figures_and_arrows_do_what_the_mouse_does(console, asked):
    card = ex.card_of(console.board, ex.an_id("leak"))
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_3)
    assert asked == [("verdict", (card.card, Verdict.CONFIRMED))]
    QTest.keyClick(card, Qt.Key.Key_2)
    assert len(asked) == 1, "it is tested already"
    QTest.keyClick(card, Qt.Key.Key_Down)
    assert ex.card_of(console.board, ex.an_id("provider")).hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Left)
    assert ex.card_of(console.board, ex.an_id("errors")).hasFocus()


def test_a_card_says_kind_text_verdict_and_stamp(console):
    card = ex.card_of(console.board, ex.an_id("leak"))
    said = "Theory, CHG-911 leaks connections on retry, Testing, 09:24 PR"
    assert card.accessibleName() == said


# -- list and pill --------------------------------------------------------------------------------


def test_the_list_opens_by_enter_and_keeps_what_is_over_apart(window):
    screen = MajorListScreen(window.hub)
    window.add_screen("major", screen)
    window.show_screen("major")
    opened: list[object] = []
    screen.opened.connect(opened.append)
    over = ex.a_row("Past", is_open=False, state="resolved")
    screen.show_rows([ex.a_row("Checkout"), over], ex.NOW)
    assert screen.list.count() == 1
    screen.list.setFocus()
    QTest.keyClick(screen.list, Qt.Key.Key_Return)
    assert opened == [ex.an_id("Checkout")]
    screen.which.set_current(ALL)
    screen.which.chosen.emit(ALL)
    assert screen.list.count() == 2


def test_the_pill_counts_down_and_opens(window):
    pill, opened = window.major_pill, []
    pill.opened.connect(opened.append)
    assert pill.isHidden()
    pill.show_row(ex.a_row("Checkout"), 1, ex.NOW)
    assert pill.words == "SEV 1 · INC-204  update due in 05:53  +1"
    pill.show_moment(ex.DUE + timedelta(seconds=70))
    assert pill.words == "SEV 1 · INC-204  update late 1:10  +1"
    QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert opened == [ex.an_id("Checkout")]
    pill.show_row(None, 0, ex.NOW)
    assert pill.isHidden()


def test_the_console_takes_the_room_of_the_navigation(window, console):
    assert window.navigation.is_narrow
    window.add_screen("other", QWidget())
    window.show_screen("other")
    assert not window.navigation.is_narrow
