"""What the catalogue emits: one frozen form for each kind of entry; no id means a new one."""

from dataclasses import dataclass
from uuid import UUID

from services.catalogue.service import Criticality
from services.people.person import Role, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForm:
    """A person with the teams they work in and the roles they hold."""

    person_id: UUID | None
    name: str
    login: str
    email: str
    phone: str
    job_title: str
    department: str
    site: str
    asset_tag: str
    is_vip: bool
    manager_id: UUID | None
    team_ids: frozenset[UUID]
    roles: frozenset[Role]
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamForm:
    """A team, its tier and its lead."""

    team_id: UUID | None
    name: str
    tier: Tier
    lead_id: UUID | None
    phone: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntryForm:
    """A business service and the team that owns it."""

    service_id: UUID | None
    name: str
    description: str
    owner_team_id: UUID | None
    criticality: Criticality
    major_policy_id: UUID | None
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductForm:
    """A product and the service it belongs to."""

    product_id: UUID | None
    name: str
    service_id: UUID | None
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryEntryForm:
    """A category, or with a parent a subcategory; the parent of a known one never changes."""

    category_id: UUID | None
    name: str
    parent_id: UUID | None
    is_active: bool


CatalogueForm = PersonForm | TeamForm | ServiceEntryForm | ProductForm | CategoryEntryForm
