"""Incidents as a service desk knows them, for previews and tests of the screens."""

# ruff: noqa: E501 (the queue is drawn as text)

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from services.incidents.incident import (
    Channel,
    ConfirmationMethod,
    Escalation,
    EscalationKind,
    EscalationState,
    Incident,
    IncidentState,
    ResolutionCode,
)
from services.incidents.labels import StateLabel
from services.incidents.priority import Impact, Priority, Severity, Urgency
from services.incidents.read_models import (
    ActPermission,
    ConflictItem,
    EscalationItem,
    FieldChange,
    FieldClash,
    IncidentDetail,
    Meanwhile,
    RelatedItem,
    TierSpan,
    TimelineEntry,
    TimelineKind,
    WorklistItem,
)
from services.people.person import Person, Tier

NOW = datetime(2026, 10, 14, 10, 42, 7, tzinfo=UTC)
SPACE = UUID("5b1f4c9e-6a57-4b7c-9a52-0f3f6c1c2d11")
MAYA = uuid5(SPACE, "Maya Lindqvist")
ACTS = (
    "ResolveIncident", "EscalateToTeam", "HoldIncident", "AssignIncident", "PrioritiseIncident",
    "CategoriseIncident", "ChangeService", "DescribeIncident", "ChangeCaller", "ChangeSeverity",
    "AddNote", "LinkToParent", "CancelIncident", "EscalateUp",
)  # fmt: skip
ROWS = """
*P1 20418 8:12 Checkout payments failing for all card types|Payments|In progress|Platform 3|Priya Raman|38
 P2 20377 26:40 Warehouse scanners drop off Wi-Fi in aisle 9|Wi-Fi|In progress|Network 2|Jonas Dietrich|3
*P2 20433 0:24 MFA prompt loops on new phones after update|MFA|New|Desk 1||2
 P2 20431 3:32 VPN drops every few minutes after client update|VPN|In progress|Desk 1|Maya Lindqvist|0v
 P3 20402 27:10 Payroll export stuck at 99 % since 08:00|Payroll|Escalated|Apps 2|Sara Cohen|0
*-- 20434 0:19 Teams calls one-way audio over VPN|Voice|New|Desk 1||0
 P2 20429 4:05 Badge readers offline at Lyon reception|Access|Assigned|Network 2|Jonas Dietrich|0
 P3 20395 29:30 Shared mailbox ‘orders@’ not receiving since Monday|Email|In progress|Desk 1|Maya Lindqvist|0v
 P3 20424 5:20 Laptop encryption recovery key requested at boot|Endpoint|In progress|Desk 1|Maya Lindqvist|0
*P4 20435 0:12 Cannot open scanned PDFs in document store|DMS|New|Desk 1||0
 P3 20426 6:02 ERP posting error F5-808 on period close|ERP|Reopened|Database 3|Ruben Meijer|3
 P4 20411 24:51 Second monitor not detected after docking|Hardware|In progress|Desk 1|Oyelaran Bello|0
 P4 20399 51:00 Printer on 3rd floor prints blank pages|Print|Assigned|Desk 1|Tomasz Kowal|0
 P4 20406 31:12 Calendar sharing permission error|Email|In progress|Desk 1|Oyelaran Bello|0
 P4 20415 9:10 Headset microphone muted after driver update|Hardware|In progress|Desk 1|Maya Lindqvist|0
 P4 20420 7:44 Excel add-in missing on finance laptops|Office|Assigned|Endpoint 2|Haruto Nakamura|2
 P5 20390 74:00 Request: rename distribution list|Email|Assigned|Desk 1|Tomasz Kowal|0
 P5 20372 98:00 Screen saver text outdated on kiosk|Kiosk|Assigned|Endpoint 2|Haruto Nakamura|0
 P3 20388 55:00 CRM search returns no results for agents in Porto|CRM|On hold|Apps 2|Lena Groß|0
 P3 20381 60:10 Slow logon at Gdańsk branch (> 4 min)|Logon|On hold|Identity 2|Elin Wikström|0
 P3 20366 101:00 Single sign-on fails for contractors|SSO|Resolved|Desk 1|Maya Lindqvist|0
 P4 20361 104:30 Docking station firmware prompt on every boot|Hardware|Resolved|Desk 1|Oyelaran Bello|0
 P4 20358 120:00 Mapped drive H: missing after reboot|Files|Resolved|Desk 1|Tomasz Kowal|0
"""
_STORED = {
    StateLabel.ASSIGNED: IncidentState.IN_PROGRESS,
    StateLabel.ESCALATED: IncidentState.IN_PROGRESS,
    StateLabel.REOPENED: IncidentState.IN_PROGRESS,
}


