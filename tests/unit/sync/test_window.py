"""A desk that keeps only a window: whole aggregates or nothing, and older ones on demand."""

import sqlite3
from datetime import timedelta
from uuid import UUID

import pytest
from builders import (
    DANA,
    MINUTE,
    TABLES,
    Desk,
    Office,
    Parts,
    close_command,
    log_command,
    note_command,
    notes_of,
)
from wire import Wire

from services.core.errors import RecordMissing, RecordUnreadable
from services.incidents import acts
from services.incidents.incident import HistoryEntry, Incident, Note
from services.sync.aggregates import PINNED_FOR, Aggregates
from services.sync.digest import BUCKETS
from services.sync.shared import ChangedRow, Pull

MONTH = timedelta(days=30)
DAY = timedelta(days=1)


@pytest.fixture
def full(office: Office) -> Desk:
    """A desk that keeps everything, with one incident closed long ago and one open."""
    desk = office.desk("full")
    desk.close_incident(desk.resolve(desk.log()))
    desk.do(note_command(desk.find(Incident)[0].id, text="old"))
    office.clock.advance(2 * MONTH)
    desk.log()
    return desk


def old(full: Desk) -> UUID:
    return min(full.find(Incident), key=lambda i: i.number).id


def new(full: Desk) -> UUID:
    return max(full.find(Incident), key=lambda i: i.number).id


def partial(office: Office, name: str = "partial") -> Desk:
    return office.desk(name, kept_for=MONTH)


def counts(desk: Desk) -> dict[str, int]:
    read = desk.replica._cache._connection
    return {t: read.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in TABLES}


def is_whole_or_absent(desk: Desk, full: Desk, id_: UUID) -> bool:
    """Whether the desk has every row of an incident, or none."""
    records: tuple[type[Note] | type[HistoryEntry], ...] = (Note, HistoryEntry)
    here = [desk.find(record, incident_id=id_) for record in records]
    there = [full.find(record, incident_id=id_) for record in records]
    return here == (there if desk.find(Incident, id=id_) else [(), ()])


def test_what_ended_long_ago_is_left_out_with_all_that_belongs_to_it(
    office: Office, full: Desk
) -> None:
    desk = partial(office)
    assert [i.id for i in desk.find(Incident)] == [new(full)]
    assert {entry.incident_id for entry in desk.find(HistoryEntry)} == {new(full)}
    assert not desk.find(Note)
    everything, kept = counts(full), counts(desk)
    assert all(kept[t] == everything[t] for t in TABLES if t not in ("incident", "note",
               "history_entry"))  # fmt: skip
    assert desk.replica.is_partial
    assert not full.replica.is_partial
    assert all(desk.replica.check(bucket) for bucket in range(BUCKETS))


def test_changes_of_an_incident_left_out_are_not_kept(office: Office, full: Desk) -> None:
    desk = partial(office)
    full.do(note_command(old(full), text="another"))
    desk.sync()
    assert not desk.find(Incident, id=old(full))
    assert not desk.find(Note)
    assert all(desk.replica.check(bucket) for bucket in range(BUCKETS))


def bring_into_the_window(full: Desk) -> None:
    """An incident that ended long ago ends anew, so that it lies within the window."""
    connection = full.wire.inner._connection  # type: ignore[attr-defined]
    id_ = str(old(full))
    connection.execute("BEGIN IMMEDIATE")
    rev = connection.execute("UPDATE meta SET rev = rev + 1 RETURNING rev").fetchone()[0]
    for name in _triggers(connection, "incident"):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(
        "UPDATE incident SET closed_at = closed_at + ?, version = version + 1 WHERE id = ?",
        (int(2 * MONTH / timedelta(microseconds=1)), id_),
    )
    connection.execute("UPDATE feed SET rev = ? WHERE entity = 'incident' AND entity_id = ?",
                       (rev, id_))  # fmt: skip
    connection.execute("COMMIT")


def _triggers(connection: sqlite3.Connection, table: str) -> list[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
    )
    return [row[0] for row in found.fetchall()]


def test_an_incident_that_enters_the_window_comes_whole(office: Office, full: Desk) -> None:
    desk = partial(office)
    bring_into_the_window(full)
    desk.sync()
    full.sync()
    assert desk.find(Incident, id=old(full))
    assert [n.text for n in notes_of(desk, old(full))] == ["old"]
    assert is_whole_or_absent(desk, full, old(full))


