"""What the list of the catalogue shows of each kind."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from desktop.views.dialogs.words import CRITICALITIES, ROLES, joined, said, tier_word
from services.incidents.directory import Directory
from services.people.person import Role

PEOPLE, TEAMS, SERVICES, PRODUCTS, CATEGORIES = (
    "people", "teams", "services", "products", "categories",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a name, a line about it, and whether it is still in use."""

    id: UUID
    title: str
    subtitle: str
    is_active: bool
    person: str = ""


def role_words(roles: frozenset[Role]) -> str:
    """Roles in one line."""
    return ", ".join(said(text) for key, text in ROLES.items() if Role(key) in roles)


def _people(directory: Directory) -> list[Entry]:
    return [
        Entry(p.id, p.name, role_words(directory.roles_of(p.id)) or joined((p.department, p.site)),
              p.is_active, p.name)
        for p in directory.people.values()
    ]  # fmt: skip


def _teams(directory: Directory) -> list[Entry]:
    return [
        Entry(t.id, t.name, joined((tier_word(t.tier), directory.person(t.lead_id))), t.is_active)
        for t in directory.teams.values()
    ]


def _services(directory: Directory) -> list[Entry]:
    found = []
    for service in directory.services.values():
        number = str(int(service.criticality))
        level = said(CRITICALITIES[number]) if number in CRITICALITIES else number
        words = joined((directory.team(service.owner_team_id), level))
        found.append(Entry(service.id, service.name, words, service.is_active))
    return found


def _products(directory: Directory) -> list[Entry]:
    return [
        Entry(p.id, p.name, directory.service(p.service_id) if p.service_id else "", p.is_active)
        for p in directory.products.values()
    ]


def _categories(directory: Directory) -> list[Entry]:
    return [
        Entry(c.id, directory.category_path(c.parent_id, c.id), "", c.is_active)
        for c in directory.categories.values()
    ]


_LISTS: Final[dict[str, Callable[[Directory], list[Entry]]]] = {
    PEOPLE: _people,
    TEAMS: _teams,
    SERVICES: _services,
    PRODUCTS: _products,
    CATEGORIES: _categories,
}


def entries_of(kind: str, directory: Directory) -> list[Entry]:
    """All entries of a kind by name, those in use first."""
    found = _LISTS[kind](directory)
    return sorted(found, key=lambda entry: (not entry.is_active, entry.title.casefold()))
