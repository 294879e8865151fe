"""A chat room from a major incident on a desk to the chat and back, kept fresh on the way."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import paging_world
import pytest
import sqlalchemy as sa
from builders import ADAM, IMRAN, THEO, VERA, office_at
from contract.dispatching import Sending, reached_through
from major_world import commanded, held, resolve_major
from paging_world import PUSH, PagingWorld
from providers.contract_server import ERROR_AFTER_TAKING, Fault, json_answer
from providers.rooms_server import MattermostRooms

from services.communications import statements
from services.communications.room_reading import meeting_places, rooms
from services.core.ids import new_id
from services.dispatcher import engine_sqlite
from services.incidents.acts import DescribeIncident
from services.major_incidents.acts import AddChannel
from services.major_incidents.major import ChannelKind, ResponseChannel, ResponseRole
from services.major_incidents.meeting import (
    KnownBridge,
    MeetingPlaces,
    RoomItem,
    RoomStanding,
    changed_channel,
    jitsi_address,
)
from services.paging import delivery_statements
from services.paging.destination import Destination, ProviderKind
from services.paging.page import Delivery, DeliveryState
from services.people.commands import ChangePerson
from services.people.person import Person

MEMBER = {IMRAN: "x" * 26, THEO: "y" * 26}
OPTIONS = {"team": MattermostRooms.team, "statuses": "yes"}
REFUSED = Fault(
    answer=json_answer(403, {"id": "api.context.permissions.app_error"}), is_taken=False
)


@dataclass
class Kept:
    """A major incident that Imran commands, an account, and its server."""

    world: PagingWorld
    sending: Sending
    server: MattermostRooms
    incident_id: UUID
    channel_id: UUID

    def act(self, command: object, by: UUID = IMRAN) -> None:
        """Something happens on a desk, and the dispatcher gets round to it."""
        self.world.desk.do(command, by)
        self.pass_by()

    def pass_by(self) -> None:
        """Time passes, and the dispatcher does what is due."""
        for _ in range(2):
            self.sending.after(10)

    def ask(self) -> None:
        """Ask for a room of the account."""
        room = AddChannel(
            incident_id=self.incident_id, channel_id=self.channel_id, kind=ChannelKind.CHAT,
            name="inc-1", destination_id=PUSH,
        )  # fmt: skip
        self.act(room)

    def described(self, summary: str) -> DescribeIncident:
        """Another summary."""
        seen = self.world.desk.incident(self.incident_id).summary
        return DescribeIncident(
            incident_id=self.incident_id, summary=summary, description="", seen_summary=seen,
            seen_description="",
        )  # fmt: skip

    def try_again(self) -> None:
        """A person asks for it."""
        self.act(changed_channel(self.world.desk.get(ResponseChannel, self.channel_id)))

    def read(self) -> tuple[dict[UUID, RoomItem], MeetingPlaces]:
        """What a desk knows of rooms and of places to meet."""
        desk = self.world.desk
        desk.sync()
        channels = desk.find(ResponseChannel, incident_id=self.incident_id)
        engine = sa.create_engine(f"sqlite:///{desk.folder / 'cache.db'}")
        with engine.connect() as connection:
            found = rooms(connection, channels, is_drill=False), meeting_places(connection)
        engine.dispose()
        return found

    def seen(self) -> RoomItem:
        """What a desk shows of the room."""
        return self.read()[0][self.channel_id]

    def told(self) -> list[Delivery]:
        """The words to the room, in order."""
        self.world.desk.sync()
        found = self.world.desk.find(Delivery, subject_id=self.channel_id)
        return sorted(found, key=lambda d: d.created_at)


def give_mail(world: PagingWorld, person_id: UUID, mail: str) -> None:
    """An administrator writes down somebody's e-mail address."""
    known = world.desk.get(Person, person_id)
    names = (one.name for one in fields(ChangePerson) if one.name != "person_id")
    now = {name: getattr(known, name) for name in names}
    world.desk.do(ChangePerson(person_id=person_id, **{**now, "email": mail}), ADAM)


