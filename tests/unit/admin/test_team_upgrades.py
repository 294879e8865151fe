"""A team's database gets its next edition whole or not at all, while desks work on."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from editions import COLUMNS_SINCE, OF_MAJOR_INCIDENTS, OF_PAGING
from team import Team
from unit.admin.conftest import Administer

from services.admin import postgres_migration
from services.admin.postgres_migration import NoWayBack, UpgradeHeldUp, migrate
from services.admin.postgres_schema import version
from services.admin.schema import HEAD
from services.admin.written_rules import WrongVersion

# -- migrate ----------------------------------------------------------------------------------


def make_former(team: Team) -> None:
    """Take away what the last edition brought, with all the rules that speak of it."""
    with team.databases.access.connect(team.database) as owner:
        for table in (*OF_PAGING, *OF_MAJOR_INCIDENTS):
            owner.execute(f"DROP TABLE firstline.{table} CASCADE")
        for table, column in COLUMNS_SINCE:
            owner.execute(f"ALTER TABLE firstline.{table} DROP COLUMN {column} CASCADE")
        owner.execute("ALTER TABLE firstline.incident DROP COLUMN is_confidential CASCADE")
        owner.execute("UPDATE firstline.alembic_version SET version_num = '0001'")


def test_a_database_of_the_former_edition_is_upgraded_and_desks_work(
    team: Team, administer: Administer
) -> None:
    desk = team.desk()
    incident = desk.log()
    make_former(team)
    code, said = administer(team.databases.access, team.database, "migrate")
    assert (code, f"from edition 0001 to {HEAD}" in said) == (0, True)
    assert not team.desk().incident(incident).is_confidential
    assert desk.log() != incident
    code, said = administer(team.databases.access, team.database, "migrate")
    assert (code, "already" in said) == (0, True)


def next_edition(folder: Path, body: str) -> Path:
    """Scripts with one edition more than this program has."""
    scripts = folder / "scripts"
    (scripts / "versions").mkdir(parents=True)
    given = postgres_migration.SCRIPTS
    for script in (given / "env.py", given / "script.py.mako", *given.glob("versions/0*.py")):
        (scripts / script.relative_to(given)).write_text(script.read_text())
    (scripts / "versions" / "9999_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9999'\ndown_revision = {HEAD!r}\n"
        f"def upgrade():\n    op.add_column('note', sa.Column('mood', sa.Text()))\n    {body}\n"
    )
    return scripts


def columns_of_note(team: Team) -> set[str]:
    with team.databases.access.connect(team.database) as owner:
        found = owner.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'firstline.note'::regclass"
        )
        return {row[0] for row in found}


def test_an_upgrade_that_fails_in_the_middle_leaves_the_former_edition_running(
    team: Team, tmp_path: Path
) -> None:
    desk = team.desk()
    scripts = next_edition(tmp_path, "op.execute('SELECT 1/0')")
    with team.databases.access.connect(team.database) as owner:
        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(owner, scripts=scripts)
        assert version(owner) == HEAD
    assert "mood" not in columns_of_note(team)
    desk.log()


def test_half_an_upgrade_would_be_seen(team: Team, tmp_path: Path) -> None:
    """The negative control: a step that commits by itself leaves its half behind."""
    scripts = next_edition(tmp_path, "op.execute('COMMIT'); op.execute('SELECT 1/0')")
    with team.databases.access.connect(team.database) as owner:
        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(owner, scripts=scripts)
        assert version(owner) == HEAD
    assert "mood" in columns_of_note(team)


KILLED = """
import sys
from pathlib import Path
import psycopg
from services.admin.postgres_migration import migrate
with psycopg.connect(sys.argv[1], autocommit=True) as connection:
    migrate(connection, scripts=Path(sys.argv[2]))
"""


def test_an_upgrade_that_is_killed_leaves_the_former_edition_running(
    team: Team, tmp_path: Path
) -> None:
    desk = team.desk()
    scripts = next_edition(tmp_path, "op.execute('SELECT pg_sleep(60)')")
    access = team.databases.access
    conninfo = psycopg.conninfo.make_conninfo(
        **access.parameters(team.database, application_name="to be killed")
    )
    with access.connect(team.database) as owner:
        owner.execute("GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO firstline_owner")
        upgrading = subprocess.Popen([sys.executable, "-c", KILLED, conninfo, str(scripts)])
        sleeping = (
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'to be killed'"
            " AND wait_event = 'PgSleep'"
        )
        until(lambda: owner.execute(sleeping).fetchone())
        upgrading.kill()
        upgrading.wait()
        owner.execute(f"SELECT pg_terminate_backend(pid) FROM ({sleeping}) AS s")
        until(lambda: not owner.execute(sleeping).fetchone())
        assert version(owner) == HEAD
    assert "mood" not in columns_of_note(team)
    desk.log()


def until(is_so: Callable[[], object]) -> None:
    """Look again until it is so; the test's own time-out ends what never comes."""
    while not is_so():
        time.sleep(0.02)


def test_the_next_edition_lets_desks_of_this_one_work_on(team: Team, tmp_path: Path) -> None:
    desk = team.desk()
    scripts = next_edition(tmp_path, "pass")
    with team.databases.access.connect(team.database) as owner:
        assert migrate(owner, scripts=scripts) == (HEAD, "9999")
        assert "mood" in columns_of_note(team)
        desk.log()
        with pytest.raises(WrongVersion):
            migrate(owner)
        with pytest.raises(NoWayBack):
            migrate(owner, HEAD, scripts=scripts)


def test_an_upgrade_waits_for_whoever_is_in_its_way_and_says_who(
    team: Team, tmp_path: Path
) -> None:
    scripts = next_edition(tmp_path, "pass")
    access = team.databases.access
    attempts: list[int] = []
    with access.connect(team.database) as owner, access.connect(team.database) as idle:
        idle.execute("BEGIN")
        idle.execute("SELECT FROM firstline.note")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(postgres_migration, "LOCK_TIMEOUT", "10ms")
            with pytest.raises(UpgradeHeldUp) as told:
                migrate(owner, scripts=scripts, pause=lambda: attempts.append(1))
            assert told.value.context["sessions"] == "postgres"
            assert len(attempts) == postgres_migration.ATTEMPTS
            assert "mood" not in columns_of_note(team)
            assert migrate(owner, scripts=scripts, pause=lambda: idle.rollback())[1] == "9999"
