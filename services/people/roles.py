"""Who may do what."""

from collections.abc import Iterable
from uuid import UUID

from services.core.errors import RoleMissing
from services.people.person import Person, PersonRole, Role, TeamMember
from services.sync.changes import State


def roles_of(state: State, person_id: UUID) -> frozenset[Role]:
    """Every role the person holds; somebody who is no longer active holds none."""
    if not state.find(Person, id=person_id, is_active=True):
        return frozenset()
    held = state.find(PersonRole, person_id=person_id, is_active=True)
    return frozenset(grant.role for grant in held)


def teams_of(state: State, person_id: UUID) -> frozenset[UUID]:
    """Ids of the teams the person works in."""
    places = state.find(TeamMember, person_id=person_id, is_active=True)
    return frozenset(place.team_id for place in places)


def require_role(held: frozenset[Role], allowed: Iterable[Role], act: str) -> None:
    """Let the act pass if one of the allowed roles is held.

    Raises:
        RoleMissing: none is.
    """
    wanted = frozenset(allowed)
    if not held & wanted:
        raise RoleMissing(act=act, roles=", ".join(sorted(role.value for role in wanted)))
