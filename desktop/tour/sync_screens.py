"""States of work that several desks share: offline, conflicts, company, held replies, old ones."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from desktop.presenters.file_notices import FileNotices
from desktop.tour.driver import pause
from desktop.tour.stage import Show, Stage
from desktop.views.record.company import Companion
from services.catalogue.service import BusinessService, Category
from services.core.errors import DiskNearlyFull
from services.incidents.acts import AddNote, LogIncident, PrioritiseIncident, ResolveIncident
from services.incidents.extent import EXTENT
from services.incidents.incident import (
    Channel,
    Incident,
    IncidentState,
    NoteKind,
    ResolutionCode,
)
from services.incidents.priority import Impact, Urgency
from services.incidents.read_models import Worklist
from services.registry import RECORDS, command_book
from services.sync.book import ChangeSet
from services.sync.errors import JournalReplaced, ProgramTooOld
from services.sync.replica import Replica
from services.sync.shared_sqlite import SharedSqlite
from services.sync.worker import SyncState

REPLY = "The tunnel is back. Please tell us if it drops again."


def _is_worked_on(incident: Incident) -> bool:
    return incident.state is IncidentState.IN_PROGRESS and incident.escalation_id is None


def _ranked(incident: Incident, impact: Impact, urgency: Urgency) -> PrioritiseIncident:
    return PrioritiseIncident(
        incident_id=incident.id,
        impact=impact,
        urgency=urgency,
        seen_impact=incident.impact,
        seen_urgency=incident.urgency,
        seen_priority=incident.priority,
    )


def colleague(stage: Stage) -> Replica:
    """The desk of somebody else, connected and up to date."""
    folder = stage.home.cache / "colleague"
    shared = SharedSqlite(
        stage.home.shared_database, stage.clock, [record.TABLE for record in RECORDS], EXTENT
    )
    other = Replica(
        folder / "cache.db", folder / "journal.db", command_book(), shared, stage.clock,
        lambda _: None,
    )  # fmt: skip
    other.connect()
    other.copy()
    return other


def give(stage: Stage, who: UUID, *commands: object) -> None:
    """Somebody else's acts reach the shared database."""
    other = colleague(stage)
    other.push()
    other.pull()
    for command in commands:
        other.execute(command, who)
        other.push()
        other.pull()
    other.close()


def take_in(stage: Stage) -> None:
    """This desk hears what others did."""
    replica = stage.place.desk.profile.replica
    for _ in range(2):
        replica.push()
        replica.pull()
    pause(300)
    stage.driver.settle()


def _meanwhile(stage: Stage, command: object) -> None:
    """A colleague's act reaches the shared database, and then this desk."""
    people = stage.place.desk.directory.agents
    me = stage.place.desk.viewer.person_id
    other = colleague(stage)
    other.execute(command, next(p.id for p in people if p.id != me and p.name.startswith("J")))
    other.push()
    other.close()
    take_in(stage)


def _need(stage: Stage) -> None:
    """As many as wait for a decision now, as the status bar would show them."""
    pending = stage.place.desk.profile.replica.pending()
    stage.place.shell.show_sync(
        SyncState(is_online=True, synced_at=stage.clock.now(), conflict_count=len(pending))
    )
    stage.driver.settle()


def _offline(stage: Stage) -> None:
    """An own act waits because the shared database does not answer."""
    stage.queue()
    stage.choose(lambda i: i.impact is Impact.TEAM and _is_worked_on(i))
    act = _ranked(stage.incident, Impact.ORGANISATION, Urgency.HIGH)
    stage.place.desk.give(act, said="")
    stage.driver.until(lambda: stage.place.desk.profile.replica.has_work, "a waiting act")
    pause(200)
    since = stage.clock.now() - timedelta(minutes=11)
    stage.place.shell.show_sync(SyncState(offline_since=since, waiting_count=1))


def _conflict(stage: Stage) -> None:
    """A colleague's desk sets another priority first."""
    stage.queue()
    stage.choose(lambda i: i.impact is Impact.TEAM and _is_worked_on(i))
    before, me = stage.incident, stage.place.desk.viewer.person_id
    mine = _ranked(before, Impact.ORGANISATION, Urgency.HIGH)
    stage.place.desk.profile.replica.execute(mine, me)
    _meanwhile(stage, _ranked(before, Impact.ONE_PERSON, Urgency.MEDIUM))
    _need(stage)


def _comparison(stage: Stage) -> None:
    detail = stage.place.record.detail
    if detail is None or not detail.conflicts:
        _conflict(stage)
    stage.place.queue_screen.record.show_comparison()


def _resolved_twice(stage: Stage) -> None:
    """Somebody else had resolved it; the text typed here can stay as a note."""
    stage.queue()
    stage.choose(lambda i: _is_worked_on(i) and i.category_id is not None)
    incident, directory = stage.incident, stage.place.desk.directory
    service: BusinessService = next(iter(directory.services.values()))
    category: Category = next(iter(directory.categories.values()))
    act = ResolveIncident(
        incident_id=incident.id,
        code=ResolutionCode.FIXED,
        resolution="Rolled the VPN client back to 5.3.9 and restarted the tunnel.",
        category_id=incident.category_id or category.id,
        subcategory_id=incident.subcategory_id,
        service_id=incident.service_id or service.id,
    )
    stage.place.desk.profile.replica.execute(act, stage.place.desk.viewer.person_id)
    _meanwhile(stage, replace(act, resolution="Moved the gateway to its twin."))
    _need(stage)


