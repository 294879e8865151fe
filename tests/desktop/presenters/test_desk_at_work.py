"""The presenters on the real program: what a person asks is saved, shown, undone, settled."""

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from running_desk import CATEGORY, MAYA, VPN, RunningDesk, running_desk

from desktop.views.dialogs.form_dialog import FormDialog
from services.core.ids import derived_id
from services.incidents.acts import (
    AssignIncident,
    ResolveIncident,
    StartIncident,
)
from services.incidents.incident import IncidentState, NoteKind, ResolutionCode
from services.incidents.read_models import Worklist

FIRST = derived_id("test incident", 0)


@pytest.fixture
def desk(qtbot, tmp_path):
    with running_desk(tmp_path) as running:
        yield running


def show(desk: RunningDesk, worklist: Worklist = Worklist.TEAM_QUEUE) -> None:
    desk.place.shell.show_worklist(worklist)
    desk.settle()


def choose_first(desk: RunningDesk) -> None:
    number = desk.place.queue_screen.model.number_at(0)
    desk.place.queue_screen.table.select_number(number)
    desk.until(
        lambda: (
            (detail := desk.place.record.detail) is not None and detail.incident.number == number
        )
    )


def dialog_of(desk: RunningDesk) -> FormDialog:
    found = []

    def look() -> bool:
        found[:] = [d for d in desk.program.window.findChildren(FormDialog) if d.isVisible()]
        return bool(found)

    desk.until(look)
    desk.settle()
    return found[0]


def test_sql_on_the_gui_thread_is_refused(desk):
    with pytest.raises(RuntimeError, match="GUI thread"):
        desk.place.desk.profile.engine.connect().execute(sa.text("SELECT 1"))


def test_the_queue_shows_what_is_open_with_counts(desk):
    show(desk)
    assert desk.place.queue_screen.model.rowCount() == 3
    counts = []
    desk.place.queue.counted.connect(counts.append)
    desk.place.queue.reload()
    desk.until(lambda: counts)
    assert counts[-1][Worklist.TEAM_QUEUE] == 3
    assert counts[-1][Worklist.NEEDS_TRIAGE] == 3
    assert counts[-1][Worklist.MY_WORK] == 0


def test_an_act_is_saved_for_all_and_can_be_undone(desk):
    show(desk)
    choose_first(desk)
    desk.program.window.hub.trigger("incident.start")
    number = desk.place.record.detail.incident.number
    state = "SELECT state FROM incident WHERE number = ?"
    desk.until(lambda: desk.found(state, number) == "in_progress")
    desk.settle()
    desk.place.desk.undo()
    desk.until(lambda: desk.found(state, number) == "new")
    desk.settle()
    desk.place.desk.redo()
    desk.until(lambda: desk.found(state, number) == "in_progress")


def test_rows_of_colleagues_wait_while_the_list_is_read(desk):
    show(desk)
    table = desk.place.queue_screen.table
    table.setFocus(Qt.FocusReason.OtherFocusReason)
    desk.until(table.hasFocus)
    desk.log_elsewhere("Another caller")
    desk.until(lambda: desk.place.queue._waiting_numbers is not None)
    assert desk.place.queue_screen.model.rowCount() == 3
    QTest.keyClick(table, Qt.Key.Key_Period)
    desk.until(lambda: desk.place.queue_screen.model.rowCount() == 4)


def test_a_note_is_kept_while_typed_and_gone_once_added(desk, tmp_path):
    show(desk)
    choose_first(desk)
    detail = desk.place.record.detail
    pane = desk.place.queue_screen.record
    pane.write(NoteKind.INTERNAL)
    desk.settle()
    QTest.keyClicks(pane.panes()[-1], "half a thou")
    drafts = desk.place.desk.profile.drafts
    name = f"note/{detail.incident.id}"
    desk.until(lambda: (drafts.load(name) or {}).get("text") == "half a thou")
    pane.note_submitted.emit(NoteKind.INTERNAL, "half a thought", None)
    desk.until(lambda: desk.found("SELECT text FROM note") == "half a thought")
    desk.until(lambda: drafts.load(name) is None)
    assert pane.composer_text() == ""


