"""The calls of one attempt: what was to be said, what follows from the answer, and asking first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol, cast

from services.core.messages import message_of
from services.dispatcher.accounts import Accounts
from services.paging.destination import KEEPING_ALERTS
from services.paging.engine import Claimed
from services.providers.errors import OptionsInvalid
from services.providers.provider import (
    Account,
    Call,
    Delivered,
    Item,
    Outcome,
    Provider,
    Reconciles,
    Refused,
    Reply,
    Retry,
    Step,
    Unsure,
)

_MOST_CALLS: Final = 100
"""For one delivery in one attempt; the lease ends most of them sooner."""

_LOOK_PATIENCE_S: Final = 8.0


class SendsCalls(Protocol):
    """What makes calls: :class:`services.dispatcher.transport.Transport`."""

    def send(
        self, call: Call, *, may_reach_private: bool = False, patience_s: float = 0.0
    ) -> Reply | Retry | Refused | Unsure:
        """Make one call."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """A delivery, ready to be called out."""

    provider: Provider
    item: Item
    account: Account
    secrets: Mapping[str, str]
    memo: Mapping[str, str]
    call: Call


class Dialogue:
    """Makes the calls of deliveries, one delivery at a time in each thread.

    ``pause`` waits for so many seconds, or until the dispatcher stops; True when it stops.
    """

    def __init__(
        self,
        transport: SendsCalls,
        accounts: Accounts,
        pause: Callable[[float], bool],
        now_s: Callable[[], float],
    ) -> None:
        self._transport, self._accounts = transport, accounts
        self._pause, self._now_s = pause, now_s

    def hold(self, claimed: Claimed, message: Message, ends_at_s: float) -> Outcome:
        """Make the call, and those that follow from it, until the item is told or one fails."""
        memo: dict[str, str] = {}
        reasons: list[str] = []
        for _ in range(_MOST_CALLS):
            outcome = self._step(claimed, message, ends_at_s)
            memo |= outcome.memo
            reasons += [outcome.reason] * bool(outcome.reason)
            outcome = replace(outcome, memo=memo, reason="; ".join(reasons))
            if not isinstance(outcome, Delivered) or not outcome.has_more:
                return outcome
            try:
                following = self._following(message, outcome)
            except OptionsInvalid as fact:
                return Refused(message_of(fact).happened, memo=memo)
            if following is None:
                return outcome
            admission = self._accounts.admit(claimed.destination_id, claimed.provider)
            if not admission.may_call:
                return Retry(admission.why, admission.wait_s, memo)
            wait_s = max(admission.wait_s, outcome.wait_s)
            if wait_s and self._pause(wait_s):
                return Retry("not called: the dispatcher stopped", memo=memo)
            message = following
        return Retry("there is more to call than one attempt may", memo=memo)

    @staticmethod
    def _following(message: Message, outcome: Delivered) -> Message | None:
        """The next call for the same item, if there is one."""
        memo = {**message.memo, **outcome.memo}
        call = message.provider.build(message.item, message.account, message.secrets, memo)
        return None if call is None else replace(message, memo=memo, call=call)

    def _step(self, claimed: Claimed, message: Message, ends_at_s: float) -> Outcome:
        found = self._found(claimed, message, ends_at_s)
        if found is not None:
            return found
        outcome = self._said(claimed, message, message.call, ends_at_s)
        is_through = isinstance(outcome, Delivered) and not outcome.has_more
        if is_through and claimed.incident_id is None:
            self._end_test(claimed, message, ends_at_s)
        return outcome

    def _said(self, claimed: Claimed, message: Message, call: Call, ends_at_s: float) -> Outcome:
        answer = self._answer(claimed, call, ends_at_s)
        if isinstance(answer, Reply):
            return message.provider.read(message.item, answer)
        return answer

    def _answer(
        self, claimed: Claimed, call: Call, ends_at_s: float
    ) -> Reply | Retry | Refused | Unsure:
        left_s = ends_at_s - self._now_s()
        if left_s <= 0:
            # This thread stood still for so long that the delivery is another's by now.
            return Retry("not called: the lease is over")
        return self._transport.send(
            call, may_reach_private=claimed.may_reach_private, patience_s=left_s
        )

    def _found(self, claimed: Claimed, message: Message, ends_at_s: float) -> Outcome | None:
        """What the provider knows of an earlier attempt, where one may have arrived.

        Where it cannot be asked, a page is sent again: twice is better than never. What many read
        is not: it waits until it can be asked.
        """
        provider, item = message.provider, message.item
        if not claimed.may_repeat or provider.is_idempotent or not hasattr(provider, "look"):
            return None
        asked = cast(Reconciles, provider)
        call = asked.look(item, message.account, message.secrets, message.memo)
        if call is None:
            return None
        until_s = min(ends_at_s, self._now_s() + _LOOK_PATIENCE_S)
        answer = self._answer(claimed, call, until_s)
        is_for_many = item.update is not None or item.room is not None
        memo: Mapping[str, str] | Unsure | None = Unsure("cannot ask whether it had arrived before")
        if isinstance(answer, Reply) and 200 <= answer.status < 300:
            memo = asked.found(item, answer)
        if memo is None or (isinstance(memo, Unsure) and not is_for_many):
            return None
        if isinstance(memo, Unsure):
            return memo
        return Delivered(memo, "it had arrived before", has_more=is_for_many)

    def _end_test(self, claimed: Claimed, message: Message, ends_at_s: float) -> None:
        """Resolve what a test opened at a provider that would keep it open."""
        if claimed.provider not in KEEPING_ALERTS:
            return
        item = replace(message.item, step=Step.RESOLVE)
        call = message.provider.build(item, message.account, message.secrets, message.memo)
        if call is not None:
            self._said(claimed, replace(message, item=item), call, ends_at_s)
