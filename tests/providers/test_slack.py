"""Slack: threads, refusals inside successes, texts that stay texts, lost answers."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from providers.calling import Caller, send
from providers.chats import SLACK
from providers.contract_server import ERROR, ERROR_AFTER_TAKING
from providers.examples import AT, DESK, OPENED, at_step
from providers.official_schema import official
from providers.slack_server import CHANNEL, SlackServer

from services.providers.errors import OptionsInvalid
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Outcome,
    Refused,
    Reply,
    Retry,
    Step,
    Unsure,
)
from services.providers.slack import Slack

ROOT = {"channel": CHANNEL, "ts": "1763715600.000000"}


def opened(server: SlackServer) -> Caller:
    """An account that has told of the beginning, and remembers the thread."""
    caller = SLACK.caller(server)
    outcome = caller.deliver(OPENED)
    assert isinstance(outcome, Delivered)
    return replace(caller, memo=dict(outcome.memo))


def found(caller: Caller, item: Item) -> Mapping[str, str] | None:
    """What Slack knows of an item, asked as after a lost answer."""
    provider = caller.provider
    assert isinstance(provider, Slack)
    look = provider.look(item, caller.account, caller.secrets, caller.memo)
    assert look is not None
    told = provider.found(item, send(look))
    assert not isinstance(told, Unsure)
    return told


def said(message: Mapping[str, object]) -> list[str]:
    blocks = message["blocks"]
    assert isinstance(blocks, list)
    return [block["text"]["text"] for block in blocks]


def test_one_thread_tells_the_whole_life():
    with SlackServer() as server:
        caller = opened(server)
        assert caller.memo == ROOT
        for number, step in enumerate((Step.UPDATE, Step.ACKNOWLEDGE, Step.RESOLVE), 1):
            assert caller.deliver(at_step(step, number=number)) == Delivered({})
        threads = [(m.get("thread_ts"), m.get("reply_broadcast")) for m in server.messages]
        root = ROOT["ts"]
        assert threads == [(None, None), (root, False), (root, False), (root, True)]
        assert [m["text"].partition(" INC")[0] for m in server.messages[1:]] == [
            "Update:",
            "Acknowledged:",
            "Resolved:",
        ]


def test_a_second_page_begins_a_thread_of_its_own():
    with SlackServer() as server:
        caller = opened(server)
        outcome = caller.deliver(at_step(Step.OPEN, number=1))
        assert outcome == Delivered({"channel": CHANNEL, "ts": "1763715600.000001"})
        assert len(server.roots()) == 2


def test_a_message_says_what_and_how_to_answer():
    item = replace(OPENED, acknowledge_url=f"{DESK}/a?x=1&y=2", decline_url=f"{DESK}/d")
    with SlackServer() as server:
        SLACK.caller(server).deliver(item)
        assert said(server.messages[0]) == [
            "INC-1042 Checkout is failing",
            "Card payments fail since 08:52.\nDetected by the caller.",
            f"<{DESK}/a?x=1&amp;y=2|Acknowledge>",
            f"<{DESK}/d|Can't, next please>",
            f"<{DESK}/INC-1042|Open INC-1042>",
        ]


def test_text_calls_nobody_and_links_nowhere():
    item = replace(OPENED, summary="<!channel> & <@U1>", reference="<b|c>", text="*all* &lt;")
    with SlackServer() as server:
        SLACK.caller(server).deliver(item)
        (message,) = server.messages
        assert message["text"] == "&lt;b|c&gt; &lt;!channel&gt; &amp; &lt;@U1&gt;"
        assert message["mrkdwn"] is False
        assert said(message)[1:] == ["*all* &amp;lt;", f"<{DESK}/INC-1042|Open &lt;b/c&gt;>"]


def test_a_link_too_long_once_escaped_is_left_out():
    links = {"acknowledge_url": f"{DESK}/?{'&' * 540}", "decline_url": f"{DESK}/?{'&' * 1_900}"}
    with SlackServer() as server:
        SLACK.caller(server).deliver(replace(OPENED, **links))
        labels = [text.rpartition("|")[2] for text in said(server.messages[0])[2:]]
        assert labels == ["Acknowledge>", "Open INC-1042>"]


def test_unescaped_text_breaks_the_contract():
    with SlackServer() as server:
        call = SLACK.caller(server).build(replace(OPENED, summary="a < b"))
        assert isinstance(call, HttpCall)
        assert b"&lt;" in call.body
        assert send(replace(call, body=call.body.replace(b"&lt;", b"<"))).status == 400
        assert server.forgive() == ["text is escaped"]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("channel_not_found", Refused("channel_not_found")),
        ("is_archived", Refused("is_archived")),
        ("not_in_channel", Refused("not_in_channel")),
        ("invalid_auth", Refused("invalid_auth")),
        ("an_error_of_tomorrow", Refused("an_error_of_tomorrow")),
        ("fatal_error", Unsure("fatal_error")),
        ("internal_error", Unsure("internal_error")),
        ("service_unavailable", Unsure("service_unavailable")),
        ("ratelimited", Retry("ratelimited", None)),
        ("rate_limited", Retry("rate_limited", None)),
        ("Bearer xoxb-secret", Unsure("no answer that Slack documents")),
    ],
)
def test_a_no_inside_a_success_is_a_no(error, outcome):
    with SlackServer() as server:
        server.error = error
        assert SLACK.caller(server).deliver(OPENED) == outcome
        assert server.messages == []


class Hurried(Slack):
    """A wrong reader: HTTP 200 is a yes."""

    def read(self, item: Item, reply: Reply) -> Outcome:
        return Delivered() if reply.status == 200 else super().read(item, reply)


def test_whoever_trusts_http_loses_the_message():
    with SlackServer() as server:
        server.error = "channel_not_found"
        caller = replace(SLACK.caller(server), provider=Hurried())
        assert isinstance(caller.deliver(OPENED), Delivered)
        assert server.messages == []


def test_a_token_that_is_none_is_refused():
    with SlackServer() as server:
        caller = replace(SLACK.caller(server), secrets={"token": "xoxb-wrong"})
        assert caller.deliver(OPENED) == Refused("invalid_auth")


def test_a_lost_answer_is_settled_by_looking():
    with SlackServer() as server:
        caller = SLACK.caller(server)
        server.misbehave(ERROR_AFTER_TAKING)
        assert isinstance(caller.deliver(OPENED), Unsure)
        assert found(caller, replace(OPENED, may_repeat=True)) == {"ts": ROOT["ts"]}
        assert found(caller, at_step(Step.OPEN, number=7)) is None


@pytest.mark.parametrize("fault", [ERROR, ERROR_AFTER_TAKING])
def test_an_answer_in_a_thread_is_looked_for_there(fault):
    with SlackServer() as server:
        caller = opened(server)
        server.misbehave(fault)
        update = replace(at_step(Step.UPDATE, number=1), at=AT.replace(year=2025))
        assert isinstance(caller.deliver(update), Unsure)
        assert found(caller, update) == (None if fault is ERROR else {})
        # The channel alone does not show it.
        assert found(replace(caller, memo={}), update) is None


def test_without_metadata_what_arrived_is_not_found():
    """The server shows metadata only where it is asked for, so that the asking is proved."""
    with SlackServer() as server:
        caller = opened(server)
        look = Slack().look(OPENED, caller.account, caller.secrets, {})
        assert Slack().found(OPENED, send(look)) is not None
        blind = replace(look, url=look.url.replace("include_all_metadata=true", "x=1"))
        assert Slack().found(OPENED, send(blind)) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"messages": {}}',
        b'{"ok": false, "error": "ratelimited"}',
        b'{"messages": [null, "x", {"metadata": []}, {"metadata": {"event_payload": 7}}]}',
    ],
)
def test_an_answer_that_lists_nothing_finds_nothing(body):
    is_list = b'"messages": [' in body
    found = Slack().found(OPENED, Reply(status=200, body=body))
    assert found is None if is_list else isinstance(found, Unsure)


def test_a_person_is_reached_by_id():
    call = Slack().build(replace(OPENED, address="U0123ABCD"), Account(id="a"), {"token": "x"}, {})
    assert call.url == "https://slack.com/api/chat.postMessage"
    assert b'"channel": "U0123ABCD"' in call.body


@pytest.mark.parametrize("channel", ["#ops", "ops", "C", "C0123 ABCD", "<!here>"])
def test_a_channel_is_named_by_its_id(channel):
    account = Account(id="a", options={"channel": channel})
    for act in (
        lambda: Slack().check(account),
        lambda: Slack().build(OPENED, account, {"token": "x"}, {}),
        lambda: Slack().build(
            replace(OPENED, address=channel), Account(id="a"), {"token": "x"}, {}
        ),
    ):
        with pytest.raises(OptionsInvalid) as caught:
            act()
        assert caught.value.context["option"] == "channel"


def test_the_official_description_judges_every_call(shared_knowledge):
    assert official("slack/slack_web_openapi_v2_without_examples.json") is not None
    with SlackServer() as server:
        call = SLACK.caller(server).build(OPENED)
        assert isinstance(call, HttpCall)
        for good, wrong in ((b'"mrkdwn": false', b'"mrkdwn": "no"'), (b'"mrkdwn"', b'"markdown"')):
            assert send(replace(call, body=call.body.replace(good, wrong))).status == 400
        assert all("description" in breach for breach in server.forgive())
        assert send(call).status == 200
