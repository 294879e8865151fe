"""A decision says what its author saw: nobody overwrites a colleague unknowingly."""

from collections.abc import Callable

import pytest
from builders import (
    ACCESS,
    DANA,
    DESK_TEAM,
    KIM,
    MAIL,
    MAYA,
    MONA,
    NETWORKING,
    THEO,
    VPN,
    Office,
    note_command,
    notes_of,
)

from services.incidents import acts
from services.incidents.errors import ChangedMeanwhile
from services.incidents.incident import (
    Incident,
)
from services.incidents.priority import Impact, Severity, Urgency

# -- values the person saw -----------------------------------------------------------------

Given = Callable[[Incident, int], object]
TWO = {
    "summary": (lambda i, n: acts.DescribeIncident(
        incident_id=i.id, summary=f"S{n}", description="",
        seen_summary=i.summary, seen_description=""), "summary"),
    "description": (lambda i, n: acts.DescribeIncident(
        incident_id=i.id, summary=i.summary, description=f"D{n}",
        seen_summary=i.summary, seen_description=""), "description"),
    "caller": (lambda i, n: acts.ChangeCaller(
        incident_id=i.id, caller_id=(MONA, MAYA)[n], seen_caller_id=KIM), "caller_id"),
    "category": (lambda i, n: acts.CategoriseIncident(
        incident_id=i.id, category_id=(ACCESS, NETWORKING)[n], subcategory_id=None,
        seen_category_id=None, seen_subcategory_id=None), "category_id"),
    "service": (lambda i, n: acts.ChangeService(
        incident_id=i.id, service_id=(MAIL, VPN)[n], affected_product_ids=(),
        seen_service_id=None, seen_affected_product_ids=()), "service_id"),
    "priority": (lambda i, n: acts.PrioritiseIncident(
        incident_id=i.id, impact=Impact.TEAM, urgency=Urgency(n + 1),
        seen_impact=None, seen_urgency=None, seen_priority=None), "urgency"),
    "severity": (lambda i, n: acts.ChangeSeverity(
        incident_id=i.id, severity=list(Severity)[n], reason="r", seen_severity=None),
        "severity"),
    "assignee": (lambda i, n: acts.AssignIncident(
        incident_id=i.id, assignee_id=(MAYA, DANA)[n], seen_team_id=DESK_TEAM,
        seen_assignee_id=None), "assignee_id"),
}  # fmt: skip


@pytest.mark.parametrize("field", TWO)
def test_a_colleague_who_was_faster_is_not_overwritten(office: Office, field: str) -> None:
    given, column = TWO[field]
    first, second = office.desk(), office.desk()
    id_ = first.log()
    second.sync()
    seen = second.incident(id_)
    first.do(given(seen, 0), DANA)
    second.give(given(seen, 1), MAYA)
    second.sync()
    [conflict] = second.conflicts()
    assert conflict.code == "changed-meanwhile"
    first.sync()
    mine, theirs = (getattr(d.incident(id_), column) for d in (second, first))
    assert mine == theirs
    with pytest.raises(ChangedMeanwhile):
        second.give(given(seen, 1), MAYA)


@pytest.mark.parametrize("field", [f for f in TWO if f != "assignee"])
def test_the_same_decision_twice_is_no_conflict(office: Office, field: str) -> None:
    given, _ = TWO[field]
    first, second = office.desk(), office.desk()
    id_ = first.log()
    second.sync()
    seen = second.incident(id_)
    first.do(given(seen, 0), DANA)
    second.give(given(seen, 0), MAYA)
    second.sync()
    assert not second.conflicts()


def test_work_and_words_of_two_desks_join(office: Office) -> None:
    """A note and an answer of another desk stand in nobody's way."""
    first, second = office.desk(), office.desk()
    id_ = first.log()
    second.sync()
    first.give(acts.StartIncident(incident_id=id_), DANA)
    second.give(note_command(id_, text="Caller called again"), THEO)
    first.sync()
    second.sync()
    first.sync()
    assert not first.conflicts() + second.conflicts()
    assert [n.text for n in notes_of(first, id_)] == ["Caller called again"]


def test_two_who_start_are_told_apart(office: Office) -> None:
    first, second = office.desk(), office.desk()
    id_ = first.log()
    second.sync()
    first.do(acts.StartIncident(incident_id=id_), DANA)
    second.give(acts.StartIncident(incident_id=id_), MAYA)
    second.sync()
    assert [p.code for p in second.conflicts()] == ["transition-not-allowed"]
    assert second.incident(id_).assignee_id == DANA
