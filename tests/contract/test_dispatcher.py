"""A sender with a real database and a real receiver: every end of a call is recorded as it was."""

import json
import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import ADAM, office_at
from contract.dispatching import Sending, reached_through, webhook_world
from paging_world import PUSH, paging_in_file
from providers import contract_server as servers
from providers import slack_server
from providers.slack_server import SlackServer
from providers.webhook_server import WebhookServer

from services.core.ids import new_id
from services.dispatcher.answer_links import AnswerLinks
from services.dispatcher.breaker import OPENS_AFTER
from services.dispatcher.messages import CONFIDENTIAL
from services.dispatcher.sender import Sender
from services.incidents.acts import RestrictIncident
from services.paging.claiming import digest_of
from services.paging.destination import Destination, ProviderKind
from services.paging.engine import ATTEMPTS, LEASE_S, Claimed
from services.paging.notice_commands import TEST_TEXT, SendTest
from services.paging.page import DeliveryState, Outcome, PageState
from services.providers.answer_words import ACKNOWLEDGED
from services.providers.catalogue import PROVIDER_OF
from services.providers.provider import Item, Reply
from services.sync.errors import SharedUnreachable

World = tuple[Sending, WebhookServer]


@pytest.fixture
def office() -> Iterator[Any]:
    with office_at() as office:
        yield office


@pytest.fixture
def sending(office, monkeypatch, tmp_path) -> Iterator[World]:
    with webhook_world(office, monkeypatch, tmp_path) as made:
        yield made


def data_of(server: WebhookServer) -> list[Any]:
    return [event["data"] for event in server.events.values()]


# -- what leaves ---------------------------------------------------------------------------


def test_a_page_reaches_who_is_on_call(sending: World) -> None:
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


def test_nothing_due_is_nothing_sent(sending: World) -> None:
    sender, server = sending
    assert sender.send() == 0
    assert server.requests == []


def test_a_confidential_incident_keeps_its_summary(sending: World) -> None:
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


def test_a_test_says_that_nobody_has_to_act(sending: World) -> None:
    sender, server = sending
    ask_for_a_test(sender)
    assert sender.send() == 1
    (told,) = data_of(server)
    assert (told["summary"], told["reference"]) == (TEST_TEXT, "")


def test_many_pages_for_one_person_are_one_message(sending: World) -> None:
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
def test_each_end_of_a_call_is_recorded(sending: World, fault, state, outcome) -> None:
    sender, server = sending
    sender.world.page()
    server.misbehave(fault)
    sender.after(0)
    assert sender.deliveries()[0].state is state
    assert sender.attempts()[0].outcome is outcome
    assert sender.attempts()[0].reason


@pytest.mark.parametrize("fault", [servers.ERROR_AFTER_TAKING, servers.CUT, servers.CLOSED])
def test_what_may_have_arrived_is_sent_again_and_says_so(sending: World, fault) -> None:
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


def test_a_gone_address_is_used_no_more(sending: World) -> None:
    sender, server = sending
    sender.world.page()
    server.misbehave(servers.GONE)
    sender.after(0)
    sender.world.desk.sync()
    assert not sender.world.desk.get(Destination, PUSH).is_active


@pytest.mark.parametrize(
    ("status", "state"), [(429, DeliveryState.WAITING), (503, DeliveryState.UNSURE)]
)
def test_who_asks_to_wait_is_left_alone_for_as_long(sending: World, status, state) -> None:
    sender, server = sending
    sender.world.page()
    server.misbehave(servers.throttle(status, Retry_After="70"))
    sender.after(0)
    assert sender.deliveries()[0].state is state
    assert sender.deliveries()[0].due_at - sender.attempts()[0].started_at == timedelta(seconds=70)
    assert sender.after(69) == 0
    assert sender.after(1) == 1
    assert sender.deliveries()[0].state is DeliveryState.DELIVERED


def test_what_is_never_taken_is_given_up(sending: World) -> None:
    sender, server = sending
    ask_for_a_test(sender)
    server.misbehave(*[servers.ERROR] * ATTEMPTS)
    for _ in range(ATTEMPTS):
        sender.after(900)
    (delivery,) = sender.deliveries()
    assert delivery.state is DeliveryState.DEAD
    assert len(server.requests) == ATTEMPTS
    assert sender.after(86_400) == 0


