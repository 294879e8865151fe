"""A status update from the desk to a public status page, through the outbox and lost replies."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import paging_world
import pytest
from builders import IMRAN, office_at
from contract.dispatching import Sending, reached_through
from paging_world import PUSH
from providers.contract_server import ERROR_AFTER_TAKING, Fault
from providers.statuspage_server import KEY, PAGE, StatuspageServer
from update_world import PUBLIC, STAFF, UpdateWorld

from services.communications.acts import CorrectUpdate
from services.communications.status_page import Outlet
from services.communications.status_update import UpdateMoment
from services.core.ids import derived_id, new_id
from services.major_incidents.major import ResponsePhase
from services.paging.destination import ProviderKind
from services.paging.page import DeliveryState
from services.providers import statuspage
from services.providers.provider import Item, UpdateMessage
from services.providers.public_pages import absent, next_call
from services.providers.statuspage import Statuspage

COMPONENT = "c1"
"""What the world's status page calls its shop."""


@dataclass
class Public:
    """An incident of which customers are told on a status page."""

    world: UpdateWorld
    sending: Sending
    server: StatuspageServer

    def tell(self, words: str, **given: object) -> UUID:
        """A word for customers, on its way until it has arrived."""
        update = self.world.draft(PUBLIC, summary=words, **given)
        self._send(update)
        return update

    def tell_staff(self, words: str) -> None:
        """A word for staff, on its way until it has arrived."""
        self.world.queue(self.world.draft(summary=words))
        self.sending.after(10)
        self.sending.after(40)

    def correct(self, wrong: UUID, words: str) -> None:
        """A word put right that stands there already."""
        command = CorrectUpdate(
            update_id=new_id(self.world.desk.clock.now()),
            incident_id=self.world.incident_id,
            replaces_id=wrong,
            phase=ResponsePhase.INVESTIGATING,
            subject="Issues with the shop",
            summary=words,
            is_notifying=True,
        )
        self.world.desk.do(command, IMRAN)
        self._send(command.update_id)

    def _send(self, update: UUID) -> None:
        """Read by a second pair of eyes, sent, and tried until it is there."""
        self.world.review(update)
        self.world.queue(update, is_notifying=True)
        self.world.after(10)
        for _ in range(6):
            self.sending.after(40)
        (delivery,) = self.world.deliveries(update)
        assert delivery.state is DeliveryState.DELIVERED, delivery


@contextmanager
def told_in_public(patch: pytest.MonkeyPatch, folder: Path) -> Iterator[Public]:
    options = json.dumps({"page": PAGE})
    with (
        StatuspageServer() as server,
        reached_through(patch, ProviderKind.STATUSPAGE, server.url, options),
        office_at() as office,
        paging_world.paging_in_file(office) as paging,
    ):
        server.components = {COMPONENT: "operational"}
        sending = Sending(paging, folder, secrets={"api_key": KEY})
        yield Public(UpdateWorld(paging), sending, server)


def test_a_life_told_from_the_desk_is_one_public_incident(monkeypatch, tmp_path):
    with told_in_public(monkeypatch, tmp_path) as public:
        public.server.misbehave(Fault(), ERROR_AFTER_TAKING)
        first = public.tell("We are looking at it.")
        assert public.server.components == {COMPONENT: "major_outage"}
        public.server.misbehave(ERROR_AFTER_TAKING)
        public.tell("It is better.", moment=UpdateMoment.FOLLOW_UP)
        public.correct(first, "We are looking into it.")
        over = {"moment": UpdateMoment.FINAL, "phase": ResponsePhase.RESOLVED}
        public.tell("It is over.", **over, component_states="{}")
        (told,) = public.server.told()
        assert [text.partition("\n")[0] for text in told] == [
            "We are looking into it.",
            "It is better.",
            "It is over.",
        ]
        assert len(public.server.written) == 4
        assert public.server.components == {COMPONENT: "operational"}
        (incident,) = public.server.incidents.values()
        assert incident["name"] == "Issues with the shop"


def test_two_audiences_at_one_place_are_two_threads(monkeypatch, tmp_path):
    with told_in_public(monkeypatch, tmp_path) as public:
        world = public.world
        here = Outlet(id=derived_id("outlet", 4), page_id=STAFF, destination_id=PUSH)
        world.world.put([here])
        public.tell("We are looking into it.")
        public.tell_staff("The card gateway is down.")
        public.tell("It is better.", moment=UpdateMoment.FOLLOW_UP)
        ours, theirs = public.server.told()
        assert [text.partition("\n")[0] for text in ours] == [
            "We are looking into it.",
            "It is better.",
        ]
        # Staff are told through two outlets, both of which are this page.
        assert set(theirs) == {"The card gateway is down."}


def test_a_dispatcher_that_does_not_look_makes_a_second_public_incident(monkeypatch, tmp_path):
    """Negative control: the same lost reply, and no incident is looked for before one is begun."""

    def unseen(item: Item, update: UpdateMessage, memo: Mapping[str, str]) -> str:
        return next_call(item, update, {**memo, **absent(item)})

    monkeypatch.setattr(statuspage, "next_call", unseen)
    with told_in_public(monkeypatch, tmp_path) as public:
        public.server.misbehave(ERROR_AFTER_TAKING)
        public.tell("We are looking into it.")
        assert len(public.server.told()) == 2


def test_a_dispatcher_that_does_not_ask_tells_an_update_twice(monkeypatch, tmp_path):
    """Negative control: the same lost reply, and nobody asks whether the update is there."""
    monkeypatch.delattr(Statuspage, "look")
    with told_in_public(monkeypatch, tmp_path) as public:
        public.tell("We are looking into it.")
        public.server.misbehave(ERROR_AFTER_TAKING)
        public.tell("It is better.", moment=UpdateMoment.FOLLOW_UP)
        (told,) = public.server.told()
        assert [text.partition("\n")[0] for text in told] == [
            "We are looking into it.",
            "It is better.",
            "It is better.",
        ]


def test_a_provider_that_calls_people_is_given_no_update(tmp_path):
    with office_at() as office, paging_world.paging_in_file(office) as paging:
        world, sending = UpdateWorld(paging), Sending(paging, tmp_path, secrets={})
        update = world.queue(world.draft())
        world.after(10)
        sending.send()
        (delivery,) = world.deliveries(update)
        assert (delivery.state, delivery.reason) == (
            DeliveryState.REFUSED,
            "the message could not be made: the provider has no word for it",
        )
