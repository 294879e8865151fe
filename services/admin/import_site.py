"""What an import must know of the shared database before it begins."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from services.catalogue.service import BusinessService, Category, Product
from services.core.database import Rows, connect
from services.core.ids import derived_id
from services.core.records import Row
from services.incidents.priority import PriorityMatrix
from services.intake.errors import MayNotImport
from services.intake.importing import ImportSite, identity_for
from services.intake.names import SOURCE, NamedRecord, Names
from services.intake.verification import COMPARED
from services.people.person import Person, PersonRole, Role, Team, Tier
from services.sync.changes import State

_FIRST_NUMBER = "SELECT min(lo) FROM number_block WHERE client_id = ?"
_LAST_SEQ = "SELECT max(client_seq) FROM command WHERE client_id = ?"
_OWN = "SELECT json_extract(args, '$.incident_id') FROM command WHERE client_id = ? AND name = ?"


@dataclass(frozen=True, slots=True)
class Left:
    """What earlier runs with the same file left, and which incidents there are."""

    incident_ids: frozenset[UUID]
    own_incident_ids: frozenset[UUID]
    refused: dict[UUID, str]
    first_number: int | None
    last_seq: int | None


def site_for(path: Path, sha256: str, login: str) -> tuple[ImportSite, Names]:
    """The state of an embedded database towards one file, and the names it holds.

    Raises:
        MayNotImport: no administrator has this login.
    """
    with closing(connect(path)) as connection:
        client = client_of(sha256)
        left = Left(
            incident_ids=_ids(connection, "SELECT id FROM incident"),
            own_incident_ids=_ids(connection, _OWN, client, "LogIncident"),
            refused=_refused(connection, client),
            first_number=_number(connection, _FIRST_NUMBER, client),
            last_seq=_number(connection, _LAST_SEQ, client),
        )
        return site_of(Rows(connection), left, login)


def client_of(sha256: str) -> str:
    """By what a database knows the import of a file."""
    return str(identity_for(sha256).client_id)


def site_of(state: State, left: Left, login: str) -> tuple[ImportSite, Names]:
    """What an import must know, from the records and from what earlier runs left.

    Raises:
        MayNotImport: no administrator has this login.
    """
    actor = administrator(state, login)
    editions = state.find(PriorityMatrix)
    site = ImportSite(
        actor_id=actor.id,
        records=(actor, *state.find(PersonRole, person_id=actor.id), *editions),
        incident_ids=left.incident_ids,
        own_incident_ids=left.own_incident_ids,
        refused=left.refused,
        first_number=left.first_number,
        next_seq=1 + (left.last_seq or 0),
    )
    return site, _names(state, editions)


def incident_rows(path: Path) -> Iterator[Row]:
    """The columns of every imported incident that verification compares."""
    with closing(connect(path)) as connection:
        columns = ", ".join(COMPARED)
        for row in connection.execute(f"SELECT {columns} FROM incident WHERE is_imported"):
            yield dict(row)


def administrator(rows: State, login: str) -> Person:
    """The active administrator with this login.

    Raises:
        MayNotImport: there is none.
    """
    for person in rows.find(Person, login=login):
        held = rows.find(PersonRole, person_id=person.id, role=Role.ADMINISTRATOR, is_active=True)
        if held and person.is_active:
            return person
    raise MayNotImport(login=login)


def _names(rows: State, editions: tuple[PriorityMatrix, ...]) -> Names:
    teams, people = rows.find(Team), rows.find(Person)
    categories = rows.find(Category)
    things: tuple[Team | BusinessService | Product, ...] = (
        *teams,
        *rows.find(BusinessService),
        *rows.find(Product),
    )
    known = {NamedRecord(thing.TABLE, thing.name): thing.id for thing in things}
    known |= {NamedRecord(c.TABLE, c.name, c.parent_id): c.id for c in categories}
    # People are not told apart by name: only those an import added are found again.
    known |= {
        NamedRecord(p.TABLE, p.name): p.id
        for p in people
        if p.id == derived_id(SOURCE, p.TABLE, "", p.name)
    }
    taken = frozenset(record.id for record in (*things, *categories, *people))
    desks = [team for team in teams if team.tier is Tier.SERVICE_DESK and team.is_active]
    return Names(desk_team_id=desks[0].id, known=known, taken=taken, editions=editions)


def _ids(connection: sqlite3.Connection, sql: str, *values: str) -> frozenset[UUID]:
    return frozenset(UUID(row[0]) for row in connection.execute(sql, values))


def _refused(connection: sqlite3.Connection, client: str) -> dict[UUID, str]:
    found = connection.execute(
        "SELECT command_id, code FROM command WHERE client_id = ? AND outcome = 'rejected'",
        (client,),
    )
    return {UUID(row[0]): str(row[1]) for row in found}


def _number(connection: sqlite3.Connection, sql: str, *values: str) -> int | None:
    found = connection.execute(sql, values).fetchone()[0]
    return None if found is None else int(found)