@contextmanager
def sending_at(
    patch: pytest.MonkeyPatch, folder: Path
) -> Iterator[tuple[Sending, MattermostRooms]]:
    with (
        MattermostRooms() as server,
        reached_through(patch, ProviderKind.MATTERMOST, server.url, json.dumps(OPTIONS)),
        office_at() as office,
        paging_world.paging_in_file(office) as world,
    ):
        for person_id in MEMBER:
            give_mail(world, person_id, f"{person_id.hex[:8]}@acme.example")
        yield Sending(world, folder, secrets={"token": server.token}), server


@pytest.fixture(scope="module")
def sending(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Sending, MattermostRooms]]:
    with (
        pytest.MonkeyPatch.context() as patch,
        sending_at(patch, tmp_path_factory.mktemp("rooms")) as made,
    ):
        yield made


@pytest.fixture
def kept(sending: tuple[Sending, MattermostRooms]) -> Kept:
    """An incident of its own, in a chat without rooms."""
    sender, server = sending
    server.rooms, server.statuses = {}, {}
    server.mails = {f"{person_id.hex[:8]}@acme.example": id_ for person_id, id_ in MEMBER.items()}
    world = sender.world
    incident_id = commanded(world.desk, summary="Checkout fails")
    return Kept(world, sender, server, incident_id, new_id(world.desk.clock.now()))


def test_a_room_is_made_filled_read_back_and_kept_fresh(kept: Kept) -> None:
    kept.ask()
    (room,) = kept.server.rooms.values()
    assert (room.name, room.members) == ("inc-1", [MEMBER[IMRAN]])
    seen = kept.seen()
    assert (seen.standing, seen.name) == (RoomStanding.MADE, "inc-1")
    assert seen.address == f"{kept.server.url}/acme/channels/inc-1"
    assert (seen.said, seen.uninvited, seen.no_status) == ("", (), ())
    held(kept.world.desk, kept.incident_id, ResponseRole.TECH_LEAD, THEO)
    kept.act(kept.described("Payments fail"))
    assert room.members == [MEMBER[IMRAN], MEMBER[THEO]]
    assert "Payments fail" in room.topic
    assert "Tech lead: Theo" in room.topic
    assert set(kept.server.statuses) == set(MEMBER.values())
    kept.act(resolve_major(kept.world.desk, kept.incident_id))
    assert room.topic.startswith("RESOLVED INC-")
    assert kept.server.statuses == {}
    assert len(kept.server.rooms) == 1


def test_who_could_not_be_invited_is_said_until_trying_again_helps(kept: Kept) -> None:
    kept.ask()
    held(kept.world.desk, kept.incident_id, ResponseRole.TECH_LEAD, VERA)
    kept.pass_by()
    assert kept.seen().uninvited == (("Vera", "no member id and no e-mail address is known"),)
    kept.act(kept.described("Payments fail"))
    assert [name for name, _ in kept.seen().uninvited] == ["Vera"]
    give_mail(kept.world, VERA, "vera@acme.example")
    kept.server.mails["vera@acme.example"] = "z" * 26
    kept.try_again()
    assert kept.seen().uninvited == ()
    (room,) = kept.server.rooms.values()
    assert room.members == [MEMBER[IMRAN], "z" * 26]


def test_a_refused_room_says_so_in_the_providers_words_and_can_be_tried_again(kept: Kept) -> None:
    kept.server.misbehave(REFUSED)
    kept.ask()
    seen = kept.seen()
    assert (seen.standing, seen.address) == (RoomStanding.REFUSED, "")
    assert "api.context.permissions" in seen.said
    kept.try_again()
    assert kept.seen().standing is RoomStanding.MADE


def make_and_lose(kept: Kept) -> None:
    """A room is made, its topic is refused, and then somebody gives it another summary."""
    kept.server.misbehave(Fault(), Fault(), REFUSED)
    kept.ask()
    assert kept.seen().standing is RoomStanding.MADE
    assert "permissions" in kept.seen().said
    for room in kept.server.rooms.values():
        room.mark = "changed by somebody"
    kept.act(kept.described("Payments fail"))


