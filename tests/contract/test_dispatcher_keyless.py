"""Providers that know no key are asked whether it had arrived."""

import json
from collections.abc import Iterator

import pytest
from contract.dispatching import Sending, ask_for_a_test, reached_through
from paging_world import paging_in_file
from providers import contract_server as servers
from providers import slack_server
from providers.slack_server import SlackServer

from services.paging.destination import ProviderKind
from services.paging.page import DeliveryState

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
