"""Schedules of other systems come in by ordinary commands, whole or not at all, with a proof."""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import ADAM, DANA, TARA, THEO, Desk, Office
from team import Team
from unit.intake.schedules import schedule_examples as examples

from services.admin.__main__ import main
from services.admin.import_schedules_command import add_schedules, bring_in
from services.core.clock import ManualClock
from services.intake.schedules.errors import (
    ScheduleDiffers,
    SchedulePeopleUnknown,
    ScheduleRosterTaken,
)
from services.on_call.errors import RotationEndsTooEarly
from services.on_call.roster import OnCallShift, Override, Roster, Rotation

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PEOPLE = ("Ann=dana", "Bea=theo", "Cem=tara", "Dov=vera")
Administer = Callable[..., tuple[int, str]]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "payments.json"
    path.write_text(examples.pagerduty(), encoding="utf-8")
    return path


def parsed(*typed: str) -> argparse.Namespace:
    """Options as ``import`` parses them."""
    parser = argparse.ArgumentParser()
    add_schedules(parser.add_subparsers())
    return parser.parse_args(["schedules", *typed])


def bring(office: Office, export: Path, *more: str, people: tuple[str, ...] = PEOPLE) -> int:
    """Import the example into the office's database, as Adam, at the moment of the example."""
    options = parsed(
        *(str(export), "--kind", "pagerduty", "--database", str(office.path), "--as", "adam"),
        *(f"--person={pair}" for pair in people),
        *more,
    )
    return bring_in(options, ManualClock(NOW))


def on_call(desk: Desk, roster: str, at: datetime) -> set[Any]:
    (found,) = desk.find(Roster, name=roster)
    return {
        shift.person_id
        for shift in desk.find(OnCallShift, roster_id=found.id)
        if shift.starts_at <= at < shift.ends_at and not shift.is_cancelled
    }


