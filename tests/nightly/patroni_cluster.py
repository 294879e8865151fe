"""Two PostgreSQL servers under Patroni with etcd, all on loopback, whose primary can be killed.

Patroni is installed from the package index into the cluster's folder, because only the nightly
profile needs it. Each program is started as the server's account by this process itself: through
``su`` it would leave the process group, survive its kill, and start the old primary again.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgres_server import require_postgres

from services.admin.postgres_binaries import (
    ENVIRONMENT,
    PostgresBinaries,
    find_postgres,
    server_account,
)
from services.admin.private_postgres import HOST, SUPERUSER, free_port
from services.admin.server_process import kill_whole

PATRONI = ("patroni[etcd3]==4.1.5", "psycopg[binary]>=3.3,<3.4")
NODES = ("north", "south")
PASSWORD = "only on loopback"
TTL_S = 20
"""Patroni's least: how long a dead primary stays the primary."""
LOOKS_EVERY_S = 0.1
WATCHER = """
read -r nothing
left=yes
while [ -n "$left" ]; do
    left=
    for process in /proc/[0-9]*; do
        case $(readlink "$process/cwd") in
            "$1"/*) kill -KILL "${process#/proc/}" && left=yes ;;
        esac
    done
done
"""
"""Ends whatever works below the cluster's folder once nobody holds the pipe it reads."""
PATIENCE_S = 180.0


@dataclass
class Node:
    """One server and the Patroni that watches over it."""

    name: str
    folder: Path
    port: int = field(default_factory=free_port)
    rest_port: int = field(default_factory=free_port)
    patroni: "subprocess.Popen[bytes] | None" = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def server_pid(self) -> int | None:
        with suppress(FileNotFoundError):
            return int((self.data / "postmaster.pid").read_text().split("\n")[0])
        return None


@dataclass(frozen=True)
class Member:
    """What the cluster says about one of its nodes."""

    name: str
    role: str
    state: str
    timeline: int


