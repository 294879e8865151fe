"""``init``, ``migrate``, ``restored`` and ``verify``: the database of a team as a whole."""

import argparse

from services.admin import postgres_people as people
from services.admin.new_password import add_password_options, new_password, tell_password
from services.admin.owner_connection import add_database_options, as_owner, make_database, owner_of
from services.admin.postgres_migration import migrate
from services.admin.postgres_restored import restored
from services.admin.postgres_rights import Connection, leftover_powers
from services.admin.postgres_schema import AlreadyThere, create, is_there
from services.admin.postgres_verification import differences
from services.admin.schema import Founder
from services.core.clock import SystemClock

DIFFERS = 1
"""Exit code where something is not as it must be."""


def add_init(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare ``init`` and its options."""
    parser = commands.add_parser("init", help="set up the database of a team")
    add_database_options(parser)
    parser.add_argument(
        "--create-database", action="store_true", help="make the database if there is none"
    )
    parser.add_argument(
        "--founder",
        metavar="LOGIN",
        help="the first administrator; without one only “move” can bring people in",
    )
    parser.add_argument("--name", metavar="NAME", help="the founder's name")
    add_password_options(parser)
    parser.set_defaults(run=run_init)


def run_init(options: argparse.Namespace) -> int:
    """Create everything, and the founder if one is named; returns the exit code.

    Raises:
        AppError: nothing was created.
    """
    password = new_password(options)
    if options.create_database:
        make_database(*owner_of(options))
    with as_owner(options) as connection:
        with connection.transaction():
            if not is_there(connection):
                create(connection)
            elif not options.founder or people.listed(connection):
                raise AlreadyThere(database=connection.info.dbname)
            if options.founder:
                founder = Founder(options.name or options.founder.title(), options.founder)
                people.found(connection, founder, password, SystemClock())
        print(f"The database {connection.info.dbname} is ready.")
        _tell_leftover(connection)
        if options.founder:
            tell_password(options, options.founder, password)
    return 0


def _tell_leftover(connection: Connection) -> None:
    if left := leftover_powers(connection):
        print(
            f"Every login may call {len(left)} functions that hold up others, such as {left[0]}."
            " Run “migrate” once as a superuser to take them away."
        )


def add_migrate(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare ``migrate`` and its options."""
    parser = commands.add_parser("migrate", help="upgrade the database of a team to this program")
    add_database_options(parser)
    parser.add_argument(
        "--to", default="head", metavar="EDITION", help="an edition between (default: the newest)"
    )
    parser.set_defaults(run=run_migrate)


def run_migrate(options: argparse.Namespace) -> int:
    """Upgrade in one transaction; returns the exit code.

    Raises:
        AppError: nothing was changed.
    """
    with as_owner(options) as connection:
        before, after = migrate(connection, options.to)
    if before == after:
        print(f"The database was at edition {after} already; its rules are those of this program.")
    else:
        print(f"Upgraded from edition {before} to {after}.")
    return 0


def add_restored(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare ``restored`` and its options."""
    parser = commands.add_parser(
        "restored", help="say that a backup was put back, before anybody works with it"
    )
    add_database_options(parser)
    parser.set_defaults(run=run_restored)


def run_restored(options: argparse.Namespace) -> int:
    """Make a database that was put back safe to work with; returns the exit code.

    Raises:
        AppError: it cannot be.
    """
    with as_owner(options) as connection:
        next_number = restored(connection)
        _tell_leftover(connection)
    print(
        f"Ready. New incidents are numbered from {next_number:,}; each desk gives its"
        " acknowledged changes again when it connects."
    )
    return 0


def add_verify(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare ``verify`` and its options."""
    parser = commands.add_parser(
        "verify", help="compare rules, rights, history and feed with what they must be"
    )
    add_database_options(parser)
    parser.set_defaults(run=run_verify)


def run_verify(options: argparse.Namespace) -> int:
    """Print what differs; returns the exit code, 1 where something does.

    Raises:
        AppError: it cannot be compared.
    """
    with as_owner(options) as connection:
        found = list(differences(connection))
        for difference in found:
            print(difference)
        _tell_leftover(connection)
    print(f"{len(found)} differences." if found else "Everything is as it must be.")
    return DIFFERS if found else 0
