"""The same log comes into a team's database as into that of one desk."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from postgres_server import DatabasesForTests
from team import Team, team_at
from unit.intake.log_examples import CLOSED, RESOLVED, incident, write_log

from services.admin import import_command
from services.admin.__main__ import main
from services.admin.progress import Progress
from services.incidents.incident import HistoryEntry, Incident

Administer = Callable[..., tuple[int, str]]
SAME = ("events", "imported", "refused", "refusals", "imported_states", "differences", "columns",
        "reassignment_differences", "commands")  # fmt: skip


@pytest.fixture
def team(tmp_path: Path, own_databases: DatabasesForTests) -> Iterator[Team]:
    with team_at(tmp_path, own_databases) as team:
        yield team


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """Thirty incidents, and one with an event that no rule knows."""
    later = ({"incident_state": "Active"}, RESOLVED, CLOSED)
    found = [
        incident({"caller_id": f"Caller {n}"}, *later, number=f"INC{n}", line=4 * n + 2)
        for n in range(30)
    ]
    found.append(incident({}, CLOSED, {"incident_state": "New"}, number="INC99", line=200))
    return write_log(tmp_path / "log.csv", *(e.values for each in found for e in each.events))


def report(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def bring(team: Team, administer: Administer, written: Path, *more: str) -> tuple[int, str]:
    command = ("import", "servicenow", str(written), *more)
    return administer(team.databases.access, team.database, *command)


def test_a_team_gets_what_one_desk_would(
    team: Team, administer: Administer, written: Path, tmp_path: Path
) -> None:
    told = tmp_path / "team.json"
    code, said = bring(team, administer, written, "--as", "adam", "--report", str(told))
    assert code == 0, said
    one = tmp_path / "one.json"
    embedded = ("--database", str(tmp_path / "one.db"), "--report", str(one))
    assert main(["import", "servicenow", str(written), *embedded]) == 0
    ours, theirs = report(told), report(one)
    assert {name: ours[name] for name in SAME} == {name: theirs[name] for name in SAME}
    assert ours["imported"] == ours["events"]
    desk = team.desk(login="dana")
    assert len(desk.find(Incident)) == 31
    assert all(entry.on_behalf_of for entry in desk.find(HistoryEntry))
    assert administer(team.databases.access, team.database, "verify")[0] == 0


def test_it_goes_on_where_it_was_stopped_and_adds_nothing_twice(
    team: Team, administer: Administer, written: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class Killed(BaseException):
        """Stands for the end of the process."""

    def killed(_: Progress, done: int) -> None:
        if done >= 60:
            raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(import_command, "TEAM_BATCH", 20)
        patch.setattr(Progress, "show", killed)
        with suppress(Killed):
            bring(team, administer, written, "--as", "adam")
    with team.databases.access.connect(team.database) as superuser:
        found = superuser.execute("SELECT count(*) FROM firstline.incident").fetchone()
        assert found is not None
        assert 0 < found[0] < 31
    told = tmp_path / "team.json"
    for _ in range(2):
        assert bring(team, administer, written, "--as", "adam", "--report", str(told))[0] == 0
        assert report(told)["imported"] == report(told)["events"]
    assert report(told)["commands"] == 0
    assert len(team.desk().find(Incident)) == 31


def test_only_an_administrator_of_the_team_imports(
    team: Team, administer: Administer, written: Path
) -> None:
    for login in ("dana", "nobody"):
        code, said = bring(team, administer, written, "--as", login)
        assert (code, f"No administrator with the login “{login}”" in said) == (2, True)
