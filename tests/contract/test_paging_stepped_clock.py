"""A database's clock that is stepped forward: nothing is due by that until somebody confirms it."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paging_world import STEP_S, PagingWorld, paging_on_server
from team import team_at

from services.dispatcher import __main__ as program
from services.dispatcher import engine_sqlite
from services.dispatcher.embedded import embedded_dispatcher
from services.dispatcher.engine_postgres import PagingPostgres
from services.dispatcher.engine_sqlite import PagingSqlite
from services.dispatcher.secrets import FileSecrets
from services.paging import clock_statements
from services.paging.engine import LEASE_S, PagingEngine
from services.paging.statements import SQLITE
from services.sync.clock_witness import ClockWitness

DAY = timedelta(hours=26)


def step(world: PagingWorld, by: timedelta) -> None:
    """Set the database's clock."""
    world.office.clock.step(by)


def ahead(world: PagingWorld) -> timedelta:
    return world.engine.fire_due().clock_ahead


def alarms(world: PagingWorld) -> set[str]:
    return {alarm.kind for alarm in world.engine.audit()}


@dataclass
class Machine:
    """A clock of a machine whose steady seconds are its own."""

    world: PagingWorld
    steady_s: Callable[[], float]

    def now(self) -> datetime:
        return self.world.office.clock.now()


def another(world: PagingWorld, steady_s: Callable[[], float]) -> PagingEngine:
    """An engine on another machine."""
    engine = world.engine
    if isinstance(engine, PagingPostgres):
        known = engine._connections
        return PagingPostgres(known._settings, known._ask, steady_s=steady_s)
    return PagingSqlite(world.office.path, Machine(world, steady_s))


