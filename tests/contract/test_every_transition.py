"""Every role, every act, from every state to every other: allowed exactly as the tables say.

The write-sets lack nothing an act could need besides the right to it, so that what refuses them is
the table of transitions alone. Both shared databases give the same answer.
"""

from collections.abc import Iterator
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from builders import ADAM, CLEO, DANA, IMRAN, MONA, ROLES, TARA, THEO, VERA
from contract.attacks import CANCELLED, CLOSED, RESOLVED
from contract.places import Place
from contract.scene import NOW
from raw_client import RawClient

from services.incidents.escalation_transitions import ESCALATION_TRANSITIONS
from services.incidents.incident import Escalation, EscalationState, Incident, IncidentState
from services.incidents.transitions import TRANSITIONS, roles_for
from services.people.person import Role
from services.registry import rule_statements
from services.sync.shared import Decision, Outcome

PEOPLE = (DANA, THEO, VERA, IMRAN, CLEO, MONA, ADAM)
"""One of each role, and a second tier member whose team nothing was offered to."""

RECEIVERS = {THEO, TARA}
ANSWERED_BY_RECEIVERS = {"AcceptEscalation", "RejectEscalation", "HandBackEscalation"}
PASSED_ON = EscalationState.PASSED_ON
GIVEN = {(act, role) for act, role in rule_statements()[0][1]}
"""Who may give which command at all."""

ACTS = sorted({t.act for t in TRANSITIONS if t.start is not None})
ESCALATION_ACTS = sorted({t.act for t in ESCALATION_TRANSITIONS if t.start is not None})
ENDS: dict[IncidentState, dict[str, Any]] = {
    IncidentState.NEW: {},
    IncidentState.IN_PROGRESS: {},
    IncidentState.ON_HOLD: {"on_hold_reason": "change", "follow_up_at": NOW},
    IncidentState.RESOLVED: RESOLVED,
    IncidentState.CLOSED: CLOSED,
    IncidentState.CANCELLED: CANCELLED,
}


def columns_of(act: str, end: IncidentState, before: Incident, who: UUID) -> dict[str, Any]:
    """All that a step to this state can need."""
    names = {name: str(who) for name in ("closed_by_id", "resolved_by_id") if name in ENDS[end]}
    count = {"reopen_count": before.reopen_count + 1} if act == "ReopenIncident" else {}
    return {**ENDS[end], **names, **count, "state": end.value}


def step(place: Place, act: str, start: IncidentState, end: IncidentState, who: UUID) -> Decision:
    before = place.desk.incident(place.incidents[start.value])
    assert before.state is start
    op = ("incident", str(before.id), before.version, columns_of(act, end, before, who))
    return place.client.submit(act, [op], who)


def may_step(act: str, start: IncidentState, end: IncidentState, role: Role) -> bool:
    return role in roles_for(act, start, end) and (act, role.value) in GIVEN


@pytest.fixture(autouse=True)
def rehearsing(place: Place) -> Iterator[RawClient]:
    place.client.rehearses = True
    yield place.client
    place.client.rehearses = False


@pytest.mark.parametrize("act", ACTS)
def test_an_incident_goes_where_the_table_says(place: Place, act: str) -> None:
    differ, allowed = [], 0
    for start, end in permutations(IncidentState, 2):
        for who in PEOPLE:
            expected = may_step(act, start, end, ROLES[who])
            decision = step(place, act, start, end, who)
            allowed += expected
            if (decision.outcome is Outcome.APPLIED) != expected:
                differ.append((start.value, end.value, ROLES[who].value, expected, decision.code))
    assert not differ
    assert allowed


def may_turn(act: str, start: EscalationState, end: EscalationState, who: UUID) -> bool:
    by_table = any(
        (t.act, t.start, t.end) == (act, start, end) and ROLES[who] in t.roles
        for t in ESCALATION_TRANSITIONS
    )
    is_answer = act in ANSWERED_BY_RECEIVERS and PASSED_ON not in (start, end)
    return by_table and (act, ROLES[who].value) in GIVEN and (not is_answer or who in RECEIVERS)


@pytest.mark.parametrize("act", ESCALATION_ACTS)
def test_an_escalation_goes_where_the_table_says(place: Place, act: str) -> None:
    differ, allowed = [], 0
    for start, end in permutations(EscalationState, 2):
        before = next(e for e in place.desk.find(Escalation) if e.state is start)
        for who in (*PEOPLE, TARA):
            columns = {"state": end.value, "end_remark": "r", "ended_by_id": str(who)}
            if end is EscalationState.ACCEPTED:
                columns |= {"accepted_by_id": str(who)}
            op = ("escalation", str(before.id), before.version, columns)
            decision = place.client.submit(act, [op], who)
            expected = may_turn(act, start, end, who)
            allowed += expected
            if (decision.outcome is Outcome.APPLIED) != expected:
                differ.append((start.value, end.value, ROLES[who].value, expected, decision.code))
    assert not differ
    assert allowed
