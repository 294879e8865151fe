"""Each shared database refuses what no rule would do, and each of its guards is needed."""

import sqlite3
from collections.abc import Iterable
from uuid import uuid4

import pytest
from builders import DANA, IMRAN, START, Office, note_command
from contract.attacks import ATTACKS as INCIDENT_ATTACKS
from contract.attacks import TEAM_ATTACKS, Attack
from contract.major_attacks import MAJOR_ATTACKS
from contract.major_shapes import MAJOR_SHAPES
from contract.on_call_attacks import ON_CALL_ATTACKS
from contract.on_call_shapes import ON_CALL_SHAPES
from contract.page_attacks import PAGE_ATTACKS
from contract.scene import Scene
from contract.shapes import SHAPES as INCIDENT_SHAPES
from contract.shapes import Shape
from contract.team_client import GUARDS, RawTeamClient
from contract.update_attacks import UPDATE_ATTACKS
from contract.update_scene import TOLD, the_told
from contract.update_shapes import UPDATE_SHAPES

from services.communications.errors import ResolutionTold
from services.communications.status_update import StatusUpdate
from services.core.database import connect
from services.incidents.acts import UndoAct
from services.incidents.incident import HistoryEntry, Incident
from services.major_incidents.acts import ResolveMajorIncident
from services.registry import RECORDS, guard_statements
from services.sync.guards import PREFIX
from services.sync.shared import Outcome

ATTACKS = (*INCIDENT_ATTACKS, *ON_CALL_ATTACKS, *PAGE_ATTACKS, *MAJOR_ATTACKS, *UPDATE_ATTACKS)
SHAPES = (*INCIDENT_SHAPES, *ON_CALL_SHAPES, *MAJOR_SHAPES, *UPDATE_SHAPES)

CODES = {
    statement.split()[2].removeprefix("guard_"): statement.split(PREFIX)[1].split("'")[0]
    for statement in guard_statements()
    if statement.split()[2].startswith("guard_")
}
"""Every guard of the embedded file with the code it refuses with."""

TEAM_CODES = {name: guard.code for name, guard in GUARDS.items()}
"""Every guard of a team's database."""


@pytest.fixture(params=["file_scene", "team_scene"], ids=["embedded", "postgres"])
def scene(request: pytest.FixtureRequest) -> Scene:
    """The same scene on both databases."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Scene)
    return found


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_every_attack_is_refused_for_the_right_reason(scene: Scene, attack: Attack) -> None:
    decision = attack.try_(scene)
    expected = (Outcome.REJECTED, attack.code)
    if attack.is_hidden and isinstance(scene.client, RawTeamClient):
        expected = (Outcome.STALE, "")
    assert (decision.outcome, decision.code) == expected


def test_a_desk_sees_that_a_resolve_was_told_by_another_whose_clock_is_behind(
    scene: Scene,
) -> None:
    """So does the database, by an attack of its own."""
    major = the_told(scene)
    name = ResolveMajorIncident.__name__
    (resolve,) = scene.desk.find(HistoryEntry, subject_id=major.id, act=name)
    assert scene.desk.get(StatusUpdate, TOLD).queued_at == START
    assert major.resolved_at is not None
    assert major.resolved_at > START
    undo = UndoAct(incident_id=scene.told, undone_command_id=resolve.command_id)
    with pytest.raises(ResolutionTold):
        scene.desk.give(undo, IMRAN)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_spoilt_value_is_refused(scene: Scene, shape: Shape) -> None:
    decision = shape.try_(scene)
    assert (decision.outcome, decision.code) == (Outcome.REJECTED, shape.code)


@pytest.mark.parametrize("attack", TEAM_ATTACKS, ids=lambda attack: attack.name)
def test_logins_and_roles_are_not_given_by_command(team_scene: Scene, attack: Attack) -> None:
    decision = attack.try_(team_scene)
    assert (decision.outcome, decision.code) == (Outcome.REJECTED, attack.code)


def through(scene: Scene, guard: str, code: str, attacks: Iterable[Attack | Shape]) -> str:
    """The first attack found that succeeds where a guard is missing, or empty.

    Those whose names speak of the same things are tried first.
    """
    about = set(guard.split("_"))
    likely = sorted(attacks, key=lambda attack: -len(about & set(attack.name.split())))
    with scene.client.left_out(guard):
        return next(
            (
                attack.name
                for attack in likely
                if attack.code == code and attack.try_(scene).outcome is Outcome.APPLIED
            ),
            "",
        )


NOT_NEEDED = {
    # The table is written by triggers alone; no write-set reaches it.
    "history_kept",
    # Nothing changes history, and what enters it was judged on its way.
    "history_entry_text_update",
    "history_entry_value_insert",
    "history_entry_value_update",
    # A note cannot be changed at all.
    "note_text_update",
    "note_value_update",
    "handover_note_text_update",
    "handover_note_value_update",
    # Nor can a message that somebody asked for,
    "delivery_text_update",
    "delivery_value_update",
    # or the texts of what departs from a rota.
    "on_call_override_text_update",
    "shift_swap_text_update",
    "time_off_text_update",
    # No command writes what the database makes itself as it leads pages: this is for its own sake.
    "page_step_value_insert",
    "page_step_value_update",
    "page_recipient_value_insert",
    "delivery_attempt_text_insert",
    "delivery_attempt_text_update",
    "delivery_attempt_value_insert",
    "delivery_attempt_value_update",
}
"""Guards that hold a second line: no attack gets as far as them."""

NOT_NEEDED_BY_TEAM = NOT_NEEDED | {
    # No command of a person's changes roles at all.
    "person_role_value_insert",
    "person_role_value_update",
    # People with a login are retired by administration, which asks the same rule.
    "person_of_catch_all",
    # What departs from a rota keeps its times and its kind.
    "on_call_override_value_update",
    "time_off_value_update",
    # And an edition of the matrix its number,
    "priority_matrix_value_update",
    # a status page its readers, a plan its severity, a template its moment.
    "status_page_value_update",
    "communication_plan_value_update",
    "update_template_value_update",
}
"""The same of a team's database."""


