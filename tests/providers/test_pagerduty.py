"""PagerDuty: one incident through its life under one key."""

from dataclasses import replace

import pytest
from providers.calling import Caller, send
from providers.examples import DESK, OPENED, at_step
from providers.pagerduty_server import ROUTING_KEY, PagerDutyServer

from services.providers.pagerduty import BASE_URL, PagerDuty
from services.providers.provider import Account, Delivered, HttpCall, Step

SECRETS = {"routing_key": ROUTING_KEY}
KEY = "acme/INC-1042"


def test_the_life_of_an_incident():
    with PagerDutyServer() as server:
        caller = Caller(PagerDuty(), server, SECRETS)
        for step in (Step.OPEN, Step.OPEN, Step.UPDATE, Step.ACKNOWLEDGE):
            assert isinstance(caller.deliver(at_step(step)), Delivered)
        words = "INC-1042 Checkout is failing"
        assert server.log == {KEY: [words, words, f"Update: {words}", "acknowledged"]}
        assert isinstance(caller.deliver(at_step(Step.RESOLVE)), Delivered)
        assert (server.log, server.closed) == ({}, [KEY])
        for step in (Step.ACKNOWLEDGE, Step.RESOLVE):
            assert isinstance(caller.deliver(at_step(step)), Delivered)
        assert server.dropped == ["acknowledge", "resolve"]
        caller.deliver(OPENED)
        assert len(server.log[KEY]) == 1


@pytest.mark.parametrize(
    ("severity", "told"),
    [(1, "critical"), (2, "error"), (3, "warning"), (4, "info"), (5, "info")],
)
def test_severity_is_told_in_its_words(severity, told):
    with PagerDutyServer() as server:
        Caller(PagerDuty(), server, SECRETS).deliver(replace(OPENED, severity=severity))
        event = server.requests[0].json()
        assert event["payload"]["severity"] == told
        assert event["payload"]["timestamp"] == "2026-11-21T09:00:00.250000+00:00"
        assert event["client_url"] == f"{DESK}/INC-1042"


def test_a_repeat_bears_the_same_title():
    account = Account(id="a")
    first, second = (
        PagerDuty().build(replace(OPENED, may_repeat=repeats), account, SECRETS, {})
        for repeats in (False, True)
    )
    assert (first.url, first.body) == (f"{BASE_URL}/v2/enqueue", second.body)


def test_answer_links_stay_out_of_the_account():
    item = replace(OPENED, acknowledge_url=f"{DESK}/a/1", decline_url=f"{DESK}/d/1")
    call = PagerDuty().build(item, Account(id="a"), SECRETS, {})
    assert f"{DESK}/INC-1042".encode() in call.body
    assert f"{DESK}/a".encode() not in call.body
    assert f"{DESK}/d".encode() not in call.body


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        (b'"acme/INC-1042"', b'""', "dedup_key"),
        (b'"critical"', b'"SEV1"', "severity"),
        (b"Checkout", b"x" * 1_025, "summary"),
        (b'"trigger"', b'"open"', "action"),
        (b'"client"', b'"klient"', "known fields"),
        (b'"trigger"', b'"resolve"', "no payload"),
    ],
)
def test_the_contract_is_strict(right, wrong, rule):
    with PagerDutyServer() as server:
        call = Caller(PagerDuty(), server, SECRETS).build(OPENED)
        body = call.body.replace(right, wrong, 1)
        assert (
            send(HttpCall(method="POST", url=call.url, headers=call.headers, body=body)).status
            == 400
        )
        assert rule in server.forgive()[0]
