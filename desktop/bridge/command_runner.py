"""Gives commands off the GUI thread, one after the other."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from services.core.errors import AppError
from services.sync.envelope import Envelope
from services.sync.replica import Replica

Done = Callable[[Sequence[Envelope]], None]
Failed = Callable[[AppError], None]


def _nothing(_: object) -> None:
    """Nobody asked to be told."""


@dataclass(frozen=True)
class _Outcome:
    future: "Future[Sequence[Envelope]]"
    done: Done
    failed: Failed


class CommandRunner(QObject):
    """Runs each request in a thread of its own: one writer, in the order of the clicks."""

    _finished = Signal(object)

    def __init__(self, replica: Replica, wake: Callable[[], None]) -> None:
        super().__init__()
        self._replica = replica
        self._wake = wake
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="commands")
        self._open = 0
        self._finished.connect(self._land, Qt.ConnectionType.QueuedConnection)

    def give(
        self,
        actor_id: UUID,
        *commands: object,
        done: Done = _nothing,
        failed: Failed = _nothing,
    ) -> None:
        """Give commands in order; the first refusal stops the rest and is reported."""
        self.give_made(actor_id, lambda _: commands, done=done, failed=failed)

    def give_made(
        self,
        actor_id: UUID,
        make: Callable[[Replica], Sequence[object]],
        done: Done = _nothing,
        failed: Failed = _nothing,
    ) -> None:
        """Like :meth:`give`, with commands that need a number from the replica."""
        self._open += 1
        future = self._pool.submit(self._run, actor_id, make)
        future.add_done_callback(lambda f: self._relay(f, done, failed))

    @property
    def is_idle(self) -> bool:
        """Whether every request has been answered."""
        return self._open == 0

    def stop(self) -> None:
        """Finish what was asked, then end."""
        self._pool.shutdown(wait=True)

    def _run(
        self, actor_id: UUID, make: Callable[[Replica], Sequence[object]]
    ) -> Sequence[Envelope]:
        try:
            commands = make(self._replica)
            return [self._replica.execute(command, actor_id) for command in commands]
        finally:
            self._wake()

    def _relay(self, future: "Future[Sequence[Envelope]]", done: Done, failed: Failed) -> None:
        if shiboken6.isValid(self):
            self._finished.emit(_Outcome(future, done, failed))

    @Slot(object)
    def _land(self, outcome: _Outcome) -> None:
        self._open -= 1
        error = outcome.future.exception()
        if error is None:
            outcome.done(outcome.future.result())
        elif isinstance(error, AppError):
            outcome.failed(error)
        else:
            raise error
