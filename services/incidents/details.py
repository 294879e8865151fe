"""What is known of an incident and who works on it: pure functions that set fields."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.core.text import Limit, clean_line, clean_text, require
from services.incidents.acts import (
    AssignIncident,
    CategoriseIncident,
    ChangeCaller,
    ChangeService,
    ChangeSeverity,
    DescribeIncident,
    LogIncident,
    PrioritiseIncident,
)
from services.incidents.conditions import ensure_open_record, ensure_seen, joined
from services.incidents.errors import ReportedInFuture
from services.incidents.incident import Channel, Incident, IncidentState
from services.incidents.lifecycle import move
from services.incidents.priority import PriorityMatrix
from services.people.person import Role
from services.sync.changes import Act

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far ahead a desk's clock may be before a report counts as from the future."""


def log(command: LogIncident, act: Act, matrix: PriorityMatrix) -> Incident:
    """The incident as logged, new and unassigned, with the service desk as its owner.

    Raises:
        FieldMissing: no summary, or neither caller nor monitoring source.
        ReportedInFuture: reported later than the clock of this desk says.
        InvalidText: a text is too long or cannot be stored.
    """
    summary = clean_line(command.summary, Limit.SUMMARY, field="summary")
    require("summary", summary)
    if command.caller_id is None:
        require("caller", command.monitoring_source.strip())
    if command.reported_at > act.happened_at + CLOCK_TOLERANCE:
        raise ReportedInFuture(reported_at=command.reported_at)
    ranked = command.impact is not None and command.urgency is not None
    return Incident(
        id=command.incident_id,
        number=command.number,
        external_reference=clean_line(command.external_reference, field="external reference"),
        summary=summary,
        description=clean_text(command.description, Limit.DESCRIPTION, field="description"),
        channel=command.channel,
        caller_id=command.caller_id,
        monitoring_source=clean_line(command.monitoring_source, field="monitoring source"),
        opened_by_id=act.actor_id,
        reported_at=command.reported_at,
        created_at=act.happened_at,
        updated_at=act.happened_at,
        service_id=command.service_id,
        affected_product_ids=command.affected_product_ids,
        category_id=command.category_id,
        subcategory_id=command.subcategory_id,
        impact=command.impact,
        urgency=command.urgency,
        priority=(
            matrix.priority_of(command.impact, command.urgency)
            if command.impact is not None and command.urgency is not None
            else None
        ),
        matrix_edition=matrix.edition if ranked else None,
        severity=command.severity,
        owner_team_id=command.owner_team_id,
        owner_id=_owner(command, act),
        team_id=command.owner_team_id,
        follow_up_of_id=command.follow_up_of_id,
        is_imported=bool(act.on_behalf_of),
        is_confidential=command.is_confidential,
    )


def _owner(command: LogIncident, act: Act) -> UUID | None:
    """Who logs stays responsible; who only imports, or a monitoring source, does not."""
    if act.on_behalf_of or command.channel is Channel.MONITORING:
        return None
    return act.actor_id


def describe(incident: Incident, command: DescribeIncident, act: Act) -> Incident:
    """The incident with corrected words."""
    ensure_open_record(incident)
    summary = clean_line(command.summary, Limit.SUMMARY, field="summary")
    require("summary", summary)
    description = clean_text(command.description, Limit.DESCRIPTION, field="description")
    return replace(
        incident,
        summary=joined("summary", command.seen_summary, incident.summary, summary),
        description=joined(
            "description", command.seen_description, incident.description, description
        ),
        updated_at=act.happened_at,
    )


def change_caller(incident: Incident, command: ChangeCaller, act: Act) -> Incident:
    """The incident with another caller."""
    ensure_open_record(incident)
    ensure_seen("caller", command.seen_caller_id, incident.caller_id, command.caller_id)
    return replace(incident, caller_id=command.caller_id, updated_at=act.happened_at)


def categorise(incident: Incident, command: CategoriseIncident, act: Act) -> Incident:
    """The incident in its category."""
    ensure_open_record(incident)
    ensure_seen(
        "category",
        (command.seen_category_id, command.seen_subcategory_id),
        (incident.category_id, incident.subcategory_id),
        (command.category_id, command.subcategory_id),
    )
    return replace(
        incident,
        category_id=command.category_id,
        subcategory_id=command.subcategory_id,
        updated_at=act.happened_at,
    )


def change_service(incident: Incident, command: ChangeService, act: Act) -> Incident:
    """The incident with its faulty service and affected products."""
    ensure_open_record(incident)
    return replace(
        incident,
        service_id=joined(
            "service", command.seen_service_id, incident.service_id, command.service_id
        ),
        affected_product_ids=joined(
            "affected products",
            command.seen_affected_product_ids,
            incident.affected_product_ids,
            command.affected_product_ids,
        ),
        updated_at=act.happened_at,
    )


def prioritise(
    incident: Incident, command: PrioritiseIncident, act: Act, matrix: PriorityMatrix
) -> Incident:
    """The incident with impact, urgency and the priority that follows, or an override.

    Raises:
        FieldMissing: an override without a reason.
        ChangedMeanwhile: a colleague ranked it differently.
    """
    ensure_open_record(incident)
    reason = clean_text(command.override_reason, field="reason")
    if command.override is not None:
        require("reason", reason)
    priority = command.override or matrix.priority_of(command.impact, command.urgency)
    ensure_seen(
        "priority",
        (command.seen_impact, command.seen_urgency, command.seen_priority),
        (incident.impact, incident.urgency, incident.priority),
        (command.impact, command.urgency, priority),
    )
    return replace(
        incident,
        impact=command.impact,
        urgency=command.urgency,
        priority=priority,
        matrix_edition=matrix.edition,
        priority_override_reason=reason if command.override is not None else "",
        updated_at=act.happened_at,
    )


def change_severity(incident: Incident, command: ChangeSeverity, act: Act) -> Incident:
    """The incident with another severity; changing one that was set needs a reason."""
    ensure_open_record(incident)
    ensure_seen("severity", command.seen_severity, incident.severity, command.severity)
    if incident.severity is not None:
        require("reason", clean_text(command.reason, field="reason"))
    return replace(incident, severity=command.severity, updated_at=act.happened_at)


def assign(
    incident: Incident, command: AssignIncident, act: Act, roles: frozenset[Role]
) -> Incident:
    """The incident with its assignee; a new one thereby gets under way."""
    ensure_open_record(incident)
    ensure_seen("team", command.seen_team_id, incident.team_id, command.seen_team_id)
    ensure_seen("assignee", command.seen_assignee_id, incident.assignee_id, command.assignee_id)
    if command.assignee_id == incident.assignee_id:
        return incident
    assigned = replace(
        incident,
        assignee_id=command.assignee_id,
        accepted_at=act.happened_at if command.assignee_id == act.actor_id else None,
        updated_at=act.happened_at,
    )
    if incident.state is IncidentState.NEW and command.assignee_id is not None:
        return move(assigned, IncidentState.IN_PROGRESS, act, "AssignIncident", roles)
    return assigned
