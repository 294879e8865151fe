"""A desk and its server on a network that fails: noticed, told as what it is, and healed."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from builders import DANA, Desk, Office, Parts, log_command, note_command, notes_of
from contract.team_giver import team_desk
from fault_proxy import Faults, fault_proxy
from postgres_server import DatabasesForTests
from team import PASSWORD, Team, fill

from services.admin.private_postgres import HOST, PrivatePostgres, free_port
from services.admin.server_process import _children
from services.core.clock import SystemClock
from services.core.ids import new_id
from services.core.messages import message_of
from services.core.profiles import ConnectionSettings, Tls
from services.core.server_address import Host
from services.incidents.acts import StartIncident
from services.incidents.extent import EXTENT
from services.registry import RECORDS
from services.sync import worker
from services.sync.connection_faults import NoPrimary, ServerNotListening
from services.sync.errors import SharedUnreachable
from services.sync.pending import PendingState
from services.sync.postgres import connection
from services.sync.postgres.calls import OWNER_CALLS
from services.sync.shared import ClientIdentity, Introduction, Submission
from services.sync.shared_postgres import SharedPostgres, _batch
from services.sync.suspicion import DEATHS
from services.sync.worker import SyncState, SyncWorker

PATIENCE_S = 60.0
WITHOUT_BELL = next(call for call in OWNER_CALLS if "pg_notify" in call).replace(
    "PERFORM pg_notify", "-- PERFORM pg_notify"
)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits of production, shortened."""
    monkeypatch.setattr(connection, "READ_TIMEOUT_S", 1.0)
    monkeypatch.setitem(connection.DEFAULTS, "connect_timeout", "2")
    monkeypatch.setattr(worker, "BACK_OFF_S", (0.05,))
    monkeypatch.setattr(worker, "POLL_S", 0.2)


