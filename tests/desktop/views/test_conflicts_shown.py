"""The strip of a conflict and both sides of it: keys, words, one after the other."""

import dataclasses
from datetime import timedelta

import believable_incidents as b
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QRadioButton, QVBoxLayout, QWidget

from desktop.action_hub import ActionHub
from desktop.views.record.conflict_words import Settlement
from desktop.views.record.record_pane import RecordPane
from desktop.widgets.buttons import Button
from services.incidents.read_models import Meanwhile

CONTROL = Qt.KeyboardModifier.ControlModifier
URGENCY = b.clash(column="urgency", field="Urgency", mine="High", theirs="Low")
TAKEN = b.conflict(
    act="AcceptEscalation", code="not-escalated", did="accepted the escalation", clashes=(),
    field="", mine="", theirs="", may_repeat=False,
    meanwhile=Meanwhile(by="Jonas Dietrich", did="accepted the escalation", at=b.NOW),
)  # fmt: skip
RESOLVED = dataclasses.replace(
    TAKEN, act="ResolveIncident", code="transition-not-allowed", did="resolved the incident",
    typed="Client rolled back", meanwhile=Meanwhile(by="Jonas Dietrich", did="resolved the "
    "incident", at=b.NOW - timedelta(minutes=2)),
)  # fmt: skip
REFUSED = dataclasses.replace(
    RESOLVED, code="role-missing", meanwhile=None, may_note=False,
    told="Your role for this was taken away before it was saved for all.",
)  # fmt: skip
HELD = dataclasses.replace(
    TAKEN, act="AddNote", code="newer-note", did="wrote a note", typed="We are on it.",
    may_repeat=True,
    meanwhile=Meanwhile(by="Dana", did="wrote a note", at=b.NOW, text="Do not restart it!"),
)  # fmt: skip


@pytest.fixture
def host(qtbot) -> QWidget:
    widget = QWidget()
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    widget.resize(420, 900)
    qtbot.addWidget(widget)
    return widget


@pytest.fixture
def pane(qtbot, host: QWidget) -> RecordPane:
    pane = RecordPane(ActionHub(host))
    pane.bind_conflict_keys(host)
    host.layout().addWidget(pane)
    with qtbot.waitExposed(host):
        host.show()
    host.activateWindow()
    host.setFocus()
    return pane


def show(pane: RecordPane, *conflicts: object) -> list[Settlement]:
    pane.show_incident(b.detail(conflicts=conflicts), now=b.NOW, viewer_id=b.MAYA)
    settled: list[Settlement] = []
    pane.conflict_settled.connect(settled.append)
    return settled


def offered(pane: RecordPane) -> list[str]:
    return [button.text() for button in pane._conflict.findChildren(Button) if button.isVisible()]


@pytest.mark.parametrize(("key", "choice"), [("1", "mine"), ("2", "theirs"), ("3", "edit")])
def test_a_conflict_is_settled_by_key(qtbot, host, pane, key, choice):
    settled = show(pane, b.conflict())
    qtbot.keyClicks(host, key)
    assert settled == [Settlement(b.conflict().command_id, choice)]


def test_the_keys_are_silent_without_a_conflict(qtbot, host, pane):
    settled = show(pane)
    qtbot.keyClicks(host, "1234")
    assert settled == []


def test_the_strip_says_who_set_what_and_when(pane):
    show(pane, b.conflict())
    assert pane._conflict.accessibleName() == (
        "Priority changed in two places. "
        "Jonas Dietrich set Priority to P1 at 10:35, you P2 at 10:33."
    )
    assert offered(pane) == ["Keep P2", "Take P1", "Edit", "Compare"]


def test_several_conflicts_come_one_after_the_other(pane):
    show(pane, b.conflict(), TAKEN, RESOLVED)
    assert "Priority changed in two places (1 of 3)." in pane._conflict.accessibleName()
    show(pane, RESOLVED)
    assert "(1 of" not in pane._conflict.accessibleName()


