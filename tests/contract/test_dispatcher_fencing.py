"""Whoever stood still, or whose database went away, records nothing that is another's."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from contract.dispatching import Receiving, Sending

from services.dispatcher.sender import Sender
from services.paging.engine import LEASE_S, Claimed
from services.paging.page import DeliveryState, Outcome
from services.sync.errors import SharedUnreachable

# -- fencing -------------------------------------------------------------------------------


class Slow:
    """A transport that stands still for longer than the lease, before or after the call."""

    def __init__(self, sender: Sending, *, before: bool) -> None:
        self._sender, self._before = sender, before
        self._inner = sender.sender._around.transport
        self.problem = ""
        """What went wrong meanwhile; the sender would take it for a bug of the call."""

    def _freeze(self) -> None:
        self._sender.now_s += LEASE_S + 1
        self._sender.world.office.clock.advance(timedelta(seconds=LEASE_S + 1))

    def send(self, call: Any, **given: Any) -> Any:
        if self._before:
            self._freeze()
        answer = self._inner.send(call, **given)
        if not self._before:
            self._freeze()
            try:
                self.meanwhile()
            except BaseException as error:
                self.problem = repr(error)
        return answer

    def meanwhile(self) -> None:
        """Another dispatcher takes the delivery over, and fails."""
        engine = self._sender.world.engine
        claimed = engine.claim("other", "")
        assert claimed is not None
        assert engine.finish(claimed, Outcome.REFUSED, reason="by the other")


def test_who_comes_back_from_the_dead_records_nothing(sending: Receiving) -> None:
    sender, _ = sending
    sender.world.page()
    around = sender.sender._around
    transport = Slow(sender, before=False)
    sender.sender = Sender(replace(around, transport=transport))
    sender.world.after(0)
    assert sender.send_one()
    assert not transport.problem
    assert sender.deliveries()[0].state is DeliveryState.REFUSED
    assert sender.deliveries()[0].reason == "by the other"
    assert "firstline_attempts_fenced_total 1" in sender.figures.text()


def test_without_the_fence_the_dead_overwrite_the_living(sending: Receiving) -> None:
    """Negative control: the test above sees it when the token is not asked for."""
    sender, _ = sending
    sender.world.page()
    around = sender.sender._around
    engine = around.engine
    told: list[bool] = []

    class Unfenced:
        def __getattr__(self, name: str) -> Any:
            return getattr(engine, name)

        def finish(self, claimed: Claimed, outcome: Outcome, **given: Any) -> bool:
            current = sender.deliveries()[0].lease_token
            told.append(engine.finish(replace(claimed, lease_token=current), outcome, **given))
            return told[-1]

    transport = Slow(sender, before=False)
    transport.meanwhile = lambda: engine.claim("other", "")  # type: ignore[method-assign]
    sender.sender = Sender(replace(around, transport=transport, engine=Unfenced()))
    sender.world.after(0)
    assert sender.send_one()
    assert told == [True]
    assert sender.deliveries()[0].state is DeliveryState.DELIVERED


def test_who_stood_still_before_the_call_does_not_make_it(sending: Receiving) -> None:
    sender, server = sending
    sender.world.page()
    around = sender.sender._around

    class Frozen:
        def __getattr__(self, name: str) -> Any:
            return getattr(around.engine, name)

        def claim_many(self, *given: Any) -> Sequence[Claimed]:
            claimed = around.engine.claim_many(*given)
            sender.now_s += LEASE_S
            return claimed

    sender.sender = Sender(replace(around, engine=Frozen()))
    sender.world.after(0)
    assert sender.send_one()
    assert server.requests == []
    assert sender.attempts()[0].reason == "not called: the lease is over"


# -- the database is away ------------------------------------------------------------------


class Away:
    """A database that goes away when something is recorded, for so many times."""

    def __init__(self, engine: Any, times: int) -> None:
        self._engine, self._left = engine, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def finish(self, *given: Any, **more: Any) -> bool:
        self._left -= 1
        if self._left >= 0:
            raise SharedUnreachable(problem="away")
        return bool(self._engine.finish(*given, **more))


def test_an_end_is_recorded_when_the_database_is_back(sending: Receiving) -> None:
    sender, server = sending
    sender.world.page()
    around = sender.sender._around
    sender.sender = Sender(replace(around, engine=Away(around.engine, 3)))
    sender.after(0)
    assert sender.deliveries()[0].state is DeliveryState.DELIVERED
    assert len(server.requests) == 1
    assert sender.waited_s == [1.0, 1.0, 1.0]


def test_who_cannot_record_gives_up_with_the_lease(sending: Receiving, caplog) -> None:
    sender, server = sending
    sender.world.page()
    around = sender.sender._around
    sender.sender = Sender(replace(around, engine=Away(around.engine, 10_000)))
    sender.world.after(0)
    assert sender.send_one()
    assert sender.now_s == LEASE_S
    assert "not-recorded" in caplog.messages
    sender.sender = Sender(around)
    assert sender.after(LEASE_S + 1) == 1
    first, second = (json.loads(request.body)["data"] for request in server.requests)
    assert (first["may_repeat"], second["may_repeat"]) == (False, True)
