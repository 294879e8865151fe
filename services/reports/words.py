"""Times, durations and choices in the words of the printed report."""

from datetime import datetime, timedelta, tzinfo
from enum import Enum
from typing import Final

from services.incidents.incident import (
    CancelReason,
    ConfirmationMethod,
    EscalationState,
    OnHoldReason,
    ResolutionCode,
)
from services.incidents.words import word_of
from services.people.person import Tier

NOT_RECORDED: Final = "not recorded"
NOT_YET: Final = "not yet"
NOT_SET: Final = "not set"
CONTRADICTORY: Final = "times contradict"
CONFIDENTIAL: Final = "Confidential"
DRILL: Final = "Drill"

# What paper says in another form than the screens, or the screens do not name.
# Pairs, not a dictionary: the whole numbers of two enumerations are equal.
_WORDS: Final[tuple[tuple[Enum, str], ...]] = (
    (OnHoldReason.CALLER, "waiting for the caller"),
    (OnHoldReason.CHANGE, "waiting for a change"),
    (OnHoldReason.PROBLEM, "waiting for a problem"),
    (OnHoldReason.SUPPLIER, "waiting for a supplier"),
    (OnHoldReason.EVIDENCE, "waiting for evidence"),
    (OnHoldReason.SCHEDULED, "scheduled"),
    (ResolutionCode.NOT_RECORDED, NOT_RECORDED),
    (CancelReason.DUPLICATE, "duplicate"),
    (CancelReason.NOT_AN_INCIDENT, "not an incident"),
    (CancelReason.RAISED_IN_ERROR, "raised in error"),
    (ConfirmationMethod.PHONE, "by phone"),
    (ConfirmationMethod.EMAIL, "by email"),
    (ConfirmationMethod.CHAT, "by chat"),
    (ConfirmationMethod.IN_PERSON, "in person"),
    (ConfirmationMethod.NO_ANSWER, "no answer from the caller"),
    (ConfirmationMethod.NOT_RECORDED, NOT_RECORDED),
    (EscalationState.OFFERED, "Offered"),
    (EscalationState.ACCEPTED, "Accepted"),
    (EscalationState.REJECTED, "Rejected"),
    (EscalationState.PASSED_ON, "Passed on"),
    (EscalationState.HANDED_BACK, "Handed back"),
    (EscalationState.RECALLED, "Recalled"),
    (EscalationState.TOLD, "Told"),
    (EscalationState.ANSWERED, "Answered"),
    (Tier.SERVICE_DESK, "Tier 1"),
    (Tier.SECOND, "Tier 2"),
    (Tier.THIRD, "Tier 3"),
    (Tier.SUPPLIER, "Supplier"),
)
_BY_KIND: Final = {(type(value), value.name): words for value, words in _WORDS}


def word(value: Enum | None) -> str:
    """The word for a choice; a choice never made is not recorded."""
    if value is None:
        return NOT_RECORDED
    return _BY_KIND.get((type(value), value.name)) or word_of(value)


def recorded(words: str) -> str:
    """The words, or that there are none."""
    return words or NOT_RECORDED


def moment(at: datetime | None, zone: tzinfo) -> str:
    """Day and minute in the zone of the report: ``3 Mar 2026 09:14``."""
    if at is None:
        return NOT_RECORDED
    local = at.astimezone(zone)
    return f"{day(local)} {local:%H:%M}"


def day(local: datetime) -> str:
    """A day without the language of the machine: ``3 Mar 2026``."""
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


_MONTHS: Final = [
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]


def duration(time: timedelta) -> str:
    """Minutes below an hour, hours and minutes below a day, else days and hours."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 0:
        return CONTRADICTORY
    if minutes < 1:
        return "under 1 min"
    hours, minutes = divmod(minutes, 60)
    if hours < 1:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes:02d} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h"


def counted(count: int, one: str, many: str) -> str:
    """``1 note``, ``2 notes``."""
    return f"{count:,} {one if count == 1 else many}"


def zone_name(at: datetime, zone: tzinfo) -> str:
    """Name of the zone and its distance from UTC at that moment."""
    local = at.astimezone(zone)
    offset = f"{local:%z}"
    return f"{zone} (UTC{offset[:3]}:{offset[3:5]})".replace("-", "−")