def test_a_schedule_comes_in_and_its_shifts_are_those_of_the_source(
    office: Office, export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = office.desk()
    assert bring(office, export) == 0
    assert "EQUAL" in capsys.readouterr().out
    desk.sync()
    (roster,) = desk.find(Roster, name="Payments")
    assert roster.time_zone == "America/New_York"
    assert len(desk.find(Rotation, roster_id=roster.id)) == 2
    # Business hours of Monday are Ann's; the override gives the weekend to Bea.
    assert on_call(desk, "Payments", datetime(2026, 3, 2, 15, tzinfo=UTC)) == {DANA}
    assert on_call(desk, "Payments", datetime(2026, 3, 8, 15, tzinfo=UTC)) == {THEO}
    assert on_call(desk, "Payments", datetime(2026, 3, 14, 15, tzinfo=UTC)) == {TARA}
    assert {one.created_by_id for one in desk.find(Override)} == {ADAM}


def test_a_second_import_is_refused_and_another_name_is_not(office: Office, export: Path) -> None:
    bring(office, export)
    with pytest.raises(ScheduleRosterTaken):
        bring(office, export)
    assert bring(office, export, "--name", "Payments again") == 0
    desk = office.desk()
    assert len(desk.find(Roster, name="Payments again")) == 1


def test_a_dry_run_proves_and_writes_nothing(
    office: Office, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "report.txt"
    assert bring(office, export, "--dry-run", "--report", str(told)) == 0
    assert told.read_text(encoding="utf-8").strip() in capsys.readouterr().out
    assert "P1 is Dana" in told.read_text(encoding="utf-8")
    assert office.desk().find(Roster, name="Payments") == ()


def test_people_are_matched_by_name_or_named_as_missing(office: Office, export: Path) -> None:
    with pytest.raises(SchedulePeopleUnknown) as raised:
        bring(office, export, people=PEOPLE[:2])
    assert raised.value.context["people"] == "Cem, Dov"
    export.write_text(examples.pagerduty().replace('"Cem"', '"tara"').replace('"Dov"', '"VERA"'))
    assert bring(office, export, people=PEOPLE[:2]) == 0


def differing() -> str:
    """An export that says itself that somebody else is on call for a week."""
    entries = [
        {
            "start": "2026-03-02T09:30:00Z",
            "end": "2026-03-09T09:30:00Z",
            "user": {"id": "P3", "summary": "Cem"},
        }
    ]
    return examples.pagerduty(final_schedule={"rendered_schedule_entries": entries})


def test_differences_stop_an_import_unless_they_are_accepted(office: Office, export: Path) -> None:
    export.write_text(differing(), encoding="utf-8")
    with pytest.raises(ScheduleDiffers):
        bring(office, export)
    assert office.desk().find(Roster, name="Payments") == ()
    assert bring(office, export, "--accept-differences") == 0
    assert len(office.desk().find(Roster, name="Payments")) == 1


def test_what_a_rule_refuses_leaves_nothing(office: Office, tmp_path: Path) -> None:
    value = json.loads(examples.opsgenie())
    days = value["data"][0]["rotations"][1]
    days |= {"startDate": "2027-01-04T00:00:00Z", "endDate": "2026-12-04T00:00:00Z"}
    export = tmp_path / "export.json"
    export.write_text(json.dumps(value), encoding="utf-8")
    names = ("ann=dana", "bea=theo", "cem=tara", "dov=vera", "eve=mona")
    options = parsed(
        *(str(export), "--kind", "opsgenie", "--database", str(office.path), "--as", "adam"),
        *(f"--person={pair}" for pair in names),
    )
    desk = office.desk()
    before = len(desk.find(Roster))
    with pytest.raises(RotationEndsTooEarly):
        bring_in(options, ManualClock(NOW))
    desk.sync()
    assert len(desk.find(Roster)) == before


def test_several_schedules_of_a_file_come_in_together_or_not_at_all(
    office: Office, export: Path
) -> None:
    one = json.loads(examples.pagerduty())["schedule"]
    bring(office, export, "--name", "Second")
    both = {"schedules": [{**one, "name": "First"}, {**one, "name": "Second"}]}
    export.write_text(json.dumps(both), encoding="utf-8")
    with pytest.raises(ScheduleRosterTaken):
        bring(office, export)
    assert office.desk().find(Roster, name="First") == ()


def test_without_a_database_it_only_proves(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--kind", "pagerduty", "--from", NOW.isoformat())
    assert main(["import", "schedules", str(export), *given]) == 0
    assert "EQUAL" in capsys.readouterr().out
    export.write_text(differing(), encoding="utf-8")
    assert main(["import", "schedules", str(export), *given]) == 1
    said = capsys.readouterr().out
    assert "DIFFERENT for" in said
    assert "Cem" in said


def test_a_file_of_another_kind_is_told_in_words(
    export: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "schedules", str(export), "--kind", "goalert"]) == 2
    assert "--kind" in capsys.readouterr().err


def test_single_shifts_come_in_one_by_one(office: Office, tmp_path: Path) -> None:
    export = tmp_path / "watch.ics"
    export.write_text(examples.CALENDAR, encoding="utf-8")
    options = parsed(
        *(str(export), "--kind", "ics", "--database", str(office.path), "--as", "adam"),
        *("--person", "Ann Archer=dana", "--person", "Bea Bond=theo"),
        *("--person", "cem@example.org=tara", "--team", "Service Desk"),
    )
    assert bring_in(options, ManualClock(NOW)) == 0
    desk = office.desk()
    assert on_call(desk, "Night watch", datetime(2026, 3, 2, 20, tzinfo=UTC)) == {DANA}
    assert on_call(desk, "Night watch", datetime(2026, 3, 8, 22, tzinfo=UTC)) == {THEO}
    assert on_call(desk, "Night watch", NOW + timedelta(days=80)) == set()


def test_a_team_takes_a_schedule_as_one_desk_does(
    team: Team, administer: Administer, export: Path
) -> None:
    people = [word for pair in PEOPLE for word in ("--person", pair)]
    given = ("import", "schedules", str(export), "--kind", "pagerduty", "--as", "adam", *people)
    code, said = administer(team.databases.access, team.database, *given)
    assert code == 0, said
    assert "EQUAL" in said
    code, said = administer(team.databases.access, team.database, *given)
    assert code == 2
    assert "is there already" in said
