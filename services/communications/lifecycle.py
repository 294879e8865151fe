"""What an update may do by command: pure functions.

What it does by itself, the shared database does (``services/communications/statements.py``).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from services.communications import acts
from services.communications.cadence import fresh_for
from services.communications.checks import Known
from services.communications.errors import (
    OwnWords,
    PageRetired,
    ReviewNeeded,
    ToldInFuture,
    UpdateMoved,
)
from services.communications.message import message_of, message_text, states_of
from services.communications.status_page import CommunicationPlan, StatusComponent, StatusPage
from services.communications.status_update import StatusUpdate, UpdateState
from services.core.text import Limit, clean_line, clean_text, limit_of
from services.incidents.conditions import ensure_seen
from services.major_incidents.major import MajorIncident
from services.sync.changes import Act

HOLD_LIMIT_S: Final = 60
"""A sender may think again for so long at most, in seconds."""

_S = UpdateState
_UNSENT = (_S.DRAFT, _S.IN_REVIEW, _S.QUEUED, _S.HELD)


def drafted(
    act: Act, command: acts.DraftUpdate, page: StatusPage, major: MajorIncident | None
) -> StatusUpdate:
    """A new draft.

    Raises:
        PageRetired: nothing is told on the page any more.
        ToldInFuture: it claims to be of a moment to come.
        InvalidText: a text is too long or cannot be stored.
        StatesUnreadable: the states of components are none.
    """
    update = StatusUpdate(
        id=command.update_id,
        incident_id=command.incident_id,
        major_id=major.id if major else None,
        page_id=page.id,
        audience=page.audience,
        moment=command.moment,
        phase=command.phase,
        written_by_id=act.actor_id,
        written_at=act.happened_at,
        is_notifying=command.is_notifying,
    )
    return _worded(update, command, act, page)


def corrected(
    act: Act, command: acts.CorrectUpdate, sent: StatusUpdate, page: StatusPage
) -> StatusUpdate:
    """A draft that corrects what was sent.

    Raises:
        UpdateMoved: it was not sent.
        PageRetired: nothing is told on the page any more.
        ToldInFuture: it claims to be of a moment to come.
        InvalidText: a text is too long or cannot be stored.
        StatesUnreadable: the states of components are none.
    """
    _ensure_state(sent, _S.SENT)
    update = StatusUpdate(
        id=command.update_id,
        incident_id=sent.incident_id,
        major_id=sent.major_id,
        page_id=sent.page_id,
        audience=sent.audience,
        moment=sent.moment,
        phase=command.phase,
        written_by_id=act.actor_id,
        written_at=act.happened_at,
        is_notifying=command.is_notifying,
        replaces_id=sent.id,
    )
    return _worded(update, command, act, page)


def changed(
    update: StatusUpdate, command: acts.ChangeDraft, act: Act, page: StatusPage
) -> StatusUpdate:
    """Other words, by whoever writes them; they have to be reviewed anew.

    Raises:
        UpdateMoved: it is no draft any more.
        ChangedMeanwhile: somebody else wrote other words.
        PageRetired: nothing is told on the page any more.
        ToldInFuture: it claims to be of a moment to come.
        InvalidText: a text is too long or cannot be stored.
        StatesUnreadable: the states of components are none.
    """
    _ensure_state(update, _S.DRAFT, _S.IN_REVIEW)
    _ensure_words(update, command.seen_written_at)
    after = replace(
        update,
        state=_S.DRAFT,
        moment=command.moment,
        phase=command.phase,
        is_notifying=command.is_notifying,
        written_by_id=act.actor_id,
        written_at=act.happened_at,
        review_asked_of_id=None,
        reviewed_by_id=None,
        reviewed_at=None,
    )
    return _worded(after, command, act, page)


def _worded(
    update: StatusUpdate,
    given: acts.DraftUpdate | acts.CorrectUpdate | acts.ChangeDraft,
    act: Act,
    page: StatusPage,
) -> StatusUpdate:
    if not page.is_active:
        raise PageRetired()
    if given.told_at is not None and given.told_at > act.happened_at:
        raise ToldInFuture()
    states_of(given.component_states)
    limit = limit_of("summary", StatusUpdate.TABLE)
    return replace(
        update,
        subject=clean_line(given.subject, limit, field="subject"),
        summary=clean_text(given.summary, limit, field="summary"),
        current_status=clean_text(given.current_status, limit, field="current status"),
        next_steps=clean_text(given.next_steps, limit, field="next steps"),
        next_update_at=given.next_update_at,
        next_update_where=clean_line(given.next_update_where, Limit.LINE, field="next update"),
        component_states=clean_text(given.component_states, field="components"),
        is_cause_released=given.is_cause_released,
        told_at=given.told_at,
    )


def ask_for_review(update: StatusUpdate, command: acts.AskForReview) -> StatusUpdate:
    """The draft, waiting for a second pair of eyes.

    Raises:
        UpdateMoved: it is no draft.
        ChangedMeanwhile: somebody else wrote other words.
        OwnWords: the person asked wrote them.
    """
    _ensure_state(update, _S.DRAFT)
    _ensure_words(update, command.seen_written_at)
    if command.reviewer_id == update.written_by_id:
        raise OwnWords()
    return replace(update, state=_S.IN_REVIEW, review_asked_of_id=command.reviewer_id)


def reviewed(update: StatusUpdate, command: acts.ReviewUpdate, act: Act) -> StatusUpdate:
    """The update as read by another person: passed, or given back as a draft.

    Raises:
        UpdateMoved: nobody asked for a review.
        ChangedMeanwhile: somebody wrote other words meanwhile.
        OwnWords: it is reviewed by whoever wrote it.
    """
    _ensure_state(update, _S.IN_REVIEW)
    _ensure_words(update, command.seen_written_at)
    if act.actor_id == update.written_by_id:
        raise OwnWords()
    remark = clean_text(command.remark, field="remark")
    if not command.is_passed:
        return replace(
            update,
            state=_S.DRAFT,
            review_asked_of_id=None,
            reviewed_by_id=None,
            reviewed_at=None,
            review_remark=remark,
        )
    return replace(
        update,
        reviewed_by_id=act.actor_id,
        reviewed_at=act.happened_at,
        review_remark=remark,
    )


def queued(
    update: StatusUpdate,
    command: acts.SendUpdate,
    act: Act,
    page: StatusPage,
    known: Known,
    components: Iterable[StatusComponent],
    plan: CommunicationPlan | None,
    major: MajorIncident | None,
) -> StatusUpdate:
    """The update on its way, as it will leave.

    Raises:
        UpdateMoved: it was sent or withdrawn.
        ChangedMeanwhile: somebody wrote other words meanwhile.
        PageRetired: nothing is told on the page any more.
        ReviewNeeded: the page needs a second pair of eyes.
        UpdateNotFit: its words must not leave like this.
        InvalidText: it is too long as a whole.
    """
    _ensure_state(update, _S.DRAFT, _S.IN_REVIEW)
    _ensure_words(update, command.seen_written_at)
    if not page.is_active:
        raise PageRetired()
    if page.is_review_required and update.reviewed_by_id is None:
        raise ReviewNeeded()
    hold = timedelta(seconds=min(max(command.hold_s, 0), HOLD_LIMIT_S))
    after = replace(update, is_notifying=command.is_notifying)
    text = message_text(message_of(after, known, components))
    return replace(
        after,
        state=_S.QUEUED,
        queued_by_id=act.actor_id,
        queued_at=act.happened_at,
        message=clean_text(text, field="update"),
        hold_until=act.happened_at + hold,
        fresh_until=act.happened_at + hold + fresh_for(major, plan, act.happened_at),
    )


def withdrawn(update: StatusUpdate) -> StatusUpdate:
    """The update, never to leave.

    Raises:
        UpdateMoved: it was sent or withdrawn.
    """
    _ensure_state(update, *_UNSENT)
    return replace(update, state=_S.WITHDRAWN)


def send_held(update: StatusUpdate) -> StatusUpdate:
    """A held update that a person has looked at; it goes out as it is.

    Raises:
        UpdateMoved: it is not held.
    """
    _ensure_state(update, _S.HELD)
    return replace(update, state=_S.QUEUED, hold_until=None, fresh_until=None)


def _ensure_state(update: StatusUpdate, *states: UpdateState) -> None:
    if update.state not in states:
        raise UpdateMoved(state=update.state.value.replace("_", " "))


def _ensure_words(update: StatusUpdate, seen_written_at: object) -> None:
    ensure_seen("summary", seen_written_at, update.written_at, None)
