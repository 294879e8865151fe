"""The timeline of the console, its roles, channels and answers, by mouse and key."""

from collections.abc import Iterator
from dataclasses import replace

import major_examples as ex
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from desktop.main_window import MainWindow
from desktop.views.major.console import MajorConsole
from services.major_incidents.entries import DocumentSection, EntryKind

PAST = dict.fromkeys(
    ("entry", "role", "stream", "channel", "answer", "resolve", "page", "severity"),
    "This is how it was then",
)


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


# -- timeline -----------------------------------------------------------------------------------


KEYS = {"O": "observation", "D": "decision", "B": "theory", "X": "experiment", "C": "change",
        "A": "action", "M": "communication", "G": "page", "U": "update", "V": "severity",
        "T": "roles", "R": "resolve"}  # fmt: skip


def test_single_keys_act_where_nothing_is_typed(qtbot, window, console):
    heard: list[str] = []
    joined = window.hub.triggered.connect(heard.append)
    for key in KEYS:
        console.timeline.list.setFocus()
        qtbot.keyClick(console.timeline.list, getattr(Qt.Key, f"Key_{key}"))
        console.timeline.entry.text.setFocus()
        qtbot.keyClick(console.timeline.entry.text, getattr(Qt.Key, f"Key_{key}"))
    window.hub.disconnect(joined)
    assert heard == [f"major.{kind}" for kind in KEYS.values()]
    assert console.timeline.entry.text.text().upper() == "".join(KEYS)


def test_an_entry_keeps_what_is_typed_when_its_kind_changes(console):
    written, drafts = [], []
    row = console.timeline.entry
    row.written.connect(lambda kind, text: written.append((kind, text)))
    row.draft_changed.connect(drafts.append)
    row.begin("observation")
    QTest.keyClicks(row.text, "pool full")
    row.begin("decision")
    assert row.text.text() == "pool full"
    assert drafts[-1] == {"kind": "decision", "text": "pool full"}
    QTest.keyClick(row.text, Qt.Key.Key_Return)
    assert written == [("decision", "pool full")]
    assert row.text.text() == "pool full", "it is only emptied once it is saved"


def test_filters_show_one_kind(console):
    pane = console.timeline
    pane.filter.set_current("comms")
    pane.filter.chosen.emit("comms")
    assert [line.kind for line in pane.shown] == ["update"]
    assert pane.list.count() == 1


