"""The one table of a page's states. Rules, guards and tests read it."""

from dataclasses import dataclass

from services.paging.page import PageState
from services.people.person import AGENTS, Role

S = PageState
ASKING = AGENTS | {Role.ADMINISTRATOR, Role.MANAGER}
"""Who may ask for a page."""

ANSWERING = ASKING | {Role.COMMUNICATIONS_MANAGER}
"""Who may be called, and so answers."""

OWN_ACTS = frozenset({"FirePage", "AnswerPage"})
"""What the shared database does by itself: no command bears these names."""


COMMANDED = ("TakeCommand", "AcceptRole", "DemoteMajorIncident")
"""Acts after which nobody is wanted any more to take command of a major incident."""


@dataclass(frozen=True)
class PageTransition:
    """An act that may take a page from one state to another, and who may do it."""

    act: str
    start: PageState | None
    end: PageState
    roles: frozenset[Role] = ANSWERING


T = PageTransition
PAGE_TRANSITIONS: tuple[PageTransition, ...] = (
    T("PageTeam", None, S.OPEN, ASKING),
    T("PagePeople", None, S.OPEN, ASKING),
    T("EscalateToTeam", None, S.OPEN, ASKING),
    T("AcceptMajorIncident", None, S.OPEN, ASKING),
    T("AcknowledgePage", S.OPEN, S.ACKNOWLEDGED),
    T("SnoozePage", S.OPEN, S.ACKNOWLEDGED),
    T("EscalatePage", S.ACKNOWLEDGED, S.OPEN),
    T("WithdrawPage", S.OPEN, S.SUPERSEDED, ASKING),
    T("WithdrawPage", S.HELD, S.SUPERSEDED, ASKING),
    T("SendHeldPage", S.HELD, S.OPEN, ASKING),
    T("AcceptEscalation", S.OPEN, S.ACKNOWLEDGED),
    *(
        T(act, start, S.SUPERSEDED)
        for act in (
            *COMMANDED,
            "ResolveMajorIncident",
            "ResolveIncident",
            "CloseIncident",
            "CancelIncident",
            "EscalateToTeam",
            "RejectEscalation",
            "HandBackEscalation",
            "RecallEscalation",
            "AssignIncident",
            "UndoAct",
            "RecordImportedState",
            "RecordImportedAssignment",
            "CorrectImportedRecord",
        )
        for start in (S.OPEN, S.HELD)
    ),
)