def test_a_provider_that_only_fails_is_left_alone_and_another_is_used(sending: World) -> None:
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


# -- fencing -------------------------------------------------------------------------------


class Slow:
    """A transport that stands still for longer than the lease, before or after the call."""

    def __init__(self, sender: Sending, *, before: bool) -> None:
        self._sender, self._before = sender, before
        self._inner = sender.sender._around.transport
        self.problem = ""
        """What went wrong meanwhile; the sender would take it for a bug of the call."""

    def _freeze(self) -> None:
        self._sender.now_s += LEASE_S + 1
        self._sender.world.office.clock.advance(timedelta(seconds=LEASE_S + 1))

    def send(self, call: Any, **given: Any) -> Any:
        if self._before:
            self._freeze()
        answer = self._inner.send(call, **given)
        if not self._before:
            self._freeze()
            try:
                self.meanwhile()
            except BaseException as error:
                self.problem = repr(error)
        return answer

    def meanwhile(self) -> None:
        """Another dispatcher takes the delivery over, and fails."""
        engine = self._sender.world.engine
        claimed = engine.claim("other", "")
        assert claimed is not None
        assert engine.finish(claimed, Outcome.REFUSED, reason="by the other")


def test_who_comes_back_from_the_dead_records_nothing(sending: World) -> None:
    sender, _ = sending
    sender.world.page()
    around = sender.sender._around
    transport = Slow(sender, before=False)
    sender.sender = Sender(replace(around, transport=transport))
    sender.world.after(0)
    assert sender.send_one()
    assert not transport.problem
    assert sender.deliveries()[0].state is DeliveryState.REFUSED
    assert sender.deliveries()[0].reason == "by the other"
    assert "firstline_attempts_fenced_total 1" in sender.figures.text()


def test_without_the_fence_the_dead_overwrite_the_living(sending: World) -> None:
    """Negative control: the test above sees it when the token is not asked for."""
    sender, _ = sending
    sender.world.page()
    around = sender.sender._around
    engine = around.engine
    told: list[bool] = []

    class Unfenced:
        def __getattr__(self, name: str) -> Any:
            return getattr(engine, name)

        def finish(self, claimed: Claimed, outcome: Outcome, **given: Any) -> bool:
            current = sender.deliveries()[0].lease_token
            told.append(engine.finish(replace(claimed, lease_token=current), outcome, **given))
            return told[-1]

    transport = Slow(sender, before=False)
    transport.meanwhile = lambda: engine.claim("other", "")  # type: ignore[method-assign]
    sender.sender = Sender(replace(around, transport=transport, engine=Unfenced()))
    sender.world.after(0)
    assert sender.send_one()
    assert told == [True]
    assert sender.deliveries()[0].state is DeliveryState.DELIVERED


def test_who_stood_still_before_the_call_does_not_make_it(sending: World) -> None:
    sender, server = sending
    sender.world.page()
    around = sender.sender._around

    class Frozen:
        def __getattr__(self, name: str) -> Any:
            return getattr(around.engine, name)

        def claim_many(self, *given: Any) -> Sequence[Claimed]:
            claimed = around.engine.claim_many(*given)
            sender.now_s += LEASE_S
            return claimed

    sender.sender = Sender(replace(around, engine=Frozen()))
    sender.world.after(0)
    assert sender.send_one()
    assert server.requests == []
    assert sender.attempts()[0].reason == "not called: the lease is over"


# -- the database is away ------------------------------------------------------------------


class Away:
    """A database that goes away when something is recorded, for so many times."""

    def __init__(self, engine: Any, times: int) -> None:
        self._engine, self._left = engine, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def finish(self, *given: Any, **more: Any) -> bool:
        self._left -= 1
        if self._left >= 0:
            raise SharedUnreachable(problem="away")
        return bool(self._engine.finish(*given, **more))