def test_a_room_that_was_made_half_is_gone_on_with(kept: Kept) -> None:
    make_and_lose(kept)
    (room,) = kept.server.rooms.values()
    assert "Payments fail" in room.topic
    assert kept.seen().said == ""


def test_without_what_was_done_before_there_would_be_a_second_room(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: only what arrived is remembered."""
    ours = delivery_statements.CLAIMED
    forgetful = ours.replace("(m.state = 'delivered' OR m.kind = 'room')", "m.state = 'delivered'")
    assert forgetful != ours
    monkeypatch.setattr(engine_sqlite, "CLAIMED", forgetful)
    make_and_lose(kept)
    assert len(kept.server.rooms) == 2


def test_a_lost_answer_makes_no_second_room(kept: Kept) -> None:
    kept.server.misbehave(ERROR_AFTER_TAKING)
    kept.ask()
    assert kept.seen().standing is RoomStanding.MADE
    assert len(kept.server.rooms) == 1


def test_an_account_that_is_switched_off_makes_no_room_and_that_is_said(kept: Kept) -> None:
    account = kept.world.desk.get(Destination, PUSH)
    other = replace(account, id=new_id(kept.world.desk.clock.now()), name="Off", is_active=False)
    kept.world.put([other])
    room = AddChannel(
        incident_id=kept.incident_id, channel_id=kept.channel_id, kind=ChannelKind.CHAT,
        name="inc-1", destination_id=other.id,
    )  # fmt: skip
    kept.act(room)
    assert kept.read()[0][kept.channel_id].standing is RoomStanding.UNUSABLE
    assert kept.server.rooms == {}


def test_the_bridges_of_others_are_offered_and_the_server_of_the_last_meeting(kept: Kept) -> None:
    now = kept.world.desk.clock.now
    meeting = jitsi_address("https://meet.acme.example", "INC-9", kept.channel_id)
    for address in ("+44 113 496 0204", meeting, "+44 113 496 0204"):
        bridge = AddChannel(
            incident_id=kept.incident_id, channel_id=new_id(now()), kind=ChannelKind.BRIDGE,
            name="Bridge", address=address, access="PIN 1",
        )  # fmt: skip
        kept.act(bridge)
    places = kept.read()[1]
    key = f"INC-{kept.world.desk.incident(kept.incident_id).number}"
    assert places.bridges == (KnownBridge("+44 113 496 0204", "PIN 1", key),)
    assert places.jitsi == "https://meet.acme.example"
    assert PUSH in [account.id for account in places.accounts]


def spoken_at(kept: Kept) -> list[float]:
    """The seconds between the words to a room while somebody changes the summary each second."""
    kept.ask()
    topics = len(kept.server.requests)
    for second in range(9):
        # The same act as by a desk, without the minute that passes there.
        kept.world.desk.replica.execute(kept.described(f"Summary {second}"), IMRAN)
        kept.world.desk.sync()
        kept.sending.after(1)
    kept.pass_by()
    made = [d for d in kept.told() if d.state is DeliveryState.DELIVERED][1:]
    assert len(kept.server.requests) == topics + len(made)
    (room,) = kept.server.rooms.values()
    assert "Summary 8" in room.topic
    moments = [d.finished_at for d in made if d.finished_at]
    return [(b - a).total_seconds() for a, b in pairwise(moments)]


def test_a_room_is_not_told_more_often_than_its_provider_takes(kept: Kept) -> None:
    pauses = spoken_at(kept)
    assert len(pauses) in (2, 3)
    assert min(pauses) >= statements.ROOM_EVERY_S


def test_without_the_pause_a_room_would_be_told_each_time(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: what is due is due at once."""
    ours = statements.ROOMS
    hasty = tuple(one.replace(statements.ROOM_DUE, ":now") for one in ours)
    assert hasty != ours
    monkeypatch.setattr(engine_sqlite, "ROOMS", hasty)
    assert len(spoken_at(kept)) > 4
