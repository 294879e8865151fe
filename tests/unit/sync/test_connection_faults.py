"""What a real server and libpq say, told as facts with words of their own."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from postgres_server import require_postgres

from services.admin.private_postgres import PrivatePostgres, TlsMissing
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.profiles import ConnectionSettings, Tls
from services.core.server_address import Host
from services.sync import connection_faults as faults
from services.sync.connection_faults import fault_of
from services.sync.errors import SharedUnreachable

CANARY = "hunter2-canary"


@pytest.fixture(scope="module")
def server() -> Iterator[PrivatePostgres]:
    require_postgres()
    try:
        server = PrivatePostgres(
            {"max_connections": "4", "superuser_reserved_connections": "1"}, with_tls=True
        )
    except TlsMissing:
        pytest.skip("the PostgreSQL found here was built without TLS")
    with server:
        with server.access.connect() as admin:
            admin.execute(f"CREATE ROLE maya LOGIN PASSWORD '{CANARY}' CONNECTION LIMIT 1")
            admin.execute(f"CREATE ROLE gone NOLOGIN PASSWORD '{CANARY}'")
        yield server


@pytest.fixture
def settings(server: PrivatePostgres) -> ConnectionSettings:
    """How Maya connects, once the server has let go of whatever she had."""
    hers = "SELECT 1 FROM pg_stat_activity WHERE usename = 'maya'"
    with server.access.connect() as admin:
        while admin.execute(hers).fetchone() is not None:
            admin.execute("SELECT pg_sleep(0.01)")
    return ConnectionSettings(
        (Host("127.0.0.1", server.access.port),),
        "postgres",
        "maya",
        root_certificate=str(server.access.authority),
    )


def connect(settings: ConnectionSettings, password: str = CANARY) -> psycopg.Connection:
    words = {**settings.keywords(), "password": password, "connect_timeout": "2"}
    return psycopg.connect(**words)


def fault(settings: ConnectionSettings, password: str = CANARY) -> AppError:
    with pytest.raises(psycopg.Error) as raised:
        connect(settings, password)
    told = fault_of(raised.value, settings)
    assert password not in f"{told!r} {message_of(told).text}"
    return told


def at(settings: ConnectionSettings, name: str) -> ConnectionSettings:
    return replace(settings, hosts=(replace(settings.hosts[0], name=name),))


def test_the_control_signs_in(settings):
    with connect(settings) as connection:
        row = connection.execute("SELECT session_user::text").fetchone()
    assert row == ("maya",)


def test_a_wrong_password_and_an_unknown_user_look_the_same(settings):
    wrong = fault(settings, "wrong-canary")
    unknown = fault(replace(settings, user="nobody"))
    assert type(wrong) is type(unknown) is faults.PasswordRefused


def test_a_disabled_login(settings):
    assert type(fault(replace(settings, user="gone"))) is faults.LoginDisabled


def test_a_missing_database(settings):
    told = fault(replace(settings, database="nix"))
    assert type(told) is faults.DatabaseMissing
    assert "nix" in message_of(told).happened


def test_no_connection_left_for_the_person(settings):
    with connect(settings):
        assert type(fault(settings)) is faults.TooManyConnections


def test_no_connection_left_on_the_server(settings, server):
    held = [server.access.connect() for _ in range(3)]
    try:
        assert type(fault(settings)) is faults.TooManyConnections
    finally:
        for connection in held:
            connection.close()


def test_a_certificate_that_nobody_here_trusts(settings, tmp_path):
    with PrivatePostgres(with_tls=True) as other:  # never asked: only its certificate is taken
        stranger = tmp_path / "root.crt"
        stranger.write_bytes(Path(str(other.access.authority)).read_bytes())
    told = fault(replace(settings, root_certificate=str(stranger)))
    assert type(told) is faults.CertificateNotTrusted


def test_the_certificates_of_the_system_do_not_vouch_for_it(settings):
    assert type(fault(replace(settings, root_certificate=""))) is faults.CertificateNotTrusted


def test_a_certificate_for_another_name(settings):
    assert type(fault(at(settings, "127.0.0.2"))) in (
        faults.CertificateOfAnother,
        faults.ServerNotListening,  # where only 127.0.0.1 is bound
    )


def test_a_root_certificate_that_is_not_there(settings):
    told = fault(replace(settings, root_certificate="/nowhere/root.crt"))
    assert type(told) is faults.RootCertificateUnreadable
    assert "/nowhere/root.crt" in message_of(told).happened


def test_require_encrypts_without_a_certificate(settings):
    with connect(replace(settings, tls=Tls.REQUIRE, root_certificate="")) as connection:
        assert connection.pgconn.ssl_in_use


def test_a_server_that_takes_only_encrypted_connections(settings):
    assert type(fault(replace(settings, tls=Tls.NONE))) is faults.NotAdmitted


def test_nobody_listens(settings):
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    told = fault(replace(settings, hosts=(Host("127.0.0.1", port),)))
    assert type(told) is faults.ServerNotListening


def test_a_server_that_never_answers(settings):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        told = fault(replace(settings, hosts=(Host("127.0.0.1", mute.getsockname()[1]),)))
    assert type(told) is faults.ServerSilent


def test_a_refusal_is_not_hidden_by_a_server_that_is_down(settings):
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        down = Host("127.0.0.1", reserved.getsockname()[1])
    told = fault(replace(settings, hosts=(down, *settings.hosts)), "wrong-canary")
    assert type(told) is faults.PasswordRefused


def test_an_empty_database_holds_no_firstline(settings):
    with connect(settings) as connection, pytest.raises(psycopg.Error) as raised:
        connection.execute("SELECT sync.hello()")
    assert type(fault_of(raised.value, settings)) is faults.FirstlineMissing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("failed to resolve host 'nix': [Errno -2] Name not known", faults.ServerNotFound),
        ('could not translate host name "nix" to address: x', faults.ServerNotFound),
        ('x failed: FATAL:  no pg_hba.conf entry for host "1"', faults.NotAdmitted),
        ("x failed: FATAL:  the database system is starting up", faults.ServerStarting),
        ("x failed: session is read-only", faults.NoPrimary),
        ("x failed: server does not support SSL, but SSL was required", faults.TlsNotOffered),
        ("x failed: channel binding required, but not supported", faults.NotBound),
        ("connection timeout expired", faults.ServerSilent),
        ("x failed: FATAL:  Passwort stimmt nicht", faults.SignInRefused),
        ("server closed the connection unexpectedly", SharedUnreachable),
    ],
)
def test_what_is_said_where_no_server_here_says_it(text, expected):
    settings = ConnectionSettings((Host("a.test"),), "d", "u")
    assert type(fault_of(psycopg.OperationalError(text), settings)) is expected


def test_the_words_of_a_server_are_kept_when_they_are_not_known():
    settings = ConnectionSettings((Host("a.test"),), "d", "u")
    text = 'connection failed: connection to server at "::1", port 5 failed: FATAL:  Nein.'
    told = fault_of(psycopg.OperationalError(text), settings)
    assert message_of(told).happened.endswith(": Nein.")