@pytest.mark.parametrize(
    ("item", "said", "buttons", "settled_by_1"),
    [
        (TAKEN, "Jonas Dietrich accepted the escalation at 10:42, you at 10:33.", ["Dismiss"], []),
        (
            RESOLVED,
            "Jonas Dietrich resolved the incident at 10:40, you at 10:33.",
            ["Keep text as note", "Let it go", "Edit", "Copy what I typed"],
            ["mine"],
        ),
        (
            REFUSED,
            "Your role for this was taken away before it was saved for all.",
            ["Dismiss", "Copy what I typed"],
            [],
        ),
        (
            HELD,
            "“Do not restart it!” 10:42",
            ["Send anyway", "Discard", "Edit", "Copy what I typed"],
            ["mine"],
        ),
    ],
)
def test_what_is_no_choice_between_fields_is_told(
    qtbot, host, pane, item, said, buttons, settled_by_1
):
    settled = show(pane, item)
    assert said in pane._conflict.accessibleName()
    assert offered(pane) == buttons
    qtbot.keyClicks(host, "14")
    assert [s.choice for s in settled] == settled_by_1
    assert pane._pages.currentWidget() is not pane._compare


def test_what_was_typed_can_be_copied(qtbot, pane):
    show(pane, REFUSED)
    qtbot.mouseClick(pane._conflict._copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Client rolled back"


def test_each_field_is_chosen_by_key(qtbot, host, pane):
    settled = show(pane, b.conflict(clashes=(b.clash(), URGENCY)))
    qtbot.keyClicks(host, "4")
    sides = pane._compare.findChildren(QRadioButton)
    assert [side.accessibleName() for side in sides if side.isChecked()] == [
        "Impact, Jonas Dietrich: Organisation",
        "Urgency, Jonas Dietrich: Low",
    ]
    qtbot.keyClicks(host, "21")
    assert [side.accessibleName() for side in sides if side.isChecked()] == [
        "Impact, Jonas Dietrich: Organisation",
        "Urgency, Yours: High",
    ]
    assert settled == []
    qtbot.keyClick(sides[0], Qt.Key.Key_Return, CONTROL)
    assert settled == [Settlement(b.conflict().command_id, "mine", frozenset({"impact"}))]
    assert pane._pages.currentWidget() is not pane._compare


def test_all_theirs_lets_the_act_go(qtbot, host, pane):
    settled = show(pane, b.conflict(clashes=(b.clash(), URGENCY)))
    qtbot.keyClicks(host, "4")
    qtbot.keyClick(pane._compare.findChildren(QRadioButton)[0], Qt.Key.Key_Return, CONTROL)
    assert settled == [Settlement(b.conflict().command_id, "theirs")]


def test_escape_puts_the_comparison_off(qtbot, host, pane):
    settled = show(pane, b.conflict())
    qtbot.keyClicks(host, "4")
    qtbot.keyClick(pane._compare.findChildren(QRadioButton)[0], Qt.Key.Key_Escape)
    assert pane._pages.currentWidget() is not pane._compare
    assert settled == []


def test_a_settled_conflict_leaves_the_comparison(qtbot, host, pane):
    show(pane, b.conflict(), TAKEN)
    qtbot.keyClicks(host, "4")
    assert pane._pages.currentWidget() is pane._compare
    show(pane, TAKEN)
    assert pane._pages.currentWidget() is not pane._compare


def test_long_texts_of_both_sides_stand_there_in_full(qtbot, host, pane):
    mine, theirs = "My words. " * 20, "Other words. " * 20
    text = b.clash(column="description", field="Description", mine=mine, theirs=theirs)
    show(pane, b.conflict(act="DescribeIncident", field="Description", mine=mine, theirs=theirs,
                          clashes=(text,)))  # fmt: skip
    assert "Jonas Dietrich set impact and urgency at 10:35" in pane._conflict.accessibleName()
    qtbot.keyClicks(host, "4")
    shown = [
        label.text() for label in pane._compare.findChildren(QWidget) if hasattr(label, "text")
    ]
    assert mine in shown
    assert theirs in shown
