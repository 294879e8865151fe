"""A team's backup put back on another server: nothing acknowledged is lost, nothing comes twice."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from builders import Desk, note_command
from postgres_server import DatabasesForTests
from team import Team, team_at

from services.admin.postgres_binaries import ENVIRONMENT, find_postgres
from services.admin.private_postgres import PrivatePostgres, SuperuserAccess
from services.incidents.incident import Incident, Note

Administer = Callable[..., tuple[int, str]]


def program(access: SuperuserAccess, name: str, *arguments: str, given: str = "") -> str:
    """Run one of PostgreSQL's own programs as superuser; returns what it wrote."""
    done = subprocess.run(
        [find_postgres().folder / name, "-h", "127.0.0.1", "-p", str(access.port),
         "-U", "postgres", *arguments],
        input=given, capture_output=True, text=True, check=False,
        env={**ENVIRONMENT, "PGPASSWORD": access.password},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def back_up(access: SuperuserAccess, database: str, folder: Path) -> Path:
    """As the guide for administrators says."""
    program(access, "pg_dump", "-Fc", "-f", str(folder / "team.dump"), database)
    roles = program(access, "pg_dumpall", "--roles-only")
    (folder / "roles.sql").write_text(roles)
    return folder


def put_back(access: SuperuserAccess, database: str, folder: Path) -> None:
    """On a server that knows nothing of the team."""
    roles = (folder / "roles.sql").read_text()
    own = [line for line in roles.splitlines() if " postgres" not in line.partition("GRANTED")[0]]
    program(access, "psql", "-v", "ON_ERROR_STOP=1", "-d", "postgres", given="\n".join(own))
    program(access, "createdb", "-T", "template0", database)
    restore(access, database, folder)


def restore(access: SuperuserAccess, database: str, folder: Path) -> None:
    """Into a database that is empty."""
    program(access, "pg_restore", "--exit-on-error", "-d", database, str(folder / "team.dump"))


def everything(desk: Desk) -> tuple[dict[int, str], list[str]]:
    """What a desk shows: summaries by number, and notes."""
    incidents = {i.number: i.summary for i in desk.find(Incident)}
    return incidents, sorted(note.text for note in desk.find(Note))


@pytest.fixture
def team(tmp_path: Path, own_databases: DatabasesForTests) -> Iterator[Team]:
    with team_at(tmp_path, own_databases) as team:
        yield team


@pytest.fixture
def other_server(fresh_server: Callable[..., PrivatePostgres]) -> Iterator[DatabasesForTests]:
    with closing(DatabasesForTests(fresh_server(settings={"fsync": "off"}).access)) as other:
        yield other


def move_team(team: Team, other: DatabasesForTests) -> None:
    """Let the desks find the database on another server, as after a change of its name."""
    for desk in team.desks:
        desk.wire.inner.close()
    team.databases = other
    for desk in team.desks:
        login = "dana" if desk.folder.name == "dana" else ""
        desk.wire.inner = team.shared(login)
        desk.replica._shared = desk.wire


def test_desks_give_again_what_a_backup_does_not_know(
    team: Team, other_server: DatabasesForTests, administer: Administer, tmp_path: Path
) -> None:
    desk, dana = team.desk(), team.desk("dana", login="dana")
    old = desk.log(summary="Before the backup")
    dana.sync()
    access = team.databases.access
    with access.connect(team.database) as superuser:  # numbered only after the backup
        superuser.execute("UPDATE firstline.meta SET notify_gap = '1 hour'")
        superuser.execute("UPDATE firstline.feed_state SET numbered_at = clock_timestamp()")
    dana.do(note_command(old, text="Not numbered yet"))
    backup = back_up(access, team.database, tmp_path)
    lost = desk.log(summary="After the backup")
    desk.do(note_command(lost, text="Told on the phone"))
    dana.do(note_command(old, text="Hers, after the backup"))
    for each in (desk, dana):
        each.sync()
    expected = everything(desk)

    put_back(other_server.access, team.database, backup)
    code, said = administer(other_server.access, team.database, "restored")
    assert code == 0, said
    assert administer(other_server.access, team.database, "verify")[0] == 0
    move_team(team, other_server)
    for each in (desk, dana, desk, dana):
        each.connect()
        each.sync()
    assert not [p for each in (desk, dana) for p in each.replica.pending()]
    fresh = team.desk()
    assert everything(desk) == everything(dana) == everything(fresh) == expected
    assert fresh.incident(lost).summary == "After the backup"
    numbers = [fresh.incident(fresh.log()).number, dana.incident(dana.log()).number]
    assert len({*expected[0], *numbers}) == len(expected[0]) + 2
    assert min(numbers) > max(expected[0])
    with other_server.access.connect(team.database) as superuser:
        twice = superuser.execute(
            "SELECT subject_id, act, happened_at FROM firstline.history_entry"
            " GROUP BY 1, 2, 3 HAVING count(*) > 1"
        ).fetchall()
        assert twice == []
        assert superuser.execute("SELECT count(*) FROM firstline.presence").fetchone() == (0,)


def test_what_a_restore_leaves_open_is_closed_again(
    team: Team, other_server: DatabasesForTests, administer: Administer, tmp_path: Path
) -> None:
    desk = team.desk()
    incident = desk.log()
    desk.wire.be_present(desk.replica._identity, incident, is_writing=True)
    put_back(other_server.access, team.database, back_up(team.databases.access, team.database,
                                                         tmp_path))  # fmt: skip
    public = "SELECT has_database_privilege('public', current_database(), 'CONNECT')"
    with other_server.access.connect(team.database) as superuser:
        assert superuser.execute(public).fetchone() == (True,)
        assert superuser.execute("SELECT count(*) FROM firstline.command WHERE xid <> '0'"
                                 ).fetchone() != (0,)  # fmt: skip
        assert administer(other_server.access, team.database, "restored")[0] == 0
        assert superuser.execute(public).fetchone() == (False,)
        for table in ("presence", "feed_open", "command WHERE xid <> '0'"):
            found = superuser.execute(f"SELECT count(*) FROM firstline.{table}").fetchone()
            assert found == (0,), table


@pytest.mark.parametrize("is_told", [True, False])
def test_only_a_database_that_is_told_gives_no_number_twice(
    team: Team,
    own_databases: DatabasesForTests,
    administer: Administer,
    tmp_path: Path,
    is_told: bool,
) -> None:
    """The same server, so that nothing else tells a desk: without the command it goes wrong."""
    access = team.databases.access
    backup = back_up(access, team.database, tmp_path)
    used = team.desk().log()
    number = team.desks[0].incident(used).number
    with own_databases.of_one_test() as make:
        team.database = make()
        restore(access, team.database, backup)
        if is_told:
            assert administer(access, team.database, "restored")[0] == 0
        fresh = team.desk()
        given = fresh.incident(fresh.log()).number
        fresh.close()
        team.desks.remove(fresh)
    assert (given == number) is not is_told
