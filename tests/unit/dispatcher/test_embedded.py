"""The dispatcher inside a desk costs next to nothing while there is nothing to do."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from builders import office_at
from paging_world import PagingWorld, paging_in_file

from services.dispatcher.embedded import REST_S, PagingOfDesk, embedded_dispatcher
from services.dispatcher.engine_sqlite import PagingSqlite
from services.dispatcher.runner import BEAT_S, TICK_S
from services.dispatcher.secrets import FileSecrets
from services.paging.acts import AcknowledgePage
from services.paging.page import PageState
from services.sync.shared_sqlite import POLL_S

HEARD_OF_WITHIN_S = 60


@pytest.fixture
def world() -> Iterator[PagingWorld]:
    with office_at() as office, paging_in_file(office) as world:
        yield world


class Waits:
    """Stands for what a wait waits for: remembers how long it would have been."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def wait(self, timeout_s: float) -> bool:
        self.seconds.append(timeout_s)
        return False

    def clear(self) -> None:
        """There is nothing to clear."""


@pytest.fixture
def engine(world) -> Iterator[PagingOfDesk]:
    with closing(PagingOfDesk(world.office.path, world.office.clock)) as engine:
        engine._interrupted = Waits()
        yield engine


def rest_of(engine: PagingOfDesk) -> float:
    """How long it waits now, where a dispatcher asks for its usual pause."""
    engine.wait(TICK_S)
    return engine._interrupted.seconds[-1]


def test_an_idle_desk_asks_its_file_less_often_than_sync_does(engine):
    engine.fire_due()  # every other minute it writes down that the clock is well
    statements: list[str] = []
    engine._connection.set_trace_callback(statements.append)
    engine.fire_due()
    engine.beat("desk")
    engine.audit()
    engine.probes_due()
    assert engine.claim("desk", "") is None
    rest_s = rest_of(engine)
    polls = rest_s / POLL_S
    assert rest_s == REST_S
    assert len(statements) < polls / 10, statements
    written = [text for text in statements if text.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(written) == 1, "the heartbeat alone"


def test_it_is_heard_of_often_enough():
    assert BEAT_S < REST_S <= HEARD_OF_WITHIN_S / 2


def test_it_looks_each_second_while_a_page_is_open(world, engine):
    world.page()
    assert rest_of(engine) == TICK_S


def test_it_looks_each_second_while_a_message_waits_for_its_time(world, engine):
    page_id = world.page()
    world.after(0)
    world.send()
    world.desk.do(AcknowledgePage(page_id=page_id))
    world.desk.sync()
    assert world.read(page_id).state is PageState.ACKNOWLEDGED
    assert rest_of(engine) == TICK_S, "Theo's text message is due in two minutes"
    world.after(120)
    world.send()
    assert rest_of(engine) == REST_S


def test_it_looks_each_second_when_an_acknowledgement_runs_out_soon(world, engine):
    page_id = world.page()
    world.after(0)
    world.desk.do(AcknowledgePage(page_id=page_id))
    world.desk.sync()
    world.after(120)
    world.send()
    reopens_at = world.read(page_id).reopens_at
    left = reopens_at - world.office.clock.now() - timedelta(seconds=REST_S)
    world.office.clock.advance(left - timedelta(seconds=1))
    assert rest_of(engine) == REST_S
    world.office.clock.advance(timedelta(seconds=1))
    assert rest_of(engine) == TICK_S


def test_a_file_that_cannot_be_read_is_looked_at_again_soon(engine):
    with closing(PagingOfDesk(engine._path, engine._clock)) as broken:
        broken._interrupted = Waits()
    assert rest_of(broken) == TICK_S


def test_a_dispatcher_that_is_not_inside_a_desk_never_rests(world):
    with closing(PagingSqlite(world.office.path, world.office.clock)) as engine:
        engine._interrupted = Waits()
        engine.wait(TICK_S)
        assert engine._interrupted.seconds == [TICK_S]


def test_it_begins_wakes_and_ends(world, tmp_path):
    secrets = tmp_path / "secrets"
    secrets.touch(mode=0o600)
    dispatcher = embedded_dispatcher(world.office.path, world.office.clock, FileSecrets(secrets))
    dispatcher.start()
    dispatcher.wake()
    assert dispatcher.stop()