def test_without_fetching_it_would_come_in_part(
    office: Office, full: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = partial(office)
    monkeypatch.setattr(Aggregates, "incomplete", lambda *_: [])
    bring_into_the_window(full)
    desk.sync()
    full.sync()
    assert desk.find(Incident, id=old(full))
    assert not is_whole_or_absent(desk, full, old(full))


def test_an_older_one_is_fetched_kept_up_to_date_and_dropped_when_unused(
    office: Office, full: Desk
) -> None:
    desk = partial(office)
    id_ = old(full)
    desk.replica.fetch_older([id_])
    assert desk.incident(id_) == full.incident(id_)
    assert is_whole_or_absent(desk, full, id_)
    full.do(note_command(id_, text="later"))
    desk.sync()
    assert is_whole_or_absent(desk, full, id_)
    office.clock.advance(PINNED_FOR - DAY)
    desk.replica.mark_seen(id_, 1)
    office.clock.advance(2 * DAY)
    desk.connect()
    assert desk.find(Incident, id=id_), "it was looked at"
    office.clock.advance(PINNED_FOR)
    desk.connect()
    assert not desk.find(Incident, id=id_)
    assert is_whole_or_absent(desk, full, id_)


def test_what_waits_to_be_sent_keeps_its_incident(office: Office, full: Desk) -> None:
    desk = partial(office)
    id_ = old(full)
    desk.replica.fetch_older([id_])
    desk.give(note_command(id_, text="unsent"))
    office.clock.advance(2 * PINNED_FOR)
    desk.connect()
    assert desk.find(Incident, id=id_)
    desk.close()
    office.desks.remove(desk)
    (desk.folder / "cache.db").unlink()
    again = partial(office)
    assert {n.text for n in notes_of(again, id_)} == {"old", "unsent"}
    again.sync()
    assert not again.replica.pending()
    assert "unsent" in [n.text for n in notes_of(office.desk("fresh"), id_)]


def test_an_act_on_what_is_not_here_is_refused(office: Office, full: Desk) -> None:
    desk = partial(office)
    with pytest.raises(RecordMissing):
        desk.give(note_command(old(full)))


def test_another_window_is_copied_again(office: Office, full: Desk) -> None:
    desk = partial(office)
    desk.replica.keep(None)
    desk.sync()
    assert desk.find(Incident) == full.find(Incident)
    desk.replica.keep(MONTH)
    desk.replica.connect()
    assert desk.replica.needs_snapshot
    desk.connect()
    assert [i.id for i in desk.find(Incident)] == [new(full)]


def test_an_ended_one_leaves_in_time(office: Office, full: Desk) -> None:
    desk = partial(office)
    id_ = full.resolve(new(full))
    full.do(close_command(id_, office.clock.now()))
    desk.sync()
    assert desk.find(Incident, id=id_)
    office.clock.advance(MONTH + MINUTE)
    desk.connect()
    assert not desk.find(Incident)
    assert not desk.find(HistoryEntry)
    assert all(desk.replica.check(bucket) for bucket in range(BUCKETS))


class Hides(Wire):
    """A wire on which one incident is no longer readable."""

    hidden = ""

    def pull(self, identity, cursor: int, first_undecided_seq: int) -> Pull:  # type: ignore[no-untyped-def]
        pull = super().pull(identity, cursor, first_undecided_seq)
        if not self.hidden:
            return pull
        return Pull(pull.cursor, pull.epoch, (ChangedRow("incident", self.hidden, None),),
                    pull.decided)  # fmt: skip


def test_what_may_no_longer_be_read_goes_with_all_that_belongs_to_it(office: Office) -> None:
    desk, other = office.desk(parts=Parts(wire=Hides)), office.desk()
    id_ = desk.log()
    desk.do(note_command(id_))
    waiting = desk.give(note_command(id_, text="unsent"))
    other.log()
    desk.wire.hidden = str(id_)  # type: ignore[attr-defined]
    desk.replica.pull()
    assert not desk.find(Incident, id=id_)
    assert not desk.find(Note)
    assert not desk.find(HistoryEntry, incident_id=id_)
    assert [p.envelope.command_id for p in desk.replica.pending()] == [waiting.command_id]


# -- rows of a newer program ----------------------------------------------------------------


class Newer(Wire):
    """A shared database that a newer program has extended."""

    def pull(self, identity, cursor: int, first_undecided_seq: int) -> Pull:  # type: ignore[no-untyped-def]
        pull = super().pull(identity, cursor, first_undecided_seq)
        rows = [
            ChangedRow(r.table, r.id, {**r.row, "mood": "curious"} if r.row else None)
            for r in pull.rows
        ]
        rows.append(ChangedRow("mood", "m", {"id": "m", "version": 1}))
        return Pull(pull.cursor, pull.epoch, tuple(rows), pull.decided)

    def fetch(self, incident_ids):  # type: ignore[no-untyped-def]
        return tuple(
            ChangedRow(r.table, r.id, {**r.row, "mood": "curious"} if r.row else None)
            for r in super().fetch(incident_ids)
        )


def test_columns_and_tables_of_a_newer_program_are_ignored(office: Office) -> None:
    desk, other = office.desk(parts=Parts(wire=Newer)), office.desk()
    id_ = other.log()
    desk.sync()
    desk.replica.fetch_older([id_])
    assert desk.incident(id_) == other.incident(id_)


def test_a_value_of_a_newer_program_is_a_fact_about_one_record(office: Office) -> None:
    desk, other = office.desk(), office.desk()
    strange, plain = other.log(), other.log()
    connection = other.wire.inner._connection  # type: ignore[attr-defined]
    for name in _triggers(connection, "incident"):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE incident SET state = 'pondering' WHERE id = ?", (str(strange),))
    desk.sync()
    row = desk.replica._cache.rows.read("incident", str(strange))
    assert row is not None
    assert row["state"] == "pondering", "the row is kept as it is"
    with pytest.raises(RecordUnreadable):
        desk.give(acts.StartIncident(incident_id=strange))
    desk.give(acts.StartIncident(incident_id=plain), DANA)
    desk.give(log_command(desk))
    assert len(desk.replica.pending()) == 2
