"""A real Matrix home server, Synapse, on loopback.

It is found in ``PATH``, or by ``FIRSTLINE_SYNAPSE``, a Python in which it is installed.
"""

import contextlib
import hashlib
import hmac
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

DOMAIN = "acme.example"
BOT = "desk"
_SECRET = "only for this test"
_STARTS_WITHIN_S = 90.0
_ANSWERS_WITHIN_S = 20.0
_LOOKED_EVERY_S = 0.1
_OFTEN = {"per_second": 100, "burst_count": 100}


@dataclass(frozen=True)
class Synapse:
    """A running server. ``tokens`` by the names of its people."""

    url: str
    tokens: dict[str, str]

    def ask(
        self, method: str, path: str, body: object = None, who: str = BOT
    ) -> tuple[int, dict[str, Any]]:
        """The status and the answer of a call by one of its people."""
        return _asked(self.url, method, f"/_matrix/client/v3/{path}", body, self.tokens[who])

    def state(self, room: str, kind: str, key: str = "") -> dict[str, Any]:
        """What the server holds of a room."""
        path = f"rooms/{quote(room)}/state/{kind}" + (f"/{quote(key)}" if key else "")
        return self.ask("GET", path)[1]

    def members(self, room: str) -> dict[str, str]:
        """Who is in a room, or invited, by the names before the colon."""
        found = self.ask("GET", f"rooms/{quote(room)}/members")[1]["chunk"]
        return {one["state_key"]: one["content"]["membership"] for one in found}

    def register(self, name: str) -> None:
        """A person more."""
        path = "/_synapse/admin/v1/register"
        nonce = _asked(self.url, "GET", path)[1]["nonce"]
        said = "\0".join([nonce, name, "a password", "notadmin"]).encode()
        told = {
            "nonce": nonce,
            "username": name,
            "password": "a password",
            "admin": False,
            "mac": hmac.new(_SECRET.encode(), said, hashlib.sha1).hexdigest(),
        }
        self.tokens[name] = _asked(self.url, "POST", path, told)[1]["access_token"]


@contextlib.contextmanager
def synapse_at(folder: Path) -> Iterator[Synapse]:
    """A server of our own with its bot; the test is skipped where none is installed."""
    python = _python()
    port = _free_port()
    settings = folder / "homeserver.yaml"
    settings.write_text(json.dumps(_settings(folder, port)))
    command = [python, "-m", "synapse.app.homeserver", "-c", str(settings)]
    subprocess.run([*command, "--generate-keys"], check=True, capture_output=True, cwd=folder)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    try:
        made = Synapse(f"http://127.0.0.1:{port}", {})
        _wait(made.url, server, folder / "log")
        made.register(BOT)
        yield made
    finally:
        server.terminate()
        try:
            server.wait(_ANSWERS_WITHIN_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _python() -> str:
    named = os.environ.get("FIRSTLINE_SYNAPSE", "")
    program = shutil.which("synapse_homeserver")
    if named:
        return named
    if program is None:
        pytest.skip("Synapse is absent (PyPI's matrix-synapse; FIRSTLINE_SYNAPSE names its Python)")
    beside = Path(program).resolve().with_name("python")
    return str(beside) if beside.exists() else sys.executable


def _free_port() -> int:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as free:
        return int(free.getsockname()[1])


def _settings(folder: Path, port: int) -> dict[str, Any]:
    return {
        "server_name": DOMAIN,
        "pid_file": str(folder / "pid"),
        "listeners": [
            {
                "port": port,
                "bind_addresses": ["127.0.0.1"],
                "type": "http",
                "tls": False,
                "resources": [{"names": ["client"]}],
            }
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "synapse.db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "registration_shared_secret": _SECRET,
        "macaroon_secret_key": _SECRET,
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "enable_registration": False,
        # As usual, but for what several tests together need of one account.
        "rc_message": {"per_second": 0.2, "burst_count": 30},
        "rc_room_creation": _OFTEN,
        "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), _OFTEN),
    }


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers, or has ended instead."""
    for _ in range(round(_STARTS_WITHIN_S / _LOOKED_EVERY_S)):
        assert server.poll() is None, log.read_text()[-2_000:]
        with contextlib.suppress(OSError):
            _asked(url, "GET", "/_matrix/client/versions")
            return
        time.sleep(_LOOKED_EVERY_S)
    raise AssertionError(f"Synapse does not answer: {log.read_text()[-2_000:]}")


def _asked(
    url: str, method: str, path: str, body: object = None, token: str = ""
) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(
        url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {token}"} if token else {},
    )
    try:
        with urllib.request.urlopen(request, timeout=_ANSWERS_WITHIN_S) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as no:
        with no:
            return no.code, json.loads(no.read())