class PatroniCluster:
    """Starts with ``start``; ``stop`` leaves no process and no file."""

    def __init__(self, folder: Path, binaries: PostgresBinaries, python: str) -> None:
        self._account = server_account()
        self._folder = folder
        self._binaries = binaries.reachable_by(self._account, folder)
        self._python = python
        self._etcd_port = free_port()
        self._programs: list[subprocess.Popen[bytes]] = []
        waiting, self._held = os.pipe()
        watcher = ["/bin/sh", "-c", WATCHER, "firstline-watcher", str(folder)]
        self._watcher = self._launch(watcher, folder / "watcher.log", stdin=waiting, cwd="/")
        os.close(waiting)
        self.nodes = [Node(name, folder / name) for name in NODES]

    def start(self) -> None:
        """Start etcd and both nodes; returns when one leads and the other follows in step."""
        self._start_etcd()
        for node in self.nodes:
            node.folder.mkdir(mode=0o700)
            self._account.own(node.folder)
            (node.folder / "patroni.json").write_text(json.dumps(self._settings(node)))
            self._account.own(node.folder / "patroni.json")
            self.start_node(node)
        self.wait_for_standby()

    def start_node(self, node: Node) -> None:
        """Start a node's Patroni, which makes or repairs its server."""
        command = [self._python, "-m", "patroni", str(node.folder / "patroni.json")]
        packages = str(self._folder / "packages")
        node.patroni = self._launch(command, node.folder / "patroni.log", PYTHONPATH=packages)
        self._programs.append(node.patroni)

    def parameters(self, **others: str) -> dict[str, str]:
        """What libpq needs to find whichever node may be written to."""
        return {
            "host": ",".join(HOST for _ in self.nodes),
            "port": ",".join(str(node.port) for node in self.nodes),
            "user": SUPERUSER,
            "password": PASSWORD,
            "dbname": "postgres",
            "target_session_attrs": "read-write",
            "connect_timeout": "5",
            **others,
        }

    def connect(self, **others: str) -> psycopg.Connection:
        """A connection to the primary that commits each statement by itself."""
        return psycopg.connect(
            psycopg.conninfo.make_conninfo(**self.parameters(**others)), autocommit=True
        )

    def members(self) -> list[Member]:
        """What the first node that answers says about all; empty when none does."""
        for node in self.nodes:
            with suppress(OSError, urllib.error.URLError):
                url = f"http://{HOST}:{node.rest_port}/cluster"
                with urllib.request.urlopen(url, timeout=5) as answer:
                    found = json.load(answer)["members"]
                return [
                    Member(m["name"], m["role"], m["state"], int(m.get("timeline") or 0))
                    for m in found
                ]
        return []

    def primary(self) -> Node | None:
        """The node that leads and runs, as the cluster sees it now."""
        leaders = [m.name for m in self.members() if m.role == "leader" and m.state == "running"]
        return next((node for node in self.nodes if node.name in leaders), None)

    def timeline(self) -> int:
        """Which history of the data the primary writes; it changes with each failover."""
        with self.connect() as connection:
            query = "SELECT pg_walfile_name(pg_current_wal_lsn())"
            found = connection.execute(query).fetchone()
        assert found
        return int(found[0][:8], 16)

    def kill_primary(self) -> Node:
        """Kill -9 the primary with its Patroni, as if its machine had gone; returns the node."""
        node = self.primary()
        assert node
        assert node.patroni
        assert node.server_pid
        # Patroni first: it would start a server whose end it sees.
        node.patroni.kill()
        node.patroni.wait()
        kill_whole(node.server_pid)
        return node

    def kill_server_alone(self) -> Node:
        """Kill -9 the primary's server under the eyes of its Patroni; returns the node."""
        node = self.primary()
        assert node
        assert node.server_pid
        kill_whole(node.server_pid)
        return node

    def wait_for_primary(self, other_than: Node | None = None) -> Node:
        """Wait until a node, another one than ``other_than``, takes writes; returns it."""

        def writes() -> bool:
            if self.primary() in (None, other_than):
                return False
            with suppress(psycopg.OperationalError), self.connect():
                return True
            return False

        self._until(writes, "no primary")
        found = self.primary()
        assert found
        return found

    def wait_for_standby(self) -> None:
        """Wait until a commit is on two nodes before it is acknowledged."""
        self._until(
            lambda: sorted(m.role for m in self.members()) == ["leader", "sync_standby"],
            "no standby in step",
        )

    def stop(self) -> None:
        """Kill every program of the cluster and wait until all are gone."""
        os.close(self._held)
        for program in [self._watcher, *self._programs]:
            program.wait(PATIENCE_S)

    def logs(self) -> str:
        """The last lines of every program, for a test that failed."""
        found = sorted(self._folder.glob("**/*.log"))
        return "\n".join(
            f"--- {log.name} of {log.parent.name}\n" + "\n".join(log.read_text().splitlines()[-15:])
            for log in found
        )

    def _until(self, so: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not so():
            if time.monotonic() > deadline:
                raise AssertionError(f"{otherwise}\n{self.members()}\n{self.logs()}")
            time.sleep(LOOKS_EVERY_S)

    def _start_etcd(self) -> None:
        folder = self._folder / "etcd"
        folder.mkdir(mode=0o700)
        self._account.own(folder)
        clients, peers = f"http://{HOST}:{self._etcd_port}", f"http://{HOST}:{free_port()}"
        options = {
            "data-dir": str(folder / "data"),
            "name": "one",
            "listen-client-urls": clients,
            "advertise-client-urls": clients,
            "listen-peer-urls": peers,
            "initial-advertise-peer-urls": peers,
            "initial-cluster": f"one={peers}",
        }
        command = ["etcd", *(f"--{name}={value}" for name, value in options.items())]
        self._programs.append(self._launch(command, folder / "etcd.log"))

    def _launch(
        self,
        command: list[str],
        log: Path,
        stdin: int = subprocess.DEVNULL,
        cwd: str = "",
        **environment: str,
    ) -> "subprocess.Popen[bytes]":
        with log.open("ab") as file:
            return subprocess.Popen(
                command,
                stdin=stdin,
                stdout=file,
                stderr=file,
                cwd=cwd or log.parent,
                env={**ENVIRONMENT, "HOME": str(log.parent), **environment},
                start_new_session=True,
                **self._account.identity,
            )

    def _settings(self, node: Node) -> dict[str, Any]:
        replicator = {"username": "replicator", "password": PASSWORD}
        return {
            "scope": "firstline",
            "name": node.name,
            "restapi": {"listen": f"{HOST}:{node.rest_port}"},
            "etcd3": {"host": f"{HOST}:{self._etcd_port}"},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL_S,
                    "loop_wait": 2,
                    "retry_timeout": 5,
                    "synchronous_mode": True,
                    "postgresql": {"use_pg_rewind": True},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                "listen": f"{HOST}:{node.port}",
                "connect_address": f"{HOST}:{node.port}",
                "data_dir": str(node.data),
                "bin_dir": str(self._binaries.folder),
                "pgpass": str(node.folder / "pgpass"),
                "authentication": {
                    "superuser": {"username": SUPERUSER, "password": PASSWORD},
                    "replication": replicator,
                },
                "pg_hba": [
                    f"host all all {HOST}/32 scram-sha-256",
                    f"host replication replicator {HOST}/32 scram-sha-256",
                ],
                "parameters": {
                    "unix_socket_directories": "",
                    "dynamic_shared_memory_type": "mmap",
                    "wal_log_hints": "on",
                },
            },
        }


@contextmanager
def patroni_cluster() -> Iterator[PatroniCluster]:
    """A running cluster; skips the test, saying why, where one cannot be had."""
    require_postgres()
    if shutil.which("etcd", path=ENVIRONMENT["PATH"]) is None:
        pytest.skip("etcd is absent (Debian's package etcd-server)")
    account = server_account()
    folder = Path(tempfile.mkdtemp(prefix="firstline-patroni-"))
    account.own(folder)
    try:
        cluster = PatroniCluster(folder, find_postgres(), _install_patroni(folder))
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)


def _install_patroni(folder: Path) -> str:
    """Put Patroni below ``folder``; returns the Python that runs it."""
    python = _reachable_python()
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-input"]
    done = subprocess.run(
        [*command, "--target", str(folder / "packages"), *PATRONI],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"Patroni cannot be installed: {done.stderr.strip()[-200:]}")
    return python


def _reachable_python() -> str:
    """A Python that the server's account may run: one below a closed home is out of its reach."""
    how = {"cwd": "/", "env": ENVIRONMENT, "check": False, **server_account().identity}
    for python in filter(None, (sys.executable, shutil.which("python3", path=os.defpath))):
        with suppress(PermissionError):
            if subprocess.run([python, "-c", ""], **how).returncode == 0:
                return python
    pytest.skip("the server's account can run no Python here")
