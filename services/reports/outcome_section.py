"""How it ended: resolution, the caller's confirmation, closure."""

from datetime import tzinfo

from services.incidents.incident import ConfirmationMethod, Incident, IncidentState
from services.incidents.read_models import IncidentDetail
from services.reports import styles, words
from services.reports.header import heading
from services.reports.layout import Block, text
from services.reports.rows import Fact, facts
from services.reports.text import limited


def outcome_blocks(detail: IncidentDetail, zone: tzinfo) -> list[Block]:
    """Resolution, confirmation and closure, each only once it happened."""
    incident = detail.incident
    title = heading("Resolution and closure")
    if incident.state is IncidentState.CANCELLED:
        sentence = f"Cancelled: {words.word(incident.cancel_reason)}."
        return [title, text(sentence, styles.BODY, before=8)]
    if incident.resolved_at is None and not incident.resolution:
        is_open = incident.state is not IncidentState.CLOSED
        sentence = "Not resolved yet." if is_open else "The resolution was not recorded."
        return [title, text(sentence, styles.BODY_MUTED, before=8)]
    return [
        title,
        *_resolution(incident.resolution),
        facts(_resolved(detail, zone), _closed(detail, zone), before=8),
    ]


def _resolution(resolution: str) -> list[Block]:
    shown, left_out = limited(resolution)
    if not shown.strip():
        return [text("What was done is not recorded.", styles.BODY_MUTED, before=8)]
    blocks: list[Block] = [text(shown, styles.BODY, before=8)]
    if left_out:
        blocks.append(text(left_out, styles.LEFT_OUT, before=4))
    return blocks


def _resolved(detail: IncidentDetail, zone: tzinfo) -> list[Fact]:
    incident = detail.incident
    return [
        ("Resolution", words.word(incident.resolution_code)),
        ("Resolved", words.moment(incident.resolved_at, zone)),
        ("Resolved by", words.recorded(detail.resolved_by)),
        ("At first contact", _first_contact(incident)),
    ]


def _first_contact(incident: Incident) -> str:
    if incident.is_first_contact_resolution:
        return "yes"
    return words.NOT_RECORDED if incident.is_imported else "no"


def _closed(detail: IncidentDetail, zone: tzinfo) -> list[Fact]:
    incident = detail.incident
    pairs: list[Fact] = [
        ("Confirmation", _confirmation(incident, zone, len(detail.contact_attempts)))
    ]
    if incident.state is IncidentState.CLOSED:
        pairs.append(("Closed", words.moment(incident.closed_at, zone)))
        pairs.append(("Closed by", words.recorded(detail.closed_by)))
    else:
        pairs.append(("Closed", words.NOT_YET))
    return pairs


def _confirmation(incident: Incident, zone: tzinfo, attempt_count: int) -> str:
    """Who said when and how that it works again."""
    if incident.confirmation_method is None:
        is_closed = incident.state is IncidentState.CLOSED
        return words.NOT_RECORDED if is_closed else words.NOT_YET
    if incident.confirmation_method is ConfirmationMethod.NOT_RECORDED:
        return words.NOT_RECORDED
    how = words.word(incident.confirmation_method)
    if incident.confirmation_method is ConfirmationMethod.NO_ANSWER:
        return f"{how}, {words.counted(attempt_count, 'attempt', 'attempts')} logged"
    at = f", {words.moment(incident.confirmed_at, zone)}" if incident.confirmed_at else ""
    return f"{words.recorded(incident.confirmed_by)}, {how}{at}"
