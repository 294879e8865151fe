"""Who will be woken is who is called: the simulator against what leads pages, minute by minute."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from builders import ADAM, DANA, IMRAN, NETWORK, TARA, THEO, VENDOR, VERA
from paging_world import (
    MAJOR_ROSTER,
    NETWORK_ROSTER,
    PUSH,
    SMS_ACCOUNT,
    PagingWorld,
    contact,
    shift,
)

from services.core.database import reading_engine
from services.core.ids import derived_id
from services.on_call.policy import EscalationPolicy, EscalationStep, PolicyHours, StepWhen
from services.on_call.waking import WakingBook, waking_of_team
from services.on_call.waking_reading import waking_book
from services.paging.acts import PageTeam
from services.paging.page import Delivery, PageRecipient

SEEDS = range(4)
LENGTH = timedelta(minutes=40)
MINUTE = timedelta(minutes=1)
PEOPLE = (THEO, TARA, VERA, IMRAN, DANA, ADAM)
Calls = list[tuple[int, UUID, str]]


def steps(chance: random.Random, policy_id: UUID) -> list[EscalationStep]:
    """Some steps, of which some call nobody, or only in some hours."""
    return [
        EscalationStep(
            id=derived_id(policy_id, "random", position),
            policy_id=policy_id,
            position=position,
            delay_s=chance.choice((0, 60, 120, 300)),
            taken=chance.choice((StepWhen.ALWAYS, *StepWhen)),
            person_ids=tuple(chance.sample(PEOPLE, chance.choice((0, 0, 1, 2)))),
            roster_ids=tuple(
                chance.sample((NETWORK_ROSTER, MAJOR_ROSTER), chance.choice((0, 0, 1)))
            ),
            team_ids=tuple(chance.sample((NETWORK, VENDOR), chance.choice((0, 1)))),
        )
        for position in range(chance.randrange(1, 6))
    ]


def put_policy(world: PagingWorld, seed: int) -> UUID:
    """A policy of the vendor's team, hours that change, and people who come and go."""
    chance, now = random.Random(seed), world.office.clock.now()
    policy = EscalationPolicy(
        id=derived_id("policy", seed),
        name=f"Policy {seed}",
        team_id=VENDOR,
        business_hours="mon-fri 09:00-17:00",
        repeat_count=chance.randrange(3),
    )
    hours = PolicyHours(
        id=derived_id("hours", seed),
        policy_id=policy.id,
        starts_at=now - MINUTE,
        ends_at=now + chance.randrange(1, 20) * MINUTE,
    )
    begins = now + chance.randrange(1, 30) * MINUTE
    coming = replace(
        shift(NETWORK_ROSTER, chance.choice(PEOPLE)),
        id=derived_id("coming", seed),
        starts_at=begins,
        ends_at=begins + 10 * MINUTE,
    )
    world.put([policy, hours, coming, *steps(chance, policy.id)])
    return policy.id


def told(book: WakingBook, at: datetime) -> Calls:
    """What the simulator says: the minute, the person, and the contact method."""
    waking = waking_of_team(book, VENDOR, at, severity=1, priority=None, ahead=LENGTH)
    return sorted(
        ((step.at - at) // MINUTE, woken.person_id, message.address)
        for step in waking.steps
        for woken in step.woken
        for message in woken.messages
    )


def led(world: PagingWorld, page_id: UUID, at: datetime) -> Calls:
    """What the shared database did."""
    for _ in range(LENGTH // MINUTE - 1):
        world.after(MINUTE.total_seconds())
        world.send()
    world.desk.sync()
    called = {r.id: r for r in world.desk.find(PageRecipient, page_id=page_id)}
    return sorted(
        (
            (called[d.recipient_id].called_at - at) // MINUTE,
            d.person_id,
            d.address,
        )
        for d in world.desk.find(Delivery, page_id=page_id)
        if d.recipient_id is not None and d.person_id is not None
    )


def book_of(world: PagingWorld, at: datetime) -> WakingBook:
    world.desk.sync()
    engine = reading_engine(world.desk.folder / "cache.db")
    try:
        with engine.connect() as connection:
            return waking_book(connection, at, at + LENGTH, {PUSH, SMS_ACCOUNT})
    finally:
        engine.dispose()


@pytest.mark.parametrize("seed", SEEDS)
def test_who_will_be_woken_is_who_is_called(world: PagingWorld, seed: int) -> None:
    world.put([contact(ADAM)])
    put_policy(world, seed)
    page_id, at = page_of_vendor(world)
    expected = told(book_of(world, at), at)
    assert expected
    assert led(world, page_id, at) == expected


def page_of_vendor(world: PagingWorld) -> tuple[UUID, datetime]:
    """A page of the vendor's team, and when its first step was taken."""
    incident_id = world.desk.start(world.desk.log())
    page_id = derived_id("page", incident_id)
    world.desk.do(
        PageTeam(page_id=page_id, incident_id=incident_id, team_id=VENDOR, reason="It burns")
    )
    at = world.office.clock.now()
    world.engine.fire_due()
    world.send()
    return page_id, at


def test_another_rota_would_be_noticed(world: PagingWorld) -> None:
    """The negative control: a book in which somebody else catches all tells something else."""
    put_policy(world, 0)
    page_id, at = page_of_vendor(world)
    book = book_of(world, at)
    wrong = [replace(s, person_id=VERA) if s.roster_id == MAJOR_ROSTER else s for s in book.shifts]
    assert told(replace(book, shifts=tuple(wrong)), at) != led(world, page_id, at)
