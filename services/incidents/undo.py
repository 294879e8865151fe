"""Undo: what one's own last act changed is put back, while nobody has built on it."""

from dataclasses import replace
from typing import TypeVar

from services.core.records import Plain, Record, record_from, spec_of
from services.incidents.acts import UndoAct
from services.incidents.commands import agent_roles
from services.incidents.confidentiality import ensure_may_restrict
from services.incidents.errors import NothingToUndo
from services.incidents.history import SUBJECTS, changes_in
from services.incidents.incident import Escalation, EscalationState, HistoryEntry, Incident
from services.people.person import Role
from services.sync.changes import Act, Changes, State

R = TypeVar("R", bound=Record)

UNDOABLE = frozenset(
    {
        "DescribeIncident",
        "ChangeCaller",
        "CategoriseIncident",
        "ChangeService",
        "PrioritiseIncident",
        "ChangeSeverity",
        "RestrictIncident",
        "AssignIncident",
        "StartIncident",
        "HoldIncident",
        "ResumeIncident",
        "ResolveIncident",
        "ReopenIncident",
        "ResolveMajorIncident",
        "LinkToParent",
        "EscalateToTeam",
        "AcceptEscalation",
        "RejectEscalation",
        "HandBackEscalation",
        "RecallEscalation",
        "EscalateUp",
        "AnswerEscalation",
        "WithdrawEscalation",
    }
)
"""Acts that can be put back. Closing and cancelling are final; a note once written stays."""

_WITHDRAWN = {
    EscalationState.OFFERED: EscalationState.RECALLED,
    EscalationState.TOLD: EscalationState.RECALLED,
}


def undo_act(state: State, act: Act, command: UndoAct) -> Changes:
    """Every record the act changed, with the values from before it.

    Raises:
        NothingToUndo: the act was another person's, is not reversible, or was built upon.
        NotYoursToRestrict: who may read it is no longer the actor's to decide.
    """
    roles = agent_roles(state, act, "UndoAct")
    entries = state.find(HistoryEntry, command_id=command.undone_command_id)
    if not entries:
        raise NothingToUndo(why="it is not known here")
    changes = Changes.none()
    for entry in sorted(entries, key=lambda entry: entry.subject != Incident.TABLE):
        if entry.act not in UNDOABLE or entry.actor_id != act.actor_id:
            raise NothingToUndo(why="it was not yours, or cannot be undone")
        if entry.subject in SUBJECTS:  # what other practices made of the act is theirs to put back
            changes |= _put_back(state, act, entry, roles)
    return changes


def _put_back(state: State, act: Act, entry: HistoryEntry, roles: frozenset[Role]) -> Changes:
    now = state.get(SUBJECTS[entry.subject], entry.subject_id)
    changed = changes_in(entry)
    if not changed:  # held again just as it was held, or begun: only an escalation is begun here
        return _withdraw(act, now) if isinstance(now, Escalation) else Changes.none()
    if isinstance(now, Incident) and "is_confidential" in changed:
        ensure_may_restrict(now, act, roles)
    restored = before_act(now, entry)
    if isinstance(restored, Incident):
        restored = replace(restored, updated_at=act.happened_at)
    return Changes.none().update(now, restored)


def before_act(now: R, entry: HistoryEntry) -> R:
    """The record as it was before the act that wrote this entry of its history.

    Raises:
        NothingToUndo: somebody has changed since what the act changed.
    """
    changed = changes_in(entry)
    row = spec_of(type(now)).to_row(now)
    if any(row[name] != after for name, (_, after) in changed.items()):
        raise NothingToUndo(why="somebody has changed it since")
    before: dict[str, Plain] = {name: old for name, (old, _) in changed.items()}
    return record_from(type(now), {**row, **before})


def _withdraw(act: Act, now: Escalation) -> Changes:
    """An escalation that the act began is recalled."""
    if now.state not in _WITHDRAWN:
        raise NothingToUndo(why="somebody has answered it since")
    ended = replace(
        now,
        state=_WITHDRAWN[now.state],
        ended_by_id=act.actor_id,
        ended_at=act.happened_at,
        end_remark="Undone",
    )
    return Changes.none().update(now, ended)