class Online:
    """A desk with the thread that exchanges, and what that thread has told."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.state = SyncState()
        self._told = threading.Condition()
        self._worker = SyncWorker(desk.replica, SystemClock(), self._hear)
        self._worker.start()

    def _hear(self, state: SyncState) -> None:
        with self._told:
            self.state = state
            self._told.notify_all()

    def until(self, is_so: Callable[[SyncState], bool]) -> SyncState:
        """The first state that is so."""
        with self._told:
            assert self._told.wait_for(lambda: is_so(self.state), PATIENCE_S), self.state
            return self.state

    def give(self, command: object) -> None:
        """Give a command and wake the thread."""
        self.desk.give(command, DANA)
        self._worker.wake()

    def stop(self) -> None:
        """End the thread and let go of the files."""
        self._worker.stop(PATIENCE_S)
        self.desk.close()


@contextmanager
def online(desk: Desk) -> Iterator[Online]:
    running = Online(desk)
    try:
        running.until(lambda state: state.is_online)
        yield running
    finally:
        running.stop()


@contextmanager
def own(folder: Path, port: int, database: str, login: str = "dana") -> Iterator[Desk]:
    """A connected desk of one person."""
    folder.mkdir(exist_ok=True)
    desk = team_desk(folder, [port], database, login)
    try:
        desk.connect()
        yield desk
    finally:
        desk.close()


@pytest.fixture
def database(databases: DatabasesForTests, new_database: Callable[..., str]) -> str:
    return new_database(databases.template("small world", fill))


# -- silence -------------------------------------------------------------------------------


@pytest.mark.usefixtures("impatient")
def test_a_black_hole_is_noticed_and_heals(
    databases: DatabasesForTests, database: str, tmp_path: Path
) -> None:
    with fault_proxy(databases.access.port) as proxy:
        tmp_path.joinpath("desk").mkdir()
        desk = team_desk(tmp_path / "desk", [proxy.port], database, "dana")
        with online(desk) as running:
            id_ = UUID(int=0)
            for n in range(3):
                proxy.set(Faults(is_black_hole=True))
                if n == 0:
                    command = log_command(desk)
                    id_ = command.incident_id
                    running.give(command)
                else:
                    running.give(note_command(id_, text=f"note {n}"))
                state = running.until(lambda state: not state.is_online)
                assert isinstance(state.problem, SharedUnreachable)
                assert len(desk.replica.pending()) == 1
                proxy.set()
                running.until(lambda state: state.is_online and not desk.replica.pending())
    with databases.access.connect(database) as admin:
        counts = admin.execute(
            "SELECT (SELECT count(*) FROM firstline.incident), count(*) FROM firstline.note"
        ).fetchone()
    assert counts == (1, 2)


@pytest.mark.usefixtures("impatient")
def test_a_frozen_server_is_noticed_and_what_it_does_later_counts_once(
    fresh_server: Callable[..., PrivatePostgres], tmp_path: Path
) -> None:
    server = fresh_server()
    with server.access.connect() as admin:
        admin.execute("CREATE DATABASE team")
    fill(server.access, "team")
    with own(tmp_path / "desk", server.access.port, "team") as desk:
        id_ = desk.log()
        desk.give(note_command(id_), DANA)
        with frozen(server):
            with pytest.raises(SharedUnreachable):
                desk.replica.push()
            with pytest.raises(SharedUnreachable):
                desk.connect()
            assert [p.state for p in desk.replica.pending()] == [PendingState.WAITING]
        desk.connect()
        desk.sync()
        assert not desk.replica.pending()
        assert len(notes_of(desk, id_)) == 1


@contextmanager
def frozen(server: PrivatePostgres) -> Iterator[None]:
    """Every process of the server is stopped; the system still answers for it."""
    assert server.pid
    family = [server.pid, *_children(server.pid)]
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)


def test_a_frozen_desk_stops_nobody(team: Team) -> None:
    """It has sent a command and never reads the answer: nothing is held for it."""
    desk, other = team.desk(), team.desk()
    id_ = desk.log()
    other.sync()
    desk.give(note_command(id_))
    (pending,) = desk.replica.pending()
    shared = desk.wire.inner
    assert isinstance(shared, SharedPostgres)
    connected = shared._connection
    assert connected
    batch = _batch([Submission(pending.seq, pending.envelope, pending.ops)])
    identity = desk.replica._identity
    connected.pgconn.send_query_params(
        b"SELECT * FROM sync.submit($1, $2, $3)",
        [str(identity.client_id).encode(), str(identity.nonce).encode(), batch.encode()],
    )
    while connected.pgconn.flush():
        pass
    other.do(StartIncident(incident_id=id_))
    shared._disconnect()
    desk.connect()
    desk.sync()
    assert not desk.replica.pending()
    assert len(notes_of(desk, id_)) == 1


def test_whoever_freezes_in_a_transaction_is_ended(team: Team) -> None:
    """Only somebody with a program of their own opens one; the server ends it."""
    desk = team.desk()
    id_ = desk.log()
    access = team.databases.access
    holder = access.connect(team.database, options="-c idle_in_transaction_session_timeout=300ms")
    holder.execute("BEGIN")
    holder.execute("SELECT FROM firstline.incident WHERE id = %s FOR UPDATE", (id_,))
    desk.do(StartIncident(incident_id=id_))
    with pytest.raises(psycopg.errors.IdleInTransactionSessionTimeout):
        holder.execute("SELECT 1")
    holder.close()


# -- which server --------------------------------------------------------------------------


def several(ports: tuple[int, ...], database: str) -> SharedPostgres:
    hosts = tuple(Host(HOST, port) for port in ports)
    settings = ConnectionSettings(hosts, database, "dana", Tls.NONE)
    return SharedPostgres(settings, lambda: PASSWORD, RECORDS, EXTENT)


def test_the_server_that_takes_writes_is_found(
    databases: DatabasesForTests,
    database: str,
    fresh_server: Callable[..., PrivatePostgres],
    tmp_path: Path,
    office: Office,
) -> None:
    reading = fresh_server(settings={"default_transaction_read_only": "on"})
    access = databases.access
    with reading.access.connect(options="-c default_transaction_read_only=off") as admin:
        admin.execute(f"CREATE DATABASE {database}")
        admin.execute("CREATE ROLE dana LOGIN")
        verifier = access.connect()
        found = verifier.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = 'dana'"
        ).fetchone()
        verifier.close()
        assert found
        admin.execute(f"ALTER ROLE dana PASSWORD '{found[0]}'")
    for ports in ((free_port(), access.port), (reading.access.port, access.port)):
        folder = tmp_path / str(ports[0])
        folder.mkdir()
        desk = Desk(
            folder,
            folder,
            office.clock,
            parts=Parts(shared=lambda *_, p=ports: several(p, database)),
        )
        desk.log()
        desk.close()
    for wrong, fact in ((free_port(), ServerNotListening), (reading.access.port, NoPrimary)):
        with closing(several((wrong,), database)) as shared, pytest.raises(fact):
            shared.hello(_introduction())


def _introduction() -> Introduction:
    now = SystemClock().now()
    return Introduction(ClientIdentity(new_id(now), new_id(now)))


def test_a_server_that_no_longer_takes_writes_is_left_and_its_restart_survived(
    fresh_server: Callable[..., PrivatePostgres], tmp_path: Path
) -> None:
    server = fresh_server()
    with server.access.connect() as admin:
        admin.execute("CREATE DATABASE team")
    fill(server.access, "team")
    with own(tmp_path / "desk", server.access.port, "team") as desk:
        id_ = desk.log()
        desk.give(note_command(id_), DANA)
        demote(server, desk, is_standby=True)
        with pytest.raises(NoPrimary) as told:
            desk.replica.push()
        assert message_of(told.value).happened.startswith(f"{HOST}:{server.access.port} answers")
        with pytest.raises(SharedUnreachable):
            desk.replica.push()  # the session is given up
        with pytest.raises(NoPrimary):
            desk.connect()
        demote(server, desk, is_standby=False)
        desk.connect()
        server.restart()
        with pytest.raises(SharedUnreachable):
            desk.sync()
        desk.connect()
        desk.sync()
        assert not desk.replica.pending()
        assert len(notes_of(desk, id_)) == 1


def demote(server: PrivatePostgres, desk: Desk, *, is_standby: bool) -> None:
    """From now on no session may write, or every one may; returns when ``desk``'s knows it."""
    with server.access.connect() as admin:
        if is_standby:
            admin.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        else:
            admin.execute("ALTER SYSTEM RESET default_transaction_read_only")
        admin.execute("SELECT pg_reload_conf()")
    shared = desk.wire.inner
    assert isinstance(shared, SharedPostgres)
    while is_standby and shared._value("SHOW default_transaction_read_only") != "on":
        pass


