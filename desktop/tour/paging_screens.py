"""Pages in their states, for the pictures: asked for, calling, answered, held, and one's own."""

import json
from contextlib import closing
from datetime import timedelta
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.tour.driver import pause
from desktop.tour.stage import Show, Stage
from desktop.tour.sync_screens import colleague
from services.core.ids import derived_id
from services.dispatcher.engine_sqlite import PagingSqlite
from services.incidents.acts import EscalateToTeam
from services.incidents.incident import Incident, IncidentState
from services.incidents.priority import Priority
from services.incidents.read_models import Worklist
from services.paging.acts import AcknowledgePage, PagePeople, PageTeam
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.notice_commands import SendVerification
from services.paging.page import Outcome
from services.people.contact import ContactKind
from services.people.contact_commands import (
    AddContactMethod,
    SetNotificationRules,
    VerifyContact,
)
from services.sync.errors import SharedUnreachable
from services.sync.paging_standing import PagingStanding
from services.sync.worker import SyncState

CODE = "204317"
SMS = json.dumps({"account_sid": "AC" + 32 * "0", "from": "+15550001111"})
TEAM = "Network"
REACHED = ("Priya Raman", "Jakub Dvořák", "Miriam Cohen", "Noor van Dijk", "Maya Lindqvist")


def _give(stage: Stage, *given: tuple[object, UUID]) -> None:
    """Acts of others reach the shared database, and then this desk."""
    other = colleague(stage)
    for command, who in given:
        other.execute(command, who)
        other.push()
    other.close()
    _pull(stage)


def _pull(stage: Stage) -> None:
    replica = stage.place.desk.profile.replica
    for _ in range(2):
        replica.push()
        replica.pull()
    pause(300)
    stage.driver.settle()


def _lead(stage: Stage, seconds: float = 0, *, first: Outcome = Outcome.DELIVERED) -> None:
    """Let time pass and the pages that are due go on; every message arrives after the first."""
    stage.clock.advance(timedelta(seconds=seconds))
    with closing(PagingSqlite(stage.home.shared_database, stage.clock)) as engine:
        engine.fire_due()
        outcome = first
        while claimed := engine.claim("tour", ""):
            reason = "cut off after the request" if outcome is Outcome.UNSURE else ""
            engine.finish(claimed, outcome, reason=reason)
            outcome = Outcome.DELIVERED
    _pull(stage)


def _person(stage: Stage, name: str) -> UUID:
    people = stage.place.desk.directory.people.values()
    return next(person.id for person in people if person.name == name)


def _team(stage: Stage) -> UUID:
    teams = stage.place.desk.directory.teams.values()
    return next(team.id for team in teams if team.name == TEAM)


def _reachable(stage: Stage) -> None:
    """Some people prove a push and a number, once."""
    if (stage.home.cache / "reachable").exists():
        return
    me = stage.place.desk.viewer.person_id
    push, text = derived_id("tour", "push"), derived_id("tour", "sms")
    made: list[tuple[object, UUID]] = [
        (AddDestination(destination_id=push, kind=ProviderKind.NTFY, name="ntfy",
                        base_url="http://127.0.0.1:1", may_reach_private=True), me),
        (AddDestination(destination_id=text, kind=ProviderKind.TWILIO_SMS, name="SMS account",
                        base_url="http://127.0.0.1:1", may_reach_private=True,
                        options=SMS), me),
    ]  # fmt: skip
    for name in REACHED:
        person = _person(stage, name)
        ways = ((ContactKind.PUSH, push, "alderfinch"), (ContactKind.SMS, text, "+351915550120"))
        methods = [derived_id(person, kind.value) for kind, _, _ in ways]
        for (kind, through, address), method in zip(ways, methods, strict=True):
            made += [
                (AddContactMethod(contact_method_id=method, person_id=person, kind=kind,
                                  destination_id=through, address=address), person),
                (SendVerification(delivery_id=derived_id(method, "code"),
                                  contact_method_id=method, code=CODE), person),
                (VerifyContact(contact_method_id=method, code=CODE), person),
            ]  # fmt: skip
        rules = SetNotificationRules(
            person_id=person, contact_method_ids=tuple(methods), delays_s=(0, 120)
        )
        made.append((rules, person))
    _give(stage, *made)
    (stage.home.cache / "reachable").touch()


def _is_urgent(incident: Incident) -> bool:
    return (
        incident.state is IncidentState.IN_PROGRESS
        and incident.escalation_id is None
        and incident.priority is Priority.P2
    )


def _urgent(stage: Stage, summary: str = "") -> Incident:
    """The first urgent incident of the queue; of some that are paged about, each its own."""
    _reachable(stage)
    stage.queue(Worklist.TEAM_QUEUE)
    stage.choose(lambda incident: _is_urgent(incident) and incident.summary.startswith(summary))
    stage.place.show_sync(SyncState(is_online=True, synced_at=stage.clock.now()))
    return stage.incident


