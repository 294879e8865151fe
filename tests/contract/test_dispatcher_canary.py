"""Secrets go to the provider they belong to, and nowhere else: not into words, logs or records."""

import base64
import io
import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from builders import ADAM, office_at
from contract.dispatching import Sending, reached_through
from paging_world import PUSH, paging_in_file
from providers import contract_server as servers
from providers.contract_server import Answer, ContractServer, Fault, Received

from services.core.ids import new_id
from services.dispatcher import event_log
from services.dispatcher.poison import Poison
from services.paging.destination import ProviderKind
from services.paging.notice_commands import SendTest
from services.providers.catalogue import PROVIDER_OF, PROVIDERS

CANARY = "cAnArY7f3e91xQ5b8cAnArY7f3e91xQ2"
"""As long as a routing key."""
SIGNING = f"whsec_{base64.b64encode(CANARY.encode()).decode()}"
FORMS = (
    CANARY,
    quote(CANARY),
    base64.b64encode(CANARY.encode()).decode().rstrip("="),
    CANARY.encode().hex(),
)
OPTIONS = {
    "twilio_sms": {"account_sid": "AC" + "0" * 32, "from": "+15550001111"},
    "twilio_voice": {"account_sid": "AC" + "0" * 32, "from": "+15550001111"},
    "slack": {"channel": "C0123ABCD"},
    "email": {"host": "127.0.0.1", "port": "1", "sender": "desk@desk.example", "login": "desk"},
    "statuspage": {"page": "kctbh9vrtdwd"},
    "instatus": {"page": "ckf01fonve9i40a32oas5b0uw"},
    "static_page": {"target": "folder", "path": "/nowhere/status"},
}
ADDRESSES = {
    "email": "maya@desk.example",
    "ntfy": "oncall-kim",
    "twilio_sms": "+15551234567",
    "twilio_voice": "+15551234567",
    "slack": "C0123ABCD",
    "matrix": "!room:matrix.example",
    "mattermost": "a" * 26,
}
OWN_CLIENTS = {"email", "apprise", "static_page"}
"""What speaks no HTTP through us."""

FAULTS = [
    servers.ERROR,
    servers.CUT,
    servers.CLOSED,
    servers.throttle(Retry_After="5"),
    servers.UNAUTHORISED,
    servers.REDIRECT,
    # A provider that repeats what it was sent.
    Fault(answer=Answer(400, f"bad token {CANARY}, see https://x.example/?k={CANARY}".encode())),
    Fault(answer=Answer(500, CANARY.encode())),
]


class Anything(ContractServer):
    """Takes whatever comes, and sees the canary in it."""

    saw_canary = False

    def _judged(self, request: Received, fault: Fault) -> tuple[servers.Way, Answer]:
        self._look(request)
        return super()._judged(request, fault)

    def answer(self, request: Received) -> Answer:
        return Answer(200, b"{}")

    def _look(self, request: Received) -> None:
        whole = f"{request.path}{request.query}{request.headers}".encode() + request.body
        self.saw_canary |= any(form.encode() in whole for form in FORMS) or b"Basic " in whole


@contextmanager
def listening() -> Iterator[io.StringIO]:
    """What the dispatcher would write, as it would write it."""
    stream, ours, root = io.StringIO(), logging.getLogger("services"), logging.getLogger()
    before = (ours.level, ours.propagate, list(ours.handlers), list(root.handlers))
    event_log.listen(as_json=True, stream=stream)
    try:
        yield stream
    finally:
        ours.setLevel(before[0])
        ours.propagate = before[1]
        ours.handlers[:], root.handlers[:] = before[2], before[3]


def leaks(text: str) -> list[str]:
    """The forms of the canary that a text holds."""
    return [form for form in FORMS if form.lower() in text.lower()]


@pytest.mark.parametrize("kind", [provider.kind for provider in PROVIDERS])
def test_no_secret_is_told(kind: str, monkeypatch: Any, tmp_path: Any) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(Anything())
        secret_url = f"{server.url}/{CANARY}?token={CANARY}"
        base_url = secret_url if kind == "webhook" else server.url
        options = json.dumps(OPTIONS.get(kind, {}))
        reached = reached_through(monkeypatch, ProviderKind(kind), base_url, options)
        stack.enter_context(reached)
        office = stack.enter_context(office_at())
        world = stack.enter_context(paging_in_file(office))
        stream = stack.enter_context(listening())
        slots = dict.fromkeys(PROVIDER_OF[kind].secrets, CANARY)
        special = {"signing_secret": SIGNING, "url": secret_url}
        given = {slot: special.get(slot, text) for slot, text in slots.items()}
        sender = Sending(world, tmp_path, given)
        server.misbehave(*FAULTS)
        for _ in FAULTS:
            moment = office.clock.now()
            test = SendTest(
                delivery_id=new_id(moment), destination_id=PUSH, address=ADDRESSES.get(kind, "")
            )
            world.desk.do(test, ADAM)
            sender.after(2_000)
        server._faults.clear()
        told = stream.getvalue()
        kept = str([*sender.attempts(), *sender.deliveries()]) + sender.figures.text()
    assert '"event": "attempt"' in told
    assert kind in OWN_CLIENTS or (server.saw_canary and len(server.requests) >= len(FAULTS))
    assert leaks(told) == []
    assert leaks(kept) == []


def test_a_program_that_logs_one_is_caught() -> None:
    """Negative control: the same look sees what is really told."""
    with listening() as stream:
        logging.getLogger("services.dispatcher").info("called", extra={"facts": {"url": CANARY}})
    assert leaks(stream.getvalue())


def test_a_bug_does_not_tell_what_it_held() -> None:
    def work() -> None:
        raise KeyError(CANARY)

    with listening() as stream:
        assert Poison().survive(work, lambda name: name) == "KeyError"
        try:
            work()
        except KeyError:
            logging.getLogger("services.dispatcher").exception("failed")
    assert "KeyError at" in stream.getvalue()
    assert leaks(stream.getvalue()) == []