def hours(text: str) -> timedelta:
    whole, minutes = text.split(":")
    return timedelta(hours=int(whole), minutes=int(minutes))


def item(line: str, *, pending: bool = False, conflict: bool = False) -> WorklistItem:
    words, category, label, team, assignee, marks = line[1:].split("|")
    priority, number, age, summary = words.split(" ", 3)
    state = StateLabel(label)
    name, tier = team.split()
    reported = NOW - hours(age)
    return WorklistItem(
        id=uuid5(SPACE, number), number=int(number), version=1, summary=summary,
        priority=None if priority == "--" else Priority(int(priority[1])), severity=None,
        state=_STORED.get(state) or IncidentState(state.name.lower()), label=state,
        category=category, category_path=f"Workplace › {category}", team=name, tier=Tier(int(tier)),
        assignee_id=uuid5(SPACE, assignee) if assignee else None, assignee=assignee,
        caller="Tomás Herrera", is_vip=marks.endswith("v"), reported_at=reported,
        updated_at=NOW, resolved_at=None, follow_up_at=None,
        child_count=int(marks.rstrip("v")), is_pending=pending, has_conflict=conflict,
        is_unread=line.startswith("*"),
    )  # fmt: skip


def items() -> list[WorklistItem]:
    return [item(line) for line in ROWS.strip("\n").splitlines()]


def entry(kind: TimelineKind, actor: str, sentence: str, at: str, **more: object) -> TimelineEntry:
    happened = NOW.replace(hour=int(at[:2]), minute=int(at[3:]), second=0)
    values: dict[str, object] = {
        "id": uuid5(SPACE, f"{actor} {sentence} {at}"), "kind": kind,
        "actor_id": uuid5(SPACE, actor), "actor": actor, "on_behalf_of": "", "sentence": sentence,
        "text": "", "changes": (), "happened_at": happened, "recorded_at": happened,
        "is_internal": False,
    }  # fmt: skip
    return TimelineEntry(**{**values, **more})  # type: ignore[arg-type]


NOTE = (
    "Disconnects line up with Wi-Fi roaming. Client 5.4.1 pushed at 07:00; 5.3.9 on the spare "
    "laptop holds for 20 min."
)


def timeline(*, pending: bool = False) -> tuple[TimelineEntry, ...]:
    first = {"recorded_at": None} if pending else {}
    kinds = TimelineKind
    return (
        entry(kinds.NOTE, "Maya Lindqvist", "added an internal note", "10:38", text=NOTE,
              is_internal=True, **first),
        entry(kinds.CALLER_REPLY, "Tomás Herrera", "replied", "10:34",
              text="It also happens on the wired dock."),
        entry(kinds.CALL, "Maya Lindqvist", "spoke with the caller, 3 min", "10:31"),
        entry(kinds.CHANGE, "Maya Lindqvist", "changed category", "10:29",
              changes=(FieldChange("Category", "Wi-Fi", "VPN"),)),
        entry(kinds.CHANGE, "Maya Lindqvist", "set the priority", "09:52",
              changes=(FieldChange("Impact", "", "Team"), FieldChange("Urgency", "Medium", "High"),
                       FieldChange("Priority", "P3", "P2"))),
        entry(kinds.ASSIGNMENT, "Maya Lindqvist", "took the incident", "07:12"),
        entry(kinds.LOGGED, "Maya Lindqvist", "logged the incident by phone", "07:10"),
    )  # fmt: skip


