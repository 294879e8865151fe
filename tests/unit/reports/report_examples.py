"""Incidents to print: a long one, a new one, an imported one and one full of bad text."""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from unit.reports.vpn_timeline import DESK, NETWORK, NOBODY, START, TIMELINE, VENDOR, at, entry

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
from services.incidents.labels import StateLabel, label_of
from services.incidents.priority import Impact, Priority, Severity, Urgency
from services.incidents.read_models import (
    EscalationItem,
    FieldChange,
    IncidentDetail,
    TierSpan,
    TimelineKind,
)
from services.people.person import Person, Tier
from services.reports.options import Paper, ReportOptions


def options(**changes: object) -> ReportOptions:
    plain = ReportOptions(
        paper=Paper.A4,
        with_internal_notes=True,
        printed_by="Maya Lindqvist",
        printed_at=at(60 * 31),
        data_as_of=at(60 * 31 - 2),
        zone=ZoneInfo("Europe/Berlin"),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


CALLER = Person(
    id=UUID(int=7),
    name="Priya Raman",
    email="priya.raman@northwind.example",
    phone="+49 30 5550 142",
    department="Finance",
    site="Berlin, Haus 2",
    asset_tag="LT-20417",
    is_vip=True,
)

INCIDENT = Incident(
    id=UUID(int=1042),
    number=1042,
    state=IncidentState.CLOSED,
    summary="VPN sign-in fails after the password change, month-end closing blocked",
    description=(
        "Since this morning the VPN client refuses to sign in right after the forced password "
        "change. The client shows “Authentication failed (691)”. Web mail and the intranet work "
        "with the new password.\n\n"
        "The caller works from home today and must finish the month-end closing by 16:00. Four "
        "colleagues in Finance report the same. A restart of the laptop and of the client did "
        "not help."
    ),
    channel=Channel.PHONE,
    caller_id=CALLER.id,
    opened_by_id=NOBODY,
    reported_at=at(0),
    created_at=at(4),
    updated_at=at(1675),
    service_id=NOBODY,
    impact=Impact.TEAM,
    urgency=Urgency.HIGH,
    priority=Priority.P2,
    severity=Severity.SEV2,
    owner_team_id=NOBODY,
    owner_id=NOBODY,
    team_id=NOBODY,
    assignee_id=NOBODY,
    accepted_at=at(9),
    first_response_at=at(9),
    was_escalated=True,
    reassignment_count=4,
    resolved_at=at(386),
    resolved_by_id=NOBODY,
    resolution_code=ResolutionCode.FIXED,
    resolution=(
        "The RADIUS proxies kept a cached copy of the old password hashes because the nightly "
        "replication job had stopped on radius-02. The job was restarted, the cache emptied on "
        "both proxies, and sign-in tested with three of the affected accounts.\n"
        "A problem record follows for the monitoring gap: nobody was told that the job stood."
    ),
    closed_at=at(1675),
    closed_by_id=NOBODY,
    confirmation_method=ConfirmationMethod.PHONE,
    confirmed_by="Priya Raman",
    confirmed_at=at(1672),
)


def escalation(number: int, state: EscalationState, **fields: object) -> Escalation:
    plain = Escalation(
        id=UUID(int=9000 + number),
        incident_id=INCIDENT.id,
        kind=EscalationKind.FUNCTIONAL,
        state=state,
        from_team_id=NOBODY,
        to_team_id=NOBODY,
        offered_by_id=NOBODY,
        offered_at=START,
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


ESCALATIONS = (
    EscalationItem(
        escalation=escalation(
            1,
            EscalationState.PASSED_ON,
            offered_at=at(31),
            accepted_at=at(44),
            ended_at=at(148),
            reason="Several people of one department; nothing left to try at the desk.",
            tried="Client reinstalled, cached credentials removed, other network tried.",
            found="Error 691 for everybody who changed the password since yesterday evening.",
            need="Check of the RADIUS logs for the account praman around 09:05.",
        ),
        from_team=DESK,
        from_tier=Tier.SERVICE_DESK,
        from_person="Maya Lindqvist",
        to_team=NETWORK,
        to_tier=Tier.SECOND,
        to_person="",
        offered_by="Maya Lindqvist",
        accepted_by="Tomasz Łuczak",
        ended_by="Tomasz Łuczak",
    ),
    EscalationItem(
        escalation=escalation(
            2,
            EscalationState.REJECTED,
            offered_at=at(102),
            ended_at=at(117),
            reason="Proxies answer from a stale cache.",
            tried="Gateways and certificates checked, both fine.",
            found="radius-02 answers with the old hash.",
            need="Somebody who may empty the cache of the proxies.",
            end_remark="Please add which proxy and since when; we see radius-01 healthy.",
        ),
        from_team=NETWORK,
        from_tier=Tier.SECOND,
        from_person="Tomasz Łuczak",
        to_team=VENDOR,
        to_tier=Tier.THIRD,
        to_person="",
        offered_by="Tomasz Łuczak",
        accepted_by="",
        ended_by="Ines Ferreira",
    ),
    EscalationItem(
        escalation=escalation(
            3,
            EscalationState.HANDED_BACK,
            offered_at=at(148),
            accepted_at=at(155),
            ended_at=at(386),
            reason="Same as before, with the proxy and the time.",
            tried="Queries against radius-01 and radius-02 compared for three accounts.",
            found="radius-02 has not replicated since 2 March 23:10.",
            need="Restart of the replication and an empty cache on radius-02.",
            end_remark="Replication runs, cache empty on both. Please confirm with the caller.",
        ),
        from_team=NETWORK,
        from_tier=Tier.SECOND,
        from_person="Tomasz Łuczak",
        to_team=VENDOR,
        to_tier=Tier.THIRD,
        to_person="Ines Ferreira",
        offered_by="Tomasz Łuczak",
        accepted_by="Ines Ferreira",
        ended_by="Ines Ferreira",
    ),
    EscalationItem(
        escalation=escalation(
            4,
            EscalationState.ANSWERED,
            kind=EscalationKind.HIERARCHICAL,
            to_team_id=None,
            to_person_id=NOBODY,
            offered_at=at(180),
            needed_by=at(210),
            ended_at=at(197),
            reason="The closing of Finance is due at 16:00 and may be late.",
            found="Restarting radius-02 drops about 40 open VPN sessions for two minutes.",
            need="Permission to restart during working hours.",
            end_remark="Go ahead at 12:30, tell the departments ten minutes before.",
        ),
        from_team=VENDOR,
        from_tier=Tier.THIRD,
        from_person="Ines Ferreira",
        to_team="",
        to_tier=None,
        to_person="Helena Brandt",
        offered_by="Maya Lindqvist",
        accepted_by="",
        ended_by="Helena Brandt",
    ),
)

SPANS = (
    TierSpan(team=DESK, tier=Tier.SERVICE_DESK, since=at(4), until=at(44)),
    TierSpan(team=NETWORK, tier=Tier.SECOND, since=at(44), until=at(155)),
    TierSpan(team=VENDOR, tier=Tier.THIRD, since=at(155), until=at(386)),
    TierSpan(team=DESK, tier=Tier.SERVICE_DESK, since=at(386), until=None),
)

VPN = IncidentDetail(
    incident=INCIDENT,
    label=StateLabel.CLOSED,
    caller=CALLER,
    caller_open_count=0,
    opened_by="Maya Lindqvist",
    service="Remote access",
    products=("VPN client 5.4", "RADIUS proxy radius-02"),
    category_path="Network › VPN › Sign-in",
    team=DESK,
    tier=Tier.SERVICE_DESK,
    owner_team=DESK,
    owner="Maya Lindqvist",
    assignee="Maya Lindqvist",
    resolved_by="Ines Ferreira",
    closed_by="Maya Lindqvist",
    timeline=TIMELINE[::-1],
    escalations=ESCALATIONS,
    tier_spans=SPANS,
    related=(),
    permissions=(),
)


def with_incident(detail: IncidentDetail, **fields: object) -> IncidentDetail:
    """The detail with other fields of its incident, and the label that follows from them."""
    incident = replace(detail.incident, **fields)  # type: ignore[arg-type]
    return replace(detail, incident=incident, label=label_of(incident))


_UNTOUCHED = {
    **dict.fromkeys(
        ("accepted_at", "first_response_at", "resolved_at", "resolved_by_id", "resolution_code")
    ),
    **dict.fromkeys(("closed_at", "closed_by_id", "confirmation_method", "confirmed_at")),
    **dict.fromkeys(("impact", "urgency", "priority", "severity", "service_id", "assignee_id")),
}
NEW = with_incident(
    replace(
        VPN,
        caller=replace(CALLER, phone="", email="", is_vip=False, department="", site=""),
        service="",
        products=(),
        category_path="",
        assignee="",
        resolved_by="",
        closed_by="",
        timeline=TIMELINE[:1],
        escalations=(),
        tier_spans=(TierSpan(team=DESK, tier=Tier.SERVICE_DESK, since=at(4), until=None),),
    ),
    number=1043,
    state=IncidentState.NEW,
    summary="Screen flickers",
    description="",
    resolution="",
    confirmed_by="",
    reassignment_count=0,
    was_escalated=False,
    **_UNTOUCHED,
)
IMPORTED = with_incident(
    replace(
        VPN,
        caller=None,
        opened_by="",
        service="",
        products=(),
        category_path="Category 46 › Subcategory 170",
        team="Group 56",
        assignee="",
        owner="",
        resolved_by="",
        closed_by="",
        escalations=(),
        tier_spans=(),
        timeline=(
            entry(
                430,
                "Firstline import",
                "recorded the state of the source",
                kind=TimelineKind.IMPORTED,
                on_behalf_of="Resolved by 149",
                recorded_after=60 * 24 * 90,
                changes=(FieldChange("State", "In progress", "Closed"),),
            ),
            entry(
                0,
                "Firstline import",
                "logged the incident",
                kind=TimelineKind.IMPORTED,
                on_behalf_of="Opened by 8",
                recorded_after=60 * 24 * 90,
            ),
        ),
    ),
    number=20_001,
    external_reference="INC0000045",
    summary="Imported incident INC0000045",
    description="",
    first_response_at=None,
    resolution="",
    resolution_code=ResolutionCode.NOT_RECORDED,
    confirmation_method=ConfirmationMethod.NOT_RECORDED,
    confirmed_by="",
    confirmed_at=None,
    severity=None,
    priority=Priority.P3,
    is_imported=True,
    caller_id=None,
)
