"""What acts bring besides the new state: times, counts, children, matrices, seen values."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from builders import (
    DESK_TEAM,
    MAYA,
    Desk,
    Office,
    hold_command,
    log_command,
    note_command,
    notes_of,
    resolve_command,
)

from services.core.errors import AppError
from services.incidents import acts
from services.incidents.errors import WouldBeOwnParent
from services.incidents.incident import (
    CancelReason,
    IncidentState,
    NoteKind,
    OnHoldReason,
)

S = IncidentState


def child_of(desk: Desk, parent: UUID) -> UUID:
    id_ = desk.log(summary="Child")
    link(desk, id_, parent)
    return id_


def link(desk: Desk, id_: UUID, parent: UUID | None) -> None:
    seen = desk.incident(id_).parent_id
    desk.do(acts.LinkToParent(incident_id=id_, parent_id=parent, seen_parent_id=seen))


def reopen(desk: Desk, id_: UUID) -> None:
    desk.do(acts.ReopenIncident(incident_id=id_, reason="Still down"))


# -- first contact, reopening, follow-up ---------------------------------------------------


def test_resolving_a_new_incident_is_first_contact_resolution(desk: Desk) -> None:
    id_ = desk.resolve(desk.log())
    found = desk.incident(id_)
    assert found.is_first_contact_resolution
    assert found.first_response_at == found.resolved_at == found.updated_at
    later = desk.incident(desk.resolve(desk.start(desk.log())))
    assert not later.is_first_contact_resolution
    assert later.first_response_at is not None
    assert later.resolved_at is not None
    assert later.first_response_at < later.resolved_at


def test_each_reopening_counts_and_keeps_what_was_said(desk: Desk) -> None:
    id_ = desk.start(desk.log())
    first_response = desk.incident(id_).first_response_at
    for count in (1, 2):
        desk.resolve(id_)
        reopen(desk, id_)
        found = desk.incident(id_)
        assert (found.state, found.reopen_count) == (S.IN_PROGRESS, count)
        assert (found.resolved_at, found.resolution, found.resolution_code) == (None, "", None)
        assert found.first_response_at == first_response
    kept = [note.text for note in notes_of(desk, id_, NoteKind.INTERNAL)]
    assert kept == ["Resolution before reopening: Tunnel restarted"] * 2


def test_a_very_long_resolution_survives_reopening(desk: Desk) -> None:
    id_ = desk.start(desk.log())
    desk.do(resolve_command(id_, resolution="x" * 20_000))
    reopen(desk, id_)
    assert len(notes_of(desk, id_)[0].text) > 20_000


def test_a_closed_incident_is_followed_up_not_reopened(desk: Desk) -> None:
    id_ = desk.close_incident(desk.resolve(desk.log()))
    with pytest.raises(AppError, match="transition-not-allowed"):
        desk.give(acts.ReopenIncident(incident_id=id_, reason="Again"))
    follow_up = desk.log(follow_up_of_id=id_)
    assert desk.incident(follow_up).follow_up_of_id == id_
    assert desk.incident(follow_up).state is S.NEW


# -- holds ---------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", list(OnHoldReason))
def test_a_hold_says_what_it_waits_for(desk: Desk, reason: OnHoldReason) -> None:
    id_ = desk.start(desk.log())
    desk.do(hold_command(id_, reason))
    found = desk.incident(id_)
    assert (found.state, found.on_hold_reason) == (S.ON_HOLD, reason)
    replies = [n.text for n in notes_of(desk, id_, NoteKind.REPLY)]
    assert replies == (["Please send the log."] if reason is OnHoldReason.CALLER else [])
    desk.do(acts.ResumeIncident(incident_id=id_))
    found = desk.incident(id_)
    assert (found.state, found.on_hold_reason, found.follow_up_at) == (S.IN_PROGRESS, None, None)


RESUMES = {NoteKind.CALLER_REPLY, NoteKind.CALL}


@pytest.mark.parametrize("kind", list(NoteKind))
@pytest.mark.parametrize("reason", [OnHoldReason.CALLER, OnHoldReason.CHANGE])
def test_a_word_from_the_caller_ends_waiting_for_the_caller(
    desk: Desk, reason: OnHoldReason, kind: NoteKind
) -> None:
    id_ = desk.start(desk.log())
    desk.do(hold_command(id_, reason))
    desk.do(note_command(id_, kind))
    resumes = kind in RESUMES and reason is OnHoldReason.CALLER
    assert desk.incident(id_).state is (S.IN_PROGRESS if resumes else S.ON_HOLD)


# -- parent and child ----------------------------------------------------------------------

PARENT_ACTS: dict[str, Callable[[Desk, UUID], None]] = {
    "starts": lambda d, p: (d.start(p), None)[1],
    "assigned": lambda d, p: (
        d.do(
            acts.AssignIncident(
                incident_id=p, assignee_id=MAYA, seen_team_id=DESK_TEAM, seen_assignee_id=None
            )
        ),
        None,
    )[1],
    "waits for change": lambda d, p: (d.do(hold_command(p, OnHoldReason.CHANGE)), None)[1],
    "waits for problem": lambda d, p: (d.do(hold_command(p, OnHoldReason.PROBLEM)), None)[1],
    "waits for supplier": lambda d, p: (d.do(hold_command(p, OnHoldReason.SUPPLIER)), None)[1],
    "waits for caller": lambda d, p: (d.do(hold_command(p, OnHoldReason.CALLER)), None)[1],
    "resolved": lambda d, p: (d.resolve(p), None)[1],
    "cancelled": lambda d, p: (
        d.do(acts.CancelIncident(incident_id=p, reason=CancelReason.RAISED_IN_ERROR)),
        None,
    )[1],
}


@pytest.mark.parametrize(
    ("act", "state", "reason"),
    [
        ("starts", S.IN_PROGRESS, None),
        ("assigned", S.IN_PROGRESS, None),
        ("waits for change", S.ON_HOLD, OnHoldReason.CHANGE),
        ("waits for problem", S.ON_HOLD, OnHoldReason.PROBLEM),
        ("waits for supplier", S.ON_HOLD, OnHoldReason.SUPPLIER),
        ("waits for caller", S.NEW, None),
        ("resolved", S.RESOLVED, None),
        ("cancelled", S.NEW, None),
    ],
)
def test_what_a_parent_does_to_its_child(
    desk: Desk, act: str, state: IncidentState, reason: OnHoldReason | None
) -> None:
    parent = desk.log()
    child = child_of(desk, parent)
    PARENT_ACTS[act](desk, parent)
    found = desk.incident(child)
    assert (found.state, found.on_hold_reason) == (state, reason)
    if state is S.RESOLVED:
        assert found.resolution == "Tunnel restarted"
        assert not found.is_first_contact_resolution


def test_resuming_a_parent_resumes_its_children(desk: Desk) -> None:
    parent = desk.start(desk.log())
    child = child_of(desk, parent)
    desk.do(hold_command(parent))
    assert desk.incident(child).state is S.ON_HOLD
    desk.do(acts.ResumeIncident(incident_id=parent))
    assert desk.incident(child).state is S.IN_PROGRESS


def test_a_parent_closes_alone_and_reopens_with_its_children(desk: Desk) -> None:
    parent = desk.start(desk.log())
    resolved, closed = child_of(desk, parent), child_of(desk, parent)
    desk.resolve(parent)
    desk.close_incident(closed)
    reopen(desk, parent)
    assert desk.incident(resolved).state is S.IN_PROGRESS
    assert desk.incident(resolved).reopen_count == 1
    assert desk.incident(closed).state is S.CLOSED
    desk.close_incident(desk.resolve(parent))
    assert desk.incident(resolved).state is S.RESOLVED


def test_nobody_is_the_parent_of_its_parent(desk: Desk) -> None:
    a = desk.log()
    c = child_of(desk, child_of(desk, a))
    for own in (a, c):
        with pytest.raises(WouldBeOwnParent):
            desk.give(acts.LinkToParent(incident_id=a, parent_id=own, seen_parent_id=None))


def test_two_desks_cannot_close_a_ring_of_parents(office: Office) -> None:
    """Each half is right by itself; the shared database refuses the second."""
    one, two = office.desk(), office.desk()
    a, b = one.log(), one.log()
    two.sync()
    one.give(acts.LinkToParent(incident_id=a, parent_id=b, seen_parent_id=None))
    two.give(acts.LinkToParent(incident_id=b, parent_id=a, seen_parent_id=None))
    one.sync()
    two.sync()
    assert [p.code for p in two.conflicts()] == ["would-be-own-parent"]
    assert two.incident(a).parent_id == b
    assert two.incident(b).parent_id is None


def test_reported_is_not_logged(desk: Desk) -> None:
    earlier = desk.clock.now() - timedelta(days=2)
    command = log_command(desk, reported_at=earlier)
    desk.do(command)
    found = desk.incident(command.incident_id)
    assert found.reported_at == earlier
    assert found.created_at == desk.clock.now()
