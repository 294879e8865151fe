"""A provider that takes a page first and does it after: it has arrived when that was done."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from builders import ADAM, office_at
from contract.dispatching import Sending, reached_through
from paging_world import PUSH, paging_in_file
from providers.genie_server import API_KEY, PATH, GenieServer

from services.core.ids import new_id
from services.paging.destination import ProviderKind
from services.paging.engine import ATTEMPTS
from services.paging.notice_commands import SendTest
from services.paging.page import DeliveryState
from services.providers.genie import ASK_AFTER_S


@pytest.fixture
def sending(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[Sending, GenieServer]]:
    with (
        office_at() as office,
        GenieServer() as server,
        reached_through(monkeypatch, ProviderKind.GENIE, server.url + PATH),
        paging_in_file(office) as world,
    ):
        yield Sending(world, tmp_path, {"api_key": API_KEY}), server


def state(sender: Sending) -> DeliveryState:
    return sender.deliveries()[0].state


def test_it_is_delivered_when_it_was_done(sending: tuple[Sending, GenieServer]) -> None:
    sender, server = sending
    server.done_after = len(ASK_AFTER_S) - 1
    sender.world.page()
    assert sender.after(0) == 1
    assert state(sender) is DeliveryState.DELIVERED
    assert sender.waited_s == list(ASK_AFTER_S)
    assert len(server.alerts) == 1


def test_what_is_refused_afterwards_is_refused_and_the_page_goes_on(
    sending: tuple[Sending, GenieServer],
) -> None:
    sender, server = sending
    server.fails_with = "No team is called Checkout"
    page_id: UUID = sender.world.page()
    sender.after(0)
    assert state(sender) is DeliveryState.REFUSED
    assert "No team is called Checkout" in sender.deliveries()[0].reason
    assert len(sender.deliveries()) == 2, "the next way came first, and at once"
    assert sender.world.read(page_id).position == 0
    sender.after(0)
    assert sender.world.read(page_id).position == 1, "long before its step was over"


def ask_for_a_test(sender: Sending) -> None:
    command = SendTest(delivery_id=new_id(sender.world.office.clock.now()), destination_id=PUSH)
    sender.world.desk.do(command, ADAM)
    sender.world.desk.sync()


def test_what_is_never_done_is_given_up(sending: tuple[Sending, GenieServer]) -> None:
    sender, server = sending
    server.done_after = 1_000
    ask_for_a_test(sender)
    for attempt in range(ATTEMPTS):
        assert state(sender) is (DeliveryState.UNSURE if attempt else DeliveryState.WAITING)
        sender.after(900)
    assert state(sender) is DeliveryState.DEAD


def test_a_test_is_ended_once_it_was_done(sending: tuple[Sending, GenieServer]) -> None:
    sender, server = sending
    server.done_after = 1
    ask_for_a_test(sender)
    assert sender.send() == 1
    assert state(sender) is DeliveryState.DELIVERED
    assert [request.method for request in server.requests] == ["POST", "GET", "GET", "POST"]
    assert not server.alerts
    assert len(server.ended) == 1
