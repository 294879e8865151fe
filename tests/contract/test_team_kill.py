"""Nothing that a team's desk acknowledged is lost or done twice, whatever is killed or cut."""

import os
import queue
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from builders import Desk, Parts, note_command
from contract.team_giver import team_desk
from fault_proxy import READY, Faults, fault_proxy
from postgres_server import DatabasesForTests
from property.histories import tell
from property.test_three_desks import NewIdOnRetry
from team import fill

from services.admin.private_postgres import PrivatePostgres
from services.sync.errors import SharedUnreachable

GIVER = Path(__file__).with_name("team_giver.py")
HOUSE = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0
WRITERS = ("dana", "maya")


class Running:
    """A giver in a process of its own, and what it has said so far."""

    def __init__(self, folder: Path, ports: Sequence[int], database: str, login: str) -> None:
        folder.mkdir(exist_ok=True)
        path = os.pathsep.join(map(str, (HOUSE, HOUSE / "tests", GIVER.parent)))
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self._process = subprocess.Popen(
            [sys.executable, str(GIVER), str(folder), ",".join(map(str, ports)), database, login],
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._reading = threading.Thread(target=self._read, name="giver's words")
        self._reading.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            if line.endswith("\n"):  # the last one may be half written
                self.said.append(line)
                self._lines.put(line)
        self._lines.put("")

    def wait_for(self, word: str, times: int) -> None:
        """Return when it has said a word so many times more."""
        while times:
            line = self._lines.get(timeout=PATIENCE_S)
            assert line, f"it has ended: {self.kill()}"
            times -= line.startswith(word)

    def kill(self) -> str:
        """Kill -9; returns the end of what it complained of."""
        if self._errors.closed:
            return ""
        self._process.kill()
        self._reading.join()
        assert self._process.stdout
        self._process.stdout.close()
        self._process.wait()
        self._errors.seek(0)
        errors = self._errors.read()[-2_000:]
        self._errors.close()
        return errors

    def ids(self, word: str) -> list[UUID]:
        """The commands of which it has said a word."""
        return [UUID(line.split()[1]) for line in self.said if line.startswith(word)]


# -- the judge -----------------------------------------------------------------------------


def judge(admin: psycopg.Connection[Any], acknowledged: Sequence[UUID]) -> None:
    """Each acknowledged command is applied, and each applied one has exactly its own effect."""
    assert len(acknowledged) == len(set(acknowledged))
    log = dict(admin.execute("SELECT command_id, outcome FROM firstline.command").fetchall())
    lost = [id_ for id_ in acknowledged if log.get(id_) != "applied"]
    assert not lost, f"lost: {lost}"
    for act, table in (("LogIncident", "incident"), ("AddNote", "note")):
        given = _value(
            admin,
            "SELECT count(*) FROM firstline.command WHERE outcome = 'applied' AND act = %s",
            act,
        )
        assert given == _value(admin, f"SELECT count(*) FROM firstline.{table}"), act
    doubled = (
        "SELECT count(*) - count(DISTINCT (command_id, subject_id)) FROM firstline.history_entry"
    )
    assert _value(admin, doubled) == 0
    assert _value(admin, "SELECT count(*) - count(DISTINCT number) FROM firstline.incident") == 0
    unlike = (
        "SELECT count(*) FROM firstline.incident i WHERE version <> (SELECT count(*)"
        " FROM firstline.history_entry h WHERE h.subject_id = i.id)"
    )
    assert _value(admin, unlike) == 0, "a version without its entry"


def _value(admin: psycopg.Connection[Any], query: str, *values: object) -> int:
    row = admin.execute(query.encode(), values).fetchone()
    assert row
    return int(row[0])


def ensure_judged(admin: psycopg.Connection[Any], acknowledged: Sequence[UUID]) -> None:
    """The controls: the judge sees a lost command, a lost effect and one that came twice."""
    changes = (
        "DELETE FROM firstline.command WHERE command_id ="
        f" '{random.Random(1).choice(acknowledged)}'",
        "DELETE FROM firstline.note WHERE id = (SELECT id FROM firstline.note LIMIT 1)",
        "INSERT INTO firstline.note SELECT (jsonb_populate_record(n, jsonb_build_object("
        "'id', gen_random_uuid()))).* FROM firstline.note n LIMIT 1",
    )
    for change in changes:
        with admin.transaction(force_rollback=True):
            admin.execute("SET LOCAL session_replication_role = replica")
            admin.execute(change.encode())
            with pytest.raises(AssertionError):
                judge(admin, acknowledged)


def settle(folders: dict[str, Path], ports: Sequence[int], database: str) -> None:
    """Open the desks as the next start does: all they hold goes through, and they agree."""
    with ExitStack() as closing:
        desks: list[Desk] = []
        for login, folder in folders.items():
            desk = team_desk(folder, ports, database, login)
            closing.callback(desk.close)
            desk.connect()
            desks.append(desk)
        for desk in (*desks, *desks):
            desk.sync()
        for desk in desks:
            assert not desk.replica.pending()
            assert all(desk.replica.check(bucket) for bucket in range(16))


# -- kill -9 of desks ----------------------------------------------------------------------


def run_desk_kills(
    databases: DatabasesForTests, database: str, folder: Path, kills: int, seed: int
) -> None:
    chance = random.Random(seed)
    here: list[UUID] = []
    everywhere: list[UUID] = []
    for _ in range(kills):
        giver = Running(folder, [databases.access.port], database, "dana")
        giver.wait_for("", chance.randint(1, 60))
        giver.kill()
        here += giver.ids("here")
        everywhere += giver.ids("all")
    settle({"dana": folder}, [databases.access.port], database)
    assert set(everywhere) <= set(here)
    with databases.access.connect(database) as admin:
        judge(admin, here)
        ensure_judged(admin, here)
    tell(f"{kills} kills of desks, {len(here)} commands acknowledged, 0 lost, seed {seed}")


@pytest.mark.timeout(300)
def test_desks_killed_five_times_lose_nothing(
    databases: DatabasesForTests, new_database: Callable[..., str], tmp_path: Path
) -> None:
    database = new_database(databases.template("small world", fill))
    run_desk_kills(databases, database, tmp_path / "desk", 5, seed=5)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", range(8))
def test_desks_killed_two_hundred_times_lose_nothing(
    databases: DatabasesForTests, new_database: Callable[..., str], tmp_path: Path, seed: int
) -> None:
    database = new_database(databases.template("small world", fill))
    run_desk_kills(databases, database, tmp_path / "desk", 25, seed)


# -- kill -9 of the server -----------------------------------------------------------------


def run_server_kills(server: PrivatePostgres, folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    database = "team"
    with server.access.connect() as admin:
        admin.execute(f"CREATE DATABASE {database}")
    fill(server.access, database)
    folders = {login: folder / login for login in WRITERS}
    givers = [Running(folders[login], [server.access.port], database, login) for login in WRITERS]
    try:
        for _ in range(kills):
            for giver in givers:
                giver.wait_for("all", chance.randint(1, 30))
            server.kill()
            server.start()
        for giver in givers:  # they go on by themselves
            giver.wait_for("all", 20)
    finally:
        for giver in givers:
            giver.kill()
    settle(folders, [server.access.port], database)
    here = [id_ for giver in givers for id_ in giver.ids("here")]
    with server.access.connect(database) as admin:
        judge(admin, here)
        ensure_judged(admin, here)
    tell(f"{kills} kills of the server, {len(here)} commands acknowledged, 0 lost, seed {seed}")


@pytest.mark.timeout(300)
def test_a_server_killed_five_times_loses_nothing(
    fresh_server: Callable[..., PrivatePostgres], tmp_path: Path
) -> None:
    run_server_kills(fresh_server(), tmp_path, 5, seed=5)


@pytest.mark.nightly
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", range(4))
def test_a_server_killed_a_hundred_times_loses_nothing(
    fresh_server: Callable[..., PrivatePostgres], tmp_path: Path, seed: int
) -> None:
    run_server_kills(fresh_server(), tmp_path, 25, seed)


# -- cut commits ---------------------------------------------------------------------------


@contextmanager
def cut_desk(
    databases: DatabasesForTests, database: str, folder: Path, parts: Parts
) -> Iterator[Callable[[int], list[UUID]]]:
    """A desk behind a proxy; gives so many notes, each of whose answers is cut off."""
    folder.mkdir()
    with fault_proxy(databases.access.port) as proxy:
        desk = team_desk(folder, [proxy.port], database, "dana", parts)
        desk.connect()
        id_ = desk.log()

        def cut(times: int) -> list[UUID]:
            given = []
            for n in range(times):
                envelope = desk.give(note_command(id_, text=f"note {n}"))
                given.append(envelope.command_id)
                text = str(envelope.command_id).encode()
                proxy.set(Faults(swallow_answer_to=text, answer_ends=READY))
                with pytest.raises(SharedUnreachable):
                    desk.replica.push()
                desk.connect()
                desk.sync()
            assert proxy.cut == times
            return given

        try:
            yield cut
        finally:
            desk.close()


def run_cuts(
    databases: DatabasesForTests, database: str, folder: Path, cuts: int, parts: Parts
) -> None:
    with cut_desk(databases, database, folder, parts) as cut:
        given = cut(cuts)
    with databases.access.connect(database) as admin:
        judge(admin, given)
        asked = _value(admin, "SELECT count(*) FROM firstline.command WHERE act = 'AddNote'")
        assert asked == _value(admin, "SELECT count(*) FROM firstline.note") == cuts, "given twice"
    tell(f"{cuts} commits cut off, 0 lost, 0 done twice")


@pytest.mark.timeout(120)
def test_fifty_commits_whose_answer_is_cut_happen_once(
    databases: DatabasesForTests, new_database: Callable[..., str], tmp_path: Path
) -> None:
    database = new_database(databases.template("small world", fill))
    run_cuts(databases, database, tmp_path / "desk", 50, Parts())


def test_a_new_id_on_retry_is_seen(
    databases: DatabasesForTests, new_database: Callable[..., str], tmp_path: Path
) -> None:
    database = new_database(databases.template("small world", fill))
    with pytest.raises(AssertionError, match="twice"):
        run_cuts(databases, database, tmp_path / "desk", 2, Parts(wire=NewIdOnRetry))


@pytest.mark.nightly
@pytest.mark.timeout(7200)
def test_two_thousand_commits_whose_answer_is_cut_happen_once(
    databases: DatabasesForTests, new_database: Callable[..., str], tmp_path: Path
) -> None:
    database = new_database(databases.template("small world", fill))
    run_cuts(databases, database, tmp_path / "desk", 2_000, Parts())