def test_looking_back_is_asked_for_and_left_by_keys(console):
    moments = []
    joined = console.looked_at.connect(moments.append)
    QTest.mouseClick(ex.button(console, "What did we know at …"), Qt.MouseButton.LeftButton)
    slider = console.moment.slider
    assert slider.hasFocus()
    QTest.keyClick(slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(slider, Qt.Key.Key_Escape)
    console.look_back()
    console.board.columns[EntryKind.THEORY].cards[0].setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    console.disconnect(joined)
    written = [line.written_at for line in ex.lines()]
    assert moments == [ex.NOW, *written[:2], None, ex.NOW, None]
    assert console.moment.isHidden()


def test_what_is_pinned_stands_first_and_the_newest_next(console):
    console.show_known(ex.cards(), ex.lines())
    assert [line.kind for line in console.timeline.shown] == [
        "decision", "action", "update", "change",
    ]  # fmt: skip


def texts(root: QWidget) -> set[str]:
    return {label.text() for label in root.findChildren(QLabel) if label.isVisible()}


def test_the_past_says_so_and_takes_nothing(console):
    console.show_view(ex.a_view(is_past=True, head=ex.a_head(is_past=True), refusals=PAST), ex.NOW)
    console.look_back()
    assert "Nothing can be changed here" in texts(console)
    assert console.head.update_clock.isHidden()
    names = (
        *("Assign Social media lead", "Accept Deputy", "Decline Deputy", "Begin a work stream"),
        *("Add a channel", "Resolve"),
    )
    row = console.timeline.entry
    off = [row.text, row.add, *(ex.button(console, name) for name in names)]
    assert [widget.isEnabled() for widget in off] == [False] * len(off)
    console.moment.leave()
    console.show_view(ex.a_view(), ex.NOW)
    assert all(widget.isEnabled() for widget in off)


def test_tab_goes_through_the_console_as_it_is_read(console):
    console.show_view(ex.a_view(roles=ex.roles()[:1], streams=()), ex.NOW)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    console.show_view(ex.a_view(), ex.NOW)
    console.show_known(ex.cards(), ex.lines())
    QApplication.processEvents()
    console.roles.entries[0].setFocus()
    reached, wanted = [], [*console.roles.entries, *console.streams.entries,
                           *console.impact.entries.values(),
                           *(card for c in console.board.columns.values() for card in c.cards),
                           console.timeline.list]  # fmt: skip
    while QApplication.focusWidget() is not console.timeline.list and len(reached) < 80:
        reached.append(QApplication.focusWidget())
        QTest.keyClick(reached[-1], Qt.Key.Key_Tab)
    reached.append(QApplication.focusWidget())
    assert [widget for widget in reached if widget in wanted] == wanted
    assert all(pane.accessibleName() for pane in console.panes())


def test_streams_have_their_menu_and_one_can_be_shown_alone(console):
    asked, left = [], []
    console.streams.menu_requested.connect(lambda row, _: asked.append(row.name))
    console.timeline.stream_left.connect(lambda: left.append(True))
    names = [entry.accessibleName() for entry in console.streams.entries]
    assert names == [
        "Database, Ruben Meijer · 2 entries", "Web front, nobody leads it yet, ended 10:20",
    ]  # fmt: skip
    console.streams.focus_first()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert asked == ["Web front"]
    database = replace(ex.streams()[0], is_shown=True)
    console.show_view(ex.a_view(streams=(database,)), ex.NOW)
    assert console.streams.entries[0].accessibleName().endswith("shown alone")
    assert "In Database" in console.timeline.entry.text.placeholderText()
    QTest.mouseClick(
        ex.button(console.timeline, "Database alone, show everything"), Qt.MouseButton.LeftButton
    )
    assert left
    console.show_view(ex.a_view(streams=()), ex.NOW)
    assert any("Everybody works on the same" in text for text in texts(console.streams))
    console.streams.focus_first()
    assert QApplication.focusWidget().accessibleName() == "Begin a work stream"


def test_a_line_is_spoken_whole_and_has_its_menu(console):
    asked: list[object] = []
    console.timeline.menu_requested.connect(lambda line, _: asked.append(line.kind))
    decision = ex.lines()[1]
    assert decision.spoken == "10:31, Decision, Callum Byrne, Roll back one node first, pinned"
    console.timeline.list.set_current(decision.key)
    QTest.keyClick(console.timeline.list, Qt.Key.Key_Return)
    assert asked == ["decision"]


# -- the column at the left -----------------------------------------------------------------------


def test_roles_tell_who_is_tired_and_who_is_missing(console, asked):
    names = [entry.accessibleName() for entry in console.roles.entries]
    assert names == [
        "Incident manager, Callum Byrne, 1 h 41 min",
        "Database expert, Ruben Meijer, 9 h today, eight hours or more",
        "Deputy, Callum Byrne, not answered yet",
        "Social media lead, Not assigned",
    ]
    QTest.mouseClick(
        ex.button(console.roles, "Assign Social media lead"), Qt.MouseButton.LeftButton
    )
    QTest.mouseClick(ex.button(console.roles, "Accept Deputy"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(ex.button(console.roles, "Decline Deputy"), Qt.MouseButton.LeftButton)
    assert [(verb, row.key) for verb, row in asked] == [
        ("assign", "social"), ("accept", "sc"), ("decline", "sc"),
    ]  # fmt: skip


def test_unknown_is_an_answer_and_is_said(qtbot, console):
    heard = []
    console.impact.answered.connect(lambda row, text, unknown: heard.append((text, unknown)))
    entries = console.impact.entries
    never = entries[DocumentSection.OTHER_FACTORS]
    assert never.accessibleName() == "Are there other factors?, Currently unknown"
    never.setFocus()
    QTest.keyClick(never, Qt.Key.Key_Return)
    QTest.keyClicks(never.field, "Checking refunds")
    QTest.mouseClick(ex.button(never, "Unknown"), Qt.MouseButton.LeftButton)
    assert heard == [("Checking refunds", True)]
    known = entries[DocumentSection.IMPACT]
    known.edit()
    known.field.setText("No card payments")
    QTest.keyClick(known.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: heard[-1] == ("No card payments", False))


def test_an_answer_being_typed_outlives_a_repaint(qtbot, console):
    entry = console.impact.entries[DocumentSection.HOW_MANY]
    entry.edit()
    qtbot.waitUntil(lambda: not entry.field.visibleRegion().isEmpty())
    assert entry.field.text() == "counting"
    QTest.keyClicks(entry.field, " orders")
    console.show_view(ex.a_view(), ex.NOW)
    assert entry.field.text() == "counting orders"
    QTest.keyClick(entry.field, Qt.Key.Key_Escape)
    assert not entry.is_edited
    entry.edit()
    assert entry.field.text() == "counting orders", "Esc loses nothing"


def test_enter_saves_an_answer_and_does_not_open_it_again(qtbot, console):
    heard = []
    joined = console.impact.answered.connect(lambda row, text, unknown: heard.append(text))
    entry = console.impact.entries[DocumentSection.HOW_MANY]
    entry.edit()
    entry.field.setText("All web orders")
    QTest.keyClick(entry.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(heard))
    console.disconnect(joined)
    assert heard == ["All web orders"]
    assert not entry.is_edited


def test_only_a_web_address_can_be_opened(console, asked):
    assert not ex.button(console.channels, "Open #inc-204").isEnabled()
    QTest.mouseClick(ex.button(console.channels, "Copy #inc-204"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(ex.button(console.channels, "Open State document"), Qt.MouseButton.LeftButton)
    assert [verb for verb, _ in asked] == ["copy_channel", "open_channel"]
