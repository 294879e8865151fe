"""What stops an act on an update or a status page, as a desk tells it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from builders import CLEO, DANA, IMRAN, START, THEO
from paging_world import PUSH
from update_world import PUBLIC, STAFF, UpdateWorld

from services.communications import acts
from services.communications.errors import (
    OutletCannotTell,
    OutletTaken,
    OwnWords,
    PageRetired,
    PlanOutOfRange,
    ReviewNeeded,
    StatesUnreadable,
    ToldInFuture,
    UpdateMoved,
    UpdateNotFit,
)
from services.communications.message import message_from, message_or_none
from services.communications.settings_acts import (
    AddComponent,
    AddOutlet,
    AddStatusPage,
    ChangeOutlet,
    ChangeStatusPage,
    SetCommunicationPlan,
)
from services.communications.status_page import Audience, Outlet, StatusPage
from services.communications.status_update import UpdateState
from services.core.errors import RoleMissing
from services.incidents.errors import ChangedMeanwhile
from services.incidents.priority import Severity
from services.major_incidents.major import ResponsePhase
from services.paging.destination import Destination, ProviderKind


def rewrite(world: UpdateWorld, update_id: UUID, **changed: Any) -> acts.ChangeDraft:
    """The draft as it is, but for what is changed."""
    now = world.read(update_id)
    command = acts.ChangeDraft(
        update_id=update_id,
        incident_id=world.incident_id,
        moment=now.moment,
        phase=now.phase,
        subject=now.subject,
        summary=now.summary,
        current_status=now.current_status,
        next_steps=now.next_steps,
        next_update_at=now.next_update_at,
        next_update_where=now.next_update_where,
        component_states=now.component_states,
        is_notifying=now.is_notifying,
        is_cause_released=now.is_cause_released,
        told_at=now.told_at,
        seen_written_at=now.written_at,
    )
    return replace(command, **changed)


def named(world: UpdateWorld, update_id: UUID) -> dict[str, Any]:
    seen = world.read(update_id).written_at
    return {"update_id": update_id, "incident_id": world.incident_id, "seen_written_at": seen}


def test_other_words_make_a_review_void(world: UpdateWorld) -> None:
    update = world.draft(PUBLIC)
    world.review(update)
    late = world.send_command(update)
    world.desk.do(rewrite(world, update, summary="Payments fail."), CLEO)
    now = world.read(update)
    assert (now.state, now.reviewed_by_id, now.written_by_id) == (UpdateState.DRAFT, None, CLEO)
    with pytest.raises(ChangedMeanwhile):
        world.desk.give(late, IMRAN)
    with pytest.raises(ChangedMeanwhile):
        world.desk.give(rewrite(world, update, seen_written_at=START), IMRAN)


def test_nobody_reviews_their_own_words(world: UpdateWorld) -> None:
    update = world.draft(PUBLIC)
    ask = acts.AskForReview(reviewer_id=IMRAN, **named(world, update))
    with pytest.raises(OwnWords):
        world.desk.give(ask, IMRAN)
    world.desk.do(replace(ask, reviewer_id=CLEO), IMRAN)
    with pytest.raises(OwnWords):
        world.desk.give(acts.ReviewUpdate(is_passed=True, **named(world, update)), IMRAN)
    with pytest.raises(UpdateMoved):
        world.desk.give(ask, IMRAN)


def test_a_page_for_customers_needs_a_second_pair_of_eyes(world: UpdateWorld) -> None:
    update = world.draft(PUBLIC)
    with pytest.raises(ReviewNeeded):
        world.desk.give(world.send_command(update), IMRAN)
    page = world.desk.get(StatusPage, PUBLIC)
    alone = ChangeStatusPage(
        page_id=PUBLIC, name=page.name, description="", address=page.address,
        is_review_required=False, is_active=True,
    )  # fmt: skip
    world.desk.do(alone, CLEO)
    with pytest.raises(RoleMissing):
        world.desk.give(world.send_command(update), DANA)
    with pytest.raises(RoleMissing):
        world.desk.give(world.send_command(world.draft()), THEO)
    world.queue(update)
    assert world.state(update) is UpdateState.QUEUED
    world.desk.do(replace(alone, is_review_required=True), CLEO)


@pytest.mark.parametrize(
    "summary", ["Ask Dana about it.", "It was caused by a change.", "See https://wiki.corp/x."]
)
def test_words_that_must_not_leave_are_refused_when_they_would(
    world: UpdateWorld, summary: str
) -> None:
    update = world.draft(PUBLIC, summary=summary)
    world.review(update)
    with pytest.raises(UpdateNotFit):
        world.desk.give(world.send_command(update), IMRAN)


def test_what_leaves_is_fixed_as_it_is_queued(world: UpdateWorld) -> None:
    update = world.draft(current_status="- Gateway is slow", told_at=START)
    world.queue(update, is_notifying=True)
    now = world.read(update)
    told = message_from(now.message)
    assert (told.current_status, told.is_notifying) == (("Gateway is slow",), True)
    assert told.told_at == START
    assert (now.queued_by_id, now.queued_at) == (IMRAN, world.desk.clock.now())
    assert now.hold_until == world.desk.clock.now() + timedelta(seconds=8)
    with pytest.raises(UpdateMoved):
        world.desk.give(rewrite(world, update, summary="Other"), IMRAN)
    with pytest.raises(UpdateMoved):
        world.desk.give(acts.SendHeldUpdate(update_id=update, incident_id=world.incident_id), IMRAN)


@pytest.mark.parametrize("text", ["", "[]", "null", '{"summary": "x"}', "[" * 100_000, "{"])
def test_what_is_no_message_is_not_read_as_one(text: str) -> None:
    assert message_or_none(text) is None


def test_an_update_is_of_no_moment_to_come_and_of_no_retired_page(world: UpdateWorld) -> None:
    ahead = world.desk.clock.now() + timedelta(hours=1)
    with pytest.raises(ToldInFuture):
        world.draft(told_at=ahead)
    with pytest.raises(StatesUnreadable):
        world.draft(component_states='{"x": "bad"}')
    retire = ChangeStatusPage(
        page_id=STAFF, name="Staff", description="", address="", is_review_required=False,
        is_active=False,
    )  # fmt: skip
    update = world.draft()
    world.desk.do(retire, CLEO)
    with pytest.raises(PageRetired):
        world.draft()
    with pytest.raises(PageRetired):
        world.desk.give(world.send_command(update), IMRAN)
    world.desk.do(replace(retire, is_active=True), CLEO)


def test_only_what_was_sent_is_corrected(world: UpdateWorld) -> None:
    correct = acts.CorrectUpdate(
        update_id=uuid4(), incident_id=world.incident_id, replaces_id=world.draft(),
        phase=ResponsePhase.MONITORING, subject="x", summary="x", is_notifying=False,
    )  # fmt: skip
    with pytest.raises(UpdateMoved):
        world.desk.give(correct, IMRAN)


def test_one_place_is_told_once(world: UpdateWorld) -> None:
    chat, site = uuid4(), uuid4()
    account = Destination(id=chat, kind=ProviderKind.SLACK, name="Chat")
    world.world.put([account, replace(account, id=site, kind=ProviderKind.CACHET, name="Site")])
    world.desk.sync()
    outlet = AddOutlet(outlet_id=uuid4(), page_id=STAFF, destination_id=chat, address="room")
    world.desk.do(outlet, CLEO)
    world.desk.do(replace(outlet, outlet_id=uuid4(), address="other"), CLEO)
    with pytest.raises(OutletTaken):
        world.desk.give(replace(outlet, outlet_id=uuid4()), CLEO)
    (room,) = world.desk.find(Outlet, destination_id=chat, address="room")
    off = ChangeOutlet(
        outlet_id=room.id, address="room", name="", is_subscriber=False, is_active=False
    )
    world.desk.do(off, CLEO)
    world.desk.do(replace(outlet, outlet_id=uuid4()), CLEO)
    with pytest.raises(OutletTaken):
        world.desk.give(replace(off, is_active=True), CLEO)
    # A status page shows one page of ours, under whatever address.
    here = AddOutlet(outlet_id=uuid4(), page_id=PUBLIC, destination_id=site)
    world.desk.do(here, CLEO)
    for page_id, address in ((PUBLIC, "twice"), (STAFF, "")):
        twice = replace(here, outlet_id=uuid4(), page_id=page_id, address=address)
        with pytest.raises(OutletTaken):
            world.desk.give(twice, CLEO)


def test_what_only_calls_people_tells_no_update(world: UpdateWorld) -> None:
    outlet = AddOutlet(outlet_id=uuid4(), page_id=STAFF, destination_id=PUSH, address="elsewhere")
    with pytest.raises(OutletCannotTell):
        world.desk.give(outlet, CLEO)


def test_settings_that_make_no_sense_are_refused(world: UpdateWorld) -> None:
    plan = SetCommunicationPlan(
        severity=Severity.SEV1, audience=Audience.INTERNAL, first_within_s=300, every_s=30,
        relaxed_after_s=7200, relaxed_every_s=3600,
    )  # fmt: skip
    with pytest.raises(PlanOutOfRange):
        world.desk.give(plan, CLEO)
    with pytest.raises(PlanOutOfRange):
        world.desk.give(replace(plan, every_s=600, relaxed_after_s=-1), CLEO)
    with pytest.raises(StatesUnreadable):
        world.desk.give(
            AddComponent(component_id=uuid4(), page_id=PUBLIC, name="x", remote_ids="[]"), CLEO
        )
    with pytest.raises(RoleMissing):
        world.desk.give(AddStatusPage(page_id=uuid4(), name="x", audience=Audience.INTERNAL), DANA)
    made = uuid4()
    world.desk.do(AddStatusPage(page_id=made, name="x", audience=Audience.EXTERNAL), CLEO)
    assert world.desk.get(StatusPage, made).is_review_required
