"""Creating and upgrading the embedded shared database."""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from services.admin.written_rules import write_rules
from services.core.clock import Clock, to_microseconds
from services.core.database import Rows, connect, single, transaction
from services.core.errors import DatabaseUnreadable
from services.core.ids import derived_id, new_id
from services.core.records import Record, spec_of
from services.incidents.priority import PriorityMatrix
from services.people.person import Person, PersonRole, Role, Team, TeamMember, Tier
from services.registry import create_tables
from services.sync.shared_schema import SHARED_SCHEMA

HEAD = "0006"
"""The newest migration; a database that is at it needs no alembic."""

FIRST_NUMBER = 1001
FOUNDER_ROLES = (Role.SERVICE_DESK, Role.INCIDENT_MANAGER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class Founder:
    """The person who starts with a database of their own."""

    name: str
    login: str


def founder_of_this_machine() -> Founder:
    """The person signed in to this machine, as far as the system tells."""
    login = os.environ.get("USER") or os.environ.get("USERNAME") or "agent"
    return Founder(name=login.replace(".", " ").replace("_", " ").title(), login=login)


def founder_id(login: str) -> UUID:
    """The id of the person with this login in a database they founded."""
    return derived_id("person", login)


def ensure_embedded(path: Path, clock: Clock, founder: Founder) -> bool:
    """Make the embedded shared database ready; returns whether it is new.

    A file is created beside its place and moved there when complete, so that a crash never
    leaves half a database.

    Raises:
        DatabaseUnreadable: the file is no database of ours.
        WrongVersion: a newer program has upgraded it.
    """
    if not path.exists():
        _create(path, clock, founder)
        return True
    version = _version(path)
    if version != HEAD:
        from services.admin.migrations.run import upgrade

        upgrade(path, version)
    return False


def _version(path: Path) -> str:
    try:
        connection = connect(path)
        found = single(connection, "SELECT version_num FROM alembic_version")
        connection.close()
    except sqlite3.DatabaseError as error:
        raise DatabaseUnreadable(file=path.name, problem=str(error)) from error
    return str(found)


def _create(path: Path, clock: Clock, founder: Founder) -> None:
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    connection = connect(draft)
    with transaction(connection):
        write_schema(connection, clock, founder)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    draft.rename(path)


def write_schema(connection: sqlite3.Connection, clock: Clock, founder: Founder) -> None:
    """Everything a new embedded shared database holds."""
    create_tables(connection)
    for statement in SHARED_SCHEMA:
        connection.execute(statement)
    connection.execute("CREATE TABLE alembic_version (version_num TEXT NOT NULL)")
    connection.execute("INSERT INTO alembic_version VALUES (?)", (HEAD,))
    connection.execute(
        "INSERT INTO meta VALUES (1, ?, 1, ?)", (str(new_id(clock.now())), FIRST_NUMBER)
    )
    write_rules(connection)
    _found(connection, clock, founder)


def founding_records(founder: Founder) -> list[Record]:
    """The first person, the first team and the first matrix."""
    me = founder_id(founder.login)
    desk = Team(id=derived_id("team", "Service Desk"), version=1, name="Service Desk",
                tier=Tier.SERVICE_DESK, lead_id=me)  # fmt: skip
    return [
        Person(id=me, version=1, name=founder.name, login=founder.login, job_title="Founder"),
        desk,
        TeamMember(id=derived_id(desk.id, me), version=1, team_id=desk.id, person_id=me),
        *(
            PersonRole(id=derived_id(me, role.value), version=1, person_id=me, role=role)
            for role in FOUNDER_ROLES
        ),
        PriorityMatrix(id=derived_id("matrix", 1), version=1, edition=1, name="Standard"),
    ]


def _found(connection: sqlite3.Connection, clock: Clock, founder: Founder) -> None:
    """Write the first records as one act."""
    now = to_microseconds(clock.now())
    connection.execute(
        "INSERT INTO submitting VALUES (1, ?, '', 'CreateDatabase', ?, '', ?, ?, '', 1)",
        (str(derived_id("created", now)), str(founder_id(founder.login)), now, now),
    )
    rows = Rows(connection)
    for record in founding_records(founder):
        rows.insert(record.TABLE, spec_of(type(record)).to_row(record))
    connection.execute("DELETE FROM submitting")
