"""What the customer uses, what can be affected, and how incidents are sorted and ranked."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar
from uuid import UUID


class Criticality(IntEnum):
    """How much the business hangs on a service; 1 is the most."""

    VITAL = 1
    IMPORTANT = 2
    NORMAL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessService:
    """A service as the customer knows it.

    ``major_policy_id`` is the escalation policy by which its incident manager is paged when an
    incident of it becomes major; without one the catch-all roster is.
    """

    TABLE: ClassVar[str] = "business_service"

    id: UUID
    version: int = 0
    name: str
    description: str = ""
    owner_team_id: UUID | None = None
    criticality: Criticality = Criticality.NORMAL
    is_active: bool = True
    major_policy_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Something customers name when they say what is affected."""

    TABLE: ClassVar[str] = "product"

    id: UUID
    version: int = 0
    name: str
    service_id: UUID | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category, or with a parent a subcategory. Retired ones stay readable."""

    TABLE: ClassVar[str] = "category"

    id: UUID
    version: int = 0
    name: str
    parent_id: UUID | None = None
    is_active: bool = True
