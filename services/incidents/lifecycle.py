"""Where an incident may go: pure functions from incident and command to incident."""

from dataclasses import replace

from services.core.text import clean_line, clean_text, require
from services.incidents.acts import (
    CancelIncident,
    CloseIncident,
    HoldIncident,
    ReopenIncident,
    ResolveIncident,
)
from services.incidents.errors import (
    NotConfirmed,
    NotHandedBack,
    TransitionNotAllowed,
    WouldBeOwnParent,
)
from services.incidents.incident import (
    OPEN_ESCALATION_STATES,
    CancelReason,
    ConfirmationMethod,
    EscalationState,
    Incident,
    IncidentState,
    Note,
    NoteKind,
    OnHoldReason,
)
from services.incidents.transitions import roles_for
from services.people.person import AGENTS, Role
from services.people.roles import require_role
from services.sync.changes import Act

ATTEMPTS_NEEDED = 3


ATTEMPT_DAYS_NEEDED = 2
"""Logged attempts, and the days they are spread over, that replace a confirmation."""


def move(
    incident: Incident,
    end: IncidentState,
    act: Act,
    name: str,
    roles: frozenset[Role],
    *,
    with_parent: bool = False,
) -> Incident:
    """The incident in another state, if the table allows this act by these roles.

    An administrator who imports speaks for people of the other system and may do what they did.

    Raises:
        TransitionNotAllowed: no such way leads from the present state.
        RoleMissing: the way exists for other roles.
    """
    allowed = roles_for(name, incident.state, end, with_parent)
    if not allowed:
        raise TransitionNotAllowed(act=name, state=incident.state.value, number=incident.number)
    if not (act.on_behalf_of and Role.ADMINISTRATOR in roles):
        require_role(roles, allowed, name)
    return replace(incident, state=end, updated_at=act.happened_at)


def start(incident: Incident, act: Act, roles: frozenset[Role]) -> Incident:
    """The incident in progress with the actor at work; stamps the first response.

    An import records that work began; who is at work it records by itself.

    Raises:
        TransitionNotAllowed: it is neither new nor waiting for its assignee; one that is
            offered to another team waits for that team.
    """
    taken = replace(
        incident,
        assignee_id=incident.assignee_id if act.on_behalf_of else act.actor_id,
        accepted_at=act.happened_at,
        first_response_at=incident.first_response_at or act.happened_at,
        updated_at=act.happened_at,
    )
    is_waiting = incident.accepted_at is None and (
        incident.escalation_state is not EscalationState.OFFERED
    )
    if incident.state is IncidentState.IN_PROGRESS and is_waiting:
        require_role(roles, AGENTS, "StartIncident")
        return taken
    return move(taken, IncidentState.IN_PROGRESS, act, "StartIncident", roles)


def hold(incident: Incident, command: HoldIncident, act: Act, roles: frozenset[Role]) -> Incident:
    """The incident on hold. Waiting for the caller needs a reply that tells the caller so.

    An import may not know the reply and the follow-up date and leaves them out.
    """
    if not act.on_behalf_of:
        if command.reason is OnHoldReason.CALLER:
            require("reply", clean_text(command.reply, field="reply"))
        require("follow-up date", command.follow_up_at)
    held = move(incident, IncidentState.ON_HOLD, act, "HoldIncident", roles)
    return replace(held, on_hold_reason=command.reason, follow_up_at=command.follow_up_at)


def resume(incident: Incident, act: Act, roles: frozenset[Role], name: str) -> Incident:
    """The incident in progress again."""
    resumed = move(incident, IncidentState.IN_PROGRESS, act, name, roles)
    return replace(resumed, on_hold_reason=None, follow_up_at=None)


