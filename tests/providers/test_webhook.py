"""Standard Webhooks: what leaves here verifies there, with the standard's own library."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from providers.calling import Caller, send
from providers.examples import DESK, OPENED, at_step
from providers.webhook_server import OLD_SECRET, PATH, SECRET, WebhookServer
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.providers.errors import OptionsInvalid
from services.providers.provider import Account, Delivered, HttpCall, Step
from services.providers.standard_webhooks import StandardWebhooks

ACCOUNT = Account(id="a", base_url="https://receiver.example/hook?key=s3cr3t")


def built(item=OPENED, secret=SECRET) -> HttpCall:
    return StandardWebhooks().build(item, ACCOUNT, {"signing_secret": secret}, {})


def test_the_official_library_verifies_a_webhook_of_now():
    now = datetime.now(UTC)
    call = built(replace(OPENED, at=now))
    told = Webhook(SECRET).verify(call.body, dict(call.headers))
    assert told["type"] == "incident.opened"
    assert told["data"]["summary"] == "Checkout is failing"
    for body, secret in [(call.body + b" ", SECRET), (call.body, OLD_SECRET)]:
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body, dict(call.headers))
    old = built(replace(OPENED, at=now - timedelta(hours=1)))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(old.body, dict(old.headers))


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_while_a_secret_changes_both_verify(secret):
    with WebhookServer(secret) as server:
        secrets = {"signing_secret": f"{SECRET} {OLD_SECRET}"}
        caller = Caller(StandardWebhooks(), server, secrets, path=PATH)
        assert caller.deliver(OPENED) == Delivered()


def test_a_changed_body_breaks_the_contract():
    with WebhookServer() as server:
        caller = Caller(StandardWebhooks(), server, {"signing_secret": SECRET}, path=PATH)
        call = caller.build(OPENED)
        body = call.body.replace(b"SEV1", b"SEV3")
        changed = HttpCall(method="POST", url=call.url, headers=call.headers, body=body)
        assert send(changed).status == 400
        assert server.forgive() == ["the signature"]


def test_the_id_is_the_delivery_s_and_the_time_the_attempt_s():
    first, again = built(), built(replace(OPENED, at=OPENED.at + timedelta(minutes=5)))
    assert first.headers["webhook-id"] == again.headers["webhook-id"] == f"msg_{OPENED.key}"
    assert int(again.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 300
    assert first.headers["webhook-signature"] != again.headers["webhook-signature"]
    assert first.secret_in_url


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (Step.OPEN, "incident.opened"),
        (Step.UPDATE, "incident.updated"),
        (Step.ACKNOWLEDGE, "incident.acknowledged"),
        (Step.RESOLVE, "incident.resolved"),
    ],
)
def test_each_step_has_its_type(step, told):
    with WebhookServer() as server:
        caller = Caller(StandardWebhooks(), server, {"signing_secret": SECRET}, path=PATH)
        item = replace(at_step(step), acknowledge_url=f"{DESK}/a/1", decline_url="javascript:x")
        assert caller.deliver(item) == Delivered()
        (event,) = server.events.values()
        assert event["type"] == told
        assert event["data"]["acknowledge_url"] == f"{DESK}/a/1"
        assert "decline_url" not in event["data"]


@pytest.mark.parametrize(
    "secret",
    ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_%%%", "whsec_é"],
)
def test_a_secret_that_is_none_is_refused_without_telling_it(secret):
    with pytest.raises(OptionsInvalid) as caught:
        built(secret=secret)
    assert caught.value.context["option"] == "signing_secret"
    assert not secret[6:] or secret[6:] not in str(caught.value.context)
