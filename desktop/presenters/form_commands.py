"""From what a dialog asked to the command that carries it, with the values the person saw."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from desktop.views.dialogs.forms import (
    AssignForm,
    CallerForm,
    CancelForm,
    CategoryForm,
    CloseForm,
    DescribeForm,
    HoldForm,
    LineEscalationForm,
    LinkForm,
    PageForm,
    PriorityForm,
    ResolveForm,
    ServiceForm,
    SeverityForm,
    TeamEscalationForm,
)
from desktop.views.log.form import LogForm
from services.incidents import acts
from services.incidents.incident import Incident
from services.incidents.priority import Severity
from services.paging.acts import PagePeople, PageTeam


def log(form: LogForm, incident_id: UUID, number: int, owner_team_id: UUID) -> acts.LogIncident:
    """The report as an incident."""
    return acts.LogIncident(
        incident_id=incident_id,
        number=number,
        summary=form.summary,
        description=form.description,
        channel=form.channel,
        caller_id=form.caller_id,
        monitoring_source=form.monitoring_source,
        reported_at=form.reported_at,
        service_id=form.service_id,
        affected_product_ids=form.affected_product_ids,
        category_id=form.category_id,
        subcategory_id=form.subcategory_id,
        impact=form.impact,
        urgency=form.urgency,
        severity=form.severity,
        owner_team_id=owner_team_id,
        follow_up_of_id=form.follow_up_of_id,
        is_confidential=form.is_confidential,
    )


def escalate(
    form: TeamEscalationForm, incident: Incident, escalation_id: UUID, page_id: UUID
) -> acts.EscalateToTeam:
    """The offer to another team, and the page that goes with it where it is wanted."""
    return acts.EscalateToTeam(
        incident_id=incident.id,
        escalation_id=escalation_id,
        to_team_id=form.to_team_id,
        reason=form.reason,
        tried=form.tried,
        found=form.found,
        need=form.need,
        seen_team_id=incident.team_id,
        page_id=page_id if form.is_paging else None,
        page_hold_s=page_hold_s(incident) if form.is_paging else 0,
    )


def page(form: PageForm, incident: Incident, page_id: UUID) -> PageTeam | PagePeople:
    """The page of a team, or of people by name."""
    hold_s = page_hold_s(incident)
    if form.team_id is not None:
        return PageTeam(
            page_id=page_id,
            incident_id=incident.id,
            team_id=form.team_id,
            reason=form.reason,
            hold_s=hold_s,
        )
    return PagePeople(
        page_id=page_id,
        incident_id=incident.id,
        person_ids=form.person_ids,
        reason=form.reason,
        hold_s=hold_s,
    )


HOLD_S = 5
"""How long a page can be stopped before anybody is called."""


def page_hold_s(incident: Incident) -> int:
    """None for severity 1: there every second counts."""
    return 0 if incident.severity is Severity.SEV1 else HOLD_S


def escalate_up(
    form: LineEscalationForm, incident: Incident, escalation_id: UUID
) -> acts.EscalateUp:
    """The call up the management line."""
    return acts.EscalateUp(
        incident_id=incident.id,
        escalation_id=escalation_id,
        to_person_id=form.to_person_id,
        reason=form.reason,
        need=form.need,
        needed_by=form.needed_by,
    )


def resolve(form: ResolveForm, incident_id: UUID) -> acts.ResolveIncident:
    """The resolution."""
    return acts.ResolveIncident(
        incident_id=incident_id,
        code=form.code,
        resolution=form.resolution,
        category_id=form.category_id,
        subcategory_id=form.subcategory_id,
        service_id=form.service_id,
    )


def hold(form: HoldForm, incident: Incident) -> acts.HoldIncident:
    """The hold."""
    return acts.HoldIncident(
        incident_id=incident.id,
        reason=form.reason,
        follow_up_at=form.follow_up_at,
        remark=form.remark,
        reply=form.reply,
    )


def close(form: CloseForm, incident: Incident) -> acts.CloseIncident:
    """The closure."""
    return acts.CloseIncident(
        incident_id=incident.id,
        method=form.method,
        confirmed_by=form.confirmed_by,
        confirmed_at=form.confirmed_at,
        remark=form.remark,
    )


def cancel(form: CancelForm, incident: Incident) -> acts.CancelIncident:
    """The withdrawal."""
    return acts.CancelIncident(
        incident_id=incident.id,
        reason=form.reason,
        duplicate_of_id=form.duplicate_of_id,
        remark=form.remark,
    )


def prioritise(form: PriorityForm, incident: Incident) -> acts.PrioritiseIncident:
    """Impact, urgency and, where overridden, priority."""
    return acts.PrioritiseIncident(
        incident_id=incident.id,
        impact=form.impact,
        urgency=form.urgency,
        override=form.override,
        override_reason=form.override_reason,
        seen_impact=incident.impact,
        seen_urgency=incident.urgency,
        seen_priority=incident.priority,
    )


def severity(form: SeverityForm, incident: Incident) -> acts.ChangeSeverity:
    """The severity."""
    return acts.ChangeSeverity(
        incident_id=incident.id,
        severity=form.severity,
        reason=form.reason,
        seen_severity=incident.severity,
    )


def restrict(incident: Incident, reason: str) -> acts.RestrictIncident:
    """Confidential, or open to all agents where it is confidential now."""
    return acts.RestrictIncident(
        incident_id=incident.id,
        is_confidential=not incident.is_confidential,
        reason=reason,
        seen_is_confidential=incident.is_confidential,
    )


def assign(form: AssignForm, incident: Incident) -> acts.AssignIncident:
    """The assignee."""
    return acts.AssignIncident(
        incident_id=incident.id,
        assignee_id=form.assignee_id,
        seen_team_id=incident.team_id,
        seen_assignee_id=incident.assignee_id,
    )


def categorise(form: CategoryForm, incident: Incident) -> acts.CategoriseIncident:
    """The category."""
    return acts.CategoriseIncident(
        incident_id=incident.id,
        category_id=form.category_id,
        subcategory_id=form.subcategory_id,
        seen_category_id=incident.category_id,
        seen_subcategory_id=incident.subcategory_id,
    )


def change_service(form: ServiceForm, incident: Incident) -> acts.ChangeService:
    """The service and the affected products."""
    return acts.ChangeService(
        incident_id=incident.id,
        service_id=form.service_id,
        affected_product_ids=form.affected_product_ids,
        seen_service_id=incident.service_id,
        seen_affected_product_ids=incident.affected_product_ids,
    )


def change_caller(form: CallerForm, incident: Incident) -> acts.ChangeCaller:
    """The caller."""
    return acts.ChangeCaller(
        incident_id=incident.id,
        caller_id=form.caller_id,
        seen_caller_id=incident.caller_id,
    )


def describe(form: DescribeForm, incident: Incident) -> acts.DescribeIncident:
    """The words."""
    return acts.DescribeIncident(
        incident_id=incident.id,
        summary=form.summary,
        description=form.description,
        seen_summary=incident.summary,
        seen_description=incident.description,
    )


def link(form: LinkForm, incident: Incident) -> acts.LinkToParent:
    """The parent."""
    return acts.LinkToParent(
        incident_id=incident.id,
        parent_id=form.parent_id,
        seen_parent_id=incident.parent_id,
    )


_MADE_BY: dict[type, Callable[[Any, Incident], object]] = {
    AssignForm: assign,
    CallerForm: change_caller,
    CancelForm: cancel,
    CategoryForm: categorise,
    CloseForm: close,
    DescribeForm: describe,
    HoldForm: hold,
    LinkForm: link,
    PriorityForm: prioritise,
    ServiceForm: change_service,
    SeverityForm: severity,
}


def commands_for(incident: Incident, form: object) -> Sequence[object]:
    """The command that a form of one incident asks for."""
    return [_MADE_BY[type(form)](form, incident)]
