"""Upgrading a team's database while its desks work on, or leaving it as it was."""

import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from services.admin.migrations.run import SCRIPTS
from services.admin.postgres_rights import (
    FOR_UPGRADING,
    Connection,
    ensure_rights,
    take_leftover_powers,
)
from services.admin.postgres_schema import owning, put_rules, version
from services.admin.written_rules import WrongVersion
from services.core.errors import AppError
from services.core.release import DOMAIN_VERSION

LOCK_TIMEOUT = "1s"
"""How long an upgrade stands in the way of desks that want what it waits for."""

ATTEMPTS = 30
PAUSE_S = 2.0
"""Between attempts, so that the desks get on meanwhile."""

_HELD_UP = (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected)


class UpgradeHeldUp(AppError):
    """Somebody holds what the upgrade needs, and did not let go in time."""

    code = "upgrade-held-up"


class NoWayBack(AppError):
    """A database is never taken back to an earlier edition."""

    code = "no-way-back"


def _pause() -> None:
    time.sleep(PAUSE_S)


def migrate(
    connection: Connection,
    wanted: str = "head",
    *,
    scripts: Path = SCRIPTS,
    pause: Callable[[], None] = _pause,
) -> tuple[str, str]:
    """Bring the database to an edition and put this program's rules in place, or do nothing.

    Returns the editions before and after. It is one transaction; where a desk is in its way for
    longer than ``LOCK_TIMEOUT``, it lets go of everything and tries again after a pause.

    Raises:
        WrongVersion: a newer program has upgraded it.
        NoWayBack: the edition wanted is an earlier one.
        RightsMissing: names each right that the login lacks.
        UpgradeHeldUp: somebody did not let go in time.
    """
    before = version(connection)
    ensure_rights(connection, FOR_UPGRADING)
    config = Config()
    config.set_main_option("script_location", str(scripts))
    after = _target(ScriptDirectory.from_config(config), before, wanted, connection.info.dbname)
    for _ in range(ATTEMPTS):
        try:
            _upgrade(connection, config, after)
        except _HELD_UP:
            pause()
        else:
            return before, after
    raise UpgradeHeldUp(sessions=_others(connection), attempts=ATTEMPTS)


def _target(scripts: ScriptDirectory, before: str, wanted: str, database: str) -> str:
    try:
        scripts.get_revision(before)
    except CommandError as error:
        raise WrongVersion(file=database, version=before) from error
    later = [script.revision for script in scripts.iterate_revisions("head", before)]
    after = str(scripts.get_current_head()) if wanted == "head" else wanted
    if after not in (before, *later):
        raise NoWayBack(before=before, wanted=wanted)
    return after


def _upgrade(connection: Connection, config: Config, edition: str) -> None:
    """One attempt, in one transaction.

    Raises:
        psycopg.Error: it failed, and nothing was changed.
    """
    engine = sa.create_engine(
        "postgresql+psycopg://", creator=lambda: connection, poolclass=sa.pool.StaticPool
    )
    connection.autocommit = False
    try:
        with engine.begin() as begun:
            begun.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            with owning(connection):
                config.attributes["connection"] = begun
                command.upgrade(config, edition)
                connection.execute(
                    "UPDATE meta SET max_domain_version = greatest(max_domain_version, %s)",
                    (DOMAIN_VERSION,),
                )
            put_rules(connection)
            take_leftover_powers(connection)
    except sa.exc.DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise error.orig from error
        raise
    finally:
        connection.autocommit = True


def _others(connection: Connection) -> str:
    """Who else works in this database in a transaction, by login."""
    found = connection.execute(
        "SELECT DISTINCT a.usename FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
        " JOIN pg_class c ON c.oid = l.relation"
        " JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('firstline', 'sync')"
        " WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() ORDER BY 1"
    )
    return ", ".join(row[0] for row in found) or "nobody now"
