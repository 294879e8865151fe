"""What was typed into a command, as the draft of the form it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from uuid import UUID

from desktop.views.dialogs.choosing import NONE, UNKNOWN
from desktop.views.dialogs.escalate import LINE, TEAM
from services.core.drafts import Content
from services.incidents.acts import LogIncident, PrioritiseIncident

TEXT = {"reason": "text", "remark": "text"}


@dataclass(frozen=True, slots=True)
class FormOf:
    """The action that opens a form, the name of its draft, and its field for each argument.

    ``page`` is the part of the form that holds the fields; ``empty`` stands for no value.
    """

    action: str
    draft: str
    fields: Mapping[str, str]
    page: str = ""
    empty: str = ""


_CATEGORY = {"category_id": "category", "subcategory_id": "subcategory"}
_OWN = {name: name for name in ("reason", "remark", "reply", "follow_up_at")}

FORMS: dict[str, FormOf] = {
    "DescribeIncident": FormOf(
        "edit.summary", "summary", {"summary": "summary", "description": "description"}
    ),
    "ChangeCaller": FormOf("edit.caller", "caller", {"caller_id": "caller"}),
    "CategoriseIncident": FormOf("edit.category", "category", _CATEGORY),
    "ChangeService": FormOf(
        "edit.service",
        "service",
        {"service_id": "service", "affected_product_ids": "products"},
        empty=UNKNOWN,
    ),
    "PrioritiseIncident": FormOf(
        "edit.priority", "priority", {"override": "priority", "override_reason": "reason"}
    ),
    "ChangeSeverity": FormOf(
        "edit.severity", "severity", {"severity": "severity", "reason": "reason"}, empty=NONE
    ),
    "AssignIncident": FormOf("edit.assignee", "assignee", {"assignee_id": "person"}, empty=NONE),
    "LinkToParent": FormOf("incident.link", "link", {}),
    "HoldIncident": FormOf("incident.hold", "hold", _OWN),
    "ResolveIncident": FormOf(
        "incident.resolve",
        "resolve",
        {"code": "code", "resolution": "resolution", "service_id": "service", **_CATEGORY},
    ),
    "ReopenIncident": FormOf("incident.reopen", "reopen", TEXT),
    "CloseIncident": FormOf(
        "incident.close",
        "close",
        {name: name for name in ("method", "confirmed_by", "confirmed_at", "remark")},
    ),
    "CancelIncident": FormOf("incident.cancel", "cancel", _OWN),
    "RejectEscalation": FormOf("incident.reject", "reject", TEXT),
    "HandBackEscalation": FormOf("incident.hand_back", "hand_back", TEXT),
    "RecallEscalation": FormOf("incident.recall", "recall", TEXT),
    "EscalateToTeam": FormOf(
        "incident.escalate",
        "escalate",
        {"to_team_id": "team", **{name: name for name in ("reason", "tried", "found", "need")}},
        page=TEAM,
    ),
    "EscalateUp": FormOf(
        "incident.escalate_up",
        "escalate",
        {"to_person_id": "person", **{name: name for name in ("reason", "need", "needed_by")}},
        page=LINE,
    ),
}
"""Forms that can take up a command again; what has none is given again as it was."""


REPORT = {
    **{name: name for name in ("summary", "description", "monitoring_source", "reported_at")},
    **{"caller_id": "caller", "service_id": "service", "affected_product_ids": "products"},
    **_CATEGORY,
}
"""Fields of the log page by argument of the command."""


def draft_of(command: object, form: FormOf) -> Content:
    """The content that shows a command in its form."""
    names = {field.name for field in fields(command)}  # type: ignore[arg-type]
    content: dict[str, object] = {
        field: _shown(getattr(command, name), form.empty)
        for name, field in form.fields.items()
        if name in names
    }
    if isinstance(command, PrioritiseIncident):
        content |= {
            "matrix": f"{command.impact.value},{command.urgency.value}",
            "override": command.override is not None,
        }
    return {"way": form.page, form.page: content} if form.page else content


def report_of(command: LogIncident) -> Content:
    """The fields of the log page that show a report again."""
    content: dict[str, object] = {
        field: _shown(getattr(command, name), "") for name, field in REPORT.items()
    }
    if command.impact is not None and command.urgency is not None:
        content["matrix"] = f"{command.impact.value},{command.urgency.value}"
    return content


def _shown(value: object, empty: str) -> object:
    if value is None:
        return empty
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple):
        return [str(item) for item in value]
    return str(value) if isinstance(value, UUID) else value
