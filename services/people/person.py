"""People, the teams they work in and the roles they hold."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import ClassVar
from uuid import UUID


class Role(Enum):
    """What a person may do. The list is closed; PostgreSQL keeps one group role for each."""

    SERVICE_DESK = "service_desk"
    TIER_MEMBER = "tier_member"
    INCIDENT_MANAGER = "incident_manager"
    COMMUNICATIONS_MANAGER = "communications_manager"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    DISPATCHER = "dispatcher"


AGENTS = frozenset({Role.SERVICE_DESK, Role.TIER_MEMBER, Role.INCIDENT_MANAGER})
"""Roles that work on incidents."""


class Tier(IntEnum):
    """Support level of a team; functional escalation moves up."""

    SERVICE_DESK = 1
    SECOND = 2
    THIRD = 3
    SUPPLIER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who reports incidents or works on them."""

    TABLE: ClassVar[str] = "person"

    id: UUID
    version: int = 0
    name: str
    login: str | None = None
    email: str = ""
    phone: str = ""
    job_title: str = ""
    department: str = ""
    site: str = ""
    asset_tag: str = ""
    is_vip: bool = False
    is_active: bool = True
    manager_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A group that takes incidents of one tier."""

    TABLE: ClassVar[str] = "team"

    id: UUID
    version: int = 0
    name: str
    tier: Tier
    lead_id: UUID | None = None
    phone: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """A person's place in a team."""

    TABLE: ClassVar[str] = "team_member"

    id: UUID
    version: int = 0
    team_id: UUID
    person_id: UUID
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRole:
    """A role that a person holds."""

    TABLE: ClassVar[str] = "person_role"

    id: UUID
    version: int = 0
    person_id: UUID
    role: Role
    is_active: bool = True
