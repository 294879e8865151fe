"""Acts to draw from: whatever a person at a desk might try, sensible or not."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from builders import (
    ACCESS,
    DANA,
    MAYA,
    MONA,
    NETWORK,
    NETWORKING,
    START,
    THEO,
    VENDOR,
    VERA,
    Desk,
    close_command,
    escalate_command,
    hold_command,
    note_command,
    resolve_command,
)

from services.core.ids import new_id
from services.incidents import acts
from services.incidents.incident import (
    CancelReason,
    Escalation,
    EscalationState,
    HistoryEntry,
    NoteKind,
    OnHoldReason,
)
from services.incidents.priority import Impact, Severity, Urgency

WHO = (DANA, THEO, MAYA, VERA)
Choose = Callable[[Desk, UUID, int], object]


def _undo(desk: Desk, id_: UUID, n: int) -> object:
    """The latest act but ``n % 3`` on the incident."""
    entries = sorted(desk.find(HistoryEntry, incident_id=id_), key=lambda e: e.happened_at)
    ids = [entry.command_id for entry in entries] or [new_id(desk.clock.now())]
    return acts.UndoAct(incident_id=id_, undone_command_id=ids[max(0, len(ids) - 1 - n % 3)])


def _told(desk: Desk, id_: UUID) -> UUID:
    found = desk.find(Escalation, incident_id=id_, state=EscalationState.TOLD)
    return found[0].id if found else new_id(desk.clock.now())


def _describe(desk: Desk, id_: UUID, n: int) -> object:
    seen = desk.incident(id_)
    return acts.DescribeIncident(
        incident_id=id_,
        summary=f"Summary {n}",
        description=f"Words {n}" if n % 2 else seen.description,
        seen_summary=seen.summary,
        seen_description=seen.description,
    )


def _prioritise(desk: Desk, id_: UUID, n: int) -> object:
    seen = desk.incident(id_)
    return acts.PrioritiseIncident(
        incident_id=id_,
        impact=Impact(n % 3 + 1),
        urgency=Urgency(n // 3 % 3 + 1),
        seen_impact=seen.impact,
        seen_urgency=seen.urgency,
        seen_priority=seen.priority,
    )


def _assign(desk: Desk, id_: UUID, n: int) -> object:
    seen = desk.incident(id_)
    return acts.AssignIncident(
        incident_id=id_,
        assignee_id=(*WHO, None)[n % 5],
        seen_team_id=seen.team_id,
        seen_assignee_id=seen.assignee_id,
    )


def _categorise(desk: Desk, id_: UUID, n: int) -> object:
    seen = desk.incident(id_)
    return acts.CategoriseIncident(
        incident_id=id_,
        category_id=(ACCESS, NETWORKING)[n % 2],
        subcategory_id=None,
        seen_category_id=seen.category_id,
        seen_subcategory_id=seen.subcategory_id,
    )


def _parent(desk: Desk, id_: UUID, n: int) -> object:
    from services.incidents.incident import Incident

    others = [i.id for i in desk.find(Incident) if i.id != id_]
    return acts.LinkToParent(
        incident_id=id_,
        parent_id=(*others, None)[n % (len(others) + 1)],
        seen_parent_id=desk.incident(id_).parent_id,
    )


def _close(desk: Desk, id_: UUID, n: int) -> object:
    return close_command(id_, desk.clock.now())


REVERSIBLE: dict[str, Choose] = {
    "describe": _describe,
    "prioritise": _prioritise,
    "assign": _assign,
    "categorise": _categorise,
    "parent": _parent,
    "start": lambda d, i, n: acts.StartIncident(incident_id=i),
    "hold": lambda d, i, n: hold_command(i, list(OnHoldReason)[n % 6]),
    "resume": lambda d, i, n: acts.ResumeIncident(incident_id=i),
    "resolve": lambda d, i, n: resolve_command(i),
    "reopen": lambda d, i, n: acts.ReopenIncident(incident_id=i, reason=f"Again {n}"),
    "severity": lambda d, i, n: acts.ChangeSeverity(
        incident_id=i,
        severity=list(Severity)[n % 3],
        reason="r",
        seen_severity=d.incident(i).severity,
    ),
    "restrict": lambda d, i, n: acts.RestrictIncident(
        incident_id=i,
        is_confidential=bool(n % 2),
        reason="r",
        seen_is_confidential=d.incident(i).is_confidential,
    ),
    "escalate": lambda d, i, n: escalate_command(d, i, (NETWORK, VENDOR)[n % 2]),
    "accept": lambda d, i, n: acts.AcceptEscalation(incident_id=i),
    "reject": lambda d, i, n: acts.RejectEscalation(incident_id=i, reason="No"),
    "hand back": lambda d, i, n: acts.HandBackEscalation(incident_id=i, remark="Done"),
    "recall": lambda d, i, n: acts.RecallEscalation(incident_id=i, reason="Mine"),
    "escalate up": lambda d, i, n: acts.EscalateUp(
        incident_id=i,
        escalation_id=new_id(d.clock.now()),
        to_person_id=MONA,
        reason="Cost",
        need="A decision",
        needed_by=START + timedelta(hours=n),
    ),
    "answer": lambda d, i, n: acts.AnswerEscalation(
        incident_id=i, escalation_id=_told(d, i), answer="Yes"
    ),
    "withdraw": lambda d, i, n: acts.WithdrawEscalation(
        incident_id=i, escalation_id=_told(d, i), reason="Solved"
    ),
}
LASTING: dict[str, Choose] = {
    "close": _close,
    "cancel": lambda d, i, n: acts.CancelIncident(
        incident_id=i, reason=CancelReason.RAISED_IN_ERROR
    ),
    "note": lambda d, i, n: note_command(i, list(NoteKind)[n % 5], f"note {n}"),
    "undo": _undo,
}
ACTS = {**REVERSIBLE, **LASTING}
