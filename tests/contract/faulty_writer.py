"""Gives commands on a disk that fails at random, and prints what became of each.

Run as a program under libfiu: FOLDER SHARED_DATABASE INCIDENT COUNT FAULT ERRNO HONEST. Not
``honest`` acknowledges before anything is saved, as a control.
"""

import ctypes
import sys
from pathlib import Path
from uuid import UUID

from builders import DANA, Desk, note_command
from command_giver import _Running, tell

from services.core.errors import AppError

CHANCE = 0.08


def main() -> None:
    """Give so many notes while calls of one kind fail."""
    folder, shared, incident, count, fault, errno, honest = sys.argv[1:]
    desk = Desk(Path(folder), Path(shared), _Running(), is_connected=False)  # type: ignore[arg-type]
    begin_faults(fault, int(errno))
    for n in range(int(count)):
        if honest != "honest":
            tell("saved", f"note {n}")
        try:
            text = f"note {n}"
            desk.replica.execute(note_command(UUID(incident), text=text), DANA)
            tell("saved", text)
        except AppError as error:
            tell("refused", error.code)
    ctypes.CDLL("libfiu.so.0").fiu_disable(fault.encode())
    desk.close()


def begin_faults(name: str, errno: int) -> None:
    """From now on calls of this kind fail at random with this error."""
    library = ctypes.CDLL("libfiu.so.0")
    library.fiu_enable_random(name.encode(), 1, ctypes.c_void_p(errno), 0, ctypes.c_float(CHANCE))


if __name__ == "__main__":
    main()
