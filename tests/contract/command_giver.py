"""Gives commands without end and prints each acknowledged one; killed by its test at any moment.

Run as a program: FOLDER SHARED_DATABASE.
"""

import sys
from pathlib import Path

from builders import Desk, log_command, note_command

from services.core.clock import SystemClock


def main() -> None:
    """Log, write notes and sync, for ever."""
    folder, shared = map(Path, sys.argv[1:])
    desk = Desk(folder, shared, _Running())  # type: ignore[arg-type]
    while True:
        command = log_command(desk)
        tell("command", desk.give(command).command_id)
        for n in range(4):
            envelope = desk.give(note_command(command.incident_id, text=f"note {n}"))
            tell("command", envelope.command_id)
        desk.sync()


class _Running(SystemClock):
    """The machine's clock, for a desk that would move it."""

    def advance(self, step: object) -> None:
        """It moves by itself."""


def tell(*words: object) -> None:
    """One line, out before anything else happens."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
