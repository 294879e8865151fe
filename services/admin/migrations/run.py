"""Running migrations on an embedded shared database; loaded only when one is needed."""

import sqlite3
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from services.admin.written_rules import WrongVersion, write_rules
from services.core.database import connect

SCRIPTS = Path(__file__).parent


def upgrade(path: Path, version: str) -> None:
    """Bring the database to the newest version and put today's rules in place, or do nothing.

    It is one transaction: a version without its rules would never get them.

    Raises:
        WrongVersion: a newer program has upgraded it.
    """
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    try:
        ScriptDirectory.from_config(config).get_revision(version)
    except CommandError as error:
        raise WrongVersion(file=path.name, version=version) from error
    engine = sa.create_engine("sqlite://", creator=lambda: connect(path))
    sa.event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        write_rules(cast(sqlite3.Connection, connection.connection.driver_connection))
    engine.dispose()
