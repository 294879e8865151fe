"""One function per command on a major incident and its roles: state in, row changes out."""

from dataclasses import replace
from uuid import UUID

from services.core.text import clean_line, clean_text, limit_of, require
from services.incidents.acts import ResolveIncident, StartIncident
from services.incidents.commands import start_incident
from services.incidents.conditions import joined
from services.incidents.incident import Incident, IncidentState
from services.incidents.resolution import resolve_incident
from services.major_incidents import acts, holding, lifecycle
from services.major_incidents.errors import MajorNotThere, NotInCharge
from services.major_incidents.major import (
    MajorIncident,
    Proposal,
    ResponseChannel,
    ResponseRole,
    RoleHolding,
    WorkStream,
)
from services.major_incidents.permissions import is_in_charge
from services.major_incidents.transitions import COMMANDING
from services.people.person import AGENTS, Person
from services.people.roles import require_role, roles_of
from services.sync.changes import Act, Changes, State


def major_of(state: State, incident_id: UUID) -> MajorIncident | None:
    """The major incident of an incident; None where it is none."""
    found = state.find(MajorIncident, incident_id=incident_id)
    return found[0] if found else None


def the_major(state: State, incident_id: UUID) -> MajorIncident:
    """The major incident of an incident.

    Raises:
        MajorNotThere: it is none.
    """
    major = major_of(state, incident_id)
    if major is None:
        raise MajorNotThere(number=state.get(Incident, incident_id).number)
    return major


def holdings_of(state: State, major: MajorIncident) -> tuple[RoleHolding, ...]:
    """All roles of a response, also those that ended."""
    return state.find(RoleHolding, major_id=major.id)


def propose_major_incident(state: State, act: Act, command: acts.ProposeMajorIncident) -> Changes:
    """A proposal by hand, with the reason."""
    require("reason", command.reason.strip())
    incident = state.get(Incident, command.incident_id)
    proposed = proposal(state, act, incident, Proposal.BY_HAND, command.reason)
    return touched(act, incident) | proposed


def proposal(
    state: State, act: Act, incident: Incident, because: Proposal, reason: str = ""
) -> Changes:
    """A proposal, for the first time or again."""
    major = major_of(state, incident.id)
    proposed = lifecycle.propose(act, incident, major, because, reason)
    if major is None:
        return Changes.none().insert(proposed)
    return Changes.none().update(major, proposed)


def touched(act: Act, incident: Incident) -> Changes:
    """The incident, changed now: two proposals meet in it, and the second is decided again."""
    return Changes.none().update(incident, replace(incident, updated_at=act.happened_at))


def accept_major_incident(state: State, act: Act, command: acts.AcceptMajorIncident) -> Changes:
    """The procedure begun."""
    major = the_major(state, command.incident_id)
    roles = roles_of(state, act.actor_id)
    return Changes.none().update(major, lifecycle.accept(major, command, act, roles))


def reject_major_incident(state: State, act: Act, command: acts.RejectMajorIncident) -> Changes:
    """The proposal refused."""
    major = the_major(state, command.incident_id)
    roles = roles_of(state, act.actor_id)
    return Changes.none().update(major, lifecycle.reject(major, command.decision, act, roles))


def demote_major_incident(state: State, act: Act, command: acts.DemoteMajorIncident) -> Changes:
    """The procedure ended, and all roles with it."""
    major = the_major(state, command.incident_id)
    demoted = lifecycle.demote(major, command.decision, act, roles_of(state, act.actor_id))
    return Changes.none().update(major, demoted) | roles_ended(state, act, major, "demoted")


def roles_ended(state: State, act: Act, major: MajorIncident, remark: str) -> Changes:
    """Every role of a response ended, because the response is over."""
    changes = Changes.none()
    for before, after in holding.all_ended(holdings_of(state, major), act, remark):
        changes = changes.update(before, after)
    return changes