def _choose_team(stage: Stage) -> None:
    dialog = stage.driver.dialog()
    pages = dialog.findChildren(QWidget)
    row = next(w for w in pages if w.accessibleName().startswith(f"{TEAM}, "))
    stage.driver.click(row)
    stage.driver.settle()


def _escalate_and_page(stage: Stage) -> None:
    _urgent(stage)
    stage.dialog("incident.escalate")
    _choose_team(stage)


def _escalate_offline(stage: Stage) -> None:
    _urgent(stage)
    _cut_off(stage)
    stage.dialog("incident.escalate")
    _choose_team(stage)


def _cut_off(stage: Stage, waiting_count: int = 0) -> None:
    since = stage.clock.now() - timedelta(minutes=11)
    stage.place.show_sync(
        SyncState(offline_since=since, problem=SharedUnreachable(), waiting_count=waiting_count)
    )
    stage.driver.settle()


def _page_now(stage: Stage) -> None:
    _urgent(stage)
    stage.dialog("incident.page")
    _choose_team(stage)


def _escalated(stage: Stage, name: str) -> UUID:
    """A colleague escalates an incident and pages its new team."""
    incident = _urgent(stage)
    page_id = derived_id("tour", name, incident.id)
    me = stage.place.desk.viewer.person_id
    act = EscalateToTeam(
        incident_id=incident.id,
        escalation_id=derived_id("tour", "escalation", incident.id),
        to_team_id=_team(stage),
        reason="Needs access we do not have",
        tried="Another device at the same place, after a restart",
        found="It began with the change of this morning",
        need="Look at the change of this morning, and take it back if it fits",
        seen_team_id=incident.team_id,
        page_id=page_id,
    )
    _give(stage, (act, me))
    _lead(stage, first=Outcome.UNSURE)
    _lead(stage, 108)
    return page_id


def _calling(stage: Stage) -> None:
    _escalated(stage, "calling")


def _audit(stage: Stage) -> None:
    page_id = _escalated(stage, "audit")
    _lead(stage, 40)
    _lead(stage, 170)
    stage.clock.advance(timedelta(seconds=24))
    _give(stage, (AcknowledgePage(page_id=page_id), _person(stage, "Priya Raman")))
    _lead(stage)
    stage.trigger("tab.escalations")


def _held(stage: Stage) -> None:
    """A page that was asked for on a train."""
    incident = _urgent(stage, "Scanners reconnect")
    me = stage.place.desk.viewer.person_id
    act = PageTeam(
        page_id=derived_id("tour", "held"),
        incident_id=incident.id,
        team_id=_team(stage),
        reason="It is back, and now for everybody on the floor",
    )
    stage.place.desk.profile.replica.execute(act, me)
    stage.clock.advance(timedelta(minutes=14))
    _pull(stage)
    _lead(stage)
    stage.place.show_sync(SyncState(is_online=True, synced_at=stage.clock.now()))
    stage.driver.settle()


def _unsent(stage: Stage) -> None:
    incident = _urgent(stage, "Badge readers accept")
    _cut_off(stage)
    act = PageTeam(
        page_id=derived_id("tour", "unsent"),
        incident_id=incident.id,
        team_id=_team(stage),
        reason="It is back, and now for everybody on the floor",
    )
    stage.place.desk.give(act, said="")
    stage.driver.until(lambda: stage.place.queue_screen.record.paging.isVisible(), "the strip")
    _cut_off(stage, waiting_count=1)


def _silent(stage: Stage) -> None:
    """Nobody delivers pages."""
    _urgent(stage)
    now = stage.clock.now()
    standing = PagingStanding(
        fired=0, dispatcher_count=0, last_beat_at=now - timedelta(minutes=4), open_pages=2,
        waiting_deliveries=1, now=now,
    )  # fmt: skip
    stage.place.show_sync(SyncState(is_online=True, synced_at=now, paging=standing))
    stage.driver.settle()


def _own(stage: Stage) -> QWidget:
    """Pages that wait for the person at the desk."""
    incident = _urgent(stage, "VPN drops")
    me = stage.place.desk.viewer.person_id
    act = PagePeople(
        page_id=derived_id("tour", "own"),
        incident_id=incident.id,
        person_ids=(me,),
        reason="Please take the callers while I look for the cause",
    )
    _give(stage, (act, _person(stage, "Priya Raman")))
    _lead(stage)
    alarm = stage.place.own_pages.alarm
    stage.driver.until(alarm.isVisible, "the alarm")
    stage.driver.settle()
    return alarm


PAGING_SCREENS: dict[str, Show] = {
    "escalate_and_page": _escalate_and_page,
    "escalate_offline": _escalate_offline,
    "page_now": _page_now,
    "page_calling": _calling,
    "page_audit": _audit,
    "page_silent": _silent,
    "page_own": _own,
    "page_held": _held,
    "page_unsent": _unsent,
}
