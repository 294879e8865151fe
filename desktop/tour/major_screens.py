"""A major incident in its states, for the pictures: proposed, just accepted, under way, resolved."""

from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.tour.driver import pause
from desktop.tour.major_story import INCIDENT_ID, MANAGER, SUMMARY, Moment, Told
from desktop.tour.sync_screens import colleague
from services.dispatcher.engine_sqlite import PagingSqlite
from services.incidents.read_models import Worklist
from services.major_incidents.acts import OfferRole
from services.sync.worker import SyncState

if TYPE_CHECKING:
    from desktop.tour.screens import Stage

Show = Callable[["Stage"], QWidget | None]
BEGAN_BEFORE = timedelta(minutes=110, seconds=7)
"""The impact began so long before the pictures are taken."""


def _story(stage: "Stage") -> Told:
    now = stage.clock.now()
    return Told(stage.place.desk.directory, now - BEGAN_BEFORE, _founder(stage))


def _founder(stage: "Stage") -> str:
    desk = stage.place.desk
    return desk.directory.person(desk.viewer.person_id)


def _give(stage: "Stage", told: Told, moments: Iterable[Moment]) -> None:
    """Acts of the morning at their times, each by whoever did it; updates leave on the way."""
    other, end = colleague(stage), stage.clock.now()
    people = {p.name: p.id for p in stage.place.desk.directory.people.values()}
    for moment in moments:
        stage.clock.moment = told.at(moment.minute)
        other.execute(moment.command, people[moment.who])
        other.push()
        other.pull()
        with closing(PagingSqlite(stage.home.shared_database, stage.clock)) as engine:
            engine.fire_due()
        other.pull()
    stage.clock.moment = end
    other.close()
    _take_in(stage)


def _take_in(stage: "Stage") -> None:
    replica = stage.place.desk.profile.replica
    for _ in range(2):
        replica.push()
        replica.pull()
    pause(300)
    stage.driver.settle()


def _is_done(stage: "Stage", what: str) -> bool:
    """Whether a part of the morning was told already; from then on it is."""
    mark = stage.home.cache / f"major {what}"
    was_done = mark.exists()
    mark.touch()
    return was_done


def _proposed(stage: "Stage") -> None:
    if not _is_done(stage, "proposed"):
        told = _story(stage)
        numbers = stage.place.desk.profile.replica
        _give(stage, told, told.report(numbers.take_number()))
    stage.queue(Worklist.ALL_INCIDENTS)
    stage.place.open_incident(INCIDENT_ID)
    stage.driver.settle()
    stage.driver.until(lambda: stage.incident.summary == SUMMARY, "the proposed incident")
    stage.driver.settle()


def _console(stage: "Stage") -> None:
    """As the incident manager sees it."""
    people = stage.place.desk.directory.people.values()
    stage.place.desk.work_as(next(p.id for p in people if p.name == MANAGER))
    stage.place.majors.reload()
    stage.place.majors.open(INCIDENT_ID)
    stage.driver.until(lambda: stage.place.console.view is not None, "the console")
    stage.place.show_sync(SyncState(is_online=True, synced_at=stage.clock.now()))
    stage.driver.settle()
    stage.place.majors.show_moment()


def _accepted(stage: "Stage") -> None:
    _proposed(stage)
    if not _is_done(stage, "accepted"):
        told = _story(stage)
        _give(stage, told, told.accepted())
    now = stage.clock.now()
    stage.clock.moment = now - BEGAN_BEFORE + timedelta(minutes=9)
    _console(stage)
    stage.clock.moment = now
