"""A shared database of a former edition is upgraded whole, or left as it was."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from builders import DANA, Office
from editions import COLUMNS_SINCE, OF_MAJOR_INCIDENTS, OF_PAGING
from postgres_server import DatabasesForTests

from services.admin.migrations.run import SCRIPTS
from services.admin.schema import HEAD, Founder, ensure_embedded
from services.core.database import connect, single
from services.incidents.acts import RestrictIncident

MAYA = Founder("Maya", "maya")


def triggers(path: Path) -> dict[str, str]:
    """The guards of a file, by name."""
    connection = connect(path)
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    guards = {row["name"]: row["sql"] for row in found}
    connection.close()
    return guards


def without_confidentiality(office: Office) -> UUID:
    """Make the office's file one of the edition before; an incident of then."""
    desk = office.desk()
    id_ = desk.log()
    connection = connect(office.path)
    for name in triggers(office.path):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("DROP VIEW page_ahead")
    for table in (*OF_PAGING, *OF_MAJOR_INCIDENTS):
        connection.execute(f"DROP TABLE {table}")
    for table, column in COLUMNS_SINCE:
        connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    connection.execute("ALTER TABLE incident DROP COLUMN is_confidential")
    connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    return id_


def columns(path: Path) -> list[str]:
    """Every column of every table, as SQLite describes it."""
    connection = connect(path)
    found = connection.execute(
        "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk"
        " FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
        " ORDER BY m.name, c.cid"
    ).fetchall()
    indexes = connection.execute(
        "SELECT i.name || ' of ' || m.name FROM sqlite_master m JOIN pragma_index_list(m.name) i"
        " WHERE m.type = 'table' ORDER BY 1"
    ).fetchall()
    connection.close()
    return [row[0] for row in (*found, *indexes)]


def version(path: Path) -> object:
    connection = connect(path)
    found = single(connection, "SELECT version_num FROM alembic_version")
    connection.close()
    return found


def test_a_file_of_the_former_edition_opens_and_works(office: Office) -> None:
    new, guards = columns(office.path), triggers(office.path)
    id_ = without_confidentiality(office)
    assert columns(office.path) != new
    assert not ensure_embedded(office.path, office.clock, MAYA)
    assert (columns(office.path), triggers(office.path)) == (new, guards)
    assert version(office.path) == HEAD
    desk = office.desk()
    assert not desk.incident(id_).is_confidential
    desk.do(
        RestrictIncident(
            incident_id=id_, is_confidential=True, reason="Names", seen_is_confidential=False
        ),
        DANA,
    )
    other = office.desk()
    assert other.incident(id_).is_confidential


def test_an_upgrade_that_fails_half_way_changes_nothing(office: Office) -> None:
    without_confidentiality(office)
    connection = connect(office.path)
    connection.execute("ALTER TABLE transition_rule RENAME TO elsewhere")
    connection.close()
    with pytest.raises(sqlite3.OperationalError, match="transition_rule"):
        ensure_embedded(office.path, office.clock, MAYA)
    assert version(office.path) == "0001"
    assert not any("is_confidential" in column for column in columns(office.path))
    connection = connect(office.path)
    connection.execute("ALTER TABLE elsewhere RENAME TO transition_rule")
    connection.close()
    ensure_embedded(office.path, office.clock, MAYA)
    assert any("is_confidential" in column for column in columns(office.path))


def test_the_same_steps_lead_there_on_postgresql(
    databases: DatabasesForTests, new_database: Callable[..., str]
) -> None:
    name, access = new_database(), databases.access
    with access.connect(name) as owner:
        owner.execute("CREATE SCHEMA firstline")
    path = "-c search_path=firstline"
    engine = sa.create_engine(
        "postgresql+psycopg://", creator=lambda: access.connect(name, options=path)
    )
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        connection.exec_driver_sql("CREATE TABLE incident (number bigint)")
        connection.exec_driver_sql("INSERT INTO incident VALUES (1001)")
        connection.exec_driver_sql("CREATE TABLE business_service (name text)")
        connection.exec_driver_sql("CREATE TABLE priority_matrix (name text)")
        command.stamp(config, "0001")
        command.upgrade(config, "head")
        found = connection.exec_driver_sql(
            "SELECT is_confidential FROM firstline.incident"
        ).scalar()
    engine.dispose()
    assert found is False
