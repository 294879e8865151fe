"""Resolving and reopening, with what they bring to escalations and children."""

from dataclasses import replace

from services.core.ids import derived_id
from services.incidents import escalation, lifecycle
from services.incidents.acts import ReopenIncident, ResolveIncident
from services.incidents.commands import agent_roles
from services.incidents.incident import (
    OPEN_STATES,
    Escalation,
    Incident,
    IncidentState,
    Note,
    NoteKind,
)
from services.people.person import Role
from services.sync.changes import Act, Changes, State


def resolve_incident(state: State, act: Act, command: ResolveIncident) -> Changes:
    """Row changes that resolving brings: the incident, its open escalation, its children.

    Raises:
        TransitionNotAllowed: it was already resolved or closed, perhaps by a colleague.
        FieldMissing: resolution, category or service is not given.
    """
    roles = agent_roles(state, act, "ResolveIncident")
    incident = state.get(Incident, command.incident_id)
    changes = _resolved(state, act, incident, command, roles, with_parent=False)
    for child in state.find(Incident, parent_id=incident.id):
        if child.state in OPEN_STATES:
            own = replace(
                command,
                category_id=child.category_id or command.category_id,
                subcategory_id=child.subcategory_id,
                service_id=child.service_id or command.service_id,
            )
            changes |= _resolved(state, act, child, own, roles, with_parent=True)
    return changes


def _resolved(
    state: State,
    act: Act,
    incident: Incident,
    command: ResolveIncident,
    roles: frozenset[Role],
    *,
    with_parent: bool,
) -> Changes:
    resolved = lifecycle.resolve(incident, command, act, roles, with_parent=with_parent)
    changes = Changes.none()
    if incident.escalation_id is not None:
        open_one = state.get(Escalation, incident.escalation_id)
        changes = changes.update(open_one, escalation.hand_back_by_resolving(open_one, act))
        resolved = replace(
            resolved,
            escalation_id=None,
            escalation_state=None,
            team_id=incident.owner_team_id,
            assignee_id=incident.owner_id,
        )
    return Changes.none().update(incident, resolved) | changes


def reopen_incident(state: State, act: Act, command: ReopenIncident) -> Changes:
    """The incident in progress again; what was told as resolution stays as a note."""
    roles = agent_roles(state, act, "ReopenIncident")
    incident = state.get(Incident, command.incident_id)
    changes = Changes.none().update(incident, lifecycle.reopen(incident, command, act, roles))
    if incident.resolution:
        changes = changes.insert(_former_resolution(incident, act))
    for child in state.find(Incident, parent_id=incident.id):
        if child.state is IncidentState.RESOLVED:
            changes = changes.update(child, lifecycle.reopen(child, command, act, roles))
    return changes


def _former_resolution(incident: Incident, act: Act) -> Note:
    return Note(
        id=derived_id(act.command_id, "former resolution"),
        incident_id=incident.id,
        kind=NoteKind.INTERNAL,
        author_id=act.actor_id,
        written_at=act.happened_at,
        text=f"Resolution before reopening: {incident.resolution}",
    )
