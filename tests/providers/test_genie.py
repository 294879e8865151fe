"""JSM Operations and Opsgenie: one alert through its life, and what its requests came to."""

from dataclasses import replace

import pytest
from providers.calling import Caller, send
from providers.examples import DESK, OPENED, at_step
from providers.genie_server import API_KEY, PATH, GenieServer
from providers.official_schema import official

from services.providers.genie import BASE_URL, GenieAlerts
from services.providers.provider import Account, Delivered, HttpCall, Reply, Step

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
def test_an_act_on_nothing_is_taken_and_only_looking_tells(step):
    with GenieServer() as server:
        caller = caller_of(server)
        outcome = caller.deliver(at_step(step))
        assert isinstance(outcome, Delivered)
        assert look(caller, step, outcome.memo) is None
        opened = caller.deliver(OPENED)
        assert look(caller, Step.OPEN, opened.memo) == {"alert_id": "alert-acme-INC-1042"}


@pytest.mark.parametrize("step", [Step.OPEN, Step.ACKNOWLEDGE, Step.RESOLVE])
def test_a_request_whose_number_was_lost_is_found_by_the_alert(step):
    with GenieServer() as server:
        caller = caller_of(server)
        if step is not Step.OPEN:
            caller.deliver(OPENED)
        assert look(caller, step, {}) is None
        assert isinstance(caller.deliver(at_step(step)), Delivered)
        assert look(caller, step, {}) == {"alert_id": "alert-acme-INC-1042"}


def test_an_alert_tells_nothing_of_its_notes():
    with GenieServer() as server:
        caller = caller_of(server)
        caller.deliver(OPENED)
        caller.deliver(at_step(Step.UPDATE))
        assert look(caller, Step.UPDATE, {}) is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=404, body=b'{"data": {"isSuccess": true, "alertId": "x"}}'),
        Reply(status=200, body=b"<h1>sign in</h1>"),
        Reply(status=200, body=b'{"data": []}'),
        Reply(status=200, body=b'{"data": {"isSuccess": false, "alertId": "x"}}'),
        Reply(status=200, body=b'{"data": {"isSuccess": "true", "alertId": "x"}}'),
        Reply(status=200, body=b'{"data": {"isSuccess": true}}'),
    ],
)
def test_what_does_not_say_so_is_not_found(reply):
    assert GenieAlerts().found(OPENED, reply) is None


def look(caller: Caller, step: Step, memo: dict[str, str]) -> object:
    genie = GenieAlerts()
    call = genie.look(at_step(step), caller.account, SECRETS, memo)
    return genie.found(at_step(step), send(call))


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
