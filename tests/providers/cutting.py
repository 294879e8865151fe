"""Lives of incidents told to a status page whose replies are lost at any point."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from providers.calling import Caller
from providers.contract_server import CLOSED, ERROR, ERROR_AFTER_TAKING, Fault, Received, Way
from providers.pagers import Pager
from providers.telling import Outbox, said

from services.providers.provider import Item, Step

WORDS = ("We look.", "We still look.", "We still look.", "A fix.", "Over.")
"""What each incident is told of; the same text twice is two updates."""


@dataclass(frozen=True)
class Told:
    """What stands on a page in the end, and what it took."""

    wanted: list[list[str]]
    found: list[list[str]]
    written: list[str]
    attempts: int
    lost: int


def assert_once(told: Told) -> None:
    """Each incident is there once, each update in it once, and nobody was written to twice."""
    assert told.found == told.wanted
    texts = [text for incident in told.wanted for text in incident]
    assert Counter(told.written) <= Counter(texts)


def tell_all(page: Pager, incidents: int, seed: int, *, reconciles: bool = True) -> Told:
    """Tell incidents one after the other, each reply lost as often as not, and read the page."""
    chance = random.Random(seed)
    lost: list[Fault] = []

    def fate(_: Received) -> Fault:
        if chance.random() < 0.5:
            return Fault()
        lost.append(_loss(chance))
        return lost[-1]

    with page.calling() as caller:
        caller.server.fate = fate
        attempts = sum(_tell(caller, number, reconciles) for number in range(incidents))
        server = caller.server
        texts = [[_text(number, at) for at in range(len(WORDS))] for number in range(incidents)]
        return Told(texts, server.told(), server.written, attempts, len(lost))  # type: ignore[attr-defined]


def _loss(chance: random.Random) -> Fault:
    ways: list[Callable[[], Fault]] = [
        lambda: CLOSED,
        lambda: ERROR,
        lambda: ERROR_AFTER_TAKING,
        lambda: Fault(way=Way.CUT, share=chance.random() * 0.999),
    ]
    return chance.choice([*ways, ways[-1], ways[-1]])()


def _tell(caller: Caller, number: int, reconciles: bool) -> int:
    outbox = Outbox(replace(caller, memo={}), reconciles)
    for at in range(len(WORDS)):
        outbox.tell(_item(number, at))
    return outbox.attempts


def _item(number: int, at: int) -> Item:
    steps = (Step.OPEN, *[Step.UPDATE] * (len(WORDS) - 2), Step.RESOLVE)
    item = said(_text(number, at), steps[at])
    name = f"Checkout is failing, again ({number})"
    key = f"{number:04}-{at}"
    return replace(item, subject_key=f"firstline/INC-{number}", root_summary=name, key=key)


def _text(number: int, at: int) -> str:
    # The texts of incidents are alike on purpose.
    return WORDS[at] if number % 2 else f"{WORDS[at]} ({number})"
