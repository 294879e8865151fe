"""Each kind of damage to a local file: what was acknowledged is there, or its loss is said."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from builders import (
    MAYA,
    Desk,
    Office,
    log_command,
    note_command,
    notes_of,
)

from services.core.database import connect
from services.incidents.acts import StartIncident

# -- damaged files -------------------------------------------------------------------------


def _header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"not a database at all")


def _truncated(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 + 77)


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _zeroed(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(size - 4096))


def _noise(path: Path) -> None:
    chance = random.Random(7)
    with path.open("r+b") as file:
        for page in range(1, path.stat().st_size // 4096):
            file.seek(page * 4096)
            file.write(chance.randbytes(24))


def _schema_bits(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(100)
        head = bytearray(file.read(60))
        for at in range(0, 60, 7):
            head[at] ^= 0x55
        file.seek(100)
        file.write(head)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inside").write_text("x")


def _gone(path: Path) -> None:
    path.unlink()


def _other(path: Path) -> None:
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE meta (name TEXT, value TEXT)")
    other.commit()
    other.close()


DAMAGES = (_header, _truncated, _emptied, _zeroed, _noise, _schema_bits, _folder, _gone, _other)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda d: d.__name__.strip("_"))
def test_a_damaged_cache_is_rebuilt_with_every_command(
    office: Office, damage: Callable[[Path], None]
) -> None:
    desk = office.desk()
    first = desk.log()
    waiting = [desk.give(note_command(first, text=f"unsent {n}")) for n in range(3)]
    logged = log_command(desk)
    desk.give(logged)
    desk.close()
    office.desks.clear()
    for _ in range(2):  # the second time something lies aside already
        damage(desk.folder / "cache.db")
        again = Desk(desk.folder, office.path, office.clock)
        assert [p.envelope.command_id for p in again.replica.pending()][:3] == [
            e.command_id for e in waiting
        ]
        assert len(notes_of(again, first)) == 3
        again.close()
    last = Desk(desk.folder, office.path, office.clock)
    last.sync()
    assert not last.replica.pending()
    assert sorted(n.text for n in notes_of(last, first)) == [f"unsent {n}" for n in range(3)]
    assert last.incident(logged.incident_id).number == logged.number
    last.close()


def test_a_damaged_line_of_the_journal_is_told_and_never_replayed(office: Office) -> None:
    desk = office.desk()
    id_ = desk.log()
    for n in range(3):
        desk.give(note_command(id_, text=f"unsent {n}"))
    desk.close()
    office.desks.clear()
    journal = connect(desk.folder / "journal.db")
    journal.execute(
        "UPDATE entry SET body = replace(body, 'unsent 1', 'forged 1') WHERE body LIKE '%unsent 1%'"
    )
    journal.close()
    (desk.folder / "cache.db").unlink()
    again = Desk(desk.folder, office.path, office.clock)
    assert again.replica.damaged_count == 1
    again.sync()
    assert sorted(n.text for n in notes_of(again, id_)) == ["unsent 0", "unsent 2"]
    again.close()


def test_a_ruined_journal_is_replaced_by_what_the_cache_knows(office: Office) -> None:
    desk = office.desk()
    id_ = desk.log()
    waiting = [desk.give(note_command(id_, text=f"unsent {n}")) for n in range(3)]
    logged = log_command(desk)
    waiting.append(desk.give(logged))
    places = [p.seq for p in desk.replica.pending()]
    identity = desk.replica._identity
    desk.close()
    office.desks.clear()
    (desk.folder / "journal.db").write_bytes(b"ruined" * 999)
    again = Desk(desk.folder, office.path, office.clock, is_connected=False)
    assert [(f.code, f.context["kept"]) for f in again.replica.facts] == [("journal-replaced", 4)]
    kept = [(e.seq, e.envelope) for e in again.replica._journal.entries()[0]]
    assert kept == list(zip(places, waiting, strict=True))
    assert again.replica._identity == identity
    assert (desk.folder / "journal.db.kept.1").read_bytes().startswith(b"ruined")
    again.connect()
    again.sync()
    assert not again.replica.pending()
    assert sorted(n.text for n in notes_of(again, id_)) == [f"unsent {n}" for n in range(3)]
    assert again.incident(logged.incident_id).number == logged.number
    again.close()
    (desk.folder / "cache.db").unlink()
    told_once = Desk(desk.folder, office.path, office.clock)
    assert told_once.replica.facts == ()
    told_once.close()


def test_when_journal_and_cache_are_ruined_that_is_said(office: Office) -> None:
    desk = office.desk()
    id_ = desk.log()
    desk.give(note_command(id_, text="unsent"))
    desk.close()
    office.desks.clear()
    for name in ("journal.db", "cache.db"):
        (desk.folder / name).write_bytes(b"ruined" * 999)
    again = Desk(desk.folder, office.path, office.clock)
    assert [(f.code, f.context["kept"]) for f in again.replica.facts] == [("journal-lost", 0)]
    assert not notes_of(again, id_)
    again.do(note_command(id_, text="typed again"))
    again.do(log_command(again))
    again.close()


def test_a_journal_that_lost_its_end_gets_it_back(office: Office) -> None:
    """A damaged write-ahead log ends where the damage begins, and SQLite calls that sound."""
    desk = office.desk()
    id_ = desk.log()
    desk.do(note_command(id_, text="sent"))
    given = [desk.give(note_command(id_, text=f"unsent {n}")).command_id for n in range(3)]
    desk.close()
    office.desks.clear()
    journal = connect(desk.folder / "journal.db")
    journal.execute("DELETE FROM entry WHERE seq > 1")
    journal.execute("UPDATE sqlite_sequence SET seq = 1")
    journal.close()
    again = Desk(desk.folder, office.path, office.clock)
    entries, _ = again.replica._journal.entries(is_undecided_only=True)
    assert [entry.envelope.command_id for entry in entries] == given
    again.do(note_command(id_, text="after"))
    assert len(notes_of(again, id_)) == 5
    again.close()


@pytest.mark.parametrize("with_journal", [True, False], ids=["other-desk", "no-journal"])
def test_the_cache_of_another_desk_is_noticed(office: Office, with_journal: bool) -> None:
    one, two = office.desk("one"), office.desk("two")
    id_ = one.log()
    one.sync()
    one.give(note_command(id_, text="mine"))
    for desk in (one, two):
        desk.close()
    office.desks.clear()
    shutil.copy(one.folder / "cache.db", two.folder / "cache.db")
    (two.folder / "cache.db.closed").unlink()
    if not with_journal:
        (two.folder / "journal.db").unlink()
    again = Desk(two.folder, office.path, office.clock, is_connected=False)
    # With a journal of another desk it is not this one's cache; without one it stands for it.
    assert again.replica.needs_snapshot == with_journal
    assert len(again.replica.pending()) == (0 if with_journal else 1)
    again.close()


def test_a_conflict_survives_the_loss_of_the_cache_until_it_is_dismissed(office: Office) -> None:
    one, two = office.desk(), office.desk()
    id_ = one.log()
    two.sync()
    one.start(id_)
    refused = two.give(StartIncident(incident_id=id_), MAYA)
    two.sync()
    for _ in range(2):
        two.close()
        office.desks.remove(two)
        for file in two.folder.glob("cache.db*"):
            file.unlink()
        two = Desk(two.folder, office.path, office.clock)
        office.desks.append(two)
        two.sync()
        assert [p.envelope.command_id for p in two.conflicts()] == [refused.command_id]
    two.replica.dismiss(refused.command_id)
    shutil.rmtree(two.folder / "cache.db", ignore_errors=True)
    two.close()
    office.desks.remove(two)
    for file in two.folder.glob("cache.db*"):
        file.unlink()
    last = Desk(two.folder, office.path, office.clock)
    last.sync()
    assert not last.replica.pending()
    last.close()
