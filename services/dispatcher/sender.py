"""What becomes of a delivery: claim it, say it, call, read the answer, record what came of it."""

import json
import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from services.core.errors import AppError
from services.core.messages import message_of
from services.dispatcher.accounts import Accounts, Admission
from services.dispatcher.answer_links import NO_LINKS, AnswerLinks, new_token
from services.dispatcher.backoff import retry_after_s
from services.dispatcher.dialogue import Dialogue, Message, SendsCalls
from services.dispatcher.figures import Figures
from services.dispatcher.messages import account_of, item_for, memo_of, with_past
from services.dispatcher.page_calls import LeadsAndTells, PageCalls
from services.dispatcher.poison import Poison
from services.dispatcher.secrets import SecretMissing, SecretStore, slots_of
from services.paging.claiming import digest_of
from services.paging.destination import KEEPING_NOTHING, TELLING, WITH_ROOMS, ProviderKind
from services.paging.engine import LEASE_S, Claimed
from services.paging.page import DeliveryKind
from services.paging.page import Outcome as Recorded
from services.providers.catalogue import PROVIDER_OF
from services.providers.errors import OptionsInvalid
from services.providers.provider import (
    Delivered,
    Item,
    Outcome,
    Provider,
    Refused,
    Retry,
    Unsure,
)

log = logging.getLogger(__name__)
T = TypeVar("T")

_OF_THE_LEASE: Final = 0.8
"""So much of a lease may be used up by calls; the rest is for recording."""

_RECORD_AGAIN_S: Final = 1.0

_RECORDED: Mapping[type[Outcome], Recorded] = {
    Delivered: Recorded.DELIVERED,
    Retry: Recorded.RETRY,
    Refused: Recorded.REFUSED,
    Unsure: Recorded.UNSURE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What every sender of a dispatcher works with.

    ``pause`` waits for so many seconds, or until the dispatcher stops; True when it stops.
    """

    name: str
    engine: LeadsAndTells
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
class Claim:
    """A delivery that is this dispatcher's, and all that was settled when it was claimed.

    ``token`` answers it; ``began_s`` is when its lease began, by the steady clock.
    """

    claimed: Claimed
    token: str
    admission: Admission
    began_s: float


def _has_word(item: Item, kind: ProviderKind) -> bool:
    """Whether a provider is for such items at all: some would call people about an update."""
    can_tell = item.update is None or kind in TELLING
    return can_tell and (item.room is None or kind in WITH_ROOMS)


class Sender:
    """Claims what is due and sends it; each thread may use the same one."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        calls = PageCalls(around.transport, around.engine.pages)
        self._dialogue = Dialogue(calls, around.accounts, around.pause, around.now_s)

    def claim(self, most: int) -> Sequence[Claim]:
        """Claim the most urgent deliveries, each of which is to be sent at once.

        One thread at a time: what an account can take is asked before, and taken after.

        Raises:
            AppError: the shared database does not answer; nothing was claimed.
        """
        around = self._around
        tokens = {digest_of(token): token for token in (new_token() for _ in range(most))}
        began_s = around.now_s()
        room = around.accounts.room()
        found = around.engine.claim_many(around.name, list(tokens), room)
        return [
            Claim(
                claimed,
                tokens[claimed.answer_digest],
                around.accounts.admit(claimed.destination_id, claimed.provider),
                began_s,
            )
            for claimed in found
        ]

    def send(self, claim: Claim) -> None:
        """Make one attempt, and record what came of it."""
        around, claimed, began_s = self._around, claim.claimed, claim.began_s
        outcome = self._attempt(claim, began_s + around.lease_s * _OF_THE_LEASE)
        took_s = around.now_s() - began_s
        around.figures.attempted(claimed.provider.value, _RECORDED[type(outcome)].value, took_s)
        self._log(claimed, outcome, took_s)
        self._record(claimed, outcome, began_s + around.lease_s)

    # -- the attempt --------------------------------------------------------------------------

    def _attempt(self, claim: Claim, ends_at_s: float) -> Outcome:
        around, claimed, admission = self._around, claim.claimed, claim.admission
        if not admission.may_call:
            return Retry(admission.why, admission.wait_s)
        if admission.wait_s and around.pause(admission.wait_s):
            return Retry("not called: the dispatcher stopped")
        try:
            message = around.poison.survive(lambda: self._prepared(claimed, claim.token), Refused)
        except OptionsInvalid as fact:
            return Refused(message_of(fact).happened)
        except AppError as fact:
            return Retry(message_of(fact).happened)
        if isinstance(message, Refused):
            return Refused(f"the message could not be made: {message.reason}")
        try:
            outcome = around.poison.survive(
                lambda: self._dialogue.hold(claimed, message, ends_at_s),
                lambda name: Unsure(f"a bug ended the call: {name}"),
            )
        except AppError as fact:
            outcome = Unsure(message_of(fact).happened)
        self._tell_account(claimed, outcome)
        return outcome

    def _prepared(self, claimed: Claimed, token: str) -> Message | Refused:
        """The message of a delivery.

        Raises:
            AppError: an option is wrong, or a secret is not to be had.
        """
        around = self._around
        provider = around.providers[claimed.provider.value]
        item = item_for(claimed, around.links, token)
        if item.update is not None and claimed.provider in KEEPING_NOTHING:
            past = around.engine.pages.update_past(claimed.delivery_id)
            item = with_past(item, claimed, past)
        account, memo = account_of(claimed), memo_of(claimed)
        secrets = slots_of(around.secrets, claimed.destination_id, provider.secrets)
        try:
            has_word = _has_word(item, claimed.provider)
            call = provider.build(item, account, secrets, memo) if has_word else None
        except OptionsInvalid as fact:
            slot = fact.context.get("option")
            if slot in provider.secrets and slot not in secrets:
                # Another dispatcher may keep it.
                raise SecretMissing(slot=slot) from None
            raise
        if call is None:
            return Refused("the provider has no word for it")
        return Message(provider, item, account, secrets, memo, call)

    def _tell_account(self, claimed: Claimed, outcome: Outcome) -> None:
        accounts, id_ = self._around.accounts, claimed.destination_id
        if isinstance(outcome, Delivered | Refused):
            accounts.succeeded(id_)
        elif accounts.failed(id_, outcome.after_s):
            facts = {"provider": claimed.provider.value, "destination": str(id_)}
            log.warning("breaker-open", extra={"facts": facts})

    # -- the record ---------------------------------------------------------------------------

    def _record(self, claimed: Claimed, outcome: Outcome, lease_ends_s: float) -> None:
        """Write what came of it, and what follows from that."""
        around = self._around
        asked_s = outcome.after_s if isinstance(outcome, Retry | Unsure) else None
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
