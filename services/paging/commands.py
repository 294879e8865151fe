"""One function per command on pages: state in, row changes out."""

from uuid import UUID

from services.incidents.incident import Incident
from services.on_call.policy import EscalationPolicy
from services.on_call.waking import policy_for
from services.paging import acts, lifecycle
from services.paging.page import Answer, Page, PageRecipient
from services.sync.changes import Act, Changes, State


def page_team(state: State, act: Act, command: acts.PageTeam) -> Changes:
    """A page for whoever is on call for a team."""
    return Changes.none().insert(
        lifecycle.opened(
            act,
            state.get(Incident, command.incident_id),
            command.page_id,
            reason=command.reason,
            hold_s=command.hold_s,
            team_id=command.team_id,
            policy=policy_of(state, command.team_id),
        )
    )


def page_people(state: State, act: Act, command: acts.PagePeople) -> Changes:
    """A page for people by name."""
    return Changes.none().insert(
        lifecycle.opened(
            act,
            state.get(Incident, command.incident_id),
            command.page_id,
            reason=command.reason,
            hold_s=command.hold_s,
            person_ids=command.person_ids,
        )
    )


def policy_of(state: State, team_id: UUID) -> EscalationPolicy | None:
    """The policy by which a team is paged, as this desk knows it."""
    return policy_for(team_id, state.find(EscalationPolicy, is_active=True))


def withdraw_page(state: State, act: Act, command: acts.WithdrawPage) -> Changes:
    """A page taken back."""
    page = state.get(Page, command.page_id)
    return Changes.none().update(page, lifecycle.withdraw(page, act))


def send_held_page(state: State, act: Act, command: acts.SendHeldPage) -> Changes:
    """A held page sent after all."""
    page = state.get(Page, command.page_id)
    return Changes.none().update(page, lifecycle.send_held(page))


def acknowledge_page(state: State, act: Act, command: acts.AcknowledgePage) -> Changes:
    """A page acknowledged, and the person's answer with it."""
    page = state.get(Page, command.page_id)
    changes, places = _answered(state, page, act, Answer.ACKNOWLEDGED)
    return changes.update(page, lifecycle.acknowledge(page, places, act))


def decline_page(state: State, act: Act, command: acts.DeclinePage) -> Changes:
    """A page that goes on without this person."""
    page = state.get(Page, command.page_id)
    changes, places = _answered(state, page, act, Answer.DECLINED)
    return changes.update(page, lifecycle.decline(page, places, act))


def snooze_page(state: State, act: Act, command: acts.SnoozePage) -> Changes:
    """A page silenced for a while."""
    page = state.get(Page, command.page_id)
    return Changes.none().update(page, lifecycle.snooze(page, act, command.snooze_s))


def escalate_page(state: State, act: Act, command: acts.EscalatePage) -> Changes:
    """A page's next step, now."""
    page = state.get(Page, command.page_id)
    return Changes.none().update(page, lifecycle.escalate(page))


def _answered(
    state: State, page: Page, act: Act, given: Answer
) -> tuple[Changes, tuple[PageRecipient, ...]]:
    """The person's places answered, and all places as they are then."""
    places = {place.id: place for place in state.find(PageRecipient, page_id=page.id)}
    changes = Changes.none()
    for after in lifecycle.answer(page, places.values(), act, given):
        changes = changes.update(places[after.id], after)
        places[after.id] = after
    return changes, tuple(places.values())
