"""A newer Firstline wrote what this one does not know: all lists stay, and the row says so."""

import sqlite3
from contextlib import closing
from datetime import UTC
from enum import Enum
from pathlib import Path
from uuid import UUID

import pytest
from builders import DANA, DESK_TEAM, START, THEO, Desk, Office, note_command

from services.core.database import reading_engine
from services.core.errors import RecordUnreadable
from services.core.records import is_known, shown_member, spec_of
from services.incidents.acts import StartIncident
from services.incidents.detail import incident_detail
from services.incidents.incident import Channel, IncidentState
from services.incidents.permissions import CHANGED_BY_NEWER
from services.incidents.priority import Priority
from services.incidents.queries import worklist_counts, worklist_items, worklist_numbers
from services.incidents.read_models import Order, SortBy, Viewer, Worklist
from services.incidents.reference import directory
from services.registry import RECORDS
from services.reports.incident_report import incident_report
from services.reports.options import Paper, ReportOptions

PRINTED = ReportOptions(
    paper=Paper.A4,
    with_internal_notes=True,
    printed_by="Dana",
    printed_at=START,
    data_as_of=START,
    zone=UTC,
)
NUMBER = 1101
VIEWER = Viewer(DANA, frozenset({DESK_TEAM}))
UNKNOWN = [
    (record.TABLE, column.name, 9 if issubclass(column.type, int) else "paused")
    for record in RECORDS
    for column in spec_of(record).columns
    if issubclass(column.type, Enum)
]


@pytest.fixture(scope="session")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture
def desk(office: Office) -> Desk:
    desk = office.desk()
    id_ = desk.log()
    desk.give(note_command(id_))
    desk.start(id_)
    desk.escalate(id_)
    desk.sync()
    return desk


def write(desk: Desk, sql: str, *values: object) -> None:
    with closing(sqlite3.connect(desk.folder / "cache.db")) as connection:
        connection.execute(sql, values)
        connection.commit()


def read(desk: Desk, query):
    engine = reading_engine(desk.folder / "cache.db")
    try:
        with engine.connect() as connection:
            return query(connection, directory(connection))
    finally:
        engine.dispose()


def first(desk: Desk) -> UUID:
    return desk.replica._cache.rows.connection.execute("SELECT id FROM incident").fetchone()[0]


def test_every_column_that_has_words_is_tried():
    assert ("incident", "state", "paused") in UNKNOWN
    assert ("incident", "priority", 9) in UNKNOWN
    assert ("person_role", "role", "paused") in UNKNOWN
    assert len(UNKNOWN) >= 15


@pytest.mark.parametrize(("table", "column", "value"), UNKNOWN)
def test_no_list_no_record_and_no_report_breaks(desk, fonts, table, column, value):
    write(desk, f"UPDATE {table} SET {column} = ? WHERE id = (SELECT max(id) FROM {table})", value)

    def look(connection, names):
        for worklist in Worklist:
            for by in SortBy:
                worklist_numbers(connection, worklist, VIEWER, Order(by))
        worklist_counts(connection, VIEWER)
        numbers = list(worklist_numbers(connection, Worklist.ALL_INCIDENTS, VIEWER, Order()))
        (item,) = worklist_items(connection, names, numbers).values()
        return item, incident_detail(connection, names, VIEWER, item.id)

    item, detail = read(desk, look)
    assert detail.timeline
    assert incident_report(detail, PRINTED, fonts=fonts).startswith(b"%PDF")
    assert item.label is detail.label
    if table in ("incident", "escalation"):
        assert {p.reason for p in detail.permissions} == {CHANGED_BY_NEWER}
        assert not any(p.is_allowed for p in detail.permissions)


def test_the_row_shows_what_was_written(desk):
    write(desk, "UPDATE incident SET state = 'paused', priority = 9, channel = 'fax'")

    def look(connection, names):
        (item,) = worklist_items(connection, names, [NUMBER]).values()
        return item, incident_detail(connection, names, VIEWER, item.id)

    item, detail = read(desk, look)
    assert (item.label.value, int(item.priority)) == ("paused", 9)
    assert detail.incident.channel.value == "fax"
    assert item.summary


def test_a_value_that_is_known_leaves_every_act_as_it_was(desk):
    def look(connection, names):
        (item,) = worklist_items(connection, names, [NUMBER]).values()
        return incident_detail(connection, names, VIEWER, item.id)

    detail = read(desk, look)
    assert detail.may("AddNote")
    assert CHANGED_BY_NEWER not in {p.reason for p in detail.permissions}


def test_no_rule_is_run_on_what_it_cannot_judge(desk):
    id_ = UUID(first(desk))
    write(desk, "UPDATE incident SET state = 'paused'")
    with pytest.raises(RecordUnreadable):
        desk.give(StartIncident(incident_id=id_), THEO)


def test_a_column_of_a_newer_program_is_left_out(desk):
    cache = desk.replica._cache
    rows = cache.rows.connection.execute("SELECT * FROM incident").fetchall()
    newer = {**dict(rows[0]), "mood": "calm"}
    assert "mood" not in cache.aggregates.known("incident", newer)
    assert cache.aggregates.known("incident", newer) == dict(rows[0])


def test_a_shown_member_is_one_of_its_kind_and_equals_no_known_one():
    paused = shown_member(IncidentState, "paused")
    assert isinstance(paused, IncidentState)
    assert paused is shown_member(IncidentState, "paused")
    assert paused not in list(IncidentState)
    assert not is_known(paused)
    assert shown_member(Priority, 9) > Priority.P5
    assert shown_member(Channel, "phone") is Channel.PHONE
    assert is_known(Channel.PHONE)
    assert is_known("any text")
