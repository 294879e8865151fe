"""Lives of incidents told to a page whose replies are lost, and updates that are given up."""

import random
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from providers.calling import Caller
from providers.contract_server import CLOSED, ERROR, ERROR_AFTER_TAKING, Fault, Received, Way
from providers.pagers import Pager
from providers.pages import CACHET, INSTATUS
from providers.telling import Outbox, said

from services.providers.provider import Delivered, Item, Step

FORGETFUL = [CACHET, INSTATUS]
EVERY_FORGETFUL_PAGE = pytest.mark.parametrize("page", FORGETFUL, ids=str)

_WORDS = ("We look.", "We still look.", "A fix.", "A fix is tried.", "Over.")
_MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Ended:
    """How many public incidents each of ours became, and how many updates were given up."""

    incidents: list[int]
    given_up: int
    is_in_order: bool


def tell_all_giving_up(page: Pager, incidents: int, seed: int, *, looks: bool = True) -> Ended:
    """Tell incidents with the losses of a seed; after some attempts the next update has its turn.

    Of an update that is given up nothing is remembered, as in the shared database. Names and
    words of all incidents are alike; the last update of each arrives.
    """
    chance = random.Random(seed)
    given_up, counts, is_in_order = 0, [], True
    taken: set[str] = set()

    def fate(_: Received) -> Fault:
        return Fault() if chance.random() < 0.35 else _loss(chance)

    with page.calling() as caller:
        server = caller.server
        for number in range(incidents):
            before = set(server.incidents)  # type: ignore[attr-defined]
            life = _Life(caller, number, frozenset(taken), looks)
            server.fate = fate
            given_up += sum(not life.tell(at, _MOST_ATTEMPTS) for at in range(len(_WORDS) - 1))
            server.fate = lambda _: Fault()
            assert life.tell(len(_WORDS) - 1, 1)
            taken.add(life.memo["incident"])
            counts.append(len(server.incidents.keys() - before))  # type: ignore[attr-defined]
            told = server.told()[-1]  # type: ignore[attr-defined]
            is_in_order &= told == sorted(told, key=_WORDS.index)
    return Ended(counts, given_up, is_in_order)


def _loss(chance: random.Random) -> Fault:
    cut = Fault(way=Way.CUT, share=chance.random() * 0.999)
    return chance.choice([CLOSED, ERROR, ERROR_AFTER_TAKING, cut, cut])


@dataclass
class _Life:
    """One incident, and what is remembered of it."""

    caller: Caller
    number: int
    taken: frozenset[str]
    looks: bool
    memo: dict[str, str] = field(default_factory=dict)

    def tell(self, at: int, attempts: int) -> bool:
        """Whether an update arrived, as far as anybody knows."""
        outbox = Outbox(replace(self.caller, memo={}), self.looks, memo=dict(self.memo))
        earlier = tuple(_worded(self.number, before) for before in range(at))
        item = replace(_worded(self.number, at), earlier=earlier, taken=self.taken)
        for attempt in range(attempts):
            if isinstance(outbox.attempt(item, may_repeat=attempt > 0), Delivered):
                self.memo = outbox.memo
                return True
        return False


def _worded(number: int, at: int) -> Item:
    steps = (Step.OPEN, *[Step.UPDATE] * (len(_WORDS) - 2), Step.RESOLVE)
    item = said(_WORDS[at], steps[at])
    assert item.update is not None
    queued_at = item.at + timedelta(hours=number, minutes=15 * at)
    return replace(item, key=f"{number:04}-{at}", update=replace(item.update, queued_at=queued_at))
