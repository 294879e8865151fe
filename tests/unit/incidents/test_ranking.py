"""Impact and urgency make a priority, a person may override it, severity stands by itself."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from builders import (
    DANA,
    MAYA,
    Desk,
)

from services.core.errors import AppError, FieldMissing
from services.incidents import acts
from services.incidents.priority import Impact, Priority, PriorityMatrix, Severity, Urgency

# -- ranking -------------------------------------------------------------------------------


def rank(desk: Desk, id_: UUID, impact: Impact, urgency: Urgency, **given: object) -> None:
    now = desk.incident(id_)
    command = acts.PrioritiseIncident(
        incident_id=id_,
        impact=impact,
        urgency=urgency,
        seen_impact=now.impact,
        seen_urgency=now.urgency,
        seen_priority=now.priority,
    )
    desk.do(replace(command, **given))  # type: ignore[arg-type]


def test_every_cell_of_the_standard_matrix(desk: Desk) -> None:
    id_ = desk.log()
    assert desk.incident(id_).priority is None
    assert desk.incident(id_).matrix_edition is None
    found = ""
    for impact in Impact:
        for urgency in Urgency:
            rank(desk, id_, impact, urgency)
            found += str(int(desk.incident(id_).priority or 0))
    assert found == "123234345"
    assert desk.incident(id_).severity is None


def test_half_of_the_answer_does_not_rank(desk: Desk) -> None:
    id_ = desk.log(impact=Impact.TEAM)
    assert desk.incident(id_).priority is None
    ranked = desk.log(impact=Impact.TEAM, urgency=Urgency.LOW)
    assert desk.incident(ranked).priority is Priority.P4


def test_an_override_keeps_its_reason_until_the_matrix_ranks_again(desk: Desk) -> None:
    id_ = desk.log()
    rank(
        desk,
        id_,
        Impact.ONE_PERSON,
        Urgency.LOW,
        override=Priority.P1,
        override_reason="Board",
    )
    assert desk.incident(id_).priority is Priority.P1
    assert desk.incident(id_).priority_override_reason == "Board"
    rank(desk, id_, Impact.ONE_PERSON, Urgency.LOW)
    assert desk.incident(id_).priority is Priority.P5
    assert desk.incident(id_).priority_override_reason == ""


def test_a_new_edition_ranks_from_now_on(desk: Desk) -> None:
    old = desk.log(impact=Impact.ONE_PERSON, urgency=Urgency.LOW)
    edition = acts.EditPriorityMatrix(matrix_id=uuid4(), edition=2, name="Flat", cells="123234344")
    with pytest.raises(AppError, match="role-missing"):
        desk.give(edition, DANA)
    with pytest.raises(AppError, match="matrix-invalid"):
        desk.give(replace(edition, cells="12323434"), MAYA)
    desk.do(edition, MAYA)
    new = desk.log(impact=Impact.ONE_PERSON, urgency=Urgency.LOW)
    assert (desk.incident(old).priority, desk.incident(old).matrix_edition) == (Priority.P5, 1)
    assert (desk.incident(new).priority, desk.incident(new).matrix_edition) == (Priority.P4, 2)
    assert [m.edition for m in desk.find(PriorityMatrix, is_in_force=True)] == [2]


def test_severity_stands_by_itself_and_changing_it_needs_a_reason(desk: Desk) -> None:
    id_ = desk.log()

    def change(to: Severity | None, reason: str) -> None:
        seen = desk.incident(id_).severity
        command = acts.ChangeSeverity(
            incident_id=id_, severity=to, reason=reason, seen_severity=seen
        )
        desk.do(command)

    change(Severity.SEV3, "")
    with pytest.raises(FieldMissing):
        change(Severity.SEV1, " ")
    change(Severity.SEV1, "All customers")
    assert desk.incident(id_).severity is Severity.SEV1
    assert desk.incident(id_).priority is None
    change(None, "Not customers at all")
    assert desk.incident(id_).severity is None
