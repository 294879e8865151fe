"""The timeline of the console, its roles, channels and answers, by mouse and key."""

from collections.abc import Iterator

import major_examples as ex
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.main_window import MainWindow
from desktop.views.major.console import MajorConsole
from services.major_incidents.entries import DocumentSection


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


def test_looking_back_shows_what_was_written_by_then(console):
    pane, moments = console.timeline, []
    pane.known_at.connect(moments.append)
    QTest.mouseClick(ex.button(pane, "What did we know at …"), Qt.MouseButton.LeftButton)
    assert pane.moment.slider.hasFocus()
    QTest.keyClick(pane.moment.slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(pane.moment.slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert [line.kind for line in pane.shown] == ["decision", "update", "change"]
    QTest.keyClick(pane.moment.slider, Qt.Key.Key_Escape)
    assert len(pane.shown) == 4
    assert moments[-1] is None


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
    assert not ex.button(console.channels, "Open Chat room").isEnabled()
    QTest.mouseClick(ex.button(console.channels, "Copy #inc-204"), Qt.MouseButton.LeftButton)
    QTest.mouseClick(ex.button(console.channels, "Open Document"), Qt.MouseButton.LeftButton)
    assert [verb for verb, _ in asked] == ["copy_channel", "open_channel"]
