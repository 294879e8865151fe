"""The embedded shared database refuses what no rule would do, and each of its guards is needed."""

import sqlite3
from collections.abc import Iterator
from uuid import uuid4

import pytest
from builders import DANA, Office, note_command, office_at
from contract.attacks import ATTACKS, Attack, Scene
from contract.shapes import SHAPES, Shape

from services.core.database import connect
from services.incidents.incident import Incident
from services.registry import RECORDS, guard_statements
from services.sync.guards import PREFIX
from services.sync.shared import Outcome

CODES = {
    statement.split()[2]: statement.split(PREFIX)[1].split("'")[0]
    for statement in guard_statements()
    if statement.split()[2].startswith("guard_")
}
"""Every guard with the code it refuses with."""


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with office_at() as office:
        scene = Scene(office)
        yield scene
        scene.close()


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_every_attack_is_refused_for_the_right_reason(scene: Scene, attack: Attack) -> None:
    decision = attack.try_(scene)
    assert (decision.outcome, decision.code) == (Outcome.REJECTED, attack.code)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_spoilt_value_is_refused(scene: Scene, shape: Shape) -> None:
    decision = shape.try_(scene)
    assert (decision.outcome, decision.code) == (Outcome.REJECTED, shape.code)


NOT_NEEDED = {
    # The table is written by triggers alone; no write-set reaches it.
    "guard_history_kept",
    # Nothing changes history, and what enters it was judged on its way.
    "guard_history_entry_text_update",
    "guard_history_entry_value_insert",
    "guard_history_entry_value_update",
    # A note cannot be changed at all.
    "guard_note_text_update",
    "guard_note_value_update",
}
"""Guards that hold a second line: no attack gets as far as them."""


@pytest.mark.parametrize("guard", sorted(CODES))
def test_each_guard_is_the_only_one_against_something(scene: Scene, guard: str) -> None:
    """Without it an attack gets through, so the tests above would turn red."""
    scene.client.without = guard
    try:
        through = [
            attack.name
            for attack in (*ATTACKS, *SHAPES)
            if attack.code == CODES[guard] and attack.try_(scene).outcome is Outcome.APPLIED
        ]
    finally:
        scene.client.without = ""
    assert bool(through) != (guard in NOT_NEEDED), through


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
