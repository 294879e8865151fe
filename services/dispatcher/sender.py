"""One delivery at a time: claim it, say it, call, read the answer, and record what came of it."""

import json
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeVar, cast

from services.core.errors import AppError
from services.core.messages import message_of
from services.dispatcher.accounts import Accounts
from services.dispatcher.answer_links import NO_LINKS, AnswerLinks, new_token
from services.dispatcher.backoff import retry_after_s
from services.dispatcher.figures import Figures
from services.dispatcher.messages import account_of, item_for, memo_of
from services.dispatcher.poison import Poison
from services.dispatcher.secrets import SecretMissing, SecretStore, slots_of
from services.paging.claiming import digest_of
from services.paging.destination import KEEPING_ALERTS
from services.paging.engine import LEASE_S, Claimed, PagingEngine
from services.paging.page import DeliveryKind
from services.paging.page import Outcome as Recorded
from services.providers.catalogue import PROVIDER_OF
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

log = logging.getLogger(__name__)
T = TypeVar("T")

_OF_THE_LEASE: Final = 0.8
"""So much of a lease may be used up by calls; the rest is for recording."""

_MOST_CALLS: Final = 100
"""For one delivery in one attempt; the lease ends most of them sooner."""

_LOOK_PATIENCE_S: Final = 8.0
_RECORD_AGAIN_S: Final = 1.0

_RECORDED: Mapping[type[Outcome], Recorded] = {
    Delivered: Recorded.DELIVERED,
    Retry: Recorded.RETRY,
    Refused: Recorded.REFUSED,
    Unsure: Recorded.UNSURE,
}


class SendsCalls(Protocol):
    """What makes calls: :class:`services.dispatcher.transport.Transport`."""

    def send(
        self, call: Call, *, may_reach_private: bool = False, patience_s: float = 0.0
    ) -> Reply | Retry | Refused | Unsure:
        """Make one call."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every sender of a dispatcher works with.

    ``pause`` waits for so many seconds, or until the dispatcher stops; True when it stops.
    """

    name: str
    engine: PagingEngine
    transport: SendsCalls
    secrets: SecretStore
    accounts: Accounts
    figures: Figures
    poison: Poison
    pause: Callable[[float], bool]
    links: AnswerLinks = NO_LINKS
    providers: Mapping[str, Provider] = field(default_factory=lambda: PROVIDER_OF)
    lease_s: float = LEASE_S
    now_s: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class _Message:
    """A delivery, ready to be called out."""

    provider: Provider
    item: Item
    account: Account
    secrets: Mapping[str, str]
    memo: Mapping[str, str]
    call: Call


