"""The one table of state changes. Rules, guards, screens and tests all read it.

Transitions follow the state model of domain practice: closing belongs to the service desk,
closed and cancelled are final, and reopening starts from resolved only.
"""

from dataclasses import dataclass
from functools import cache

from services.incidents.incident import IncidentState
from services.people.person import AGENTS, Role

NEW, IN_PROGRESS, ON_HOLD = IncidentState.NEW, IncidentState.IN_PROGRESS, IncidentState.ON_HOLD
RESOLVED, CLOSED, CANCELLED = IncidentState.RESOLVED, IncidentState.CLOSED, IncidentState.CANCELLED
SERVICE_DESK = frozenset({Role.SERVICE_DESK})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True)
class Transition:
    """An act that may take an incident from one state to another, and who may do it.

    ``with_parent`` transitions happen only to a child, together with its parent.
    """

    act: str
    start: IncidentState | None
    end: IncidentState
    roles: frozenset[Role] = AGENTS
    with_parent: bool = False


TRANSITIONS: tuple[Transition, ...] = (
    Transition("LogIncident", None, NEW),
    Transition("StartIncident", NEW, IN_PROGRESS),
    Transition("StartIncident", ON_HOLD, IN_PROGRESS, with_parent=True),
    Transition("AssignIncident", NEW, IN_PROGRESS),
    Transition("AssignIncident", ON_HOLD, IN_PROGRESS, with_parent=True),
    Transition("HoldIncident", NEW, ON_HOLD),
    Transition("HoldIncident", IN_PROGRESS, ON_HOLD),
    Transition("HoldIncident", ON_HOLD, ON_HOLD),
    Transition("ResumeIncident", ON_HOLD, IN_PROGRESS),
    Transition("ResumeIncident", NEW, IN_PROGRESS, with_parent=True),
    Transition("EscalateToTeam", ON_HOLD, IN_PROGRESS),
    Transition("AddNote", ON_HOLD, IN_PROGRESS),
    Transition("ResolveIncident", NEW, RESOLVED, SERVICE_DESK),
    Transition("ResolveIncident", NEW, RESOLVED, with_parent=True),
    Transition("ResolveIncident", IN_PROGRESS, RESOLVED),
    Transition("ResolveIncident", ON_HOLD, RESOLVED),
    Transition("ReopenIncident", RESOLVED, IN_PROGRESS),
    Transition("CloseIncident", RESOLVED, CLOSED, SERVICE_DESK),
    Transition("CancelIncident", NEW, CANCELLED),
    Transition("CancelIncident", IN_PROGRESS, CANCELLED),
    Transition("CancelIncident", ON_HOLD, CANCELLED),
    Transition("UndoAct", IN_PROGRESS, NEW),
    Transition("UndoAct", ON_HOLD, NEW),
    Transition("UndoAct", ON_HOLD, IN_PROGRESS),
    Transition("UndoAct", IN_PROGRESS, ON_HOLD),
    Transition("UndoAct", RESOLVED, NEW),
    Transition("UndoAct", RESOLVED, IN_PROGRESS),
    Transition("UndoAct", RESOLVED, ON_HOLD),
    Transition("UndoAct", IN_PROGRESS, RESOLVED),
    *(
        Transition("RecordImportedState", start, end, ADMINISTRATOR)
        for start in IncidentState
        for end in IncidentState
        if start is not end
    ),
)


@cache
def roles_for(
    act: str, start: IncidentState | None, end: IncidentState, with_parent: bool = False
) -> frozenset[Role]:
    """Roles that may make this change; empty when nobody may."""
    return frozenset(
        role
        for transition in TRANSITIONS
        if (transition.act, transition.start, transition.end) == (act, start, end)
        and (with_parent or not transition.with_parent)
        for role in transition.roles
    )
