"""What each act asks for, and that nothing happens without it."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from builders import (
    DANA,
    DESK_TEAM,
    NETWORKING,
    START,
    VPN,
    Desk,
    close_command,
    escalate_command,
    hold_command,
    log_command,
    note_command,
    resolve_command,
)
from unit.incidents.usual_ways import Given, S, in_state

from services.core.errors import AppError, FieldMissing
from services.incidents import acts
from services.incidents.incident import (
    CancelReason,
    ConfirmationMethod,
    IncidentState,
    NoteKind,
    OnHoldReason,
)
from services.incidents.lifecycle import resolve
from services.incidents.priority import Impact, Priority, Urgency
from services.people.person import Role
from services.sync.changes import Act

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
