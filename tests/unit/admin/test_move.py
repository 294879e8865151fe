"""From one desk to a team: all of it, once, as it was, and the desk's own files as they were."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from builders import (
    DANA,
    KIM,
    MAYA,
    Desk,
    Office,
    Parts,
    close_command,
    note_command,
    office_at,
    resolve_command,
)
from postgres_server import DatabasesForTests
from team import settings

from services.admin import moving
from services.admin.embedded_source import Profile, opened
from services.admin.moving import CopyDiffers, Move
from services.admin.postgres_schema import create
from services.core.cipher import mark_of
from services.core.clock import ManualClock
from services.core.database import connect
from services.core.secrets import Secret
from services.incidents.extent import EXTENT
from services.incidents.incident import HistoryEntry, Incident, Note
from services.people.commands import ChangePerson
from services.people.person import Person
from services.registry import RECORDS
from services.sync.digest import BUCKETS
from services.sync.shared_postgres import SharedPostgres

Administer = Callable[..., tuple[int, str]]
PASSWORDS = re.compile(r"^  (\S+)\t.*\t(\S+)$", re.MULTILINE)


@pytest.fixture
def office() -> Iterator[Office]:
    """One desk with some months of work, all of it sent."""
    with office_at() as office:
        desk = office.desk()
        first = desk.log(summary="Räder stehen still 🚲")
        desk.do(note_command(first, text="شكرا"))
        desk.do(resolve_command(first))
        desk.do(close_command(first, desk.clock.now()))
        for _ in range(5):
            desk.escalate(desk.start(desk.log()))
        gone = desk.get(Person, KIM)
        desk.do(_retire(gone), MAYA)
        desk.sync()
        yield office


def _retire(person: Person) -> ChangePerson:
    return ChangePerson(
        person_id=person.id, name=person.name, email="", phone="", job_title="", department="",
        site="", asset_tag="", is_vip=False, is_active=False, manager_id=None,
    )  # fmt: skip


@dataclass
class Target:
    """A team's database that was just made."""

    databases: DatabasesForTests
    name: str

    def connect(self) -> psycopg.Connection:
        return self.databases.access.connect(self.name)


@pytest.fixture
def target(own_databases: DatabasesForTests) -> Iterator[Target]:
    with own_databases.of_one_test() as make:
        target = Target(own_databases, make())
        with target.connect() as owner:
            create(owner)
        yield target


def left_by(office: Office) -> Path:
    """The file of a desk that was closed."""
    office.close()
    office.desks.clear()
    return office.path


def moved(administer: Administer, target: Target, path: Path, *more: str) -> tuple[int, str]:
    access = target.databases.access
    return administer(access, target.name, "move", "--from", f"embedded={path}", *more)


def hashes(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def desk_of(target: Target, login: str, password: str, folder: Path, clock: ManualClock) -> Desk:
    shared = SharedPostgres(
        settings(target.databases.access, target.name, login),
        lambda: Secret(password),
        RECORDS,
        EXTENT,
    )
    folder.mkdir()
    made: Any = lambda *_: shared  # noqa: E731
    return Desk(folder, folder / "none", clock, parts=Parts(shared=made))


def test_a_team_works_on_with_everything_that_one_desk_had(
    office: Office, target: Target, administer: Administer, tmp_path: Path
) -> None:
    desk = office.desks[0]
    expected = {record: desk.find(record) for record in RECORDS}
    path = left_by(office)
    before = hashes(path.parent)
    code, said = moved(administer, target, path)
    assert code == 0, said
    assert hashes(path.parent) == before
    passwords = dict(PASSWORDS.findall(said))
    assert passwords.keys() == {p.login for p in expected[Person] if p.login}
    dana = desk_of(target, "dana", passwords["dana"], tmp_path / "dana", office.clock)
    try:
        for record in RECORDS:
            assert dana.find(record) == expected[record], record
        assert all(dana.replica.check(bucket) for bucket in range(BUCKETS))
        used = {incident.number for incident in expected[Incident]}
        new = dana.log()
        assert dana.incident(new).number > max(used)
        dana.do(note_command(expected[Note][0].incident_id, text="As a team"))
        assert len(dana.find(HistoryEntry)) > len(expected[HistoryEntry])
    finally:
        dana.close()
    code, said = moved(administer, target, path)
    assert (code, "other work" in said or "login" in said) == (2, True)


def test_without_logins_only_the_founder_comes_in(
    office: Office, target: Target, administer: Administer
) -> None:
    access = target.databases.access
    code, said = moved(administer, target, left_by(office), "--without-logins")
    # In the small world everybody has the id of a founder; Adam is the first administrator.
    assert (code, [login for login, _ in PASSWORDS.findall(said)]) == (0, ["adam"])
    code, said = administer(access, target.name, "person", "admit", "dana")
    assert code == 0
    password = re.findall(r"shown this once: (\S+)", said)[0]
    with access.connect(target.name, user="dana", password=password) as dana:
        found = dana.execute("SELECT count(*) FROM sync.incident").fetchone()
    assert found == (6,)


KILLED = """
import os, signal, sys
from pathlib import Path
import psycopg
from services.admin import moving
from services.admin.embedded_source import Profile, opened
moving.ROWS_AT_ONCE = 3
def told(done):
    if done >= int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
with opened(Profile(Path(sys.argv[1]))) as source, psycopg.connect(
    sys.argv[2], autocommit=True
) as target:
    move = moving.Move(source, target)
    move.ensure_possible()
    move.copy(told)
"""


def test_logins_that_cannot_be_made_are_told(
    office: Office, target: Target, administer: Administer
) -> None:
    with target.connect() as owner:
        owner.execute("CREATE ROLE dana; CREATE ROLE adam")
    path = left_by(office)
    code, said = moved(administer, target, path)
    assert (code, "a login “adam” already" in said) == (2, True)  # before anything is copied
    with target.connect() as owner:
        owner.execute("DROP ROLE adam")
    code, said = moved(administer, target, path)
    assert code == 0
    assert "dana\tDana\tno login" in said


def test_a_move_that_is_killed_again_and_again_goes_on(
    office: Office, target: Target, administer: Administer
) -> None:
    path = left_by(office)
    before = hashes(path.parent)
    conninfo = psycopg.conninfo.make_conninfo(**target.databases.access.parameters(target.name))
    for rows in (5, 40, 60):
        arguments = (str(path), conninfo, str(rows))
        done = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False)
        assert done.returncode == -9
        with target.connect() as owner:
            people = owner.execute("SELECT count(*) FROM firstline.person").fetchone()
            assert people is not None
            assert people[0] > 0
            assert owner.execute("SELECT FROM pg_roles WHERE rolname = 'dana'").fetchone() is None
    code, said = moved(administer, target, path)
    assert code == 0, said
    assert hashes(path.parent) == before