def test_what_is_due_only_by_a_step_is_not_taken(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    assert world.send() == ["Theo push"]
    step(world, DAY)
    assert ahead(world) == DAY
    assert world.send() == []
    assert world.read(page_id).position == 0
    assert alarms(world) == {"clock-stepped"}


def test_pages_go_on_as_if_the_clock_had_not_been_stepped(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    world.send()
    step(world, DAY)
    world.after(119)
    assert world.send() == []
    world.after(1)
    assert world.send() == ["Theo sms"]
    world.after(STEP_S - 120)
    assert world.send() == ["Vera push"]
    world.page()
    world.after(0)
    assert world.send() == ["Theo push"], "a page of now waits for the clock"


def test_a_lease_lasts_as_long_as_without_the_step(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    frozen = world.engine.claim("frozen", "")
    step(world, DAY)
    world.after(LEASE_S - 1)
    assert world.engine.claim("heir", "") is None
    world.after(2)
    heir = world.engine.claim("heir", "")
    assert frozen is not None
    assert heir is not None
    assert heir.delivery_id == frozen.delivery_id


def test_an_operator_confirms_it(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    world.send()
    step(world, DAY)
    assert ahead(world) == DAY
    assert world.engine.confirm_clock()
    assert not world.engine.confirm_clock()
    assert ahead(world) == timedelta()
    assert world.send() == ["Vera push"]
    assert "clock-stepped" not in alarms(world)
    world.after(STEP_S)
    assert world.send() == ["Theo push"]


def test_it_comes_back(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    world.send()
    step(world, DAY)
    assert ahead(world) == DAY
    step(world, -DAY / 2)
    assert ahead(world) == DAY / 2
    step(world, -DAY / 2)
    assert ahead(world) == timedelta()
    assert world.send() == []
    world.after(STEP_S)
    assert world.send() == ["Vera push"]


def test_it_is_stepped_again_and_comes_back_while_nobody_looks(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    world.send()
    for _ in range(2):
        step(world, DAY)
        world.after(1)
    assert ahead(world) == 2 * DAY
    step(world, -2 * DAY)
    with closing(another(world, lambda: 0.0)) as begun_later:
        assert begun_later.fire_due().clock_ahead == timedelta()
    assert world.send() == []


def test_a_small_step_is_none(world: PagingWorld) -> None:
    world.page()
    world.after(0)
    world.send()
    step(world, timedelta(seconds=clock_statements.FAR_AHEAD_S))
    assert ahead(world) == timedelta()
    assert world.send() == ["Vera push"]


def test_whoever_begins_later_heeds_it(world: PagingWorld) -> None:
    page_id = world.page()
    world.after(0)
    world.send()
    step(world, DAY)
    assert ahead(world) == DAY
    with closing(another(world, lambda: 0.0)) as begun_later:
        for _ in range(3):
            assert begun_later.fire_due().clock_ahead == DAY
        assert begun_later.claim("later", "") is None
    assert world.read(page_id).position == 0


def test_a_machine_that_stood_still_holds_up_nobody(world: PagingWorld) -> None:
    """Its steady clock stood still as well, and the database's seems to have been stepped."""
    with closing(another(world, lambda: 0.0)) as stood_still:
        stood_still.fire_due()
        world.page()
        world.after(0)
        for _ in range(4):
            world.after(STEP_S / 2)
        assert stood_still.fire_due().clock_ahead == timedelta()


def test_after_an_outage_nothing_is_held(world: PagingWorld) -> None:
    world.page()
    world.after(2 * 3_600)
    assert world.send() == ["Theo push"]
    assert ahead(world) == timedelta()


def test_desks_heed_and_notice_it(tmp_path: Path, databases: Any) -> None:
    with team_at(tmp_path, databases) as team, paging_on_server(team) as world:
        page_id = world.page()
        world.after(0)
        world.send()
        desk: Any = world.desk.wire.inner
        desk._witness = ClockWitness(lambda: team.clock.steady_s())
        assert desk.keep_up().clock_ahead == timedelta()
        step(world, DAY)
        assert desk.keep_up().clock_ahead == DAY
        assert world.read(page_id).position == 0
        assert ahead(world) == DAY


def test_the_program_confirms_it(in_file: PagingWorld, capsys: Any) -> None:
    in_file.page()
    in_file.after(0)
    step(in_file, DAY)
    assert ahead(in_file) == DAY
    asked = ["--database", str(in_file.office.path), "--confirm-clock"]
    assert program.main(asked) == 0
    assert capsys.readouterr().out.startswith("The clock is confirmed.")
    assert ahead(in_file) == timedelta()
    assert program.main(asked) == 0
    assert capsys.readouterr().out.startswith("Nothing to confirm")


def test_a_desk_that_is_started_again_trusts_its_clock(in_file: PagingWorld) -> None:
    in_file.page()
    in_file.after(0)
    step(in_file, DAY)
    assert ahead(in_file) == DAY
    office = in_file.office
    again = embedded_dispatcher(office.path, office.clock, FileSecrets(Path("none")))
    again.start()
    assert again.stop()
    assert ahead(in_file) == timedelta()


# -- negative controls -----------------------------------------------------------------------


def without_witness(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(engine_sqlite.ClockWitness, "expected", lambda _: None)


def without_holding(patch: pytest.MonkeyPatch) -> None:
    kept = clock_statements.judging_clock(SQLITE)[1:]
    patch.setattr(engine_sqlite, "judging_clock", lambda _: kept)


@pytest.mark.parametrize("broken", [without_witness, without_holding])
def test_without_its_guard_a_step_calls_everybody(
    in_file: PagingWorld, monkeypatch: pytest.MonkeyPatch, broken: Callable[[Any], None]
) -> None:
    broken(monkeypatch)
    in_file.page()
    in_file.after(0)
    in_file.send()
    step(in_file, DAY)
    assert ahead(in_file) == timedelta()
    assert in_file.send() == ["Vera push"]


def test_one_witness_alone_would_hold_up_everybody(
    in_file: PagingWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, *judging = (
        text.replace(clock_statements._SECOND_WITNESS, "true")
        for text in (clock_statements.is_clock_judged(), *clock_statements.judging_clock(SQLITE))
    )
    monkeypatch.setattr(engine_sqlite, "is_clock_judged", lambda: asked)
    monkeypatch.setattr(engine_sqlite, "judging_clock", lambda _: judging)
    with closing(another(in_file, lambda: 0.0)) as stood_still:
        stood_still.fire_due()
        for _ in range(4):
            in_file.after(STEP_S / 2)
        assert stood_still.fire_due().clock_ahead > timedelta()
