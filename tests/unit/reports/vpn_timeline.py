"""What happened to an incident of a day and a half, entry by entry."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.incidents.read_models import (
    FieldChange,
    TimelineEntry,
    TimelineKind,
)

START = datetime(2026, 3, 3, 7, 52, tzinfo=UTC)
NOBODY = UUID(int=0)
DESK, NETWORK, VENDOR = "Service Desk", "Network Operations", "Identity Platform"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def entry(
    minutes: float,
    actor: str,
    sentence: str,
    text: str = "",
    *,
    kind: TimelineKind = TimelineKind.NOTE,
    changes: tuple[FieldChange, ...] = (),
    recorded_after: float | None = 0,
    is_internal: bool = False,
    on_behalf_of: str = "",
) -> TimelineEntry:
    return TimelineEntry(
        id=UUID(int=int(minutes * 60) + 1),
        kind=kind,
        actor_id=NOBODY,
        actor=actor,
        on_behalf_of=on_behalf_of,
        sentence=sentence,
        text=text,
        changes=changes,
        happened_at=at(minutes),
        recorded_at=None if recorded_after is None else at(minutes + recorded_after),
        is_internal=is_internal,
    )


TIMELINE = (
    entry(4, "Maya Lindqvist", "logged the incident", kind=TimelineKind.LOGGED),
    entry(
        6,
        "Maya Lindqvist",
        "set impact, urgency and severity",
        kind=TimelineKind.CHANGE,
        changes=(
            FieldChange("Impact", "One person", "Team"),
            FieldChange("Urgency", "", "High"),
            FieldChange("Severity", "", "SEV2"),
        ),
    ),
    entry(9, "Maya Lindqvist", "took it up", kind=TimelineKind.STATE),
    entry(
        12,
        "Maya Lindqvist",
        "called Priya Raman",
        "Client 5.4 on Windows 11. Same on the phone’s hotspot, so not the home network.",
        kind=TimelineKind.CALL,
    ),
    entry(
        19,
        "Maya Lindqvist",
        "wrote an internal note",
        "Four more calls from Finance on the queue. All changed the password last night.",
        is_internal=True,
    ),
    entry(
        22,
        "Maya Lindqvist",
        "changed category",
        kind=TimelineKind.CHANGE,
        changes=(FieldChange("Category", "Hardware › Laptop", "Network › VPN › Sign-in"),),
    ),
    entry(
        27,
        "Maya Lindqvist",
        "replied to the caller",
        "We can see that it is not your laptop. The network team looks at the sign-in servers "
        "now; you hear from us by 11:00 at the latest.",
        kind=TimelineKind.REPLY,
    ),
    entry(
        31,
        "Maya Lindqvist",
        "offered it to Network Operations (Tier 2)",
        kind=TimelineKind.ESCALATION,
    ),
    entry(44, "Tomasz Łuczak", "accepted it", kind=TimelineKind.ESCALATION),
    entry(
        58,
        "Tomasz Łuczak",
        "wrote an internal note",
        "radius-01 ok\nradius-02 reject, hash older than pwdLastSet\n"
        "    last sync  2026-03-02T22:10:41Z\n    queue      1,284 waiting",
        is_internal=True,
    ),
    entry(
        63,
        "Priya Raman",
        "replied",
        "Still the same. The closing is due at four, is there another way in?",
        kind=TimelineKind.CALLER_REPLY,
    ),
    entry(
        71,
        "Maya Lindqvist",
        "replied to the caller",
        "You can use the browser access at portal.northwind.example for the closing; the "
        "spreadsheet share is reachable there.",
        kind=TimelineKind.REPLY,
        recorded_after=26,
    ),
    entry(
        102,
        "Tomasz Łuczak",
        "offered it to Identity Platform (Tier 3)",
        kind=TimelineKind.ESCALATION,
    ),
    entry(
        117,
        "Ines Ferreira",
        "rejected it",
        "Please add which proxy and since when; we see radius-01 healthy.",
        kind=TimelineKind.ESCALATION,
    ),
    entry(
        148,
        "Tomasz Łuczak",
        "offered it to Identity Platform (Tier 3) again",
        kind=TimelineKind.ESCALATION,
    ),
    entry(155, "Ines Ferreira", "accepted it", kind=TimelineKind.ESCALATION),
    entry(
        168,
        "Ines Ferreira",
        "wrote an internal note",
        "The replication job was stopped by the patch run and has no alarm of its own.",
        is_internal=True,
    ),
    entry(
        180,
        "Maya Lindqvist",
        "told Helena Brandt and asked for a decision by 12:22",
        kind=TimelineKind.ESCALATION,
    ),
    entry(
        197,
        "Helena Brandt",
        "answered",
        "Go ahead at 12:30, tell the departments ten minutes before.",
        kind=TimelineKind.ESCALATION,
    ),
    entry(
        201,
        "Ines Ferreira",
        "put it on hold until 12:30",
        "Waiting for the agreed minute.",
        kind=TimelineKind.STATE,
        changes=(FieldChange("State", "In progress", "On hold, scheduled"),),
    ),
    entry(
        218,
        "Ines Ferreira",
        "resumed it",
        kind=TimelineKind.STATE,
        changes=(FieldChange("State", "On hold, scheduled", "In progress"),),
    ),
    entry(
        386,
        "Ines Ferreira",
        "resolved it and handed it back to Service Desk",
        "Replication runs, cache empty on both. Please confirm with the caller.",
        kind=TimelineKind.RESOLUTION,
        changes=(FieldChange("State", "In progress", "Resolved"),),
    ),
    entry(
        402,
        "Maya Lindqvist",
        "tried to reach Priya Raman, no answer",
        "Mailbox; asked to call back.",
        kind=TimelineKind.CONTACT_ATTEMPT,
    ),
    entry(
        1672,
        "Maya Lindqvist",
        "called Priya Raman",
        "Works since yesterday afternoon, closing was on time. May be closed.",
        kind=TimelineKind.CALL,
    ),
    entry(
        1675,
        "Maya Lindqvist",
        "closed it, confirmed by phone",
        kind=TimelineKind.CLOSURE,
        changes=(FieldChange("State", "Resolved", "Closed"),),
    ),
)
