"""Who may read a confidential incident, said once for PostgreSQL and once for the desk.

The shared database of a team decides: what a person may not read never leaves it, so it is never
in the cache of a desk without the right. The embedded file hides nothing, because whoever has
the file can read it; there the mark only says how to treat what it stands on.
"""

from collections.abc import Iterable
from uuid import UUID

from services.incidents.directory import Directory
from services.incidents.incident import Escalation, EscalationKind, EscalationState, Incident
from services.people.person import Person, Role, Tier

VIEWS = {
    "my_skilled_team": (
        "SELECT m.team_id FROM team_member m JOIN team t ON t.id = m.team_id"
        f" WHERE m.person_id = (SELECT me()) AND m.is_active AND t.tier > {Tier.SERVICE_DESK.value}"
    ),
    "asked_of_me": (
        "SELECT e.incident_id FROM escalation e WHERE e.to_person_id = (SELECT me())"
        f" AND e.kind = '{EscalationKind.HIERARCHICAL.value}'"
        f" AND e.state = '{EscalationState.TOLD.value}'"
    ),
}
"""Relations that ``READABLE`` asks, by name. They belong to the owner of the tables, to whom no
policy applies: who may read an escalation follows from its incident, and would go in a circle."""

READABLE = (
    "NOT is_confidential"
    " OR COALESCE((SELECT me()) IN (opened_by_id, owner_id, assignee_id), FALSE)"
    f" OR EXISTS (SELECT 1 FROM my_role WHERE role = '{Role.INCIDENT_MANAGER.value}')"
    " OR team_id IN (SELECT team_id FROM my_skilled_team)"
    " OR id IN (SELECT incident_id FROM asked_of_me)"
)
"""The condition of a row-level policy over a row of ``incident``.

``me()`` is the id of the person of the session, ``my_role`` the relation of their roles. Without
a person it is false of everything confidential.
"""


def readers(
    incident: Incident, escalations: Iterable[Escalation], directory: Directory
) -> tuple[Person, ...]:
    """The active people who read the incident once it is confidential, by name."""
    named = {incident.opened_by_id, incident.owner_id, incident.assignee_id}
    named |= {e.to_person_id for e in escalations if is_asking(e, incident)}
    if directory.tier(incident.team_id) > Tier.SERVICE_DESK:
        named |= {person.id for person in directory.members_of(incident.team_id)}
    named |= {
        person.id
        for person in directory.agents
        if Role.INCIDENT_MANAGER in directory.roles_of(person.id)
    }
    found = (directory.people.get(id_) for id_ in named if id_ is not None)
    return tuple(sorted((p for p in found if p and p.is_active), key=lambda p: p.name))


def is_asking(escalation: Escalation, incident: Incident) -> bool:
    """Whether somebody up the management line still owes this incident an answer."""
    return (
        escalation.incident_id == incident.id
        and escalation.kind is EscalationKind.HIERARCHICAL
        and escalation.state is EscalationState.TOLD
    )


def may_read(
    person_id: UUID, incident: Incident, escalations: Iterable[Escalation], directory: Directory
) -> bool:
    """Whether the person may read the incident; what ``READABLE`` says, for the desk."""
    if not incident.is_confidential:
        return True
    return any(person.id == person_id for person in readers(incident, escalations, directory))
