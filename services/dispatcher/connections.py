"""A few connections to one server, each lent to one call at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from services.core.errors import AppError
from services.core.profiles import ConnectionSettings
from services.sync.connection_faults import TooManyConnections
from services.sync.postgres.connection import Ask, TimedConnection, connect, told_as_facts


class Connections:
    """At most ``most`` connections, opened when they are needed; the last one used goes first.

    Where the server gives no more, those that there are must do. An error that leaves one
    unknown ends all that rest: what cut one has cut them all.
    """

    def __init__(self, settings: ConnectionSettings, ask: Ask, most: int) -> None:
        self._settings = settings
        self._ask = ask
        self._most = most
        self._changed = threading.Condition()
        self._resting: list[TimedConnection] = []
        self._lent = 0
        self._has_ended = False

    @contextmanager
    def lent(self) -> Iterator[TimedConnection]:
        """One of them for one call; what goes wrong is told as a fact.

        Raises:
            AppError: the server is not to be reached, or the call failed.
        """
        connection = self._taken()
        try:
            with told_as_facts(self._settings):
                yield connection
        except AppError as error:
            if error.retryable or connection.broken:
                connection.close()
                self._end_resting()
            raise
        finally:
            self._give_back(connection)

    def close(self) -> None:
        """End them all, those that are lent when they come back."""
        with self._changed:
            self._has_ended = True
        self._end_resting()

    def _taken(self) -> TimedConnection:
        most = self._most
        while True:
            with self._changed:
                while not self._resting and self._lent >= most:
                    self._changed.wait()
                self._lent += 1
                if self._resting:
                    return self._resting.pop()
            try:
                return connect(self._settings, self._ask)
            except AppError as error:
                if self._is_last(error):
                    raise
                most = 1  # from now on one that comes back, or a first one

    def _is_last(self, error: AppError) -> bool:
        """After no connection was to be had: whether there is none to wait for."""
        with self._changed:
            self._lent -= 1
            self._changed.notify()
            return not (isinstance(error, TooManyConnections) and (self._lent or self._resting))

    def _give_back(self, connection: TimedConnection) -> None:
        with self._changed:
            self._lent -= 1
            if not connection.closed:
                self._resting.append(connection)
            self._changed.notify()
        if self._has_ended:
            self._end_resting()

    def _end_resting(self) -> None:
        with self._changed:
            resting, self._resting = self._resting, []
        for connection in resting:
            connection.close()
