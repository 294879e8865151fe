"""Keeping the list of people, teams and roles."""

from dataclasses import dataclass, replace
from typing import ClassVar, TypeVar
from uuid import UUID

from services.core.ids import derived_id
from services.core.text import clean_line
from services.people.person import Person, PersonRole, Role, Team, TeamMember, Tier
from services.people.roles import require_role, roles_of
from services.sync.changes import Act, Changes, State

CALLER_ADDERS = frozenset(
    {Role.SERVICE_DESK, Role.TIER_MEMBER, Role.INCIDENT_MANAGER, Role.ADMINISTRATOR}
)
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
K = TypeVar("K", TeamMember, PersonRole)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddPerson:
    """A new person; any agent may add a caller, only an administrator one with a login."""

    REMARK: ClassVar[str] = "name"

    person_id: UUID
    name: str
    login: str | None = None
    email: str = ""
    phone: str = ""
    job_title: str = ""
    department: str = ""
    site: str = ""
    asset_tag: str = ""
    is_vip: bool = False
    manager_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePerson:
    """New particulars of a person, or their retirement."""

    person_id: UUID
    name: str
    email: str
    phone: str
    job_title: str
    department: str
    site: str
    asset_tag: str
    is_vip: bool
    is_active: bool
    manager_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddTeam:
    """A new team."""

    team_id: UUID
    name: str
    tier: Tier
    lead_id: UUID | None = None
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTeam:
    """New particulars of a team, or its retirement."""

    team_id: UUID
    name: str
    tier: Tier
    lead_id: UUID | None
    phone: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceInTeam:
    """A person joins a team, or leaves it."""

    team_id: UUID
    person_id: UUID
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRole:
    """A person gets a role, or loses it."""

    person_id: UUID
    role: Role
    is_active: bool = True


def add_person(state: State, act: Act, command: AddPerson) -> Changes:
    """A new person."""
    allowed = ADMINISTRATORS if command.login else CALLER_ADDERS
    require_role(roles_of(state, act.actor_id), allowed, "AddPerson")
    return Changes.none().insert(
        Person(
            id=command.person_id,
            name=clean_line(command.name, field="name"),
            login=clean_line(command.login, field="login") if command.login else None,
            email=clean_line(command.email, field="e-mail"),
            phone=clean_line(command.phone, field="phone"),
            job_title=clean_line(command.job_title, field="job title"),
            department=clean_line(command.department, field="department"),
            site=clean_line(command.site, field="site"),
            asset_tag=clean_line(command.asset_tag, field="asset tag"),
            is_vip=command.is_vip,
            manager_id=command.manager_id,
        )
    )


def change_person(state: State, act: Act, command: ChangePerson) -> Changes:
    """New particulars."""
    require_role(roles_of(state, act.actor_id), ADMINISTRATORS, "ChangePerson")
    before = state.get(Person, command.person_id)
    after = Person(
        id=before.id,
        version=before.version,
        login=before.login,
        name=clean_line(command.name, field="name"),
        email=clean_line(command.email, field="e-mail"),
        phone=clean_line(command.phone, field="phone"),
        job_title=clean_line(command.job_title, field="job title"),
        department=clean_line(command.department, field="department"),
        site=clean_line(command.site, field="site"),
        asset_tag=clean_line(command.asset_tag, field="asset tag"),
        is_vip=command.is_vip,
        is_active=command.is_active,
        manager_id=command.manager_id,
    )
    return Changes.none().update(before, after)


def add_team(state: State, act: Act, command: AddTeam) -> Changes:
    """A new team."""
    require_role(roles_of(state, act.actor_id), ADMINISTRATORS, "AddTeam")
    return Changes.none().insert(
        Team(
            id=command.team_id,
            name=clean_line(command.name, field="name"),
            tier=command.tier,
            lead_id=command.lead_id,
            phone=clean_line(command.phone, field="phone"),
        )
    )


def change_team(state: State, act: Act, command: ChangeTeam) -> Changes:
    """New particulars."""
    require_role(roles_of(state, act.actor_id), ADMINISTRATORS, "ChangeTeam")
    before = state.get(Team, command.team_id)
    after = Team(
        id=before.id,
        version=before.version,
        name=clean_line(command.name, field="name"),
        tier=command.tier,
        lead_id=command.lead_id,
        phone=clean_line(command.phone, field="phone"),
        is_active=command.is_active,
    )
    return Changes.none().update(before, after)


def place_in_team(state: State, act: Act, command: PlaceInTeam) -> Changes:
    """A place in a team; leaving keeps the record."""
    require_role(roles_of(state, act.actor_id), ADMINISTRATORS, "PlaceInTeam")
    place = TeamMember(
        id=derived_id(command.team_id, command.person_id),
        team_id=command.team_id,
        person_id=command.person_id,
        is_active=command.is_active,
    )
    return _kept(state, TeamMember, place)


def grant_role(state: State, act: Act, command: GrantRole) -> Changes:
    """A role; losing it keeps the record."""
    require_role(roles_of(state, act.actor_id), ADMINISTRATORS, "GrantRole")
    grant = PersonRole(
        id=derived_id(command.person_id, command.role.value),
        person_id=command.person_id,
        role=command.role,
        is_active=command.is_active,
    )
    return _kept(state, PersonRole, grant)


def _kept(state: State, record: type[K], wanted: K) -> Changes:
    """Insert the record, or change the one that says the same already."""
    known = state.find(record, id=wanted.id)
    if not known:
        return Changes.none().insert(wanted)
    after = replace(known[0], is_active=wanted.is_active)
    return Changes.none().update(known[0], after)
