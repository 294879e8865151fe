"""Digests: the same number for the same rows, and a cache that differs is found and mended."""

import hashlib
import sqlite3
from contextlib import closing

import pytest
from builders import Desk, Office, note_command
from hypothesis import given
from hypothesis import strategies as st

from services.incidents.incident import Incident, Note
from services.registry import RECORDS
from services.sync.aggregates import Aggregates
from services.sync.digest import BUCKETS, MODULUS, digest_rows, row_digest, teach_digest

VALUES = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.text(), st.booleans())


def test_the_digest_of_a_row_is_what_any_database_can_compute() -> None:
    text = chr(31).join(("a", chr(30), "7", "1", ""))
    expected = int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:15], 16)
    assert row_digest(("a", None, 7, True, "")) == expected


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_sql_computes_the_same(values: list[str | int | bool | None]) -> None:
    values = [v.replace("\x00", "") if isinstance(v, str) else v for v in values]
    names = [f"c{n}" for n in range(len(values))]
    with closing(sqlite3.connect(":memory:")) as connection:
        teach_digest(connection)
        connection.execute(f"CREATE TABLE t (id, {', '.join(names)})")
        marks = ", ".join("?" * len(values))
        rows = [(id_, *values) for id_ in ("3", "13", "4")]
        connection.executemany(f"INSERT INTO t VALUES (?, {marks})", rows)
        count, total = digest_rows(connection, "t", names, 3, "1", {})
    assert (count, total) == (2, 2 * row_digest(values) % MODULUS)


def test_a_sum_stays_within_what_a_column_can_hold() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        teach_digest(connection)
        connection.execute("CREATE TABLE t (id, c)")
        connection.executemany("INSERT INTO t VALUES ('0', ?)", [(n,) for n in range(200)])
        count, total = digest_rows(connection, "t", ["c"], 0, "1", {})
    assert count == 200
    assert total == sum(row_digest([n]) for n in range(200)) % MODULUS < MODULUS


def settled(office: Office) -> Desk:
    desk = office.desk()
    for _ in range(3):
        desk.do(note_command(desk.log()))
    return desk


def differing(desk: Desk) -> list[int]:
    """Buckets in which something differs, without mending anything."""
    found = []
    for bucket in range(BUCKETS):
        for record in RECORDS:
            theirs = desk.wire.digest(record.TABLE, bucket)
            ours = desk.replica._cache.aggregates.digest(record.TABLE, bucket, None)
            if ours != (theirs.count, theirs.value):
                found.append(bucket)
    return found


def tampered(desk: Desk, sql: str) -> None:
    """The cache, changed behind its back."""
    desk.replica._cache._connection.execute(sql)


TAMPERING = {
    "a text": "UPDATE note SET text = 'y' WHERE id = (SELECT min(id) FROM note)",
    "a number": "UPDATE incident SET number = number + 1"
    " WHERE number = (SELECT max(number) FROM incident)",
    "an absent value": "UPDATE incident SET assignee_id = ''"
    " WHERE id = (SELECT min(id) FROM incident)",
    "a missing row": "DELETE FROM history_entry WHERE id = (SELECT min(id) FROM history_entry)",
}


@pytest.mark.parametrize("name", TAMPERING)
def test_a_row_changed_behind_its_back_is_found_and_mended(office: Office, name: str) -> None:
    desk = settled(office)
    assert not differing(desk)
    tampered(desk, TAMPERING[name])
    [bucket] = differing(desk)
    verdicts = [desk.replica.check(b) for b in range(BUCKETS)]
    assert verdicts == [b != bucket for b in range(BUCKETS)]
    assert not differing(desk)
    assert desk.find(Incident) == office.desk("fresh").find(Incident)
    assert desk.find(Note) == office.desk("fresher").find(Note)


def test_a_digest_that_sees_nothing_finds_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with digests that do not look at the values the change stays."""
    desk = settled(office)
    tampered(desk, TAMPERING["a text"])

    def blind(self: Aggregates, table: str, bucket: int, since: None) -> tuple[int, int]:
        theirs = desk.wire.digest(table, bucket, since)
        return theirs.count, theirs.value

    monkeypatch.setattr(Aggregates, "digest", blind)
    assert all(desk.replica.check(bucket) for bucket in range(BUCKETS))
    assert "y" in [note.text for note in desk.find(Note)]


def test_nothing_is_compared_while_something_waits_or_is_not_read_yet(office: Office) -> None:
    desk, other = settled(office), office.desk()
    desk.give(note_command(desk.find(Incident)[0].id))
    assert all(desk.replica.check(bucket) for bucket in range(BUCKETS))
    assert desk.replica.pending(), "copied although nothing is wrong"
    desk.sync()
    other.do(note_command(other.find(Incident)[0].id))
    desk.told.clear()
    assert all(desk.replica.check(bucket) for bucket in range(BUCKETS))
    assert not desk.told
    desk.sync()
    assert not differing(desk)


def test_what_a_copy_does_not_mend_is_not_copied_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = settled(office)
    monkeypatch.setattr(Aggregates, "digest", lambda *_: (0, 1))
    copies = []
    monkeypatch.setattr(desk.replica, "copy", lambda: copies.append(1))
    for _ in range(3):
        assert not desk.replica.check(0)
    assert len(copies) == 1
