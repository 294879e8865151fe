"""One function per command on status updates: state in, row changes out."""

from uuid import UUID

from services.communications import acts, lifecycle
from services.communications.cadence import plan_for, plans_with_defaults
from services.communications.checks import Known
from services.communications.status_page import (
    Audience,
    CommunicationPlan,
    StatusComponent,
    StatusPage,
)
from services.communications.status_update import StatusUpdate
from services.communications.transitions import senders
from services.incidents.incident import Incident
from services.major_incidents.major import MajorIncident
from services.people.person import Person, PersonRole
from services.people.roles import require_role, roles_of
from services.sync.changes import Act, Changes, State


def draft_update(state: State, act: Act, command: acts.DraftUpdate) -> Changes:
    """A new draft."""
    page = state.get(StatusPage, command.page_id)
    major = major_of(state, state.get(Incident, command.incident_id).id)
    return Changes.none().insert(lifecycle.drafted(act, command, page, major))


def change_draft(state: State, act: Act, command: acts.ChangeDraft) -> Changes:
    """Other words."""
    update = state.get(StatusUpdate, command.update_id)
    page = state.get(StatusPage, update.page_id)
    return Changes.none().update(update, lifecycle.changed(update, command, act, page))


def ask_for_review(state: State, act: Act, command: acts.AskForReview) -> Changes:
    """A draft that waits for a second pair of eyes."""
    update = state.get(StatusUpdate, command.update_id)
    return Changes.none().update(update, lifecycle.ask_for_review(update, command))


def review_update(state: State, act: Act, command: acts.ReviewUpdate) -> Changes:
    """An update that another person has read."""
    update = state.get(StatusUpdate, command.update_id)
    return Changes.none().update(update, lifecycle.reviewed(update, command, act))


def send_update(state: State, act: Act, command: acts.SendUpdate) -> Changes:
    """An update on its way.

    Raises:
        RoleMissing: it is for customers, and the person may tell staff only.
    """
    update = state.get(StatusUpdate, command.update_id)
    _require_sender(state, act, update, "SendUpdate")
    page = state.get(StatusPage, update.page_id)
    incident = state.get(Incident, update.incident_id)
    plans = plans_with_defaults(state.find(CommunicationPlan))
    after = lifecycle.queued(
        update,
        command,
        act,
        page,
        known_of(state, incident, page),
        state.find(StatusComponent, page_id=page.id, is_active=True),
        plan_for(plans, incident.severity, page.audience),
        major_of(state, incident.id),
    )
    return Changes.none().update(update, after)


def withdraw_update(state: State, act: Act, command: acts.WithdrawUpdate) -> Changes:
    """An update taken back."""
    update = state.get(StatusUpdate, command.update_id)
    return Changes.none().update(update, lifecycle.withdrawn(update))


def send_held_update(state: State, act: Act, command: acts.SendHeldUpdate) -> Changes:
    """A held update sent after all.

    Raises:
        RoleMissing: it is for customers, and the person may tell staff only.
    """
    update = state.get(StatusUpdate, command.update_id)
    _require_sender(state, act, update, "SendHeldUpdate")
    return Changes.none().update(update, lifecycle.send_held(update))


def correct_update(state: State, act: Act, command: acts.CorrectUpdate) -> Changes:
    """The draft of a correction."""
    sent = state.get(StatusUpdate, command.replaces_id)
    page = state.get(StatusPage, sent.page_id)
    return Changes.none().insert(lifecycle.corrected(act, command, sent, page))


def known_of(state: State, incident: Incident, page: StatusPage) -> Known:
    """What the words of an update are compared with."""
    names: frozenset[str] = frozenset()
    if page.audience is Audience.EXTERNAL:
        staff = {grant.person_id for grant in state.find(PersonRole, is_active=True)}
        names = frozenset(state.get(Person, id_).name for id_ in staff)
    return Known(
        key=f"INC-{incident.number}",
        severity=incident.severity,
        names=names,
        own_address=page.address,
    )


def major_of(state: State, incident_id: UUID) -> MajorIncident | None:
    """The major incident procedure of an incident, if there is one."""
    return next(iter(state.find(MajorIncident, incident_id=incident_id)), None)


def _require_sender(state: State, act: Act, update: StatusUpdate, name: str) -> None:
    require_role(roles_of(state, act.actor_id), senders(update.audience), name)
