"""Costs that must not grow: statements of an act and of a pull, rows of a first page."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from builders import DANA, DESK_TEAM, Desk, Office, log_command, note_command, resolve_command
from sqlalchemy import event
from team import Team

from services.core.database import reading_engine
from services.incidents import acts
from services.incidents.incident import Incident
from services.incidents.queries import worklist_numbers
from services.incidents.read_models import Order, SortBy, Viewer, Worklist
from services.sync.exchange import BATCH_SIZE

SOME, MANY = 3, 150
PREPARED = 6


@contextmanager
def counted(*connections: sqlite3.Connection) -> Iterator[list[str]]:
    """The statements that run meanwhile, those of triggers not counted."""
    statements: list[str] = []

    def note(sql: str) -> None:
        if not sql.startswith("--"):
            statements.append(sql)

    for connection in connections:
        connection.set_trace_callback(note)
    try:
        yield statements
    finally:
        for connection in connections:
            connection.set_trace_callback(None)


def of_desk(desk: Desk) -> tuple[sqlite3.Connection, sqlite3.Connection]:
    replica = desk.replica
    return replica._cache._connection, replica._journal._connection


def of_shared(desk: Desk) -> sqlite3.Connection:
    return desk.wire.inner._connection  # type: ignore[attr-defined,no-any-return]


def fill(desk: Desk, count: int) -> None:
    for _ in range(count):
        desk.give(log_command(desk))
    desk.sync()


ACTS = {
    "log": (lambda d, i: log_command(d), 30),
    "start": (lambda d, i: acts.StartIncident(incident_id=i), 35),
    "note": (lambda d, i: note_command(i), 30),
    "resolve": (lambda d, i: resolve_command(i), 35),
}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_costs_the_same_on_a_full_desk(desk: Desk, name: str) -> None:
    make, most = ACTS[name]
    costs = []
    for more in (SOME, MANY):
        fill(desk, more)
        id_ = desk.log()
        desk.replica.refill_numbers()
        command = make(desk, id_)
        with counted(*of_desk(desk)) as statements:
            desk.give(command, DANA)
        desk.sync()
        costs.append(len(statements))
    assert costs[0] == costs[1] <= most


def test_a_submission_costs_the_same_in_a_full_database(desk: Desk) -> None:
    costs = []
    for more in (SOME, MANY):
        fill(desk, more)
        desk.give(log_command(desk))
        with counted(of_shared(desk)) as statements:
            desk.replica.push()
        desk.replica.pull()
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 40


def test_a_pull_costs_what_changed(office: Office) -> None:
    giver, taker = office.desk(), office.desk()
    costs = {}
    for changed in (0, 1, 11, 21):
        fill(giver, MANY)
        taker.sync()
        fill(giver, changed)
        with counted(of_shared(taker), *of_desk(taker)) as statements:
            taker.replica.pull()
        costs[changed] = len(statements)
    assert costs[0] <= 10
    assert costs[21] - costs[11] == costs[11] - costs[1], "each changed row costs the same"
    assert (costs[21] - costs[11]) / 10 <= 8


VIEWER = Viewer(DANA, frozenset({DESK_TEAM}))


def plan_of(desk: Desk, worklist: Worklist, order: Order) -> list[str]:
    """How SQLite reads the first page."""
    engine = reading_engine(desk.folder / "cache.db")
    asked: list[tuple[str, Any]] = []
    with engine.connect() as connection:

        @event.listens_for(engine, "before_cursor_execute")
        def keep(_c: Any, _cursor: Any, sql: str, values: Any, *_: Any) -> None:
            asked.append((sql, values))

        worklist_numbers(connection, worklist, VIEWER, order, limit=100)
        event.remove(engine, "before_cursor_execute", keep)
        [(sql, values)] = asked
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)
        plan = [str(row[3]) for row in found]
    engine.dispose()
    return plan


def filled(office: Office) -> Desk:
    """A desk that has just copied some incidents."""
    fill(office.desk(), 50)
    return office.desk()


OPEN_LISTS = (
    Worklist.MY_WORK,
    Worklist.TEAM_QUEUE,
    Worklist.UNASSIGNED,
    Worklist.NEEDS_TRIAGE,
    Worklist.ESCALATED_TO_US,
)


@pytest.mark.parametrize("worklist", OPEN_LISTS)
def test_the_first_page_is_read_in_order_from_one_index(office: Office, worklist: Worklist) -> None:
    plan = plan_of(filled(office), worklist, Order(SortBy.PRIORITY, False))
    assert not [line for line in plan if "TEMP B-TREE" in line], plan
    assert any("USING COVERING INDEX open_incident_by_priority" in line for line in plan), plan


def test_confirm_and_close_needs_no_sort(office: Office) -> None:
    plan = plan_of(filled(office), Worklist.CONFIRM_AND_CLOSE, Order(SortBy.PRIORITY, False))
    assert not [line for line in plan if "TEMP B-TREE" in line], plan
    assert any("USING COVERING INDEX incident_by_state" in line for line in plan), plan


def test_a_sort_without_an_index_would_be_seen(desk: Desk) -> None:
    """Negative control: another order does sort."""
    plan = plan_of(desk, Worklist.MY_WORK, Order(SortBy.SUMMARY, False))
    assert [line for line in plan if "TEMP B-TREE" in line]


# -- a team's database is far away: what counts is how often it is asked ------------------------


@contextmanager
def exchanges(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[None]]:
    """One entry for every time the desk waits for the server meanwhile."""
    connection = desk.wire.inner._connection  # type: ignore[attr-defined]
    wait, waited = connection.wait, list[None]()

    def counting(*args: Any, **options: Any) -> Any:
        waited.append(None)
        return wait(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr(connection, "wait", counting)
        yield waited


def test_a_team_is_asked_as_often_for_one_command_as_for_many(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, other = team.desk(login="dana"), team.desk(login="maya")
    for _ in range(PREPARED):  # statements that come again are prepared, which is asked once
        fill(desk, 1)
        other.sync()
    costs = []
    for given in (1, BATCH_SIZE):
        desk.replica.refill_numbers()
        for _ in range(given):
            desk.give(note_command(desk.find(Incident)[0].id))
        with exchanges(desk, monkeypatch) as pushing:
            desk.replica.push()
        with exchanges(other, monkeypatch) as pulling:
            other.replica.pull()
        desk.sync()
        costs.append((len(pushing), len(pulling)))
    # Submit and number; ask for news, how many, and take them.
    assert costs == [(2, 3), (2, 3)]
