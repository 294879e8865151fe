"""Whether imported incidents say what the last row of the log says."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from services.core.clock import to_microseconds
from services.core.records import Plain, Row
from services.intake.errors import ValueUnknown
from services.intake.import_report import Difference, ImportReport
from services.intake.names import Names
from services.intake.servicenow_log import EventLog, LogEvent
from services.intake.servicenow_story import incident_id_of
from services.intake.servicenow_values import STATES, moment, rank

COMPARED = (
    "id",
    "state",
    "on_hold_reason",
    "priority",
    "category_id",
    "subcategory_id",
    "team_id",
    "assignee_id",
    "resolved_at",
    "closed_at",
    "reopen_count",
    "reassignment_count",
)
"""Columns of the incident that verification reads."""


def verify(
    log: EventLog, names: Names, rows: Iterable[Mapping[str, Plain]], report: ImportReport
) -> None:
    """Put every value that differs from the log's last row into the report."""
    found = {str(row["id"]): row for row in rows}
    for logged in log.incidents:
        here = found.get(str(incident_id_of(logged.number)))
        if here is None:
            report.differences.append(Difference(logged.number, "incident", logged.number, None))
            continue
        for column, value in _wanted(logged.events[-1], names):
            if here[column] not in (value, _stand_in(column, value, names)):
                difference = Difference(logged.number, column, value, here[column])
                counts = column == "reassignment_count"
                listed = report.reassignment_differences if counts else report.differences
                listed.append(difference)


def _wanted(event: LogEvent, names: Names) -> Iterator[tuple[str, Plain]]:
    """Column and value, as rows hold them, of everything the last event lays down."""
    try:
        yield from _plain(event, names).items()
    except ValueUnknown:
        # The event itself is refused and listed; there is nothing to compare with.
        return


def _plain(event: LogEvent, names: Names) -> Row:
    category_id, subcategory_id = names.category(event)
    resolved_at, closed_at = moment(event, "resolved_at"), moment(event, "closed_at")
    priority = rank(event)[2]
    wanted: Row = {
        "priority": priority.value if priority else None,
        "category_id": _text(category_id),
        "subcategory_id": _text(subcategory_id),
        "team_id": str(names.team(event)),
        "assignee_id": _text(names.person(event.text("assigned_to"))),
        "resolved_at": to_microseconds(resolved_at) if resolved_at else None,
        "closed_at": to_microseconds(closed_at) if closed_at else None,
    }
    for column in ("reopen_count", "reassignment_count"):
        if event.text(column).isdecimal():
            wanted[column] = int(event.text(column))
    if standing := STATES.get(event.raw("incident_state")):
        wanted["state"] = standing[0].value
        wanted["on_hold_reason"] = standing[1].value if standing[1] else None
    return wanted


def _text(id_: UUID | None) -> Plain:
    return str(id_) if id_ else None


def _stand_in(column: str, value: Plain, names: Names) -> Plain:
    """What stands for an unknown category: one is needed to resolve."""
    if column == "category_id" and value is None:
        return str(names.category_not_recorded)
    return value