def resolve(
    incident: Incident,
    command: ResolveIncident,
    act: Act,
    roles: frozenset[Role],
    *,
    with_parent: bool = False,
) -> Incident:
    """The incident as resolved; from new it counts as resolved at first contact.

    Of an import it is not known who resolved, nor what happened before its first record.

    Raises:
        FieldMissing: no resolution, no category or no service.
        TransitionNotAllowed: it was already resolved or is final.
    """
    resolution = clean_text(command.resolution, field="resolution")
    require("resolution", resolution)
    require("category", command.category_id)
    require("service", command.service_id)
    resolved = move(
        incident, IncidentState.RESOLVED, act, "ResolveIncident", roles, with_parent=with_parent
    )
    return replace(
        resolved,
        on_hold_reason=None,
        follow_up_at=None,
        category_id=command.category_id,
        subcategory_id=command.subcategory_id,
        service_id=command.service_id,
        resolution_code=command.code,
        resolution=resolution,
        resolved_at=act.happened_at,
        resolved_by_id=None if act.on_behalf_of else act.actor_id,
        first_response_at=incident.first_response_at or act.happened_at,
        is_first_contact_resolution=(
            incident.state is IncidentState.NEW and not with_parent and not act.on_behalf_of
        ),
    )


def reopen(
    incident: Incident, command: ReopenIncident, act: Act, roles: frozenset[Role]
) -> Incident:
    """The incident in progress again because it was not fixed after all."""
    require("reason", clean_text(command.reason, field="reason"))
    opened = move(incident, IncidentState.IN_PROGRESS, act, "ReopenIncident", roles)
    return replace(
        opened,
        resolved_at=None,
        resolved_by_id=None,
        resolution_code=None,
        resolution="",
        is_first_contact_resolution=False,
        reopened_at=act.happened_at,
        reopen_count=incident.reopen_count + 1,
    )


def has_enough_attempts(notes: tuple[Note, ...]) -> bool:
    """Whether the caller was tried often enough, on enough days (UTC), to close without answer."""
    tried = [note.written_at for note in notes if note.kind is NoteKind.CONTACT_ATTEMPT]
    days = {moment.date() for moment in tried}
    return len(tried) >= ATTEMPTS_NEEDED and len(days) >= ATTEMPT_DAYS_NEEDED


def close(
    incident: Incident,
    command: CloseIncident,
    act: Act,
    roles: frozenset[Role],
    notes: tuple[Note, ...],
) -> Incident:
    """The incident closed for good.

    Raises:
        RoleMissing: only the service desk closes.
        NotHandedBack: an escalation is still open.
        NotConfirmed: nobody confirmed and too few attempts are logged.
    """
    closed = move(incident, IncidentState.CLOSED, act, "CloseIncident", roles)
    if incident.escalation_state in OPEN_ESCALATION_STATES:
        raise NotHandedBack(number=incident.number)
    if command.method is ConfirmationMethod.NO_ANSWER:
        if not has_enough_attempts(notes):
            raise NotConfirmed(attempts=ATTEMPTS_NEEDED, days=ATTEMPT_DAYS_NEEDED)
    elif command.method is ConfirmationMethod.NOT_RECORDED:
        if not (act.on_behalf_of and incident.is_imported):
            raise NotConfirmed(attempts=ATTEMPTS_NEEDED, days=ATTEMPT_DAYS_NEEDED)
    else:
        require("confirmed by", command.confirmed_by.strip())
        require("confirmed at", command.confirmed_at)
    return replace(
        closed,
        closed_at=act.happened_at,
        closed_by_id=act.actor_id,
        confirmation_method=command.method,
        confirmed_by=clean_line(command.confirmed_by, field="confirmed by"),
        confirmed_at=command.confirmed_at,
    )


def cancel(
    incident: Incident, command: CancelIncident, act: Act, roles: frozenset[Role]
) -> Incident:
    """The incident withdrawn. A duplicate names the incident it repeats."""
    if command.reason is CancelReason.DUPLICATE:
        require("duplicate of", command.duplicate_of_id)
        if command.duplicate_of_id == incident.id:
            raise WouldBeOwnParent(number=incident.number)
    cancelled = move(incident, IncidentState.CANCELLED, act, "CancelIncident", roles)
    return replace(
        cancelled,
        on_hold_reason=None,
        follow_up_at=None,
        cancelled_at=act.happened_at,
        cancel_reason=command.reason,
        duplicate_of_id=command.duplicate_of_id,
    )