def take_command(state: State, act: Act, command: acts.TakeCommand) -> Changes:
    """An incident manager where there was none; a new incident begins with it."""
    major = _accepted(state, command.incident_id)
    require_role(roles_of(state, act.actor_id), COMMANDING, "TakeCommand")
    taken = holding.taken(major, holdings_of(state, major), command.holding_id, act)
    return Changes.none().insert(taken) | _begun(state, act, command.incident_id)


def offer_role(state: State, act: Act, command: acts.OfferRole) -> Changes:
    """A role that waits to be accepted.

    Raises:
        FieldMissing: the person is no longer here.
    """
    major = _accepted(state, command.incident_id)
    if not state.get(Person, command.person_id).is_active:
        require("person", None)
    roles = roles_of(state, act.actor_id)
    offered = holding.offered(major, holdings_of(state, major), command, act, roles)
    return Changes.none().insert(offered)


def accept_role(state: State, act: Act, command: acts.AcceptRole) -> Changes:
    """A role held; whoever is relieved goes first, so that there is never a second one."""
    major = _accepted(state, command.incident_id)
    offered = state.get(RoleHolding, command.holding_id)
    held, relieved = holding.accepted(offered, holdings_of(state, major), act)
    changes = Changes.none()
    if relieved is not None:
        changes = changes.update(state.get(RoleHolding, relieved.id), relieved)
    changes = changes.update(offered, held)
    if held.role is ResponseRole.INCIDENT_MANAGER:
        changes |= _begun(state, act, command.incident_id)
    return changes


def decline_role(state: State, act: Act, command: acts.DeclineRole) -> Changes:
    """A role refused."""
    offered = state.get(RoleHolding, command.holding_id)
    return Changes.none().update(offered, holding.declined(offered, act, command.remark))


def end_role(state: State, act: Act, command: acts.EndRole) -> Changes:
    """A role laid down."""
    before = state.get(RoleHolding, command.holding_id)
    major = the_major(state, command.incident_id)
    after = holding.laid_down(
        before, holdings_of(state, major), act, command.remark, roles_of(state, act.actor_id)
    )
    return Changes.none().update(before, after)


def _accepted(state: State, incident_id: UUID) -> MajorIncident:
    major = the_major(state, incident_id)
    lifecycle.ensure_accepted(major)
    return major


def _begun(state: State, act: Act, incident_id: UUID) -> Changes:
    """Work on a new incident begun by who commands, if they work on incidents at all."""
    is_new = state.get(Incident, incident_id).state is IncidentState.NEW
    if not (is_new and roles_of(state, act.actor_id) & AGENTS):
        return Changes.none()
    return start_incident(state, act, StartIncident(incident_id=incident_id))


def add_work_stream(state: State, act: Act, command: acts.AddWorkStream) -> Changes:
    """A line of work."""
    major = _accepted(state, command.incident_id)
    name = clean_line(command.name, field="name")
    require("name", name)
    return Changes.none().insert(
        WorkStream(
            id=command.stream_id,
            major_id=major.id,
            incident_id=command.incident_id,
            name=name,
            purpose=clean_text(command.purpose, limit_of("purpose"), field="purpose"),
            lead_id=command.lead_id,
            started_at=act.happened_at,
        )
    )


def change_work_stream(state: State, act: Act, command: acts.ChangeWorkStream) -> Changes:
    """A line of work with another name, purpose or lead; each field by itself.

    Raises:
        FieldMissing: it has no name.
        ChangedMeanwhile: a colleague set the same field to something else.
    """
    stream = state.get(WorkStream, command.stream_id)
    name = clean_line(command.name, field="name")
    require("name", name)
    purpose = clean_text(command.purpose, limit_of("purpose"), field="purpose")
    changed = replace(
        stream,
        name=joined("name", command.seen_name, stream.name, name),
        purpose=joined("purpose", command.seen_purpose, stream.purpose, purpose),
        lead_id=joined("lead_id", command.seen_lead_id, stream.lead_id, command.lead_id),
    )
    return Changes.none().update(stream, changed)


