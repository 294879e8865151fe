"""A database's clock that was stepped a moment ago, and nobody has looked: senders wait."""

from datetime import timedelta

import pytest
from paging_world import STEP_S, PagingWorld

from services.dispatcher import engine_sqlite
from services.paging.clock_statements import FAR_AHEAD_S, LAST_SEEN
from services.paging.page import Outcome

DAY = timedelta(hours=26)
PAUSE_S = 20


def claimed_by_heir(world: PagingWorld) -> bool:
    """Whether a lease that is not over is taken over between the step and the first look."""
    world.page()
    world.after(0)
    assert world.engine.claim("holder", "") is not None
    world.office.clock.step(DAY)
    return world.engine.claim("heir", "") is not None


def sent_after_pause(world: PagingWorld) -> list[str]:
    """What goes out after a pause that was recorded between the step and the first look."""
    world.page()
    world.after(0)
    claimed = world.engine.claim("holder", "")
    assert claimed is not None
    world.office.clock.step(DAY)
    assert world.engine.finish(claimed, Outcome.RETRY, retry_after_s=PAUSE_S)
    assert world.engine.fire_due().clock_ahead == DAY
    world.after(PAUSE_S)
    return world.send()


def test_no_lease_is_taken_over_by_a_time_that_nobody_has_judged(world: PagingWorld) -> None:
    assert not claimed_by_heir(world)
    assert world.engine.fire_due().clock_ahead == DAY
    assert world.engine.claim("heir", "") is None, "the lease lasts as if there were no step"


def test_a_pause_lasts_as_long_as_without_the_step(world: PagingWorld) -> None:
    assert sent_after_pause(world) == ["Theo push"]


def test_the_first_look_after_an_outage_lets_senders_begin(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    world.send()
    world.office.clock.advance(timedelta(seconds=FAR_AHEAD_S + STEP_S))
    assert world.engine.claim("test", "") is None
    world.engine.fire_due()
    assert world.send() == ["Vera push"]


# -- negative controls -----------------------------------------------------------------------


def test_without_the_look_every_lease_would_be_over(
    in_file: PagingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_sqlite, "IS_CLOCK_SEEN", "SELECT :now")
    assert claimed_by_heir(in_file)


def test_without_the_last_look_a_pause_lasts_for_a_day(
    in_file: PagingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish = engine_sqlite.FINISH.replace(LAST_SEEN, ":now")
    assert finish != engine_sqlite.FINISH
    monkeypatch.setattr(engine_sqlite, "FINISH", finish)
    assert sent_after_pause(in_file) == []
