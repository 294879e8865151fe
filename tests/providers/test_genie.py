"""JSM Operations and Opsgenie: one alert through its life, and what its requests came to."""

import json
from dataclasses import replace

import pytest
from providers.calling import Caller, send
from providers.examples import DESK, OPENED, at_step
from providers.genie_server import API_KEY, PATH, GenieServer
from providers.official_schema import official

from services.providers.genie import ASK_AFTER_S, BASE_URL, GenieAlerts
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

SECRETS = {"api_key": API_KEY}
TEAM = "4513b7ea-3b91-438f-b7e4-e3e54af9147d"


def caller_of(server: GenieServer, **options: str) -> Caller:
    return Caller(GenieAlerts(), server, SECRETS, options, PATH)


def test_the_life_of_an_alert():
    with GenieServer() as server:
        caller = caller_of(server, team=TEAM)
        for _ in range(2):
            assert isinstance(caller.deliver(OPENED), Delivered)
        (alert,) = server.alerts.values()
        assert (alert["alias"], alert["count"], alert["priority"]) == ("acme-INC-1042", 2, "P1")
        assert alert["message"] == "INC-1042 Checkout is failing"
        assert alert["description"].endswith(f"\n{DESK}/INC-1042")
        assert alert["responders"] == [{"type": "team", "id": TEAM}]
        assert alert["details"] == {"number": "INC-1042", "url": f"{DESK}/INC-1042"}
        for step in (Step.UPDATE, Step.ACKNOWLEDGE, Step.RESOLVE):
            assert isinstance(caller.deliver(at_step(step)), Delivered)
        assert alert["acknowledged"]
        assert not server.alerts
        caller.deliver(OPENED)
        assert server.alerts["acme-INC-1042"]["count"] == 1
        assert len(server.ended) == 1


@pytest.mark.parametrize("severity", [1, 2, 3, 4, 5])
def test_severity_is_told_as_priority(severity):
    with GenieServer() as server:
        caller_of(server, team="Checkout").deliver(replace(OPENED, severity=severity))
        (alert,) = server.alerts.values()
        assert alert["priority"] == f"P{severity}"
        assert alert["responders"] == [{"type": "team", "name": "Checkout"}]


@pytest.mark.parametrize("step", [Step.ACKNOWLEDGE, Step.RESOLVE])
def test_an_act_on_nothing_is_taken_and_then_refused(step):
    with GenieServer() as server:
        outcome = caller_of(server).deliver(at_step(step))
    assert isinstance(outcome, Refused)
    assert outcome.reason == "taken, but not done: HTTP 200: Alert does not exist"


def test_it_has_arrived_when_its_request_says_so():
    with GenieServer() as server:
        server.done_after = len(ASK_AFTER_S) - 1
        outcome = caller_of(server).deliver(OPENED)
    assert isinstance(outcome, Delivered)
    assert outcome.memo["alert_id"] == "alert-acme-INC-1042"
    assert methods(server) == ["POST", *["GET"] * len(ASK_AFTER_S)]


def test_what_is_refused_afterwards_has_not_arrived():
    with GenieServer() as server:
        server.fails_with = "No team is called Checkout"
        outcome = caller_of(server).deliver(OPENED)
    assert isinstance(outcome, Refused)
    assert outcome.reason.endswith("No team is called Checkout")


def test_what_is_not_done_is_asked_for_again_and_then_made_anew():
    with GenieServer() as server:
        server.done_after = 1_000
        caller = caller_of(server)
        for _ in range(2):
            outcome = caller.deliver(OPENED)
            assert isinstance(outcome, Unsure)
            caller.memo |= outcome.memo
        asking = ["GET"] * len(ASK_AFTER_S)
        assert methods(server) == ["POST", *asking, "GET", "POST", *asking]
        server.done_after = 0
        assert isinstance(caller.deliver(OPENED), Delivered)
        assert methods(server)[-1] == "GET"
        assert len(server.alerts) == 1


def test_a_request_of_another_item_is_not_asked_for():
    with GenieServer() as server:
        caller = caller_of(server)
        caller.memo |= caller.deliver(OPENED).memo
        assert isinstance(caller.deliver(at_step(Step.ACKNOWLEDGE)), Delivered)
        assert server.alerts["acme-INC-1042"]["acknowledged"]


def test_a_key_that_may_not_read_is_believed():
    with GenieServer() as server:
        server.may_read = False
        outcome = caller_of(server).deliver(OPENED)
    assert isinstance(outcome, Delivered)
    assert outcome.reason == "taken; the key may not read what became of it"


PENDING = {"isSuccess": False, "status": "Waiting"}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (404, b'{"data": {"isSuccess": true, "alertId": "x"}}', Unsure),
        (200, b"<h1>sign in</h1>", Unsure),
        (200, b'{"data": []}', Unsure),
        (200, json.dumps({"data": PENDING}).encode(), Unsure),
        (200, b'{"data": {"isSuccess": "true", "alertId": "x"}}', Unsure),
        (500, b"", Unsure),
        (429, b"", Retry),
    ],
)
def test_what_does_not_say_so_is_not_delivered(status, body, expected):
    reply = Reply(status=status, body=body, about=str(len(ASK_AFTER_S)))
    assert isinstance(GenieAlerts().read(OPENED, reply), expected)


def test_whoever_does_not_ask_believes_what_was_refused():
    """Negative control: the tests above see it when what was taken counts as delivered."""

    class Credulous(GenieAlerts):
        def read(self, item: Item, reply: Reply) -> Outcome:
            outcome = super().read(item, reply)
            is_taken = isinstance(outcome, Delivered)
            return replace(outcome, has_more=False) if is_taken else outcome

    with GenieServer() as server:
        server.fails_with = "No team is called Checkout"
        caller = replace(caller_of(server), provider=Credulous())
        assert isinstance(caller.deliver(OPENED), Delivered)
        assert not server.alerts


def methods(server: GenieServer) -> list[str]:
    return [request.method for request in server.requests]


def test_two_keys_stay_two_aliases_and_none_leaves_its_place():
    keys = ["acme/INC-1", "acme-INC-1x", "a/../b", "a/%2e%2e/b", "a b", "a?b", "", "é", "x" * 600]
    calls = [
        GenieAlerts().build(
            replace(at_step(Step.RESOLVE), subject_key=key), Account(id="a"), SECRETS, {}
        )
        for key in keys
    ]
    paths = [call.url.removeprefix(f"{BASE_URL}/v2/alerts/") for call in calls]
    assert len(set(paths)) == len(keys)
    for path in paths:
        assert path.count("/") == 1
        assert path.endswith("/close?identifierType=alias")


def test_the_official_description_is_enforced():
    if official("opsgenie/swagger.json") is None:
        pytest.skip("the optional folder of reference data next to the checkout is absent")
    with GenieServer() as server:
        call = caller_of(server).build(OPENED)
        wrong = call.body.replace(b'"P1"', b'"P9"')
        send(HttpCall(method="POST", url=call.url, headers=call.headers, body=wrong))
        assert "P9" in server.forgive()[0]
