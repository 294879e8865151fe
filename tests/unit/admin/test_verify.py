"""``verify`` finds each thing that is not as it must be, and nothing where all is well."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import Desk, note_command
from postgres_server import DatabasesForTests
from team import PASSWORD, Team, team_at

from services.admin import postgres_people as people
from services.admin.postgres_verification import differences

Administer = Callable[..., tuple[int, str]]


@pytest.fixture
def team(tmp_path: Path, own_databases: DatabasesForTests) -> Iterator[Team]:
    with team_at(tmp_path, own_databases) as team:
        yield team


@pytest.fixture
def at_work(team: Team) -> Team:
    """A team with incidents in several states."""
    desk: Desk = team.desk()
    for _ in range(3):
        incident = desk.start(desk.log())
        desk.do(note_command(incident))
    desk.accept(desk.escalate(incident))
    desk.close_incident(desk.resolve(desk.log()))
    return team


def test_a_team_at_work_is_as_it_must_be(at_work: Team, administer: Administer) -> None:
    code, said = administer(at_work.databases.access, at_work.database, "verify")
    assert (code, said) == (0, "Everything is as it must be.\n")
    at_work.desks[0].log()  # and nothing of the comparison is left
    assert administer(at_work.databases.access, at_work.database, "verify")[0] == 0


def by_hand(statement: str, table: str = "incident") -> str:
    """A change past the guards, as a superuser can make it."""
    return (
        f"ALTER TABLE firstline.{table} DISABLE TRIGGER USER; {statement};"
        f" ALTER TABLE firstline.{table} ENABLE TRIGGER USER"
    )


ONE = "(SELECT id FROM firstline.incident ORDER BY number LIMIT 1)"
TAMPERED = {
    "Other than this program makes it: function firstline.me()": (
        "CREATE OR REPLACE FUNCTION firstline.me() RETURNS uuid LANGUAGE sql STABLE"
        " SECURITY DEFINER SET search_path = pg_catalog, firstline, pg_temp"
        " AS $$ SELECT id FROM firstline.person WHERE is_active LIMIT 1 $$"
    ),
    "Other than this program makes it: trigger judge of firstline.incident": (
        "ALTER TABLE firstline.incident DISABLE TRIGGER judge"
    ),
    "Missing: trigger record of firstline.note": "DROP TRIGGER record ON firstline.note",
    "Other than this program makes it: table firstline.incident": (
        "GRANT UPDATE ON firstline.incident TO dana"
    ),
    "Other than this program makes it: column firstline.incident.state": (
        "GRANT UPDATE (state) ON firstline.incident TO dana"
    ),
    "Other than this program makes it: schema firstline": (
        "GRANT USAGE ON SCHEMA firstline TO firstline_person"
    ),
    "Other than this program makes it: database": 'GRANT TEMPORARY ON DATABASE "{0}" TO PUBLIC',
    "Other than this program makes it: policy readable of firstline.note": (
        "ALTER POLICY readable ON firstline.note USING (true)"
    ),
    "Not of this program: function sync.back_door()": (
        "CREATE FUNCTION sync.back_door() RETURNS int LANGUAGE sql RETURN 1"
    ),
    "Other than this program makes it: rules in transition_rule": (
        "UPDATE firstline.transition_rule SET role = 'manager' WHERE act = 'CloseIncident'"
    ),
    "not what their history ends with": by_hand(
        f"UPDATE firstline.incident SET state = 'new' WHERE id = {ONE}"
    ),
    "not one entry of history for each version": by_hand(
        "DELETE FROM firstline.history_entry WHERE act = 'StartIncident'", "history_entry"
    ),
    "No desk is told of these rows of incident": (
        f"DELETE FROM firstline.feed WHERE entity_id = {ONE};"
        f" DELETE FROM firstline.feed_open WHERE entity_id = {ONE}"
    ),
    "Desks are told of rows of incident that are gone": (
        "INSERT INTO firstline.feed VALUES ('incident', gen_random_uuid(), 1)"
    ),
    "The roles of dana differ": "GRANT firstline_administrator TO dana",
}


@pytest.mark.parametrize("told", TAMPERED)
def test_what_was_tampered_with_is_named(at_work: Team, told: str) -> None:
    with at_work.databases.access.connect(at_work.database) as superuser:
        superuser.execute("SELECT sync.number_feed()")
        try:
            superuser.execute(TAMPERED[told].format(at_work.database))
            found = list(differences(superuser))
        finally:
            superuser.execute("REVOKE firstline_administrator FROM dana")
    assert any(told in difference for difference in found), found


def test_a_login_that_is_nobody_is_named(at_work: Team) -> None:
    with at_work.databases.access.connect(at_work.database) as superuser:
        people.create_login(superuser, "stranger", PASSWORD)
        superuser.execute("GRANT firstline_manager TO stranger")
        assert list(differences(superuser)) == [
            "stranger may come in, but is nobody in the records."
        ]


def test_desks_work_while_it_compares(at_work: Team) -> None:
    """It holds nothing that a desk waits for: a desk logs between its steps."""
    with at_work.databases.access.connect(at_work.database) as superuser:
        superuser.execute("GRANT EXECUTE ON FUNCTION sync.scope() TO PUBLIC")
        found = differences(superuser)
        assert next(found) == "Other than this program makes it: function sync.scope()."
        at_work.desks[0].log()
        assert list(found) == []
