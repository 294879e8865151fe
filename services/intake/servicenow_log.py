"""The ServiceNow event log: its columns, and its events in the order of the file."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from services.intake.errors import ColumnsUnknown, LogCutOff, LogEmpty, RowBroken
from services.intake.log_file import LogText, open_log

if TYPE_CHECKING:
    from _csv import Reader

CARRIED_TO = {
    "number": "external reference of the incident",
    "incident_state": "state, by the command that leads there",
    "active": "not carried: follows from the state",
    "reassignment_count": "counted again from the group changes; differences are listed",
    "reopen_count": "counted again from the reopenings; differences are listed",
    "sys_mod_count": "not carried: counts the other system's saves",
    "made_sla": "description, changes as remark or note",
    "caller_id": "caller",
    "opened_by": "for whom the logging is recorded",
    "opened_at": "reported at, created at",
    "sys_created_by": "description",
    "sys_created_at": "description",
    "sys_updated_by": "for whom each act is recorded",
    "sys_updated_at": "when each act happened",
    "contact_type": "channel",
    "location": "description, changes as remark or note",
    "category": "category",
    "subcategory": "subcategory",
    "u_symptom": "summary",
    "cmdb_ci": "affected product",
    "impact": "impact",
    "urgency": "urgency",
    "priority": "priority, by an edition of the matrix made from the log",
    "assignment_group": "team",
    "assigned_to": "assignee",
    "knowledge": "description, changes as remark or note",
    "u_priority_confirmation": "description, changes as remark or note",
    "notify": "description, changes as remark or note",
    "problem_id": "description, changes as remark or note",
    "rfc": "description, changes as remark or note",
    "vendor": "description, changes as remark or note",
    "caused_by": "description, changes as remark or note",
    "closed_code": "resolution text",
    "resolved_by": "resolution text",
    "resolved_at": "resolved at",
    "closed_at": "closed at",
}
"""Every column of the log, in its order, and where its value goes."""

COLUMNS = tuple(CARRIED_TO)
UNKNOWN = "?"
"""What the log writes where it does not know a value."""

_INDEX = {name: index for index, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class LogEvent:
    """One row of the log. ``row`` is its line in the file, where the header is line 1."""

    row: int
    values: tuple[str, ...]

    def raw(self, column: str) -> str:
        """A value as the log writes it."""
        return self.values[_INDEX[column]]

    def text(self, column: str) -> str:
        """A value, empty where it is unknown."""
        value = self.values[_INDEX[column]]
        return "" if value == UNKNOWN else value


@dataclass(frozen=True, slots=True)
class LoggedIncident:
    """Every event of one incident, in the order of the file."""

    number: str
    events: tuple[LogEvent, ...]


@dataclass(frozen=True, slots=True)
class EventLog:
    """A whole log, read and checked. ``sha256`` is the fingerprint of its text."""

    sha256: str
    incidents: tuple[LoggedIncident, ...]

    @property
    def event_count(self) -> int:
        """How many rows there are."""
        return sum(len(incident.events) for incident in self.incidents)

    def events(self) -> Iterator[LogEvent]:
        """Every event, incident by incident."""
        for incident in self.incidents:
            yield from incident.events


def read_log(path: Path) -> EventLog:
    """The log in a file, complete and with the columns it must have.

    Raises:
        AppError: the file is broken in one of the ways ``services.intake.errors`` names.
    """
    events: dict[str, list[LogEvent]] = {}
    with open_log(path) as text:
        for event in _events(text, path.name):
            events.setdefault(event.text("number"), []).append(event)
        sha256 = text.sha256
    if not events:
        raise LogEmpty(file=path.name)
    incidents = (LoggedIncident(number, tuple(found)) for number, found in events.items())
    return EventLog(sha256, tuple(incidents))


def _events(text: LogText, file: str) -> Iterator[LogEvent]:
    # Values repeat a lot: one copy of each keeps 120,000 events in some 60 MB.
    known: dict[str, str] = {}
    rows = csv.reader(text.lines(), strict=True)
    order = _order(_next_row(rows, file) or [], file)
    row: list[str] = []
    while (following := _next_row(rows, file)) is not None:
        if not following:  # an empty line
            continue
        row = following
        if len(row) != len(COLUMNS):
            raise _broken(text, rows.line_num, len(row), file)
        yield LogEvent(rows.line_num, tuple(known.setdefault(row[i], row[i]) for i in order))
    if row and not text.ends_with_line_end and not _LAST_VALUE.fullmatch(row[-1]):
        raise LogCutOff(file=file, row=rows.line_num)


_LAST_VALUE = re.compile(r"\?|\d{1,2}/\d{1,2}/\d{4} \d{2}:\d{2}|\D.*")
"""What a whole value looks like where the file ends without a line end: no piece of a date."""


def _next_row(rows: "Reader", file: str) -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        raise RowBroken(file=file, row=rows.line_num, problem=str(error)) from error


def _order(header: list[str], file: str) -> tuple[int, ...]:
    if not header:
        raise LogEmpty(file=file)
    missing = [name for name in COLUMNS if name not in header]
    other = [name for name in header if name not in _INDEX]
    if missing or len(header) != len(COLUMNS):
        raise ColumnsUnknown(
            file=file,
            missing=", ".join(missing[:5]) or "none",
            other=", ".join(name[:40] for name in other[:5]) or "none",
            count=len(header),
        )
    return tuple(header.index(name) for name in COLUMNS)


def _broken(text: LogText, row: int, found: int, file: str) -> RowBroken | LogCutOff:
    if text.is_finished and not text.ends_with_line_end:
        return LogCutOff(file=file, row=row)
    problem = f"{found} values instead of {len(COLUMNS)}"
    return RowBroken(file=file, row=row, problem=problem)