def test_an_end_is_recorded_when_the_database_is_back(sending: World) -> None:
    sender, server = sending
    sender.world.page()
    around = sender.sender._around
    sender.sender = Sender(replace(around, engine=Away(around.engine, 3)))
    sender.after(0)
    assert sender.deliveries()[0].state is DeliveryState.DELIVERED
    assert len(server.requests) == 1
    assert sender.waited_s == [1.0, 1.0, 1.0]


def test_who_cannot_record_gives_up_with_the_lease(sending: World, caplog) -> None:
    sender, server = sending
    sender.world.page()
    around = sender.sender._around
    sender.sender = Sender(replace(around, engine=Away(around.engine, 10_000)))
    sender.world.after(0)
    assert sender.send_one()
    assert sender.now_s == LEASE_S
    assert "not-recorded" in caplog.messages
    sender.sender = Sender(around)
    assert sender.after(LEASE_S + 1) == 1
    first, second = (json.loads(request.body)["data"] for request in server.requests)
    assert (first["may_repeat"], second["may_repeat"]) == (False, True)


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
def test_poison_ends_its_delivery_and_nothing_else(sending: World, caplog, at, outcome) -> None:
    sender, _ = sending
    for _ in range(3):
        sender.world.page()
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


# -- secrets -------------------------------------------------------------------------------


def test_a_secret_that_is_elsewhere_is_another_dispatchers(office, monkeypatch, tmp_path) -> None:
    with webhook_world(office, monkeypatch, tmp_path) as (sender, server):
        sender.world.page()
        (tmp_path / "secrets").write_text("")
        sender.after(0)
        (attempt,) = sender.attempts()
        assert attempt.outcome is Outcome.RETRY
        assert "signing_secret" in attempt.reason
        assert server.requests == []


def test_a_secrets_file_for_all_is_not_used(office, monkeypatch, tmp_path) -> None:
    with webhook_world(office, monkeypatch, tmp_path) as (sender, server):
        sender.world.page()
        (tmp_path / "secrets").chmod(0o644)
        sender.after(0)
        (attempt,) = sender.attempts()
        assert attempt.outcome is Outcome.RETRY
        assert "0644" in attempt.reason
        assert server.requests == []


# -- providers that know no key ------------------------------------------------------------


@pytest.fixture
def slack(office, monkeypatch, tmp_path) -> Iterator[tuple[Sending, SlackServer]]:
    options = json.dumps({"channel": slack_server.CHANNEL})
    with (
        SlackServer() as server,
        reached_through(monkeypatch, ProviderKind.SLACK, f"{server.url}/api", options),
        paging_in_file(office) as world,
    ):
        with_address = {"token": slack_server.TOKEN}
        yield Sending(world, tmp_path, secrets=with_address), server


def test_a_lost_answer_is_settled_by_looking(slack: tuple[Sending, SlackServer]) -> None:
    sender, server = slack
    ask_for_a_test(sender)
    server.misbehave(servers.CUT)
    sender.after(0)
    assert sender.deliveries()[0].state is DeliveryState.UNSURE
    assert sender.after(5) >= 1
    assert len(server.messages) == 1
    assert sender.deliveries()[0].state is DeliveryState.DELIVERED
    assert sender.deliveries()[0].reason == "it had arrived before"
    assert json.loads(sender.deliveries()[0].memo)["ts"]


def test_what_is_not_found_is_sent_again(slack: tuple[Sending, SlackServer]) -> None:
    sender, server = slack
    ask_for_a_test(sender)
    server.misbehave(servers.ERROR)
    sender.after(0)
    sender.after(5)
    assert len(server.messages) == 1
    assert "may be a repeat" in json.dumps(server.messages)


def ask_for_a_test(sender: Sending) -> None:
    """A test to the channel: nobody's address is needed."""
    command = SendTest(delivery_id=new_id(sender.world.office.clock.now()), destination_id=PUSH)
    sender.world.desk.do(command, ADAM)


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


def test_logging_is_quiet_about_addresses(sending: World, caplog) -> None:
    sender, server = sending
    caplog.set_level(logging.DEBUG)
    sender.world.page()
    server.misbehave(servers.UNAUTHORISED)
    sender.after(0)
    told = str([record.__dict__ for record in caplog.records])
    assert "attempt" in told
    assert "s3cr3t-in-address" not in told
