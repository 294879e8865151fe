"""What survives a bug: a delivery may be poison, and must then be the only one to suffer."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from traceback import extract_tb
from typing import TypeVar

from services.core.errors import AppError

log = logging.getLogger(__name__)
T = TypeVar("T")


class Poison:
    """Runs work that may hold a bug. Any thread may ask."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}
        self._lock = threading.Lock()

    def survive(self, work: Callable[[], T], otherwise: Callable[[str], T]) -> T:
        """The result of the work; where a bug ends it, what ``otherwise`` makes of its name.

        Each bug is logged once, by its kind and place: its words may quote what is secret.

        Raises:
            AppError: the work met a fact.
        """
        try:
            return work()
        except AppError:
            raise
        except Exception as bug:
            name = type(bug).__name__
            self._note(f"{name} at {place_of(bug)}")
            return otherwise(name)

    @property
    def count(self) -> int:
        """How many pieces of work a bug ended."""
        with self._lock:
            return sum(self._seen.values())

    def _note(self, bug: str) -> None:
        with self._lock:
            self._seen[bug] = self._seen.get(bug, 0) + 1
            is_new = self._seen[bug] == 1
        if is_new:
            log.error("bug", extra={"facts": {"bug": bug}})


def place_of(error: BaseException) -> str:
    """Where an error was raised: the file and the line, and nothing of what it was about."""
    frames = extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
