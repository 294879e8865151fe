"""What a person reads of pages: channels, delays, whom a page would wake, how a try ended."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from services.core.records import is_known
from services.incidents.directory import Directory
from services.on_call.waking import Message, Waking, WakingStep, Woken
from services.paging.page import Delivery, DeliveryAttempt, DeliveryState, Outcome
from services.people.contact import ContactKind

CATCH_ALL: Final = "the major incident manager"
AT_MOST = 3
"""How many people or steps one sentence names."""

KINDS: Final[Mapping[ContactKind, str]] = {
    ContactKind.EMAIL: "e-mail",
    ContactKind.PUSH: "push",
    ContactKind.SMS: "SMS",
    ContactKind.VOICE: "a call",
    ContactKind.CHAT: "chat",
}
_STATES: Final[Mapping[DeliveryState, str]] = {
    DeliveryState.WAITING: "waits to be sent",
    DeliveryState.SENDING: "is being sent",
    DeliveryState.SUPERSEDED: "no longer wanted, so it was not sent",
    DeliveryState.BUNDLED: "told in one message with others",
    DeliveryState.DEAD: "given up; the page went on",
}
_OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.DELIVERED: "delivered",
    Outcome.RETRY: "not taken, tried again later",
    Outcome.REFUSED: "refused",
    Outcome.UNSURE: "unsure: it may have arrived, and is sent again",
}


def kind_words(kind: ContactKind) -> str:
    """``push``, ``SMS``; one that only a newer program knows is its own name."""
    return KINDS.get(kind, str(kind.value))


def listed(names: Sequence[str], last: str = "and") -> str:
    """``Priya, Theo and Vera``; of many only the first few, and how many more."""
    named = [name for name in dict.fromkeys(names) if name]
    if len(named) > AT_MOST:
        named = [*named[: AT_MOST - 1], f"{len(named) - AT_MOST + 1} more"]
    if len(named) < 2:
        return "".join(named)
    return f"{', '.join(named[:-1])} {last} {named[-1]}"


def delay_words(seconds: float) -> str:
    """``30 s``, ``2 min``, ``1 h 30 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(whole // 60, 60)
    return " ".join(
        part
        for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "")
        if part
    )


def way_words(messages: Sequence[Message]) -> str:
    """``push, then SMS after 2 min``: how one person is reached."""
    if not messages:
        return ""
    start = messages[0].at
    parts: list[str] = []
    for at in sorted({message.at for message in messages}):
        kinds = listed([kind_words(m.kind) for m in messages if m.at == at])
        later = (at - start).total_seconds()
        parts.append(f"{kinds} after {delay_words(later)}" if later else kinds)
    return ", then ".join(parts)


def waking_words(waking: Waking, directory: Directory) -> str:
    """Who will be woken, step by step, in one sentence.

    ``Priya by push, then SMS after 2 min; after 5 min Vera; then the major incident manager``.
    """
    taken = [step for step in waking.steps if step.reaches_somebody]
    if not taken:
        called = (woken for step in waking.steps[:1] for woken in step.woken)
        names = listed([directory.person(woken.person_id) for woken in called])
        return f"{names or 'Nobody'} on their own desk only: no contact method works"
    named: list[str] = []
    seen: set[tuple[UUID, ...]] = set()
    for step in taken:
        who = tuple(woken.person_id for woken in step.woken)
        if step.is_catch_all:
            break
        if who in seen:
            continue
        seen.add(who)
        named.append(_step_words(step, taken[0], directory))
    named = named[:AT_MOST]
    named.append(f"then {CATCH_ALL}" if named else _step_words(taken[0], taken[0], directory))
    return "; ".join(named)


def _step_words(step: WakingStep, first: WakingStep, directory: Directory) -> str:
    reached = [woken for woken in step.woken if woken.messages]
    who = listed([directory.person(woken.person_id) for woken in reached]) or "a channel"
    if step is first:
        way = _common_way(reached)
        return f"{who} by {way}" if way else who
    return f"after {delay_words((step.at - first.at).total_seconds())} {who}"


def _common_way(reached: Sequence[Woken]) -> str:
    ways = {way_words(woken.messages) for woken in reached}
    return ways.pop() if len(ways) == 1 else "their own rules"


def delivery_words(delivery: Delivery) -> str:
    """Where a message stands that was not tried, or is over without a try."""
    if not is_known(delivery.state):
        return str(delivery.state.value)
    return _STATES.get(delivery.state, delivery.state.value)


def attempt_words(attempt: DeliveryAttempt, delivery: Delivery) -> str:
    """How one try of a delivery ended; one that was taken over ended in the dark."""
    if attempt.outcome is None:
        is_current = attempt.lease_token == delivery.lease_token
        is_sent = is_current and delivery.state is DeliveryState.SENDING
        return "is being sent" if is_sent else "broken off, may have arrived"
    return _OUTCOMES.get(attempt.outcome, str(attempt.outcome.value))
