"""A major incident on the real program: proposed, accepted, written about, resolved, practised."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QWidget
from running_desk import CATEGORY, MAYA, PRIYA, VPN, RunningDesk, running_desk

from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.major.dialogs.drill import DrillDialog
from desktop.views.major.dialogs.resolving import ResolveMajorDialog
from services.communications.settings_acts import AddStatusPage
from services.communications.status_page import Audience
from services.core.ids import derived_id
from services.incidents.acts import LinkToParent
from services.incidents.incident import ResolutionCode
from services.major_incidents.acts import (
    AcceptMajorIncident,
    AcceptRole,
    ProposeMajorIncident,
    TakeCommand,
)
from services.major_incidents.entries import DocumentSection, EntryKind, Verdict
from services.people.commands import GrantRole
from services.people.person import Role

# The offscreen platform says this of windows that come forward, and of menus.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support raise", "This plugin does not support grabbing the keyboard"
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with running_desk(tmp_path, incidents=0) as running:
        for person in (MAYA, PRIYA):
            running.give_elsewhere(GrantRole(person_id=person, role=Role.INCIDENT_MANAGER))
        running.give_elsewhere(
            AddStatusPage(page_id=derived_id("page"), name="Staff", audience=Audience.INTERNAL)
        )
        running.until(lambda: PRIYA in running.place.desk.directory.people)
        yield running


def on_fire(desk: RunningDesk, summary: str) -> UUID:
    """An incident in whose console the person is the incident manager."""
    incident_id = desk.log_elsewhere(summary)
    for command in (
        ProposeMajorIncident(incident_id=incident_id, reason="Nobody can pay"),
        AcceptMajorIncident(incident_id=incident_id, detected_at=desk.clock.now()),
        TakeCommand(incident_id=incident_id, holding_id=derived_id(incident_id, "command")),
    ):
        desk.give_elsewhere(command)
    desk.until(lambda: any(r.incident_id == incident_id for r in desk.place.majors.open_rows))
    desk.place.majors.open(incident_id)
    desk.until(lambda: desk.place.console.view is not None)
    desk.settle()
    return incident_id


def of(incident_id: UUID, column: str, table: str = "major_incident") -> str:
    """What stands in a column of a record of an incident."""
    return f"SELECT {column} FROM {table} WHERE incident_id = '{incident_id}'"


def dialog_of(desk: RunningDesk) -> FormDialog:
    def shown() -> list[FormDialog]:
        found = desk.program.window.findChildren(FormDialog)
        return [d for d in found if d.isVisible()]

    desk.until(shown)
    desk.settle()
    return shown()[0]


def press(desk: RunningDesk, root: QWidget, name: str) -> None:
    buttons = [b for b in root.findChildren(QPushButton) if b.accessibleName() == name]
    QTest.mouseClick(next(b for b in buttons if b.isVisible()), Qt.MouseButton.LeftButton)
    desk.settle()


def submit(desk: RunningDesk, **values: object) -> None:
    dialog = dialog_of(desk)
    dialog.restore(values)
    dialog.submit()
    desk.settle()
    assert not dialog_is_open(desk)


def dialog_is_open(desk: RunningDesk) -> bool:
    return any(d.isVisible() for d in desk.program.window.findChildren(FormDialog))


def trigger(desk: RunningDesk, id_: str) -> None:
    desk.program.window.hub.trigger(id_)
    desk.settle()


def practise(desk: RunningDesk) -> None:
    """A drill begun from the menu, marked, and behind what is real."""
    trigger(desk, "major.drill")
    assert isinstance(dialog_of(desk), DrillDialog)
    submit(desk, summary="The warehouse network is gone")
    assert desk.found("SELECT count(*) FROM major_incident WHERE is_drill") == 1
    desk.until(lambda: desk.place.console.view and desk.place.console.view.head.is_drill)
    assert desk.place.majors.open_rows[-1].is_drill, "the pill tells what is real first"


def test_it_is_proposed_and_accepted_from_its_record_and_practised(desk):
    incident_id = desk.log_elsewhere("Checkout fails")
    trigger(desk, "go.all_incidents")
    desk.until(lambda: list(desk.place.queue_screen.model.numbers))
    desk.place.open_incident(incident_id)
    desk.until(lambda: desk.place.record.detail is not None)
    hub, propose = desk.program.window.hub, "incident.propose_major"
    assert hub.action(propose).isEnabled()
    trigger(desk, propose)
    submit(desk, reason="Nobody can pay")
    assert desk.found(of(incident_id, "proposal")) == "Nobody can pay"
    desk.until(lambda: hub.why_not(propose) == "The major incident is proposed")
    assert not hub.action(propose).isEnabled()
    strip = desk.place.queue_screen.record.major
    desk.until(strip.isVisible)
    assert "Nobody can pay" in strip.accessibleName()
    press(desk, strip, "Accept…")
    submit(desk)
    assert desk.found(of(incident_id, "state")) == "accepted"
    assert desk.program.window.screen_name == "major_console"
    desk.until(lambda: desk.place.console.view is not None)
    row = desk.place.console.roles.entries[0].row
    desk.place.console.asked.emit("command", row)
    desk.settle()
    assert desk.found(of(incident_id, "state", "role_holding")) == "held"
    assert desk.place.console.roles.entries[0].row.person == "Maya Lindqvist"
    practise(desk)


def strike_and_put_back(desk: RunningDesk) -> None:
    """An experiment struck through: taken back at once, and later from its line."""
    console, struck = desk.place.console, "SELECT sum(is_removed) FROM response_entry"
    experiments = console.board.columns[EntryKind.EXPERIMENT]
    for put_back in (partial(trigger, desk, "edit.undo"), partial(from_its_line, desk)):
        console.asked.emit("remove", experiments.cards[0].card)
        desk.until(lambda: not experiments.cards)
        desk.until(lambda: desk.found(struck) == 1)
        put_back()
        desk.until(lambda: experiments.cards)
        desk.until(lambda: desk.found(struck) == 0)


def from_its_line(desk: RunningDesk) -> None:
    timeline = desk.place.console.timeline
    (line,) = [line for line in timeline.shown if line.is_removed]
    timeline.menu_requested.emit(line, QPoint())
    (menu,) = [menu for menu in desk.place.console.findChildren(QMenu) if menu.isVisible()]
    copy, put_back = menu.actions()
    assert (copy.text(), put_back.text()) == ("Copy", "Put back")
    put_back.trigger()
    menu.close()


def test_the_clock_runs_and_what_is_written_is_kept_saved_and_seen_as_it_was(desk, tmp_path):
    fire = on_fire(desk, "Checkout slow")
    countdown(desk)
    console, clock = desk.place.console, desk.clock
    entry = console.timeline.entry
    trigger(desk, "major.theory")
    QTest.keyClicks(entry.text, "A cold cache")
    desk.settle()
    other = desk.log_elsewhere("Another")
    desk.place.majors.open(other)
    desk.settle()
    assert entry.text.text() == ""
    desk.place.majors.open(fire)
    desk.until(lambda: entry.text.text() == "A cold cache")
    assert entry.key == EntryKind.THEORY.value
    clock.advance(MINUTE)
    QTest.keyClick(entry.text, Qt.Key.Key_Return)
    desk.until(lambda: entry.text.text() == "")
    desk.until(lambda: desk.found(of(fire, "text", "response_entry")) == "A cold cache")

    theories = console.board.columns[EntryKind.THEORY]
    desk.until(lambda: theories.cards)
    card = theories.cards[0]
    clock.advance(10 * MINUTE)
    QTest.keyClick(card, Qt.Key.Key_4)
    desk.settle()
    assert desk.found(of(fire, "verdict", "response_entry")) == "ruled_out"
    console.asked.emit("test", card.card)
    entry.text.setText("Warm the cache")
    QTest.keyClick(entry.text, Qt.Key.Key_Return)
    desk.until(lambda: entry.text.text() == "")
    tests = "SELECT theory_id FROM response_entry WHERE kind = 'experiment'"
    desk.until(lambda: desk.found(tests) == str(card.card.entry_id))
    desk.until(lambda: console.board.columns[EntryKind.EXPERIMENT].cards)
    console.asked.emit("edit", console.board.columns[EntryKind.EXPERIMENT].cards[0].card)
    submit(desk, owner=str(PRIYA), outcome="No change", verdict=Verdict.DISPROVED.value)
    assert desk.found("SELECT owner_id FROM response_entry WHERE outcome <> ''") == str(PRIYA)
    strike_and_put_back(desk)

    console.moment.open()
    console.moment.slider.setValue(10)
    desk.settle()
    assert theories.cards[0].card.verdict is Verdict.OPEN
    console.moment.leave()

    answer = console.impact.entries[DocumentSection.HOW_MANY]
    answer.edit()
    press(desk, answer, "Unknown")
    assert desk.found(of(fire, "is_unknown", "document_entry")) == 1
    assert "Unknown" in answer.accessibleName()
    file = tmp_path / "state.md"
    trigger(desk, "major.export")
    submit(desk, path=str(file))
    assert "A cold cache" in file.read_text(encoding="utf-8")


def test_a_stream_is_worked_in_and_gone_where_it_was_not_yet(desk):
    fire = on_fire(desk, "Search fails")
    console, entry = desk.place.console, desk.place.console.timeline.entry
    desk.clock.advance(10 * MINUTE)
    trigger(desk, "major.stream")
    submit(desk, name="Index", lead=str(PRIYA))
    desk.until(lambda: console.streams.entries)
    assert desk.found(of(fire, "lead_id", "work_stream")) == str(PRIYA)
    row = console.streams.entries[0].row
    console.asked.emit("stream_alone", row)
    entry.begin(EntryKind.ACTION.value)
    QTest.keyClicks(entry.text, "Build it anew")
    QTest.keyClick(entry.text, Qt.Key.Key_Return)
    desk.until(lambda: [line.text for line in console.timeline.shown] == ["Build it anew"])
    assert desk.found(of(fire, "work_stream_id", "response_entry")) == str(row.stream_id)

    console.moment.open()
    console.moment.slider.setValue(5)
    assert not console.streams.entries, "the stream began later"
    assert console.roles.entries[0].row.person == "Maya Lindqvist"
    given = desk.found("SELECT count(*) FROM command")
    for id_ in ("major.theory", "major.stream", "major.resolve", "major.update"):
        trigger(desk, id_)
    console.asked.emit("hand_over", console.roles.entries[0].row)
    desk.settle()
    assert not dialog_is_open(desk)
    assert desk.found("SELECT count(*) FROM command") == given, "nothing acts in the past"
    console.moment.leave()

    console.asked.emit("stream_end", console.streams.entries[0].row)
    desk.until(lambda: desk.found(of(fire, "ended_at", "work_stream")))
    desk.settle()
    assert len(console.timeline.shown) > 1, "what has ended is not shown alone"
    trigger(desk, "edit.undo")
    desk.until(lambda: desk.found(of(fire, "ended_at", "work_stream")) is None)


def countdown(desk: RunningDesk) -> None:
    """It turns amber, then red, and the pill tells."""
    pill, clock = desk.program.window.major_pill, desk.place.console.head.update_clock
    assert clock.mood == "soon", "the first word is due within five minutes"
    assert "update due" in pill.words
    desk.clock.advance(6 * MINUTE)
    desk.place.majors.show_moment()
    assert clock.mood == "late"
    assert "update late" in pill.words
    assert clock.text_shown.startswith("late 1:")


def hand_over(desk: RunningDesk, fire: UUID) -> None:
    """By acceptance; meanwhile who has it keeps it."""
    trigger(desk, "major.hand_over")
    dialog = dialog_of(desk)
    assert "Mail fails" in dialog.fields.text("pack")
    submit(desk, person=str(PRIYA))
    row = next(e.row for e in desk.place.console.roles.entries if e.row.is_offered)
    assert desk.place.console.roles.entries[0].row.person == "Maya Lindqvist"
    offered = "SELECT count(*) FROM role_holding WHERE state = 'offered'"
    desk.until(lambda: desk.found(offered) == 1)
    desk.colleague.pull()
    desk.give_elsewhere(AcceptRole(incident_id=fire, holding_id=row.holding_id), PRIYA)
    desk.until(lambda: desk.place.console.roles.entries[0].row.person == "Priya Raman")


def test_it_is_handed_over_and_resolved_with_what_is_linked_to_it(desk, monkeypatch):
    fire, said = on_fire(desk, "Mail fails"), []
    hand_over(desk, fire)
    monkeypatch.setattr(desk.program.window, "snack", lambda text, undo=False: said.append(text))
    trigger(desk, "major.accept")
    assert said == ["The major incident is accepted."]
    linked = desk.log_elsewhere("I cannot pay")
    desk.give_elsewhere(LinkToParent(incident_id=linked, parent_id=fire, seen_parent_id=None))
    desk.until(lambda: "1 linked incident" in " ".join(desk.place.console.view.head.facts))
    trigger(desk, "major.resolve")
    dialog = dialog_of(desk)
    assert isinstance(dialog, ResolveMajorDialog)
    dialog.submit()
    assert dialog_is_open(desk), "how it was confirmed is not said yet"
    submit(
        desk,
        recovery="Two callers said so",
        resolution="Taken back",
        code=ResolutionCode.FIXED.value,
        service=str(VPN),
        category=str(CATEGORY),
    )
    assert desk.found(of(fire, "state")) == "resolved"
    states = "SELECT count(*) FROM incident WHERE state = 'resolved'"
    assert desk.found(states) == 2
    assert all(row.incident_id != fire for row in desk.place.majors.open_rows)
    assert not desk.place.console.strip.findChildren(QPushButton)[2].isEnabled()
