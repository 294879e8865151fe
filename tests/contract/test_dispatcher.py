"""A sender with a real database and a real receiver: every end of a call is recorded as it was."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import VERA
from contract.dispatching import Receiving, Sending, ask_for_a_test, webhook_world
from paging_world import PUSH
from providers import contract_server as servers
from providers.webhook_server import WebhookServer

from services.core.ids import new_id
from services.dispatcher.answer_links import AnswerLinks
from services.dispatcher.breaker import OPENS_AFTER
from services.dispatcher.messages import CONFIDENTIAL
from services.dispatcher.sender import Sender
from services.incidents.acts import RestrictIncident
from services.paging.acts import PagePeople
from services.paging.claiming import digest_of
from services.paging.destination import Destination
from services.paging.engine import ATTEMPTS
from services.paging.notice_commands import TEST_TEXT
from services.paging.page import DeliveryState, Outcome, PageState
from services.providers.answer_words import ACKNOWLEDGED
from services.providers.catalogue import PROVIDER_OF
from services.providers.provider import Item, Reply


def data_of(server: WebhookServer) -> list[Any]:
    return [event["data"] for event in server.events.values()]


# -- what leaves ---------------------------------------------------------------------------


def test_a_page_reaches_who_is_on_call(sending: Receiving) -> None:
    sender, server = sending
    page_id = sender.world.page(reason="It burns")
    assert sender.after(0) == 1
    (told,) = data_of(server)
    number = sender.world.desk.incident(sender.world.read(page_id).incident_id).number
    assert told["reference"] == f"INC-{number}"
    assert told["subject"] == f"firstline/INC-{number}"
    assert told["to"] == "Theo"
    assert told["text"] == "It burns"
    assert told["may_repeat"] is False
    assert "acknowledge_url" not in told
    (delivery, later) = sender.deliveries()
    assert (delivery.state, later.state) == (DeliveryState.DELIVERED, DeliveryState.WAITING)
    assert f"msg_{delivery.id}" in server.events
    (attempt,) = sender.attempts()
    assert attempt.outcome is Outcome.DELIVERED
    assert 'firstline_attempts_total{provider="webhook",outcome="delivered"} 1' in (
        sender.figures.text()
    )


def test_nothing_due_is_nothing_sent(sending: Receiving) -> None:
    sender, server = sending
    assert sender.send() == 0
    assert server.requests == []


def test_a_confidential_incident_keeps_its_summary(sending: Receiving) -> None:
    sender, server = sending
    page_id = sender.world.page(reason="The board is ill")
    incident_id = sender.world.read(page_id).incident_id
    summary = sender.world.desk.incident(incident_id).summary
    hide = RestrictIncident(
        incident_id=incident_id, is_confidential=True, reason="x", seen_is_confidential=False
    )
    sender.world.desk.do(hide)
    sender.after(0)
    ((told),) = data_of(server)
    assert told["summary"].endswith(CONFIDENTIAL)
    for secret in (summary, "The board is ill"):
        assert secret not in json.dumps(told)


def test_a_test_says_that_nobody_has_to_act(sending: Receiving) -> None:
    sender, server = sending
    ask_for_a_test(sender)
    assert sender.send() == 1
    (told,) = data_of(server)
    assert (told["summary"], told["reference"]) == (TEST_TEXT, "")


def test_many_pages_for_one_person_are_one_message(sending: Receiving) -> None:
    sender, server = sending
    numbers = []
    for _ in range(4):
        page_id = sender.world.page()
        incident_id = sender.world.read(page_id).incident_id
        numbers.append(sender.world.desk.incident(incident_id).number)
    assert sender.after(0) == 1
    (told,) = data_of(server)
    assert told["reference"] == f"INC-{numbers[-1]}"
    assert all(f"INC-{number}" in told["text"] for number in numbers[:-1])


# -- what comes of it ----------------------------------------------------------------------

ENDS = [
    (servers.ERROR, DeliveryState.UNSURE, Outcome.UNSURE),
    (servers.CUT, DeliveryState.UNSURE, Outcome.UNSURE),
    (servers.CLOSED, DeliveryState.UNSURE, Outcome.UNSURE),
    (servers.throttle(), DeliveryState.WAITING, Outcome.RETRY),
    (servers.UNAUTHORISED, DeliveryState.REFUSED, Outcome.REFUSED),
    (servers.REDIRECT, DeliveryState.REFUSED, Outcome.REFUSED),
    (servers.GONE, DeliveryState.REFUSED, Outcome.REFUSED),
]


@pytest.mark.parametrize(("fault", "state", "outcome"), ENDS)
def test_each_end_of_a_call_is_recorded(sending: Receiving, fault, state, outcome) -> None:
    sender, server = sending
    page_vera(sender)
    server.misbehave(fault)
    sender.after(0)
    assert sender.deliveries()[0].state is state
    assert sender.attempts()[0].outcome is outcome
    assert sender.attempts()[0].reason


@pytest.mark.parametrize("fault", [servers.ERROR_AFTER_TAKING, servers.CUT, servers.CLOSED])
def test_what_may_have_arrived_is_sent_again_and_says_so(sending: Receiving, fault) -> None:
    sender, server = sending
    sender.world.page()
    server.misbehave(fault)
    sender.after(0)
    assert sender.after(4) == 0
    assert sender.after(1) == 1
    first, second = (json.loads(request.body)["data"] for request in server.requests)
    assert (first["may_repeat"], second["may_repeat"]) == (False, True)
    assert len(server.events) == 1, "the same key at both attempts"
    assert sender.deliveries()[0].state is DeliveryState.DELIVERED


def test_a_gone_address_is_used_no_more(sending: Receiving) -> None:
    sender, server = sending
    sender.world.page()
    server.misbehave(servers.GONE)
    sender.after(0)
    sender.world.desk.sync()
    assert not sender.world.desk.get(Destination, PUSH).is_active


@pytest.mark.parametrize(
    ("status", "state"), [(429, DeliveryState.WAITING), (503, DeliveryState.UNSURE)]
)
def test_who_asks_to_wait_is_left_alone_for_as_long(sending: Receiving, status, state) -> None:
    sender, server = sending
    page_vera(sender)
    server.misbehave(servers.throttle(status, Retry_After="70"))
    sender.after(0)
    assert sender.deliveries()[0].state is state
    assert sender.deliveries()[0].due_at - sender.attempts()[0].started_at == timedelta(seconds=70)
    assert sender.after(69) == 0
    assert sender.after(1) == 1
    assert sender.deliveries()[0].state is DeliveryState.DELIVERED


def page_vera(sender: Sending) -> None:
    """A page for somebody who can be reached in one way alone."""
    desk = sender.world.desk
    page_id, incident_id = new_id(sender.world.office.clock.now()), desk.start(desk.log())
    sender.world.page(
        PagePeople(page_id=page_id, incident_id=incident_id, person_ids=(VERA,), reason="!")
    )


def test_what_is_never_taken_is_given_up(sending: Receiving) -> None:
    sender, server = sending
    ask_for_a_test(sender)
    server.misbehave(*[servers.ERROR] * ATTEMPTS)
    for _ in range(ATTEMPTS):
        sender.after(900)
    (delivery,) = sender.deliveries()
    assert delivery.state is DeliveryState.DEAD
    assert len(server.requests) == ATTEMPTS
    assert sender.after(86_400) == 0


def test_a_provider_that_only_fails_is_left_alone_and_another_is_used(sending: Receiving) -> None:
    sender, server = sending
    for _ in range(3):
        sender.world.page()
    server.misbehave(*[servers.ERROR] * OPENS_AFTER)
    while len(server.requests) < OPENS_AFTER:
        sender.after(1)
    sender.world.page()
    before = len(sender.attempts())
    sender.world.after(0)
    sender.send()
    accounts = {delivery.id: delivery.destination_id for delivery in sender.deliveries()}
    others = sender.attempts()[before:]
    assert PUSH not in {accounts[attempt.delivery_id] for attempt in others}
    assert {attempt.outcome for attempt in others} == {Outcome.DELIVERED}
    waiting = [each for each in sender.deliveries() if each.destination_id == PUSH]
    assert {each.attempt_count for each in waiting} <= {0, 1, 2}, "waiting uses up no attempt"
    assert len(server.requests) == OPENS_AFTER + len(others)
    sender.after(30)
    assert len(server.requests) > OPENS_AFTER + len(others)


# -- poison --------------------------------------------------------------------------------


class Poisonous:
    """A provider with a bug, at its beginning or at its end."""

    kind, secrets, is_idempotent = "webhook", ("signing_secret",), True

    def __init__(self, at: str) -> None:
        self._at = at
        self._sound = PROVIDER_OF["webhook"]

    def build(self, item: Item, *given: Any) -> Any:
        if self._at == "build":
            raise ZeroDivisionError(f"canary {item.key}")
        return self._sound.build(item, *given)

    def read(self, item: Item, reply: Reply) -> Any:
        raise ZeroDivisionError(f"canary {reply.body!r}")


@pytest.mark.parametrize(("at", "outcome"), [("build", Outcome.REFUSED), ("read", Outcome.UNSURE)])
def test_poison_ends_its_delivery_and_nothing_else(sending: Receiving, caplog, at, outcome) -> None:
    sender, _ = sending
    for _ in range(3):
        page_vera(sender)
    around = sender.sender._around
    sender.sender = Sender(replace(around, providers={"webhook": Poisonous(at)}))
    assert sender.after(0) == 3
    assert {attempt.outcome for attempt in sender.attempts()} == {outcome}
    assert sender.poison.count == 3
    bugs = [record for record in caplog.records if record.getMessage() == "bug"]
    assert len(bugs) == 1, "the same bug is told once"
    assert "ZeroDivisionError" in bugs[0].facts["bug"]
    assert "canary" not in caplog.text + str([record.__dict__ for record in bugs])
    sender.sender = Sender(around)
    sender.after(5)
    assert sender.deliveries()[0].state in {DeliveryState.DELIVERED, DeliveryState.REFUSED}


# -- links ---------------------------------------------------------------------------------


def test_the_links_of_a_page_answer_it(office, monkeypatch, tmp_path) -> None:
    links = AnswerLinks("https://answers.example/")
    with webhook_world(office, monkeypatch, tmp_path, links=links) as (sender, server):
        page_id = sender.world.page()
        sender.after(0)
        (told,) = data_of(server)
        token = told["acknowledge_url"].removeprefix("https://answers.example/a/")
        assert told["decline_url"] == f"https://answers.example/d/{token}"
        assert sender.world.engine.answer(digest_of(token), ACKNOWLEDGED) == "acknowledged"
        assert sender.world.read(page_id).state is PageState.ACKNOWLEDGED
        assert token not in json.dumps([str(each) for each in sender.deliveries()])
