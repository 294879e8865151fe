"""Saying where one is: at once when it changes, then every few seconds, and never for nothing."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from builders import office_at

from services.core.clock import ManualClock
from services.sync.errors import SharedUnreachable
from services.sync.presence import REPORT_EVERY, Whereabouts
from services.sync.shared import Presence
from services.sync.worker import SyncWorker

HERE, THERE = uuid4(), uuid4()
THEO = Presence(uuid4(), HERE, is_writing=True)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Room:
    """The shared database as far as presence goes; keeps what was said."""

    def __init__(self) -> None:
        self.clock = ManualClock(START)
        self.said: list[tuple[UUID | None, bool]] = []
        self.heard: list[tuple[Presence, ...]] = []
        self.is_cut = False
        self.where = Whereabouts(self.clock, self.ask)
        self.where.listen(self.heard.append)

    def ask(self, incident_id: UUID | None, *, is_writing: bool) -> tuple[Presence, ...]:
        if self.is_cut:
            raise SharedUnreachable()
        self.said.append((incident_id, is_writing))
        return (THEO,) if incident_id == HERE else ()


@pytest.fixture
def room() -> Room:
    return Room()


def test_nothing_is_said_while_no_record_is_open(room):
    room.where.report()
    room.clock.advance(timedelta(hours=1))
    room.where.report()
    assert room.said == []
    assert room.where.rest_s(30) == 30


def test_a_change_is_said_at_once_and_repeated_every_few_seconds(room):
    assert room.where.be_at(HERE, is_writing=False)
    assert not room.where.be_at(HERE, is_writing=False)
    room.where.report()
    room.where.report()
    assert room.where.be_at(HERE, is_writing=True)
    room.where.report()
    room.clock.advance(REPORT_EVERY - timedelta(milliseconds=1))
    room.where.report()
    assert room.said == [(HERE, False), (HERE, True)]
    room.clock.advance(timedelta(milliseconds=1))
    room.where.report()
    assert room.said == [(HERE, False), (HERE, True), (HERE, True)]
    assert room.heard == [(THEO,)] * 3
    assert room.where.rest_s(30) == REPORT_EVERY.total_seconds()


def test_leaving_is_said_once(room):
    room.where.be_at(HERE, is_writing=False)
    room.where.report()
    room.where.be_at(None, is_writing=False)
    room.where.report()
    room.clock.advance(timedelta(minutes=5))
    room.where.report()
    assert room.said == [(HERE, False), (None, False)]
    assert room.heard[-1] == ()


def test_what_nobody_heard_is_said_again(room):
    room.where.be_at(HERE, is_writing=False)
    room.is_cut = True
    with pytest.raises(SharedUnreachable):
        room.where.report()
    room.where.lose_touch()
    assert room.heard == [()]
    room.is_cut = False
    room.where.report()
    room.where.report()
    assert room.said == [(HERE, False)]


def test_the_sync_thread_reports_at_once_and_hears_the_others(tmp_path):
    """The real thread on a real shared database; only where the others are is given here."""
    heard = threading.Event()
    with office_at(tmp_path) as office:
        desk, room = office.desk(), Room()
        room.where.listen(lambda others: heard.set() if others == (THEO,) else None)
        worker = SyncWorker(desk.replica, office.clock, lambda _: None, whereabouts=room.where)
        worker.start()
        room.where.be_at(HERE, is_writing=True)
        worker.wake()
        assert heard.wait(10)
        worker.stop()
    assert room.said == [(HERE, True)]
