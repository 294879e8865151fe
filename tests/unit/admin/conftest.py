"""The administrator's commands as one types them, and servers that they may change."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres_server import DatabasesForTests, serving
from team import Team, team_at

from services.admin.__main__ import main
from services.admin.private_postgres import SuperuserAccess


@pytest.fixture(scope="module")
def own_databases() -> Iterator[DatabasesForTests]:
    """A server for the tests of one module: logins and who holds which role are the server's."""
    with serving() as databases:
        yield databases


@pytest.fixture
def own_team(tmp_path: Path) -> Iterator[Team]:
    """A team on a server of its own, for a test that changes logins."""
    with serving() as databases, team_at(tmp_path, databases) as team:
        yield team


def secret_file(path: Path, text: str) -> Path:
    """A file with a password that only its owner can read."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    return path


Administer = Callable[..., tuple[int, str]]


@pytest.fixture
def administer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Administer:
    """Runs a command on a database; returns the exit code and all that it said."""

    def run(
        access: SuperuserAccess, database: str, *command: str, login: str = "", password: str = ""
    ) -> tuple[int, str]:
        given = secret_file(tmp_path / "password-of-the-owner", password or access.password)
        url = f"postgresql://{login or 'postgres'}@127.0.0.1:{access.port}/{database}"
        where = "--to" if command[0] == "move" else "--database"
        code = main([*command, where, url, "--password-file", str(given)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run
