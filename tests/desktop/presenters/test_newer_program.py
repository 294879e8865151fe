"""A newer Firstline wrote what this one does not know: the screens show it and stay whole."""

import sqlite3
from contextlib import closing

import pytest
from running_desk import DESK, NETWORK, RunningDesk, running_desk

from desktop.actions import ACTIONS
from desktop.views.record.strips import NewerStrip
from services.core.ids import derived_id
from services.incidents.acts import AddNote, EscalateToTeam, StartIncident
from services.incidents.incident import NoteKind
from services.incidents.read_models import Worklist
from services.sync.book import ChangeSet

FIRST = derived_id("test incident", 0)
NEWER = (
    "UPDATE incident SET state = 'paused', channel = 'fax', priority = 9, impact = 7, urgency = 8,"
    " severity = 'huge', on_hold_reason = 'moon', resolution_code = 'magic'",
    "UPDATE note SET kind = 'song'",
    "UPDATE escalation SET state = 'lost', kind = 'sideways'",
    "UPDATE team SET tier = 7",
    "UPDATE person_role SET role = 'poet' WHERE role = 'tier_member'",
    "UPDATE business_service SET criticality = 9",
)


@pytest.fixture
def desk(qtbot, tmp_path):
    with running_desk(tmp_path, incidents=2) as running:
        worker = running.place.desk.profile.worker
        worker.stop()
        running.place.desk.give(
            AddNote(incident_id=FIRST, kind=NoteKind.INTERNAL, text="Words that stay"), said=""
        )
        running.place.desk.give(StartIncident(incident_id=FIRST), said="")
        running.place.desk.give(
            EscalateToTeam(
                incident_id=FIRST, escalation_id=running.place.desk.fresh_id(),
                to_team_id=NETWORK, reason="They know", tried="All", found="Little",
                need="More", seen_team_id=DESK,
            ),
            said="",
        )  # fmt: skip
        running.calm()
        yield running


def write(desk: RunningDesk, *statements: str) -> None:
    with closing(sqlite3.connect(desk.home.replica)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    desk.program._feed.publish(ChangeSet(is_everything=True))
    desk.calm()


def show(desk: RunningDesk) -> None:
    desk.place.shell.show_worklist(Worklist.ALL_INCIDENTS)
    desk.calm()
    desk.place.open_incident(FIRST)
    desk.until(lambda: desk.place.record.detail is not None)
    desk.until(lambda: desk.place.record.detail.incident.id == FIRST)
    desk.calm()


def test_list_record_tabs_and_catalogue_show_what_was_written(desk):
    write(desk, *NEWER)
    show(desk)
    for tab in ("details", "escalations", "related", "timeline"):
        desk.program.window.hub.trigger(f"tab.{tab}")
        desk.calm()
        assert not desk.program.window.grab().isNull()
    model = desk.place.queue_screen.model
    assert model.rowCount() == 2
    texts = {model.data(model.index(0, column)) for column in range(model.columnCount())}
    assert {"P9", "paused"} <= texts
    desk.program.window.hub.trigger("tools.catalogue")
    desk.calm()
    assert not desk.program.window.grab().isNull()


def test_no_act_can_be_begun_and_the_reason_is_said(desk):
    write(desk, NEWER[0])
    show(desk)
    (strip,) = desk.program.window.findChildren(NewerStrip)
    assert strip.isVisible()
    assert "changed by a newer Firstline" in strip.accessibleName()
    hub = desk.program.window.hub
    acting = [spec.id for spec in ACTIONS if spec.act]
    assert acting
    assert [id_ for id_ in acting if hub.may(id_)] == []


def test_what_is_known_shows_no_strip(desk):
    show(desk)
    (strip,) = desk.program.window.findChildren(NewerStrip)
    assert not strip.isVisible()
    assert any(desk.program.window.hub.may(spec.id) for spec in ACTIONS if spec.act)
