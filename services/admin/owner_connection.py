"""How whoever owns a team's database reaches it from the command line."""

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from services.admin.postgres_rights import Connection, RightsMissing
from services.core.errors import AppError
from services.core.profiles import ConnectionSettings, Tls
from services.core.secrets import Secret
from services.core.server_address import AddressHoldsPassword, AddressWrong, Host, parse_address
from services.sync.connection_faults import PasswordNeeded, fault_of

MAINTENANCE: Final = "postgres"
"""The database that every server has, from which another one is made."""

_HOW: Final = {
    "application_name": "firstline-admin",
    "connect_timeout": "5",
    "options": "-c client_min_messages=warning",
}


class PasswordInAddress(AppError):
    """An address on the command line holds a password, where others can read it."""

    code = "password-in-address"


class PasswordFileUnsafe(AppError):
    """Others than its owner may read the file of a password."""

    code = "password-file-unsafe"


class PasswordFileUnreadable(AppError):
    """The file of a password is not there, or holds none."""

    code = "password-file-unreadable"


@dataclass(frozen=True, slots=True)
class OwnerAddress:
    """Where the database is and as whom its owner comes; without hosts, by this machine's socket.

    An empty ``user`` leaves it to libpq, as does a password that nobody gives.
    """

    hosts: tuple[Host, ...]
    user: str
    database: str
    root_certificate: str = ""

    @property
    def settings(self) -> ConnectionSettings:
        """The same as a desk would say it; TLS only where a network is crossed, or asked for."""
        is_here = all(host.is_here for host in self.hosts)
        tls = Tls.NONE if is_here and not self.root_certificate else Tls.FULL
        hosts = self.hosts or (Host("localhost"),)
        return ConnectionSettings(hosts, self.database, self.user, tls, self.root_certificate)

    def keywords(self) -> dict[str, str]:
        """What libpq is given."""
        words = self.settings.keywords()
        if self.settings.tls is Tls.NONE:
            # Here the server chooses: its socket may know the account without a password.
            for word in ("require_auth", "channel_binding"):
                del words[word]
            words["sslmode"] = "prefer"
            if not self.hosts:
                del words["host"], words["port"]
        return {**_HOW, **{word: value for word, value in words.items() if value}}


def owner_address(typed: str, root_certificate: str = "") -> OwnerAddress:
    """Read ``postgresql://user@host:port/database``; without a host it is this machine's socket.

    Raises:
        AddressWrong: it is none.
        PasswordInAddress: it holds a password.
    """
    scheme, mark, rest = typed.strip().partition("://")
    if not mark:
        raise AddressWrong(problem="a team's database is named as postgresql://USER@HOST/DATABASE")
    authority, slash, path = rest.partition("/")
    person, at, servers = authority.rpartition("@")
    try:
        address = parse_address(f"{scheme}://{person}{at}{servers or 'localhost'}{slash}{path}")
    except AddressHoldsPassword as found:
        raise PasswordInAddress() from found
    if "?" in path:
        raise AddressWrong(problem="what follows the “?” is not read; options are given by name")
    if not address.database:
        raise AddressWrong(problem="it names no database")
    hosts = address.hosts if servers else ()
    return OwnerAddress(hosts, address.user, address.database, root_certificate)


def read_password(path: Path) -> Secret:
    """The first line of a file that nobody else can read.

    Raises:
        PasswordFileUnsafe, PasswordFileUnreadable: it is not such a file.
    """
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise PasswordFileUnsafe(file=path.name)
        text = path.read_text(encoding="utf-8").partition("\n")[0]
    except (OSError, ValueError) as error:
        raise PasswordFileUnreadable(file=path.name, problem=str(error)) from error
    if not text:
        raise PasswordFileUnreadable(file=path.name, problem="it is empty")
    return Secret(text)


def connect_as_owner(address: OwnerAddress, given: Secret | None = None) -> Connection:
    """A connection in autocommit; the terminal is asked only for a password the server wants.

    Raises:
        AppError: the server cannot be reached or refuses.
    """
    try:
        return _connect(address, given)
    except psycopg.OperationalError as error:
        is_asked = given is None and bool(getattr(error.pgconn, "needs_password", False))
        if not is_asked:
            raise fault_of(error, address.settings) from None
    if not sys.stdin.isatty():
        raise PasswordNeeded(user=address.user or "the owner")
    try:
        return _connect(
            address, Secret(getpass.getpass(f"Password of {address.settings.account}: "))
        )
    except psycopg.OperationalError as error:
        raise fault_of(error, address.settings) from None


def _connect(address: OwnerAddress, password: Secret | None) -> Connection:
    secret = {} if password is None else {"password": password.reveal()}
    # Keywords of libpq are not among the typed arguments.
    words: dict[str, str] = {**address.keywords(), **secret}
    return psycopg.connect(psycopg.conninfo.make_conninfo(**words), autocommit=True)


def make_database(address: OwnerAddress, given: Secret | None = None) -> bool:
    """Make the database in UTF-8; returns False where there is one of that name.

    Raises:
        RightsMissing: the login may not.
    """
    with connect_as_owner(replace(address, database=MAINTENANCE), given) as connection:
        try:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                    sql.Identifier(address.database)
                )
            )
        except psycopg.errors.DuplicateDatabase:
            return False
        except psycopg.errors.InsufficientPrivilege as error:
            raise RightsMissing(login=connection.info.user, rights="CREATEDB") from error
    return True


# -- options of every command on a team's database --------------------------------------------


def add_database_options(
    parser: argparse.ArgumentParser,
    name: str = "--database",
    *,
    or_embedded: bool = False,
    default: str = "the one of FIRSTLINE_HOME",
) -> None:
    """Declare where the database is and how its owner proves who they are."""
    team = "postgresql://user@host:port/database, never with a password"
    embedded = f", or the file of an embedded one (default: {default})"
    parser.add_argument(
        name,
        dest="database",
        required=not or_embedded,
        metavar="URL",
        help=team + (embedded if or_embedded else ""),
    )
    parser.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        help="the owner's password, in a file that only you can read (default: as libpq finds it"
        " in PGPASSFILE or by the socket's account, else it is asked for)",
    )
    parser.add_argument(
        "--root-certificate",
        default="",
        metavar="FILE",
        help="the certificates to trust (default: those of the system)",
    )


@contextmanager
def as_owner(options: argparse.Namespace) -> Iterator[Connection]:
    """The connection that the options of a command ask for; a refusal is told as a fact.

    Raises:
        AppError: the server cannot be reached, refuses, or has gone away.
    """
    address, given = owner_of(options)
    with connect_as_owner(address, given) as connection:
        try:
            yield connection
        except psycopg.errors.InsufficientPrivilege as error:
            rights = error.diag.message_detail or error.diag.message_primary
            raise RightsMissing(login=connection.info.user, rights=rights) from error
        except psycopg.OperationalError as error:
            raise fault_of(error, address.settings) from error


def owner_of(options: argparse.Namespace) -> tuple[OwnerAddress, Secret | None]:
    """Where the database is, and the password where a file gives it."""
    address = owner_address(options.database, options.root_certificate)
    given = read_password(options.password_file) if options.password_file else None
    return address, given