def _lost_log(stage: Stage) -> None:
    """A refused report with all that followed on it, in the list of what waits."""
    stage.queue()
    desk = stage.place.desk
    team = next(t for t in desk.directory.teams.values() if t.name == "Service Desk")
    caller = next(p for p in desk.directory.people.values() if p.login is None)
    log = LogIncident(
        incident_id=desk.fresh_id(),
        number=10**9,
        summary="Badge reader at the Lyon reception beeps without end",
        description="Since the power cut at eight. The door stays open meanwhile.",
        channel=Channel.PHONE,
        caller_id=caller.id,
        reported_at=stage.clock.now(),
        owner_team_id=team.id,
    )
    replica, me = desk.profile.replica, desk.viewer.person_id
    replica.execute(log, me)
    words = "Facilities will send somebody at ten."
    replica.execute(AddNote(incident_id=log.incident_id, kind=NoteKind.CALL, text=words), me)
    for _ in range(2):
        replica.push()
        replica.pull()
    _need(stage)
    stage.dialog("sync.pending")


def _held_reply(stage: Stage) -> None:
    """A colleague writes a note while a reply is being written."""
    stage.queue()
    stage.choose(lambda i: _is_worked_on(i) and i.caller_id is not None)
    pane = stage.place.queue_screen.record
    pane.write(NoteKind.REPLY)
    pane.set_composer_text(REPLY)
    pane.draft_changed.emit(REPLY)
    words = "Do not tell the caller yet: the gateway is being restarted at eleven."
    _meanwhile(
        stage,
        AddNote(incident_id=stage.incident.id, kind=NoteKind.INTERNAL, text=words),
    )
    pane.note_submitted.emit(NoteKind.REPLY, REPLY, None)
    stage.driver.settle()
    pause(200)


def _company(stage: Stage) -> None:
    stage.queue()
    stage.choose(_is_worked_on)
    names = [p.name for p in stage.place.desk.directory.agents if p.name.startswith(("J", "P"))]
    company = [Companion(name, is_writing=place == 0) for place, name in enumerate(names[:2])]
    stage.place.queue_screen.record.show_company(company)


def _too_old(stage: Stage) -> None:
    stage.queue()
    since = stage.clock.now() - timedelta(minutes=11)
    stage.place.show_sync(SyncState(offline_since=since, waiting_count=3, problem=ProgramTooOld()))


def _wrong_clock(stage: Stage) -> None:
    stage.queue()
    now = stage.clock.now()
    stage.place.show_sync(
        SyncState(is_online=True, synced_at=now, clock_offset=timedelta(hours=26))
    )


def _older(stage: Stage) -> None:
    """Only what was closed in the last days is kept here, and some older ones were fetched."""
    replica = stage.place.desk.profile.replica
    replica.keep(timedelta(days=1))
    replica.copy()
    stage.place.show_sync(SyncState(is_online=True, synced_at=stage.clock.now(), is_partial=True))
    stage.queue(Worklist.ALL_INCIDENTS)
    stage.place.queue_screen.older.fetch_requested.emit()
    model, before = stage.place.queue_screen.model, stage.place.queue_screen.model.rowCount()
    stage.driver.until(lambda: model.rowCount() > before, "older incidents")
    stage.place.queue_screen.table.select_number(model.numbers[-1])
    stage.driver.settle()
    replica.keep(None)


def _notice(stage: Stage) -> None:
    """What became of local files, with another notice behind it."""
    stage.queue()
    notices = FileNotices(stage.driver.window)
    notices.tell(JournalReplaced(kept=3, file="journal.db.kept.1"))
    notices.tell(DiskNearlyFull())


def _newer(stage: Stage) -> None:
    """An incident with values that only a newer program knows."""
    stage.queue()
    stage.choose(_is_worked_on)
    desk = stage.place.desk
    values = (str(stage.incident.id),)
    with closing(sqlite3.connect(stage.home.replica)) as connection:
        connection.execute(
            "UPDATE incident SET state = 'paused', priority = 9, channel = 'fax' WHERE id = ?",
            values,
        )
        connection.commit()
    desk.changed.emit(ChangeSet(is_everything=True))
    stage.driver.until(lambda: stage.incident.state.value == "paused", "the state of a newer one")
    stage.driver.settle()


SYNC_SCREENS: dict[str, Show] = {
    "state_notice": _notice,
    "state_offline": _offline,
    "state_conflict": _conflict,
    "state_comparison": _comparison,
    "state_resolved_twice": _resolved_twice,
    "state_lost_log": _lost_log,
    "state_held_reply": _held_reply,
    "state_company": _company,
    "state_too_old": _too_old,
    "state_wrong_clock": _wrong_clock,
    "state_newer": _newer,
    "state_older": _older,
}
