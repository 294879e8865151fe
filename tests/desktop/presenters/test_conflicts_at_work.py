"""Two desks at once on the real program: conflicts are settled, and replies held."""

from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from running_desk import CATEGORY, DESK, MAYA, PRIYA, TOMAS, VPN, RunningDesk, running_desk

from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.lost_change import LostChange
from desktop.views.dialogs.pending import PendingChangesDialog
from desktop.views.record.conflict_words import Settlement
from desktop.widgets.buttons import Button
from desktop.widgets.labels import PlainLabel
from services.core.ids import derived_id
from services.incidents.acts import (
    AddNote,
    DescribeIncident,
    LogIncident,
    PrioritiseIncident,
    ResolveIncident,
    StartIncident,
)
from services.incidents.incident import Channel, Incident, NoteKind, ResolutionCode
from services.incidents.priority import Impact, Priority, Urgency
from services.incidents.read_models import ConflictItem, WayOut, Worklist

CONTROL = Qt.KeyboardModifier.ControlModifier
FIRST = derived_id("test incident", 0)
NOTES = "SELECT group_concat(text, '|') FROM note WHERE incident_id = ?"


@pytest.fixture
def desk(qtbot, tmp_path):
    with running_desk(tmp_path) as running:
        running.place.shell.show_worklist(Worklist.TEAM_QUEUE)
        running.settle()
        running.place.open_incident(FIRST)
        running.until(lambda: running.place.record.detail is not None)
        running.until(lambda: running.place.record.detail.incident.id == FIRST)
        running.place.desk.profile.worker.stop()
        yield running


def incident(desk: RunningDesk) -> Incident:
    return desk.place.record.detail.incident


def exchange(desk: RunningDesk) -> None:
    for _ in range(3):
        desk.place.desk.profile.replica.push()
        desk.place.desk.profile.replica.pull()


def clash(desk: RunningDesk, mine: object, theirs: object) -> ConflictItem:
    """A colleague's act reaches the shared database first."""
    desk.place.desk.give(mine, said="")
    desk.until(lambda: desk.place.desk.profile.replica.has_work)
    desk.give_elsewhere(theirs)
    exchange(desk)
    desk.until(lambda: desk.place.record.detail.conflicts)
    return desk.place.record.detail.conflicts[0]


def settle(desk: RunningDesk, item: ConflictItem, choice: str, *theirs: str) -> None:
    pane = desk.place.queue_screen.record
    pane.conflict_settled.emit(Settlement(item.command_id, choice, frozenset(theirs)))


def is_settled(desk: RunningDesk) -> bool:
    return not desk.place.record.detail.conflicts


def ranked(of: Incident, impact: Impact, urgency: Urgency) -> PrioritiseIncident:
    return PrioritiseIncident(
        incident_id=of.id, impact=impact, urgency=urgency, seen_impact=of.impact,
        seen_urgency=of.urgency, seen_priority=of.priority,
    )  # fmt: skip


def described(of: Incident, summary: str) -> DescribeIncident:
    return DescribeIncident(
        incident_id=of.id, summary=summary, description=of.description, seen_summary=of.summary,
        seen_description=of.description,
    )  # fmt: skip


def resolved(of: UUID, words: str) -> ResolveIncident:
    return ResolveIncident(
        incident_id=of, code=ResolutionCode.FIXED, resolution=words, category_id=CATEGORY,
        subcategory_id=None, service_id=VPN,
    )  # fmt: skip


def prioritise_twice(desk: RunningDesk) -> ConflictItem:
    seen = incident(desk)
    mine = ranked(seen, Impact.ORGANISATION, Urgency.HIGH)
    return clash(desk, mine, ranked(seen, Impact.ONE_PERSON, Urgency.MEDIUM))


@pytest.mark.parametrize(
    ("choice", "theirs", "priority"),
    [
        ("mine", (), Priority.P1),
        ("mine", ("impact",), Priority.P3),
        ("theirs", (), Priority.P4),
    ],
)
def test_a_conflict_is_settled_field_by_field(desk, choice, theirs, priority):
    item = prioritise_twice(desk)
    assert (item.mine, item.theirs) == ("P1", "P4")
    settle(desk, item, choice, *theirs)
    desk.until(lambda: is_settled(desk))
    exchange(desk)
    assert desk.found("SELECT priority FROM incident WHERE id = ?", str(FIRST)) == priority


@pytest.mark.parametrize(("key", "priority"), [("1", Priority.P1), ("2", Priority.P4)])
def test_the_keys_work_in_the_program(desk, key, priority):
    prioritise_twice(desk)
    table = desk.place.queue_screen.table
    table.setFocus(Qt.FocusReason.OtherFocusReason)
    desk.until(table.hasFocus)
    QTest.keyClicks(table, key)
    desk.until(lambda: is_settled(desk))
    exchange(desk)
    assert desk.found("SELECT priority FROM incident WHERE id = ?", str(FIRST)) == priority


