"""Every act in every state: what may be done, and the fact that stops it where it may not."""

from uuid import uuid4

import pytest
from builders import (
    ACCESS,
    ADAM,
    CLEO,
    DANA,
    DESK_TEAM,
    IMRAN,
    KIM,
    LAPTOP,
    MAIL,
    MAYA,
    MONA,
    START,
    THEO,
    Desk,
    close_command,
    escalate_command,
    hold_command,
    note_command,
    resolve_command,
)
from unit.incidents.usual_ways import STATES, Given, S, in_state

from services.core.errors import AppError, RoleMissing
from services.incidents import acts
from services.incidents.incident import (
    CancelReason,
    IncidentState,
)
from services.incidents.priority import Impact, Severity, Urgency
from services.incidents.transitions import TRANSITIONS

ACTS: dict[str, Given] = {
    "start": lambda d, i: acts.StartIncident(incident_id=i),
    "assign": lambda d, i: acts.AssignIncident(
        incident_id=i,
        assignee_id=MAYA,
        seen_team_id=DESK_TEAM,
        seen_assignee_id=d.incident(i).assignee_id,
    ),
    "hold": lambda d, i: hold_command(i),
    "resume": lambda d, i: acts.ResumeIncident(incident_id=i),
    "resolve": lambda d, i: resolve_command(i),
    "reopen": lambda d, i: acts.ReopenIncident(incident_id=i, reason="Again"),
    "close": lambda d, i: close_command(i, d.clock.now()),
    "cancel": lambda d, i: acts.CancelIncident(incident_id=i, reason=CancelReason.RAISED_IN_ERROR),
    "escalate": escalate_command,
    "escalate up": lambda d, i: acts.EscalateUp(
        incident_id=i,
        escalation_id=uuid4(),
        to_person_id=MONA,
        reason="Cost",
        need="A decision",
        needed_by=START,
    ),
    "describe": lambda d, i: acts.DescribeIncident(
        incident_id=i,
        summary="VPN is down",
        description="",
        seen_summary=d.incident(i).summary,
        seen_description="",
    ),
    "caller": lambda d, i: acts.ChangeCaller(incident_id=i, caller_id=MONA, seen_caller_id=KIM),
    "categorise": lambda d, i: acts.CategoriseIncident(
        incident_id=i,
        category_id=ACCESS,
        subcategory_id=None,
        seen_category_id=d.incident(i).category_id,
        seen_subcategory_id=None,
    ),
    "service": lambda d, i: acts.ChangeService(
        incident_id=i,
        service_id=MAIL,
        affected_product_ids=(LAPTOP,),
        seen_service_id=d.incident(i).service_id,
        seen_affected_product_ids=(),
    ),
    "prioritise": lambda d, i: acts.PrioritiseIncident(
        incident_id=i,
        impact=Impact.TEAM,
        urgency=Urgency.HIGH,
        seen_impact=None,
        seen_urgency=None,
        seen_priority=None,
    ),
    "severity": lambda d, i: acts.ChangeSeverity(
        incident_id=i, severity=Severity.SEV2, reason="", seen_severity=None
    ),
    "restrict": lambda d, i: acts.RestrictIncident(
        incident_id=i,
        is_confidential=True,
        reason="Personal data",
        seen_is_confidential=False,
    ),
    "parent": lambda d, i: acts.LinkToParent(incident_id=i, parent_id=d.log(), seen_parent_id=None),
    "note": lambda d, i: note_command(i),
    "recall": lambda d, i: acts.RecallEscalation(incident_id=i, reason="Mine"),
    "hand back": lambda d, i: acts.HandBackEscalation(incident_id=i, remark="Yours"),
}

TABLE = """
             new     in_prog on_hold resolvd closed  cancelld
start        ok      state   state   state   state   state
assign       ok      ok      ok      ok      final   final
hold         ok      ok      ok      state   state   state
resume       state   state   ok      state   state   state
resolve      ok      ok      ok      state   state   state
reopen       state   state   state   ok      state   state
close        state   state   state   ok      state   state
cancel       ok      ok      ok      state   state   state
escalate     state   ok      ok      state   state   state
escalate up  ok      ok      ok      state   state   state
describe     ok      ok      ok      ok      final   final
caller       ok      ok      ok      ok      final   final
categorise   ok      ok      ok      ok      final   final
service      ok      ok      ok      ok      final   final
prioritise   ok      ok      ok      ok      final   final
severity     ok      ok      ok      ok      final   final
restrict     ok      ok      ok      ok      final   final
parent       ok      ok      ok      ok      final   final
note         ok      ok      ok      ok      ok      ok
recall       none    none    none    none    none    none
hand back    none    none    none    none    none    none
"""
WORDS = {
    "transition-not-allowed": "state",
    "incident-is-final": "final",
    "not-escalated": "none",
}


