"""Whatever people, providers and dispatchers do, no page is silently lost."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import paging_world
import pytest
from builders import THEO, VENDOR, office_at
from hypothesis.errors import Flaky
from paging_world import PagingWorld, paging_in_file
from property.histories import run_histories
from property.paging_machine import PagingMachine

from services.core.records import Record
from services.dispatcher import engine_sqlite
from services.on_call.policy import CATCH_ALL_EVERY_S, EscalationPolicy
from services.paging.delivery_statements import FINISH, sorting
from services.paging.page import Outcome
from services.paging.statements import SECOND, SQLITE, Dialect, leading

HISTORIES, STEPS = 40, 25


@contextmanager
def in_file() -> Iterator[PagingWorld]:
    with ExitStack() as stack:
        office = stack.enter_context(office_at())
        yield stack.enter_context(paging_in_file(office))


class PagingInFile(PagingMachine):
    """On the embedded file."""

    opened = staticmethod(in_file)


@pytest.mark.timeout(300)
def test_no_page_is_silently_lost() -> None:
    run_histories(PagingInFile, HISTORIES, STEPS)


# -- the judge is judged -------------------------------------------------------------------


def changed(text: str, old: str, new: str) -> str:
    """A statement with one part of it changed."""
    assert text.count(old) == 1, (text.count(old), old)
    return text.replace(old, new)


def led_otherwise(old: str, new: str) -> Callable[[Any], tuple[str, ...]]:
    """The statements that lead a page, the one that moves it changed."""
    *before, move, settle = leading(SQLITE)
    statements = (*before, changed(move, old, new), settle)
    return lambda _: statements


def without_hold(dialect: Dialect) -> tuple[str, ...]:
    return tuple(s for s in leading(dialect) if "state = 'held'" not in s)


BY_CHANCE: dict[str, tuple[str, Any]] = {
    "an empty step waits": (
        "leading",
        led_otherwise("        ELSE :now END,", f"        ELSE :now + {300 * SECOND} END,"),
    ),
    "the catch-all is called once": (
        "leading",
        led_otherwise(
            f"THEN :now + {CATCH_ALL_EVERY_S * SECOND}",
            f"THEN :now + CASE WHEN page.is_catch_all THEN {10**15}"
            f" ELSE {CATCH_ALL_EVERY_S * SECOND} END",
        ),
    ),
    "late pages are sent": ("leading", without_hold),
}
FOUND_WITHIN = 120


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", BY_CHANCE)
def test_the_machine_finds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_sqlite, *BY_CHANCE[name])
    with pytest.raises((AssertionError, Flaky)):
        run_histories(PagingInFile, FOUND_WITHIN, STEPS)


# -- histories that lead to a fault --------------------------------------------------------


def zombie(machine: PagingMachine) -> None:
    """A dispatcher comes back after its lease, while another has the delivery."""
    machine.page(is_late=False, hold_s=0)
    machine.tick(0)
    machine.send(None, 1, 0)
    machine.wait(31)
    machine.send(None, 1, 0)
    machine.come_back(1, Outcome.REFUSED)


def answered(machine: PagingMachine) -> None:
    """Somebody acknowledges between the step and its message."""
    machine.page(is_late=False, hold_s=0)
    machine.tick(0)
    machine.act(0, THEO, "AcknowledgePage")
    machine.send(Outcome.DELIVERED, 1, 0)


def poison(machine: PagingMachine) -> None:
    """Whoever claims it dies of it."""
    machine.page(is_late=False, hold_s=0)
    machine.tick(0)
    for _ in range(6):
        machine.send(None, 6, 0)
        machine.wait(31)


def without_judging(dialect: Dialect) -> tuple[str, ...]:
    return tuple(s for s in sorting(dialect) if "state = 'superseded'" not in s)


LED: dict[str, tuple[Callable[[PagingMachine], None], str, Any]] = {
    "no fence": (zombie, "FINISH", changed(FINISH, " AND lease_token = :token", "")),
    "not judged when sending": (answered, "sorting", without_judging),
    "tried for ever": (
        poison,
        "sorting",
        lambda dialect: (sorting(dialect)[0], *sorting(dialect)[2:]),
    ),
}


def lead(history: Callable[[PagingMachine], None]) -> None:
    """Let the machine go through one history in the usual paging world, and judge it."""
    machine = PagingInFile()
    machine.begin(usual_founding())
    try:
        history(machine)
    finally:
        machine.teardown()


def usual_founding() -> list[Record]:
    """The founding records, whose policy is for the team that the machine asks."""
    return [
        replace(record, team_id=VENDOR) if isinstance(record, EscalationPolicy) else record
        for record in paging_world.founding()
    ]


@pytest.mark.parametrize("name", LED)
def test_a_short_history_finds(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    history, part, broken = LED[name]
    lead(history)
    monkeypatch.setattr(engine_sqlite, part, broken)
    with pytest.raises(AssertionError):
        lead(history)
