"""The shared database that a dispatcher is told to work for."""

from collections.abc import Callable
from pathlib import Path

from services.core.clock import SystemClock
from services.core.errors import DatabaseUnreadable
from services.core.profiles import ConnectionSettings, Tls
from services.core.secrets import Secret
from services.core.server_address import AddressWrong, parse_address
from services.dispatcher.engine_postgres import PagingPostgres
from services.dispatcher.engine_sqlite import PagingSqlite
from services.dispatcher.secrets import DATABASE, SecretStore
from services.paging.engine import PagingEngine
from services.sync.connection_faults import PasswordNeeded

OpenEngine = Callable[[], PagingEngine]


def opening(database: str, secrets: SecretStore, root_certificate: str = "") -> OpenEngine:
    """What makes connections to a team's database, given as a URL, or to an embedded file.

    Raises:
        AddressWrong: the URL is none, or names no user or database.
        AddressHoldsPassword: it holds a password, which others could read.
        DatabaseUnreadable: there is no such file.
    """
    if "://" in database:
        settings = settings_of(database, root_certificate)
        return lambda: PagingPostgres(settings, lambda: _password(settings, secrets))
    file = Path(database).expanduser()
    if not file.is_file():
        raise DatabaseUnreadable(file=file.name, problem="there is no such file")
    return lambda: PagingSqlite(file, SystemClock())


def settings_of(url: str, root_certificate: str = "") -> ConnectionSettings:
    """How a dispatcher reaches the server of a URL: without TLS only on this machine.

    Raises:
        AddressWrong: it is none, or names no user or database.
        AddressHoldsPassword: it holds a password, which others could read.
    """
    address = parse_address(url)
    if not address.user or not address.database:
        raise AddressWrong(problem="a dispatcher needs postgresql://USER@HOST/DATABASE")
    is_here = all(host.is_here for host in address.hosts)
    tls = Tls.NONE if is_here and not root_certificate else Tls.FULL
    return ConnectionSettings(address.hosts, address.database, address.user, tls, root_certificate)


def _password(settings: ConnectionSettings, secrets: SecretStore) -> Secret:
    """The slot of the database; else what a desk's keyring keeps for the same account."""
    found = secrets.get(DATABASE) or secrets.get(settings.account)
    if found is None:
        raise PasswordNeeded(user=settings.user)
    return found
