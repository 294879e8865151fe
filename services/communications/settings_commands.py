"""One function per command that keeps status pages: state in, row changes out."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from services.communications import settings_acts as acts
from services.communications.errors import OutletCannotTell, OutletTaken, PlanOutOfRange
from services.communications.message import remote_ids_of
from services.communications.status_page import (
    Audience,
    CommunicationPlan,
    Outlet,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import UpdateTemplate
from services.communications.templates import DEFAULTS
from services.core.ids import derived_id
from services.core.text import Limit, clean_line, clean_text, limit_of, require
from services.paging.destination import STATUS_PAGES, TELLING, Destination
from services.paging.errors import DestinationRetired
from services.sync.changes import Act, Changes, State

SHORTEST_S, LONGEST_S = 60, 86_400
"""Between these a plan may say that the next word is due, in seconds."""

_TEXT: Final = limit_of("summary", UpdateTemplate.TABLE)


def add_status_page(state: State, act: Act, command: acts.AddStatusPage) -> Changes:
    """A new page."""
    is_reviewed = command.is_review_required
    if is_reviewed is None:
        is_reviewed = command.audience is Audience.EXTERNAL
    page = StatusPage(
        id=command.page_id,
        name=_name(command.name),
        audience=command.audience,
        description=clean_text(command.description, Limit.LINE, field="description"),
        address=clean_line(command.address, Limit.LINE, field="address"),
        is_review_required=is_reviewed,
    )
    return Changes.none().insert(page)


def change_status_page(state: State, act: Act, command: acts.ChangeStatusPage) -> Changes:
    """New particulars of a page."""
    before = state.get(StatusPage, command.page_id)
    after = replace(
        before,
        name=_name(command.name),
        description=clean_text(command.description, Limit.LINE, field="description"),
        address=clean_line(command.address, Limit.LINE, field="address"),
        is_review_required=command.is_review_required,
        is_active=command.is_active,
    )
    return Changes.none().update(before, after)


def add_component(state: State, act: Act, command: acts.AddComponent) -> Changes:
    """A new component.

    Raises:
        StatesUnreadable: what destinations call it cannot be read.
    """
    remote_ids_of(command.remote_ids)
    component = StatusComponent(
        id=command.component_id,
        page_id=state.get(StatusPage, command.page_id).id,
        name=_name(command.name),
        description=clean_text(command.description, Limit.LINE, field="description"),
        position=command.position,
        service_id=command.service_id,
        product_id=command.product_id,
        remote_ids=clean_text(command.remote_ids, field="components"),
    )
    return Changes.none().insert(component)


def change_component(state: State, act: Act, command: acts.ChangeComponent) -> Changes:
    """New particulars of a component.

    Raises:
        StatesUnreadable: what destinations call it cannot be read.
    """
    remote_ids_of(command.remote_ids)
    before = state.get(StatusComponent, command.component_id)
    after = replace(
        before,
        name=_name(command.name),
        description=clean_text(command.description, Limit.LINE, field="description"),
        position=command.position,
        service_id=command.service_id,
        product_id=command.product_id,
        remote_ids=clean_text(command.remote_ids, field="components"),
        is_active=command.is_active,
    )
    return Changes.none().update(before, after)


def add_outlet(state: State, act: Act, command: acts.AddOutlet) -> Changes:
    """A new place to tell a page's updates at.

    Raises:
        DestinationRetired: nothing is sent through the account any more.
        OutletCannotTell: the account only calls people.
        OutletTaken: updates go there already.
    """
    account = state.get(Destination, command.destination_id)
    if not account.is_active:
        raise DestinationRetired(name=account.name)
    if account.kind not in TELLING:
        raise OutletCannotTell()
    outlet = Outlet(
        id=command.outlet_id,
        page_id=state.get(StatusPage, command.page_id).id,
        destination_id=account.id,
        address=clean_line(command.address, Limit.LINE, field="address"),
        name=clean_line(command.name, field="name"),
        is_subscriber=command.is_subscriber,
    )
    _ensure_only(state, outlet)
    return Changes.none().insert(outlet)


def change_outlet(state: State, act: Act, command: acts.ChangeOutlet) -> Changes:
    """New particulars of an outlet.

    Raises:
        OutletTaken: updates go there already.
    """
    before = state.get(Outlet, command.outlet_id)
    after = replace(
        before,
        address=clean_line(command.address, Limit.LINE, field="address"),
        name=clean_line(command.name, field="name"),
        is_subscriber=command.is_subscriber,
        is_active=command.is_active,
    )
    _ensure_only(state, after)
    return Changes.none().update(before, after)


def _ensure_only(state: State, outlet: Outlet) -> None:
    """One update goes to one place once, whatever outlets lead there.

    An account at a status page is one place, and one page's: two would be told beside each other
    there, and what is for staff would stand under what is for customers.
    """
    is_page = state.get(Destination, outlet.destination_id).kind in STATUS_PAGES
    same = state.find(Outlet, destination_id=outlet.destination_id, is_active=True)
    place = (outlet.page_id, outlet.address)
    if outlet.is_active and any(
        other.id != outlet.id and (is_page or (other.page_id, other.address) == place)
        for other in same
    ):
        raise OutletTaken()


def set_communication_plan(state: State, act: Act, command: acts.SetCommunicationPlan) -> Changes:
    """How often an audience hears of major incidents of one severity.

    Raises:
        PlanOutOfRange: a time is shorter than a minute or longer than a day.
    """
    times = (command.first_within_s, command.every_s, command.relaxed_every_s)
    if not all(SHORTEST_S <= seconds <= LONGEST_S for seconds in times):
        raise PlanOutOfRange()
    if not 0 <= command.relaxed_after_s <= LONGEST_S:
        raise PlanOutOfRange()
    plan = CommunicationPlan(
        id=derived_id("communication_plan", command.severity.value, command.audience.value),
        severity=command.severity,
        audience=command.audience,
        first_within_s=command.first_within_s,
        every_s=command.every_s,
        relaxed_after_s=command.relaxed_after_s,
        relaxed_every_s=command.relaxed_every_s,
        is_active=command.is_active,
    )
    for before in state.find(CommunicationPlan, id=plan.id):
        return Changes.none().update(before, replace(plan, version=before.version))
    return Changes.none().insert(plan)


def add_update_template(state: State, act: Act, command: acts.AddUpdateTemplate) -> Changes:
    """Words to begin with."""
    template = UpdateTemplate(
        id=command.template_id,
        name=_name(command.name),
        audience=command.audience,
        moment=command.moment,
        subject=clean_line(command.subject, _TEXT, field="subject"),
        summary=clean_text(command.summary, _TEXT, field="summary"),
        current_status=clean_text(command.current_status, _TEXT, field="current status"),
        next_steps=clean_text(command.next_steps, _TEXT, field="next steps"),
    )
    return Changes.none().insert(template)


def change_update_template(state: State, act: Act, command: acts.ChangeUpdateTemplate) -> Changes:
    """Other words of a template; a default one is kept from then on.

    Raises:
        RecordMissing: there is none.
    """
    kept = state.find(UpdateTemplate, id=command.template_id)
    default = None if kept else _default(command.template_id)
    before = default or state.get(UpdateTemplate, command.template_id)
    after = replace(
        before,
        name=_name(command.name),
        subject=clean_line(command.subject, _TEXT, field="subject"),
        summary=clean_text(command.summary, _TEXT, field="summary"),
        current_status=clean_text(command.current_status, _TEXT, field="current status"),
        next_steps=clean_text(command.next_steps, _TEXT, field="next steps"),
        is_active=command.is_active,
    )
    return Changes.none().insert(after) if default else Changes.none().update(before, after)


def _default(template_id: UUID) -> UpdateTemplate | None:
    return next((template for template in DEFAULTS if template.id == template_id), None)


def _name(text: str) -> str:
    name = clean_line(text, field="name")
    require("name", name)
    return name
