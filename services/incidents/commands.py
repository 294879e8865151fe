"""One function per command on an incident: state in, row changes out."""

from dataclasses import replace
from uuid import UUID

from services.core.errors import InvalidText, RecordMissing
from services.core.ids import derived_id
from services.core.text import Limit, clean_text, require
from services.incidents import acts, confidentiality, details, imported, imported_acts, lifecycle
from services.incidents.acts import AddNote, CloseIncident, HoldIncident, LogIncident
from services.incidents.conditions import ensure_open_record, ensure_seen
from services.incidents.errors import DrillAndReal, MatrixInvalid, WouldBeOwnParent
from services.incidents.incident import (
    Escalation,
    EscalationState,
    Incident,
    IncidentState,
    Note,
    NoteKind,
    OnHoldReason,
)
from services.incidents.priority import FEWEST_CALLERS, PriorityMatrix
from services.incidents.replies import ensure_notes_read
from services.incidents.transitions import roles_for
from services.people.person import AGENTS, Role
from services.people.roles import require_role, roles_of
from services.sync.changes import Act, Changes, State


def matrix_in_force(state: State) -> PriorityMatrix:
    """The edition that ranks incidents now."""
    editions = state.find(PriorityMatrix, is_in_force=True)
    if not editions:  # a full copy is under way and brings it
        raise RecordMissing(table=PriorityMatrix.TABLE, id="in force")
    return max(editions, key=lambda matrix: matrix.edition)


def agent_roles(state: State, act: Act, name: str) -> frozenset[Role]:
    """The actor's roles, if one of them works on incidents."""
    roles = roles_of(state, act.actor_id)
    require_role(roles, AGENTS | {Role.ADMINISTRATOR}, name)
    return roles


def _ranking_matrix(state: State, act: Act, edition: int | None) -> PriorityMatrix:
    """The edition in force, or for an import the one it names."""
    if edition is None:
        return matrix_in_force(state)
    if not act.on_behalf_of:
        raise MatrixInvalid(cells=f"edition {edition}")
    return state.find(PriorityMatrix, edition=edition)[0]


def log_incident(state: State, act: Act, command: LogIncident) -> Changes:
    """A new incident under its final number."""
    roles = agent_roles(state, act, "LogIncident")
    if not act.on_behalf_of:
        require_role(roles, roles_for("LogIncident", None, IncidentState.NEW), "LogIncident")
    matrix = _ranking_matrix(state, act, command.matrix_edition)
    return Changes.none().insert(details.log(command, act, matrix))


def describe_incident(state: State, act: Act, command: acts.DescribeIncident) -> Changes:
    """Corrected words."""
    agent_roles(state, act, "DescribeIncident")
    incident = state.get(Incident, command.incident_id)
    return Changes.none().update(incident, details.describe(incident, command, act))


def change_caller(state: State, act: Act, command: acts.ChangeCaller) -> Changes:
    """Another caller."""
    agent_roles(state, act, "ChangeCaller")
    incident = state.get(Incident, command.incident_id)
    return Changes.none().update(incident, details.change_caller(incident, command, act))


def categorise_incident(state: State, act: Act, command: acts.CategoriseIncident) -> Changes:
    """Another category."""
    agent_roles(state, act, "CategoriseIncident")
    incident = state.get(Incident, command.incident_id)
    return Changes.none().update(incident, details.categorise(incident, command, act))


def change_service(state: State, act: Act, command: acts.ChangeService) -> Changes:
    """Another service or other affected products."""
    agent_roles(state, act, "ChangeService")
    incident = state.get(Incident, command.incident_id)
    return Changes.none().update(incident, details.change_service(incident, command, act))


def prioritise_incident(state: State, act: Act, command: acts.PrioritiseIncident) -> Changes:
    """Another rank."""
    agent_roles(state, act, "PrioritiseIncident")
    incident = state.get(Incident, command.incident_id)
    matrix = _ranking_matrix(state, act, command.matrix_edition)
    ranked = details.prioritise(incident, command, act, matrix)
    return Changes.none().update(incident, ranked)


def change_severity(state: State, act: Act, command: acts.ChangeSeverity) -> Changes:
    """Another severity."""
    agent_roles(state, act, "ChangeSeverity")
    incident = state.get(Incident, command.incident_id)
    return Changes.none().update(incident, details.change_severity(incident, command, act))


def restrict_incident(state: State, act: Act, command: acts.RestrictIncident) -> Changes:
    """Confidential, or open to all agents again."""
    roles = agent_roles(state, act, "RestrictIncident")
    incident = state.get(Incident, command.incident_id)
    restricted = confidentiality.restrict(incident, command, act, roles)
    return Changes.none().update(incident, restricted)


