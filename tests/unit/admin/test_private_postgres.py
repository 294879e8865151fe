"""A private PostgreSQL runs here whoever asks, survives its ends, and leaves nothing behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from postgres_server import require_postgres

from services.admin.postgres_binaries import (
    OLDEST_MAJOR,
    find_postgres,
    folders_of_the_wheel,
    inspect_folder,
    server_account,
)
from services.admin.private_certificates import make_certificates
from services.admin.private_postgres import HOST, PrivatePostgres
from services.admin.server_process import PortTaken, ServerNotStarted, Stop
from services.core.clock import SystemClock

ROOT = Path(__file__).resolve().parents[3]
StartServer = Callable[..., PrivatePostgres]

OWNER = """
import os, sys
from services.admin.private_postgres import PrivatePostgres

server = PrivatePostgres()
server.start()
server.access.connect().close()
print(server.pid, server.folder, flush=True)
if sys.argv[1] == "ends":
    server.close()
else:
    sys.stdin.read()
"""


def start_owner(how: str, prefix: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", OWNER, how],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not so():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.01)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_it_answers_by_password_only(fresh_server: StartServer) -> None:
    access = fresh_server().access
    with access.connect() as connection:
        shown = "SELECT current_setting('server_encoding'), current_setting('listen_addresses')"
        assert connection.execute(shown).fetchone() == ("UTF8", HOST)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        access.connect(password="wrong")


def test_its_settings_are_the_callers(fresh_server: StartServer) -> None:
    plain, quick = fresh_server(), fresh_server(settings={"fsync": "off", "search_path": "a'b"})
    shown = "SELECT current_setting('fsync')"
    with plain.access.connect() as one, quick.access.connect() as two:
        assert one.execute(shown).fetchone() == ("on",)
        assert two.execute(shown).fetchone() == ("off",)


@pytest.mark.parametrize("end", ["kill", "immediate", "fast"])
def test_what_was_committed_survives_each_end(fresh_server: StartServer, end: str) -> None:
    server = fresh_server()
    with server.access.connect() as connection:
        connection.execute("CREATE TABLE kept (n integer)")
        connection.execute("INSERT INTO kept VALUES (7)")
        port, pid = server.access.port, server.pid
        if end == "kill":
            server.kill()
        else:
            server.stop(Stop[end.upper()])
        assert server.pid is None
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    server.start()
    assert server.access.port == port
    assert server.pid != pid
    with server.access.connect() as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_a_kill_takes_every_process(fresh_server: StartServer) -> None:
    server = fresh_server()
    with server.access.connect() as connection:
        found = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert found
        # A stopped process sees nothing, so it does not end because its parent did.
        os.kill(found[0], signal.SIGSTOP)
        server.kill()
        assert not is_running(found[0])
    server.start()
    server.access.connect().close()


def test_two_servers_and_two_databases_do_not_meet(fresh_server: StartServer) -> None:
    one, two = fresh_server(), fresh_server()
    with one.access.connect() as connection:
        connection.execute("CREATE DATABASE here")
    with one.access.connect("here") as connection:
        connection.execute("CREATE TABLE mine ()")
    with one.access.connect() as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT FROM mine")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        two.access.connect("here")


def test_a_taken_port_is_named(fresh_server: StartServer) -> None:
    port = fresh_server().access.port
    with pytest.raises(PortTaken) as refused:
        fresh_server(port=port)
    assert refused.value.context == {"port": port}


def test_a_server_keeps_its_port_or_says_so(fresh_server: StartServer) -> None:
    server = fresh_server()
    server.stop()
    with socket.create_server((HOST, server.access.port)), pytest.raises(PortTaken):
        server.start()
    server.start()
    with server.access.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_log_says_why_it_does_not_start() -> None:
    require_postgres()
    server = PrivatePostgres({"shared_buffers": "a lot"})
    with pytest.raises(ServerNotStarted) as refused:
        server.start()
    assert "shared_buffers" in str(refused.value.context["problem"])
    server.close()
    assert not server.folder.exists()


@pytest.mark.parametrize("end", ["ends", "is killed"])
def test_nothing_outlives_its_owner(end: str) -> None:
    require_postgres()
    owner = start_owner(end)
    assert owner.stdin
    assert owner.stdout
    pid, folder = owner.stdout.readline().split()
    if end == "is killed":
        assert is_running(int(pid))
        owner.send_signal(signal.SIGKILL)
    owner.communicate()
    until(lambda: not is_running(int(pid)) and not Path(folder).exists())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as somebody else")
def test_an_ordinary_user_runs_one_as_well() -> None:
    require_postgres()
    account, program = server_account(), shutil.which("setpriv")
    if program is None:
        pytest.skip("setpriv is absent")
    assert account.name
    prefix = (program, f"--reuid={account.name}", f"--regid={account.identity['group']}")
    with start_owner("ends", (*prefix, "--clear-groups")) as owner:
        said = owner.communicate()[0].split()
    assert owner.returncode == 0
    assert int(said[0]) > 1
    assert not Path(said[1]).exists()


@pytest.mark.parametrize("home", ["open", "closed"])
def test_the_wheels_server_runs_from_any_home(
    fresh_server: StartServer, tmp_path: Path, home: str
) -> None:
    found = next(folders_of_the_wheel(), None)
    if found is None:
        pytest.skip("the wheel with a server is absent")
    if home == "closed":
        package = found.parents[1]
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, tmp_path / folder.name, symlinks=True)
        tmp_path.chmod(0o700)
        found = tmp_path / found.relative_to(package.parent)
    binaries = inspect_folder(found)
    assert binaries
    server = fresh_server(binaries=binaries)
    if home == "closed" and os.geteuid() == 0:
        assert (server.folder / "server").is_dir()
    with server.access.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.close()
    assert not server.folder.exists()


def test_a_found_server_is_new_enough() -> None:
    require_postgres()
    assert find_postgres().major >= OLDEST_MAJOR


def test_a_desk_that_trusts_the_authority_is_let_in(fresh_server: StartServer) -> None:
    require_postgres(with_tls=True)
    access = fresh_server(with_tls=True).access
    shown = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    for host in (HOST, "localhost"):
        others = {"channel_binding": "require", "host": host, "hostaddr": HOST}
        with access.connect(**others) as connection:
            assert connection.execute(shown).fetchone() == (True,)


def test_who_is_not_the_server_is_found_out(fresh_server: StartServer, tmp_path: Path) -> None:
    require_postgres(with_tls=True)
    access = fresh_server(with_tls=True).access
    stranger = make_certificates(tmp_path, SystemClock()).authority
    with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
        access.connect(sslrootcert=str(stranger))
    with pytest.raises(psycopg.OperationalError, match="does not match host name"):
        access.connect(host="desk.example", hostaddr=HOST)
    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        access.connect(sslmode="disable")
