"""The shared database that a dispatcher is told to work for."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from services.core.clock import Clock, SystemClock
from services.core.errors import DatabaseUnreadable
from services.core.profiles import ConnectionSettings, Tls
from services.core.secrets import Secret
from services.core.server_address import AddressWrong, parse_address
from services.dispatcher.beats import Beat, beats_of_file, beats_of_server
from services.dispatcher.engine_postgres import PagingPostgres
from services.dispatcher.engine_sqlite import PagingSqlite
from services.dispatcher.page_calls import LeadsAndTells
from services.dispatcher.secrets import DATABASE, SecretStore
from services.incidents.extent import EXTENT
from services.registry import RECORDS
from services.sync.connection_faults import PasswordNeeded
from services.sync.shared import SharedDatabase
from services.sync.shared_postgres import SharedPostgres
from services.sync.shared_sqlite import SharedSqlite

OpenEngine = Callable[[int], LeadsAndTells]
"""Opens what leads pages, with so many connections at most; a file is one."""

OpenShared = Callable[[], SharedDatabase]
ReadBeats = Callable[[], Sequence[Beat]]


def opening(database: str, secrets: SecretStore, root_certificate: str = "") -> OpenEngine:
    """What makes connections to a team's database, given as a URL, or to an embedded file.

    Raises:
        AddressWrong: the URL is none, or names no user or database.
        AddressHoldsPassword: it holds a password, which others could read.
        DatabaseUnreadable: there is no such file.
    """
    if "://" in database:
        settings = settings_of(database, root_certificate)
        return partial(PagingPostgres, settings, partial(_password, settings, secrets))
    file = Path(database).expanduser()
    if not file.is_file():
        raise DatabaseUnreadable(file=file.name, problem="there is no such file")
    return lambda _: PagingSqlite(file, SystemClock())


def reading_beats(database: str, secrets: SecretStore, root_certificate: str = "") -> ReadBeats:
    """What reads how the dispatchers of the same database fare.

    Raises:
        AddressWrong, AddressHoldsPassword: the URL cannot be used.
    """
    if "://" in database:
        settings = settings_of(database, root_certificate)
        return partial(beats_of_server, settings, partial(_password, settings, secrets))
    return partial(beats_of_file, Path(database).expanduser(), SystemClock())


def opening_shared(database: str, secrets: SecretStore, root_certificate: str = "") -> OpenShared:
    """What gives commands to the same database, as a desk would.

    Raises:
        AddressWrong, AddressHoldsPassword: the URL cannot be used.
    """
    if "://" in database:
        settings = settings_of(database, root_certificate)
        ask = partial(_password, settings, secrets)
        return lambda: SharedPostgres(settings, ask, RECORDS, EXTENT)
    return partial(shared_file, Path(database).expanduser(), SystemClock())


def shared_file(file: Path, clock: Clock) -> SharedDatabase:
    """An embedded shared database, for commands."""
    return SharedSqlite(file, clock, [record.TABLE for record in RECORDS], EXTENT)


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