def caller() -> Person:
    return Person(
        id=uuid5(SPACE, "Tomás Herrera"), name="Tomás Herrera", email="tomas.herrera@halden.example",
        phone="+351 21 555 0142", department="Finance", site="Lisbon", asset_tag="LT-44871",
        is_vip=True,
    )  # fmt: skip


def incident(**more: object) -> Incident:
    team = uuid5(SPACE, "Desk")
    values: dict[str, object] = {
        "id": uuid5(SPACE, "20431"), "number": 20431, "state": IncidentState.IN_PROGRESS,
        "summary": "VPN drops every few minutes after client update",
        "description": "Since this morning the VPN client drops about every four minutes.\n"
        "Mail and files stall until it reconnects.",
        "channel": Channel.PHONE, "caller_id": caller().id, "opened_by_id": MAYA,
        "reported_at": NOW - hours("3:32"), "created_at": NOW - hours("3:30"), "updated_at": NOW,
        "impact": Impact.TEAM, "urgency": Urgency.HIGH, "priority": Priority.P2,
        "matrix_edition": 1, "owner_team_id": team, "owner_id": MAYA, "team_id": team,
        "assignee_id": MAYA, "accepted_at": NOW - hours("3:29"),
        "first_response_at": NOW - hours("3:28"), "reassignment_count": 1,
    }  # fmt: skip
    return Incident(**{**values, **more})  # type: ignore[arg-type]


def escalations() -> tuple[EscalationItem, ...]:
    of = uuid5(SPACE, "20431")
    one = Escalation(
        id=uuid5(SPACE, "escalation"), incident_id=of, kind=EscalationKind.FUNCTIONAL,
        state=EscalationState.HANDED_BACK, from_team_id=of, to_team_id=of,
        reason="Needs access we do not have",
        tried="Profile reinstalled, wired test fine.", found="Client 5.3.9 holds for 20 min.",
        need="Check roaming timers on WLC-2.", offered_by_id=MAYA, offered_at=NOW - hours("3:02"),
        accepted_by_id=MAYA, accepted_at=NOW - hours("2:50"), ended_by_id=MAYA,
        ended_at=NOW - hours("1:10"), end_remark="Timers are as they should be.",
    )  # fmt: skip
    call = Escalation(
        id=uuid5(SPACE, "call"), incident_id=of, kind=EscalationKind.HIERARCHICAL,
        state=EscalationState.TOLD, from_team_id=of, to_person_id=MAYA, reason="Month end",
        need="Approval to roll back the client for all of finance.", offered_by_id=MAYA,
        needed_by=NOW + hours("2:00"), offered_at=NOW - hours("0:30"),
    )  # fmt: skip
    names = {
        "from_team": "Desk", "from_tier": Tier.SERVICE_DESK, "from_person": "Maya Lindqvist",
        "to_team": "Network", "to_tier": Tier.SECOND, "to_person": "", "offered_by": "Maya Lindqvist",
        "accepted_by": "Jonas Dietrich", "ended_by": "Jonas Dietrich",
    }  # fmt: skip
    up = {**names, "to_person": "Laila Haddad", "to_tier": None, "accepted_by": "", "ended_by": ""}
    return (
        EscalationItem(escalation=call, **up),  # type: ignore[arg-type]
        EscalationItem(escalation=one, **names),  # type: ignore[arg-type]
    )


def related() -> tuple[RelatedItem, ...]:
    rows = items()
    return tuple(
        RelatedItem(id=row.id, number=row.number, relation=relation, summary=row.summary,
                    priority=row.priority, label=row.label, reported_at=row.reported_at)
        for relation, row in (("Parent", rows[0]), ("Child", rows[5]), ("Child", rows[9]),
                              ("Follow-up of", rows[21]))
    )  # fmt: skip


