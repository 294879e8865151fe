"""Work in the background whose result lands on the GUI thread."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from services.core.database import fact_of
from services.core.errors import AppError

T = TypeVar("T")
Failed = Callable[[AppError], None]


def _ignored(error: AppError) -> None:
    """Nobody asked to be told."""


class Tasks(QObject):
    """Runs work off the GUI thread; the newest result of a slot wins, dead owners are skipped.

    One long-lived object relays every result, because objects made for one task can be
    collected before their queued signal arrives.
    """

    _landed = Signal(object)

    def __init__(self, workers: int = 3, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="reader")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="keeper")
        self._is_stopped = False
        self._latest: dict[tuple[int, str], Future[object]] = {}
        self._landed.connect(self._land, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QObject,
        slot: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Failed = _ignored,
        *,
        in_order: bool = False,
    ) -> None:
        """Do ``work`` in the background, then call ``done`` here with its result.

        A later call for the same owner and slot makes the earlier result void. What is written
        asks for ``in_order``: one after the other, so that the last word stays. Once stopped,
        nothing is begun any more.
        """
        if self._is_stopped:
            return
        key = (id(owner), slot)
        future = (self._writer if in_order else self._pool).submit(work)
        self._latest[key] = future  # type: ignore[assignment]

        def land() -> None:
            if self._latest.get(key) is not future:
                return
            del self._latest[key]
            if not future.cancelled() and shiboken6.isValid(owner):
                _deliver(future, done, failed)

        future.add_done_callback(lambda _: self._relay(land))

    @property
    def is_idle(self) -> bool:
        """Whether no result is still to land."""
        return not self._latest

    def stop(self) -> None:
        """Drop reads that have not begun; wait for what has, and for all that is written."""
        self._is_stopped = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)
        self._latest.clear()

    def _relay(self, land: Callable[[], None]) -> None:
        if shiboken6.isValid(self):
            self._landed.emit(land)

    @Slot(object)
    def _land(self, land: Callable[[], None]) -> None:
        land()


def _deliver(future: "Future[T]", done: Callable[[T], None], failed: Failed) -> None:
    error = future.exception()
    if error is None:
        done(future.result())
    elif isinstance(error, AppError):
        failed(error)
    elif fact := fact_of(error, "the local cache"):
        failed(fact)
    else:
        raise error
