"""The embedded shared database speaks the protocol."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import groupby
from uuid import uuid4

import pytest
from builders import (
    MINUTE,
    START,
    TABLES,
    Desk,
    Office,
    log_command,
    note_command,
    notes_of,
    sealed,
)
from raw_client import RawClient

from services.incidents.extent import EXTENT
from services.incidents.incident import HistoryEntry, Incident
from services.sync.errors import SharedUnreachable
from services.sync.shared import Block, ClientIdentity, Introduction
from services.sync.shared_sqlite import SharedSqlite

LONG_S = 60.0
"""Longer than any test may take: whoever waits that long was not woken."""


@pytest.fixture
def shared(office: Office) -> Iterator[SharedSqlite]:
    shared = SharedSqlite(office.path, office.clock, TABLES, EXTENT)
    yield shared
    shared.close()


@pytest.fixture
def me(shared: SharedSqlite) -> ClientIdentity:
    identity = ClientIdentity(uuid4(), uuid4())
    shared.hello(Introduction(identity))
    return identity


def test_a_welcome_tells_epoch_and_time(shared: SharedSqlite, office: Office) -> None:
    welcome = shared.hello(Introduction(ClientIdentity(uuid4(), uuid4())))
    assert welcome.epoch == shared.snapshot()[0].epoch
    assert welcome.now == office.clock.now()


def test_a_copy_brings_the_newest_open_work_first(office: Office, shared: SharedSqlite) -> None:
    desk = office.desk()
    closed = desk.incident(desk.close_incident(desk.resolve(desk.log()))).number
    open_ = [desk.incident(desk.log()).number for _ in range(3)]
    _, parts = shared.snapshot()
    tables, numbers = [], []
    for part in parts:
        tables.append(part.table)
        numbers += [row["number"] for row in part.rows if part.table == "incident"]
    assert numbers == [*reversed(open_), closed]
    assert [table for table, _ in groupby(tables)] == [t for t in TABLES if t in tables]


def test_a_copy_of_a_window_counts_what_it_brings(office: Office, shared: SharedSqlite) -> None:
    desk = office.desk()
    desk.close_incident(desk.resolve(desk.log()))
    kept = desk.log()
    _, parts = shared.snapshot(office.clock.now() + MINUTE)
    brought = list(parts)
    assert brought[-1].done == brought[-1].total == sum(len(part.rows) for part in brought)
    rows = {part.table: part.rows for part in brought}
    assert [row["id"] for row in rows["incident"]] == [str(kept)]
    assert {row["incident_id"] for row in rows["history_entry"]} == {str(kept)}


def test_incidents_are_fetched_whole(office: Office, shared: SharedSqlite) -> None:
    desk = office.desk()
    id_, other = desk.escalate(desk.start(desk.log())), desk.log()
    desk.do(note_command(id_))
    unknown = uuid4()
    rows = shared.fetch([id_, unknown])
    assert [(r.table, r.row) for r in rows if r.id == str(unknown)] == [("incident", None)]
    brought = {(r.table, r.id) for r in rows if r.row}
    expected = {("incident", str(id_)), ("escalation", str(desk.escalation_of(id_).id))}
    expected |= {("note", str(note.id)) for note in notes_of(desk, id_)}
    entries = desk.find(HistoryEntry, incident_id=id_)
    assert brought == expected | {("history_entry", str(entry.id)) for entry in entries}
    assert str(other) not in {r.id for r in rows}


def test_older_ones_are_listed_latest_first(office: Office, shared: SharedSqlite) -> None:
    desk = office.desk()
    ended = [desk.close_incident(desk.resolve(desk.log())) for _ in range(3)]
    desk.log()
    now = office.clock.now()
    assert list(shared.older(now + MINUTE, 9)) == ended[::-1]
    assert list(shared.older(now + MINUTE, 2)) == ended[:0:-1]
    last = desk.incident(ended[-1]).closed_at
    assert last is not None
    assert list(shared.older(last, 9)) == ended[1::-1]
    assert shared.older(START - timedelta(days=9), 9) == ()


def test_an_incident_is_found_by_its_number(office: Office, shared: SharedSqlite) -> None:
    desk = office.desk()
    id_ = desk.log()
    assert shared.find_number(desk.incident(id_).number) == id_
    assert shared.find_number(7) is None


def test_missing_commands_are_told(office: Office, shared: SharedSqlite) -> None:
    desk = office.desk()
    known = desk.do(log_command(desk)).command_id
    unknown = uuid4()
    assert shared.missing([known, unknown]) == {unknown}
    assert shared.missing([]) == frozenset()


def blocks(office: Office) -> dict[int, tuple[int, str]]:
    with closing(sqlite3.connect(office.path)) as connection:
        found = connection.execute("SELECT lo, hi, client_id FROM number_block")
        return {lo: (hi, client) for lo, hi, client in found}


def test_numbers_are_claimed_as_far_as_nobody_has_them(
    office: Office, shared: SharedSqlite, me: ClientIdentity
) -> None:
    other = ClientIdentity(uuid4(), uuid4())
    theirs = shared.take_block(other, 10)
    mine = shared.take_block(me, 10)
    lost = [mine.hi + 5, mine.hi + 7]
    before = blocks(office)
    shared.claim_numbers(me, [theirs.lo, mine.lo, *lost])
    added = {lo: block for lo, block in blocks(office).items() if lo not in before}
    assert added == {number: (number, str(me.client_id)) for number in lost}
    assert shared.take_block(other, 5) == Block(mine.hi + 8, mine.hi + 12)
    shared.claim_numbers(me, [])
    assert shared.take_block(other, 1).lo == mine.hi + 13


def test_nobody_else_is_present(shared: SharedSqlite, me: ClientIdentity) -> None:
    assert shared.be_present(me, uuid4(), is_writing=True) == ()


# -- waiting --------------------------------------------------------------------------------


def waiting(shared: SharedSqlite, cursor: int) -> threading.Thread:
    thread = threading.Thread(target=shared.wait, args=(cursor, LONG_S))
    thread.start()
    return thread


def cursor_of(desk: Desk) -> int:
    return desk.replica._cache.cursor


def test_a_wait_ends_with_news(office: Office, shared: SharedSqlite) -> None:
    desk = office.desk()
    desk.sync()
    thread = waiting(shared, cursor_of(desk))
    desk.do(log_command(desk))
    thread.join(LONG_S / 2)
    assert not thread.is_alive()


def test_a_wait_ends_when_interrupted(office: Office, shared: SharedSqlite) -> None:
    thread = waiting(shared, cursor_of(office.desk()))
    shared.interrupt()
    thread.join(LONG_S / 2)
    assert not thread.is_alive()


def test_an_interruption_before_a_wait_ends_that_one_alone(
    office: Office, shared: SharedSqlite
) -> None:
    cursor = cursor_of(office.desk())
    shared.interrupt()
    shared.wait(cursor, LONG_S)
    thread = waiting(shared, cursor)
    thread.join(0.3)
    assert thread.is_alive(), "an interruption ends one wait"
    shared.interrupt()
    thread.join(LONG_S / 2)


def test_a_wait_ends_by_itself(office: Office, shared: SharedSqlite) -> None:
    shared.wait(cursor_of(office.desk()), 0.2)


def test_a_wait_on_a_file_that_is_gone_is_a_fact(office: Office) -> None:
    shared = SharedSqlite(office.path, office.clock, TABLES, EXTENT)
    shared.close()
    with pytest.raises(SharedUnreachable):
        shared.wait(0, LONG_S)


def test_a_raw_client_speaks_it_too(office: Office) -> None:
    client = RawClient(office)
    envelope = sealed(note_command(uuid4()), client.identity.client_id, office.clock.now())
    client.send(envelope, None)
    assert client.shared.missing([envelope.command_id]) == frozenset()
    assert not office.desk().find(Incident)
    client.close()
