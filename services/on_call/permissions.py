"""Who may plan who is on call, for rules and for screens."""

from dataclasses import dataclass
from uuid import UUID

from services.on_call.roster import Override, OverrideKind, Roster, ShiftSwap, SwapState
from services.people.person import Role, Team, TeamMember
from services.people.roles import roles_of
from services.sync.changes import State

KEEPERS = frozenset({Role.ADMINISTRATOR, Role.MANAGER, Role.INCIDENT_MANAGER})
"""Roles that keep every roster, and all policies."""

STAFF = frozenset(Role) - {Role.DISPATCHER}
"""Roles of people who may be on call; each decides about their own shifts."""


@dataclass(frozen=True, slots=True)
class Planner:
    """A person who would plan, with all that decides what they may.

    ``led_team_ids`` are teams they lead, ``team_ids`` teams they work in.
    """

    person_id: UUID
    roles: frozenset[Role]
    team_ids: frozenset[UUID]
    led_team_ids: frozenset[UUID]

    @property
    def is_keeper(self) -> bool:
        """Whether they keep every roster."""
        return bool(self.roles & KEEPERS)

    def may_keep(self, team_id: UUID | None) -> bool:
        """Whether they may change rosters of a team: what its rotations and holidays are."""
        return self.is_keeper or team_id in self.led_team_ids

    def may_plan_for_others(self, roster: Roster) -> bool:
        """Whether they may put others on call, or take them off."""
        return self.may_keep(roster.team_id) or roster.team_id in self.team_ids

    def may_plan(self, roster: Roster, override: Override) -> bool:
        """Whether they may make this exception; who puts only themselves on call may."""
        comes = override.person_id == self.person_id and override.kind is not OverrideKind.REMOVE
        return comes or self.may_plan_for_others(roster)

    def may_cancel(self, roster: Roster, override: Override) -> bool:
        """Whether they may take an exception back, or let it hold again."""
        is_own = self.person_id in (override.created_by_id, override.person_id)
        return is_own or self.may_plan_for_others(roster)

    def may_record_time_off(self, person_id: UUID) -> bool:
        """Whether they may say when a person has time off."""
        return person_id == self.person_id or self.is_keeper

    def may_answer(self, swap: ShiftSwap) -> bool:
        """Whether an offer to swap is theirs to accept."""
        if swap.offered_by_id == self.person_id:
            return False
        return swap.to_person_id in (None, self.person_id)

    def may_withdraw(self, swap: ShiftSwap) -> bool:
        """Whether they may end an offer, or undo a swap that was taken."""
        if self.is_keeper or swap.offered_by_id == self.person_id:
            return True
        return swap.state is SwapState.ACCEPTED and swap.accepted_by_id == self.person_id


def planner_of(state: State, person_id: UUID) -> Planner:
    """What decides what a person may plan."""
    places = state.find(TeamMember, person_id=person_id, is_active=True)
    led = state.find(Team, lead_id=person_id, is_active=True)
    return Planner(
        person_id=person_id,
        roles=roles_of(state, person_id),
        team_ids=frozenset(place.team_id for place in places),
        led_team_ids=frozenset(team.id for team in led),
    )
