"""Asks the keyring without ever waiting for it on the GUI thread, or for longer than agreed."""

import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from services.core.cipher import profile_key
from services.core.errors import AppError, KeyOutOfReach
from services.core.messages import message_of
from services.core.profiles import ProfileEntry
from services.core.secrets import KeyringSilent, Secret

T = TypeVar("T")
PATIENCE_MS = 60_000
"""How long a person may take to unlock the keyring when its window asks."""


class _Call:
    """One question and what came of it; whichever of answer and time-out is first counts."""

    def __init__(
        self,
        work: Callable[[], object],
        done: Callable[[object], None],
        failed: Callable[[AppError], None],
        late: Callable[[object], None],
    ) -> None:
        self.work, self.done, self.failed, self.late = work, done, failed, late
        self.found: object = None
        self.error: Exception | None = None


class KeyringCalls(QObject):
    """Each call has a thread of its own, because one that hangs cannot be called off.

    Such a thread ends with the program; nothing waits for it.
    """

    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open: set[_Call] = set()
        self._given_up: set[_Call] = set()
        self._answered.connect(self._land, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[AppError], None],
        patience_ms: int = PATIENCE_MS,
        late: Callable[[T], None] = lambda _: None,
    ) -> None:
        """Do ``work`` elsewhere; then ``done`` with its result here, or ``failed`` with the fact.

        After ``patience_ms`` the fact is that the keyring is silent; a result that comes after
        all goes to ``late``.
        """
        call = _Call(work, done, failed, late)  # type: ignore[arg-type]
        self._open.add(call)
        threading.Thread(target=self._run, args=(call,), name="keyring", daemon=True).start()
        QTimer.singleShot(patience_ms, self, lambda: self._give_up(call))

    def ask_key(
        self,
        entry: ProfileEntry,
        done: Callable[[Secret | None], None],
        failed: Callable[[AppError], None],
        patience_ms: int = PATIENCE_MS,
    ) -> None:
        """Fetch the key of a profile's local files; None at once where they have none."""
        if not entry.is_cache_encrypted:
            done(None)
            return

        def locked(error: AppError) -> None:
            failed(KeyOutOfReach(why=message_of(error).happened.rstrip(".")))

        self.ask(partial(profile_key, entry.id), done, locked, patience_ms)

    @property
    def is_idle(self) -> bool:
        """Whether every question was answered or given up."""
        return not self._open

    def stop(self) -> None:
        """Care for no answer any more."""
        self._open.clear()
        self._given_up.clear()

    def _run(self, call: _Call) -> None:
        try:
            call.found = call.work()
        except AppError as error:
            call.error = error
        if shiboken6.isValid(self):
            self._answered.emit(call)

    @Slot(object)
    def _land(self, call: _Call) -> None:
        if call in self._given_up:
            self._given_up.discard(call)
            if call.error is None:
                call.late(call.found)
        elif call in self._open:
            self._open.discard(call)
            if isinstance(call.error, AppError):
                call.failed(call.error)
            else:
                call.done(call.found)

    def _give_up(self, call: _Call) -> None:
        if call in self._open:
            self._open.discard(call)
            self._given_up.add(call)
            call.failed(KeyringSilent())
