"""Who is at the same record, as the sync threads of two desks hear it from a real PostgreSQL."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from builders import DANA, THEO, Desk
from team import Team

from services.incidents import acts
from services.sync.presence import REPORT_EVERY, Whereabouts
from services.sync.shared import Presence
from services.sync.worker import SyncWorker

PATIENCE_S = 20.0


@dataclass
class AtWork:
    """A desk whose sync thread runs; ``heard`` is the last it was told of the others."""

    desk: Desk
    whereabouts: Whereabouts
    worker: SyncWorker
    heard: tuple[Presence, ...] = ()
    news: threading.Event = field(default_factory=threading.Event)

    def listen(self, heard: tuple[Presence, ...]) -> None:
        self.heard = heard
        self.news.set()

    def be_at(self, incident_id: UUID | None, *, is_writing: bool = False) -> None:
        """Open a record, and wait until the shared database has answered."""
        self._reported(lambda: self.whereabouts.be_at(incident_id, is_writing=is_writing))

    def look_again(self) -> tuple[Presence, ...]:
        """The next report, when it is time for it."""
        self._reported(lambda: self.desk.clock.advance(REPORT_EVERY))
        return self.heard

    def _reported(self, begin: Callable[[], object]) -> None:
        self.news.clear()
        begin()
        self.worker.wake()
        assert self.news.wait(PATIENCE_S), "nothing was reported"


@contextmanager
def at_work(desk: Desk) -> Iterator[AtWork]:
    whereabouts = Whereabouts(desk.clock, desk.replica.be_present)
    worker = SyncWorker(desk.replica, desk.clock, lambda _: None, whereabouts=whereabouts)
    person = AtWork(desk, whereabouts, worker)
    whereabouts.listen(person.listen)
    worker.start()
    try:
        yield person
    finally:
        worker.stop()


@pytest.fixture
def incident(team: Team) -> UUID:
    desk = team.desk("before", login="dana")
    id_ = desk.log()
    desk.sync()
    return id_


@pytest.fixture
def people(team: Team, incident: UUID) -> Iterator[tuple[AtWork, AtWork]]:
    """Dana at the record, writing, and Theo who reads it."""
    with (
        at_work(team.desk("dana", login="dana")) as dana,
        at_work(team.desk("theo", login="theo")) as theo,
    ):
        dana.be_at(incident, is_writing=True)
        theo.be_at(incident)
        yield dana, theo


def age(team: Team, seconds: int) -> None:
    """Everybody was seen last so many seconds earlier than they were."""
    with team.databases.access.connect(team.database) as connection:
        connection.execute(
            "UPDATE firstline.presence SET seen_at = seen_at - make_interval(secs => %s)",
            (seconds,),
        )


def test_both_hear_of_each_other(people, incident):
    dana, theo = people
    assert theo.heard == (Presence(DANA, incident, is_writing=True),)
    assert dana.look_again() == (Presence(THEO, incident, is_writing=False),)


def test_who_stops_writing_and_leaves_is_heard_of_no_more(people, incident):
    dana, theo = people
    dana.be_at(incident)
    assert theo.look_again() == (Presence(DANA, incident, is_writing=False),)
    dana.be_at(None)
    assert theo.look_again() == ()


@pytest.mark.parametrize(("seconds", "is_known"), [(61, False), (40, True)])
def test_who_fell_silent_is_forgotten_after_a_minute_of_the_servers_clock(
    team, people, incident, seconds, is_known
):
    dana, theo = people
    dana.worker.stop()
    age(team, seconds)
    expected = (Presence(DANA, incident, is_writing=True),) if is_known else ()
    assert theo.look_again() == expected


def test_whoever_says_so_again_is_not_forgotten(team, people, incident):
    dana, theo = people
    age(team, 61)
    dana.look_again()
    assert theo.look_again() == (Presence(DANA, incident, is_writing=True),)


@pytest.mark.parametrize("is_confidential", [True, False])
def test_at_a_confidential_record_only_those_hear_of_one_who_may_read_it(
    team, people, incident, is_confidential
):
    dana, theo = people
    if is_confidential:
        dana.desk.replica.execute(
            acts.RestrictIncident(
                incident_id=incident, is_confidential=True, reason="Personal data",
                seen_is_confidential=False,
            ),
            DANA,
        )  # fmt: skip
    dana.look_again()  # the thread has sent it before it reports
    heard = {presence.person_id for presence in theo.look_again()}
    assert heard == (set() if is_confidential else {DANA})
