"""A database that cannot grow refuses whole commands and keeps the others."""

import sqlite3
from uuid import UUID

import pytest
from builders import (
    Desk,
    log_command,
    note_command,
    notes_of,
)

from services.core.errors import DiskFull
from services.incidents.incident import HistoryEntry, Incident, Note

# -- a full disk ---------------------------------------------------------------------------


def fill(connection: sqlite3.Connection) -> None:
    """No page more than there are now."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


def enlarge(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA max_page_count = 1000000")


def given_until_full(desk: Desk, id_: UUID) -> int:
    """How many notes were acknowledged before the disk was full."""
    for given in range(1_000):
        try:
            desk.give(note_command(id_, text=f"{given} " + "x" * 5_000))
        except DiskFull:
            return given
    raise AssertionError("never full")


@pytest.mark.parametrize("where", ["cache", "journal"])
def test_a_full_disk_refuses_whole_commands(desk: Desk, where: str) -> None:
    replica = desk.replica
    file = (replica._cache if where == "cache" else replica._journal)._connection
    id_ = desk.log()
    fill(file)
    given = given_until_full(desk, id_)
    assert len(notes_of(desk, id_)) == given
    assert len(desk.find(Note)) == len(replica.pending()) == given
    assert len(desk.find(HistoryEntry, incident_id=id_)) == 1
    enlarge(file)
    desk.sync()
    assert not replica.pending()
    undecided, damaged = replica._journal.entries(is_undecided_only=True)
    assert (undecided, damaged) == ([], 0)
    desk.do(note_command(id_, text="x" * 5_000))


def test_a_full_shared_disk_keeps_the_command_waiting(desk: Desk) -> None:
    shared = desk.wire.inner._connection  # type: ignore[attr-defined]
    fill(shared)
    command = log_command(desk, description="x" * 100_000)
    desk.give(command)
    with pytest.raises(DiskFull):
        desk.sync()
    assert [p.envelope.name for p in desk.replica.pending()] == ["LogIncident"]
    found = shared.execute("SELECT count(*) FROM incident").fetchone()[0]
    assert found == shared.execute("SELECT count(*) FROM submitting").fetchone()[0] == 0
    enlarge(shared)
    desk.sync()
    assert not desk.replica.pending()
    assert desk.get(Incident, command.incident_id).description == "x" * 100_000
