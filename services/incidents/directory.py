"""Names for ids: people, teams and the catalogue, small enough to hold in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from services.catalogue.service import BusinessService, Category, Product
from services.incidents.priority import PriorityMatrix
from services.on_call.policy import EscalationPolicy
from services.people.person import Person, PersonRole, Role, Team, TeamMember, Tier


@dataclass(frozen=True)
class Directory:
    """A snapshot of all reference records; a new one is made when one of them changes."""

    people: dict[UUID, Person] = field(default_factory=dict)
    teams: dict[UUID, Team] = field(default_factory=dict)
    services: dict[UUID, BusinessService] = field(default_factory=dict)
    products: dict[UUID, Product] = field(default_factory=dict)
    categories: dict[UUID, Category] = field(default_factory=dict)
    members: tuple[TeamMember, ...] = ()
    roles: tuple[PersonRole, ...] = ()
    matrices: tuple[PriorityMatrix, ...] = ()
    policies: tuple[EscalationPolicy, ...] = ()

    def person(self, id_: UUID | None) -> str:
        """A person's name, or empty."""
        return self.people[id_].name if id_ in self.people else ""

    def team(self, id_: UUID | None) -> str:
        """A team's name, or empty."""
        return self.teams[id_].name if id_ in self.teams else ""

    def tier(self, id_: UUID | None) -> Tier:
        """A team's tier; the service desk where the team is unknown."""
        return self.teams[id_].tier if id_ in self.teams else Tier.SERVICE_DESK

    def service(self, id_: UUID | None) -> str:
        """A service's name, "Unknown" where none is set."""
        return self.services[id_].name if id_ in self.services else "Unknown"

    def category(self, id_: UUID | None) -> str:
        """A category's own name, or empty."""
        return self.categories[id_].name if id_ in self.categories else ""

    def category_path(self, category_id: UUID | None, subcategory_id: UUID | None) -> str:
        """Category and subcategory in one line."""
        names = (self.category(category_id), self.category(subcategory_id))
        return " › ".join(name for name in names if name)

    @cached_property
    def matrix(self) -> PriorityMatrix:
        """The priority matrix in force."""
        return max((m for m in self.matrices if m.is_in_force), key=lambda m: m.edition)

    def roles_of(self, person_id: UUID) -> frozenset[Role]:
        """Roles a person holds."""
        return self._roles.get(person_id, frozenset())

    def teams_of(self, person_id: UUID) -> frozenset[UUID]:
        """Teams a person works in."""
        return frozenset(
            m.team_id for m in self.members if m.person_id == person_id and m.is_active
        )

    def members_of(self, team_id: UUID) -> tuple[Person, ...]:
        """People of a team by name."""
        places = (m for m in self.members if m.team_id == team_id and m.is_active)
        found = (self.people.get(place.person_id) for place in places)
        return tuple(sorted((p for p in found if p and p.is_active), key=lambda p: p.name))

    def management_line(self, team_id: UUID) -> tuple[Person, ...]:
        """The team's lead, then manager after manager."""
        line: list[Person] = []
        lead = self.teams[team_id].lead_id if team_id in self.teams else None
        while lead in self.people and self.people[lead] not in line:
            line.append(self.people[lead])
            lead = self.people[lead].manager_id
        return tuple(line)

    def subcategories_of(self, category_id: UUID) -> tuple[Category, ...]:
        """Active subcategories by name."""
        return _by_name(c for c in self.categories.values() if c.parent_id == category_id)

    @property
    def top_categories(self) -> tuple[Category, ...]:
        """Active categories by name."""
        return _by_name(c for c in self.categories.values() if c.parent_id is None)

    @cached_property
    def agents(self) -> tuple[Person, ...]:
        """Active people who hold a role, by name."""
        held = (self.people.get(person_id) for person_id in self._roles)
        return tuple(sorted((p for p in held if p and p.is_active), key=lambda p: p.name))

    @cached_property
    def _roles(self) -> dict[UUID, frozenset[Role]]:
        held: dict[UUID, set[Role]] = {}
        for grant in (grant for grant in self.roles if grant.is_active):
            held.setdefault(grant.person_id, set()).add(grant.role)
        return {person_id: frozenset(roles) for person_id, roles in held.items()}


def _by_name(categories: Iterable[Category]) -> tuple[Category, ...]:
    return tuple(sorted((c for c in categories if c.is_active), key=lambda c: c.name))