def detail(
    *, acts: tuple[str, ...] = ACTS, of: Incident | None = None, **more: object
) -> IncidentDetail:
    spans = (
        TierSpan(team="Desk", tier=Tier.SERVICE_DESK, since=NOW - hours("3:30"), until=NOW - hours("3:02")),
        TierSpan(team="Network", tier=Tier.SECOND, since=NOW - hours("3:02"), until=NOW - hours("1:10")),
        TierSpan(team="Desk", tier=Tier.SERVICE_DESK, since=NOW - hours("1:10"), until=None),
    )  # fmt: skip
    values: dict[str, object] = {
        "incident": of or incident(), "label": StateLabel.IN_PROGRESS, "caller": caller(),
        "caller_open_count": 2, "opened_by": "Maya Lindqvist", "service": "Remote access",
        "products": ("VPN client 5.4",), "category_path": "Network › VPN", "team": "Service Desk",
        "tier": Tier.SERVICE_DESK, "owner_team": "Service Desk", "owner": "Maya Lindqvist",
        "assignee": "Maya Lindqvist", "resolved_by": "", "closed_by": "", "timeline": timeline(),
        "escalations": escalations(), "tier_spans": spans, "related": related(),
        "permissions": tuple(ActPermission(act, True) for act in acts),
    }  # fmt: skip
    return IncidentDetail(**{**values, **more})  # type: ignore[arg-type]


def closed() -> IncidentDetail:
    record = incident(
        number=19877, id=uuid5(SPACE, "19877"), summary="Cannot open Q3 ledger share",
        state=IncidentState.CLOSED, priority=Priority.P3, resolved_at=NOW - timedelta(days=2),
        resolution_code=ResolutionCode.FIXED, resolution="Permission group restored",
        closed_at=NOW - timedelta(days=2), confirmation_method=ConfirmationMethod.PHONE,
        confirmed_by="Tomás Herrera", confirmed_at=NOW - timedelta(days=2),
    )  # fmt: skip
    return detail(
        acts=("AddNote",), of=record, label=StateLabel.CLOSED, closed_by="Service Desk",
        resolved_by="Elin Wikström", escalations=(), related=(),
    )  # fmt: skip


def clash(**more: object) -> FieldClash:
    values: dict[str, object] = {
        "column": "impact", "field": "Impact", "mine": "Team", "theirs": "Organisation",
        "by": "Jonas Dietrich", "at": NOW - timedelta(minutes=7),
    }  # fmt: skip
    return FieldClash(**{**values, **more})  # type: ignore[arg-type]


def conflict(**more: object) -> ConflictItem:
    values: dict[str, object] = {
        "command_id": uuid5(SPACE, "command"), "act": "PrioritiseIncident",
        "code": "changed-meanwhile", "did": "set impact and urgency",
        "told": "A colleague set the priority to something else.",
        "field": "Priority", "mine": "P2", "theirs": "P1", "clashes": (clash(),),
        "meanwhile": Meanwhile(by="Jonas Dietrich", did="set impact and urgency",
                               at=NOW - timedelta(minutes=7)),
        "happened_at": NOW - timedelta(minutes=9), "may_repeat": True, "may_note": True,
    }  # fmt: skip
    return ConflictItem(**{**values, **more})  # type: ignore[arg-type]


def untriaged() -> IncidentDetail:
    record = incident(
        number=20434, id=uuid5(SPACE, "20434"), summary="Teams calls one-way audio over VPN",
        impact=None, urgency=None, priority=None, state=IncidentState.NEW, assignee_id=None,
        severity=Severity.SEV3,
    )  # fmt: skip
    return detail(
        acts=("StartIncident", *ACTS), of=record, label=StateLabel.NEW, assignee="",
        escalations=(), related=(), timeline=timeline()[-1:],
    )  # fmt: skip