# -- word of news --------------------------------------------------------------------------


def test_a_commit_wakes_whoever_waits(team: Team) -> None:
    one, two = team.desk(), team.desk()
    id_ = one.log()
    two.sync()
    two.wire.wait(two.replica._cache.cursor, 0)  # what rang so far is heard
    has_woken = threading.Event()

    def wait() -> None:
        two.replica.wait(PATIENCE_S * 10)
        has_woken.set()

    waiting = threading.Thread(target=wait)
    waiting.start()
    one.do(note_command(id_))
    one.replica.wait(1.0)  # the bell is paced: it may still be due, and then rings here
    try:
        assert has_woken.wait(PATIENCE_S), "it polls"
    finally:
        two.replica.interrupt()
        waiting.join()
    two.sync()
    assert len(notes_of(two, id_)) == 1


@pytest.mark.usefixtures("impatient")
def test_a_lost_bell_is_made_good_by_looking(
    databases: DatabasesForTests, database: str, tmp_path: Path
) -> None:
    with databases.access.connect(database) as admin:
        admin.execute(WITHOUT_BELL.encode())
    (tmp_path / "two").mkdir()
    two = team_desk(tmp_path / "two", [databases.access.port], database, "maya")
    with own(tmp_path / "one", databases.access.port, database) as one, online(two) as running:
        id_ = one.log()
        running.until(lambda _: _has(two, id_))


def _has(desk: Desk, id_: UUID) -> bool:
    with desk.replica._lock:
        found = desk.replica._cache._connection.execute(
            "SELECT 1 FROM incident WHERE id = ?", (str(id_),)
        )
        return found.fetchone() is not None


# -- limits of time ------------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["lock", "statement"])
def test_a_time_out_is_no_refusal(team: Team, monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    access = team.databases.access
    if limit == "statement":
        options = "-c statement_timeout=500ms -c client_min_messages=warning"
        monkeypatch.setitem(connection.DEFAULTS, "options", options)
    desk = team.desk()
    id_ = desk.log()
    with access.connect(team.database) as admin:
        admin.execute(
            "ALTER FUNCTION sync.submit SET lock_timeout = '%s'"
            % ("200ms" if limit == "lock" else "0")
        )
        with admin.transaction():
            admin.execute("SELECT FROM firstline.incident WHERE id = %s FOR UPDATE", (id_,))
            desk.give(StartIncident(incident_id=id_))
            for _ in range(DEATHS if limit == "lock" else 1):
                with pytest.raises(SharedUnreachable):
                    desk.replica.push()
                desk.connect()
        recorded = admin.execute(
            "SELECT count(*) FROM firstline.command WHERE act = 'StartIncident'"
        ).fetchone()
        assert recorded == (0,)
    assert [p.state for p in desk.replica.pending()] == [PendingState.WAITING]
    desk.sync()
    assert not desk.replica.pending()