def assign_incident(state: State, act: Act, command: acts.AssignIncident) -> Changes:
    """Another assignee; a new incident thereby begins, and its children with it."""
    roles = agent_roles(state, act, "AssignIncident")
    incident = state.get(Incident, command.incident_id)
    assigned = details.assign(incident, command, act, roles)
    return _begun(state, act, incident, assigned, "AssignIncident", roles)


def start_incident(state: State, act: Act, command: acts.StartIncident) -> Changes:
    """Work begins; children that wait or are new begin too."""
    roles = agent_roles(state, act, "StartIncident")
    incident = state.get(Incident, command.incident_id)
    started = lifecycle.start(incident, act, roles)
    return _begun(state, act, incident, started, "StartIncident", roles)


def hold_incident(state: State, act: Act, command: HoldIncident) -> Changes:
    """A hold, the reply that goes with it, and the same hold on children.

    A hold that waits for the caller concerns this caller alone and leaves children as they are.
    """
    roles = agent_roles(state, act, "HoldIncident")
    incident = state.get(Incident, command.incident_id)
    changes = Changes.none()
    if reply := clean_text(command.reply, field="reply"):
        changes = changes.insert(_note(act, incident.id, NoteKind.REPLY, reply))
    changes = changes.update(incident, lifecycle.hold(incident, command, act, roles))
    if command.reason is OnHoldReason.CALLER:
        return changes
    for child in _children(state, incident):
        if child.state in (IncidentState.NEW, IncidentState.IN_PROGRESS):
            changes = changes.update(child, lifecycle.hold(child, command, act, roles))
    return changes


def resume_incident(state: State, act: Act, command: acts.ResumeIncident) -> Changes:
    """Work goes on, on children too."""
    roles = agent_roles(state, act, "ResumeIncident")
    incident = state.get(Incident, command.incident_id)
    resumed = lifecycle.resume(incident, act, roles, "ResumeIncident")
    return _begun(state, act, incident, resumed, "ResumeIncident", roles)


def close_incident(state: State, act: Act, command: CloseIncident) -> Changes:
    """A final record. Children stay as they are: each caller is asked."""
    roles = roles_of(state, act.actor_id)
    incident = state.get(Incident, command.incident_id)
    notes = state.find(Note, incident_id=incident.id)
    return Changes.none().update(incident, lifecycle.close(incident, command, act, roles, notes))


def cancel_incident(state: State, act: Act, command: acts.CancelIncident) -> Changes:
    """A withdrawn record; its open escalation, if any, is recalled by the same act."""
    roles = agent_roles(state, act, "CancelIncident")
    incident = state.get(Incident, command.incident_id)
    cancelled = lifecycle.cancel(incident, command, act, roles)
    changes = Changes.none()
    if incident.escalation_id is not None:
        changes, cancelled = _recalled(state, act, cancelled, incident.escalation_id)
    return Changes.none().update(incident, cancelled) | changes


def _recalled(
    state: State, act: Act, incident: Incident, escalation_id: UUID
) -> tuple[Changes, Incident]:
    before = state.get(Escalation, escalation_id)
    after = replace(
        before,
        state=EscalationState.RECALLED,
        ended_by_id=act.actor_id,
        ended_at=act.happened_at,
        end_remark="Cancelled",
    )
    return (
        Changes.none().update(before, after),
        replace(incident, escalation_id=None, escalation_state=None),
    )


def add_note(state: State, act: Act, command: AddNote) -> Changes:
    """A note. A word from the caller ends a hold that waits for the caller.

    Raises:
        NewerNote: it replies to the caller, and a colleague wrote a note not seen by the writer.
    """
    roles = agent_roles(state, act, "AddNote")
    incident = state.get(Incident, command.incident_id)
    text = clean_text(command.text, field="note")
    if command.kind is not NoteKind.CONTACT_ATTEMPT:
        require("note", text)
    if command.seen_note_id is not None:
        ensure_notes_read(state.find(Note, incident_id=incident.id), command, act)
    note = replace(_note(act, incident.id, command.kind, text), duration_s=command.duration_s)
    changes = Changes.none().insert(note)
    if (
        command.kind in (NoteKind.CALLER_REPLY, NoteKind.CALL)
        and incident.on_hold_reason is OnHoldReason.CALLER
    ):
        changes = changes.update(incident, lifecycle.resume(incident, act, roles, "AddNote"))
    return changes


