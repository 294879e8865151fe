"""``simulate`` and ``calendar`` read a database of an office and change nothing in it."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from builders import ADAM, IMRAN, THEO, Desk, Office
from icalendar import Calendar
from pypdf import PdfReader
from team import Team

from services.admin.__main__ import CUT_OFF, main
from services.admin.calendar_command import LoginUnknown, RosterUnknown, calendar_file
from services.admin.shared_reading import OutputUnwritable, write_whole
from services.admin.simulate_command import MomentUnreadable, PolicyUnknown, lines_of, simulated
from services.core.clock import ManualClock
from services.core.database import Rows, connect
from services.core.ids import derived_id
from services.on_call.acts import AddRoster, AddRotation
from services.on_call.policy_acts import AddPolicy, StepDraft
from services.on_call.roster import RotationUnit
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.people.contact import ContactKind
from services.people.contact_commands import AddContactMethod

HOUSE = Path(__file__).resolve().parents[3]
Administer = Callable[..., tuple[int, str]]
NETWORK, MAJOR = derived_id("roster", "network"), derived_id("roster", "major")
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def plan(desk: Desk) -> None:
    """Theo and Imran take turns by the week; the policy calls them, then the catch-all."""
    for roster_id, name, people in (
        (MAJOR, "Major incidents", (IMRAN,)),
        (NETWORK, "Network on call", (THEO, IMRAN)),
    ):
        desk.do(
            AddRoster(
                roster_id=roster_id,
                name=name,
                time_zone="Europe/London",
                is_catch_all=roster_id == MAJOR,
            ),
            ADAM,
        )
        desk.do(
            AddRotation(
                rotation_id=derived_id("rotation", name),
                roster_id=roster_id,
                name="Turns",
                person_ids=people,
                starts_at_local="2026-01-05T09:00",
                unit=RotationUnit.WEEK,
            ),
            ADAM,
        )
    desk.do(
        AddDestination(
            destination_id=derived_id("push"),
            kind=ProviderKind.NTFY,
            name="Push",
            base_url="https://ntfy.example.org",
            options='{"topic": "oncall"}',
        ),
        ADAM,
    )
    desk.do(
        AddContactMethod(
            contact_method_id=derived_id("method"),
            person_id=THEO,
            kind=ContactKind.PUSH,
            destination_id=derived_id("push"),
            address="theo-topic",
        ),
        ADAM,
    )
    desk.do(
        AddPolicy(
            policy_id=derived_id("policy"),
            name="Network",
            steps=(StepDraft(roster_ids=(NETWORK,)).to_text(),),
        ),
        ADAM,
    )


@pytest.fixture
def planned(office: Office) -> Office:
    plan(office.desk())
    for desk in office.desks:
        desk.close()
    office.desks.clear()
    return office


def test_output_that_nobody_reads_on_ends_quietly(planned: Office) -> None:
    reading, writing = os.pipe()
    os.close(reading)  # as ``head`` does when it has enough
    given = ["simulate", "--policy", "Network", "--database", str(planned.path)]
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "services.admin", *given],
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=HOUSE,
            env={name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"},
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (CUT_OFF, b"")


def test_the_secret_address_of_a_calendar_is_told_and_revoked(
    planned: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets = tmp_path / "secrets"
    secrets.touch(mode=0o600)
    given = ["calendar", "--address", "https://page.example", "--secrets", str(secrets)]
    database = ["--database", str(planned.path)]

    def told(*more: str, code: int = 0) -> list[str]:
        assert main([*given, *more, *database]) == code
        return capsys.readouterr().out.splitlines()

    assert told("--person", "theo", code=2) == []
    secrets.write_text("calendar = short\n")
    assert told("--person", "theo", code=2) == []
    secrets.write_text(f"calendar = {'k' * 32}\n")
    (theo,) = told("--person", "theo")
    (network,) = told("--roster", "Network on call")
    assert len({theo, network, *told("--person", "imran")}) == 3
    assert theo.startswith("https://page.example/")
    assert theo.endswith(".ics")
    _, line, _, after = told("--person", "theo", "--revoke")
    assert after != theo
    with secrets.open("a") as file:
        file.write(f"{line}\n")
    assert told("--person", "theo") == [after]
    assert told("--roster", "Network on call") == [network]


def test_the_terminal_tells_who_cannot_be_reached(
    planned: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sha256(planned.path.read_bytes()).hexdigest()
    pdf = tmp_path / "wall.pdf"
    given = ("--policy", "Network", "--at", "2026-03-03T09:00", "--pdf", str(pdf))
    assert main(["simulate", *given, "--database", str(planned.path)]) == 0
    said = capsys.readouterr().out
    assert "A page that starts on Tue 3 Mar 2026 09:00" in said
    assert "Sun 29 Mar 2026: clocks are put forward from 01:00 to 02:00" in said
    assert "Nobody is reached at all: 2,160 h, first from Tue 3 Mar 2026 09:00" in said
    assert "No verified contact method: Theo" in said
    assert len(PdfReader(BytesIO(pdf.read_bytes())).pages) == 1
    assert sha256(planned.path.read_bytes()).hexdigest() == before


def state_of(office: Office) -> Rows:
    return Rows(connect(office.path))


def test_the_typed_time_is_that_of_the_rosters_zone(planned: Office) -> None:
    state = state_of(planned)
    clock = ManualClock(NOW)
    for typed in ("2026-06-01T09:00", "2026-06-01T08:00Z", "2026-06-01T10:00+02:00"):
        assert simulated(state, "Network", typed, 1, clock).at == datetime(
            2026, 6, 1, 8, tzinfo=UTC
        )
    assert simulated(state, "Network", None, 1, clock).at == NOW
    for typed in ("soon", "2026-13-01T00:00", "0001-01-01T00:00+14:00"):
        with pytest.raises(MomentUnreadable):
            simulated(state, "Network", typed, 1, clock)
    state.connection.close()


def test_a_policy_that_is_not_there_names_those_that_are(planned: Office) -> None:
    state = state_of(planned)
    with pytest.raises(PolicyUnknown) as raised:
        simulated(state, "Netwrok", None, 90, ManualClock(NOW))
    assert raised.value.context["known"] == "Network"
    state.connection.close()


def test_lines_list_every_change_of_hands(planned: Office) -> None:
    state = state_of(planned)
    found = simulated(state, "Network", None, 28, ManualClock(NOW))
    lines = list(lines_of(found))
    assert any("Sun 29 Mar 2026: clocks are put forward" in line for line in lines)
    assert any(line.strip().startswith("0 ") for line in lines)
    state.connection.close()


def test_a_calendar_of_a_roster_and_of_a_person(planned: Office, tmp_path: Path) -> None:
    state = state_of(planned)
    roster, count = calendar_file(state, "Network on call", None, ManualClock(NOW))
    assert count > 50
    people = {str(event["SUMMARY"]) for event in Calendar.from_ical(roster).walk("VEVENT")}
    assert people == {"Theo", "Imran"}
    person, _ = calendar_file(state, None, "imran", ManualClock(NOW))
    rosters = {str(event["SUMMARY"]) for event in Calendar.from_ical(person).walk("VEVENT")}
    assert rosters == {"Network on call", "Major incidents"}
    with pytest.raises(RosterUnknown):
        calendar_file(state, "Nothing", None, ManualClock(NOW))
    with pytest.raises(LoginUnknown):
        calendar_file(state, None, "nobody", ManualClock(NOW))
    state.connection.close()


def test_a_calendar_is_written_as_a_whole_or_not_at_all(
    planned: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "network.ics"
    given = ("--roster", "Network on call", "--database", str(planned.path))
    assert main(["calendar", *given, "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert main(["calendar", *given, "--out", str(tmp_path / "none" / "x.ics")]) == 2
    assert "cannot be written" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.glob("*.part")) == []
    with pytest.raises(OutputUnwritable):
        write_whole(tmp_path, b"")


def test_a_database_that_is_not_there_is_told_and_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "none.db"
    given = ("--policy", "Network", "--database", str(path))
    assert main(["simulate", *given]) == 2
    assert "there is no such file" in capsys.readouterr().err
    assert not path.exists()


def test_a_team_is_simulated_as_one_desk_is(
    team: Team, administer: Administer, tmp_path: Path
) -> None:
    desk = team.desk("adam")
    plan(desk)
    out = tmp_path / "team.ics"
    at = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    access, database = team.databases.access, team.database
    code, said = administer(access, database, "simulate", "--policy", "Network", "--at", at)
    assert code == 0, said
    assert "No verified contact method" in said
    given = ("calendar", "--roster", "Network on call", "--out", str(out))
    code, said = administer(access, database, *given)
    assert code == 0, said
    assert b"SUMMARY:Theo" in out.read_bytes()
