"""The dispatcher inside a desk, for the shared database that is a file of its own.

It rests while nothing is under way: only the desk writes to that file, and wakes it after each
change. What became due while the desk was closed is due at its first look.
"""

import platform
from functools import partial
from pathlib import Path
from typing import Final

from services.core.clock import Clock
from services.core.database import closed_on_failure
from services.core.errors import AppError
from services.dispatcher.engine_sqlite import PagingSqlite
from services.dispatcher.extending import EVERY_S, extend
from services.dispatcher.opening import shared_file
from services.dispatcher.runner import Chore, Dispatcher
from services.dispatcher.secrets import KeyringSecrets, SecretStore
from services.dispatcher.transport import Transport
from services.paging.statements import SECOND

SENDERS: Final = 3
"""One that waits for a slow provider leaves two."""

REST_S: Final = 30.0
"""How long nothing is looked for while nothing is under way; twice as often as a desk expects
to hear of a dispatcher."""

UNDER_WAY: Final = """SELECT EXISTS (SELECT 1 FROM page p WHERE p.state = 'open'
        OR (p.state = 'acknowledged' AND p.reopens_at <= :soon))
    OR EXISTS (SELECT 1 FROM delivery d WHERE d.state IN ('waiting', 'unsure', 'sending'))"""
"""Whether anything may be due before a rest is over."""


class PagingOfDesk(PagingSqlite):
    """The engine of a file to which the same program alone writes, and says so."""

    def wait(self, timeout_s: float) -> None:
        """Return after the time-out, or after a longer rest while nothing is under way."""
        super().wait(timeout_s if self._is_under_way() else max(timeout_s, REST_S))

    def _is_under_way(self) -> bool:
        try:
            with self._asking() as connection:
                soon = self._now() + int(REST_S * SECOND)
                return bool(connection.execute(UNDER_WAY, {"soon": soon}).fetchone()[0])
        except AppError:
            return True  # the next look says what is the matter with the file


def embedded_dispatcher(file: Path, clock: Clock, secrets: SecretStore | None = None) -> Dispatcher:
    """What leads the pages of an embedded shared database, not started yet.

    Raises:
        SharedUnreachable: the file cannot be opened.
    """
    ticking = PagingOfDesk(file, clock)
    with closed_on_failure(ticking):
        # Whoever starts it again trusts the clock of this computer.
        ticking.confirm_clock()
        sending = PagingSqlite(file, clock)
    return Dispatcher(
        ticking=ticking,
        sending=sending,
        transport=Transport(),
        secrets=secrets or KeyringSecrets(),
        senders=SENDERS,
        chores=[Chore(EVERY_S, partial(extend, partial(shared_file, file, clock), clock))],
        # One name for all starts: there is never a second one.
        name=platform.node() or "this computer",
    )
