"""The tables of states of major incidents and roles. Rules, guards, screens and tests read them."""

from dataclasses import dataclass

from services.major_incidents.major import HoldingState, MajorState
from services.people.person import AGENTS, Role

DECIDING = frozenset({Role.INCIDENT_MANAGER, Role.MANAGER, Role.ADMINISTRATOR})
"""Who decides whether an incident is major, and may relieve whoever is in command."""

RESPONDING = AGENTS | {Role.MANAGER, Role.ADMINISTRATOR, Role.COMMUNICATIONS_MANAGER}
"""Who takes part in a response."""

COMMANDING = frozenset({Role.INCIDENT_MANAGER})

BY_RULE = ("LogIncident", "ChangeSeverity", "PrioritiseIncident", "LinkToParent", "AddSupportCase")
"""Acts that may make an incident one that should be major."""

LEAVING = ("CancelIncident", "RecordImportedState")
"""Acts after which an incident is neither open nor resolved."""


@dataclass(frozen=True)
class MajorTransition:
    """An act that may take the procedure from one state to another, and who may do it."""

    act: str
    start: MajorState | None
    end: MajorState
    roles: frozenset[Role] = RESPONDING


@dataclass(frozen=True)
class HoldingTransition:
    """An act that may take a role from one state to another, and who may do it."""

    act: str
    start: HoldingState | None
    end: HoldingState
    roles: frozenset[Role] = RESPONDING


M, T = MajorState, MajorTransition
MAJOR_TRANSITIONS: tuple[MajorTransition, ...] = (
    *(
        T(act, start, M.PROPOSED)
        for act in ("ProposeMajorIncident", *BY_RULE)
        for start in (None, M.REJECTED, M.DEMOTED)
    ),
    T("AcceptMajorIncident", M.PROPOSED, M.ACCEPTED, DECIDING),
    T("RejectMajorIncident", M.PROPOSED, M.REJECTED, DECIDING),
    T("DemoteMajorIncident", M.ACCEPTED, M.DEMOTED, DECIDING),
    T("StartDrill", None, M.ACCEPTED, DECIDING),
    T("ResolveMajorIncident", M.ACCEPTED, M.RESOLVED, AGENTS),
    T("ReviewMajorIncident", M.RESOLVED, M.REVIEWED),
    T("ReopenIncident", M.RESOLVED, M.ACCEPTED),
    T("UndoAct", M.RESOLVED, M.ACCEPTED),
    *(T(act, M.PROPOSED, M.DEMOTED) for act in (*LEAVING, "ResolveIncident", "UndoAct")),
    *(T(act, M.ACCEPTED, M.DEMOTED) for act in LEAVING),
    T("ResolveMajorIncident", M.PROPOSED, M.DEMOTED, AGENTS),
)

H, R = HoldingState, HoldingTransition
HOLDING_TRANSITIONS: tuple[HoldingTransition, ...] = (
    R("OfferRole", None, H.OFFERED),
    R("TakeCommand", None, H.HELD, COMMANDING),
    R("AcceptRole", H.OFFERED, H.HELD),
    R("AcceptRole", H.HELD, H.ENDED),
    R("DeclineRole", H.OFFERED, H.DECLINED),
    R("EndRole", H.OFFERED, H.ENDED),
    R("EndRole", H.HELD, H.ENDED),
    *(
        R(act, start, H.ENDED)
        for act in ("DemoteMajorIncident", "ResolveMajorIncident", *LEAVING)
        for start in (H.OFFERED, H.HELD)
    ),
    R("UndoAct", H.ENDED, H.HELD),
    R("UndoAct", H.ENDED, H.OFFERED),
)


def major_roles_for(act: str, start: MajorState | None, end: MajorState) -> frozenset[Role]:
    """Roles that may make this change; empty when nobody may."""
    return frozenset(
        role
        for t in MAJOR_TRANSITIONS
        if (t.act, t.start, t.end) == (act, start, end)
        for role in t.roles
    )
