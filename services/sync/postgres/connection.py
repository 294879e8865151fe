"""A connection that never waits for ever, and tells its errors as facts."""

import selectors
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg import waiting
from psycopg.abc import RV, PQGen

from services.core.errors import AppError
from services.core.profiles import ConnectionSettings
from services.core.secrets import Secret
from services.sync.connection_faults import fault_of
from services.sync.errors import NotSent
from services.sync.guards import PREFIX
from services.sync.postgres.errors import BY_CODE, fact_of_state
from services.sync.postgres.triggers import REFUSED

READ_TIMEOUT_S = 20.0
"""How long one exchange with the server may take; its own limit for a statement is shorter."""

POLL_S = 0.1
"""How often a wait looks whether the connection is still there."""

DEFAULTS: Final = {
    "connect_timeout": "5",
    "tcp_user_timeout": "5000",
    "keepalives_idle": "5",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "application_name": "firstline",
    "options": "-c statement_timeout=15s -c idle_in_transaction_session_timeout=5s"
    # Compiling a copy's query takes longer than the query.
    " -c client_min_messages=warning -c jit=off",
}
"""A dead network is not noticed by the server's own time-outs.

Source: PostgreSQL manual, "Database Connection Control Functions".
"""

Ask = Callable[[], Secret]
"""Gives the password at the last moment."""


class TimedConnection(psycopg.Connection[tuple[Any, ...]]):
    """Gives up on a server that has gone silent: a frozen one still acknowledges what it gets."""

    def wait(self, gen: PQGen[RV], interval: float = POLL_S, timeout: float | None = None) -> RV:
        """Run one exchange with the server.

        Raises:
            psycopg.OperationalError: it was not over after ``READ_TIMEOUT_S`` seconds.
        """
        try:
            patience = READ_TIMEOUT_S if timeout is None else timeout
            return waiting.wait(gen, self.pgconn.socket, interval=interval, timeout=patience)
        except psycopg.errors._WaitTimeout:
            if timeout is not None:
                raise
            self.pgconn.finish()
            raise psycopg.OperationalError("the server has gone silent") from None


def connect(settings: ConnectionSettings, ask: Ask) -> TimedConnection:
    """A connection in autocommit.

    Raises:
        SharedUnreachable: the server cannot be reached.
        AppError: it refuses, for the reason of the fact.
    """
    keywords: dict[str, Any] = {**DEFAULTS, **settings.keywords()}
    try:
        connection = TimedConnection.connect(
            "", autocommit=True, password=ask().reveal(), **keywords
        )
    except psycopg.OperationalError as error:
        raise fault_of(error, settings) from None
    connection.prepare_threshold = 3
    return connection


@contextmanager
def told_as_facts(settings: ConnectionSettings) -> Iterator[None]:
    """Turn what the server of these settings says about a call into facts.

    Raises:
        AppError: the call failed; what it was meant to do is not known to have happened.
    """
    try:
        yield
    except psycopg.Error as error:
        fact = fact_of(error)
        if fact is None:
            raise
        fact.context.update(server=settings.server, user=settings.user, database=settings.database)
        raise fact from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise NotSent(problem=str(error)) from error


def fact_of(error: psycopg.Error) -> AppError | None:
    """The fact behind an error of psycopg; None where it is a bug of ours."""
    if error.sqlstate is None and not isinstance(error, psycopg.OperationalError):
        return None
    message = error.diag.message_primary or str(error)
    if error.sqlstate == REFUSED:
        code = message.removeprefix(PREFIX)
        return BY_CODE[code]() if code in BY_CODE else NotSent(problem=code)
    if error.diag.constraint_name == "command_of_client":  # its place in the order is taken
        return BY_CODE["client-unknown"]()
    return fact_of_state(error.sqlstate or "", message)


def wait_readable(sources: Sequence[Any], timeout_s: float) -> bool:
    """Whether one of the sockets has something to read before the time is over."""
    with selectors.DefaultSelector() as selector:
        for source in sources:
            selector.register(source, selectors.EVENT_READ)
        return bool(selector.select(timeout_s))
