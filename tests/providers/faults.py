"""Every misbehaviour of a provider, and what it must be read as."""

from collections.abc import Mapping
from dataclasses import dataclass

from providers import contract_server as servers
from providers.calling import IMPATIENCE_S, PATIENCE_S, Caller
from providers.contract_server import Answer, Fault, throttle
from providers.examples import OPENED

from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Outcome,
    Provider,
    Refused,
    Reply,
    Retry,
    Unsure,
)
from services.providers.replies import LONGEST_WAIT_S


@dataclass(frozen=True, kw_only=True)
class Case:
    """A misbehaviour and the kind of outcome it is."""

    name: str
    fault: Fault
    expected: type[Outcome]
    after_s: float | None = None
    disables: bool = False
    patience_s: float = PATIENCE_S

    def __str__(self) -> str:
        return self.name


def _told_to_wait(name: str, fault: Fault, after_s: float | None) -> Case:
    return Case(name=name, fault=fault, expected=Retry, after_s=after_s)


LOST = [
    Case(name="silence", fault=servers.SILENCE, expected=Unsure, patience_s=IMPATIENCE_S),
    Case(name="drip", fault=servers.DRIP, expected=Unsure, patience_s=IMPATIENCE_S),
    Case(name="cut", fault=servers.CUT, expected=Unsure),
    Case(name="closed", fault=servers.CLOSED, expected=Unsure),
]
WAITS = [
    _told_to_wait("nothing said", throttle(), None),
    _told_to_wait("seconds", throttle(Retry_After="30"), 30),
    _told_to_wait("fraction", throttle(Retry_After="1.5"), 1.5),
    _told_to_wait("date", throttle(Retry_After="Sat, 21 Nov 2026 09:02:00 GMT"), 119.75),
    _told_to_wait("old date", throttle(Retry_After="Sat, 21 Nov 2020 09:02:00 GMT"), None),
    _told_to_wait("negative", throttle(Retry_After="-5"), None),
    _told_to_wait("nothing", throttle(Retry_After="0"), None),
    _told_to_wait("absurd", throttle(Retry_After="9" * 400), LONGEST_WAIT_S),
    _told_to_wait("far date", throttle(Retry_After="Fri, 31 Dec 9999 23:59:59 GMT"), 3_600),
    _told_to_wait("words", throttle(Retry_After="soon"), None),
    _told_to_wait("other digits", throttle(Retry_After="nan"), None),
    _told_to_wait("reset", throttle(RateLimit_Reset="12"), 12),
    _told_to_wait("period", throttle(X_RateLimit_Period_In_Sec="60"), 60),
    _told_to_wait("milliseconds", throttle(body=b'{"retry_after_ms": 2500}'), 2.5),
    _told_to_wait("odd milliseconds", throttle(body=b'{"retry_after_ms": true}'), None),
    _told_to_wait("deep answer", throttle(body=b"[" * 60_000), None),
    *(_told_to_wait(f"status {status}", throttle(status), None) for status in (408, 420, 425)),
]
ANSWERED = [
    Case(name="error", fault=servers.ERROR, expected=Unsure),
    Case(name="error after taking", fault=servers.ERROR_AFTER_TAKING, expected=Unsure),
    Case(name="redirect", fault=servers.REDIRECT, expected=Refused),
    Case(name="gone", fault=servers.GONE, expected=Refused, disables=True),
    Case(name="unauthorised", fault=servers.UNAUTHORISED, expected=Refused),
    *WAITS,
]
DOUBTFUL = [
    Case(name="huge", fault=servers.HUGE, expected=Unsure),
    Case(
        name="somebody else's page",
        fault=Fault(answer=Answer(200, b"<h1>Sign in to the Wi-Fi</h1>"), is_taken=False),
        expected=Unsure,
    ),
    Case(
        name="nothing in it",
        fault=Fault(answer=Answer(200), is_taken=False),
        expected=Unsure,
    ),
]
"""Successes by their status alone."""


def assert_reads_rightly(caller: Caller, case: Case, item: Item = OPENED) -> None:
    """One delivery under one misbehaviour ends as it must, and tells no secret."""
    caller.server.misbehave(case.fault)
    outcome = caller.deliver(item, case.patience_s)
    caller.server.await_seen(1)
    assert isinstance(outcome, case.expected), outcome
    if isinstance(outcome, Retry):
        assert outcome.after_s == case.after_s
    if isinstance(outcome, Refused):
        assert outcome.disables == case.disables
    # A redirect that was followed would be a second request, with the secrets in it.
    assert len(caller.server.requests) == 1


def echo_of(call: HttpCall) -> Fault:
    """A refusal that repeats all it was told, the secrets included."""
    told = [call.url, *(f"{name}: {value}" for name, value in call.headers.items())]
    return Fault(answer=Answer(400, "\n".join(told).encode() + call.body), is_taken=False)


class Optimist:
    """A wrong reader: whatever was answered, it arrived."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.kind, self.secrets = provider.kind, provider.secrets
        self.is_idempotent = provider.is_idempotent

    def check(self, account: Account) -> None:
        self._provider.check(account)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        call = self._provider.build(item, account, secrets, memo)
        assert call is None or isinstance(call, HttpCall)
        return call

    def read(self, item: Item, reply: Reply) -> Outcome:
        return Delivered()


class Pessimist(Optimist):
    """A wrong reader: whatever was answered, it did not arrive."""

    def read(self, item: Item, reply: Reply) -> Outcome:
        return Refused("no")


def optimistic(caller: Caller) -> Caller:
    return Caller(
        Optimist(caller.provider), caller.server, caller.secrets, caller.options, caller.path
    )