@pytest.mark.parametrize("name", ACTS)
def test_each_act_in_each_state(desk: Desk, name: str) -> None:
    """Whatever the rule allows, the shared database accepts too: ``do`` checks it."""
    line = next(line for line in TABLE.splitlines() if line[:13].strip() == name)
    found = []
    for state in STATES:
        id_ = in_state(desk, state)
        try:
            desk.do(ACTS[name](desk, id_), DANA)
            found.append("ok")
        except AppError as error:
            found.append(WORDS.get(error.code, error.code))
    assert found == line[13:].split()


def test_the_transitions_are_those_of_the_practice() -> None:
    """Nothing but the table of domain practice, the undo of it, and what an import records."""
    letters = {S.NEW: "N", S.IN_PROGRESS: "P", S.ON_HOLD: "H", S.RESOLVED: "R"}
    letters |= {S.CLOSED: "C", S.CANCELLED: "X", None: "-"}
    found = {
        f"{t.act} {letters[t.start]}{letters[t.end]}{' child' if t.with_parent else ''}"
        for t in TRANSITIONS
        if t.act not in ("UndoAct", "RecordImportedState")
    }
    assert found == {
        "LogIncident -N",
        "StartIncident NP",
        "StartIncident HP child",
        "AssignIncident NP",
        "AssignIncident HP child",
        "HoldIncident NH",
        "HoldIncident PH",
        "HoldIncident HH",
        "ResumeIncident HP",
        "ResumeIncident NP child",
        "EscalateToTeam HP",
        "AddNote HP",
        "ResolveIncident NR",
        "ResolveIncident NR child",
        "ResolveIncident PR",
        "ResolveIncident HR",
        "ReopenIncident RP",
        "CloseIncident RC",
        "CancelIncident NX",
        "CancelIncident PX",
        "CancelIncident HX",
    }
    finals = (S.CLOSED, S.CANCELLED)
    assert not [t for t in TRANSITIONS if t.act == "UndoAct" and {t.start, t.end} & set(finals)]


ROLES = """
                      dana theo imran cleo mona adam kim
LogIncident           ok   ok   ok    -    -    -    -
StartIncident         ok   ok   ok    -    -    -    -
HoldIncident          ok   ok   ok    -    -    -    -
ResolveIncident new   ok   -    -     -    -    -    -
ResolveIncident       ok   ok   ok    -    -    -    -
ReopenIncident        ok   ok   ok    -    -    -    -
CloseIncident         ok   -    -     -    -    -    -
CancelIncident        ok   ok   ok    -    -    -    -
EscalateToTeam        ok   ok   ok    -    -    -    -
RecallEscalation      ok   -    -     -    -    -    -
EscalateUp            ok   ok   ok    -    -    -    -
AddNote               ok   ok   ok    -    -    ok   -
"""
BY_ROLE: dict[str, tuple[IncidentState, Given]] = {
    "StartIncident": (S.NEW, ACTS["start"]),
    "HoldIncident": (S.IN_PROGRESS, ACTS["hold"]),
    "ResolveIncident new": (S.NEW, ACTS["resolve"]),
    "ResolveIncident": (S.IN_PROGRESS, ACTS["resolve"]),
    "ReopenIncident": (S.RESOLVED, ACTS["reopen"]),
    "CloseIncident": (S.RESOLVED, ACTS["close"]),
    "CancelIncident": (S.NEW, ACTS["cancel"]),
    "EscalateToTeam": (S.IN_PROGRESS, ACTS["escalate"]),
    "RecallEscalation": (S.IN_PROGRESS, ACTS["recall"]),
    "EscalateUp": (S.NEW, ACTS["escalate up"]),
    "AddNote": (S.NEW, ACTS["note"]),
}


@pytest.mark.parametrize("name", ["LogIncident", *BY_ROLE])
def test_each_act_by_each_role(desk: Desk, name: str) -> None:
    line = next(line for line in ROLES.splitlines() if line[:22].strip() == name)
    found = []
    for who in (DANA, THEO, IMRAN, CLEO, MONA, ADAM, KIM):
        try:
            if name == "LogIncident":
                desk.log(who)
            else:
                state, given = BY_ROLE[name]
                id_ = in_state(desk, state)
                if name == "RecallEscalation":
                    desk.escalate(id_)
                desk.do(given(desk, id_), who)
            found.append("ok")
        except RoleMissing:
            found.append("-")
    assert found == line[22:].split()
