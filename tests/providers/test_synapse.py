"""Chat rooms and updates in a real Matrix home server."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from providers.calling import Caller
from providers.examples import OPENED
from providers.synapse import BOT, DOMAIN, Synapse, synapse_at
from providers.telling import Outbox, said

from services.providers.catalogue import PROVIDER_OF
from services.providers.provider import Delivered, Item, Retry, RoomMember, RoomMessage, Step
from services.providers.room_people import why_not_there

KIM, ADA, LEE = (f"@{name}:{DOMAIN}" for name in ("kim", "ada", "lee"))


@pytest.fixture(scope="module")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    with synapse_at(tmp_path_factory.mktemp("synapse")) as server:
        for name in ("kim", "ada", "lee", "stranger"):
            server.register(name)
        yield server


@dataclass
class Account:
    """An account of ours at the server, which has forgotten all it did."""

    synapse: Synapse
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        caller = Caller(PROVIDER_OF["matrix"], self.synapse, {"token": self.synapse.tokens[BOT]})  # type: ignore[arg-type]
        self.outbox = Outbox(caller)

    def tell(self, item: Item) -> Delivered:
        outcome = self.outbox.tell(item)
        assert isinstance(outcome, Delivered), outcome
        return outcome

    @property
    def room(self) -> str:
        return self.outbox.memo["room"]


def room_item(key: str, *members: str, topic: str = "SEV 1 Checkout is failing") -> Item:
    """The room of an incident, with these members."""
    people = tuple(RoomMember(name=one, ids=(one,)) for one in members)
    room = RoomMessage(name=key, topic=topic, members=people)
    return replace(OPENED, subject_key=f"firstline/{key}-room", reference=key, room=room)


def test_a_room_is_made_with_its_topic_and_people_and_kept_fresh(synapse: Synapse):
    account = Account(synapse)
    account.tell(room_item("INC-1", KIM))
    assert synapse.state(account.room, "m.room.name") == {"name": "inc-1"}
    assert synapse.state(account.room, "m.room.topic")["topic"] == "SEV 1 Checkout is failing"
    assert synapse.members(account.room)[KIM] == "invite"
    assert account.outbox.memo["address"].startswith(f"https://matrix.to/#/{account.room}")
    status, _ = synapse.ask("POST", f"join/{account.room}", {}, "kim")
    assert status == 200
    account.tell(room_item("INC-1", KIM, ADA, topic="SEV 2 A fix is on its way"))
    assert synapse.state(account.room, "m.room.topic")["topic"] == "SEV 2 A fix is on its way"
    assert synapse.members(account.room) == {
        f"@{BOT}:{DOMAIN}": "join", KIM: "join", ADA: "invite",
    }  # fmt: skip


def test_a_room_whose_answer_was_lost_is_found_by_its_mark(synapse: Synapse):
    first, second = Account(synapse), Account(synapse)
    first.tell(room_item("INC-2"))
    second.tell(room_item("INC-2", KIM))
    assert second.room == first.room
    assert KIM in synapse.members(first.room)


def test_a_strangers_room_is_left_alone(synapse: Synapse):
    made = {"room_alias_name": "inc-3", "preset": "private_chat"}
    assert synapse.ask("POST", "createRoom", made, "stranger")[0] == 200
    account = Account(synapse)
    account.tell(room_item("INC-3"))
    assert account.outbox.memo["room_name"] == "inc-3-2"


def test_whoever_is_in_the_room_is_not_told_of_as_missing(synapse: Synapse):
    account = Account(synapse)
    account.tell(room_item("INC-4", LEE))
    assert synapse.ask("POST", f"join/{account.room}", {}, "lee")[0] == 200
    forgetful = Account(synapse)
    forgetful.tell(room_item("INC-4", LEE))
    lee = RoomMember(name="Lee", ids=(LEE,))
    assert why_not_there(lee, forgetful.outbox.memo) == ""
    assert synapse.members(account.room)[LEE] == "join"


def test_updates_are_one_thread_in_the_room(synapse: Synapse):
    account = Account(synapse)
    account.tell(room_item("INC-5"))
    room, account.outbox.memo = account.room, {}
    words = (said("First", Step.OPEN), said("Second"), said("Last", Step.RESOLVE))
    for item in words:
        account.tell(replace(item, address=room))
        account.tell(replace(item, address=room))
    _, found = synapse.ask("GET", f"rooms/{room}/messages?dir=f&limit=50")
    texts = [e for e in found["chunk"] if e["type"] == "m.room.message"]
    assert len(texts) == len(words)
    root, *replies = texts
    threads = [one["content"]["m.relates_to"]["event_id"] for one in replies]
    assert threads == [root["event_id"]] * len(replies)


def test_a_storm_is_told_to_wait_for_as_long_as_the_server_says(synapse: Synapse):
    account = Account(synapse)
    account.tell(room_item("INC-6"))
    words = (replace(said(f"Word {n}", Step.OPEN), address=account.room) for n in range(100))
    waits = (one for one in map(account.outbox.attempt, words) if isinstance(one, Retry))
    assert 0 < (next(waits).after_s or 0) <= 60
