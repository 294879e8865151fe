"""A major incident in its states, for the pictures: proposed, accepted, under way, resolved."""

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta

from desktop.presenters.major_pack import handover_pack
from desktop.presenters.major_roles import MajorRoles
from desktop.tour.driver import pause
from desktop.tour.major_story import (
    DESK,
    DRILL_ID,
    INCIDENT_ID,
    MANAGER,
    SUMMARY,
    SUPPORT,
    Moment,
    Told,
)
from desktop.tour.stage import Show, Stage
from desktop.tour.sync_screens import colleague
from desktop.views.major.dialogs.resolving import ResolveMajorDialog
from services.core.ids import derived_id
from services.dispatcher.engine_sqlite import PagingSqlite
from services.incidents.acts import LogIncident
from services.incidents.read_models import Worklist
from services.major_incidents.acts import OfferRole, StartDrill
from services.major_incidents.major import ResponseRole
from services.sync.worker import SyncState

BEGAN_BEFORE = timedelta(minutes=110, seconds=7)
"""The impact began so long before the pictures are taken."""


def _set_clock(stage: Stage, later: timedelta = timedelta(0)) -> datetime:
    """The moment of these pictures: that of the first one, or so much later."""
    mark = stage.home.cache / "major moment"
    if not mark.exists():
        mark.write_text(stage.clock.now().isoformat(), encoding="utf-8")
    stage.clock.moment = datetime.fromisoformat(mark.read_text(encoding="utf-8")) + later
    return stage.clock.moment


def _story(stage: Stage) -> Told:
    now = _set_clock(stage)
    rows = [row for row in stage.place.majors.open_rows if row.incident_id == INCIDENT_ID]
    key = rows[0].number if rows else ""
    return Told(stage.place.desk.directory, now - BEGAN_BEFORE, DESK, key)


def _give(stage: Stage, told: Told, moments: Iterable[Moment]) -> None:
    """Acts of the morning at their times, each by whoever did it; updates leave on the way."""
    other, end = colleague(stage), stage.clock.now()
    people = {p.name: p.id for p in stage.place.desk.directory.people.values()}
    for moment in moments:
        stage.clock.moment = told.at(moment.minute)
        command = moment.command
        if isinstance(command, LogIncident | StartDrill):
            command = replace(command, number=other.take_number())
        other.execute(command, people[moment.who])
        other.push()
        other.pull()
        with closing(PagingSqlite(stage.home.shared_database, stage.clock)) as engine:
            engine.fire_due()
        other.pull()
    stage.clock.moment = end
    other.close()
    _take_in(stage)


def _take_in(stage: Stage) -> None:
    replica = stage.place.desk.profile.replica
    for _ in range(2):
        replica.push()
        replica.pull()
    pause(300)
    stage.driver.settle()


def _is_done(stage: Stage, what: str) -> bool:
    """Whether a part of the morning was told already; from then on it is."""
    mark = stage.home.cache / f"major {what}"
    was_done = mark.exists()
    mark.touch()
    return was_done


def _proposed(stage: Stage) -> None:
    if not _is_done(stage, "proposed"):
        told = _story(stage)
        _give(stage, told, told.report())
    stage.queue(Worklist.ALL_INCIDENTS)
    stage.place.open_incident(INCIDENT_ID)
    stage.driver.settle()
    stage.driver.until(lambda: stage.incident.summary == SUMMARY, "the proposed incident")
    stage.driver.settle()


def _console(stage: Stage) -> None:
    """As the incident manager sees it."""
    people = stage.place.desk.directory.people.values()
    stage.place.desk.work_as(next(p.id for p in people if p.name == MANAGER))
    stage.place.majors.reload()
    stage.place.majors.open(INCIDENT_ID)
    stage.driver.until(lambda: stage.place.console.view is not None, "the console")
    stage.place.show_sync(SyncState(is_online=True, synced_at=stage.clock.now()))
    stage.driver.settle()
    stage.place.majors.show_moment()


