"""What a page may do by command: pure functions over a page and the people it called.

What it does by itself, the shared database does (``services/paging/statements.py``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from services.core.text import clean_text
from services.incidents.incident import OPEN_STATES, Incident
from services.on_call.policy import EscalationPolicy
from services.paging.errors import NobodyToPage, NotCalled, PageOver, PageUnderWay, SnoozeTooLong
from services.paging.page import Answer, Page, PageRecipient, PageState
from services.sync.changes import Act

FRESH_FOR = timedelta(minutes=10)
"""How long a page may wait on a desk that is offline before somebody is asked about it."""

ANSWERED_WITHIN = timedelta(minutes=2)
"""How long an answer may be on its way. One that comes later was never seen by those who were
called meanwhile, so that it is not carried out."""

SNOOZE_LIMITS_S = (60, 7 * 24 * 3600)


def opened(
    act: Act,
    incident: Incident,
    page_id: UUID,
    *,
    reason: str,
    hold_s: int = 0,
    team_id: UUID | None = None,
    policy: EscalationPolicy | None = None,
    person_ids: Sequence[UUID] = (),
    is_for_command: bool = False,
) -> Page:
    """A page that is asked for; who is called is found when it fires.

    One ``is_for_command`` of a major incident names nobody: it calls whom the policy of the service
    says, or else whoever manages major incidents.

    Raises:
        NobodyToPage: it names nobody, or the incident is not open.
    """
    if incident.state not in OPEN_STATES or not (team_id or person_ids or is_for_command):
        raise NobodyToPage(number=incident.number)
    return Page(
        id=page_id,
        incident_id=incident.id,
        policy_id=policy.id if policy else None,
        to_team_id=team_id,
        to_person_ids=tuple(person_ids),
        reason=clean_text(reason, field="reason"),
        opened_by_id=act.actor_id,
        opened_at=act.happened_at,
        hold_until=act.happened_at + timedelta(seconds=hold_s) if hold_s else None,
        fresh_until=act.happened_at + FRESH_FOR,
    )


def withdraw(page: Page, act: Act) -> Page:
    """A page that calls nobody any more.

    Raises:
        PageOver: it has come to its end.
        PageUnderWay: somebody was called already.
    """
    if page.state not in (PageState.OPEN, PageState.HELD):
        raise PageOver(state=page.state.value)
    if page.started_at is not None:
        raise PageUnderWay()
    return superseded(page, act, "withdrawn")


def superseded(page: Page, act: Act, remark: str) -> Page:
    """A page that is no longer wanted."""
    return replace(
        page,
        state=PageState.SUPERSEDED,
        due_at=None,
        is_urged=False,
        ended_at=act.happened_at,
        end_remark=remark,
    )


def send_held(page: Page) -> Page:
    """A held page that a person has looked at; it goes out as it is.

    Raises:
        PageOver: it is not held.
    """
    if page.state is not PageState.HELD:
        raise PageOver(state=page.state.value)
    return replace(page, state=PageState.OPEN, fresh_until=None, hold_until=None)


def answer(
    page: Page, recipients: Iterable[PageRecipient], act: Act, given: Answer
) -> tuple[PageRecipient, ...]:
    """The places of this page in which the person has not answered yet, answered.

    Raises:
        PageOver: it is not open.
    """
    if page.state is not PageState.OPEN:
        raise PageOver(state=page.state.value)
    return tuple(
        replace(place, answer=given, answered_at=act.happened_at)
        for place in recipients
        if place.person_id == act.actor_id
        and place.answer is None
        and place.round >= page.rounds_from
    )


def acknowledge(page: Page, recipients: Sequence[PageRecipient], act: Act) -> Page:
    """The page acknowledged; one for everyone only once nobody who was called is silent, or once
    nobody is left to call but the catch-all roster.

    ``recipients`` are as they are after the answer.
    """
    silent = [r for r in recipients if r.round >= page.rounds_from and r.answer is None]
    if page.is_everyone and not page.is_catch_all and silent:
        return page
    return replace(
        page,
        state=PageState.ACKNOWLEDGED,
        acknowledged_by_id=act.actor_id,
        acknowledged_at=act.happened_at,
        due_at=None,
        is_urged=False,
    )


def decline(page: Page, recipients: Sequence[PageRecipient], act: Act) -> Page:
    """The page as it goes on without this person.

    Raises:
        NotCalled: the person was not called.
    """
    if not any(r.person_id == act.actor_id for r in recipients):
        raise NotCalled()
    step = [r for r in recipients if (r.round, r.position) == (page.round, page.position)]
    return replace(page, is_urged=all(place.answer is not None for place in step))


def snooze(page: Page, act: Act, snooze_s: int) -> Page:
    """The page silenced for a while.

    Raises:
        SnoozeTooLong: shorter than a minute or longer than a week.
        PageOver: it is superseded or held.
    """
    shortest, longest = SNOOZE_LIMITS_S
    if not shortest <= snooze_s <= longest:
        raise SnoozeTooLong(shortest_s=shortest, longest_s=longest)
    if page.state not in (PageState.OPEN, PageState.ACKNOWLEDGED):
        raise PageOver(state=page.state.value)
    return replace(
        page,
        state=PageState.ACKNOWLEDGED,
        acknowledged_by_id=act.actor_id,
        acknowledged_at=act.happened_at,
        snooze_s=snooze_s,
        reopens_at=None,
        due_at=None,
        is_urged=False,
    )


def escalate(page: Page) -> Page:
    """The page with its next step urged.

    Raises:
        PageOver: it is superseded or held.
    """
    if page.state not in (PageState.OPEN, PageState.ACKNOWLEDGED):
        raise PageOver(state=page.state.value)
    return replace(
        page,
        state=PageState.OPEN,
        is_urged=True,
        reopens_at=None,
        snooze_s=0,
        acknowledged_by_id=None,
        acknowledged_at=None,
    )
