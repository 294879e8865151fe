"""Every act in every state: what may be done, and the fact that stops it where it may not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

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
    NETWORKING,
    START,
    THEO,
    VPN,
    Desk,
    close_command,
    escalate_command,
    hold_command,
    log_command,
    note_command,
    resolve_command,
)

from services.core.errors import AppError, FieldMissing, RoleMissing
from services.incidents import acts
from services.incidents.incident import (
    CancelReason,
    ConfirmationMethod,
    IncidentState,
    NoteKind,
    OnHoldReason,
)
from services.incidents.lifecycle import resolve
from services.incidents.priority import Impact, Priority, Severity, Urgency
from services.incidents.transitions import TRANSITIONS
from services.people.person import Role
from services.sync.changes import Act

S = IncidentState
STATES = (S.NEW, S.IN_PROGRESS, S.ON_HOLD, S.RESOLVED, S.CLOSED, S.CANCELLED)


def in_state(desk: Desk, state: IncidentState) -> UUID:
    """An incident that went the usual way to this state."""
    id_ = desk.log()
    if state is not S.NEW and state is not S.CANCELLED:
        desk.start(id_)
    if state is S.ON_HOLD:
        desk.do(hold_command(id_))
    if state in (S.RESOLVED, S.CLOSED):
        desk.resolve(id_)
    if state is S.CLOSED:
        desk.close_incident(id_)
    if state is S.CANCELLED:
        desk.do(acts.CancelIncident(incident_id=id_, reason=CancelReason.NOT_AN_INCIDENT))
    assert desk.incident(id_).state is state
    return id_


Given = Callable[[Desk, UUID], object]

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


MISSING: list[tuple[IncidentState, Given, str]] = [
    (S.NEW, lambda d, i: resolve_command(i, resolution="  "), "resolution"),
    (S.IN_PROGRESS, lambda d, i: replace(hold_command(i), follow_up_at=None), "follow-up date"),
    (
        S.IN_PROGRESS,
        lambda d, i: replace(hold_command(i, OnHoldReason.CALLER), reply=" "),
        "reply",
    ),
    (S.RESOLVED, lambda d, i: acts.ReopenIncident(incident_id=i, reason="\n"), "reason"),
    (S.RESOLVED, lambda d, i: close_command(i, START, confirmed_by=" "), "confirmed by"),
    (S.RESOLVED, lambda d, i: close_command(i, START, confirmed_at=None), "confirmed at"),
    (
        S.NEW,
        lambda d, i: acts.CancelIncident(incident_id=i, reason=CancelReason.DUPLICATE),
        "duplicate of",
    ),
    (S.NEW, lambda d, i: note_command(i, text=" "), "note"),
    (
        S.NEW,
        lambda d, i: acts.PrioritiseIncident(
            incident_id=i,
            impact=Impact.TEAM,
            urgency=Urgency.LOW,
            override=Priority.P1,
            override_reason=" ",
            seen_impact=None,
            seen_urgency=None,
            seen_priority=None,
        ),
        "reason",
    ),
    *(
        (
            S.IN_PROGRESS,
            lambda d, i, name=name: replace(escalate_command(d, i), **{name: " "}),  # type: ignore[misc]
            name,
        )
        for name in ("reason", "tried", "found", "need")
    ),
]


@pytest.mark.parametrize(("state", "given", "field"), MISSING, ids=[m[2] for m in MISSING])
def test_each_act_asks_for_what_it_needs(
    desk: Desk, state: IncidentState, given: Given, field: str
) -> None:
    id_ = in_state(desk, state)
    before = desk.incident(id_)
    with pytest.raises(FieldMissing) as caught:
        desk.give(given(desk, id_))
    assert caught.value.context["field"] == field
    assert desk.incident(id_) == before
    assert not desk.replica.pending()


@pytest.mark.parametrize("field", ["category", "service"])
def test_resolving_names_category_and_service(desk: Desk, field: str) -> None:
    id_ = in_state(desk, S.NEW)
    command = resolve_command(id_, **{f"{field}_id": None})
    act = Act(command_id=uuid4(), actor_id=DANA, happened_at=START)
    with pytest.raises(FieldMissing) as caught:
        resolve(desk.incident(id_), command, act, frozenset({Role.SERVICE_DESK}))
    assert caught.value.context["field"] == field


def test_a_note_can_follow_on_a_closed_incident_but_changes_nothing(desk: Desk) -> None:
    id_ = in_state(desk, S.CLOSED)
    before = desk.incident(id_)
    desk.do(note_command(id_, NoteKind.CALLER_REPLY, "Thank you"))
    assert desk.incident(id_) == before


def attempt(desk: Desk, id_: UUID, *, days_later: int = 0) -> None:
    desk.clock.advance(timedelta(days=days_later))
    desk.do(note_command(id_, NoteKind.CONTACT_ATTEMPT, ""))


@pytest.mark.parametrize(
    ("gaps", "closes"),
    [((), False), ((0, 1), False), ((0, 0, 0), False), ((0, 0, 1), True), ((0, 1, 0, 0), True)],
)
def test_closing_without_an_answer_needs_three_attempts_on_two_days(
    desk: Desk, gaps: tuple[int, ...], closes: bool
) -> None:
    id_ = in_state(desk, S.RESOLVED)
    for gap in gaps:
        attempt(desk, id_, days_later=gap)
    command = acts.CloseIncident(incident_id=id_, method=ConfirmationMethod.NO_ANSWER)
    if closes:
        desk.do(command)
        assert desk.incident(id_).state is S.CLOSED
    else:
        with pytest.raises(AppError, match="not-confirmed"):
            desk.give(command)


def test_attempts_are_counted_by_days_of_utc(desk: Desk) -> None:
    """One minute before midnight and one after are two days."""
    id_ = in_state(desk, S.RESOLVED)
    desk.clock.moment = START.replace(hour=23, minute=57)
    for _ in range(2):
        attempt(desk, id_)
    command = acts.CloseIncident(incident_id=id_, method=ConfirmationMethod.NO_ANSWER)
    with pytest.raises(AppError, match="not-confirmed"):
        desk.give(command)
    desk.clock.moment = START.replace(hour=23, minute=59) + timedelta(seconds=30)
    attempt(desk, id_)
    desk.do(command)
    assert desk.incident(id_).confirmation_method is ConfirmationMethod.NO_ANSWER


def test_only_an_import_may_close_without_saying_how(desk: Desk) -> None:
    id_ = in_state(desk, S.RESOLVED)
    with pytest.raises(AppError, match="not-confirmed"):
        desk.give(close_command(id_, START, method=ConfirmationMethod.NOT_RECORDED))


def test_what_logging_asks_for(desk: Desk) -> None:
    for lacking in ({"summary": " "}, {"caller_id": None}):
        with pytest.raises(FieldMissing):
            desk.give(log_command(desk, **lacking))
    with pytest.raises(AppError, match="reported-in-future"):
        desk.give(log_command(desk, reported_at=desk.clock.now() + timedelta(minutes=7)))
    id_ = desk.log(caller_id=None, monitoring_source="Probe 7")
    logged = desk.incident(id_)
    assert (logged.priority, logged.impact, logged.severity) == (None, None, None)
    assert (logged.state, logged.owner_team_id, logged.owner_id) == (S.NEW, DESK_TEAM, DANA)
    assert (logged.category_id, logged.service_id) == (None, None)


def test_category_and_service_are_confirmed_by_resolving(desk: Desk) -> None:
    id_ = in_state(desk, S.NEW)
    desk.resolve(id_)
    assert desk.incident(id_).category_id == NETWORKING
    assert desk.incident(id_).service_id == VPN
