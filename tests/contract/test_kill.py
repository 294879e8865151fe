"""Nothing that was acknowledged is lost or done twice, however the program ends."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
from builders import (
    MAYA,
    TABLES,
    Desk,
    Office,
    log_command,
    new_shared,
    note_command,
    notes_of,
)

from services.core.clock import ManualClock, SystemClock
from services.core.database import connect
from services.core.drafts import Drafts
from services.core.errors import DatabaseUnreadable, DiskFull
from services.incidents.acts import StartIncident
from services.incidents.incident import HistoryEntry, Incident, Note
from services.sync.errors import ClientUnknown

GIVER = Path(__file__).with_name("command_giver.py")
HOUSE = Path(__file__).resolve().parents[2]


def killed_run(folder: Path, shared: Path, lines: int) -> list[UUID]:
    """What a desk acknowledged before it was killed after so many lines, or a little later."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(HOUSE), str(HOUSE / "tests")))}
    process = subprocess.Popen(
        [sys.executable, str(GIVER), str(folder), str(shared)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    with process.stdout as told:
        words = [told.readline().split() for _ in range(lines)]
        process.kill()
        # A last line may be half written.
        words += [
            line.split() for line in told.read().splitlines(keepends=True) if line[-1:] == "\n"
        ]
    process.wait()
    return [UUID(line[1]) for line in words]


def run_kills(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    shared = new_shared(folder)
    profile = folder / "profile"
    profile.mkdir()
    acknowledged: list[UUID] = []
    for _ in range(kills):
        acknowledged += killed_run(profile, shared, chance.randint(1, 60))
    assert len(acknowledged) == len(set(acknowledged))
    clock = ManualClock(SystemClock().now())
    desk = Desk(profile, shared, clock)
    desk.sync()
    assert not desk.conflicts()
    truth = sqlite3.connect(shared)
    outcomes = dict(truth.execute("SELECT command_id, outcome FROM command"))
    done = [row[0] for row in truth.execute("SELECT command_id FROM history_entry")]
    notes = truth.execute("SELECT count(*) FROM note").fetchone()[0]
    given = truth.execute("SELECT count(*) FROM command WHERE name = 'AddNote'").fetchone()[0]
    numbers = [row[0] for row in truth.execute("SELECT number FROM incident")]
    assert {outcomes.get(str(id_)) for id_ in acknowledged} == {"applied"}
    assert len(done) == len(set(done))
    assert notes == given
    assert len(numbers) == len(set(numbers))
    ensure_equal(desk, truth)
    truth.close()
    desk.close()


def ensure_equal(desk: Desk, truth: sqlite3.Connection) -> None:
    cache = desk.replica._cache._connection
    for table in TABLES:
        sql = f"SELECT * FROM {table} ORDER BY id"
        assert [tuple(r) for r in cache.execute(sql)] == list(truth.execute(sql)), table


@pytest.mark.timeout(120)
def test_nothing_acknowledged_is_lost_by_five_kills(tmp_path: Path) -> None:
    run_kills(tmp_path, 5, seed=5)


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_nothing_acknowledged_is_lost_by_two_hundred_kills(tmp_path: Path) -> None:
    for seed in range(8):
        run_kills(tmp_path / str(seed), 25, seed)


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


# -- other programs and folders ------------------------------------------------------------


def test_a_second_program_on_the_same_files_does_no_harm(office: Office) -> None:
    """The lock of the profile forbids it; if it happens all the same, nothing is lost."""
    desk = office.desk("desk")
    id_ = desk.log()
    second = Desk(desk.folder, office.path, office.clock)
    for n in range(5):
        desk.give(note_command(id_, text=f"first {n}"))
        second.give(note_command(id_, text=f"second {n}"))
    with pytest.raises(ClientUnknown):
        desk.sync()
    desk.connect()  # as the sync thread does after any refusal
    desk.sync()
    second.close()
    assert not desk.replica.pending()
    texts = sorted(note.text for note in notes_of(desk, id_))
    assert texts == sorted(f"{who} {n}" for who in ("first", "second") for n in range(5))


@pytest.mark.parametrize("name", ["journal.db", "drafts.db"])
def test_a_folder_in_the_place_of_a_file_is_set_aside(office: Office, name: str) -> None:
    desk = office.desk("desk")
    id_ = desk.log()
    desk.give(note_command(id_, text="unsent"))
    desk.close()
    office.desks.clear()
    (desk.folder / name).unlink(missing_ok=True)
    (desk.folder / name).mkdir()
    (desk.folder / name / "inside").write_text("x")
    drafts = Drafts(desk.folder / "drafts.db")
    again = Desk(desk.folder, office.path, office.clock)
    again.sync()
    assert [note.text for note in notes_of(again, id_)] == ["unsent"]
    assert (desk.folder / f"{name}.kept.1" / "inside").exists()
    again.close()
    drafts.close()


def test_a_folder_that_cannot_be_written_is_told_and_left(office: Office) -> None:
    desk = office.desk("desk")
    id_ = desk.log()
    desk.give(note_command(id_, text="unsent"))
    desk.close()
    office.desks.clear()
    before = {file: file.read_bytes() for file in desk.folder.iterdir()}
    with unwritable(desk.folder), pytest.raises(DatabaseUnreadable):
        Desk(desk.folder, office.path, office.clock)
    assert {file: file.read_bytes() for file in desk.folder.iterdir()} == before
    again = Desk(desk.folder, office.path, office.clock)
    again.sync()
    assert [note.text for note in notes_of(again, id_)] == ["unsent"]
    again.close()


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """Nothing in this folder can be written, not even by root."""
    if os.geteuid() != 0:
        folder.chmod(0o500)
        for file in folder.iterdir():
            file.chmod(0o400)
        yield
        folder.chmod(0o700)
        for file in folder.iterdir():
            file.chmod(0o600)
        return
    bound = ["mount", "--bind", str(folder), str(folder)]
    if not shutil.which("mount") or subprocess.run(bound, check=False).returncode:
        pytest.skip("root can write anywhere, and cannot mount a folder here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


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
