"""One function per command on a drill: state in, row changes out."""

from dataclasses import replace

from services.core.text import Limit, require
from services.incidents.acts import LogIncident
from services.incidents.commands import matrix_in_force
from services.incidents.details import log
from services.incidents.incident import Channel, Incident
from services.major_incidents import acts, lifecycle, replay
from services.major_incidents.commands import the_major
from services.major_incidents.major import MajorIncident, MajorState, Proposal
from services.major_incidents.transitions import DECIDING
from services.people.roles import require_role, roles_of
from services.sync.changes import Act, Changes, State

DRILL = "Drill: "
"""What the summary of a drill begins with, wherever it is read."""


def start_drill(state: State, act: Act, command: acts.StartDrill) -> Changes:
    """An incident that is an exercise, handled as major from the start.

    Raises:
        RecordMissing: the major incident to play again is not on this desk.
    """
    require_role(roles_of(state, act.actor_id), DECIDING, "StartDrill")
    summary, service_id, severity = command.summary, command.service_id, command.severity
    if command.replay_of_id is not None:
        past = state.get(Incident, state.get(MajorIncident, command.replay_of_id).incident_id)
        summary, service_id, severity = past.summary, past.service_id, past.severity
    require("summary", summary.strip())
    logged = LogIncident(
        incident_id=command.incident_id,
        number=command.number,
        summary=f"{DRILL}{summary.removeprefix(DRILL)}"[: Limit.SUMMARY.value],
        channel=Channel.MONITORING,
        monitoring_source="Drill",
        reported_at=act.happened_at,
        service_id=service_id,
        severity=severity,
        owner_team_id=command.owner_team_id,
    )
    incident = replace(log(logged, act, matrix_in_force(state)), is_drill=True)
    proposed = lifecycle.propose(act, incident, None, Proposal.BY_HAND, "Drill")
    accepted = replace(
        lifecycle.decided(proposed, act, "Drill"),
        state=MajorState.ACCEPTED,
        accepted_at=act.happened_at,
        replay_of_id=command.replay_of_id,
    )
    return Changes.none().insert(incident, accepted)


def steer_replay(state: State, act: Act, command: acts.SteerReplay) -> Changes:
    """The replay of a drill held, let go on, or taken to what comes next."""
    major = the_major(state, command.incident_id)
    lifecycle.ensure_accepted(major)
    return Changes.none().update(major, replay.steer(major, command, act))
