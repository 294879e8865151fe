"""What acts bring besides the new state: times, counts, children, matrices, seen values."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

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
    Desk,
    Office,
    hold_command,
    log_command,
    note_command,
    notes_of,
    resolve_command,
)

from services.core.errors import AppError, FieldMissing
from services.incidents import acts
from services.incidents.errors import ChangedMeanwhile, WouldBeOwnParent
from services.incidents.incident import (
    CancelReason,
    Incident,
    IncidentState,
    NoteKind,
    OnHoldReason,
)
from services.incidents.priority import Impact, Priority, PriorityMatrix, Severity, Urgency

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


def test_reported_is_not_logged(desk: Desk) -> None:
    earlier = desk.clock.now() - timedelta(days=2)
    command = log_command(desk, reported_at=earlier)
    desk.do(command)
    found = desk.incident(command.incident_id)
    assert found.reported_at == earlier
    assert found.created_at == desk.clock.now()
