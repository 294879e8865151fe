"""What the person at the desk may do with a major incident now, and in words why not."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.core.records import is_known
from services.incidents.incident import OPEN_STATES, Incident
from services.incidents.read_models import ActPermission
from services.major_incidents.major import (
    HoldingState,
    MajorIncident,
    MajorState,
    ResponseRole,
    RoleHolding,
)
from services.major_incidents.transitions import COMMANDING, DECIDING, RESPONDING
from services.major_incidents.words import word_of
from services.people.person import AGENTS, Role

IN_CHARGE = frozenset({ResponseRole.INCIDENT_MANAGER, ResponseRole.DEPUTY})
"""Roles in the response whose holders resolve it."""

CHANGED_BY_NEWER = "This was changed by a newer Firstline; update to work on it"
ONLY_READS = "Your role takes no part in a response"
ONLY_DECIDERS = "Only an incident manager, a manager or an administrator may"

_ANY_TIME = (
    *("WriteEntry", "ChangeEntry", "RemoveEntry", "AnswerAssessment", "SetImpactTimes"),
    *("WriteDocumentEntry", "ChangeDocumentEntry", "RemoveDocumentEntry"),
)
_WHILE_ACCEPTED = (
    *("OfferRole", "AddWorkStream", "ChangeWorkStream", "EndWorkStream"),
    *("AddChannel", "ChangeChannel", "RemoveChannel", "SetPhase", "SteerReplay"),
)
_OF_INCIDENT = ("AddSupportCase", "RemoveSupportCase", "AddChangeEvent", "RemoveChangeEvent")


@dataclass(frozen=True, slots=True)
class Standing:
    """An incident, its procedure, the roles in it, and the person who looks at them."""

    incident: Incident
    major: MajorIncident | None
    holdings: tuple[RoleHolding, ...]
    person_id: UUID
    roles: frozenset[Role]

    @property
    def manager(self) -> RoleHolding | None:
        """The incident manager in charge."""
        return manager_of(self.holdings)


def manager_of(holdings: tuple[RoleHolding, ...]) -> RoleHolding | None:
    """The holding of the incident manager in charge; None while nobody is."""
    return next(
        (
            h
            for h in holdings
            if h.role is ResponseRole.INCIDENT_MANAGER and h.state is HoldingState.HELD
        ),
        None,
    )


def is_in_charge(
    holdings: tuple[RoleHolding, ...], person_id: UUID, roles: frozenset[Role]
) -> bool:
    """Whether the person leads this response, or may because of their role in the house."""
    held = (h for h in holdings if h.state is HoldingState.HELD and h.person_id == person_id)
    return bool(roles & COMMANDING) or any(h.role in IN_CHARGE for h in held)


def permissions(standing: Standing) -> tuple[ActPermission, ...]:
    """Every act on this major incident with whether it may be done now."""
    reasons = {act: _responding(standing) for act in _OF_INCIDENT}
    reasons |= {act: _at(standing) or _responding(standing) for act in _ANY_TIME}
    reasons |= {
        act: _at(standing, MajorState.ACCEPTED) or _responding(standing) for act in _WHILE_ACCEPTED
    }
    reasons |= {act: rule(standing) for act, rule in _OTHERS.items()}
    if standing.major is not None and not is_known(standing.major.state):
        reasons = dict.fromkeys(reasons, CHANGED_BY_NEWER)
    return tuple(ActPermission(act, not reason, reason) for act, reason in reasons.items())


def _responding(standing: Standing) -> str:
    return "" if standing.roles & RESPONDING else ONLY_READS


def _deciding(standing: Standing) -> str:
    return "" if standing.roles & DECIDING else ONLY_DECIDERS


def _at(standing: Standing, *wanted: MajorState) -> str:
    if standing.major is None:
        return "It is not handled as a major incident"
    if wanted and standing.major.state not in wanted:
        return f"The major incident is {word_of(standing.major.state).lower()}"
    return ""


def why_not_proposed(incident: Incident, state: MajorState | None, roles: frozenset[Role]) -> str:
    """Why an incident cannot be proposed as major, or empty; ``state`` is None while it is none."""
    if incident.state not in OPEN_STATES:
        return f"It is {incident.state.value.replace('_', ' ')}"
    if state not in (None, MajorState.REJECTED, MajorState.DEMOTED):
        return f"The major incident is {word_of(state).lower()}"
    return "" if roles & RESPONDING else ONLY_READS


def _propose(standing: Standing) -> str:
    state = standing.major.state if standing.major is not None else None
    return why_not_proposed(standing.incident, state, standing.roles)


def _decide(wanted: MajorState) -> Callable[[Standing], str]:
    return lambda standing: _at(standing, wanted) or _deciding(standing)


def _take_command(standing: Standing) -> str:
    if standing.manager is not None:
        return "Somebody is the incident manager; ask to be offered the role"
    if not standing.roles & COMMANDING:
        return "Only an incident manager may"
    return _at(standing, MajorState.ACCEPTED)


def _resolve(standing: Standing) -> str:
    if not is_in_charge(standing.holdings, standing.person_id, standing.roles):
        return "Only who is in charge of the response may"
    if not standing.roles & AGENTS:
        return "Your role only reads incidents"
    return _at(standing, MajorState.ACCEPTED)


def _review(standing: Standing) -> str:
    major = standing.major
    if major is not None and standing.person_id == major.review_owner_id:
        return _at(standing, MajorState.RESOLVED) or _responding(standing)
    return _at(standing, MajorState.RESOLVED) or _deciding(standing)


_OTHERS: dict[str, Callable[[Standing], str]] = {
    "ProposeMajorIncident": _propose,
    "AcceptMajorIncident": _decide(MajorState.PROPOSED),
    "RejectMajorIncident": _decide(MajorState.PROPOSED),
    "DemoteMajorIncident": _decide(MajorState.ACCEPTED),
    "TakeCommand": _take_command,
    "ResolveMajorIncident": _resolve,
    "ReviewMajorIncident": _review,
    "StartDrill": _deciding,
}
