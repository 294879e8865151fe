"""The one table of an escalation's states. Rules, guards and tests read it."""

from dataclasses import dataclass

from services.incidents.incident import EscalationState
from services.people.person import AGENTS, Role

S = EscalationState
SERVICE_DESK = frozenset({Role.SERVICE_DESK})
ANSWERING = AGENTS | {Role.MANAGER, Role.ADMINISTRATOR}
"""Managers answer themselves; an agent may write down what a manager said."""


@dataclass(frozen=True)
class EscalationTransition:
    """An act that may take an escalation from one state to another, and who may do it."""

    act: str
    start: EscalationState | None
    end: EscalationState
    roles: frozenset[Role] = AGENTS


T = EscalationTransition
ESCALATION_TRANSITIONS: tuple[EscalationTransition, ...] = (
    T("EscalateToTeam", None, S.OFFERED),
    T("EscalateToTeam", S.OFFERED, S.PASSED_ON),
    T("EscalateToTeam", S.ACCEPTED, S.PASSED_ON),
    T("AcceptEscalation", S.OFFERED, S.ACCEPTED),
    T("RejectEscalation", S.OFFERED, S.REJECTED),
    T("RejectEscalation", S.PASSED_ON, S.ACCEPTED),
    T("RejectEscalation", S.PASSED_ON, S.OFFERED),
    T("HandBackEscalation", S.ACCEPTED, S.HANDED_BACK),
    T("RecallEscalation", S.OFFERED, S.RECALLED, SERVICE_DESK),
    T("RecallEscalation", S.ACCEPTED, S.RECALLED, SERVICE_DESK),
    T("CancelIncident", S.OFFERED, S.RECALLED),
    T("CancelIncident", S.ACCEPTED, S.RECALLED),
    T("ResolveIncident", S.OFFERED, S.HANDED_BACK),
    T("ResolveIncident", S.ACCEPTED, S.HANDED_BACK),
    T("EscalateUp", None, S.TOLD),
    T("AnswerEscalation", S.TOLD, S.ANSWERED, ANSWERING),
    T("WithdrawEscalation", S.TOLD, S.RECALLED),
    T("UndoAct", S.OFFERED, S.RECALLED),
    T("UndoAct", S.TOLD, S.RECALLED),
    T("UndoAct", S.ACCEPTED, S.OFFERED),
    T("UndoAct", S.ACCEPTED, S.PASSED_ON),
    T("UndoAct", S.PASSED_ON, S.ACCEPTED),
    T("UndoAct", S.PASSED_ON, S.OFFERED),
    T("UndoAct", S.REJECTED, S.OFFERED),
    T("UndoAct", S.HANDED_BACK, S.ACCEPTED),
    T("UndoAct", S.HANDED_BACK, S.OFFERED),
    T("UndoAct", S.RECALLED, S.OFFERED),
    T("UndoAct", S.RECALLED, S.ACCEPTED),
    T("UndoAct", S.RECALLED, S.TOLD),
    T("UndoAct", S.ANSWERED, S.TOLD),
)
