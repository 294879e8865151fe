"""From the sign-in screen to the keyring and the server, over TLS: the password is nowhere else."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import team as small_world
from keyring_session import (
    MISSING,
    ROOT,
    UNLOCKED,
    WHY_SKIPPED,
    KeyringSession,
    hiding_places,
    holds,
)
from postgres_server import require_postgres

from services.admin.private_postgres import PrivatePostgres

CHANGE_OVER = (ROOT / "tests/end_to_end/changing_over.py").read_text(encoding="utf-8")
PROGRAM = (ROOT / "tests/end_to_end/signing_in.py").read_text(encoding="utf-8")
OLD, NEW, WRONG = small_world.PASSWORD.reveal(), "new-canary-7b1f + battery", "wrong-canary-93ac"


@pytest.fixture
def server(fresh_server: Callable[..., PrivatePostgres]) -> PrivatePostgres:
    """A server that logs every statement it is sent, and knows the small world."""
    require_postgres(with_tls=True)
    server = fresh_server(settings={"log_statement": "all"}, with_tls=True)
    with server.access.connect() as admin:
        admin.execute("CREATE DATABASE helpdesk")
    small_world.fill(server.access, "helpdesk")
    return server


class Seat:
    """One person's computer with a keyring; each run is a start of the program."""

    def __init__(self, folder: Path) -> None:
        self.session = KeyringSession(folder)
        self.seen: list[bytes] = []

    def run(self, **typed: object) -> dict[str, object]:
        with subprocess.Popen(
            self.session.command(PROGRAM, UNLOCKED),
            env=self.session.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(typed).encode() + b"\n")
            process.stdin.flush()
            line = process.stdout.readline()
            if line:
                self.seen += [
                    Path(f"/proc/{pid}/{name}").read_bytes()
                    for pid in _family(process.pid)
                    for name in ("cmdline", "environ")
                ]
            out, err = process.communicate(b"\n", timeout=60)
        assert line, err.decode()
        self.seen += [line, out, err]
        return json.loads(line)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(each for child in children for each in _family(int(child)))]


@pytest.mark.skipif(bool(MISSING), reason=WHY_SKIPPED)
def test_the_password_is_asked_once_and_found_nowhere_but_in_the_keyring(server, tmp_path):
    seat = Seat(tmp_path)
    right = {
        "server": f"127.0.0.1:{server.access.port}",
        "user": "cleo",
        "password": OLD,
        "database": "helpdesk",
        "root_certificate": str(server.access.authority),
    }
    first = seat.run(attempts=[{**right, "password": WRONG}, right], new=NEW)
    assert first["me"] == "Cleo"
    assert first["banners"] == []
    again = seat.run()
    assert again == {"me": "Cleo", "banners": []}

    log = server.folder / "server.log"
    assert b"hello" in log.read_bytes()  # the server did log what it was sent
    assert b"SCRAM-SHA-256$" in log.read_bytes()
    for secret in (NEW, WRONG):
        assert hiding_places(secret, tmp_path) == []
        assert not any(holds(secret, text) for text in (*seat.seen, log.read_bytes()))
    kept = list(seat.session.home.rglob("*.keyring"))
    assert kept
    assert (seat.session.home / "firstline" / "log" / "firstline.log").stat().st_size > 0
    planted = seat.session.home / "firstline" / "log" / "planted.log"
    planted.write_text(f"password={NEW}", encoding="utf-8")
    assert hiding_places(NEW, tmp_path) == ["home/firstline/log/planted.log"]


def test_one_program_goes_from_one_profile_to_the_next(tmp_path):
    """Twice the event loop ran, and the second window showed the team, without any server."""
    done = KeyringSession(tmp_path).run(CHANGE_OVER)
    assert done.stdout, done.stderr
    assert json.loads(done.stdout) == ["Firstline", "The team", 0, 0]
    assert "Traceback" not in done.stderr