def end_work_stream(state: State, act: Act, command: acts.EndWorkStream) -> Changes:
    """A line of work at its end, or taken up again; what has ended keeps its moment."""
    stream = state.get(WorkStream, command.stream_id)
    ended_at = (stream.ended_at or act.happened_at) if command.is_ended else None
    return Changes.none().update(stream, replace(stream, ended_at=ended_at))


def add_channel(state: State, act: Act, command: acts.AddChannel) -> Changes:
    """A place to meet; one with no address yet is made by the dispatcher."""
    major = _accepted(state, command.incident_id)
    address = clean_line(command.address, limit_of("address"), field="address")
    if command.destination_id is None:
        require("address", address)
    name = clean_line(command.name, field="name")
    require("name", name)
    return Changes.none().insert(
        ResponseChannel(
            id=command.channel_id,
            major_id=major.id,
            incident_id=command.incident_id,
            kind=command.kind,
            name=name,
            address=address,
            access=clean_line(command.access, limit_of("access"), field="access"),
            destination_id=command.destination_id,
            added_at=act.happened_at,
        )
    )


def change_channel(state: State, act: Act, command: acts.ChangeChannel) -> Changes:
    """Another name, address or way in, each by itself."""
    channel = state.get(ResponseChannel, command.channel_id)
    name = clean_line(command.name, field="name")
    require("name", name)
    address = clean_line(command.address, limit_of("address"), field="address")
    access = clean_line(command.access, limit_of("access"), field="access")
    changed = replace(
        channel,
        name=joined("name", command.seen_name, channel.name, name),
        address=joined("address", command.seen_address, channel.address, address),
        access=joined("access", command.seen_access, channel.access, access),
    )
    return Changes.none().update(channel, changed)


def remove_channel(state: State, act: Act, command: acts.RemoveChannel) -> Changes:
    """A place where nobody meets any more, or people meet again."""
    channel = state.get(ResponseChannel, command.channel_id)
    return Changes.none().update(channel, replace(channel, is_active=not command.is_removed))


def set_impact_times(state: State, act: Act, command: acts.SetImpactTimes) -> Changes:
    """The moments of the impact."""
    major = the_major(state, command.incident_id)
    return Changes.none().update(major, lifecycle.set_times(major, command, act))


def set_phase(state: State, act: Act, command: acts.SetPhase) -> Changes:
    """How far the response is."""
    major = the_major(state, command.incident_id)
    return Changes.none().update(major, lifecycle.set_phase(major, command))


def resolve_major_incident(state: State, act: Act, command: acts.ResolveMajorIncident) -> Changes:
    """The impact at its end: the procedure, its roles, the incident and all linked to it.

    Raises:
        NotInCharge: the actor does not lead the response.
        TransitionNotAllowed: the incident was resolved or cancelled meanwhile.
    """
    major = the_major(state, command.incident_id)
    roles = roles_of(state, act.actor_id)
    if not is_in_charge(holdings_of(state, major), act.actor_id, roles):
        raise NotInCharge()
    resolved = lifecycle.resolve(major, command, act, roles)
    plain = ResolveIncident(
        incident_id=command.incident_id,
        code=command.code,
        resolution=command.resolution,
        category_id=command.category_id,
        subcategory_id=command.subcategory_id,
        service_id=command.service_id,
    )
    return (
        Changes.none().update(major, resolved)
        | roles_ended(state, act, major, "resolved")
        | resolve_incident(state, act, plain)
    )


def review_major_incident(state: State, act: Act, command: acts.ReviewMajorIncident) -> Changes:
    """The review done."""
    major = the_major(state, command.incident_id)
    reviewed = lifecycle.review(major, act, roles_of(state, act.actor_id))
    return Changes.none().update(major, reviewed)
