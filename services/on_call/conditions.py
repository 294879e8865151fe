"""Conditions that several commands share."""

from collections.abc import Iterable
from uuid import UUID

from services.on_call.act_errors import NotYoursToPlan, PersonRetired, RosterRetired
from services.on_call.permissions import Planner, planner_of
from services.on_call.roster import Roster
from services.people.person import Person, Team
from services.sync.changes import Act, State


def ensure_keeper(state: State, act: Act, *team_ids: UUID | None) -> Planner:
    """Let pass who keeps the rosters of all these teams.

    Raises:
        NotYoursToPlan: the actor does not.
    """
    planner = planner_of(state, act.actor_id)
    if not all(planner.may_keep(team_id) for team_id in team_ids):
        raise NotYoursToPlan()
    return planner


def ensure_people(state: State, person_ids: Iterable[UUID]) -> None:
    """Let pass people who can be on call.

    Raises:
        RecordMissing: one is not known.
        PersonRetired: one is no longer active.
    """
    for person_id in person_ids:
        person = state.get(Person, person_id)
        if not person.is_active:
            raise PersonRetired(name=person.name)


def ensure_team(state: State, team_id: UUID | None) -> None:
    """Let pass no team, or one that is known.

    Raises:
        RecordMissing: it is not known.
    """
    if team_id is not None:
        state.get(Team, team_id)


def active_roster(state: State, roster_id: UUID) -> Roster:
    """The roster, if it is in use.

    Raises:
        RecordMissing: it is not known.
        RosterRetired: it is not used any more.
    """
    roster = state.get(Roster, roster_id)
    if not roster.is_active:
        raise RosterRetired(roster=roster.name)
    return roster
