"""A small world to test in: people of every role, teams of three tiers, and desks that share it.

Everything is the real thing: a real embedded shared database, real caches and journals. Only
the wire between them can be told to fail.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from backups import backed_up, put_back
from wire import Wire

from services.admin.schema import Founder, ensure_embedded, founder_id
from services.catalogue.commands import AddBusinessService, AddCategory, AddProduct
from services.core.clock import ManualClock
from services.core.ids import derived_id, new_id
from services.core.records import Record
from services.core.secrets import Secret
from services.incidents import acts
from services.incidents.extent import EXTENT
from services.incidents.incident import (
    Channel,
    ConfirmationMethod,
    Escalation,
    Incident,
    Note,
    NoteKind,
    OnHoldReason,
    ResolutionCode,
)
from services.people.commands import AddPerson, AddTeam, GrantRole, PlaceInTeam
from services.people.person import Role, Tier
from services.registry import RECORDS, command_book
from services.sync.book import ChangeSet
from services.sync.cache import Cache
from services.sync.envelope import Envelope, seal
from services.sync.pending import PendingCommand, PendingState
from services.sync.replica import Replica
from services.sync.shared_sqlite import SharedSqlite

R = TypeVar("R", bound=Record)
TABLES = [record.TABLE for record in RECORDS]
START = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
MINUTE = timedelta(minutes=1)


def person(name: str) -> UUID:
    """The id of a person of the small world."""
    return founder_id(name)


def team(name: str) -> UUID:
    """The id of a team of the small world: desk, network or vendor."""
    return derived_id("team", "Service Desk" if name == "desk" else name)


MAYA, DANA, THEO, TARA, VERA = map(person, ("maya", "dana", "theo", "tara", "vera"))
IMRAN, CLEO, MONA, ADAM, KIM = map(person, ("imran", "cleo", "mona", "adam", "kim"))
"""Maya founded it; Dana is the desk, Theo and Tara tier 2, Vera tier 3, Imran incident manager,
Cleo communications, Mona manager, Adam administrator. Kim only calls."""

DESK_TEAM, NETWORK, VENDOR = map(team, ("desk", "network", "vendor"))
VPN, MAIL = derived_id("service", "VPN"), derived_id("service", "Mail")
LAPTOP = derived_id("product", "Laptop")
NETWORKING, ACCESS = derived_id("category", "Networking"), derived_id("category", "Access")
WIRELESS = derived_id("category", "Wireless")

ROLES = {
    DANA: Role.SERVICE_DESK,
    THEO: Role.TIER_MEMBER,
    TARA: Role.TIER_MEMBER,
    VERA: Role.TIER_MEMBER,
    IMRAN: Role.INCIDENT_MANAGER,
    CLEO: Role.COMMUNICATIONS_MANAGER,
    MONA: Role.MANAGER,
    ADAM: Role.ADMINISTRATOR,
}
PEOPLE = (*ROLES, KIM)
FIRST_NAMES = ("maya", "dana", "theo", "tara", "vera", "imran", "cleo", "mona", "adam", "kim")
NAMES = {person(name): name for name in FIRST_NAMES}


@dataclass(frozen=True)
class Parts:
    """What a desk is made of; negative controls put a broken part in."""

    cache: type[Cache] = Cache
    shared: type[SharedSqlite] = SharedSqlite
    wire: type[Wire] = Wire
    key: Secret | None = None


class Desk:
    """One person's desk: cache, journal and the wire to the shared database."""

    def __init__(
        self,
        folder: Path,
        shared_path: Path,
        clock: ManualClock,
        *,
        is_connected: bool = True,
        parts: "Parts | None" = None,
        kept_for: timedelta | None = None,
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.shared_path = shared_path
        self.told: list[ChangeSet] = []
        parts = parts or Parts()
        self.wire = parts.wire(parts.shared(shared_path, clock, TABLES, EXTENT))
        self.replica = Replica(
            folder / "cache.db",
            folder / "journal.db",
            command_book(),
            self.wire,
            clock,
            self.told.append,
            key=parts.key,
            kept_for=kept_for,
        )
        if parts.cache is not Cache:
            self.replica._cache.close()
            self.replica._cache = parts.cache(folder / "cache.db", command_book())
        if is_connected:
            self.connect()

    def connect(self) -> None:
        """What the sync thread does first."""
        self.replica.connect()
        if self.replica.needs_snapshot:
            self.replica.copy()
        else:
            self.replica.recover()

    def give(self, command: object, who: UUID = DANA) -> Envelope:
        """Give a command here; it is not sent yet."""
        self.clock.advance(MINUTE)
        return self.replica.execute(command, who)

    def sync(self) -> None:
        """Push and pull until nothing waits."""
        for _ in range(20):
            self.replica.push()
            self.replica.pull()
            if not self.replica.has_work:
                return
        raise AssertionError(f"never settles: {self.replica.pending()}")

    def do(self, command: object, who: UUID = DANA) -> Envelope:
        """Give a command and see it accepted by the shared database.

        Raises:
            AssertionError: the shared database refused what this desk accepted.
        """
        envelope = self.give(command, who)
        self.sync()
        left = [(p.envelope.name, p.state, p.code, p.reason) for p in self.replica.pending()]
        assert not left, f"refused by the shared database: {left}"
        return envelope

    def get(self, record: type[R], id_: UUID) -> R:
        """A record as this desk shows it."""
        return self.replica._cache.rows.get(record, id_)

    def find(self, record: type[R], **equals: object) -> tuple[R, ...]:
        """Records as this desk shows them."""
        return self.replica._cache.rows.find(record, **equals)

    def incident(self, id_: UUID) -> Incident:
        """An incident as this desk shows it."""
        return self.get(Incident, id_)

    def escalation_of(self, id_: UUID) -> Escalation:
        """The open escalation of an incident."""
        found = self.incident(id_).escalation_id
        assert found is not None, "not escalated"
        return self.get(Escalation, found)

    def conflicts(self) -> list[PendingCommand]:
        """Commands that wait for the person."""
        return [p for p in self.replica.pending() if p.state is PendingState.CONFLICT]

    def close(self) -> None:
        """Let go of all files."""
        self.replica.close()

    # -- acts in few words ----------------------------------------------------------------

    def log(self, who: UUID = DANA, **given: Any) -> UUID:
        """A new incident, logged and accepted."""
        command = log_command(self, **given)
        self.do(command, who)
        return command.incident_id

    def start(self, id_: UUID, who: UUID = DANA) -> UUID:
        """Under way."""
        self.do(acts.StartIncident(incident_id=id_), who)
        return id_

    def escalate(self, id_: UUID, to: UUID = NETWORK, who: UUID = DANA) -> UUID:
        """Offered to a team."""
        self.do(escalate_command(self, id_, to), who)
        return id_

    def accept(self, id_: UUID, who: UUID = THEO) -> UUID:
        """Accepted by the receiving team."""
        self.do(acts.AcceptEscalation(incident_id=id_), who)
        return id_

    def resolve(self, id_: UUID, who: UUID = DANA) -> UUID:
        """Resolved."""
        self.do(resolve_command(id_), who)
        return id_

    def close_incident(self, id_: UUID, who: UUID = DANA) -> UUID:
        """Closed with the caller's word."""
        self.do(close_command(id_, self.clock.now()), who)
        return id_


def log_command(desk: Desk, **given: Any) -> acts.LogIncident:
    """A report that lacks nothing."""
    command = acts.LogIncident(
        incident_id=new_id(desk.clock.now()),
        number=desk.replica.take_number(),
        summary="VPN drops",
        channel=Channel.PHONE,
        caller_id=KIM,
        reported_at=desk.clock.now(),
        owner_team_id=DESK_TEAM,
    )
    return replace(command, **given)


def hold_command(id_: UUID, reason: OnHoldReason = OnHoldReason.CHANGE) -> acts.HoldIncident:
    """A hold that lacks nothing."""
    is_caller = reason is OnHoldReason.CALLER
    return acts.HoldIncident(
        incident_id=id_,
        reason=reason,
        follow_up_at=START + timedelta(days=9),
        reply="Please send the log." if is_caller else "",
    )


def resolve_command(id_: UUID, **given: Any) -> acts.ResolveIncident:
    """A resolution that lacks nothing."""
    command = acts.ResolveIncident(
        incident_id=id_,
        code=ResolutionCode.FIXED,
        resolution="Tunnel restarted",
        category_id=NETWORKING,
        subcategory_id=None,
        service_id=VPN,
    )
    return replace(command, **given)


def close_command(id_: UUID, moment: datetime, **given: Any) -> acts.CloseIncident:
    """A closure with the caller's word."""
    command = acts.CloseIncident(
        incident_id=id_,
        method=ConfirmationMethod.PHONE,
        confirmed_by="Kim",
        confirmed_at=moment,
    )
    return replace(command, **given)


def escalate_command(desk: Desk, id_: UUID, to: UUID = NETWORK) -> acts.EscalateToTeam:
    """A hand-over that lacks nothing."""
    return acts.EscalateToTeam(
        incident_id=id_,
        escalation_id=new_id(desk.clock.now()),
        to_team_id=to,
        reason="Needs routing skill",
        tried="Restarted the client",
        found="Gateway answers late",
        need="Look at the gateway",
        seen_team_id=desk.incident(id_).team_id,
    )


def note_command(id_: UUID, kind: NoteKind = NoteKind.INTERNAL, text: str = "x") -> acts.AddNote:
    """A note."""
    return acts.AddNote(incident_id=id_, kind=kind, text=text)


# -- the small world ----------------------------------------------------------------------


def commands_of_the_world() -> Iterator[object]:
    for id_ in PEOPLE:
        name = NAMES[id_]
        yield AddPerson(
            person_id=id_, name=name.title(), login=None if id_ == KIM else name, email=""
        )
    for id_, role in ROLES.items():
        yield GrantRole(person_id=id_, role=role)
    yield AddTeam(team_id=NETWORK, name="Network", tier=Tier.SECOND, lead_id=THEO)
    yield AddTeam(team_id=VENDOR, name="Vendor", tier=Tier.THIRD)
    places = ((DESK_TEAM, DANA), (NETWORK, THEO), (NETWORK, TARA), (VENDOR, VERA))
    for team_id, person_id in places:
        yield PlaceInTeam(team_id=team_id, person_id=person_id)
    yield AddBusinessService(service_id=VPN, name="VPN", owner_team_id=NETWORK)
    yield AddBusinessService(service_id=MAIL, name="Mail")
    yield AddProduct(product_id=LAPTOP, name="Laptop")
    yield AddCategory(category_id=NETWORKING, name="Networking")
    yield AddCategory(category_id=WIRELESS, name="Wireless", parent_id=NETWORKING)
    yield AddCategory(category_id=ACCESS, name="Access")


@cache
def _world() -> bytes:
    """The file of a shared database that holds the small world; made once per process."""
    with tempfile.TemporaryDirectory() as folder:
        path, clock = Path(folder) / "shared.db", ManualClock(START - timedelta(days=1))
        ensure_embedded(path, clock, Founder("Maya", "maya"))
        desk = Desk(Path(folder), path, clock)
        for command in commands_of_the_world():
            desk.give(command, MAYA)
        desk.sync()
        assert not desk.replica.pending(), desk.replica.pending()
        desk.close()
        return path.read_bytes()


def new_shared(folder: Path) -> Path:
    """A fresh shared database that holds the small world."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "shared.db"
    path.write_bytes(_world())
    return path


class Office:
    """A shared database and the desks that work with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = ManualClock(START)
        self.path = new_shared(folder)
        self.desks: list[Desk] = []

    def desk(self, name: str = "", **given: Any) -> Desk:
        """One more desk, connected and up to date."""
        folder = self.folder / (name or f"desk-{len(self.desks)}")
        folder.mkdir(exist_ok=True)
        desk = Desk(folder, self.path, self.clock, **given)
        self.desks.append(desk)
        return desk

    def close(self) -> None:
        """Let go of all files."""
        for desk in self.desks:
            desk.close()

    def back_up(self) -> Path:
        """A copy of the shared database as it is now."""
        return backed_up(self.path)

    def put_back(self, backup: Path) -> None:
        """Close every desk and put a backup in the place of the shared database."""
        self.close()
        self.desks.clear()
        put_back(backup, self.path)


@contextmanager
def office_at(folder: Path | None = None) -> Iterator[Office]:
    """An office for one test, or for one example of a property."""
    with tempfile.TemporaryDirectory() as own:
        office = Office(folder or Path(own))
        try:
            yield office
        finally:
            office.close()


def sealed(command: object, who: UUID, moment: datetime) -> Envelope:
    """A command in its envelope."""
    return seal(command, command_id=new_id(moment), actor_id=who, happened_at=moment)


def notes_of(desk: Desk, id_: UUID, kind: NoteKind | None = None) -> list[Note]:
    """Notes of an incident, of one kind or all."""
    found = desk.find(Note, incident_id=id_)
    return [note for note in found if kind in (None, note.kind)]
