"""The sync thread: what it tells the status bar, and how long it rests."""

import queue
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from builders import Desk, Office, Parts, log_command, note_command, notes_of
from wire import Wire

from services.core.errors import AppError
from services.incidents.incident import Incident
from services.sync.connection_faults import SignInRefused
from services.sync.errors import ClientUnknown, NotSent, ProgramTooOld, SharedUnreachable
from services.sync.shared import (
    ClientIdentity,
    Decision,
    Digest,
    Introduction,
    Submission,
    Welcome,
)
from services.sync.worker import (
    BACK_OFF_S,
    CHECK_EVERY,
    FOR_A_PERSON_S,
    KEEP_UP_S,
    Pace,
    SyncState,
    SyncWorker,
)

SOON_S = 20.0


@dataclass
class Refuses(Wire):
    """A wire whose hello is refused as long as there is a reason."""

    reason: AppError | None = None
    hellos: int = 0
    waits: list[float] = field(default_factory=list)
    buckets: list[int] = field(default_factory=list)
    is_poisoned: bool = False

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        if self.is_poisoned:
            raise NotSent(problem="poison")
        return super().submit(identity, batch)

    def hello(self, introduction: Introduction) -> Welcome:
        self.hellos += 1
        if self.reason is not None:
            raise self.reason
        return super().hello(introduction)

    def wait(self, cursor: int, timeout_s: float) -> bool:
        self.waits.append(timeout_s)
        return super().wait(cursor, timeout_s)

    def digest(self, table: str, bucket: int, closed_since=None) -> Digest:  # type: ignore[no-untyped-def]
        if table == "incident":
            self.buckets.append(bucket)
        return super().digest(table, bucket, closed_since)


@dataclass
class Running:
    """A desk with its thread running, and what it tells."""

    desk: Desk
    worker: SyncWorker
    states: "queue.Queue[SyncState]"

    @property
    def wire(self) -> Refuses:
        assert isinstance(self.desk.wire, Refuses)
        return self.desk.wire

    def until(self, holds: Callable[[SyncState], object]) -> SyncState:
        """The next state that is as wanted.

        Raises:
            queue.Empty: none was told in time.
        """
        while True:
            state = self.states.get(timeout=SOON_S)
            if holds(state):
                return state


@pytest.fixture
def running(office: Office) -> Iterator[Callable[..., Running]]:
    started: list[Running] = []

    def run(reason: AppError | None = None, **given: timedelta) -> Running:
        desk = office.desk(parts=Parts(wire=Refuses), is_connected=False, **given)
        assert isinstance(desk.wire, Refuses)
        desk.wire.reason = reason
        states: queue.Queue[SyncState] = queue.Queue()
        worker = SyncWorker(desk.replica, office.clock, states.put, random.Random(7))
        started.append(Running(desk, worker, states))
        worker.start()
        return started[-1]

    yield run
    for one in started:
        one.worker.stop()


def test_it_copies_then_is_online(running: Callable[..., Running]) -> None:
    place = running()
    assert place.until(lambda s: s.copying).copying
    state = place.until(lambda s: s.is_online and s.synced_at)
    assert (state.problem, state.offline_since, state.copying) == (None, None, None)


def test_a_wake_sends_at_once(running: Callable[..., Running], office: Office) -> None:
    place = running()
    place.until(lambda s: s.synced_at)
    place.desk.give(log_command(place.desk))
    place.worker.wake()
    place.until(lambda s: s.is_online and s.waiting_count == 0 and not place.desk.replica.pending())
    assert office.desk().find(Incident)


def test_news_of_a_colleague_arrive_without_a_wake(
    running: Callable[..., Running], office: Office
) -> None:
    place, other = running(), office.desk()
    place.until(lambda s: s.synced_at)
    id_ = other.log()
    other.do(note_command(id_))
    place.until(lambda s: notes_of(place.desk, id_))


@pytest.mark.parametrize("reason", [ProgramTooOld(), SignInRefused(), SharedUnreachable()])
def test_why_it_is_offline_is_told_once_and_work_goes_on(
    running: Callable[..., Running], reason: AppError
) -> None:
    place = running()
    place.until(lambda s: s.synced_at)
    place.wire.is_cut = True
    place.worker.wake()
    state = place.until(lambda s: s.offline_since)
    assert not state.is_online
    place.wire.reason = reason
    place.wire.is_cut = False
    place.worker.wake()
    if not isinstance(reason, SharedUnreachable):
        state = place.until(lambda s: s.problem is reason)
    place.wire.reason = type(reason)()
    place.desk.give(log_command(place.desk))
    place.worker.wake()
    told = place.until(lambda s: s.waiting_count == 1)
    assert told.problem is state.problem, "the same reason is no news"
    place.wire.reason = None
    place.worker.wake()
    state = place.until(lambda s: s.is_online and s.waiting_count == 0)
    assert state.problem is None


def test_a_change_that_cannot_be_sent_is_counted(running: Callable[..., Running]) -> None:
    place = running()
    place.until(lambda s: s.synced_at)
    place.wire.is_poisoned = True
    place.desk.give(log_command(place.desk))
    place.worker.wake()
    state = place.until(lambda s: s.unsendable)
    assert (state.is_online, state.conflict_count, state.waiting_count) == (True, 1, 0)


def test_parts_of_the_cache_are_compared_in_turn(
    running: Callable[..., Running], office: Office
) -> None:
    place = running()
    place.until(lambda s: s.synced_at)
    for _ in range(2):
        office.clock.advance(CHECK_EVERY)
        place.worker.wake()
        place.until(lambda s: s.synced_at == office.clock.now())
    assert place.wire.buckets == [0, 1, 2]


def test_a_window_is_told(running: Callable[..., Running]) -> None:
    assert running(kept_for=timedelta(days=30)).until(lambda s: s.synced_at).is_partial


def test_it_lets_what_is_due_be_done_every_few_seconds(running: Callable[..., Running]) -> None:
    place = running()
    place.until(lambda s: s.synced_at)
    place.worker.stop()
    assert set(place.wire.waits) <= {KEEP_UP_S}


# -- how long it rests ----------------------------------------------------------------------


def test_failures_are_answered_by_longer_pauses_spread_by_chance() -> None:
    pace = Pace(random.Random(1))
    for failures in range(1, 9):
        expected = BACK_OFF_S[min(failures, len(BACK_OFF_S)) - 1]
        pauses = [pace.back_off_s(SharedUnreachable(), failures) for _ in range(50)]
        assert all(expected / 2 <= pause <= expected * 1.5 for pause in pauses)
        assert len(set(pauses)) == 50


@pytest.mark.parametrize(
    ("error", "seconds"),
    [(ProgramTooOld(), FOR_A_PERSON_S), (SignInRefused(), FOR_A_PERSON_S),
     (ClientUnknown(), BACK_OFF_S[0]), (NotSent(), FOR_A_PERSON_S)],
)  # fmt: skip
def test_what_only_a_person_can_lift_is_tried_every_ten_minutes(
    error: AppError, seconds: float
) -> None:
    pauses = [Pace(random.Random(n)).back_off_s(error, 1) for n in range(20)]
    assert all(seconds / 2 <= pause <= seconds * 1.5 for pause in pauses)
