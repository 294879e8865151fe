"""Who, what and when."""

from datetime import tzinfo

from services.incidents.incident import Incident, IncidentState
from services.incidents.read_models import IncidentDetail
from services.people.person import Person
from services.reports import styles, words
from services.reports.header import heading
from services.reports.layout import Block, text
from services.reports.rows import facts
from services.reports.text import limited


def about_blocks(detail: IncidentDetail, zone: tzinfo) -> list[Block]:
    """People, times, what is affected, and the description."""
    return [
        heading("Who and when"),
        facts([*_who(detail), *_when(detail.incident, zone)], before=8),
        heading("What is affected"),
        facts(_what(detail), before=8),
        *description_blocks(detail.incident.description),
    ]


def _who(detail: IncidentDetail) -> list[tuple[str, str]]:
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


def _when(incident: Incident, zone: tzinfo) -> list[tuple[str, str]]:
    pairs = [
        ("Reported", words.moment(incident.reported_at, zone)),
        ("Logged", words.moment(incident.created_at, zone)),
        ("First response", words.moment(incident.first_response_at, zone)),
        ("Resolved", _reached(incident, words.moment(incident.resolved_at, zone))),
        ("Closed", _reached(incident, words.moment(incident.closed_at, zone), is_last=True)),
    ]
    if incident.state is IncidentState.ON_HOLD:
        pairs.append(("On hold", words.word(incident.on_hold_reason)))
        pairs.append(("Follow-up", words.moment(incident.follow_up_at, zone)))
    if incident.state is IncidentState.CANCELLED:
        pairs.append(("Cancelled", words.moment(incident.cancelled_at, zone)))
        pairs.append(("Reason", words.word(incident.cancel_reason)))
    return pairs


def _reached(incident: Incident, at: str, *, is_last: bool = False) -> str:
    """A time that is not there because it did not come yet is not a gap in the record."""
    final = {IncidentState.CLOSED} if is_last else {IncidentState.CLOSED, IncidentState.RESOLVED}
    if at == words.NOT_RECORDED and incident.state not in final:
        return "not yet" if incident.state is not IncidentState.CANCELLED else "cancelled"
    return at


def _what(detail: IncidentDetail) -> list[tuple[str, str]]:
    incident = detail.incident
    pairs = [
        ("Service", detail.service or "Unknown"),
        ("Products", ", ".join(detail.products) or "none named"),
        ("Category", words.recorded(detail.category_path)),
        ("Impact", words.word(incident.impact)),
        ("Urgency", words.word(incident.urgency)),
    ]
    if incident.priority_override_reason:
        pairs.append(("Priority set by hand", incident.priority_override_reason))
    if incident.external_reference and not incident.is_imported:
        pairs.append(("Reference", incident.external_reference))
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
