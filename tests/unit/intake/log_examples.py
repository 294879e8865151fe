"""Event logs for tests, written as the real one is."""

from pathlib import Path

from services.intake.servicenow_log import COLUMNS, EventLog, LogEvent, LoggedIncident

DEFAULTS = {
    "number": "INC0000045",
    "incident_state": "New",
    "active": "true",
    "reassignment_count": "0",
    "reopen_count": "0",
    "sys_mod_count": "0",
    "made_sla": "true",
    "caller_id": "Caller 2403",
    "opened_by": "Opened by  8",
    "opened_at": "29/2/2016 01:16",
    "sys_created_by": "Created by 6",
    "sys_created_at": "29/2/2016 01:23",
    "sys_updated_by": "Updated by 21",
    "sys_updated_at": "29/2/2016 01:23",
    "contact_type": "Phone",
    "location": "Location 143",
    "category": "Category 55",
    "subcategory": "Subcategory 170",
    "u_symptom": "Symptom 72",
    "cmdb_ci": "?",
    "impact": "2 - Medium",
    "urgency": "2 - Medium",
    "priority": "3 - Moderate",
    "assignment_group": "Group 56",
    "assigned_to": "?",
    "knowledge": "true",
    "u_priority_confirmation": "false",
    "notify": "Do Not Notify",
    "problem_id": "?",
    "rfc": "?",
    "vendor": "?",
    "caused_by": "?",
    "closed_code": "code 5",
    "resolved_by": "Resolved by 149",
    "resolved_at": "29/2/2016 11:29",
    "closed_at": "5/3/2016 12:00",
}
assert tuple(DEFAULTS) == COLUMNS

NEW = {"resolved_at": "?", "closed_at": "?"}
RESOLVED = {"incident_state": "Resolved", "sys_updated_at": "29/2/2016 11:29"}
CLOSED = {"incident_state": "Closed", "sys_updated_at": "5/3/2016 12:00"}


def values(**changes: str) -> tuple[str, ...]:
    """One row; what is not given is as in the first row of the real log."""
    assert set(changes) <= set(COLUMNS), changes
    return tuple({**DEFAULTS, **changes}.values())


def incident(*rows: dict[str, str], number: str = "INC0000045", line: int = 2) -> LoggedIncident:
    """One incident; each row keeps what it does not change from the row before."""
    events, now = [], {"number": number}
    for index, changes in enumerate(rows):
        now = {**now, **changes}
        events.append(LogEvent(line + index, values(**now)))
    return LoggedIncident(number, tuple(events))


def log(*incidents: LoggedIncident, sha256: str = "a" * 64) -> EventLog:
    """A log as it is read."""
    return EventLog(sha256, incidents)


def csv_text(*rows: tuple[str, ...], header: tuple[str, ...] = COLUMNS) -> str:
    """The text of a log file."""
    return "".join(",".join(row) + "\n" for row in (header, *rows))


def write_log(path: Path, *rows: tuple[str, ...]) -> Path:
    """A log file with these rows, or with the first incident of the real log."""
    life = rows or (values(), values(**RESOLVED), values(**CLOSED))
    path.write_text(csv_text(*life), encoding="utf-8")
    return path
