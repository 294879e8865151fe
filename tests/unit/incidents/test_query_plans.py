"""What the desk asks must not grow with the incidents: plans and counts, never times."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
import sqlalchemy as sa
from builders import DESK_TEAM, MAYA, Desk, note_command

from services.core.database import reading_engine
from services.incidents.detail import incident_detail
from services.incidents.queries import worklist_counts, worklist_items, worklist_numbers
from services.incidents.read_models import Order, SortBy, Viewer, Worklist
from services.incidents.reference import directory

VIEWER = Viewer(MAYA, frozenset({DESK_TEAM}))
DETAIL_STATEMENTS = 13
WRITES_OF_A_NOTE = 6
"""Begin, images, note, incident, pending command, commit."""
STATEMENTS_OF_A_NOTE = 14


@contextmanager
def heard(connection: sa.Connection) -> Iterator[list[tuple[str, object]]]:
    """Statements and values given meanwhile."""
    found: list[tuple[str, object]] = []

    def hear(_: object, __: object, statement: str, values: object, *___: object) -> None:
        found.append((statement, values))

    sa.event.listen(connection, "before_cursor_execute", hear)
    yield found
    sa.event.remove(connection, "before_cursor_execute", hear)


def scans(connection: sa.Connection, statements: list[tuple[str, object]]) -> list[str]:
    """Steps that read all incidents or all history, with the statement."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    return [
        f"{step[3]}: {statement}"
        for statement, values in statements
        for step in raw.execute(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[attr-defined]
        if step[3] in ("SCAN incident", "SCAN children", "SCAN history_entry", "SCAN pending")
        and "IS NULL" not in statement
    ]


@pytest.fixture
def connection(desk: Desk) -> Iterator[sa.Connection]:
    desk.log()
    desk.sync()
    engine = reading_engine(desk.folder / "cache.db")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


Read = Callable[[sa.Connection, Desk], object]
READS: dict[str, Read] = {
    **{
        f"numbers of {worklist.value}": lambda c, d, w=worklist: worklist_numbers(  # type: ignore[misc]
            c, w, VIEWER, Order()
        )
        for worklist in Worklist
        if worklist is not Worklist.ALL_INCIDENTS
    },
    "first numbers of all": lambda c, d: worklist_numbers(
        c, Worklist.ALL_INCIDENTS, VIEWER, Order(SortBy.NUMBER, is_descending=True), 256
    ),
    "a page of rows": lambda c, d: worklist_items(c, directory(c), [1001, 1002]),
    "the counts": lambda c, d: worklist_counts(c, VIEWER),
    "a record": lambda c, d: incident_detail(c, directory(c), VIEWER, _an_incident(c)),
}


def _an_incident(connection: sa.Connection) -> UUID:
    found = connection.exec_driver_sql("SELECT id FROM incident").scalar()
    return UUID(str(found))


@pytest.mark.parametrize("read", READS.values(), ids=READS.keys())
def test_no_read_goes_through_all_incidents(
    connection: sa.Connection, desk: Desk, read: Read
) -> None:
    with heard(connection) as statements:
        read(connection, desk)
    assert statements
    asked = [(sql, values) for sql, values in statements if sql != "SELECT id FROM incident"]
    assert scans(connection, asked) == []


def test_a_scan_is_found(connection: sa.Connection) -> None:
    statement = "SELECT * FROM incident WHERE resolution = 'x'"
    assert scans(connection, [(statement, ())])


def test_a_record_takes_as_many_statements_as_it_has_parts(
    connection: sa.Connection, desk: Desk
) -> None:
    names = directory(connection)
    id_ = _an_incident(connection)
    with heard(connection) as statements:
        incident_detail(connection, names, VIEWER, id_)
    assert len(statements) <= DETAIL_STATEMENTS


def test_numbers_come_in_order_and_whole(connection: sa.Connection, desk: Desk) -> None:
    for _ in range(5):
        desk.log()
    newest_first = Order(SortBy.NUMBER, is_descending=True)
    numbers = worklist_numbers(connection, Worklist.ALL_INCIDENTS, VIEWER, newest_first)
    assert len(numbers) == 6
    assert list(numbers) == sorted(numbers, reverse=True)
    assert worklist_numbers(
        connection, Worklist.ALL_INCIDENTS, VIEWER, newest_first, 2
    ).tolist() == list(numbers[:2])


def test_an_act_is_few_statements(desk: Desk) -> None:
    id_ = desk.log()
    desk.sync()
    given: list[str] = []
    cache = desk.replica._cache._connection
    cache.set_trace_callback(given.append)
    desk.give(note_command(id_))
    cache.set_trace_callback(None)
    writes = [sql for sql in given if not sql.lstrip().startswith("SELECT")]
    assert len(writes) <= WRITES_OF_A_NOTE, writes
    assert len(given) <= STATEMENTS_OF_A_NOTE, given


def test_what_was_seen_is_told_once(desk: Desk) -> None:
    id_ = desk.log()
    desk.told.clear()
    desk.replica.mark_seen(id_, 7)
    desk.replica.mark_seen(id_, 7)
    assert len(desk.told) == 1
    desk.replica.mark_seen(id_, 8)
    assert len(desk.told) == 2
