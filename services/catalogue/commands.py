"""Keeping the service catalogue. Only an administrator may; nothing is ever removed."""

from dataclasses import dataclass
from uuid import UUID

from services.catalogue.service import BusinessService, Category, Criticality, Product
from services.core.text import clean_line
from services.sync.changes import Act, Changes, State


@dataclass(frozen=True, slots=True, kw_only=True)
class AddBusinessService:
    """A new service in the catalogue."""

    service_id: UUID
    name: str
    description: str = ""
    owner_team_id: UUID | None = None
    criticality: Criticality = Criticality.NORMAL
    major_policy_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBusinessService:
    """New particulars of a service, or its retirement.

    ``major_policy_id`` is the policy that pages its incident manager; None is the catch-all.
    """

    service_id: UUID
    name: str
    description: str
    owner_team_id: UUID | None
    criticality: Criticality
    is_active: bool
    major_policy_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddProduct:
    """A new product that can be affected."""

    product_id: UUID
    name: str
    service_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProduct:
    """New particulars of a product, or its retirement."""

    product_id: UUID
    name: str
    service_id: UUID | None
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCategory:
    """A new category, or with a parent a subcategory."""

    category_id: UUID
    name: str
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCategory:
    """A new name of a category, or its retirement."""

    category_id: UUID
    name: str
    is_active: bool


def add_business_service(state: State, act: Act, command: AddBusinessService) -> Changes:
    """A new service."""
    return Changes.none().insert(
        BusinessService(
            id=command.service_id,
            name=clean_line(command.name, field="name"),
            description=clean_line(command.description, field="description"),
            owner_team_id=command.owner_team_id,
            criticality=command.criticality,
            major_policy_id=command.major_policy_id,
        )
    )


def change_business_service(state: State, act: Act, command: ChangeBusinessService) -> Changes:
    """New particulars."""
    before = state.get(BusinessService, command.service_id)
    after = BusinessService(
        id=before.id,
        version=before.version,
        name=clean_line(command.name, field="name"),
        description=clean_line(command.description, field="description"),
        owner_team_id=command.owner_team_id,
        criticality=command.criticality,
        is_active=command.is_active,
        major_policy_id=command.major_policy_id,
    )
    return Changes.none().update(before, after)


def add_product(state: State, act: Act, command: AddProduct) -> Changes:
    """A new product."""
    name = clean_line(command.name, field="name")
    return Changes.none().insert(
        Product(id=command.product_id, name=name, service_id=command.service_id)
    )


def change_product(state: State, act: Act, command: ChangeProduct) -> Changes:
    """New particulars."""
    before = state.get(Product, command.product_id)
    after = Product(
        id=before.id,
        version=before.version,
        name=clean_line(command.name, field="name"),
        service_id=command.service_id,
        is_active=command.is_active,
    )
    return Changes.none().update(before, after)


def add_category(state: State, act: Act, command: AddCategory) -> Changes:
    """A new category."""
    name = clean_line(command.name, field="name")
    return Changes.none().insert(
        Category(id=command.category_id, name=name, parent_id=command.parent_id)
    )


def change_category(state: State, act: Act, command: ChangeCategory) -> Changes:
    """A new name, or retirement."""
    before = state.get(Category, command.category_id)
    after = Category(
        id=before.id,
        version=before.version,
        name=clean_line(command.name, field="name"),
        parent_id=before.parent_id,
        is_active=command.is_active,
    )
    return Changes.none().update(before, after)
