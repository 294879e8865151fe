"""Changes are entered by hand or from a file: all rows or none, and none twice."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import LAPTOP, VPN, Desk, Office, office_at
from team import Team

from services.admin.change_command import add_change, enter_all, enter_one
from services.core.clock import ManualClock
from services.core.errors import AppError, FieldMissing
from services.intake.change_feed import ChangeColumnsMissing, ChangeFieldWrong
from services.intake.errors import MayNotImport
from services.major_incidents.entries import ChangeEvent

AT = datetime(2026, 3, 2, 13, 7, tzinfo=UTC)
FEED = """title,at,service,products,key,reference
Router firmware,2026-03-02T13:07Z,vpn,Laptop,7,CHG-7
"Certificates, all",2026-03-02T14:07+01:00,,,8,
"""


def parsed(office_path: Path, *typed: str) -> argparse.Namespace:
    """Options as ``change`` parses them, for Adam."""
    parser = argparse.ArgumentParser()
    add_change(parser.add_subparsers())
    more = ("--database", str(office_path), "--as", "adam")
    return parser.parse_args(["change", *typed, *more])


def events(office: Office) -> list[ChangeEvent]:
    desk = office.desk()
    return sorted(desk.find(ChangeEvent), key=lambda event: event.title)


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    path = tmp_path / "deploys.csv"
    path.write_text(FEED, encoding="utf-8")
    return path


def test_one_change_is_entered_by_hand(capsys: pytest.CaptureFixture[str]) -> None:
    with office_at() as office:
        options = parsed(
            office.path,
            *("add", "--title", "Router", "--at", "2026-03-02 13:07", "--service", "VPN"),
            *("--reference", "CHG-7"),
        )
        assert enter_one(options, office.clock) == 0
        assert enter_one(options, office.clock) == 0
        found = events(office)
    assert len(found) == 2, "what has no key may be entered again"
    assert (found[0].happened_at, found[0].service_id) == (AT, VPN)
    assert "Entered: Router." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoilt", "fact"),
    [
        ({"--at": "yesterday"}, ChangeFieldWrong),
        ({"--service": "Coffee"}, ChangeFieldWrong),
        ({"--title": " "}, FieldMissing),
        ({"--as": "dana"}, MayNotImport),
    ],
)
def test_what_is_wrong_is_said_and_not_entered(
    spoilt: dict[str, str], fact: type[AppError]
) -> None:
    given = {"--title": "Router", "--at": "2026-03-02T13:07", **spoilt}
    with office_at() as office:
        login = given.pop("--as", "adam")
        options = parsed(office.path, "add", *(word for pair in given.items() for word in pair))
        options.login = login
        with pytest.raises(fact):
            enter_one(options, office.clock)
        assert not events(office)


def test_a_file_is_entered_once(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with office_at() as office:
        options = parsed(office.path, "import", str(feed))
        assert enter_all(options, office.clock) == 0
        feed.write_text(FEED + "Restart,2026-03-02T15:00,,,9,\n", encoding="utf-8")
        assert enter_all(options, office.clock) == 0
        found = events(office)
    assert [event.title for event in found] == ["Certificates, all", "Restart", "Router firmware"]
    router = found[2]
    assert (router.happened_at, router.service_id, router.product_ids) == (AT, VPN, (LAPTOP,))
    assert (router.source, router.external_key, router.reference) == ("deploys", "7", "CHG-7")
    said = capsys.readouterr().out
    assert "line 2: Router firmware: left out, entered before" in said
    assert "Entered: 1 of 3 changes." in said


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("Later,tomorrow,,,9,", "tomorrow"),
        ("Later,2026-03-02T15:00,Coffee,,9,", "Coffee"),
        (",2026-03-02T15:00,,,9,", "title"),
        ("Twice,2026-03-02T15:00,,,8,", "8"),
        ("Long,2026-03-02T15:00,,," + "x" * 121 + ",", "121"),
    ],
)
def test_one_wrong_row_keeps_the_whole_file_out(
    feed: Path, row: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    feed.write_text(FEED + row + "\n", encoding="utf-8")
    with office_at() as office:
        assert enter_all(parsed(office.path, "import", str(feed)), office.clock) == 1
        assert not events(office)
    wrong = next(line for line in capsys.readouterr().out.splitlines() if "wrong:" in line)
    assert wrong.startswith("line 4: wrong:")
    assert word in wrong


def test_a_file_that_is_no_table_is_refused(feed: Path) -> None:
    with office_at() as office:
        for content in ("", "what,when\nx,y\n", 'title,at\n"open\n'):
            feed.write_text(content, encoding="utf-8")
            with pytest.raises(ChangeColumnsMissing):
                enter_all(parsed(office.path, "import", str(feed)), office.clock)


def test_a_team_takes_the_same_file(
    team: Team, feed: Path, administer: Callable[..., tuple[int, str]]
) -> None:
    access = team.databases.access
    given = ("change", "import", str(feed), "--as", "adam")
    code, said = administer(access, team.database, *given)
    assert (code, "Entered: 2 of 2 changes." in said) == (0, True), said
    code, said = administer(access, team.database, *given)
    assert (code, "Entered: 0 of 2 changes." in said) == (0, True), said
    desk: Desk = team.desk()
    assert len(desk.find(ChangeEvent)) == 2


def test_the_moment_is_in_utc_without_an_offset(feed: Path) -> None:
    feed.write_text("title,at\nRouter,2026-03-02T13:07\n", encoding="utf-8")
    with office_at() as office:
        enter_all(parsed(office.path, "import", str(feed)), ManualClock(AT))
        assert [event.happened_at for event in events(office)] == [AT]