@pytest.mark.parametrize("guard", sorted(CODES))
def test_each_guard_of_the_file_is_the_only_one_against_something(
    file_scene: Scene, guard: str
) -> None:
    """Without it an attack gets through, so the tests above would turn red."""
    found = through(file_scene, guard, CODES[guard], (*ATTACKS, *SHAPES))
    assert bool(found) != (guard in NOT_NEEDED), found


@pytest.mark.parametrize("guard", sorted(TEAM_CODES))
def test_each_guard_of_a_team_is_the_only_one_against_something(
    team_scene: Scene, guard: str
) -> None:
    found = through(team_scene, guard, TEAM_CODES[guard], (*ATTACKS, *SHAPES, *TEAM_ATTACKS))
    assert bool(found) != (guard in NOT_NEEDED_BY_TEAM), found


RAW = [
    "UPDATE incident SET state = 'closed'",
    "UPDATE person_role SET role = 'administrator'",
    "UPDATE history_entry SET actor_id = 'x'",
    "DELETE FROM incident",
    "DELETE FROM history_entry",
    "DELETE FROM note",
    "INSERT INTO person_role SELECT 'x', 1, person_id, 'manager', 1 FROM person_role LIMIT 1",
    "UPDATE incident SET id = 'x'",
]


@pytest.mark.parametrize("sql", RAW)
def test_plain_sql_past_the_protocol_is_refused(office: Office, sql: str) -> None:
    desk = office.desk()
    desk.do(note_command(desk.log()))
    connection = connect(office.path)
    with pytest.raises(sqlite3.IntegrityError, match="guard:"):
        connection.execute(sql)
    connection.close()


@pytest.mark.parametrize("kept", ["update", "delete", "insert", "id"])
def test_each_keeping_trigger_is_needed(office: Office, kept: str) -> None:
    """Negative control of the test above, for the table of incidents."""
    desk = office.desk()
    desk.log()
    connection = connect(office.path)
    sql = {
        "update": "UPDATE incident SET summary = 'x'",
        "delete": "DELETE FROM incident",
        "insert": "INSERT INTO person (id, version, name) VALUES ('x', 1, 'x')",
        "id": "UPDATE incident SET id = 'x'",
    }[kept]
    with pytest.raises(sqlite3.IntegrityError, match="guard:"):
        connection.execute(sql)
    table = "person" if kept == "insert" else Incident.TABLE
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name = ?",
        (f"keep_{table}_{kept}",),
    ).fetchall()
    assert len(found) == 1
    connection.close()


def test_every_table_is_kept_and_fed(office: Office) -> None:
    connection = connect(office.path)
    names = {
        row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
    }
    connection.close()
    for record in RECORDS:
        for what in ("insert", "update", "delete", "id"):
            assert f"keep_{record.TABLE}_{what}" in names
        assert {f"feed_{record.TABLE}_insert", f"feed_{record.TABLE}_update"} <= names


def test_refused_changes_leave_nothing(office: Office) -> None:
    """A write-set whose second half is refused is refused as a whole, history included."""
    scene = Scene(office)
    scene.client.rehearses = False
    before = scene.desk.incident(scene.new)
    ops = [
        ("incident", str(scene.new), before.version, {"summary": "half"}),
        (
            "incident",
            str(scene.closed),
            scene.desk.incident(scene.closed).version,
            {"summary": "x"},
        ),
    ]
    decision = scene.client.submit("DescribeIncident", ops, DANA)
    assert (decision.outcome, decision.code) == (Outcome.REJECTED, "incident-is-final")
    scene.desk.sync()
    assert scene.desk.incident(scene.new) == before
    scene.close()


def test_a_stale_version_is_no_decision(office: Office) -> None:
    scene = Scene(office)
    ops = [("incident", str(scene.new), 77, {"summary": "x"})]
    assert scene.client.submit("DescribeIncident", ops).outcome is Outcome.STALE
    gone = [("incident", str(uuid4()), 1, {"summary": "x"})]
    assert scene.client.submit("DescribeIncident", gone).outcome is Outcome.STALE
    scene.close()
