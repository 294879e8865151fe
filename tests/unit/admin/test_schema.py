"""A new shared database is complete or not there; today's guards replace yesterday's."""

import sqlite3
from pathlib import Path

import pytest
from builders import START, Desk, Office

from services.admin.schema import Founder, ensure_embedded, founder_id
from services.admin.written_rules import WrongVersion, write_rules
from services.core.clock import ManualClock
from services.core.database import connect, transaction
from services.core.errors import DatabaseUnreadable
from services.people.person import PersonRole, Role, Team, Tier
from services.registry import guard_statements

MAYA = Founder("Maya", "maya")


def test_the_founder_can_work_at_once(tmp_path: Path) -> None:
    clock = ManualClock(START)
    assert ensure_embedded(tmp_path / "shared.db", clock, MAYA)
    assert not ensure_embedded(tmp_path / "shared.db", clock, MAYA)
    desk = Desk(tmp_path, tmp_path / "shared.db", clock)
    roles = {r.role for r in desk.find(PersonRole, person_id=founder_id("maya"))}
    assert roles == {Role.SERVICE_DESK, Role.INCIDENT_MANAGER, Role.ADMINISTRATOR}
    assert [team.tier for team in desk.find(Team)] == [Tier.SERVICE_DESK]
    desk.close()


def test_a_half_made_database_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "shared.db.new").write_bytes(b"half")
    assert ensure_embedded(tmp_path / "shared.db", ManualClock(START), MAYA)
    assert not (tmp_path / "shared.db.new").exists()


def test_what_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    path.write_bytes(b"a letter to Kim" * 99)
    with pytest.raises(DatabaseUnreadable):
        ensure_embedded(path, ManualClock(START), MAYA)
    assert path.read_bytes().startswith(b"a letter")


def test_a_database_of_a_newer_program_is_left_alone(office: Office) -> None:
    connection = connect(office.path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(WrongVersion):
        ensure_embedded(office.path, office.clock, MAYA)


def triggers(path: Path) -> dict[str, str]:
    connection = sqlite3.connect(path)
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    connection.close()
    return found


def test_rules_are_put_back_whole(office: Office) -> None:
    before = triggers(office.path)
    assert len(before) == len(guard_statements())
    connection = connect(office.path)
    connection.execute("DROP TRIGGER guard_incident_closer")
    connection.execute("DELETE FROM transition_rule")
    with transaction(connection):
        write_rules(connection)
    connection.close()
    assert triggers(office.path) == before
    desk = office.desk()
    desk.close_incident(desk.resolve(desk.log()))
