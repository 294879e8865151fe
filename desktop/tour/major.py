"""What the story of a major incident needs: a server, a dispatcher, readers outside, two desks."""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from desktop.tour.chat_server import TEAM, ChatServer
from desktop.tour.dispatchers import (
    Running,
    add_dispatcher,
    on_call,
    secrets_file,
    signing_secret,
    start_dispatcher,
)
from desktop.tour.driver import Look
from desktop.tour.mailbox import Mailbox
from desktop.tour.receiver import Receiver
from desktop.tour.team import Seat, looking_at, take_seat
from services.admin import postgres_people as people
from services.admin.trial import DATABASE, Trial
from services.communications.settings_acts import (
    AddComponent,
    AddOutlet,
    AddStatusPage,
    ChangeStatusPage,
)
from services.communications.status_page import Audience
from services.core.clock import SystemClock
from services.core.ids import new_id
from services.intake.sample_on_call import CATCH_ALL, roster_id
from services.intake.sample_tables import sample_id, sample_tables
from services.major_incidents.acts import DemoteMajorIncident
from services.on_call.acts import AddOverride
from services.on_call.roster import OverrideKind
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination

AGENT: Final = "Maya Lindqvist"
MANAGER: Final = "Noor van Dijk"
STAFF, CUSTOMERS = "Staff status", "Customer status"
PUBLISHED: Final = "published"
ON_DUTY: Final = timedelta(hours=12)

Give = Callable[[object], None]


@dataclass
class Outside:
    """Where words arrive: ``chat`` takes what staff read by webhook, ``rooms`` are those of the
    people at work, ``mailbox`` has the mails of both audiences, and ``published`` is the folder of
    the page that customers read."""

    chat: Receiver
    rooms: ChatServer
    mailbox: Mailbox
    published: Path


@dataclass
class MajorStage:
    """Everything the story plays on."""

    look: Look
    outside: Outside
    agent: Seat
    manager: Seat
    dispatcher: Running


@contextmanager
def open_major_stage(trial: Trial, folder: Path) -> Iterator[MajorStage]:
    """Set the stage; everything on it ends with it, but for what was published and the mails."""
    published = folder / PUBLISHED
    published.mkdir(exist_ok=True)
    with ExitStack() as left:
        look = looking_at(trial, left)
        outside = _open_outside(folder, published, left)
        home = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="firstline-major-")))
        secrets = secrets_file(home, _found(trial, look, outside))
        dispatcher = start_dispatcher(trial, home, secrets, 1, left)
        pictures = [0]
        seats = []
        for name in (AGENT, MANAGER):
            person = next(each for each in trial.people if each.name == name)
            root = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="firstline-tour-")))
            seat = take_seat(trial, person, root, 0, folder, look, "light", pictures)
            left.callback(seat.program.quit)
            seats.append(seat)
        yield MajorStage(look, outside, seats[0], seats[1], dispatcher)


def _open_outside(folder: Path, published: Path, left: ExitStack) -> Outside:
    """Readers who listen until the story ends; the mails are kept beside its pictures."""
    domain = sample_tables().mail_domain
    outside = Outside(Receiver(), ChatServer(domain), Mailbox(), published)
    for server in (outside.chat, outside.rooms, outside.mailbox):
        left.callback(server.close)
    left.callback(lambda: outside.mailbox.keep(folder))
    return outside


def _found(trial: Trial, look: Look, outside: Outside) -> dict[str, str]:
    """Two status pages with what they reach, a chat that makes rooms, and the manager on call.

    Returns what a dispatcher has to know beside, by slot.
    """
    clock = SystemClock()
    hook, mail, site, rooms = (new_id(clock.now()) for _ in range(4))
    with trial.access.connect(DATABASE) as connection:
        give: Give = partial(people.act, connection, clock)
        _put_on_call(give, look)
        _end_the_other(give)
        give(AddDestination(
            destination_id=hook, kind=ProviderKind.WEBHOOK, name="All-staff chat",
            base_url=outside.chat.address, may_reach_private=True,
        ))  # fmt: skip
        give(AddDestination(
            destination_id=rooms, kind=ProviderKind.MATTERMOST, name="Team chat",
            base_url=outside.rooms.root, options=json.dumps({"team": TEAM}),
            may_reach_private=True,
        ))  # fmt: skip
        server = {"host": "127.0.0.1", "port": str(outside.mailbox.port), "tls": "none",
                  "sender": "status@alderfinch.example"}  # fmt: skip
        give(AddDestination(
            destination_id=mail, kind=ProviderKind.EMAIL, name="Status mail",
            options=json.dumps(server), may_reach_private=True,
        ))  # fmt: skip
        give(AddDestination(
            destination_id=site, kind=ProviderKind.STATIC_PAGE, name="Public page",
            options=json.dumps({"target": "folder", "path": str(outside.published)}),
        ))  # fmt: skip
        inside = ((hook, "", ""), (mail, "everybody@alderfinch.example", "Mail to all"))
        beyond = ((site, "", ""), (mail, "customers@alderfinch.example", "Mail to customers"))
        _add_page(give, Audience.INTERNAL, STAFF, inside)
        _add_page(give, Audience.EXTERNAL, CUSTOMERS, beyond)
        add_dispatcher(connection, clock)
    return {f"{hook}:signing_secret": signing_secret(), f"{rooms}:token": outside.rooms.token}


def _end_the_other(give: Give) -> None:
    """The sample company's own major incident is over, and so are its pages: this day tells of
    another one, on pages that reach somebody."""
    summary = str(sample_tables().majors["now"]["summary"])
    give(DemoteMajorIncident(
        incident_id=sample_id("incident", summary), decision="Invoice payment carries the shop."
    ))  # fmt: skip
    for audience in Audience:
        name = sample_tables().majors["pages"][audience.value]
        give(ChangeStatusPage(
            page_id=sample_id("status page", name), name=name, description="", address="",
            is_review_required=audience is Audience.EXTERNAL, is_active=False,
        ))  # fmt: skip


def _put_on_call(give: Give, look: Look) -> None:
    """The major incident manager is on call, whoever's week it is."""
    holder = on_call(look, CATCH_ALL)
    if holder == MANAGER:
        return
    now = SystemClock().now()
    ids = {name: look("SELECT id FROM person WHERE name = ?", name) for name in (holder, MANAGER)}
    replaced, manager = ids[holder], ids[MANAGER]
    assert isinstance(replaced, UUID)
    assert isinstance(manager, UUID)
    give(AddOverride(
        override_id=new_id(now), roster_id=roster_id(CATCH_ALL), kind=OverrideKind.REPLACE,
        person_id=manager, replaced_person_id=replaced, starts_at=now, ends_at=now + ON_DUTY,
        reason="Swapped for the day",
    ))  # fmt: skip


def _add_page(
    give: Give, audience: Audience, name: str, outlets: tuple[tuple[UUID, str, str], ...]
) -> None:
    clock = SystemClock()
    page = new_id(clock.now())
    give(AddStatusPage(page_id=page, name=name, audience=audience))
    for position, component in enumerate(("Remote access", "E-mail", "Web shop")):
        give(AddComponent(
            component_id=new_id(clock.now()), page_id=page, name=component, position=position
        ))  # fmt: skip
    for destination, address, label in outlets:
        give(AddOutlet(
            outlet_id=new_id(clock.now()), page_id=page, destination_id=destination,
            address=address, name=label,
        ))  # fmt: skip
