"""The shared database of a team, as this desk speaks to it: with a password from memory.

Loads PostgreSQL's client library, so it is imported only where a team's profile is opened.
"""

from collections.abc import Callable

from services.core.profiles import ConnectionSettings
from services.core.secrets import PasswordMemory, Secret
from services.incidents.extent import EXTENT
from services.registry import RECORDS
from services.sync.connection_faults import PasswordNeeded, PasswordRefused
from services.sync.postgres.connection import connect, told_as_facts
from services.sync.shared import Introduction, Welcome
from services.sync.shared_postgres import SharedPostgres


class TeamDatabase(SharedPostgres):
    """Tells whom the database takes the person for, from the thread that connects."""

    def __init__(
        self,
        settings: ConnectionSettings,
        memory: PasswordMemory,
        welcomed: Callable[[Welcome], None],
    ) -> None:
        super().__init__(settings, lambda: _password(settings, memory), RECORDS, EXTENT)
        self._memory, self._account = memory, settings.account
        self._welcomed = welcomed

    def hello(self, introduction: Introduction) -> Welcome:
        """Connect and introduce this client; a password that was refused is not tried again."""
        try:
            welcome = super().hello(introduction)
        except PasswordRefused:
            self._memory.drop(self._account)
            raise
        self._welcomed(welcome)
        return welcome


def knock(settings: ConnectionSettings, secret: Secret) -> None:
    """Sign in once and leave again.

    Raises:
        AppError: it does not go well; the fact says why.
    """
    connect(settings, lambda: secret).close()


def set_password(settings: ConnectionSettings, old: Secret, new: Secret) -> None:
    """Set another password. The server is sent only what it keeps, never the clear text.

    Raises:
        AppError: the old password is wrong, or the server cannot be reached.
    """
    connection = connect(settings, lambda: old)
    try:
        with told_as_facts(settings):
            connection.pgconn.change_password(settings.user.encode(), new.reveal().encode())
    finally:
        connection.close()


def _password(settings: ConnectionSettings, memory: PasswordMemory) -> Secret:
    secret = memory.get(settings.account)
    if secret is None:
        raise PasswordNeeded(user=settings.user, server=settings.server)
    return secret
