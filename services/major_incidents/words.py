"""The word a person reads for each value of a major incident and its response."""

from collections.abc import Sequence
from datetime import timedelta
from enum import Enum

from services.incidents.priority import Severity
from services.major_incidents.entries import DocumentSection, EntryKind, Verdict
from services.major_incidents.major import (
    ChannelKind,
    MajorState,
    Proposal,
    ResponsePhase,
    ResponseRole,
    RoleHolding,
)

_WORDS: dict[tuple[type[Enum], object], str] = {
    (type(member), member.value): text
    for member, text in (
        (MajorState.PROPOSED, "Proposed"),
        (MajorState.ACCEPTED, "Accepted"),
        (MajorState.REJECTED, "Rejected"),
        (MajorState.DEMOTED, "Demoted"),
        (MajorState.RESOLVED, "Resolved"),
        (MajorState.REVIEWED, "Reviewed"),
        (Proposal.BY_HAND, "By hand"),
        (Proposal.SEVERITY, "Severity 1 or 2"),
        (Proposal.PRIORITY, "Priority 1"),
        (Proposal.CRITICALITY, "Vital service"),
        (Proposal.CALLERS, "Many callers"),
        (ResponsePhase.INVESTIGATING, "Investigating"),
        (ResponsePhase.IDENTIFIED, "Identified"),
        (ResponsePhase.MONITORING, "Monitoring"),
        (ResponsePhase.RESOLVED, "Resolved"),
        (ResponseRole.INCIDENT_MANAGER, "Incident manager"),
        (ResponseRole.TECH_LEAD, "Tech lead"),
        (ResponseRole.COMMUNICATIONS_MANAGER, "Communications manager"),
        (ResponseRole.INTERNAL_COMMUNICATIONS, "Internal communications"),
        (ResponseRole.EXTERNAL_COMMUNICATIONS, "External communications"),
        (ResponseRole.DEPUTY, "Deputy and scribe"),
        (ResponseRole.SUPPORT_LEAD, "Customer support lead"),
        (ResponseRole.SOCIAL_MEDIA_LEAD, "Social media lead"),
        (ResponseRole.ROOT_CAUSE_ANALYST, "Root cause analyst"),
        (ResponseRole.OWN, "Own role"),
        (ChannelKind.CHAT, "Chat room"),
        (ChannelKind.BRIDGE, "Bridge"),
        (ChannelKind.DOCUMENT, "Document"),
        (EntryKind.OBSERVATION, "Observation"),
        (EntryKind.THEORY, "Theory"),
        (EntryKind.EXPERIMENT, "Experiment"),
        (EntryKind.DECISION, "Decision"),
        (EntryKind.CHANGE, "Change"),
        (EntryKind.ACTION, "Action"),
        (EntryKind.COMMUNICATION, "Communication"),
        (Verdict.OPEN, "Open"),
        (Verdict.TESTING, "Testing"),
        (Verdict.RUNNING, "Running"),
        (Verdict.CONFIRMED, "Confirmed"),
        (Verdict.RULED_OUT, "Ruled out"),
        (Verdict.DISPROVED, "Disproved"),
        (DocumentSection.SUMMARY, "Summary"),
        (DocumentSection.IMPACT, "What is the impact?"),
        (DocumentSection.CUSTOMERS_SEE, "What do customers see?"),
        (DocumentSection.HOW_MANY, "How many are affected?"),
        (DocumentSection.SINCE_WHEN, "Since when?"),
        (DocumentSection.SUPPORT_CASES, "How many support cases are there?"),
        (DocumentSection.OTHER_FACTORS, "Are there other factors?"),
        (DocumentSection.LINKS, "Links"),
        (DocumentSection.NOTES, "Notes"),
        (Severity.SEV1, "SEV 1"),
        (Severity.SEV2, "SEV 2"),
        (Severity.SEV3, "SEV 3"),
    )
}

DUTIES: dict[ResponseRole, tuple[str, ...]] = {
    ResponseRole.INCIDENT_MANAGER: (
        "Has the last word, and may page anyone.",
        "Gives out the roles and says when a decision is made.",
        "Sees to it that the next word is due and is sent.",
        "Asks: who does what, what do we know, what do we try, who has to be told?",
    ),
    ResponseRole.TECH_LEAD: (
        "Forms theories of what is broken and has them tested.",
        "Decides which change is made, and knows how each is taken back.",
        "Tells the incident manager what was found.",
    ),
    ResponseRole.COMMUNICATIONS_MANAGER: (
        "Writes and sends the updates inside and outside.",
        "Says what is unknown, and when the next word comes.",
    ),
    ResponseRole.INTERNAL_COMMUNICATIONS: ("Writes and sends the updates to staff.",),
    ResponseRole.EXTERNAL_COMMUNICATIONS: ("Writes and sends the updates to customers.",),
    ResponseRole.DEPUTY: (
        "Keeps the timeline as things happen.",
        "Checks what the incident manager decides, and stands in.",
    ),
    ResponseRole.SUPPORT_LEAD: (
        "Sees to it that every case of customer support is counted in.",
        "Tells support what may be said, and the response what customers report.",
    ),
    ResponseRole.SOCIAL_MEDIA_LEAD: (
        "Reads what is said in public, and answers there by the updates outside.",
    ),
    ResponseRole.ROOT_CAUSE_ANALYST: (
        "Keeps what is needed to find the cause before it is overwritten.",
        "Finds the cause after the impact has ended.",
    ),
}
"""What is expected of whoever holds a role. An own role brings its own."""


def word_of(value: Enum) -> str:
    """What a person reads for this value; what a newer program wrote is read as it is."""
    return _WORDS.get((type(value), value.value), str(value.value))


def role_words(holding: RoleHolding) -> str:
    """The name of the role that a holding is in; of an own role its title."""
    return holding.title or word_of(holding.role)


def duties_of(holding: RoleHolding) -> tuple[str, ...]:
    """What is expected of whoever holds it, point by point."""
    own = tuple(line.strip() for line in holding.duties.splitlines() if line.strip())
    return own or DUTIES.get(holding.role, ())


def span_words(span: timedelta) -> str:
    """``0 min``, ``47 min``, ``3 h 5 min``, ``2 d 4 h``; always rounded down."""
    minutes = int(span.total_seconds()) // 60
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = ((days, "d"), (hours, "h")) if days else ((hours, "h"), (minutes, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"


def key_of(number: int) -> str:
    """The key of an incident: ``INC-204``."""
    return f"INC-{number}"


def joined_words(parts: Sequence[str], by: str = ", ") -> str:
    """The parts that say something."""
    return by.join(part for part in parts if part)
