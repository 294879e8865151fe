"""Running migrations on an embedded shared database; loaded only when one is needed."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from services.admin.schema import WrongVersion, write_rules
from services.core.database import connect, transaction

SCRIPTS = Path(__file__).parent


def upgrade(path: Path, version: str) -> None:
    """Bring the database to the newest version and put today's rules in place.

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
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()
    rows = connect(path)
    with transaction(rows):
        write_rules(rows)
    rows.close()
