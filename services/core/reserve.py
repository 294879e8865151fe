"""Room kept back on the disk, given up when it is full, so that what was typed can be saved."""

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from services.core.errors import AppError, DiskFull, DiskNearlyFull

T = TypeVar("T")

SIZE = 8 * 2**20
"""Bytes kept back: the texts of a long day."""

FREE_BEFORE = 4 * SIZE
"""Bytes that must be free before room is kept back again."""


class Reserve:
    """A file that only takes room. Every local file of one folder shares it.

    ``told`` hears when it was given up.
    """

    def __init__(self, folder: Path, told: Callable[[AppError], None] = lambda _: None) -> None:
        self._file = folder / "reserve"
        self._told = told

    def fill(self) -> None:
        """Keep room back if the disk has plenty; without it the desk works too."""
        with contextlib.suppress(OSError):
            if not self._file.exists() and shutil.disk_usage(self._file.parent).free > FREE_BEFORE:
                self._file.write_bytes(bytes(SIZE))

    def release(self) -> bool:
        """Give the room up; False when it was given up before."""
        try:
            # Cut first: another program may hold the file open, and its room with it.
            os.truncate(self._file, 0)
            self._file.unlink()
        except OSError:
            return False
        return True

    def saved(self, work: Callable[[], T]) -> T:
        """Do what saves something, in the room kept back if there is no other.

        Raises:
            DiskFull: that did not help; nothing was saved.
        """
        try:
            return work()
        except DiskFull:
            if not self.release():
                raise
        done = work()
        self._told(DiskNearlyFull())
        return done