def test_undo_brings_a_dismissed_conflict_back(desk):
    item = prioritise_twice(desk)
    said = []
    desk.place.desk.said.connect(lambda text, undo: said.append((text, undo)))
    settle(desk, item, "theirs")
    desk.until(lambda: is_settled(desk))
    desk.until(lambda: said)
    assert said[-1][1] is True
    desk.place.desk.undo()
    desk.until(lambda: desk.place.record.detail.conflicts == (item,))


def test_words_that_give_way_stay_as_a_note(desk):
    seen = incident(desk)
    item = clash(desk, described(seen, "My words"), described(seen, "Their words"))
    settle(desk, item, "theirs")
    desk.until(lambda: is_settled(desk))
    exchange(desk)
    assert desk.found("SELECT summary FROM incident WHERE id = ?", str(FIRST)) == "Their words"
    assert desk.found(NOTES, str(FIRST)) == "My words"


def test_edit_opens_the_form_with_what_was_typed(desk):
    seen = incident(desk)
    item = clash(desk, described(seen, "My words"), described(seen, "Their words"))
    settle(desk, item, "edit")
    dialogs: list[FormDialog] = []

    def look() -> bool:
        found = desk.program.window.findChildren(FormDialog)
        dialogs[:] = [d for d in found if d.isVisible() and d.fields.text("summary") == "My words"]
        return bool(dialogs)

    desk.until(look)
    assert desk.place.record.detail.conflicts, "it is settled only by what is saved"
    dialogs[0].restore({"summary": "Words of both"})
    dialogs[0].submit()
    desk.until(lambda: is_settled(desk))
    exchange(desk)
    assert desk.found("SELECT summary FROM incident WHERE id = ?", str(FIRST)) == "Words of both"


def test_a_second_resolution_is_kept_as_a_note(desk):
    desk.give_elsewhere(StartIncident(incident_id=FIRST))
    exchange(desk)
    item = clash(desk, resolved(FIRST, "New cable"), resolved(FIRST, "Tunnel restarted"))
    assert item.way_out is WayOut.KEEP_TEXT
    settle(desk, item, "mine")
    desk.until(lambda: is_settled(desk))
    exchange(desk)
    assert desk.found(NOTES, str(FIRST)) == "New cable"
    stored = "SELECT resolution FROM incident WHERE id = ?"
    assert desk.found(stored, str(FIRST)) == "Tunnel restarted"


# -- a newer note holds a reply -----------------------------------------------------------


def note(text: str) -> AddNote:
    return AddNote(incident_id=FIRST, kind=NoteKind.INTERNAL, text=text)


def write_a_reply(desk: RunningDesk):
    """A reply is begun, and a colleague writes a note meanwhile; then it is sent."""
    pane = desk.place.queue_screen.record
    pane.write(NoteKind.REPLY)
    field = pane._composer.field
    QTest.keyClicks(field, "We are on it")
    desk.settle()
    desk.give_elsewhere(note("Do not restart it"), PRIYA)
    exchange(desk)
    shows = "Do not restart it"
    desk.until(lambda: any(e.text == shows for e in desk.place.record.detail.timeline))
    QTest.keyClick(field, Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: pane._held.isVisible())
    return pane, field


def test_a_newer_note_holds_a_reply_until_it_is_sent_again(desk):
    pane, field = write_a_reply(desk)
    assert pane._held.accessibleName() == (
        "Priya Raman wrote a note while you were writing. “Do not restart it”"
    )
    assert pane._composer._add.text() == "Send anyway"
    assert pane.composer_text() == "We are on it"
    assert desk.found(NOTES, str(FIRST)) == "Do not restart it"
    QTest.keyClick(field, Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: pane.composer_text() == "")
    assert not pane._held.isVisible()
    exchange(desk)
    assert desk.found(NOTES, str(FIRST)) == "Do not restart it|We are on it"


def test_a_held_reply_can_be_edited_and_sent(desk):
    pane, field = write_a_reply(desk)
    pane._held.edit_requested.emit()
    assert not pane._held.isVisible()
    assert pane.composer_text() == "We are on it"
    QTest.keyClicks(field, " now")
    QTest.keyClick(field, Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: pane.composer_text() == "")
    exchange(desk)
    assert desk.found(NOTES, str(FIRST)) == "Do not restart it|We are on it now"


def test_a_discarded_reply_comes_back_by_undo(desk):
    pane, _ = write_a_reply(desk)
    pane._held.discard_requested.emit()
    desk.until(lambda: pane.composer_text() == "")
    assert not pane._held.isVisible()
    desk.place.desk.undo()
    desk.until(lambda: pane.composer_text() == "We are on it")


