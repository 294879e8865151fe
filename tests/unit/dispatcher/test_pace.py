"""Back-off, breaker and bucket, in virtual time: an outage costs few calls, and an end is seen."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.dispatcher.accounts import LONGEST_IN_LINE_S, Accounts
from services.dispatcher.backoff import (
    LONGEST_FOR_A_PAGE_S,
    SCHEDULE_S,
    pause_s,
    retry_after_s,
)
from services.dispatcher.breaker import LONGEST_PAUSE_S, OPENS_AFTER
from services.dispatcher.bucket import bucket_for
from services.paging.destination import ProviderKind
from services.paging.page import DeliveryKind

ACCOUNT, OTHER = UUID(int=1), UUID(int=2)
PAGE = DeliveryKind.PAGE
jitters = st.floats(0, 1, exclude_max=True)


@dataclass
class World:
    """Accounts in a time that moves only when told."""

    now_s: float = 0.0
    jitter: float = 0.5
    accounts: Accounts = field(init=False)

    def __post_init__(self) -> None:
        self.accounts = Accounts(lambda: self.now_s, lambda: self.jitter)

    def may_call(self, id_: UUID = ACCOUNT, kind: ProviderKind = ProviderKind.WEBHOOK) -> bool:
        return self.accounts.admit(id_, kind).may_call

    def fail(self, times: int) -> None:
        for _ in range(times):
            assert self.may_call()
            self.accounts.failed(ACCOUNT)

    def calls_in(self, seconds: float, *, succeeds: bool = False, every_s: float = 0.1) -> int:
        """How often an account is called by somebody who always wants to."""
        calls, ends_at = 0, self.now_s + seconds
        while self.now_s < ends_at:
            if self.may_call():
                calls += 1
                self.accounts.succeeded(ACCOUNT) if succeeds else self.accounts.failed(ACCOUNT)
            self.now_s += every_s
        return calls


# -- back-off ------------------------------------------------------------------------------


@given(jitters, st.integers(1, 50))
def test_a_pause_lies_around_the_schedule(jitter, failures):
    usual = SCHEDULE_S[min(failures, len(SCHEDULE_S)) - 1]
    assert 0.75 * usual <= pause_s(failures, jitter=jitter) <= 1.25 * usual
    assert pause_s(failures, jitter=0.5) == usual


def test_nothing_failed_is_no_reason_to_wait():
    with pytest.raises(ValueError, match="first"):
        pause_s(0, jitter=0.5)


@given(jitters, st.integers(1, 50), st.floats(0, 3_600))
def test_what_the_provider_asks_for_is_the_least(jitter, attempt, asked_s):
    assert retry_after_s(DeliveryKind.TEST, attempt, asked_s, jitter) >= asked_s
    page_s = retry_after_s(PAGE, attempt, asked_s, jitter)
    assert min(asked_s, LONGEST_FOR_A_PAGE_S) <= page_s <= LONGEST_FOR_A_PAGE_S
    assert page_s >= retry_after_s(PAGE, attempt, None, jitter)


# -- breaker -------------------------------------------------------------------------------


def test_half_an_hour_of_503_is_probed_once_a_pause():
    world = World()
    calls = world.calls_in(30 * 60)
    # Five to open, then after 5 and 30 seconds, then every minute.
    assert OPENS_AFTER + 25 <= calls <= OPENS_AFTER + 2 + 30
    minute = world.calls_in(10 * 60)
    assert minute <= 10


def test_without_a_breaker_the_same_outage_costs_thousands(monkeypatch):
    """Negative control: the count above is the breaker's doing."""
    monkeypatch.setattr("services.dispatcher.breaker.OPENS_AFTER", 10**9)
    assert World().calls_in(30 * 60) > 10_000


def test_four_failures_open_nothing_and_a_success_forgives_them():
    world = World()
    world.fail(OPENS_AFTER - 1)
    assert world.may_call()
    world.accounts.succeeded(ACCOUNT)
    world.fail(OPENS_AFTER - 1)
    assert world.may_call()


def test_opening_is_told_once():
    world = World()
    told = []
    for _ in range(OPENS_AFTER + 1):
        world.now_s += LONGEST_PAUSE_S
        assert world.may_call()
        told.append(world.accounts.failed(ACCOUNT))
    assert told == [False] * (OPENS_AFTER - 1) + [True, False]


def test_one_probe_is_let_through_and_its_success_closes():
    world = World()
    world.fail(OPENS_AFTER)
    assert world.accounts.room()[ACCOUNT] == 0
    assert not world.may_call()
    world.now_s += 5.0
    assert world.accounts.room()[ACCOUNT] == 1
    assert world.may_call()
    assert not world.may_call(), "two probes at once"
    world.accounts.succeeded(ACCOUNT)
    assert world.may_call()


def test_a_probe_that_never_returns_blocks_nothing():
    world = World()
    world.fail(OPENS_AFTER)
    world.now_s += 5.0
    assert world.may_call()
    world.now_s += 5.0
    assert world.may_call()


def test_an_account_that_came_back_is_found_within_a_minute():
    world = World()
    world.calls_in(30 * 60)
    began_s = world.now_s
    while not world.may_call():
        world.now_s += 0.1
    assert world.now_s - began_s <= LONGEST_PAUSE_S * 1.25


def test_another_account_is_not_harmed():
    world = World()
    world.fail(OPENS_AFTER)
    assert world.may_call(OTHER)


@pytest.mark.parametrize(("asked_s", "waits_s"), [(30.0, 30.0), (3_600.0, LONGEST_FOR_A_PAGE_S)])
def test_who_asks_to_be_left_alone_is(asked_s, waits_s):
    world = World()
    assert world.may_call()
    assert world.may_call()
    assert not world.accounts.failed(ACCOUNT, asked_s)
    world.accounts.succeeded(ACCOUNT)  # a call that was under way
    world.now_s += waits_s - 0.1
    assert not world.may_call()
    world.now_s += 0.1
    assert world.may_call()


# -- bucket --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "per_second"),
    [(ProviderKind.PAGERDUTY, 2), (ProviderKind.SLACK, 1), (ProviderKind.TEAMS, 4)],
)
def test_calls_are_spread_over_time(kind, per_second):
    world = World()
    made_at = []
    while world.now_s < 60:
        admission = world.accounts.admit(ACCOUNT, kind)
        if admission.may_call:
            made_at.append(world.now_s + admission.wait_s)
        world.now_s += 0.05
    in_time = [moment for moment in made_at if moment < 60]
    assert 60 * per_second <= len(in_time) <= 61 * per_second
    for moment in in_time:
        assert sum(moment <= other < moment + 1 - 1e-6 for other in in_time) <= 2 * per_second


def test_nobody_stands_in_line_for_longer_than_a_lease_allows():
    world = World()
    waits = [world.accounts.admit(ACCOUNT, ProviderKind.SLACK) for _ in range(100)]
    admitted = [each.wait_s for each in waits if each.may_call]
    assert world.accounts.room()[ACCOUNT] == 0
    world.now_s += 1.0
    assert world.accounts.room()[ACCOUNT] == 1
    assert admitted == [float(n) for n in range(1 + int(LONGEST_IN_LINE_S))]
    assert all(each.wait_s > LONGEST_IN_LINE_S for each in waits if not each.may_call)


def test_a_clock_that_stands_still_fills_nothing():
    bucket = bucket_for(ProviderKind.SLACK)
    bucket, _ = bucket.taken(10.0)
    assert bucket.taken(10.0)[1] == 1.0
    assert bucket.taken(5.0)[1] == 1.0
