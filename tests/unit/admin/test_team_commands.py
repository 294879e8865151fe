"""``init``, ``migrate`` and ``person``, as an administrator types them."""

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from builders import Desk, note_command
from postgres_server import DatabasesForTests
from team import PASSWORD, Team

from services.admin import owner_connection
from services.admin.__main__ import main
from services.admin.owner_connection import owner_address
from services.admin.private_postgres import PrivatePostgres
from services.core.errors import AppError
from services.incidents.incident import Note
from services.sync.pending import PendingState

Administer = Callable[..., tuple[int, str]]
MADE = re.compile(r"shown this once: ([a-z2-9]{4}(?:-[a-z2-9]{4}){4})$", re.MULTILINE)


# -- init -------------------------------------------------------------------------------------


def test_a_team_in_two_commands(
    databases: DatabasesForTests, new_database: Callable[..., str], administer: Administer
) -> None:
    name, access = new_database(), databases.access
    code, said = administer(access, name, "init", "--founder", "ada", "--name", "Ada Byron")
    assert code == 0, said
    ada = MADE.search(said)
    assert ada
    add = ("person", "add", "ben", "--name", "Ben", "--role", "service_desk")
    code, said = administer(access, name, *add)
    ben = MADE.search(said)
    assert code == 0
    assert ben
    assert ben[1] != ada[1]
    for login, found in (("ada", ada), ("ben", ben)):
        access.connect(name, user=login, password=found[1]).close()
    assert "Ada Byron" in administer(access, name, "person", "list")[1]
    assert administer(access, name, "init")[0] == 2


def test_init_makes_the_database_and_is_whole_or_not_at_all(
    databases: DatabasesForTests, new_database: Callable[..., str], administer: Administer
) -> None:
    access = databases.access
    new_database()  # its end takes away the roles made here
    try:
        command = ("init", "--create-database", "--founder", "Not a login", "--name", "X")
        assert administer(access, "made here", *command)[0] == 2
        with access.connect("made here") as connection:
            found = connection.execute("SELECT to_regnamespace('firstline')").fetchone()
        assert found == (None,)
        assert administer(access, "made here", "init", "--create-database")[0] == 0
        # Set up without anybody: the founder may come later.
        assert (
            "Nobody administers"
            in administer(
                access, "made here", "person", "add", "ben", "--name", "Ben", "--role", "manager"
            )[1]
        )
        assert administer(access, "made here", "init", "--founder", "ada")[0] == 0
    finally:
        with access.connect() as superuser:
            superuser.execute('DROP DATABASE IF EXISTS "made here" WITH (FORCE)')


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("postgresql://ada:secret@db.example/firstline", "password-in-address"),
        ("postgresql://ada@db.example/firstline?password=secret", "password-in-address"),
        ("postgresql://ada@db.example/firstline?sslmode=disable", "address-wrong"),
        ("postgresql://ada@db.example", "address-wrong"),
        ("firstline", "address-wrong"),
        ("mysql://ada@db.example/firstline", "address-wrong"),
    ],
)
def test_an_address_that_is_not_taken(typed: str, code: str) -> None:
    with pytest.raises(AppError) as told:
        owner_address(typed)
    assert told.value.code == code
    assert "secret" not in repr(told.value.context)


def test_tls_is_full_wherever_a_network_is_crossed() -> None:
    far = owner_address("postgresql://ada@db.example,db2.example:5433/firstline", "root.crt")
    words = far.keywords()
    assert (words["sslmode"], words["sslrootcert"]) == ("verify-full", "root.crt")
    assert (words["host"], words["port"]) == ("db.example,db2.example", "5432,5433")
    socket = owner_address("postgresql:///firstline").keywords()
    assert "host" not in socket
    assert "user" not in socket
    assert owner_address("postgresql://[::1]/firstline").keywords()["sslmode"] == "prefer"


@pytest.mark.parametrize(
    ("mode", "text", "code"),
    [
        (0o644, "secret", "password-file-unsafe"),
        (0o600, "", "password-file-unreadable"),
        (None, "", "password-file-unreadable"),
    ],
)
def test_a_password_file_that_is_not_taken(
    tmp_path: Path, mode: int | None, text: str, code: str
) -> None:
    path = tmp_path / "given"
    if mode is not None:
        path.write_text(text)
        path.chmod(mode)
    with pytest.raises(AppError) as told:
        owner_connection.read_password(path)
    assert told.value.code == code


