"""Taking the resolve of a major incident back: one act, until somebody was told of it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from builders import DANA, IMRAN
from major_world import held, major_of, resolve_major, take_command
from update_world import UpdateWorld

from services.communications.errors import ResolutionTold
from services.communications.status_update import StatusUpdate, UpdateMoment, UpdateState
from services.incidents.acts import LinkToParent, ReopenIncident, UndoAct
from services.incidents.errors import NothingToUndo
from services.incidents.incident import Incident, IncidentState
from services.major_incidents import acts
from services.major_incidents.major import (
    HoldingState,
    MajorState,
    ResponseRole,
    RoleHolding,
)
from services.sync.envelope import Envelope

FINAL = {"moment": UpdateMoment.FINAL}


@pytest.fixture
def resolved(world: UpdateWorld) -> Envelope:
    """A response with a tech lead and a linked incident, resolved by Imran."""
    desk, id_ = world.desk, world.incident_id
    desk.do(acts.AcceptMajorIncident(incident_id=id_), IMRAN)
    desk.do(take_command(id_), IMRAN)
    held(desk, id_, ResponseRole.TECH_LEAD, DANA)
    child = desk.start(desk.log())
    desk.do(LinkToParent(incident_id=child, parent_id=id_, seen_parent_id=None))
    return desk.do(resolve_major(desk, id_), IMRAN)


def as_it_stands(world: UpdateWorld) -> list[object]:
    """All that a resolve touches: the procedure, the roles, the incident, what is linked."""
    desk, id_ = world.desk, world.incident_id
    major = major_of(desk, id_)
    incidents = (desk.incident(id_), *desk.find(Incident, parent_id=id_))
    roles = desk.find(RoleHolding, major_id=major.id)
    return [major.state, major.resolved_at, major.review_owner_id, major.impact_ended_at,
            *((i.state, i.resolution) for i in incidents),
            *((h.state, h.ended_at) for h in roles)]  # fmt: skip


def take_back(world: UpdateWorld, given: Envelope, who: UUID = IMRAN) -> None:
    undo = UndoAct(incident_id=world.incident_id, undone_command_id=given.command_id)
    world.desk.do(undo, who)
    world.desk.sync()


def final_words(world: UpdateWorld) -> UUID:
    """The last word to staff, on its way."""
    return world.queue(world.draft(**FINAL))


def test_one_undo_takes_back_all_that_one_resolve_did(
    world: UpdateWorld, resolved: Envelope
) -> None:
    desk = world.desk
    told_so_far = world.draft()
    words = final_words(world)
    assert world.state(words) is UpdateState.QUEUED
    take_back(world, resolved)
    major = major_of(desk, world.incident_id)
    assert (major.state, major.resolved_at, major.review_owner_id) == (
        MajorState.ACCEPTED, None, None)  # fmt: skip
    states = {i.state for i in (desk.incident(world.incident_id),
                                *desk.find(Incident, parent_id=world.incident_id))}  # fmt: skip
    assert states == {IncidentState.IN_PROGRESS}
    roles = desk.find(RoleHolding, major_id=major.id)
    assert {(h.state, h.ended_at) for h in roles} == {(HoldingState.HELD, None)}
    assert world.state(words) is UpdateState.WITHDRAWN
    assert world.state(told_so_far) is UpdateState.DRAFT
    world.after(60)
    assert not world.deliveries(words)
    desk.do(resolve_major(desk, world.incident_id), IMRAN)


def test_what_left_is_not_taken_back_and_nothing_of_it_is(
    world: UpdateWorld, resolved: Envelope
) -> None:
    words = final_words(world)
    world.after(60)
    assert world.state(words) is UpdateState.SENT
    before = as_it_stands(world)
    with pytest.raises(ResolutionTold):
        take_back(world, resolved)
    assert as_it_stands(world) == before


@pytest.mark.usefixtures("resolved")
def test_what_was_told_of_an_earlier_resolve_hinders_nothing(world: UpdateWorld) -> None:
    desk, id_ = world.desk, world.incident_id
    words = final_words(world)
    world.after(60)
    assert world.state(words) is UpdateState.SENT
    desk.do(ReopenIncident(incident_id=id_, reason="It is down again"), IMRAN)
    take_back(world, desk.do(resolve_major(desk, id_), IMRAN))
    assert major_of(desk, id_).state is MajorState.ACCEPTED


def test_the_database_decides_whether_it_has_left(world: UpdateWorld, resolved: Envelope) -> None:
    """The desk does not know yet that the dispatcher was faster."""
    words = world.draft(**FINAL)
    world.desk.do(world.send_command(words), IMRAN)
    world.desk.sync()
    world.after(60)
    undo = UndoAct(incident_id=world.incident_id, undone_command_id=resolved.command_id)
    given = world.desk.give(undo, IMRAN)  # on this desk the words still wait
    world.desk.sync()
    (refused,) = world.desk.replica.pending()
    assert (refused.envelope.command_id, refused.code) == (given.command_id, "resolution-told")
    world.desk.replica.dismiss(given.command_id)
    assert world.desk.get(StatusUpdate, words).state is UpdateState.SENT
    assert major_of(world.desk, world.incident_id).state is MajorState.RESOLVED


Hindrance = Callable[[UpdateWorld], None]


def _by_review(world: UpdateWorld) -> None:
    world.desk.do(acts.ReviewMajorIncident(incident_id=world.incident_id), IMRAN)


def _by_time(world: UpdateWorld) -> None:
    major = major_of(world.desk, world.incident_id)
    now = world.desk.clock.now()
    earlier = acts.SetImpactTimes(
        incident_id=world.incident_id, started_at=None, detected_at=None, ended_at=now,
        seen_started_at=None, seen_detected_at=None, seen_ended_at=major.impact_ended_at,
    )  # fmt: skip
    world.desk.do(earlier, IMRAN)


@pytest.mark.parametrize("hindrance", [_by_review, _by_time])
def test_what_somebody_built_upon_stays(
    world: UpdateWorld, resolved: Envelope, hindrance: Hindrance
) -> None:
    hindrance(world)
    with pytest.raises(NothingToUndo):
        take_back(world, resolved)


def test_only_who_resolved_takes_it_back(world: UpdateWorld, resolved: Envelope) -> None:
    with pytest.raises(NothingToUndo):
        take_back(world, resolved, DANA)
