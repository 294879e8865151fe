"""What acts on incidents mean for major incidents. Both are decided in one transaction."""

from collections.abc import Iterator

from services.catalogue.service import BusinessService, Criticality
from services.incidents.acts import LinkToParent, ReopenIncident, UndoAct
from services.incidents.commands import matrix_in_force
from services.incidents.incident import OPEN_STATES, HistoryEntry, Incident, IncidentState
from services.incidents.undo import before_act
from services.major_incidents import lifecycle
from services.major_incidents.acts import ResolveMajorIncident
from services.major_incidents.commands import major_of, proposal, roles_ended, touched
from services.major_incidents.entries import SupportCase
from services.major_incidents.entry_acts import AddSupportCase
from services.major_incidents.errors import MajorStillOpen
from services.major_incidents.major import (
    OPEN_MAJOR_STATES,
    MajorIncident,
    MajorState,
    Proposal,
    RoleHolding,
)
from services.major_incidents.transitions import BY_RULE
from services.sync.changes import Act, Changes, State

RESOLVED = IncidentState.RESOLVED

Found = tuple[Incident, tuple[Proposal, ...], tuple[Proposal, ...]]
"""An incident with the reasons for a proposal now, and those from before the act."""


def majors_follow(state: State, act: Act, command: object, changes: Changes) -> Changes:
    """The major incidents that an act proposes, ends or brings back.

    Raises:
        MajorStillOpen: an incident that is handled as major was to be resolved past its console.
    """
    more = Changes.none()
    if isinstance(command, UndoAct):
        more |= _taken_back(state, command)
    for before, after in changes.updates_of(Incident):
        if before.state is not after.state:
            more |= _moved(state, act, command, after)
    if type(command).__name__ in BY_RULE and not act.on_behalf_of:
        written = {after.id for _, after in changes.updates_of(Incident)}
        written |= {logged.id for logged in changes.inserts_of(Incident)}
        for incident, now, earlier in _reasons(state, command, changes):
            proposed = _proposed(state, act, incident, now, earlier)
            if proposed.items and incident.id not in written:
                more |= touched(act, incident)
            more |= proposed
    return more


def _taken_back(state: State, command: UndoAct) -> Changes:
    """The procedure and its roles as they were before a resolve that is undone."""
    changes = Changes.none()
    for entry in state.find(HistoryEntry, command_id=command.undone_command_id):
        is_own = entry.incident_id == command.incident_id
        if is_own and entry.act == ResolveMajorIncident.__name__:
            if entry.subject == MajorIncident.TABLE:
                major = state.get(MajorIncident, entry.subject_id)
                changes = changes.update(major, before_act(major, entry))
            elif entry.subject == RoleHolding.TABLE:
                holding = state.get(RoleHolding, entry.subject_id)
                changes = changes.update(holding, before_act(holding, entry))
    return changes


def _moved(state: State, act: Act, command: object, after: Incident) -> Changes:
    """The procedure of an incident that has come to another state."""
    major = major_of(state, after.id)
    if major is None:
        return Changes.none()
    if isinstance(command, ReopenIncident) and major.state is MajorState.RESOLVED:
        return Changes.none().update(major, lifecycle.reopened(major))
    if after.state in OPEN_STATES or major.state not in OPEN_MAJOR_STATES:
        return Changes.none()
    if isinstance(command, ResolveMajorIncident) and command.incident_id == after.id:
        return Changes.none()
    if after.state is RESOLVED and major.state is MajorState.ACCEPTED:
        raise MajorStillOpen(number=after.number)
    words = "incident resolved" if after.state is RESOLVED else f"incident {after.state.value}"
    dropped = lifecycle.dropped(major, act, words)
    return Changes.none().update(major, dropped) | roles_ended(state, act, major, words)


def _reasons(state: State, command: object, changes: Changes) -> Iterator[Found]:
    for incident in changes.inserts_of(Incident):
        yield incident, lifecycle.reasons(incident, _criticality(state, incident)), ()
    if isinstance(command, LinkToParent):
        if command.parent_id is not None:
            yield _with_callers(state, state.get(Incident, command.parent_id))
    elif isinstance(command, AddSupportCase):
        yield _with_callers(state, state.get(Incident, command.incident_id))
    else:
        for before, after in changes.updates_of(Incident):
            criticality = _criticality(state, after)
            now, earlier = (lifecycle.reasons(i, criticality) for i in (after, before))
            yield after, now, earlier


def _with_callers(state: State, incident: Incident) -> Found:
    """An incident that somebody more reports by this act."""
    children = state.find(Incident, parent_id=incident.id)
    cases = state.find(SupportCase, incident_id=incident.id, is_active=True)
    callers, criticality = len(children) + len(cases), _criticality(state, incident)
    many = matrix_in_force(state).callers_of_major
    return (
        incident,
        lifecycle.reasons(incident, criticality, callers + 1, many),
        lifecycle.reasons(incident, criticality, callers, many),
    )


def _criticality(state: State, incident: Incident) -> Criticality | None:
    if incident.service_id is None:
        return None
    return next((s.criticality for s in state.find(BusinessService, id=incident.service_id)), None)


def _proposed(
    state: State,
    act: Act,
    incident: Incident,
    now: tuple[Proposal, ...],
    earlier: tuple[Proposal, ...],
) -> Changes:
    if incident.state not in OPEN_STATES or not set(now) - set(earlier):
        return Changes.none()
    if incident.parent_id is not None and _is_open(major_of(state, incident.parent_id)):
        return Changes.none()  # it is handled with its parent
    major = major_of(state, incident.id)
    because = lifecycle.proposal_by_rule(major, now, earlier)
    if because is None:
        return Changes.none()
    return proposal(state, act, incident, because)


def _is_open(major: MajorIncident | None) -> bool:
    return major is not None and major.state in OPEN_MAJOR_STATES
