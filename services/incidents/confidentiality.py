"""Who makes an incident confidential, and how: pure functions."""

from dataclasses import replace
from uuid import UUID

from services.core.text import clean_text, require
from services.incidents.acts import RestrictIncident
from services.incidents.conditions import ensure_open_record, ensure_seen
from services.incidents.errors import NotYoursToRestrict
from services.incidents.incident import Incident
from services.people.person import Role
from services.sync.changes import Act


def may_restrict(incident: Incident, person_id: UUID, roles: frozenset[Role]) -> bool:
    """Whether this person decides who reads: the opener, the owner, the assignee, or a role."""
    involved = (incident.opened_by_id, incident.owner_id, incident.assignee_id)
    return person_id in involved or Role.INCIDENT_MANAGER in roles


def ensure_may_restrict(incident: Incident, act: Act, roles: frozenset[Role]) -> None:
    """Let pass who decides who reads the incident.

    Raises:
        NotYoursToRestrict: the actor has not to do with it.
    """
    if not may_restrict(incident, act.actor_id, roles):
        raise NotYoursToRestrict(number=incident.number)


def restrict(
    incident: Incident, command: RestrictIncident, act: Act, roles: frozenset[Role]
) -> Incident:
    """The incident confidential, or open to all agents again.

    Raises:
        IncidentIsFinal: it is closed or cancelled.
        NotYoursToRestrict: the actor has not to do with it.
        FieldMissing: no reason.
        ChangedMeanwhile: a colleague decided otherwise.
    """
    ensure_open_record(incident)
    ensure_may_restrict(incident, act, roles)
    require("reason", clean_text(command.reason, field="reason"))
    ensure_seen(
        "confidential",
        command.seen_is_confidential,
        incident.is_confidential,
        command.is_confidential,
    )
    return replace(incident, is_confidential=command.is_confidential, updated_at=act.happened_at)
