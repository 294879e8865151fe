"""One sender claims for all that are free, and each gets its own at once."""

import threading
from collections.abc import Iterator, Sequence

import pytest

from services.dispatcher.claims import Claims

SENDERS = 4
PATIENCE_S = 30.0
LEAVES_WITHIN_S = 0.05


class Stage:
    """Senders whose deliveries end when they are told to, and what there is to claim."""

    def __init__(self, deliveries: int) -> None:
        self.left = list(range(deliveries))
        self.asked: list[int] = []
        self.waited_for_a_sender = 0
        self.sending: set[int] = set()
        self._changed = threading.Condition()
        self._may_end: set[int] = set()
        self.claims: Claims[int] = Claims(self._claim)
        self.threads = [threading.Thread(target=self._send_on) for _ in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def _claim(self, most: int) -> Sequence[int]:
        with self._changed:
            self.asked.append(most)
            self.waited_for_a_sender += max(0, most - (SENDERS - len(self.sending)))
            found, self.left = self.left[:most], self.left[most:]
            return found

    def _send_on(self) -> None:
        while (delivery := self.claims.next()) is not None:
            with self._changed:
                self.sending.add(delivery)
                self._changed.notify_all()
                assert self._changed.wait_for(lambda: delivery in self._may_end, PATIENCE_S)
                self.sending.discard(delivery)
                self._changed.notify_all()
            self.claims.ring()

    def await_sending(self, *deliveries: int) -> None:
        """Wait until these are under way, and no others."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.sending == set(deliveries), PATIENCE_S)

    def await_waiting(self, count: int) -> None:
        """Wait until so many senders are free."""
        while self.claims._free < count:
            threading.Event().wait(0.001)

    def let_end(self, *deliveries: int) -> None:
        with self._changed:
            self._may_end.update(deliveries)
            self._changed.notify_all()

    def end(self) -> None:
        self.let_end(*range(100))
        self.claims.end()
        for thread in self.threads:
            thread.join(PATIENCE_S)
        assert not any(thread.is_alive() for thread in self.threads)


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage(10)
    yield made
    made.end()


def test_no_more_is_claimed_than_senders_are_free(stage: Stage) -> None:
    stage.claims.ring()
    stage.await_sending(0, 1, 2, 3)
    assert sum(stage.asked) >= SENDERS
    asked = len(stage.asked)
    stage.claims.ring()
    stage.let_end(2)
    stage.await_sending(0, 1, 3, 4)
    assert stage.asked[asked:] == [1], "one was free"
    stage.let_end(*range(10))
    stage.await_sending()
    assert stage.left == []
    assert stage.waited_for_a_sender == 0


def test_a_claim_for_more_than_are_free_is_noticed(stage: Stage) -> None:
    """Negative control: what the test above counts."""
    inner = stage.claims._claim
    stage.claims._claim = lambda most: inner(SENDERS)
    stage.claims.ring()
    stage.await_sending(0, 1, 2, 3)
    stage.claims.ring()
    stage.let_end(2)
    stage.await_sending(0, 1, 3, 4)
    assert stage.waited_for_a_sender > 0


def test_what_was_claimed_is_handed_out_though_it_ends() -> None:
    stage = Stage(3)
    stage.claims.ring()
    stage.await_sending(0, 1, 2)
    stage.claims.end()
    stage.end()
    assert stage.sending == set()
    assert stage.left == []


def test_what_is_claimed_while_it_ends_is_handed_out_too() -> None:
    stage = Stage(SENDERS)
    inner = stage.claims._claim

    def claim(most: int) -> Sequence[int]:
        stage.claims.end()
        for thread in stage.threads:
            if thread is not threading.current_thread():
                thread.join(LEAVES_WITHIN_S)  # whoever leaves, leaves now
        return inner(most)

    stage.await_waiting(SENDERS)
    stage.claims._claim = claim
    stage.claims.ring()
    stage.await_sending(0, 1, 2, 3)
    stage.end()


def test_a_ring_during_a_claim_is_not_lost() -> None:
    found: list[list[int]] = [[], [7]]

    def claim(_: int) -> Sequence[int]:
        if len(found) == 2:
            claims.ring()
        return found.pop(0)

    claims: Claims[int] = Claims(claim)
    claims.ring()
    assert claims.next() == 7