def test_without_a_terminal_a_missing_password_is_told(
    databases: DatabasesForTests, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    url = f"postgresql://postgres@127.0.0.1:{databases.access.port}/postgres"
    assert main(["person", "list", "--database", url]) == 2
    assert "The password of postgres is needed." in capsys.readouterr().err
    found = tmp_path / "pgpass"
    found.touch(mode=0o600)
    found.write_text(f"127.0.0.1:*:*:postgres:{databases.access.password}\n")
    monkeypatch.setenv("PGPASSFILE", str(found))
    assert main(["person", "list", "--database", url]) == 2
    assert "finds no Firstline in it" in capsys.readouterr().err


ON_A_TERMINAL = """
import os, sys
os.open(sys.argv[1], os.O_RDWR)  # the first terminal that a new session opens is its own
from services.admin.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


def test_on_a_terminal_the_password_is_asked_for_and_not_shown(
    databases: DatabasesForTests, new_database: Callable[..., str]
) -> None:
    name, access = new_database(), databases.access
    url = f"postgresql://postgres@127.0.0.1:{access.port}/{name}"
    keyboard, terminal = os.openpty()
    running = subprocess.Popen(
        [sys.executable, "-c", ON_A_TERMINAL, os.ttyname(terminal), "init", "--database", url],
        stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
    )  # fmt: skip
    os.close(terminal)
    said = b""
    with os.fdopen(keyboard, "r+b", buffering=0) as tty, contextlib.suppress(OSError):
        while part := tty.read(4096):  # the end of a terminal is an error
            said += part
            if said.endswith(b": "):
                tty.write(access.password.encode() + b"\n")
                said += b"<typed>"
    assert running.wait() == 0, said
    assert b"Password of postgres@127.0.0.1" in said
    assert b"is ready" in said
    assert access.password.encode() not in said


# -- person -----------------------------------------------------------------------------------


def notes(desk: Desk) -> list[str]:
    return [note.text for note in desk.find(Note)]


def test_whoever_is_disabled_is_out_at_once_and_loses_no_text(
    own_team: Team, administer: Administer
) -> None:
    team = own_team
    dana, adam = team.desk(login="dana"), team.desk(login="adam")
    incident = dana.log()
    adam.sync()
    dana.wire.is_cut = True
    dana.give(note_command(incident, text="Typed on the train"))
    open_session = team.databases.access.connect(
        team.database, user="dana", password=PASSWORD.reveal()
    )
    code, said = administer(team.databases.access, team.database, "person", "disable", "dana")
    assert code == 0, said
    with pytest.raises(psycopg.OperationalError):
        open_session.execute("SELECT count(*) FROM sync.incident").fetchone()
    open_session.close()
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        team.databases.access.connect(team.database, user="dana", password=PASSWORD.reveal())
    # What waited is refused as long as she is out, and kept on her desk.
    dana.wire.is_cut = False
    with pytest.raises(AppError) as told:
        dana.sync()
    assert told.value.code in ("server-starting", "person-unknown")
    with pytest.raises(AppError, match="login-disabled"):
        dana.connect()
    assert [p.state for p in dana.replica.pending()] == [PendingState.WAITING]
    assert administer(team.databases.access, team.database, "person", "enable", "dana")[0] == 0
    dana.connect()
    dana.sync()
    assert dana.replica.pending() == []
    adam.sync()
    assert notes(adam) == ["Typed on the train"]


def test_what_a_taken_role_allowed_is_refused_when_it_arrives(
    own_team: Team, administer: Administer
) -> None:
    team = own_team
    dana = team.desk(login="dana")
    other = team.desk()
    incident = dana.log()
    dana.wire.is_cut = True
    dana.give(note_command(incident, text="Typed while I still might"))
    for change in (("--give", "manager"), ("--take", "service_desk")):
        command = ("person", "role", "dana", *change)
        assert administer(team.databases.access, team.database, *command)[0] == 0
    dana.wire.is_cut = False
    dana.connect()
    dana.sync()
    (conflict,) = dana.conflicts()
    assert conflict.code == "role-missing"
    assert "Typed while I still might" in json.dumps(conflict.envelope.args)
    other.sync()
    assert notes(other) == []
    give = ("person", "role", "dana", "--give", "service_desk")
    assert administer(team.databases.access, team.database, *give)[0] == 0
    dana.connect()
    dana.sync()
    dana.give(note_command(incident, text="And may again"))
    dana.sync()
    assert dana.conflicts() == [conflict]
    other.sync()
    assert notes(other) == ["And may again"]


def test_the_last_administrator_stays(own_team: Team, administer: Administer) -> None:
    access, name = own_team.databases.access, own_team.database
    assert administer(access, name, "person", "disable", "adam")[0] == 0
    code, said = administer(access, name, "person", "disable", "maya")
    assert (code, "only administrator" in said) == (2, True)
    code, said = administer(access, name, "person", "role", "maya", "--take", "administrator")
    assert (code, "only administrator" in said) == (2, True)


def test_the_clear_password_never_reaches_the_server(
    fresh_server: Callable[..., PrivatePostgres], administer: Administer, tmp_path: Path
) -> None:
    server = fresh_server(settings={"log_statement": "all", "log_min_duration_statement": "0"})
    access, canary = server.access, "canary-in-the-coal-mine"
    given = tmp_path / "new"
    given.touch(mode=0o600)
    given.write_text(canary)
    new = ("--new-password-file", str(given))
    assert administer(access, "team", "init", "--create-database", "--founder", "ada", *new)[0] == 0
    add = ("person", "add", "ben", "--name", "Ben", "--role", "manager", *new)
    assert administer(access, "team", *add)[0] == 0
    assert administer(access, "team", "person", "password", "ben", *new)[0] == 0
    access.connect("team", user="ben", password=canary).close()

    def log() -> str:
        return "".join(p.read_text() for p in server.folder.rglob("*log*") if p.is_file())

    assert "CREATE ROLE" in log()
    assert canary not in log()
    with access.connect("team") as superuser:
        superuser.execute(f"ALTER ROLE ben PASSWORD '{canary}'")
    assert canary in log()
