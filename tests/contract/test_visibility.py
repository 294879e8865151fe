"""Who may read a confidential incident: the policy of the database says what the desk says."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from builders import (
    ADAM,
    DANA,
    DESK_TEAM,
    IMRAN,
    KIM,
    MAYA,
    MONA,
    NAMES,
    NETWORK,
    START,
    TARA,
    THEO,
    Desk,
    Office,
    office_at,
)
from postgres_server import DatabasesForTests
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from services.core.database import connect
from services.incidents import acts
from services.incidents.directory import Directory
from services.incidents.incident import Channel, Escalation
from services.incidents.reference import directory
from services.incidents.tables import escalation, incident, note
from services.incidents.visibility import READABLE, VIEWS, may_read, readers
from services.people.commands import PlaceInTeam
from services.people.tables import person, person_role, team, team_member

Reader = psycopg.Connection[tuple[object, ...]]
TABLES = (person, person_role, team, team_member, incident, escalation, note)
MY_ROLE = "SELECT p.role FROM person_role p WHERE p.person_id = (SELECT me()) AND p.is_active"


@dataclass
class Place:
    """Incidents that differ in who may read them, and all that decides it."""

    desk: Desk
    incidents: dict[str, UUID]
    rows: dict[str, list[dict[str, object]]]
    directory: Directory
    path: Path

    def allowed(self, who: UUID) -> set[str]:
        """What the desk says this person may read."""
        escalations = self.desk.find(Escalation)
        return {
            name
            for name, id_ in self.incidents.items()
            if may_read(who, self.desk.incident(id_), escalations, self.directory)
        }

    def named(self, ids: Iterator[str]) -> set[str]:
        names = {str(id_): name for name, id_ in self.incidents.items()}
        return {names[id_] for id_ in ids}


def _incidents(desk: Desk) -> Iterator[tuple[str, UUID]]:
    def secret(**given: object) -> UUID:
        return desk.log(is_confidential=True, **given)

    yield "open to all", desk.log()
    yield "new", secret()
    yield "without owner", secret(channel=Channel.MONITORING)
    given = secret()
    desk.do(_assignment(given, ADAM))
    yield "assigned", given
    yield "offered", desk.escalate(desk.start(secret()))
    accepted = desk.accept(desk.escalate(desk.start(secret())))
    yield "accepted", accepted
    returned = desk.accept(desk.escalate(desk.start(secret())))
    desk.do(acts.HandBackEscalation(incident_id=returned, remark="Done"), THEO)
    yield "handed back", returned
    yield "asked", _asked(desk, secret())
    answered = _asked(desk, secret())
    [asked] = desk.find(Escalation, incident_id=answered)
    desk.do(acts.AnswerEscalation(incident_id=answered, escalation_id=asked.id, answer="Yes"), MONA)
    yield "answered", answered
    yield "closed", desk.close_incident(desk.resolve(secret()))


def _assignment(id_: UUID, who: UUID) -> acts.AssignIncident:
    return acts.AssignIncident(
        incident_id=id_, assignee_id=who, seen_team_id=DESK_TEAM, seen_assignee_id=None
    )


def _asked(desk: Desk, id_: UUID) -> UUID:
    desk.do(
        acts.EscalateUp(
            incident_id=desk.start(id_),
            escalation_id=uuid4(),
            to_person_id=MONA,
            reason="Cost",
            need="A decision",
            needed_by=START,
        )
    )
    return id_


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with office_at() as office:
        desk = office.desk()
        desk.do(PlaceInTeam(team_id=NETWORK, person_id=TARA, is_active=False), MAYA)
        yield _place(office, desk)


def _place(office: Office, desk: Desk) -> Place:
    incidents = dict(_incidents(desk))
    engine = sa.create_engine("sqlite://", creator=lambda: connect(office.path))
    with engine.connect() as connection:
        rows = {
            table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
            for table in TABLES
        }
        names = directory(connection)
    engine.dispose()
    return Place(desk, incidents, rows, names, office.path)


def test_who_may_read_what(place: Place) -> None:
    """The rule, told by hand."""
    every = set(place.incidents)
    assert place.allowed(DANA) == place.allowed(IMRAN) == every
    assert place.allowed(MAYA) == every, "an incident manager by foundation"
    assert place.allowed(THEO) == {"open to all", "offered", "accepted"}
    assert place.allowed(TARA) == {"open to all"}, "no member of the team any more"
    assert place.allowed(MONA) == {"open to all", "asked"}
    assert place.allowed(ADAM) == {"open to all", "assigned"}, "no more as administrator"
    assert place.allowed(KIM) == {"open to all"}


def test_readers_are_told_by_name(place: Place) -> None:
    offered = place.desk.incident(place.incidents["offered"])
    told = readers(offered, place.desk.find(Escalation), place.directory)
    assert [person.name for person in told] == ["Dana", "Imran", "Maya", "Theo"]


def test_the_condition_says_the_same(place: Place, office_file: sqlite3.Connection) -> None:
    for who in NAMES:
        assert _found(place, office_file, READABLE, who) == place.allowed(who), NAMES[who]
    assert _found(place, office_file, READABLE, None) == {"open to all"}


@pytest.mark.parametrize("clause", READABLE.split(" OR "))
def test_each_clause_is_needed(place: Place, office_file: sqlite3.Connection, clause: str) -> None:
    """Negative control: without one of them somebody reads too little."""
    rest = " OR ".join(part for part in READABLE.split(" OR ") if part != clause)
    assert any(_found(place, office_file, rest, who) < place.allowed(who) for who in NAMES)


def _found(
    place: Place, office_file: sqlite3.Connection, condition: str, who: UUID | None
) -> set[str]:
    office_file.create_function("me", 0, lambda: str(who) if who else None)
    found = office_file.execute(f"SELECT id FROM incident WHERE {condition}")
    return place.named(row["id"] for row in found)


@pytest.fixture
def office_file(place: Place) -> Iterator[sqlite3.Connection]:
    """The world's own file, with the relations that the condition asks."""
    connection = connect(place.path)
    for name, query in ({**VIEWS, "my_role": MY_ROLE}).items():
        connection.execute(f"CREATE TEMP VIEW {name} AS {query}")
    yield connection
    connection.close()


