"""Gives commands to a team's database without end and prints what became of each.

Run as a program: FOLDER PORT,PORT... DATABASE LOGIN. It is killed by its test at any moment, and
so is its server. ``here ID`` says that a command was saved on this desk, ``all ID`` that it was
saved for all.
"""

import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from builders import Desk, Parts, log_command, note_command, person
from contract.command_giver import _Running, tell
from team import PASSWORD

from services.core.errors import AppError
from services.core.profiles import ConnectionSettings, Tls
from services.core.server_address import Host
from services.incidents.extent import EXTENT
from services.registry import RECORDS
from services.sync import worker
from services.sync.pending import PendingState
from services.sync.shared_postgres import SharedPostgres
from services.sync.worker import SyncState, SyncWorker

MOST_WAITING = 40
NOTES = 4
LOOKS_AGAIN_S = 0.2


def team_desk(
    folder: Path, ports: Sequence[int], database: str, login: str, parts: Parts | None = None
) -> Desk:
    """A person's desk, not connected yet."""
    hosts = tuple(Host("127.0.0.1", port) for port in ports)
    settings = ConnectionSettings(hosts, database, login, Tls.NONE)

    def shared(*_: object) -> Any:
        return SharedPostgres(settings, lambda: PASSWORD, RECORDS, EXTENT)

    wire = (parts or Parts()).wire
    clock: Any = _Running()
    return Desk(folder, folder, clock, is_connected=False, parts=Parts(shared=shared, wire=wire))


class Giver:
    """A person who never stops, beside the thread that sends what they give."""

    def __init__(self, folder: Path, ports: Sequence[int], database: str, login: str) -> None:
        self._desk = team_desk(folder, ports, database, login)
        self._who = person(login)
        self._moved = threading.Event()
        self._is_online = False
        self._waiting: list[UUID] = []
        self._worker = SyncWorker(self._desk.replica, _Running(), self._hear)

    def _hear(self, state: SyncState) -> None:
        self._is_online = self._is_online or state.is_online
        self._moved.set()

    def run(self) -> None:
        """Give, for ever."""
        self._worker.start()
        while not self._is_online:
            self._rest()
        while True:
            try:
                command = log_command(self._desk)
                self._give(command)
                for n in range(NOTES):
                    self._give(note_command(command.incident_id, text=f"note {n}"))
            except AppError:  # no number is left, or a full copy is under way
                self._rest()
            self._report()
            while len(self._waiting) > MOST_WAITING:
                self._rest()
                self._report()

    def _rest(self) -> None:
        """Until the other thread has something to tell, or a moment later all the same."""
        self._moved.wait(LOOKS_AGAIN_S)
        self._moved.clear()

    def _give(self, command: object) -> None:
        envelope = self._desk.give(command, self._who)
        tell("here", envelope.command_id)
        self._waiting.append(envelope.command_id)
        self._worker.wake()

    def _report(self) -> None:
        """Say which commands are saved for all by now."""
        open_ = {
            p.envelope.command_id
            for p in self._desk.replica.pending()
            if p.state is not PendingState.ACKED
        }
        for id_ in [id_ for id_ in self._waiting if id_ not in open_]:
            tell("all", id_)
            self._waiting.remove(id_)


def main() -> None:
    """Begin; whoever started this ends it."""
    folder, ports, database, login = sys.argv[1:]
    worker.BACK_OFF_S = (0.1,)
    Giver(Path(folder), [int(port) for port in ports.split(",")], database, login).run()


if __name__ == "__main__":
    main()