def link_to_parent(state: State, act: Act, command: acts.LinkToParent) -> Changes:
    """A child of another incident, or free again.

    Raises:
        WouldBeOwnParent: the parent is this incident or one of its children.
        DrillAndReal: one of the two is a drill, the other is not.
    """
    agent_roles(state, act, "LinkToParent")
    incident = state.get(Incident, command.incident_id)
    ensure_open_record(incident)
    ensure_seen("parent", command.seen_parent_id, incident.parent_id, command.parent_id)
    above, passed = command.parent_id, {incident.id}
    if above is not None and state.get(Incident, above).is_drill is not incident.is_drill:
        raise DrillAndReal()
    while above is not None:
        if above in passed:
            raise WouldBeOwnParent(number=incident.number)
        passed.add(above)
        above = state.get(Incident, above).parent_id
    linked = replace(incident, parent_id=command.parent_id, updated_at=act.happened_at)
    return Changes.none().update(incident, linked)


def edit_priority_matrix(state: State, act: Act, command: acts.EditPriorityMatrix) -> Changes:
    """A new edition of the matrix; incidents keep the edition that ranked them.

    Raises:
        MatrixInvalid: not nine priorities from 1 to 5.
        InvalidText: fewer callers than make a major incident.
        RoleMissing: the actor is no administrator.
    """
    require_role(roles_of(state, act.actor_id), {Role.ADMINISTRATOR}, "EditPriorityMatrix")
    if len(command.cells) != 9 or not set(command.cells) <= set("12345"):
        raise MatrixInvalid(cells=command.cells)
    if command.callers_of_major < FEWEST_CALLERS:
        raise InvalidText(field="number of callers", problem=f"it is less than {FEWEST_CALLERS}")
    edition = PriorityMatrix(
        id=command.matrix_id,
        edition=command.edition,
        name=clean_text(command.name, Limit.NAME, field="name"),
        cells=command.cells,
        is_in_force=command.is_in_force,
        callers_of_major=command.callers_of_major,
    )
    changes = Changes.none()
    if command.is_in_force:
        for old in state.find(PriorityMatrix, is_in_force=True):
            changes = changes.update(old, replace(old, is_in_force=False))
    return changes.insert(edition)


def record_imported_state(
    state: State, act: Act, command: imported_acts.RecordImportedState
) -> Changes:
    """A state that another system reported."""
    roles = roles_of(state, act.actor_id)
    incident = state.get(Incident, command.incident_id)
    moved = imported.record_imported_state(incident, command, act, roles)
    return Changes.none().update(incident, moved)


def record_imported_assignment(
    state: State, act: Act, command: imported_acts.RecordImportedAssignment
) -> Changes:
    """A team and a person that another system reported."""
    roles = roles_of(state, act.actor_id)
    incident = state.get(Incident, command.incident_id)
    given = imported.record_imported_assignment(incident, command, act, roles)
    return Changes.none().update(incident, given)


def correct_imported_record(
    state: State, act: Act, command: imported_acts.CorrectImportedRecord
) -> Changes:
    """What another system last held, where its record does not follow from its acts."""
    roles = roles_of(state, act.actor_id)
    incident = state.get(Incident, command.incident_id)
    corrected = imported.correct_imported_record(incident, command, act, roles)
    return Changes.none().update(incident, corrected)


def _begun(
    state: State, act: Act, incident: Incident, after: Incident, name: str, roles: frozenset[Role]
) -> Changes:
    """The incident as it is now and, if work began by this, its children under way too."""
    changes = Changes.none().update(incident, after)
    if after.state is not IncidentState.IN_PROGRESS or incident.state is after.state:
        return changes
    for child in _children(state, incident):
        if child.state in (IncidentState.NEW, IncidentState.ON_HOLD):
            begun = lifecycle.move(
                child, IncidentState.IN_PROGRESS, act, name, roles, with_parent=True
            )
            begun = replace(
                begun,
                on_hold_reason=None,
                follow_up_at=None,
                assignee_id=child.assignee_id or after.assignee_id,
            )
            changes = changes.update(child, begun)
    return changes


def _children(state: State, incident: Incident) -> tuple[Incident, ...]:
    return state.find(Incident, parent_id=incident.id)


def _note(act: Act, incident_id: UUID, kind: NoteKind, text: str) -> Note:
    return Note(
        id=derived_id(act.command_id, "note"),
        incident_id=incident_id,
        kind=kind,
        author_id=act.actor_id,
        written_at=act.happened_at,
        text=text,
    )
