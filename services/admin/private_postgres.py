"""A PostgreSQL server of our own on loopback, for a trial and for tests.

Nothing of it outlives its owner: a watcher stops the server and removes its folder when the
owner lets go of a pipe, which the system does for an owner that was killed.
"""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from services.admin.postgres_binaries import (
    ENVIRONMENT,
    PostgresBinaries,
    find_postgres,
    server_account,
)
from services.admin.private_certificates import make_certificates
from services.admin.server_process import (
    ENDS_WITHIN_S,
    LOG_LINES_TOLD,
    PortTaken,
    ServerNotStarted,
    ServerProcess,
    Stop,
)
from services.core.clock import Clock, SystemClock
from services.core.errors import AppError

if TYPE_CHECKING:
    import psycopg

HOST = "127.0.0.1"
SUPERUSER = "postgres"
PORTS_TRIED = 5
PORTS = range(15_000, 32_000)
"""Below those that systems give to clients: while the server is down, a client that calls again
could otherwise be given the server's own port and reach itself."""
LOCALES = ("C.UTF-8", "C")
WATCHER = """
read -r nothing
server=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
if [ -n "$server" ] && kill -INT "$server" 2>/dev/null; then
    looks=0
    while [ -e "$1/data/postmaster.pid" ] && [ $looks -lt 300 ]; do
        sleep 0.1
        looks=$((looks + 1))
    done
    kill -KILL "$server" 2>/dev/null
fi
rm -rf -- "$1"
"""


class TlsMissing(AppError):
    """The server found here was built without TLS."""

    code = "server-without-tls"


@dataclass(frozen=True)
class SuperuserAccess:
    """Where a private server answers, and its superuser's password."""

    port: int
    password: str
    authority: Path | None = None
    """The certificate to trust; without one the server speaks no TLS."""

    def parameters(self, database: str = SUPERUSER, **others: str) -> dict[str, str]:
        """What libpq needs to reach ``database`` as superuser; ``others`` win."""
        trusted = {"sslmode": "verify-full", "sslrootcert": str(self.authority)}
        return {
            "host": HOST,
            "port": str(self.port),
            "user": SUPERUSER,
            "password": self.password,
            "dbname": database,
            **(trusted if self.authority else {}),
            **others,
        }

    def connect(self, database: str = SUPERUSER, **others: str) -> "psycopg.Connection":
        """A connection as superuser that commits each statement by itself.

        Raises:
            psycopg.OperationalError: the server does not answer or refuses.
        """
        import psycopg

        # Keywords of libpq are not among the typed arguments.
        parameters = psycopg.conninfo.make_conninfo(**self.parameters(database, **others))
        return psycopg.connect(parameters, autocommit=True)


