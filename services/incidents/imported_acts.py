"""The commands of an import: what another system did by ways our rules do not know."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.incidents.incident import IncidentState, OnHoldReason


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordImportedState:
    """Record a state another system reached by a way our rules do not know.

    Only an administrator's import may; the history marks it.
    """

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    state: IncidentState
    on_hold_reason: OnHoldReason | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordImportedAssignment:
    """Record the team and person another system had given the incident to.

    What was handed over is not known, so this is no escalation. ``is_first`` says that it is
    where the incident began, not a move.
    """

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    team_id: UUID
    assignee_id: UUID | None = None
    is_first: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectImportedRecord:
    """Make an imported record say what the other system last said, closed or not.

    Its times of resolving and closing need not be those of the acts it recorded, and may be
    unknown. Only an administrator's import may; the history marks it.
    """

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    resolved_at: datetime | None
    closed_at: datetime | None
    category_id: UUID | None
    subcategory_id: UUID | None
    remark: str = ""