def test_a_note_seen_before_writing_holds_nothing(desk):
    desk.give_elsewhere(note("Do not restart it"), PRIYA)
    exchange(desk)
    desk.until(
        lambda: any(e.text == "Do not restart it" for e in desk.place.record.detail.timeline)
    )
    pane = desk.place.queue_screen.record
    pane.write(NoteKind.REPLY)
    QTest.keyClicks(pane._composer.field, "We are on it")
    QTest.keyClick(pane._composer.field, Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: pane.composer_text() == "")


def test_a_reply_held_after_a_pull_becomes_a_question(desk):
    reply = replace(note("We are on it"), kind=NoteKind.REPLY, seen_note_id=FIRST)
    desk.place.desk.give(reply, said="")
    desk.until(lambda: desk.place.desk.profile.replica.has_work)
    desk.give_elsewhere(note("Do not restart it"), PRIYA)
    desk.place.desk.profile.replica.pull()
    exchange(desk)
    desk.until(lambda: desk.place.record.detail.conflicts)
    [item] = desk.place.record.detail.conflicts
    assert item.meanwhile.by == "Priya Raman"
    settle(desk, item, "mine")
    desk.until(lambda: is_settled(desk))
    exchange(desk)
    assert desk.found(NOTES, str(FIRST)) == "Do not restart it|We are on it"


# -- a refused log ------------------------------------------------------------------------


def refuse_a_log(desk: RunningDesk) -> UUID:
    """A report with a number of another desk is refused, and with it the note that followed."""
    replica, id_ = desk.place.desk.profile.replica, derived_id("test incident", "lost")
    log = LogIncident(
        incident_id=id_, number=10**9, summary="Printer on fire", description="On floor 3",
        channel=Channel.WALK_UP, caller_id=TOMAS, reported_at=desk.clock.now(),
        owner_team_id=DESK, category_id=CATEGORY, impact=Impact.TEAM, urgency=Urgency.HIGH,
    )  # fmt: skip
    replica.execute(log, MAYA)
    replica.execute(replace(note("It smells"), incident_id=id_), MAYA)
    exchange(desk)
    assert [p.state.value for p in replica.pending()] == ["conflict", "conflict"]
    return id_


def card_of(desk: RunningDesk) -> LostChange:
    desk.program.window.hub.trigger("sync.pending")
    found: list[LostChange] = []

    def look() -> bool:
        found[:] = [c for c in desk.program.window.findChildren(LostChange) if c.isVisible()]
        return bool(found)

    desk.until(look)
    assert len(found) == 1
    return found[0]


def press(card: LostChange, words: str) -> None:
    button = next(b for b in card.findChildren(Button) if b.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_refused_log_is_one_group_with_its_whole_text(desk):
    refuse_a_log(desk)
    card = card_of(desk)
    shown = [label.text() for label in card.findChildren(PlainLabel)]
    assert shown[0] == "You logged the incident, and it was refused with 1 change that followed"
    assert shown[1] == "The incident number is not reserved for this desk."
    assert shown[2] == "Printer on fire\n\nOn floor 3\n\nIt smells"
    press(card, "Copy what I typed")
    assert QGuiApplication.clipboard().text() == shown[2]


def test_a_refused_log_is_logged_again(desk):
    refuse_a_log(desk)
    press(card_of(desk), "Log again")
    desk.until(lambda: desk.program.window.screen_name == "log")
    values = desk.place.log_screen.report.content()
    assert values["summary"] == "Printer on fire"
    assert values["description"] == "On floor 3\n\nIt smells"
    assert values["caller"] == str(TOMAS)
    assert values["matrix"] == "2,1"
    assert values["channel"] == "walk_up"
    desk.until(lambda: not desk.place.desk.profile.replica.pending())
    kept = desk.place.desk.profile.drafts.load("log")
    assert "It smells" in str(kept)


def test_a_refused_log_that_was_let_go_comes_back_by_undo(desk):
    refuse_a_log(desk)
    replica = desk.place.desk.profile.replica
    before = replica.pending()
    press(card_of(desk), "Let it go")
    desk.until(lambda: not replica.pending())
    desk.settle()
    desk.place.desk.undo()
    desk.until(lambda: replica.pending() == before)


def test_a_change_after_the_list_was_closed_disturbs_nothing(desk):
    refuse_a_log(desk)
    card_of(desk)
    dialogs = desk.program.window.findChildren(PendingChangesDialog)
    for dialog in dialogs:
        dialog.close_dialog()
    desk.until(lambda: not desk.program.window.findChildren(PendingChangesDialog))
    desk.give_elsewhere(note("Something new"), PRIYA)
    exchange(desk)
    desk.settle()
    assert desk.place.pending._dialog is None
