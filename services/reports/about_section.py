"""Who, what and when."""

from datetime import datetime, tzinfo
from typing import Final

from services.incidents.incident import OPEN_STATES, Incident, IncidentState
from services.incidents.read_models import IncidentDetail
from services.people.person import Person
from services.reports import styles, words
from services.reports.header import heading
from services.reports.layout import Block, text
from services.reports.rows import Fact, facts
from services.reports.text import limited

_UNCLOSED: Final = OPEN_STATES | {IncidentState.RESOLVED}


def about_blocks(detail: IncidentDetail, zone: tzinfo) -> list[Block]:
    """People, times, what is affected, and the description."""
    return [
        heading("Who and when"),
        facts(_who(detail), _when(detail.incident, zone), before=8),
        heading("What is affected"),
        facts(_what(detail), _how_much(detail.incident), before=8),
        *description_blocks(detail.incident.description),
    ]


def _who(detail: IncidentDetail) -> list[Fact]:
    incident = detail.incident
    caller = detail.caller.name if detail.caller else incident.monitoring_source
    is_vip = detail.caller is not None and detail.caller.is_vip
    return [
        ("Caller", words.recorded(caller) + (" (VIP)" if is_vip else "")),
        ("Contact", _contact(detail.caller)),
        ("Place", _place(detail.caller)),
        ("Channel", words.word(incident.channel)),
        ("Opened by", words.recorded(detail.opened_by)),
        ("Owner", _person_of_team(detail.owner, detail.owner_team)),
        ("Assignee", _person_of_team(detail.assignee or "Nobody", detail.team)),
    ]


def _contact(caller: Person | None) -> str:
    return words.recorded("\n".join(filter(None, (caller.phone, caller.email))) if caller else "")


def _place(caller: Person | None) -> str:
    return words.recorded(
        ", ".join(filter(None, (caller.department, caller.site))) if caller else ""
    )


def _person_of_team(name: str, team: str) -> str:
    return words.recorded(", ".join(filter(None, (name, team))))


def _when(incident: Incident, zone: tzinfo) -> list[Fact]:
    pairs: list[Fact] = [
        ("Reported", words.moment(incident.reported_at, zone)),
        ("Logged", words.moment(incident.created_at, zone)),
        ("First response", _awaited(incident.first_response_at, incident, OPEN_STATES, zone)),
        ("Resolved", _awaited(incident.resolved_at, incident, OPEN_STATES, zone)),
        ("Closed", _awaited(incident.closed_at, incident, _UNCLOSED, zone)),
    ]
    if incident.state is IncidentState.ON_HOLD:
        pairs.append(("On hold", words.word(incident.on_hold_reason)))
        pairs.append(("Follow-up", words.moment(incident.follow_up_at, zone)))
    if incident.state is IncidentState.CANCELLED:
        pairs.append(("Cancelled", words.moment(incident.cancelled_at, zone)))
        pairs.append(("Reason", words.word(incident.cancel_reason)))
    return pairs


def _awaited(
    at: datetime | None, incident: Incident, early: frozenset[IncidentState], zone: tzinfo
) -> str:
    """A time, which is no gap in the record while the incident is too ``early`` for it."""
    if at is None and incident.state in early and not incident.is_imported:
        return words.NOT_YET
    if at is None and incident.state is IncidentState.CANCELLED:
        return "cancelled before"
    return words.moment(at, zone)


def _what(detail: IncidentDetail) -> list[Fact]:
    incident = detail.incident
    pairs: list[Fact] = [
        ("Service", detail.service or "Unknown"),
        ("Products", ", ".join(detail.products) or "none named"),
        ("Category", words.recorded(detail.category_path)),
    ]
    if detail.caller and detail.caller.asset_tag:
        pairs.append(("Asset tag", text(detail.caller.asset_tag, styles.CODE)))
    if incident.external_reference and not incident.is_imported:
        pairs.append(("Reference", text(incident.external_reference, styles.CODE)))
    return pairs


def _how_much(incident: Incident) -> list[Fact]:
    """Impact and urgency, which an import may lack and a new incident need not have yet."""
    unset = words.NOT_RECORDED if incident.is_imported else words.NOT_SET
    pairs: list[Fact] = [
        ("Impact", words.word(incident.impact) if incident.impact else unset),
        ("Urgency", words.word(incident.urgency) if incident.urgency else unset),
        ("Priority", f"P{incident.priority.value}" if incident.priority else unset),
    ]
    if incident.priority_override_reason:
        pairs.append(("Set by hand", incident.priority_override_reason))
    return pairs


def description_blocks(description: str) -> list[Block]:
    """The description as it was typed."""
    shown, left_out = limited(description)
    blocks: list[Block] = [heading("Description")]
    if not shown.strip():
        return [*blocks, text("No description.", styles.BODY_MUTED, before=8)]
    blocks.append(text(shown, styles.BODY, before=8))
    if left_out:
        blocks.append(text(left_out, styles.LEFT_OUT, before=4))
    return blocks