def _accepted(stage: Stage) -> None:
    """Nothing but the acceptance: the first word is due in four minutes."""
    _proposed(stage)
    told = _story(stage)
    if not _is_done(stage, "accepted"):
        _give(stage, told, told.accepted())
    stage.clock.moment = told.at(8.2)
    _console(stage)


def _under_way(stage: Stage, later: timedelta = timedelta(0)) -> None:
    _accepted(stage)
    if not _is_done(stage, "under way"):
        told = _story(stage)
        _give(stage, told, told.response())
    _set_clock(stage, later)
    _console(stage)


def _late(stage: Stage) -> None:
    """Nobody has written the next word."""
    _under_way(stage, timedelta(minutes=8, seconds=3))


def _known(stage: Stage) -> None:
    """What was known an hour before."""
    _under_way(stage)
    strip = stage.place.console.moment
    strip.open()
    strip.slider.setValue(50)
    stage.driver.settle()


def _after_looking_back(stage: Stage) -> None:
    stage.place.console.moment.leave()
    _under_way(stage)


def _dialog(verb: str) -> Show:
    def show(stage: Stage) -> None:
        _after_looking_back(stage)
        stage.dialog(f"major.{verb}")

    return show


def _resolve(stage: Stage) -> None:
    _dialog("resolve")(stage)
    dialog = stage.driver.dialog()
    assert isinstance(dialog, ResolveMajorDialog)
    dialog.restore(
        {
            "resolution": "CHG-911 was taken back on all nodes. Card payments work again.",
            "recovery": "Error rate under 0.1 % for 20 minutes",
            "code": "software_update",
        }
    )
    stage.driver.settle()


def _offered(stage: Stage) -> None:
    """The role of the incident manager is offered to the one at the desk, with the pack."""
    _after_looking_back(stage)
    desk = stage.place.desk
    reading = stage.place.majors.asking.reading
    assert reading is not None
    assert reading.console.manager is not None
    people = desk.directory.people.values()
    successor = next(p.id for p in people if p.name == SUPPORT)
    if not _is_done(stage, "offered"):
        offer = OfferRole(
            incident_id=INCIDENT_ID,
            holding_id=derived_id("tour", "relief"),
            role=ResponseRole.INCIDENT_MANAGER,
            person_id=successor,
            relieves_id=reading.console.manager.holding.id,
            handover=handover_pack(reading),
        )
        told = _story(stage)
        _give(stage, told, [Moment(109, MANAGER, offer)])
    desk.work_as(successor)
    stage.place.majors.reload()
    stage.driver.settle()
    row = next(
        entry.row for entry in stage.place.console.roles.entries
        if entry.row is not None and entry.row.may_answer
    )  # fmt: skip
    MajorRoles(stage.place.majors.asking).take(row)
    stage.driver.dialog()
    stage.driver.settle()


def _list(stage: Stage) -> None:
    _drill(stage)
    stage.driver.window.show_screen("major")
    stage.place.majors.open_list()
    stage.driver.settle()


def _drill(stage: Stage) -> None:
    """A drill of the same kind, marked everywhere."""
    _after_looking_back(stage)
    if not _is_done(stage, "drill"):
        told = _story(stage)
        _give(stage, told, told.drill())
    stage.place.majors.open(DRILL_ID)
    stage.driver.until(lambda: stage.place.console.view is not None, "the drill")
    stage.driver.settle()


MAJOR_SCREENS: dict[str, Show] = {
    "major_proposed": _proposed,
    "major_accepted": _accepted,
    "major": _under_way,
    "major_late": _late,
    "major_known": _known,
    "major_resolve": _resolve,
    "major_hand_over": _dialog("hand_over"),
    "major_suspects": _dialog("suspects"),
    "major_times": _dialog("times"),
    "major_severity": _dialog("severity"),
    "major_stream": _dialog("stream"),
    "major_support_case": _dialog("support_case"),
    "major_change_event": _dialog("change_event"),
    "major_export": _dialog("export"),
    "major_demote": _dialog("demote"),
    "major_role_offered": _offered,
}
DRILL_SCREENS: dict[str, Show] = {"major_drill": _drill, "major_list": _list}
"""Last: from then on a word of the drill is owed, too."""
