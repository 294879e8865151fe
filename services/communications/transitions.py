"""The one table of an update's states. Rules, guards and tests read it."""

from dataclasses import dataclass

from services.communications.status_page import Audience
from services.communications.status_update import UpdateState
from services.people.person import AGENTS, Role

S = UpdateState
WRITING = AGENTS | {Role.COMMUNICATIONS_MANAGER}
"""Who may write and review updates."""

SENDING = frozenset({Role.SERVICE_DESK, Role.INCIDENT_MANAGER, Role.COMMUNICATIONS_MANAGER})
"""Who may send them to staff."""

SENDING_OUTSIDE = frozenset({Role.INCIDENT_MANAGER, Role.COMMUNICATIONS_MANAGER})
"""Who may send them to customers."""

KEEPING = frozenset({Role.ADMINISTRATOR, Role.COMMUNICATIONS_MANAGER})
"""Who keeps status pages, what they reach, plans and templates."""

OWN_ACTS = frozenset({"FireUpdate"})
"""What the shared database does by itself: no command bears these names."""


def senders(audience: Audience) -> frozenset[Role]:
    """Who may send an update to an audience."""
    return SENDING_OUTSIDE if audience is Audience.EXTERNAL else SENDING


@dataclass(frozen=True)
class UpdateTransition:
    """An act that may take an update from one state to another, and who may do it."""

    act: str
    start: UpdateState | None
    end: UpdateState
    roles: frozenset[Role] = WRITING


T = UpdateTransition
UPDATE_TRANSITIONS: tuple[UpdateTransition, ...] = (
    T("DraftUpdate", None, S.DRAFT),
    T("CorrectUpdate", None, S.DRAFT),
    T("AskForReview", S.DRAFT, S.IN_REVIEW),
    T("ReviewUpdate", S.IN_REVIEW, S.DRAFT),
    T("ChangeDraft", S.IN_REVIEW, S.DRAFT),
    T("SendUpdate", S.DRAFT, S.QUEUED, SENDING),
    T("SendUpdate", S.IN_REVIEW, S.QUEUED, SENDING),
    T("SendHeldUpdate", S.HELD, S.QUEUED, SENDING),
    T("WithdrawUpdate", S.DRAFT, S.WITHDRAWN),
    T("WithdrawUpdate", S.IN_REVIEW, S.WITHDRAWN),
    T("WithdrawUpdate", S.QUEUED, S.WITHDRAWN),
    T("WithdrawUpdate", S.HELD, S.WITHDRAWN),
    T("UndoAct", S.QUEUED, S.WITHDRAWN),
    T("UndoAct", S.HELD, S.WITHDRAWN),
)