class Sender:
    """Sends what is due, one delivery after another; each thread may use the same one."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around

    def send_one(self, claimed_one: Callable[[], None] = lambda: None) -> bool:
        """Send the most urgent delivery; False where none is due.

        ``claimed_one`` is told as soon as there was one.

        Raises:
            AppError: the shared database does not answer; nothing was claimed.
        """
        around = self._around
        token = new_token()
        began_s = around.now_s()
        held = around.accounts.held()
        claimed = around.engine.claim(around.name, digest_of(token), held)
        if claimed is None:
            return False
        claimed_one()
        outcome = self._attempt(claimed, token, began_s + around.lease_s * _OF_THE_LEASE)
        took_s = around.now_s() - began_s
        around.figures.attempted(claimed.provider.value, _RECORDED[type(outcome)].value, took_s)
        self._log(claimed, outcome, took_s)
        self._record(claimed, outcome, began_s + around.lease_s)
        return True

    # -- the attempt --------------------------------------------------------------------------

    def _attempt(self, claimed: Claimed, token: str, ends_at_s: float) -> Outcome:
        around = self._around
        admission = around.accounts.admit(claimed.destination_id, claimed.provider)
        if not admission.may_call:
            return Retry(admission.why, admission.wait_s)
        if admission.wait_s and around.pause(admission.wait_s):
            return Retry("not called: the dispatcher stopped")
        try:
            message = around.poison.survive(lambda: self._prepared(claimed, token), Refused)
        except OptionsInvalid as fact:
            return Refused(message_of(fact).happened)
        except AppError as fact:
            return Retry(message_of(fact).happened)
        if isinstance(message, Refused):
            return Refused(f"the message could not be made: {message.reason}")
        try:
            outcome = around.poison.survive(
                lambda: self._called(claimed, message, ends_at_s),
                lambda name: Unsure(f"a bug ended the call: {name}"),
            )
        except AppError as fact:
            outcome = Unsure(message_of(fact).happened)
        self._tell_account(claimed, outcome)
        return outcome

    def _prepared(self, claimed: Claimed, token: str) -> _Message | Refused:
        """The message of a delivery.

        Raises:
            AppError: an option is wrong, or a secret is not to be had.
        """
        around = self._around
        provider = around.providers[claimed.provider.value]
        item = item_for(claimed, around.links, token)
        account, memo = account_of(claimed), memo_of(claimed)
        secrets = slots_of(around.secrets, claimed.destination_id, provider.secrets)
        try:
            call = provider.build(item, account, secrets, memo)
        except OptionsInvalid as fact:
            slot = fact.context.get("option")
            if slot in provider.secrets and slot not in secrets:
                # Another dispatcher may keep it.
                raise SecretMissing(slot=slot) from None
            raise
        if call is None:
            return Refused("the provider has no word for it")
        return _Message(provider, item, account, secrets, memo, call)

    def _called(self, claimed: Claimed, message: _Message, ends_at_s: float) -> Outcome:
        """Make the call, and those that follow from it, until the item is told or one fails."""
        memo: dict[str, str] = {}
        reasons: list[str] = []
        for _ in range(_MOST_CALLS):
            outcome = self._step(claimed, message, ends_at_s)
            memo |= outcome.memo
            reasons += [outcome.reason] * bool(outcome.reason)
            outcome = replace(outcome, memo=memo, reason="; ".join(reasons))
            following = self._following(message, outcome)
            if following is None:
                return outcome
            admission = self._around.accounts.admit(claimed.destination_id, claimed.provider)
            if not admission.may_call:
                return Retry(admission.why, admission.wait_s, memo)
            if admission.wait_s and self._around.pause(admission.wait_s):
                return Retry("not called: the dispatcher stopped", memo=memo)
            message = following
        return Retry("there is more to call than one attempt may", memo=memo)

    @staticmethod
    def _following(message: _Message, outcome: Outcome) -> _Message | None:
        """The next call for the same item, if there is one."""
        if not isinstance(outcome, Delivered) or not outcome.has_more:
            return None
        memo = {**message.memo, **outcome.memo}
        call = message.provider.build(message.item, message.account, message.secrets, memo)
        return None if call is None else replace(message, memo=memo, call=call)

    def _step(self, claimed: Claimed, message: _Message, ends_at_s: float) -> Outcome:
        found = self._found(claimed, message, ends_at_s)
        if found is not None:
            return found
        outcome = self._said(claimed, message, message.call, ends_at_s)
        if isinstance(outcome, Delivered) and claimed.incident_id is None:
            self._end_test(claimed, message, ends_at_s)
        return outcome

    def _said(self, claimed: Claimed, message: _Message, call: Call, ends_at_s: float) -> Outcome:
        answer = self._answer(claimed, call, ends_at_s)
        if isinstance(answer, Reply):
            return message.provider.read(message.item, answer)
        return answer

    def _answer(
        self, claimed: Claimed, call: Call, ends_at_s: float
    ) -> Reply | Retry | Refused | Unsure:
        around = self._around
        left_s = ends_at_s - around.now_s()
        if left_s <= 0:
            # This thread stood still for so long that the delivery is another's by now.
            return Retry("not called: the lease is over")
        return around.transport.send(
            call, may_reach_private=claimed.may_reach_private, patience_s=left_s
        )

    def _found(self, claimed: Claimed, message: _Message, ends_at_s: float) -> Outcome | None:
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
        until_s = min(ends_at_s, self._around.now_s() + _LOOK_PATIENCE_S)
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

    def _end_test(self, claimed: Claimed, message: _Message, ends_at_s: float) -> None:
        """Resolve what a test opened at a provider that would keep it open."""
        if claimed.provider not in KEEPING_ALERTS:
            return
        item = replace(message.item, step=Step.RESOLVE)
        call = message.provider.build(item, message.account, message.secrets, message.memo)
        if call is not None:
            self._said(claimed, replace(message, item=item), call, ends_at_s)

    def _tell_account(self, claimed: Claimed, outcome: Outcome) -> None:
        accounts, id_ = self._around.accounts, claimed.destination_id
        if isinstance(outcome, Delivered | Refused):
            accounts.succeeded(id_)
        elif accounts.failed(id_, outcome.after_s if isinstance(outcome, Retry) else None):
            facts = {"provider": claimed.provider.value, "destination": str(id_)}
            log.warning("breaker-open", extra={"facts": facts})

    # -- the record ---------------------------------------------------------------------------

    def _record(self, claimed: Claimed, outcome: Outcome, lease_ends_s: float) -> None:
        """Write what came of it, and what follows from that."""
        around = self._around
        asked_s = outcome.after_s if isinstance(outcome, Retry) else None
        after_s = retry_after_s(claimed.kind, claimed.attempt, asked_s, around.jitter())
        # What is remembered is added to: a later word still wants to know of the first.
        memo = json.dumps({**memo_of(claimed), **outcome.memo}) if outcome.memo else claimed.memo

        def finish() -> bool:
            return around.engine.finish(
                claimed,
                _RECORDED[type(outcome)],
                reason=outcome.reason,
                retry_after_s=after_s,
                memo=memo,
            )

        is_mine = self._insisted(claimed, finish, lease_ends_s)
        if is_mine is False:
            around.figures.fenced()
            log.warning("fenced", extra={"facts": {"delivery": str(claimed.delivery_id)}})
        if not is_mine:
            return
        id_, reason = claimed.destination_id, outcome.reason
        if claimed.kind is DeliveryKind.PROBE:
            result = "" if isinstance(outcome, Delivered) else reason
            self._insisted(claimed, lambda: around.engine.note_probe(id_, result), lease_ends_s)
        if isinstance(outcome, Refused) and outcome.disables:
            stop = around.engine.disable_destination
            self._insisted(claimed, lambda: stop(id_, reason), lease_ends_s)

    def _insisted(self, claimed: Claimed, write: Callable[[], T], ends_at_s: float) -> T | None:
        """Write, again and again while the database is away and the lease lasts; None if it
        could not be written. The lease then ends, and somebody sends again."""
        while True:
            try:
                return write()
            except AppError as fact:
                is_over = self._around.now_s() >= ends_at_s
                if is_over or self._around.pause(_RECORD_AGAIN_S):
                    facts = {"delivery": str(claimed.delivery_id), "problem": fact.code}
                    log.error("not-recorded", extra={"facts": facts})
                    return None

    def _log(self, claimed: Claimed, outcome: Outcome, took_s: float) -> None:
        facts = {
            "delivery": str(claimed.delivery_id),
            "kind": claimed.kind.value,
            "provider": claimed.provider.value,
            "destination": str(claimed.destination_id),
            "attempt": claimed.attempt,
            "outcome": _RECORDED[type(outcome)].value,
            "reason": outcome.reason,
            "took_ms": round(took_s * 1_000),
        }
        log.info("attempt", extra={"facts": facts})
