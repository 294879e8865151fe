"""The word a person reads for each value of an incident."""

from enum import Enum

from services.incidents.incident import (
    CancelReason,
    Channel,
    ConfirmationMethod,
    IncidentState,
    OnHoldReason,
    ResolutionCode,
)
from services.incidents.priority import Impact, Priority, Severity, Urgency

_WORDS: dict[tuple[type[Enum], object], str] = {
    (type(member), member.value): text
    for member, text in (
        (OnHoldReason.CALLER, "Caller"),
        (OnHoldReason.CHANGE, "Change"),
        (OnHoldReason.PROBLEM, "Problem"),
        (OnHoldReason.SUPPLIER, "Supplier"),
        (OnHoldReason.EVIDENCE, "Evidence"),
        (OnHoldReason.SCHEDULED, "Scheduled window"),
        (Channel.PHONE, "Phone"),
        (Channel.WALK_UP, "Walk-up"),
        (Channel.EMAIL, "Email"),
        (Channel.CHAT, "Chat"),
        (Channel.PORTAL, "Portal"),
        (Channel.MONITORING, "Monitoring"),
        (ResolutionCode.FIXED, "Fixed"),
        (ResolutionCode.WORKAROUND, "Workaround"),
        (ResolutionCode.ADVICE, "Advice given"),
        (ResolutionCode.HARDWARE, "Hardware replaced"),
        (ResolutionCode.SOFTWARE_UPDATE, "Software updated"),
        (ResolutionCode.SUPPLIER, "Resolved by the supplier"),
        (ResolutionCode.WENT_AWAY, "Went away by itself"),
        (ResolutionCode.NOT_RECORDED, "Not recorded"),
        (ConfirmationMethod.PHONE, "Phone"),
        (ConfirmationMethod.EMAIL, "Email"),
        (ConfirmationMethod.CHAT, "Chat"),
        (ConfirmationMethod.IN_PERSON, "In person"),
        (ConfirmationMethod.NO_ANSWER, "No answer"),
        (ConfirmationMethod.NOT_RECORDED, "Not recorded"),
        (CancelReason.DUPLICATE, "Duplicate"),
        (CancelReason.NOT_AN_INCIDENT, "Not an incident"),
        (CancelReason.RAISED_IN_ERROR, "Raised in error"),
        (IncidentState.NEW, "New"),
        (IncidentState.IN_PROGRESS, "In progress"),
        (IncidentState.ON_HOLD, "On hold"),
        (IncidentState.RESOLVED, "Resolved"),
        (IncidentState.CLOSED, "Closed"),
        (IncidentState.CANCELLED, "Cancelled"),
        (Impact.ORGANISATION, "Organisation"),
        (Impact.TEAM, "Team"),
        (Impact.ONE_PERSON, "One person"),
        (Urgency.HIGH, "High"),
        (Urgency.MEDIUM, "Medium"),
        (Urgency.LOW, "Low"),
        (Severity.SEV1, "SEV 1"),
        (Severity.SEV2, "SEV 2"),
        (Severity.SEV3, "SEV 3"),
        *((priority, priority.name) for priority in Priority),
    )
}


def word_of(value: Enum) -> str:
    """What a person reads for this value; what a newer program wrote is read as it is."""
    return _WORDS.get((type(value), value.value), str(value.value))