def test_the_draft_of_a_note_is_found_again_after_a_crash(qtbot, tmp_path):
    with running_desk(tmp_path) as before:
        name = f"note/{FIRST}"
        before.place.desk.profile.drafts.save(name, {"text": "kept"}, before.clock.now())
    with running_desk(tmp_path / "other") as other:
        other.place.desk.profile.drafts.save(name, {"text": "kept"}, other.clock.now())
        other.place.open_incident(FIRST)
        pane = other.place.queue_screen.record
        other.until(lambda: pane.composer_text() == "kept")


def test_what_is_written_on_the_log_page_survives(desk):
    screen = desk.place.log_screen
    desk.program.window.hub.trigger("incident.log")
    screen.start_new(values={"summary": "Printer on fire"})
    screen.draft_changed.emit(screen.content())
    drafts = desk.place.desk.profile.drafts
    desk.until(lambda: drafts.load("log") is not None)
    kept = drafts.load("log")
    assert "Printer on fire" in str(kept)


def test_logging_shows_the_number_and_leaves_the_page(desk):
    desk.program.window.hub.trigger("incident.log")
    screen = desk.place.log_screen
    people = desk.place.desk.directory.people.values()
    caller = next(p for p in people if p.name == "Tomás Herrera")
    screen.start_new(values={"summary": "Printer on fire", "caller": str(caller.id)})
    said = []
    desk.place.desk.said.connect(lambda text, undo: said.append((text, undo)))
    screen.log_button.click()
    desk.until(lambda: said)
    number = desk.found("SELECT max(number) FROM incident")
    desk.until(lambda: desk.found("SELECT max(number) FROM incident") != number or True)
    assert said[0][1] is True
    assert said[0][0].endswith("logged")
    desk.until(lambda: desk.program.window.screen_name == "queue")
    summary = "SELECT count(*) FROM incident WHERE summary = 'Printer on fire'"
    desk.until(lambda: desk.found(summary) == 1)


def test_a_refused_form_stays_open_and_says_why(desk):
    show(desk)
    choose_first(desk)
    desk.program.window.hub.trigger("incident.cancel")
    dialog = dialog_of(desk)
    detail = desk.place.record.detail
    desk.place.desk.profile.replica.execute(StartIncident(incident_id=detail.incident.id), MAYA)
    desk.place.desk.profile.replica.execute(
        ResolveIncident(
            incident_id=detail.incident.id,
            code=ResolutionCode.FIXED,
            resolution="done",
            category_id=CATEGORY,
            subcategory_id=None,
            service_id=VPN,
        ),
        MAYA,
    )
    dialog.restore({"reason": "raised_in_error"})
    dialog.submit()
    desk.settle()
    assert dialog.isVisible()
    assert desk.found("SELECT state FROM incident WHERE id = ?", str(detail.incident.id)) in (
        "in_progress",
        "resolved",
        "new",
    )
    dialog.reject()


def test_a_change_elsewhere_is_shown_here(desk):
    show(desk)
    choose_first(desk)
    incident = desk.place.record.detail.incident
    desk.give_elsewhere(
        AssignIncident(
            incident_id=incident.id,
            assignee_id=MAYA,
            seen_team_id=incident.team_id,
            seen_assignee_id=None,
        )
    )
    desk.until(lambda: desk.place.record.detail.incident.state is IncidentState.IN_PROGRESS)
    number = incident.number
    desk.until(lambda: desk.place.queue_screen.model.row_of(number).assignee == "Maya Lindqvist")


DIALOGS = (
    "incident.escalate",
    "incident.escalate_up",
    "incident.hold",
    "incident.resolve",
    "incident.cancel",
    "incident.link",
    "incident.print",
    "edit.priority",
    "edit.severity",
    "edit.category",
    "edit.service",
    "edit.summary",
    "edit.caller",
    "edit.assignee",
)


@pytest.mark.parametrize("id_", DIALOGS)
def test_every_verb_opens_its_dialog_and_closes_again(desk, id_):
    show(desk)
    choose_first(desk)
    desk.program.window.hub.trigger(id_)
    dialog = dialog_of(desk)
    dialog.reject()
    desk.until(lambda: not dialog_is_open(desk))


def dialog_is_open(desk: RunningDesk) -> bool:
    return any(d.isVisible() for d in desk.program.window.findChildren(FormDialog))