class PrivatePostgres:
    """A cluster in a folder of its own; ``close`` leaves neither process nor file.

    ``settings`` go into postgresql.conf. ``port`` 0 takes any free one and keeps it over
    restarts. ``place`` is where its folder is made, the system's temporary folder by default.

    Raises:
        PostgresMissing, ServerAccountMissing, TlsMissing: it cannot run here.
        ServerNotStarted: initdb failed.
    """

    def __init__(
        self,
        settings: Mapping[str, str] | None = None,
        port: int = 0,
        with_tls: bool = False,
        binaries: PostgresBinaries | None = None,
        place: Path | None = None,
        clock: Clock | None = None,
    ) -> None:
        found = binaries or find_postgres()
        if with_tls and not found.has_tls:
            raise TlsMissing(version=found.major)
        self._account = server_account()
        self._is_port_settled = port != 0
        self.folder = Path(tempfile.mkdtemp(prefix="firstline-postgres-", dir=place))
        self._account.own(self.folder)
        self._data = self.folder / "data"
        self._watcher, self._held = self._watch()
        self._binaries = found.reachable_by(self._account, self.folder)
        self._process = ServerProcess(self._binaries, self._account, self.folder)
        authority = self._certify(clock or SystemClock()) if with_tls else None
        self.access = SuperuserAccess(port or free_port(), secrets.token_urlsafe(18), authority)
        try:
            self._create()
        except ServerNotStarted:
            self.close()
            raise
        self._configure(settings or {})

    def __enter__(self) -> "PrivatePostgres":
        try:
            self.start()
        except AppError:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def major(self) -> int:
        """Which PostgreSQL it is, such as 17."""
        return self._binaries.major

    @property
    def pid(self) -> int | None:
        """The running server's first process; None while it is stopped."""
        return self._process.pid

    def start(self) -> None:
        """Start and wait until it answers, after recovery if that is needed.

        Raises:
            PortTaken: another program has the port.
            ServerNotStarted: with the last lines of its log.
        """
        for _ in range(1 if self._is_port_settled else PORTS_TRIED):
            try:
                self._process.start(self.access.port)
            except PortTaken as taken:
                # A free port can be taken between being found and being used.
                refusal = taken
                if not self._is_port_settled:
                    self.access = replace(self.access, port=free_port())
            else:
                self._is_port_settled = True
                return
        raise refusal

    def stop(self, how: Stop = Stop.FAST) -> None:
        """End the server and wait until it is gone; nothing happens when it is."""
        self._process.stop(how)

    def kill(self) -> None:
        """Kill -9 every process of the server at one moment, as a power cut would."""
        self._process.kill()

    def restart(self, how: Stop = Stop.FAST) -> None:
        """Stop, then start on the same port.

        Raises:
            PortTaken, ServerNotStarted: as ``start``.
        """
        self.stop(how)
        self.start()

    def close(self) -> None:
        """Stop the server and remove all that was written; may be called twice."""
        self.stop()
        # Left by a kill; the watcher must not signal whoever has that number now.
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        if self._watcher.returncode is None:
            os.close(self._held)
            self._watcher.wait(ENDS_WITHIN_S)

    def _watch(self) -> tuple["subprocess.Popen[bytes]", int]:
        """Start the watcher; returns it and the end of the pipe that keeps it waiting."""
        waiting, held = os.pipe()
        watcher = subprocess.Popen(
            ["/bin/sh", "-c", WATCHER, "firstline-watcher", str(self.folder)],
            stdin=waiting,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=ENVIRONMENT,
            start_new_session=True,
            **self._account.identity,
        )
        os.close(waiting)
        return watcher, held

    def _certify(self, clock: Clock) -> Path:
        certificates = make_certificates(self.folder, clock)
        self._account.own(certificates.key)
        return certificates.authority

    def _create(self) -> None:
        secret = self.folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(self.access.password + "\n", encoding="utf-8")
        self._account.own(secret)
        for locale in LOCALES:
            done = self._initdb(secret, locale)
            if done.returncode == 0:
                break
            shutil.rmtree(self._data, ignore_errors=True)
        secret.unlink()
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise ServerNotStarted(problem="\n".join(said[-LOG_LINES_TOLD:]))

    def _initdb(self, secret: Path, locale: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                *(self._binaries.folder / "initdb", "--pgdata", self._data),
                *("--username", SUPERUSER, "--pwfile", secret, "--auth", "scram-sha-256"),
                *("--encoding", "UTF8", f"--locale={locale}", "--no-sync", "--no-instructions"),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            env=ENVIRONMENT,
            **self._account.identity,
        )

    def _configure(self, settings: Mapping[str, str]) -> None:
        own = {
            "listen_addresses": HOST,
            # Nobody needs a second way in, whose path may have 107 bytes at most.
            "unix_socket_directories": "",
            # Containers have little shared memory of the other kind.
            "dynamic_shared_memory_type": "mmap",
        }
        if self.access.authority:
            files = {"ssl_cert_file": "server.crt", "ssl_key_file": "server.key"}
            own |= {"ssl": "on", **{k: str(self.folder / name) for k, name in files.items()}}
        with (self._data / "postgresql.conf").open("a", encoding="utf-8") as file:
            for name, value in (own | dict(settings)).items():
                quoted = value.replace("'", "''")
                file.write(f"{name} = '{quoted}'\n")
        kind = "hostssl" if self.access.authority else "host"
        (self._data / "pg_hba.conf").write_text(f"{kind} all all {HOST}/32 scram-sha-256\n")


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    while True:
        port = secrets.choice(PORTS)
        with contextlib.suppress(OSError), socket.create_server((HOST, port)):
            return port
