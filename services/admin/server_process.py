"""A running PostgreSQL server, from its start to one of its ends."""

import contextlib
import os
import signal
import subprocess
import time
from enum import Enum
from pathlib import Path

from services.admin.postgres_binaries import ENVIRONMENT, Account, PostgresBinaries
from services.core.errors import AppError

STARTS_WITHIN_S = 60.0
ENDS_WITHIN_S = 30.0
LOOKS_EVERY_S = 0.01
LOG_LINES_TOLD = 5
STATUS_LINE = 7
"""The line of the server's lock file that holds its status, as pg_ctl reads it."""


class ServerNotStarted(AppError):
    """The server was told to start and does not run."""

    code = "server-not-started"


class PortTaken(AppError):
    """Another program listens where the server was to listen."""

    code = "port-taken"


class Stop(Enum):
    """How a server ends: after rolling back what runs, or leaving recovery to the next start."""

    FAST = signal.SIGINT
    IMMEDIATE = signal.SIGQUIT


class ServerProcess:
    """The server on the cluster ``data`` below ``folder``, with its log beside it."""

    def __init__(self, binaries: PostgresBinaries, account: Account, folder: Path) -> None:
        self._program = binaries.folder / "postgres"
        self._account = account
        self._folder = folder
        self._data = folder / "data"
        self._log = folder / "server.log"
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The server's first process; None while it does not run."""
        running = self._running
        return running.pid if running is not None and running.poll() is None else None

    def start(self, port: int) -> None:
        """Start on ``port`` and wait until it answers, after recovery if that is needed.

        Raises:
            PortTaken: another program has the port.
            ServerNotStarted: with the last lines of its log.
        """
        begin = self._log.stat().st_size if self._log.exists() else 0
        running = self._running = self._launch(port)
        deadline = time.monotonic() + STARTS_WITHIN_S
        while not self._is_ready(running.pid):
            if time.monotonic() > deadline:
                self.kill()
            if running.poll() is not None:
                self._running = None
                raise self._refusal(begin, port)
            time.sleep(LOOKS_EVERY_S)

    def stop(self, how: Stop = Stop.FAST) -> None:
        """End the server and wait until it is gone; nothing happens when it is."""
        if self._running is not None:
            self._running.send_signal(how.value)
            self._running.wait(ENDS_WITHIN_S)
            self._running = None

    def kill(self) -> None:
        """Kill -9 every process of the server at one moment; nothing happens without one."""
        if self._running is not None and self._running.poll() is None:
            kill_whole(self._running.pid)
            self._running.wait()
        self._running = None

    def _launch(self, port: int) -> "subprocess.Popen[bytes]":
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [self._program, "-D", self._data, "-p", str(port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                env=ENVIRONMENT,
                # Ctrl-C in the terminal is the owner's to answer.
                start_new_session=True,
                **self._account.identity,
            )

    def _is_ready(self, pid: int) -> bool:
        try:
            lines = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return False
        return lines[:1] == [str(pid)] and [line.strip() for line in lines[STATUS_LINE:]] == [
            "ready"
        ]

    def _refusal(self, begin: int, port: int) -> AppError:
        said = self._log.read_bytes()[begin:].decode("utf-8", errors="replace")
        if "Address already in use" in said:
            return PortTaken(port=port)
        return ServerNotStarted(problem="\n".join(said.splitlines()[-LOG_LINES_TOLD:]))


def kill_whole(server: int) -> None:
    """Kill -9 the server with this process id and all its processes; returns when all are gone.

    Its owner still has to wait for ``server`` itself.
    """
    # A stopped parent starts no further child while its children are counted.
    os.kill(server, signal.SIGSTOP)
    family = [*_children(server), server]
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    # What is left of a child holds the memory of the cluster.
    while any(_stat(pid)[:1] not in ([], ["Z"]) for pid in family):
        time.sleep(LOOKS_EVERY_S)


def _children(parent: int) -> list[int]:
    """Processes that ``parent`` started; none where the system has no /proc."""
    found = [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/stat")]
    return [pid for pid in found if _stat(pid)[1:2] == [str(parent)]]


def _stat(pid: int) -> list[str]:
    """State, parent and more of a process; empty when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return text.rpartition(")")[2].split()
