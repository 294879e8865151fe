"""Chat rooms: made once, never a stranger's, with their topic and their members, step by step."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from providers.calling import Caller
from providers.contract_server import CLOSED, CUT, ERROR, ERROR_AFTER_TAKING, Fault, throttle
from providers.examples import DESK, OPENED
from providers.rooms_server import (
    STRANGER,
    Kept,
    MatrixRooms,
    MattermostRooms,
    RoomsServer,
    SlackRooms,
)
from providers.telling import Outbox

from services.providers.catalogue import PROVIDER_OF
from services.providers.errors import OptionsInvalid
from services.providers.provider import (
    Account,
    Delivered,
    Item,
    Retry,
    RoomMember,
    RoomMessage,
    Unsure,
)

MARK = "acme-INC-1042"


@dataclass(frozen=True)
class Chat:
    """A provider of rooms, its server, and members it knows."""

    kind: str
    server: type[RoomsServer]
    members: Sequence[str]
    path: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.kind

    def outbox(self, server: RoomsServer, **options: str) -> Outbox:
        """An account that has made no room yet."""
        given = {**dict(self.options), **options}
        secrets = {"token": server.token}
        return Outbox(Caller(PROVIDER_OF[self.kind], server, secrets, given, self.path))

    def room(self, *, members: int = 2, topic: str = "SEV1 Checkout is failing") -> Item:
        """What the room is to be like."""
        room = RoomMessage(
            name="INC-1042 Checkout: failing!",
            topic=topic,
            members=tuple(RoomMember(name=id_, ids=(id_,)) for id_ in self.members[:members]),
            links=(("Desk", f"{DESK}/INC-1042"), ("Bridge", "not one")),
        )
        return replace(OPENED, room=room)


CHATS = [
    Chat("slack", SlackRooms, ["U0000001", "U0000002", "U0000003"], "/api"),
    Chat("matrix", MatrixRooms, ["@kim:example.com", "@ada:example.com", "@bo:example.com"]),
    Chat(
        "mattermost",
        MattermostRooms,
        [sign * 26 for sign in "xyz"],
        options=(("team", MattermostRooms.team),),
    ),
]
EVERY_CHAT = pytest.mark.parametrize("chat", CHATS, ids=str)
NAME, SECOND_NAME = "inc-1042-checkout-failing", "inc-1042-checkout-failing-2"


@EVERY_CHAT
def test_a_room_is_made_named_and_filled(chat: Chat):
    with chat.server() as server:
        outbox = chat.outbox(server)
        assert isinstance(outbox.tell(chat.room()), Delivered)
        ((id_, room),) = server.rooms.items()
        assert (room.name, room.members, room.is_private) == (NAME, chat.members[:2], False)
        assert room.topic == f"SEV1 Checkout is failing | Desk: {DESK}/INC-1042"
        assert (outbox.memo["room"], outbox.memo["room_name"]) == (id_, NAME)
        opens = outbox.memo["address"]
        assert opens.startswith("http")
        assert opens.endswith((id_, NAME, f"{id_}?via=example.com"))


@EVERY_CHAT
def test_a_room_is_kept_fresh_with_what_changed_alone(chat: Chat):
    with chat.server() as server:
        outbox = chat.outbox(server)
        outbox.tell(chat.room())
        asked = len(server.requests)
        outbox.tell(chat.room())
        assert len(server.requests) == asked
        outbox.tell(chat.room(members=3, topic="SEV2 A fix is on its way"))
        assert len(server.requests) == asked + 2
        (room,) = server.rooms.values()
        assert room.members == chat.members
        assert room.topic.startswith("SEV2")


@EVERY_CHAT
def test_a_strangers_room_is_never_taken_over(chat: Chat):
    with chat.server() as server:
        for name in (NAME, SECOND_NAME):
            server.add(Kept(name, STRANGER, "another mark", is_private=name == NAME))
        outbox = chat.outbox(server)
        outbox.tell(chat.room())
        assert outbox.memo["room_name"] == f"{NAME}-3"
        *others, ours = server.rooms.values()
        assert [(room.topic, room.members) for room in others] == [("", []), ("", [])]
        assert ours.members == chat.members[:2]


@EVERY_CHAT
def test_a_room_of_ours_whose_answer_was_lost_is_found(chat: Chat):
    with chat.server() as server:
        server.misbehave(ERROR_AFTER_TAKING)
        assert isinstance(chat.outbox(server).attempt(chat.room()), Unsure)
        # Whoever goes on may know nothing of it.
        outbox = chat.outbox(server)
        assert isinstance(outbox.attempt(chat.room(), may_repeat=True), Delivered)
        assert [room.name for room in server.rooms.values()] == [NAME]


def test_an_old_channel_of_our_bot_is_another_incidents():
    (slack, *_) = CHATS
    with slack.server() as server:
        server.add(Kept(NAME, created_s=int(OPENED.at.timestamp()) - 2 * 24 * 3_600))
        outbox = slack.outbox(server)
        outbox.tell(slack.room())
        assert outbox.memo["room_name"] == SECOND_NAME


@EVERY_CHAT
def test_who_cannot_be_invited_is_told_of_and_the_others_are(chat: Chat):
    with chat.server() as server:
        server.unknown = {chat.members[0]}
        outcome = chat.outbox(server).tell(chat.room())
        assert isinstance(outcome, Delivered)
        assert outcome.reason.startswith(f"not invited: {chat.members[0]} (")
        (room,) = server.rooms.values()
        assert room.members == chat.members[1:2]


@EVERY_CHAT
def test_lost_replies_make_no_second_room(chat: Chat):
    chance = random.Random(11)

    def fate(_: object) -> Fault:
        return chance.choice([Fault(), CLOSED, CUT, ERROR, ERROR_AFTER_TAKING])

    for _ in range(3):
        with chat.server() as server:
            server.fate = fate
            outbox = chat.outbox(server)
            assert isinstance(outbox.tell(chat.room(members=3)), Delivered)
            ((_, room),) = server.rooms.items()
            assert room.members == chat.members
            assert room.topic.startswith("SEV1")


@EVERY_CHAT
def test_whoever_believes_every_taken_name_is_a_strangers_makes_a_second_room(chat: Chat):
    """Negative control: what we know our own rooms by is gone."""
    with chat.server() as server:
        server.misbehave(ERROR_AFTER_TAKING)
        chat.outbox(server).attempt(chat.room())
        for room in server.rooms.values():
            room.mark, room.by = "", STRANGER
        chat.outbox(server).tell(chat.room())
        assert [room.name for room in server.rooms.values()] == [NAME, SECOND_NAME]


@EVERY_CHAT
def test_what_was_done_is_remembered_when_the_next_step_fails(chat: Chat):
    with chat.server() as server:
        outbox = chat.outbox(server)
        server.misbehave(Fault(), throttle(Retry_After="7"))
        outcome = outbox.attempt(chat.room())
        assert isinstance(outcome, Retry)
        assert (outcome.after_s, outcome.memo["room_name"]) == (7, NAME)
        outbox.attempt(chat.room())
        assert len(server.rooms) == 1


@EVERY_CHAT
def test_a_room_may_be_for_the_invited_alone(chat: Chat):
    with chat.server() as server:
        chat.outbox(server, rooms="private").tell(chat.room())
        assert [room.is_private for room in server.rooms.values()] == [True]
    item = chat.room()
    assert item.room is not None
    with chat.server() as server:
        chat.outbox(server).tell(replace(item, room=replace(item.room, is_private=True)))
        assert [room.is_private for room in server.rooms.values()] == [True]
    account = Account(id="a", base_url="https://x.example", options={"rooms": "secret"})
    with pytest.raises(OptionsInvalid) as caught:
        PROVIDER_OF[chat.kind].check(account)
    assert caught.value.context["option"] == "rooms"


@EVERY_CHAT
def test_names_and_topics_stay_within_their_limits(chat: Chat):
    wicked = "Größe/漢字 <!channel> \n" * 200
    with chat.server() as server:
        room = RoomMessage(name=wicked, topic=wicked, links=(("Desk", DESK),) * 99)
        assert isinstance(chat.outbox(server).tell(replace(OPENED, room=room)), Delivered)
        nameless = RoomMessage(name="漢字", topic="")
        item = replace(OPENED, room=nameless, subject_key="another")
        assert isinstance(chat.outbox(server).tell(item), Delivered)
        assert [kept.name for kept in server.rooms.values()][1] == "incident"


def test_a_room_in_mattermost_needs_a_team():
    chat = CHATS[2]
    with chat.server() as server, pytest.raises(OptionsInvalid) as caught:
        chat.outbox(server, team="").attempt(chat.room())
    assert caught.value.context["option"] == "team"