POLICIES = (
    "CREATE FUNCTION me() RETURNS person.id%TYPE LANGUAGE sql STABLE"
    " AS $$ SELECT id FROM person WHERE login = current_setting('test.login') $$",
    f"CREATE VIEW my_role AS {MY_ROLE}",
    *(f"CREATE VIEW {name} AS {query}" for name, query in VIEWS.items()),
    *(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY" for name in ("incident", "escalation")),
    f"CREATE POLICY readable ON incident FOR SELECT USING ({READABLE})",
    "CREATE POLICY readable ON escalation FOR SELECT"
    " USING (EXISTS (SELECT FROM incident WHERE incident.id = incident_id))",
    "CREATE ROLE somebody",
    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO somebody",
)


@pytest.fixture
def team_database(
    place: Place, databases: DatabasesForTests, new_database: Callable[..., str]
) -> Iterator[Reader]:
    """The same world on PostgreSQL, read by somebody to whom row-level security applies."""
    name, access = new_database(), databases.access
    dialect = postgresql.dialect()
    engine = sa.create_engine("postgresql+psycopg://", creator=lambda: access.connect(name))
    with engine.begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(str(CreateTable(table).compile(dialect=dialect)))
            if rows := place.rows[table.name]:
                connection.execute(sa.insert(table), rows)
    engine.dispose()
    with access.connect(name) as reader:
        for statement in (*POLICIES, "SET ROLE somebody"):
            reader.execute(statement)
        yield reader


def _seen(reader: Reader, login: str, table: str, column: str) -> list[str]:
    reader.execute("SELECT set_config('test.login', %s, false)", [login])
    return [str(row[0]) for row in reader.execute(f"SELECT {column} FROM {table}")]


def test_the_policy_shows_each_person_theirs_alone(place: Place, team_database: Reader) -> None:
    for who, login in NAMES.items():
        if who == KIM:
            continue
        seen = _seen(team_database, login, "incident", "id")
        assert place.named(iter(seen)) == place.allowed(who), login
        of_incidents = set(_seen(team_database, login, "escalation", "incident_id"))
        escalated = {str(e.incident_id) for e in place.desk.find(Escalation)}
        assert of_incidents == escalated & set(seen), login
    nobody = place.named(iter(_seen(team_database, "nobody", "incident", "id")))
    assert nobody == {"open to all"}
