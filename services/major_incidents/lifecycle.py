"""Where the procedure of a major incident may go: pure functions from record to record."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from services.catalogue.service import Criticality
from services.core.ids import derived_id
from services.core.text import clean_text, require
from services.incidents.conditions import ensure_seen, joined
from services.incidents.errors import TransitionNotAllowed
from services.incidents.incident import OPEN_STATES, Incident
from services.incidents.priority import CALLERS_OF_MAJOR, Priority, Severity
from services.major_incidents.acts import (
    AcceptMajorIncident,
    ResolveMajorIncident,
    SetImpactTimes,
    SetPhase,
)
from services.major_incidents.errors import MajorMovedOn, NotInCharge
from services.major_incidents.impact import ensure_order
from services.major_incidents.major import (
    MajorIncident,
    MajorState,
    Proposal,
    ResponsePhase,
)
from services.major_incidents.replay import halted
from services.major_incidents.transitions import DECIDING, major_roles_for
from services.people.person import Role
from services.people.roles import require_role
from services.sync.changes import Act

MAJOR_SEVERITIES = frozenset({Severity.SEV1, Severity.SEV2})
URGENT = frozenset({Priority.P1, Priority.P2})


def reasons(
    incident: Incident,
    criticality: Criticality | None,
    callers: int = 0,
    many: int = CALLERS_OF_MAJOR,
) -> tuple[Proposal, ...]:
    """Why an incident should be handled as major, the weightiest first; empty for most.

    ``criticality`` is that of its service, None where the service is unknown. ``callers`` are the
    cases of support and linked incidents; from ``many`` of them on they are a reason.
    """
    found = {
        Proposal.SEVERITY: incident.severity in MAJOR_SEVERITIES,
        Proposal.PRIORITY: incident.priority is Priority.P1,
        Proposal.CRITICALITY: criticality is Criticality.VITAL and incident.priority in URGENT,
        Proposal.CALLERS: callers >= many,
    }
    return tuple(reason for reason, is_so in found.items() if is_so)


def proposal_by_rule(
    major: MajorIncident | None, now: Iterable[Proposal], before: Collection[Proposal]
) -> Proposal | None:
    """The reason that an act has added, where it makes a proposal; else None.

    One that was rejected or demoted is proposed again only for a reason that was not the one then.
    """
    if major is not None and major.state not in (MajorState.REJECTED, MajorState.DEMOTED):
        return None
    refused = major.because if major is not None else None
    return next((r for r in now if r not in before and r is not refused), None)


def propose(
    act: Act,
    incident: Incident,
    major: MajorIncident | None,
    because: Proposal,
    reason: str = "",
) -> MajorIncident:
    """The major incident as proposed, for the first time or again.

    Raises:
        MajorMovedOn: it is proposed, accepted or over already.
        TransitionNotAllowed: the incident is not open.
    """
    if incident.state not in OPEN_STATES:
        raise TransitionNotAllowed(
            act="ProposeMajorIncident", state=incident.state.value, number=incident.number
        )
    if major is None:
        major = MajorIncident(
            id=derived_id(incident.id, "major"),
            incident_id=incident.id,
            proposed_by_id=act.actor_id,
            proposed_at=act.happened_at,
            is_drill=incident.is_drill,
        )
    elif major.state not in (MajorState.REJECTED, MajorState.DEMOTED):
        raise MajorMovedOn(state=major.state.value)
    return replace(
        major,
        state=MajorState.PROPOSED,
        because=because,
        proposal=clean_text(reason, field="reason"),
        proposed_by_id=act.actor_id,
        proposed_at=act.happened_at,
        decision="",
        decided_by_id=None,
        decided_at=None,
    )


def move(
    major: MajorIncident, end: MajorState, act_name: str, roles: frozenset[Role], act: Act
) -> MajorIncident:
    """The major incident in another state, if the table allows this act by these roles.

    Raises:
        MajorMovedOn: no such way leads from the present state.
        RoleMissing: the way exists for other roles.
    """
    allowed = major_roles_for(act_name, major.state, end)
    if not allowed:
        raise MajorMovedOn(state=major.state.value)
    if not (act.on_behalf_of and Role.ADMINISTRATOR in roles):
        require_role(roles, allowed, act_name)
    return replace(major, state=end)


def decided(major: MajorIncident, act: Act, decision: str) -> MajorIncident:
    """The major incident with the words of who decided."""
    return replace(
        major,
        decision=clean_text(decision, field="reason"),
        decided_by_id=act.actor_id,
        decided_at=act.happened_at,
    )


def accept(
    major: MajorIncident, command: AcceptMajorIncident, act: Act, roles: frozenset[Role]
) -> MajorIncident:
    """The procedure begun.

    Raises:
        MajorMovedOn: it is not proposed.
        RoleMissing: the person does not decide it.
        ImpactTimesWrong: the moment of detection does not fit.
    """
    accepted = move(major, MajorState.ACCEPTED, "AcceptMajorIncident", roles, act)
    detected_at = command.detected_at or major.detected_at
    ensure_order(major.impact_started_at, detected_at, major.impact_ended_at, act.happened_at)
    return replace(
        decided(accepted, act, command.decision),
        accepted_at=act.happened_at,
        detected_at=detected_at,
        phase=command.phase,
    )


def reject(major: MajorIncident, decision: str, act: Act, roles: frozenset[Role]) -> MajorIncident:
    """The proposal refused, with the reason."""
    require("reason", clean_text(decision, field="reason"))
    rejected = move(major, MajorState.REJECTED, "RejectMajorIncident", roles, act)
    return decided(rejected, act, decision)


def demote(major: MajorIncident, decision: str, act: Act, roles: frozenset[Role]) -> MajorIncident:
    """The procedure ended because it is no major incident after all, with the reason."""
    require("reason", clean_text(decision, field="reason"))
    demoted = move(major, MajorState.DEMOTED, "DemoteMajorIncident", roles, act)
    return halted(decided(demoted, act, decision), act)


def dropped(major: MajorIncident, act: Act, decision: str) -> MajorIncident:
    """The procedure ended because its incident is no longer open."""
    return replace(halted(decided(major, act, decision), act), state=MajorState.DEMOTED)


def set_times(major: MajorIncident, command: SetImpactTimes, act: Act) -> MajorIncident:
    """The major incident with its moments; each field may be left as it was seen.

    Raises:
        ChangedMeanwhile: a colleague set another moment.
        ImpactTimesWrong: they do not follow each other, or lie ahead.
    """
    started_at = joined(
        "impact_started_at", command.seen_started_at, major.impact_started_at, command.started_at
    )
    detected_at = joined(
        "detected_at", command.seen_detected_at, major.detected_at, command.detected_at
    )
    ended_at = joined(
        "impact_ended_at", command.seen_ended_at, major.impact_ended_at, command.ended_at
    )
    ensure_order(started_at, detected_at, ended_at, act.happened_at)
    if ended_at is None and major.state in (MajorState.RESOLVED, MajorState.REVIEWED):
        require("end of impact", ended_at)
    return replace(
        major, impact_started_at=started_at, detected_at=detected_at, impact_ended_at=ended_at
    )


def set_phase(major: MajorIncident, command: SetPhase) -> MajorIncident:
    """The major incident in another phase, while it is accepted.

    Raises:
        MajorMovedOn: it is not accepted.
        ChangedMeanwhile: a colleague set another one.
        FieldMissing: it is resolved by its own act, which asks for more.
    """
    ensure_accepted(major)
    if command.phase is ResponsePhase.RESOLVED:
        require("end of impact", None)
    ensure_seen("phase", command.seen_phase, major.phase, command.phase)
    return replace(major, phase=command.phase)


def resolve(
    major: MajorIncident, command: ResolveMajorIncident, act: Act, roles: frozenset[Role]
) -> MajorIncident:
    """The procedure at its end, with the end of the impact and who owns the review.

    Raises:
        MajorMovedOn: it is not accepted.
        FieldMissing: how the end was confirmed is not said.
        ImpactTimesWrong: the impact ended before it began.
    """
    recovery = clean_text(command.recovery, field="confirmed how")
    require("confirmed how", recovery)
    resolved = move(major, MajorState.RESOLVED, "ResolveMajorIncident", roles, act)
    ensure_order(
        major.impact_started_at, major.detected_at, command.impact_ended_at, act.happened_at
    )
    return replace(
        halted(resolved, act),
        phase=ResponsePhase.RESOLVED,
        impact_ended_at=command.impact_ended_at,
        recovery=recovery,
        resolved_at=act.happened_at,
        review_owner_id=command.review_owner_id,
        review_due_at=command.review_due_at,
    )


def reopened(major: MajorIncident) -> MajorIncident:
    """The procedure under way again, because the impact had not ended after all."""
    return replace(
        major,
        state=MajorState.ACCEPTED,
        phase=ResponsePhase.INVESTIGATING,
        impact_ended_at=None,
        recovery="",
        resolved_at=None,
        review_owner_id=None,
        review_due_at=None,
    )


def review(major: MajorIncident, act: Act, roles: frozenset[Role]) -> MajorIncident:
    """The procedure reviewed, by the owner of the review or somebody who decides.

    Raises:
        MajorMovedOn: it is not resolved, or reviewed already.
        NotInCharge: the review is somebody else's.
    """
    reviewed = move(major, MajorState.REVIEWED, "ReviewMajorIncident", roles, act)
    if act.actor_id != major.review_owner_id and not roles & DECIDING:
        raise NotInCharge()
    return replace(reviewed, reviewed_at=act.happened_at)


def ensure_accepted(major: MajorIncident) -> None:
    """Let pass while the response goes on.

    Raises:
        MajorMovedOn: it has not begun or is over.
    """
    if major.state is not MajorState.ACCEPTED:
        raise MajorMovedOn(state=major.state.value)
