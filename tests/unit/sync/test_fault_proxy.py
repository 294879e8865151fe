"""The network of the fault tests does what it says, to plain bytes and to PostgreSQL."""

import contextlib
import select
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from fault_proxy import HOST, READY, FaultProxy, Faults, fault_proxy
from postgres_server import DatabasesForTests

PATIENCE_S = 20.0
SILENCE_S = 0.3
"""Silence can only be waited for; a loopback answer takes under a thousandth of this."""


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            while data := self.request.recv(65_536):
                self.request.sendall(data)


class EchoServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    block_on_close = True


@contextmanager
def echoing() -> Iterator[int]:
    with EchoServer((HOST, 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def proxy() -> Iterator[FaultProxy]:
    with echoing() as port, fault_proxy(port) as proxy:
        yield proxy


@pytest.fixture
def plug(proxy: FaultProxy) -> Iterator[socket.socket]:
    with call(proxy) as plug:
        assert asked(plug, b"hello") == b"hello"
        yield plug


def call(proxy: FaultProxy) -> socket.socket:
    return socket.create_connection((HOST, proxy.port), PATIENCE_S)


def asked(plug: socket.socket, said: bytes) -> bytes:
    plug.sendall(said)
    return heard(plug, len(said))


def heard(plug: socket.socket, size: int) -> bytes:
    """Up to ``size`` bytes; fewer when the other end hangs up."""
    data = b""
    while len(data) < size and (piece := plug.recv(size - len(data))):
        data += piece
    return data


def is_silent(plug: socket.socket) -> bool:
    return not select.select([plug], [], [], SILENCE_S)[0]


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.005)


def test_a_sound_network_passes_everything(proxy: FaultProxy) -> None:
    text = bytes(range(256)) * 4_000
    with call(proxy) as one, call(proxy) as two:
        sender = threading.Thread(target=one.sendall, args=[text])
        sender.start()
        assert heard(one, len(text)) == text
        sender.join()
        assert asked(two, b"x") == b"x"
        assert (proxy.opened, proxy.open, proxy.cut) == (2, 2, 0)
    until(lambda: proxy.open == 0)
    assert proxy.cut == 0


def test_a_delay_holds_both_ways(proxy: FaultProxy, plug: socket.socket) -> None:
    proxy.set(Faults(delay_s=0.1))
    began = time.monotonic()
    assert asked(plug, b"late") == b"late"
    assert time.monotonic() - began >= 0.2


def test_a_black_hole_says_nothing_and_gives_back_later(
    proxy: FaultProxy, plug: socket.socket
) -> None:
    proxy.set(Faults(is_black_hole=True))
    plug.sendall(b"lost?")
    with call(proxy) as newcomer:
        newcomer.sendall(b"me too")
        assert is_silent(plug)
        assert is_silent(newcomer)
        proxy.set()
        assert heard(plug, 5) == b"lost?"
        assert heard(newcomer, 6) == b"me too"
    assert proxy.cut == 0


def test_a_forgotten_connection_stays_mute(proxy: FaultProxy, plug: socket.socket) -> None:
    proxy.forget_all()
    proxy.set()
    plug.sendall(b"anybody?")
    with call(proxy) as newcomer:
        assert asked(newcomer, b"new") == b"new"
    assert is_silent(plug)


def test_cut_connections_end_and_new_ones_pass(proxy: FaultProxy, plug: socket.socket) -> None:
    proxy.cut_all()
    assert plug.recv(1) == b""
    assert proxy.cut == 1
    with call(proxy) as newcomer:
        assert asked(newcomer, b"new") == b"new"


def test_a_reset_is_a_reset(proxy: FaultProxy, plug: socket.socket) -> None:
    proxy.reset_all()
    with pytest.raises(ConnectionResetError):
        plug.recv(1)
    assert proxy.cut == 1


def test_a_refusing_network_closes_at_once(proxy: FaultProxy, plug: socket.socket) -> None:
    proxy.set(Faults(refuses=True))
    with call(proxy) as newcomer:
        assert newcomer.recv(1) == b""
    assert asked(plug, b"still here") == b"still here"
    assert (proxy.opened, proxy.cut) == (2, 1)


def test_an_answer_drips(proxy: FaultProxy, plug: socket.socket) -> None:
    proxy.set(Faults(drips=100))
    began = time.monotonic()
    assert asked(plug, b"x" * 40) == b"x" * 40
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize("size", [1, 7, 20_000])
def test_a_connection_is_cut_after_so_many_bytes(
    proxy: FaultProxy, plug: socket.socket, size: int
) -> None:
    proxy.set(Faults(cut_after=size))
    plug.sendall(b"x" * 50_000)
    assert len(heard(plug, 50_000)) == size
    assert proxy.cut == 1


@pytest.mark.parametrize("pieces", [[b"please COMMIT now"], [b"please COM", b"MIT now"]])
def test_the_answer_to_a_text_is_swallowed(
    proxy: FaultProxy, plug: socket.socket, pieces: list[bytes]
) -> None:
    proxy.set(Faults(swallow_answer_to=b"COMMIT", answer_ends=b"now"))
    assert asked(plug, b"other") == b"other"
    assert asked(plug, pieces[0]) == pieces[0] if len(pieces) > 1 else True
    plug.sendall(pieces[-1])
    assert plug.recv(1) == b""
    assert proxy.cut == 1
    with call(proxy) as newcomer:
        assert asked(newcomer, b"COMMIT") == b"COMMIT", "only the next one is swallowed"


def test_nothing_is_left_when_it_stops() -> None:
    with echoing() as port:
        with fault_proxy(port) as proxy:
            plug = call(proxy)
            assert asked(plug, b"x") == b"x"
            proxy.set(Faults(is_black_hole=True))
        with plug:
            assert plug.recv(1) == b""
        with pytest.raises(ConnectionRefusedError):
            call(proxy)


@pytest.fixture
def to_postgres(databases: DatabasesForTests) -> Iterator[FaultProxy]:
    with fault_proxy(databases.access.port) as proxy:
        yield proxy


def connect(databases: DatabasesForTests, database: str, proxy: FaultProxy) -> psycopg.Connection:
    return databases.access.connect(
        database, port=str(proxy.port), connect_timeout="2", tcp_user_timeout="2000"
    )


def test_a_black_hole_ends_the_attempt_to_connect(
    databases: DatabasesForTests, new_database: Callable[..., str], to_postgres: FaultProxy
) -> None:
    database = new_database()
    to_postgres.set(Faults(is_black_hole=True))
    with pytest.raises(psycopg.errors.ConnectionTimeout):
        connect(databases, database, to_postgres)
    to_postgres.set()
    connect(databases, database, to_postgres).close()


@pytest.mark.parametrize("end", ["cut_all", "reset_all"])
def test_a_lost_connection_is_noticed_by_the_next_query(
    databases: DatabasesForTests,
    new_database: Callable[..., str],
    to_postgres: FaultProxy,
    end: str,
) -> None:
    with connect(databases, new_database(), to_postgres) as connection:
        getattr(to_postgres, end)()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_a_commit_whose_answer_is_lost_has_happened(
    databases: DatabasesForTests, new_database: Callable[..., str], to_postgres: FaultProxy
) -> None:
    database = new_database()
    with databases.access.connect(database) as direct:
        direct.execute("CREATE TABLE done (n integer)")
        for number in range(20):
            connection = connect(databases, database, to_postgres)
            to_postgres.set(Faults(swallow_answer_to=b"COMMIT", answer_ends=READY))
            connection.execute("BEGIN")
            connection.execute("INSERT INTO done VALUES (%s)", [number])
            with pytest.raises(psycopg.OperationalError):
                connection.execute("COMMIT")
            connection.close()
            query = "SELECT count(*) FROM done"
            assert direct.execute(query).fetchone() == (number + 1,)
    assert to_postgres.cut == 20


def test_a_commit_that_never_arrived_has_not_happened(
    databases: DatabasesForTests, new_database: Callable[..., str], to_postgres: FaultProxy
) -> None:
    database = new_database()
    with databases.access.connect(database) as direct:
        direct.execute("CREATE TABLE done (n integer)")
        with connect(databases, database, to_postgres) as connection:
            connection.execute("BEGIN")
            connection.execute("INSERT INTO done VALUES (1)")
            to_postgres.cut_all()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("COMMIT")
        assert direct.execute("SELECT count(*) FROM done").fetchone() == (0,)
