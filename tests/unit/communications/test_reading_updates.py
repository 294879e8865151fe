"""What a desk reads of updates, of what is due, and of what is set about communication."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import sqlalchemy as sa
from builders import CLEO, DANA, IMRAN, LAPTOP, START, VPN
from update_world import PUBLIC, SHOP, STAFF, UpdateWorld, accepted

from services.communications.acts import CorrectUpdate
from services.communications.cadence import Because
from services.communications.queries import (
    communication_settings,
    components_now,
    held_updates,
    last_update,
    template_values,
    updates_of_incident,
    words_due,
)
from services.communications.read_models import DueItem, HeldUpdate
from services.communications.settings_acts import (
    AddUpdateTemplate,
    ChangeUpdateTemplate,
    SetCommunicationPlan,
)
from services.communications.status_page import Audience, ComponentStatus
from services.communications.status_update import UpdateMoment, UpdateState
from services.communications.templates import DEFAULTS
from services.core.database import reading_engine
from services.core.ids import new_id
from services.incidents.acts import ChangeService
from services.incidents.detail import incident_detail
from services.incidents.directory import Directory
from services.incidents.priority import Severity
from services.incidents.read_models import Viewer
from services.incidents.reference import directory
from services.major_incidents.acts import DemoteMajorIncident
from services.major_incidents.major import ResponsePhase
from services.paging.page import DeliveryState, Outcome

T = TypeVar("T")


def read(world: UpdateWorld, query: Callable[[sa.Connection, Directory], T]) -> T:
    """What a desk reads now."""
    world.desk.sync()
    engine = reading_engine(world.desk.folder / "cache.db")
    try:
        with engine.connect() as connection:
            return query(connection, directory(connection))
    finally:
        engine.dispose()


def told_outside(world: UpdateWorld, **given: object) -> None:
    update = world.draft(PUBLIC, **given)
    world.review(update)
    world.queue(update)
    world.after(60)


def test_updates_have_a_receipt_for_each_place(world: UpdateWorld) -> None:
    update = world.queue(world.draft(), is_notifying=True)
    world.after(60)
    room = world.engine.claim("one", "")
    assert room is not None
    world.engine.finish(room, Outcome.REFUSED, reason="no such room")
    again = world.engine.claim("one", "")
    assert again is not None
    world.engine.finish(again, Outcome.RETRY, reason="busy", retry_after_s=60)
    (item,) = read(world, lambda c, names: updates_of_incident(c, names, world.incident_id))
    assert (item.ordinal, item.page, item.written_by) == (1, "Staff", "Imran")
    told = {r.state: (r.reason, r.attempt_count, r.needs_a_person) for r in item.receipts}
    assert told == {
        DeliveryState.REFUSED: ("no such room", 1, True),
        DeliveryState.WAITING: ("busy", 1, False),
    }
    (waiting,) = (r for r in item.receipts if r.state is DeliveryState.WAITING)
    now = world.desk.clock.now()
    assert (waiting.last_try_at, waiting.next_try_at) == (now, now + timedelta(seconds=60))
    assert not item.is_unsent
    assert item.update.id == update


def test_a_correction_stands_for_what_it_corrects(world: UpdateWorld) -> None:
    first = world.queue(world.draft())
    world.after(60)
    correction = CorrectUpdate(
        update_id=new_id(world.desk.clock.now()), incident_id=world.incident_id, replaces_id=first,
        phase=ResponsePhase.IDENTIFIED, subject=world.read(first).subject, summary="We found it.",
        is_notifying=False, told_at=START,
    )  # fmt: skip
    world.desk.do(correction, IMRAN)
    world.queue(correction.update_id)
    world.after(60)
    items = read(world, lambda c, names: updates_of_incident(c, names, world.incident_id))
    marks = [(i.ordinal, i.is_edited, i.is_correction, i.is_backdated) for i in items]
    assert marks == [(1, False, True, True), (1, True, False, False)]
    last = read(world, lambda c, _: last_update(c, world.incident_id, STAFF))
    assert last is not None
    assert last.summary == "We found it."


def test_what_waits_on_this_desk_is_marked(world: UpdateWorld) -> None:
    update = world.draft()
    world.desk.sync()
    world.desk.give(world.send_command(update), IMRAN)
    engine = reading_engine(world.desk.folder / "cache.db")
    with engine.connect() as connection:
        (item,) = updates_of_incident(connection, directory(connection), world.incident_id)
    engine.dispose()
    assert (item.update.state, item.is_unsent) == (UpdateState.QUEUED, True)


def test_the_held_are_shown_to_a_person(world: UpdateWorld) -> None:
    update = world.queue(world.draft())
    world.after(9000)

    def ours(connection: sa.Connection, _: Directory) -> list[HeldUpdate]:
        return [h for h in held_updates(connection) if h.incident_id == world.incident_id]

    (held,) = read(world, ours)
    assert (held.update_id, held.page, held.queued_by_id) == (update, "Staff", IMRAN)
    assert held.held_from is None


def test_words_are_due_to_each_audience_with_a_page(world: UpdateWorld) -> None:
    world.incident_id = world.desk.start(world.desk.log())
    accepted_at = world.desk.clock.now()
    world.world.put([accepted(world.incident_id, accepted_at)])

    def due_words(connection: sa.Connection, _: Directory) -> list[DueItem]:
        return [i for i in words_due(connection) if i.incident_id == world.incident_id]

    due = read(world, due_words)
    assert {item.due.at for item in due} == {accepted_at + timedelta(minutes=5)}
    assert {item.audience for item in due} == set(Audience)
    told_outside(world)
    sent_at = world.desk.clock.now()
    first, second = read(world, due_words)
    assert (first.audience, second.audience) == (Audience.INTERNAL, Audience.EXTERNAL)
    assert second.due.at == sent_at + timedelta(minutes=30)
    plan = SetCommunicationPlan(
        severity=Severity.SEV2, audience=Audience.EXTERNAL, first_within_s=60, every_s=600,
        relaxed_after_s=86_400, relaxed_every_s=600,
    )  # fmt: skip
    world.desk.do(plan, CLEO)
    _, second = read(world, due_words)
    assert second.due.at == sent_at + timedelta(minutes=10)
    world.desk.do(DemoteMajorIncident(incident_id=world.incident_id, decision="Over"), IMRAN)
    ended_at = world.desk.clock.now()
    (last,) = read(world, due_words)
    assert (last.audience, last.ended_at) == (Audience.EXTERNAL, ended_at), "staff know of nothing"
    assert (last.due.at, last.due.because) == (ended_at + timedelta(seconds=60), Because.END)
    told_outside(world, phase=ResponsePhase.RESOLVED)
    assert read(world, due_words) == []


def test_components_do_as_the_last_words_say(world: UpdateWorld) -> None:
    world.incident_id = world.desk.start(world.desk.log())
    world.world.put([accepted(world.incident_id)])

    def state() -> ComponentStatus:
        (shown,) = read(world, lambda c, _: components_now(c, PUBLIC))
        return shown.status

    assert state() is ComponentStatus.OPERATIONAL
    told_outside(world)
    assert state() is ComponentStatus.MAJOR_OUTAGE
    told_outside(world, component_states=f'{{"{SHOP}": "degraded_performance"}}')
    assert state() is ComponentStatus.DEGRADED_PERFORMANCE
    world.desk.do(DemoteMajorIncident(incident_id=world.incident_id, decision="Over"), IMRAN)
    assert state() is ComponentStatus.OPERATIONAL


def test_settings_stand_complete_with_defaults(world: UpdateWorld) -> None:
    own = AddUpdateTemplate(
        template_id=new_id(START), name="Ours", audience=Audience.INTERNAL,
        moment=UpdateMoment.FIRST, summary="Ours",
    )  # fmt: skip
    first = DEFAULTS[0]
    world.desk.do(own, CLEO)
    other = ChangeUpdateTemplate(
        template_id=first.id, name=first.name, subject=first.subject, summary="Changed",
        current_status="", next_steps="", is_active=True,
    )  # fmt: skip
    world.desk.do(other, CLEO)
    found = read(world, lambda c, _: communication_settings(c))
    staff, public = found.pages
    assert (staff.page.name, len(staff.outlets), public.components[0].name) == ("Staff", 2, "Shop")
    assert len(found.plans) == 4
    summaries = {template.summary for template in found.templates}
    assert {"Ours", "Changed"} <= summaries
    assert first.summary not in summaries


def test_placeholders_stand_for_the_record(world: UpdateWorld) -> None:
    change = ChangeService(
        incident_id=world.incident_id, service_id=VPN, affected_product_ids=(LAPTOP,),
        seen_service_id=None, seen_affected_product_ids=(),
    )  # fmt: skip
    world.desk.do(change, DANA)
    now = world.desk.clock.now()
    values = read(world, lambda c, names: template_values(c, names, world.incident_id, now))
    assert values["key"].startswith("INC-")
    assert {k: values[k] for k in ("severity", "service", "products", "cases")} == {
        "severity": "1", "service": "VPN", "products": "Laptop", "cases": "0",
    }  # fmt: skip
    assert values["impact"] == ""


def test_the_timeline_tells_of_updates(world: UpdateWorld) -> None:
    update = world.draft(PUBLIC)
    world.review(update, is_passed=False)
    world.review(update)
    world.queue(update)
    world.after(60)

    def sentences(connection: sa.Connection, names: Directory) -> list[str]:
        detail = incident_detail(connection, names, Viewer(DANA), world.incident_id)
        assert detail is not None
        return [entry.sentence for entry in reversed(detail.timeline)]

    told = [s for s in read(world, sentences) if "update" in s]
    assert told == [
        "began a status update",
        "asked for a review of the status update",
        "gave the status update back",
        "asked for a review of the status update",
        "reviewed the status update",
        "let the status update go out",
        "sent the status update",
    ]
