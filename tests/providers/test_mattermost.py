"""Mattermost: threads, priorities, texts that stay texts."""

from dataclasses import replace

import pytest
from providers.calling import send
from providers.chats import MATTERMOST
from providers.contract_server import ERROR_AFTER_TAKING
from providers.examples import DESK, OPENED, at_step
from providers.mattermost_server import CHANNEL, MattermostServer

from services.providers.errors import OptionsInvalid
from services.providers.mattermost import Mattermost
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Refused,
    Reply,
    Step,
    Unsure,
)

FIRST = "p" + "0" * 25
HOME = "https://chat.example.com"


def test_one_thread_tells_the_whole_life():
    with MattermostServer() as server:
        caller = MATTERMOST.caller(server)
        outcome = caller.deliver(OPENED)
        assert outcome == Delivered({"post_id": FIRST})
        caller.memo = {"post_id": FIRST}
        for number, step in enumerate((Step.UPDATE, Step.ACKNOWLEDGE, Step.RESOLVE), 1):
            assert caller.deliver(at_step(step, number=number)) == Delivered({})
        roots = [post.get("root_id") for post in server.posts.values()]
        assert roots == [None, FIRST, FIRST, FIRST]


@pytest.mark.parametrize(
    ("severity", "priority"),
    [(1, "urgent"), (2, "urgent"), (3, "important"), (4, None), (5, None)],
)
def test_only_a_new_page_has_a_priority(severity, priority):
    with MattermostServer() as server:
        caller = MATTERMOST.caller(server)
        caller.deliver(replace(OPENED, severity=severity))
        caller.deliver(replace(at_step(Step.UPDATE, number=1), severity=severity))
        first, second = server.posts.values()
        given = first.get("metadata", {}).get("priority", {}).get("priority")
        assert (given, "metadata" in second) == (priority, False)


def test_an_acknowledgement_is_asked_for_only_where_it_may_be():
    options = {"channel": CHANNEL, "asks_acknowledgement": "yes"}
    with MattermostServer() as server:
        caller = replace(MATTERMOST.caller(server), options=options)
        assert isinstance(caller.deliver(OPENED), Refused)
        server.is_licensed = True
        assert isinstance(caller.deliver(OPENED), Delivered)
        assert server.posts[FIRST]["metadata"]["priority"]["requested_ack"] is True


def test_text_calls_nobody_and_marks_nothing_up():
    text = "@channel **b** [x](https://evil.example/a_b) ~town `c` <x> https://u.example/@all"
    item = replace(OPENED, summary="# @here", text=text, acknowledge_url=f"{DESK}/a(1)")
    with MattermostServer() as server:
        MATTERMOST.caller(server).deliver(item)
        title, said, answer, opened = server.posts[FIRST]["message"].split("\n\n")
        assert title == "#### INC-1042 \\# @\u200bhere"
        assert said == (
            "@\u200bchannel \\*\\*b\\*\\* \\[x\\]\\(https://evil.example/a_b\\) \\~town "
            "\\`c\\` \\<x\\> https://u.example/@\u200ball"
        )
        assert answer == f"[Acknowledge]({DESK}/a%281%29)"
        assert opened == f"[Open INC-1042]({DESK}/INC-1042)"


def test_a_mention_breaks_the_contract():
    with MattermostServer() as server:
        call = MATTERMOST.caller(server).build(replace(OPENED, summary="@all"))
        assert isinstance(call, HttpCall)
        body = call.body.decode().replace("\u200b", "")
        assert send(replace(call, body=body.encode())).status == 400
        assert server.forgive() == ["somebody is mentioned"]


def test_the_longest_message_is_taken():
    long = f"{DESK}/" + "(" * 670
    item = replace(OPENED, reference="", summary="*" * 9_000, text="@" * 90_000, url=long)
    with MattermostServer() as server:
        caller = MATTERMOST.caller(server)
        longest = replace(item, acknowledge_url=long, decline_url=long)
        assert isinstance(caller.deliver(longest), Delivered)


@pytest.mark.parametrize(("remembers", "posts"), [(True, 1), (False, 2)])
def test_a_repeat_is_the_same_post_only_while_the_server_remembers(remembers, posts):
    """Therefore nothing here calls itself safe to repeat."""
    with MattermostServer() as server:
        server.remembers = remembers
        caller = MATTERMOST.caller(server)
        server.misbehave(ERROR_AFTER_TAKING)
        assert isinstance(caller.deliver(OPENED), Unsure)
        assert isinstance(caller.deliver(replace(OPENED, may_repeat=True)), Delivered)
        assert len(server.posts) == posts
        call = caller.build(OPENED)
    assert call is not None
    assert not Mattermost.is_idempotent
    assert not call.is_replayable


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"secrets": {"token": "wrong"}}, "session_expired"),
        ({"options": {"channel": "x" * 26}}, "permissions"),
    ],
)
def test_a_no_is_shown_in_the_servers_words(changed, word):
    with MattermostServer() as server:
        outcome = replace(MATTERMOST.caller(server), **changed).deliver(OPENED)
        assert isinstance(outcome, Refused)
        assert word in outcome.reason


@pytest.mark.parametrize(
    ("options", "option"),
    [
        ({"channel": "town-square"}, "channel"),
        ({"channel": "X" * 26}, "channel"),
        ({"channel": CHANNEL, "asks_acknowledgement": "maybe"}, "asks_acknowledgement"),
    ],
)
def test_wrong_options_are_named(options, option):
    account = Account(id="a", base_url=HOME, options=options)
    for act in (
        lambda: Mattermost().check(account),
        lambda: Mattermost().build(OPENED, account, {"token": "x"}, {}),
    ):
        with pytest.raises(OptionsInvalid) as caught:
            act()
        assert caught.value.context["option"] == option


def test_a_channel_may_be_the_address():
    account = Account(id="a", base_url=HOME + "/sub/")
    with pytest.raises(OptionsInvalid):
        Mattermost().build(OPENED, account, {"token": "x"}, {})
    call = Mattermost().build(replace(OPENED, address=CHANNEL), account, {"token": "x"}, {})
    assert call.url == HOME + "/sub/api/v4/posts"


def test_a_lost_answer_is_settled_by_looking():
    with MattermostServer() as server:
        caller = MATTERMOST.caller(server)
        provider = caller.provider
        assert isinstance(provider, Mattermost)
        look = provider.look(OPENED, caller.account, caller.secrets, {})
        assert look is not None
        assert provider.found(OPENED, send(look)) is None
        server.misbehave(ERROR_AFTER_TAKING)
        assert isinstance(caller.deliver(OPENED), Unsure)
        (post_id,) = server.posts
        assert provider.found(OPENED, send(look)) == {"post_id": post_id}
        assert provider.found(at_step(Step.OPEN, number=7), send(look)) is None
        assert isinstance(provider.found(OPENED, Reply(status=200, body=b"[]")), Unsure)
