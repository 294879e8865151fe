"""ntfy's notices and GoAlert's alerts."""

from dataclasses import replace

import pytest
from providers.calling import Caller
from providers.examples import DESK, OPENED, at_step
from providers.goalert_server import TOKEN as GOALERT_TOKEN
from providers.goalert_server import GoAlertServer
from providers.ntfy_server import TOKEN, TOPIC, NtfyServer

from services.providers.errors import OptionsInvalid
from services.providers.goalert import GoAlert
from services.providers.ntfy import Ntfy
from services.providers.provider import Account, Delivered, Step

PAGE = replace(
    OPENED, address=TOPIC, acknowledge_url=f"{DESK}/a/1?t=x", decline_url=f"{DESK}/d/1?t=x"
)


def test_a_page_can_be_answered_from_the_notice():
    with NtfyServer() as server:
        assert Caller(Ntfy(), server, {"token": TOKEN}).deliver(PAGE) == Delivered(
            {"message_id": "m1"}
        )
        (notice,) = server.messages
        assert (notice["topic"], notice["priority"], notice["click"]) == (TOPIC, 5, PAGE.url)
        assert notice["title"] == "INC-1042 Checkout is failing"
        labels = [(each["action"], each["label"], each["url"]) for each in notice["actions"]]
        assert labels == [
            ("http", "Acknowledge", PAGE.acknowledge_url),
            ("http", "Can't, next please", PAGE.decline_url),
            ("view", "Open", PAGE.url),
        ]
        assert all(each["method"] == "POST" for each in notice["actions"][:2])


@pytest.mark.parametrize(("severity", "priority"), [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)])
def test_severity_is_told_as_priority(severity, priority):
    with NtfyServer() as server:
        caller = Caller(Ntfy(), server, {"token": TOKEN}, {"topic": "desk"})
        caller.deliver(replace(OPENED, severity=severity))
        caller.deliver(at_step(Step.RESOLVE, replace(OPENED, severity=severity)))
        assert [told["priority"] for told in server.messages] == [priority, 2]
        assert [told["topic"] for told in server.messages] == ["desk", "desk"]


def test_a_repeat_buzzes_twice_and_says_so():
    assert not Ntfy.is_idempotent
    with NtfyServer() as server:
        caller = Caller(Ntfy(), server, {"token": TOKEN})
        assert not caller.build(PAGE).is_replayable
        long = replace(PAGE, summary="漢" * 160, text="漢" * 9_000, may_repeat=True)
        assert isinstance(caller.deliver(long), Delivered)
        assert server.messages[0]["title"].endswith("(may be a repeat)")
        assert server.messages[0]["message"].endswith("漢…")


def test_a_server_may_let_anyone_publish():
    call = Ntfy().build(PAGE, Account(id="a"), {}, {})
    assert "Authorization" not in call.headers
    assert call.url == "https://ntfy.sh/"
    assert TOPIC not in call.url


@pytest.mark.parametrize("topic", ["", "two words", "x" * 65, "a/b", "é"])
def test_a_topic_that_is_none_is_refused(topic):
    with pytest.raises(OptionsInvalid):
        Ntfy().build(replace(PAGE, address=topic), Account(id="a"), {}, {})
    with pytest.raises(OptionsInvalid):
        Ntfy().check(Account(id="a", options={"topic": topic}))


def test_a_goalert_alert_is_opened_once_and_closed():
    with GoAlertServer() as server:
        caller = Caller(GoAlert(), server, {"token": GOALERT_TOKEN})
        for _ in range(2):
            assert caller.deliver(OPENED) == Delivered()
        assert server.alerts == {"acme/INC-1042": 2}
        for _ in range(2):
            assert caller.deliver(at_step(Step.RESOLVE)) == Delivered()
        assert (server.alerts, server.closed) == ({}, ["acme/INC-1042"])
        told = server.requests[0].json()
        assert told["summary"] == "INC-1042 Checkout is failing"
        assert told["details"].endswith(f"\n{DESK}/INC-1042")


@pytest.mark.parametrize("step", [Step.UPDATE, Step.ACKNOWLEDGE])
def test_goalert_has_no_word_for_some_steps(step):
    account = Account(id="a", base_url="https://goalert.example")
    assert GoAlert().build(at_step(step), account, {"token": GOALERT_TOKEN}, {}) is None


def test_goalert_needs_an_address():
    with pytest.raises(OptionsInvalid):
        GoAlert().check(Account(id="a"))
