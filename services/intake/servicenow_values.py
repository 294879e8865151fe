"""What the values of the event log mean here."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from services.incidents.incident import Channel, IncidentState, OnHoldReason
from services.incidents.priority import Impact, Priority, Urgency
from services.intake.errors import ValueUnknown
from services.intake.servicenow_log import LogEvent

V = TypeVar("V")

NOT_RECORDED = "Not recorded"
"""The word for what the log does not know."""

Standing = tuple[IncidentState, OnHoldReason | None]

STATES: dict[str, Standing] = {
    "New": (IncidentState.NEW, None),
    "Active": (IncidentState.IN_PROGRESS, None),
    "Awaiting User Info": (IncidentState.ON_HOLD, OnHoldReason.CALLER),
    "Awaiting Problem": (IncidentState.ON_HOLD, OnHoldReason.PROBLEM),
    "Awaiting Vendor": (IncidentState.ON_HOLD, OnHoldReason.SUPPLIER),
    "Awaiting Evidence": (IncidentState.ON_HOLD, OnHoldReason.EVIDENCE),
    "Resolved": (IncidentState.RESOLVED, None),
    "Closed": (IncidentState.CLOSED, None),
}
CHANNELS = {
    "Phone": Channel.PHONE,
    "Email": Channel.EMAIL,
    "IVR": Channel.PHONE,
    "Direct opening": Channel.WALK_UP,
    "Self service": Channel.PORTAL,
}
"""Ways of contact that the publishers of the log name; the log itself has two of them."""

IMPACTS = {"1 - High": Impact.ORGANISATION, "2 - Medium": Impact.TEAM, "3 - Low": Impact.ONE_PERSON}
URGENCIES = {"1 - High": Urgency.HIGH, "2 - Medium": Urgency.MEDIUM, "3 - Low": Urgency.LOW}
PRIORITIES = {
    "1 - Critical": Priority.P1,
    "2 - High": Priority.P2,
    "3 - Moderate": Priority.P3,
    "4 - Low": Priority.P4,
    "5 - Planning": Priority.P5,
}
Rank = tuple[Impact | None, Urgency | None, Priority | None]

_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})")


def moment(event: LogEvent, column: str) -> datetime | None:
    """A time of the log, None where unknown. The log names no zone; its times are kept as UTC.

    Raises:
        ValueUnknown: it is no time.
    """
    text = event.text(column)
    if not text:
        return None
    found = _moment(text)
    if found is None:
        raise ValueUnknown(column=column, value=text[:60])
    return found


@lru_cache(maxsize=100_000)
def _moment(text: str) -> datetime | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    day, month, year, hour, minute = map(int, match.groups())
    try:
        return datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return None


def meant(event: LogEvent, column: str, meanings: dict[str, V]) -> V:
    """What a value stands for.

    Raises:
        ValueUnknown: no meaning is known.
    """
    value = event.raw(column)
    if value not in meanings:
        raise ValueUnknown(column=column, value=value[:60])
    return meanings[value]


def rank(event: LogEvent) -> Rank:
    """Impact, urgency and priority, each None where unknown."""
    return (
        meant(event, "impact", IMPACTS) if event.text("impact") else None,
        meant(event, "urgency", URGENCIES) if event.text("urgency") else None,
        meant(event, "priority", PRIORITIES) if event.text("priority") else None,
    )


def acted_at(event: LogEvent) -> datetime:
    """When the event happened.

    Raises:
        ValueUnknown: the log does not say.
    """
    found = moment(event, "sys_updated_at")
    if found is None:
        raise ValueUnknown(column="sys_updated_at", value=event.raw("sys_updated_at"))
    return found


def acted_for(event: LogEvent) -> str:
    """The person of the other system who acted."""
    return event.text("sys_updated_by") or NOT_RECORDED


def ensure_understood(event: LogEvent) -> None:
    """Let an event pass whose values all have a meaning; its state is judged on its own.

    Raises:
        ValueUnknown: one has none.
    """
    if not event.text("number"):
        raise ValueUnknown(column="number", value=event.raw("number"))
    acted_at(event)
    for column in ("opened_at", "sys_created_at", "resolved_at", "closed_at"):
        moment(event, column)
    meant(event, "contact_type", CHANNELS)
    rank(event)