def test_a_change_on_the_way_is_noticed(office: Office, target: Target) -> None:
    with opened(Profile(left_by(office))) as source, target.connect() as owner:
        move = Move(source, owner)
        move.ensure_possible()
        move.copy(lambda _: None)
        move.compare()
        with owner.transaction():
            owner.execute("ALTER TABLE firstline.note DISABLE TRIGGER USER")
            owner.execute("UPDATE firstline.note SET text = text || '!'")
        with pytest.raises(CopyDiffers, match="note"):
            move.compare()


def test_triggers_are_only_off_within_the_copy(office: Office, target: Target) -> None:
    off = "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O' AND NOT tgisinternal"
    seen: list[object] = []
    with opened(Profile(left_by(office))) as source, target.connect() as owner:
        move = Move(source, owner)
        move.ensure_possible()
        move.copy(lambda _: seen.append(owner.execute(off).fetchone()))
    assert set(seen) == {(0,)}


def test_what_is_not_sent_yet_is_not_left_behind(
    office: Office, target: Target, administer: Administer
) -> None:
    desk = office.desks[0]
    incident = desk.log()
    desk.wire.is_cut = True
    for text in ("one", "two", "three"):
        desk.give(note_command(incident, text=text), DANA)
    journal = desk.folder / "journal.db"
    path = left_by(office)
    path.with_name("journal.db").write_bytes(journal.read_bytes())
    code, said = moved(administer, target, path)
    assert (code, "3 changes of this desk are not yet saved for all" in said) == (2, True)
    path.with_name("journal.db").unlink()
    assert moved(administer, target, path)[0] == 0


def test_what_is_not_moved(
    office: Office, target: Target, administer: Administer, tmp_path: Path
) -> None:
    assert "There is no database" in moved(administer, target, tmp_path / "none.db")[1]
    path = left_by(office)
    lock = path.with_name("profile.lock")
    lock.touch()
    assert "in use" in moved(administer, target, path)[1]
    lock.unlink()
    journal = path.with_name("journal.db")
    journal.write_bytes(b"what nobody can read without the key")
    mark_of(journal).touch()
    assert "is encrypted" in moved(administer, target, path)[1]
    journal.unlink()
    with connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    assert "edition 0001" in moved(administer, target, path)[1]


def test_a_database_with_other_work_is_not_mixed(
    office: Office, target: Target, administer: Administer
) -> None:
    access = target.databases.access
    assert administer(access, target.name, "init", "--founder", "zoe")[0] == 0
    code, said = moved(administer, target, left_by(office))
    assert (code, "holds other work already" in said) == (2, True)


def test_all_the_tables_of_one_desk_are_moved(office: Office) -> None:
    with opened(Profile(left_by(office))) as source:
        found = source.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    own = {"meta", "client", "feed", "submitting", "command_rule", "transition_rule", "writable",
           "throttle_rule", "dispatcher_beat", "paging_clock", "alembic_version"}  # fmt: skip
    assert {row[0] for row in found} - own == {copied.table for copied in moving.TABLES}
