"""Who holds which role: pure functions over the holdings of one response."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.core.text import clean_line, clean_text, limit_of, require
from services.major_incidents.acts import OfferRole
from services.major_incidents.errors import (
    CommandHeld,
    CommandStays,
    NotInCharge,
    RoleMovedOn,
    RoleNotYours,
)
from services.major_incidents.major import (
    HoldingState,
    MajorIncident,
    ResponseRole,
    RoleHolding,
)
from services.major_incidents.permissions import is_in_charge, manager_of
from services.major_incidents.transitions import DECIDING
from services.people.person import Role
from services.sync.changes import Act

Holdings = tuple[RoleHolding, ...]
MANAGER = ResponseRole.INCIDENT_MANAGER
UNDER_WAY = (HoldingState.OFFERED, HoldingState.HELD)


def taken(major: MajorIncident, holdings: Holdings, holding_id: UUID, act: Act) -> RoleHolding:
    """The command taken by the actor.

    Raises:
        CommandHeld: somebody has it.
    """
    if manager_of(holdings) is not None:
        raise CommandHeld()
    return RoleHolding(
        id=holding_id,
        major_id=major.id,
        incident_id=major.incident_id,
        role=MANAGER,
        person_id=act.actor_id,
        state=HoldingState.HELD,
        offered_by_id=act.actor_id,
        offered_at=act.happened_at,
        accepted_at=act.happened_at,
    )


def offered(
    major: MajorIncident, holdings: Holdings, command: OfferRole, act: Act, roles: frozenset[Role]
) -> RoleHolding:
    """A role that waits to be accepted; that of the incident manager relieves who has it.

    Raises:
        NotInCharge: the command is not the actor's to give.
        FieldMissing: an own role without a name.
        RoleMovedOn: who is to be relieved does not hold the role.
    """
    title = clean_line(command.title, limit_of("title"), field="title")
    relieves_id = command.relieves_id
    if command.role is ResponseRole.OWN:
        require("title", title)
    if command.role is MANAGER:
        if not (is_in_charge(holdings, act.actor_id, roles) or roles & DECIDING):
            raise NotInCharge()
        held = manager_of(holdings)
        relieves_id = held.id if held else None
    elif relieves_id is not None:
        relieved = next((h for h in holdings if h.id == relieves_id), None)
        if relieved is None or relieved.state is not HoldingState.HELD:
            raise RoleMovedOn(state=relieved.state.value if relieved else "gone")
    return RoleHolding(
        id=command.holding_id,
        major_id=major.id,
        incident_id=major.incident_id,
        role=command.role,
        title=title,
        duties=clean_text(command.duties, field="duties"),
        person_id=command.person_id,
        work_stream_id=command.work_stream_id,
        offered_by_id=act.actor_id,
        offered_at=act.happened_at,
        relieves_id=relieves_id,
        handover=clean_text(command.handover, field="handover"),
    )


def accepted(
    holding: RoleHolding, holdings: Holdings, act: Act
) -> tuple[RoleHolding, RoleHolding | None]:
    """The role held, and who goes by that, ended before it; None where nobody does.

    Raises:
        RoleMovedOn: it is not offered any more.
        RoleNotYours: it was offered to somebody else.
    """
    _ensure_offered_to(holding, act)
    relieved = next((h for h in holdings if h.id == holding.relieves_id), None)
    if holding.role is MANAGER:
        relieved = manager_of(holdings)
    goes = relieved is not None and relieved.state is HoldingState.HELD
    taken_over = replace(holding, state=HoldingState.HELD, accepted_at=act.happened_at)
    return taken_over, ended(relieved, act, "relieved") if goes and relieved else None


def declined(holding: RoleHolding, act: Act, remark: str) -> RoleHolding:
    """The role refused.

    Raises:
        RoleMovedOn: it is not offered any more.
        RoleNotYours: it was offered to somebody else.
    """
    _ensure_offered_to(holding, act)
    return replace(ended(holding, act, remark), state=HoldingState.DECLINED)


def laid_down(
    holding: RoleHolding, holdings: Holdings, act: Act, remark: str, roles: frozenset[Role]
) -> RoleHolding:
    """The role ended, or the offer taken back.

    Raises:
        RoleMovedOn: it has ended.
        CommandStays: the incident manager in charge only hands over.
        NotInCharge: it is somebody else's, and the actor does not lead the response.
    """
    if holding.state not in UNDER_WAY:
        raise RoleMovedOn(state=holding.state.value)
    if holding.role is MANAGER and holding.state is HoldingState.HELD:
        raise CommandStays()
    is_own = act.actor_id in (holding.person_id, holding.offered_by_id)
    if not (is_own or is_in_charge(holdings, act.actor_id, roles) or roles & DECIDING):
        raise NotInCharge()
    return ended(holding, act, remark)


def ended(holding: RoleHolding, act: Act, remark: str) -> RoleHolding:
    """The role at its end."""
    return replace(
        holding,
        state=HoldingState.ENDED,
        ended_at=act.happened_at,
        end_remark=clean_text(remark, field="remark"),
    )


def all_ended(
    holdings: Sequence[RoleHolding], act: Act, remark: str
) -> list[tuple[RoleHolding, RoleHolding]]:
    """Whatever is offered or held, before and after, as the response ends."""
    return [(h, ended(h, act, remark)) for h in holdings if h.state in UNDER_WAY]


def _ensure_offered_to(holding: RoleHolding, act: Act) -> None:
    if holding.state is not HoldingState.OFFERED:
        raise RoleMovedOn(state=holding.state.value)
    if holding.person_id != act.actor_id:
        raise RoleNotYours()
