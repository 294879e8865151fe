"""What a status page tells, read from both shared databases."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from builders import DANA, office_at
from paging_world import PUSH, SMS_ACCOUNT, PagingWorld, paging_in_file, paging_on_server
from team import team_at

from services.communications.message import Message, message_text
from services.communications.page_content import PageContent
from services.communications.page_preview import page_preview
from services.communications.page_reading import PageMissing, PlaceShared
from services.communications.status_page import (
    Audience,
    ComponentStatus,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import StatusUpdate, UpdateMoment, UpdateState
from services.core.database import reading_engine
from services.core.ids import derived_id
from services.major_incidents.major import MajorIncident, ResponsePhase
from services.paging.page import Delivery, DeliveryKind, DeliveryState

PAGE, OTHER_PAGE = derived_id("page", "outside"), derived_id("page", "inside")
SHOP, CARDS, OLD = (derived_id("component", name) for name in ("shop", "cards", "old"))
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["embedded", "postgres"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PagingWorld]:
    with ExitStack() as stack:
        if request.param == "embedded":
            office = stack.enter_context(office_at())
            made = stack.enter_context(paging_in_file(office))
        else:
            databases = request.getfixturevalue("databases")
            team = stack.enter_context(team_at(tmp_path, databases))
            made = stack.enter_context(paging_on_server(team))
        made.put(pages())
        yield made


def pages() -> list[Any]:
    """One page with an outlet and three components, one of which is not shown any more."""
    return [
        StatusPage(
            id=PAGE,
            name="Northwind",
            audience=Audience.EXTERNAL,
            description="How we do",
            address="https://status.example",
        ),
        StatusPage(id=OTHER_PAGE, name="Inside", audience=Audience.INTERNAL),
        StatusComponent(id=CARDS, page_id=PAGE, name="Cards", position=2),
        StatusComponent(id=SHOP, page_id=PAGE, name="Shop", position=1, description="All of it"),
        StatusComponent(id=OLD, page_id=PAGE, name="Old", position=3, is_active=False),
        Outlet(id=derived_id("outlet", 1), page_id=PAGE, destination_id=PUSH),
    ]


def told(
    incident_id: UUID,
    at: datetime,
    phase: ResponsePhase = ResponsePhase.INVESTIGATING,
    states: dict[UUID, ComponentStatus] | None = None,
    **changed: Any,
) -> StatusUpdate:
    """An update that was sent, with the message that it left as."""
    message = Message(
        key="INC-1001",
        audience=Audience.EXTERNAL,
        moment=UpdateMoment.FOLLOW_UP,
        phase=phase,
        subject=changed.pop("subject", "INC-1001 - SEV 1 - Cards fail"),
        summary=changed.pop("summary", "Cards fail."),
        current_status=("One",) if phase is ResponsePhase.IDENTIFIED else (),
        next_update="soon",
    )
    parts = ", ".join(f'"{id_}": "{state.value}"' for id_, state in (states or {}).items())
    made = StatusUpdate(
        id=derived_id("update", incident_id, at.isoformat()),
        incident_id=incident_id,
        page_id=PAGE,
        audience=Audience.EXTERNAL,
        moment=UpdateMoment.FOLLOW_UP,
        state=UpdateState.SENT,
        phase=phase,
        message=message_text(message),
        component_states=f"{{{parts}}}",
        written_by_id=DANA,
        written_at=at,
        sent_at=at,
    )
    return replace(made, **changed)


def reached(update: StatusUpdate, memo: str = "{}") -> Delivery:
    """The delivery that took an update to its place."""
    at = update.sent_at or update.written_at
    return Delivery(
        id=derived_id(update.id, PUSH, ""), incident_id=update.incident_id, destination_id=PUSH,
        kind=DeliveryKind.UPDATE, text=update.message, created_at=at, due_at=at,
        state=DeliveryState.DELIVERED, memo=memo, subject_id=update.id,
    )  # fmt: skip


def read(world: PagingWorld) -> PageContent:
    return world.engine.pages.page_content(PUSH)


def previewed(world: PagingWorld) -> PageContent:
    """The same as a desk shows it before anything is published."""
    world.desk.sync()
    engine = reading_engine(world.desk.folder / "cache.db")
    try:
        with engine.connect() as connection:
            return page_preview(connection, PAGE, world.office.clock.now())
    finally:
        engine.dispose()


def test_a_page_is_read_as_it_stands(world: PagingWorld) -> None:
    with pytest.raises(PageMissing):
        world.engine.pages.page_content(SMS_ACCOUNT)
    quiet = read(world)
    assert (quiet.name, quiet.audience, quiet.address) == (
        "Northwind",
        Audience.EXTERNAL,
        "https://status.example",
    )
    assert [part.name for part in quiet.components] == ["Shop", "Cards"]
    assert quiet.incidents == ()

    incident_id, past_id, old_id, drill_id, quiet_id = (world.desk.log() for _ in range(5))
    world.desk.sync()
    now = world.office.clock.now()
    first = told(incident_id, now - 40 * MINUTE, states={CARDS: ComponentStatus.MAJOR_OUTAGE})
    second = told(
        incident_id,
        now - 20 * MINUTE,
        ResponsePhase.IDENTIFIED,
        states={CARDS: ComponentStatus.PARTIAL_OUTAGE},
        subject="INC-1001 - SEV 1 - Card payments fail",
        told_at=now - 25 * MINUTE,
    )
    corrected = told(
        incident_id,
        now - 10 * MINUTE,
        states={CARDS: ComponentStatus.DEGRADED_PERFORMANCE},
        replaces_id=first.id,
        summary="Some cards fail.",
    )
    drill = MajorIncident(
        id=derived_id("drill"),
        incident_id=drill_id,
        proposed_by_id=DANA,
        proposed_at=now,
        is_drill=True,
    )
    words = [
        first,
        second,
        corrected,
        told(incident_id, now - 4 * MINUTE, page_id=OTHER_PAGE),
        told(past_id, now - 3 * DAY, states={SHOP: ComponentStatus.MAJOR_OUTAGE}),
        # That it is over means the shop too, though nobody says so.
        told(past_id, now - 2 * DAY, ResponsePhase.RESOLVED),
        told(old_id, now - 92 * DAY, states={SHOP: ComponentStatus.PARTIAL_OUTAGE}),
        told(old_id, now - 91 * DAY, ResponsePhase.RESOLVED),
    ]
    waiting = told(incident_id, now - 5 * MINUTE, state=UpdateState.QUEUED, sent_at=None)
    practised = told(drill_id, now - MINUTE, major_id=drill.id)
    # There was no outlet yet: what nobody was told is not brought up later.
    unheard = told(quiet_id, now - 2 * MINUTE, states={SHOP: ComponentStatus.MAJOR_OUTAGE})
    world.put([*words, *map(reached, words), waiting, drill, practised, unheard])
    content = read(world)
    assert previewed(world).incidents == content.incidents
    assert content.sequence > quiet.sequence
    assert [(part.name, part.status.value) for part in content.components] == [
        ("Shop", "operational"),
        # The correction takes the place of what it corrects, before the second word.
        ("Cards", "partial_outage"),
    ]
    assert [incident.id for incident in content.incidents] == [incident_id, past_id]
    burning, past = content.incidents
    assert (burning.name, burning.components) == ("Card payments fail", ("Cards",))
    assert burning.worst_status is ComponentStatus.PARTIAL_OUTAGE
    newest, oldest = burning.updates
    assert (newest.id, newest.ordinal, newest.is_backdated) == (second.id, 2, True)
    assert newest.told_at == now - 25 * MINUTE
    assert newest.text == "Cards fail.\n\nCurrent status\n• One\n\nNext update: soon"
    assert (oldest.id, oldest.ordinal, oldest.edited_at) == (first.id, 1, now - 10 * MINUTE)
    assert oldest.text.startswith("Some cards fail.")
    assert (past.is_open, past.components) == (False, ("Shop",))
    assert past.reached_at(ResponsePhase.RESOLVED) == now - 2 * DAY

    world.put([Outlet(id=derived_id("outlet", 2), page_id=OTHER_PAGE, destination_id=PUSH)])
    with pytest.raises(PlaceShared):
        read(world)


def test_what_was_let_go_before_an_update_is_read(world: PagingWorld) -> None:
    ours, other = world.desk.log(), world.desk.log()
    world.desk.sync()
    now = world.office.clock.now()

    def let_go(incident_id: UUID, ago: timedelta, **changed: Any) -> StatusUpdate:
        made = told(incident_id, now - ago, **changed)
        return replace(made, queued_at=now - ago)

    held = let_go(ours, 30 * MINUTE, state=UpdateState.HELD, sent_at=None, summary="Held.")
    first, last = let_go(ours, 20 * MINUTE), let_go(ours, 10 * MINUTE)
    elsewhere = let_go(other, 15 * MINUTE)
    inside = let_go(ours, 25 * MINUTE, page_id=OTHER_PAGE, audience=Audience.INTERNAL)
    draft = told(ours, now - 40 * MINUTE, state=UpdateState.DRAFT, sent_at=None, message="{}")
    delivery = reached(last)
    world.put([held, first, last, elsewhere, inside, draft, let_go(ours, 5 * MINUTE), delivery,
               reached(elsewhere, '{"incident": "12", "told x": "1"}'), reached(inside),
               reached(first, '{"incident": "11"}')])  # fmt: skip
    past = world.engine.pages.update_past(delivery.id)
    assert [one.update_id for one in past.let_go] == [held.id, first.id, last.id]
    assert past.let_go[0].message.summary == "Held."
    assert past.let_go[-1].queued_at == now - 10 * MINUTE
    assert past.taken == {"12"}
