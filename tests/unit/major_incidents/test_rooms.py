"""A chat room of a response is told what it is to be like, after every act that changes it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from builders import IMRAN, THEO, office_at
from major_world import commanded, offer
from paging_world import PUSH, PagingWorld, contact, paging_in_file

from services import registry
from services.command_list import LINES
from services.core.ids import derived_id
from services.incidents.acts import ChangeSeverity, DescribeIncident, RestrictIncident
from services.incidents.priority import Severity
from services.major_incidents import acts
from services.major_incidents.major import ChannelKind, ResponseChannel, ResponseRole
from services.major_incidents.rooms import FOLLOWED
from services.paging.page import Delivery, DeliveryKind, DeliveryState
from services.people.contact import ContactKind
from services.sync.changes import Changes


@pytest.fixture
def world() -> Iterator[PagingWorld]:
    """Theo is in the chat of the account."""
    with office_at() as office, paging_in_file(office) as world:
        chat = contact(THEO, ContactKind.CHAT)
        values: dict[str, Any] = {
            "id": derived_id("chat"),
            "destination_id": PUSH,
            "address": "U-THEO",
        }
        world.put([replace(chat, **values)])
        world.desk.sync()
        yield world


def room_of(world: PagingWorld) -> acts.AddChannel:
    id_ = commanded(world.desk, summary="Checkout fails")
    room = acts.AddChannel(
        incident_id=id_, channel_id=uuid4(), kind=ChannelKind.CHAT, name="inc-checkout",
        destination_id=PUSH,
    )  # fmt: skip
    world.desk.do(room, IMRAN)
    return room


def wanted(world: PagingWorld, room: acts.AddChannel) -> dict[str, Any]:
    world.desk.sync()
    found: dict[str, Any] = json.loads(world.desk.get(ResponseChannel, room.channel_id).wanted)
    return found


def test_a_room_follows_what_is_known_and_who_is_there(world: PagingWorld) -> None:
    desk, room = world.desk, room_of(world)
    id_ = room.incident_id
    number = desk.incident(id_).number
    assert wanted(world, room) == {
        "name": "inc-checkout",
        "topic": f"INC-{number} Checkout fails | Incident manager: Imran",
        "invite": [{"name": "Imran", "ids": [], "mail": "", "holds": True}],
        "links": [],
        "status": f"In major incident INC-{number}",
        "round": 0,
        "private": False,
    }
    bridge = acts.AddChannel(
        incident_id=id_, channel_id=uuid4(), kind=ChannelKind.BRIDGE, name="Bridge",
        address="https://meet.example/x",
    )  # fmt: skip
    desk.do(bridge, IMRAN)
    desk.do(offer(id_, ResponseRole.TECH_LEAD, THEO), IMRAN)
    desk.do(ChangeSeverity(incident_id=id_, severity=Severity.SEV1, reason="x", seen_severity=None))
    found = wanted(world, room)
    assert found["topic"] == (
        f"INC-{number} SEV 1 Checkout fails | Incident manager: Imran | https://meet.example/x"
    )
    assert found["links"] == [["Bridge", bridge.address]]
    assert found["invite"][1:] == [
        {"name": "Theo", "ids": ["U-THEO"], "mail": "", "holds": False},
    ]
    told = DescribeIncident(
        incident_id=id_, summary="All is slow", description="", seen_summary="Checkout fails",
        seen_description="",
    )  # fmt: skip
    desk.do(told)
    assert "All is slow" in wanted(world, room)["topic"]
    desk.do(
        RestrictIncident(incident_id=id_, is_confidential=True, reason="x",
                         seen_is_confidential=False), IMRAN,
    )  # fmt: skip
    hidden = wanted(world, room)
    assert "All is slow" not in hidden["topic"]
    assert hidden["private"]


def test_only_the_newest_wish_is_still_told(world: PagingWorld) -> None:
    room = room_of(world)
    for before, after in (("Checkout fails", "Payments fail"), ("Payments fail", "Orders fail")):
        world.after(1)
        told = DescribeIncident(
            incident_id=room.incident_id, summary=after, description="", seen_summary=before,
            seen_description="",
        )  # fmt: skip
        world.desk.do(told)
    for _ in range(2):
        world.after(1)
    world.desk.sync()
    sent = sorted(world.desk.find(Delivery, kind=DeliveryKind.ROOM), key=lambda d: d.created_at)
    assert [d.state for d in sent] == [
        DeliveryState.SUPERSEDED, DeliveryState.SUPERSEDED, DeliveryState.WAITING,
    ]  # fmt: skip
    assert "Orders fail" in sent[-1].text


def test_every_act_that_a_room_follows_may_write_rooms() -> None:
    writes = {c.__name__ for c, _, _, tables in LINES if ResponseChannel in tables}
    assert writes >= FOLLOWED
    assert {c.__name__ for c, _, _, _ in LINES} >= FOLLOWED


def test_without_the_reaction_a_room_is_told_nothing(world: PagingWorld) -> None:
    others = tuple(r for r in registry.REACTIONS if r is not registry.rooms_follow)
    with patch.object(registry, "REACTIONS", others):
        assert wanted(world, room_of(world)) == {}


def test_changes_to_one_record_are_folded_into_one(world: PagingWorld) -> None:
    room = world.desk.get(ResponseChannel, room_of(world).channel_id)
    renamed = replace(room, name="a")
    moved = replace(renamed, address="b")
    inserted = Changes.none().insert(room).update(room, renamed).update(renamed, moved).folded()
    assert inserted == Changes.none().insert(moved)
    assert Changes.none().update(room, renamed).update(renamed, moved).folded() == (
        Changes.none().update(room, moved)
    )
