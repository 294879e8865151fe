"""A desk whose person is paged: a colleague pages, somebody leads the pages."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from running_desk import MAYA, NETWORK, PRIYA, RunningDesk, running_desk

from desktop.views.dialogs.form_dialog import FormDialog
from services.core.clock import ManualClock
from services.core.ids import derived_id
from services.dispatcher.engine_sqlite import PagingSqlite
from services.incidents.acts import StartIncident
from services.incidents.read_models import Worklist
from services.on_call.acts import AddRoster, AddRotation
from services.on_call.roster import RotationUnit
from services.paging.acts import PagePeople
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.notice_commands import SendVerification
from services.people.contact import ContactKind
from services.people.contact_commands import AddContactMethod, VerifyContact
from services.sync.errors import SharedUnreachable
from services.sync.worker import SyncState

CODE = "204317"
FIRST = derived_id("test incident", 0)
PAGE = derived_id("test page")
ROSTER = derived_id("test roster")
STATE = "SELECT state FROM page WHERE id = ?"


def planned() -> Iterator[tuple[object, UUID]]:
    """Priya is on call for the network team; the first incident is worked on."""
    week_ago = ManualClock().now() - timedelta(days=7)
    yield AddRoster(roster_id=ROSTER, name="Network", time_zone="UTC", team_id=NETWORK), MAYA
    yield (
        AddRotation(
            rotation_id=derived_id("test rotation"),
            roster_id=ROSTER,
            name="Primary",
            unit=RotationUnit.WEEK,
            person_ids=(PRIYA,),
            starts_at_local=f"{week_ago:%Y-%m-%dT09:00}",
        ),
        MAYA,
    )
    yield StartIncident(incident_id=FIRST), MAYA


@contextmanager
def desk_with_pages(folder: Path) -> Iterator[RunningDesk]:
    """The program on its first incident; pages go on when a test says so."""
    with running_desk(folder, also=planned) as desk:
        desk.place.desk.profile.dispatcher.stop()
        for command, who in reachable():
            desk.give_elsewhere(command, who)
        desk.place.shell.show_worklist(Worklist.TEAM_QUEUE)
        desk.settle()
        desk.place.open_incident(FIRST)
        desk.until(lambda: desk.place.record.detail is not None)
        desk.until(lambda: desk.place.record.detail.incident.id == FIRST)
        desk.until(lambda: desk.place.paging.is_online)
        desk.settle()
        yield desk


def reachable() -> Iterator[tuple[object, UUID]]:
    """Both have proved a push; whoever has not is passed over at once."""
    push = derived_id("test push")
    destination = AddDestination(
        destination_id=push,
        kind=ProviderKind.NTFY,
        name="Push",
        base_url="http://127.0.0.1:1",
        may_reach_private=True,
    )
    yield destination, MAYA
    for who in (MAYA, PRIYA):
        method = derived_id(who, "push")
        added = AddContactMethod(
            contact_method_id=method,
            person_id=who,
            kind=ContactKind.PUSH,
            destination_id=push,
            address="topic",
        )
        sent = SendVerification(
            delivery_id=derived_id(method, "code"), contact_method_id=method, code=CODE
        )
        for command in (added, sent, VerifyContact(contact_method_id=method, code=CODE)):
            yield command, who


def dialog_of(desk: RunningDesk, kind: type[FormDialog]) -> FormDialog:
    found: list[FormDialog] = []

    def look() -> bool:
        found[:] = [d for d in desk.program.window.findChildren(kind) if d.isVisible()]
        return bool(found)

    desk.until(look)
    desk.settle()
    return found[0]


def page_me(desk: RunningDesk, page_id: UUID = PAGE) -> None:
    """A colleague pages the person at the desk, and somebody leads the page."""
    desk.give_elsewhere(
        PagePeople(page_id=page_id, incident_id=FIRST, person_ids=(MAYA,), reason="Help"), PRIYA
    )
    lead(desk)
    assert called(desk, page_id) == 1
    desk.until(lambda: own(desk) and desk.place.own_pages.alarm.isVisible())


def lead(desk: RunningDesk) -> None:
    """Whatever is due is done."""
    with closing(PagingSqlite(desk.home.shared_database, desk.clock)) as engine:
        engine.fire_due()


def called(desk: RunningDesk, page_id: UUID) -> object:
    return desk.found("SELECT count(*) FROM page_recipient WHERE page_id = ?", str(page_id))


def own(desk: RunningDesk) -> list[UUID]:
    return [page.page_id for page in desk.place.own_pages._pages]


def offline(desk: RunningDesk) -> None:
    since = desk.clock.now() - timedelta(minutes=2)
    desk.place.show_sync(SyncState(offline_since=since, problem=SharedUnreachable()))
