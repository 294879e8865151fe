"""A full copy that breaks off takes nothing away from the desk it was made for."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime

import pytest
from builders import KIM, TABLES, Desk, Office, note_command, notes_of

from services.incidents.acts import StartIncident
from services.incidents.incident import Incident
from services.sync.errors import SharedUnreachable
from services.sync.fresh_copy import FreshCopy
from services.sync.shared import SnapshotPart, SnapshotStart


def breaking_off(desk: Desk, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """From now on the wire breaks after so many parts of a copy."""
    whole = desk.wire.inner.snapshot

    def snapshot(
        closed_since: datetime | None = None,
    ) -> tuple[SnapshotStart, Iterator[SnapshotPart]]:
        start, parts = whole(closed_since)

        def some() -> Iterator[SnapshotPart]:
            for n, part in enumerate(parts):
                if n == after:
                    raise SharedUnreachable
                yield part

        return start, some()

    monkeypatch.setattr(desk.wire, "snapshot", snapshot)


def broken_off(office: Office, monkeypatch: pytest.MonkeyPatch, after: int) -> Desk:
    """A desk with an incident and an unsent note, whose second copy broke off."""
    desk = office.desk()
    id_ = desk.log()
    desk.give(note_command(id_, text="unsent"))
    with monkeypatch.context() as while_broken:
        breaking_off(desk, while_broken, after)
        with pytest.raises(SharedUnreachable):
            desk.replica.copy()
    return desk


@pytest.mark.parametrize("after", [0, 1, 3, 9])
def test_work_goes_on_after_a_copy_that_broke_off(
    office: Office, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    desk = broken_off(office, monkeypatch, after)
    (incident,) = desk.find(Incident)
    assert [note.text for note in notes_of(desk, incident.id)] == ["unsent"]
    desk.give(StartIncident(incident_id=incident.id))
    assert desk.replica.needs_snapshot
    desk.replica.copy()
    desk.sync()
    assert not desk.replica.pending()
    ensure_equal(desk, office)


def test_a_copy_that_empties_first_is_found_out(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def empty_first(self: FreshCopy) -> None:
        for table in self._tables:
            self._connection.execute(f"DELETE FROM {table}")

    monkeypatch.setattr(FreshCopy, "begin", empty_first)
    desk = broken_off(office, monkeypatch, after=1)
    assert not desk.find(Incident)


def test_what_the_copy_does_not_hold_goes(office: Office) -> None:
    desk = office.desk()
    desk.log()
    cache = desk.replica._cache._connection
    cache.execute("UPDATE incident SET id = 'another', number = 77")
    cache.execute("INSERT INTO team SELECT 't', 1, 'Gone', tier, NULL, '', 1 FROM team LIMIT 1")
    desk.replica.copy()
    ensure_equal(desk, office)


def test_a_number_may_have_gone_to_another_incident(office: Office) -> None:
    """As after a backup: what is here has the number that the copy gives to another one."""
    desk = office.desk()
    desk.log(caller_id=KIM)
    cache = desk.replica._cache._connection
    cache.execute("UPDATE incident SET id = 'former'")
    desk.replica.copy()
    ensure_equal(desk, office)


def ensure_equal(desk: Desk, office: Office) -> None:
    truth = sqlite3.connect(office.path)
    cache = desk.replica._cache._connection
    for table in TABLES:
        sql = f"SELECT * FROM {table} ORDER BY id"
        assert [tuple(r) for r in cache.execute(sql)] == list(truth.execute(sql)), table
    truth.close()


def test_a_desk_that_is_closed_breaks_its_copy_off(office: Office) -> None:
    desk = office.desk()
    id_ = desk.log()
    desk.replica.is_ending = True
    with pytest.raises(SharedUnreachable):
        desk.replica.copy()
    assert desk.incident(id_).id == id_
    desk.replica.is_ending = False
    desk.replica.copy()
    ensure_equal(desk, office)
