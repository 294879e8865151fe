"""What the dialogs of the rota offer: people, rosters, shifts and time off."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from desktop.presenters import on_call_words as words
from desktop.presenters.on_call_commands import shifts_within
from desktop.presenters.on_call_page import Sight
from desktop.views.on_call.forms import PersonChoice, RosterChoice, ShiftChoice, TimeOffChoice
from services.on_call.roster import Roster


def rosters_for(sight: Sight) -> list[RosterChoice]:
    """Rosters in use, each with the people the viewer may put on call there."""
    return [
        RosterChoice(roster.id, roster.name, tuple(_may_come(sight, roster)))
        for roster in sight.rosters
    ]


def _may_come(sight: Sight, roster: Roster) -> list[PersonChoice]:
    if sight.planner.may_plan_for_others(roster):
        return [_you(sight), *people_for(sight, roster)]
    return [_you(sight)]


def _you(sight: Sight) -> PersonChoice:
    return PersonChoice(sight.viewer_id, sight.person(sight.viewer_id), "you")


def people_for(sight: Sight, roster: Roster | None) -> list[PersonChoice]:
    """For a roster: everybody else who may be on call, its own people first.

    For time off: the viewer, and everybody else where the viewer keeps the rosters.
    """
    others = [p for p in sight.names.agents if p.id != sight.viewer_id]
    if roster is None:
        found = [PersonChoice(p.id, p.name) for p in others] if sight.planner.is_keeper else []
        return [_you(sight), *found]
    turns = {
        person_id
        for rotation in sight.book.rotations_of(roster.id)
        for person_id in rotation.person_ids
    }
    team = {p.id for p in sight.names.members_of(roster.team_id)} if roster.team_id else set()
    own = turns | team
    first = [PersonChoice(p.id, p.name, _teams(sight, p.id)) for p in others if p.id in own]
    rest = [PersonChoice(p.id, p.name, _teams(sight, p.id)) for p in others if p.id not in own]
    return [*first, *rest]


def _teams(sight: Sight, person_id: UUID) -> str:
    return ", ".join(sorted(sight.names.team(id_) for id_ in sight.names.teams_of(person_id)))


def who_is_planned(
    sight: Sight, roster_id: UUID, is_backup: bool, starts_at: datetime, ends_at: datetime
) -> Sequence[PersonChoice]:
    """Who is on call in a lane of a roster between two moments, in order."""
    found = shifts_within(sight.book, roster_id, starts_at, ends_at, is_backup=is_backup)
    people = dict.fromkeys(shift.person_id for shift in found)
    return [PersonChoice(id_, sight.person(id_), _teams(sight, id_)) for id_ in people]


def shifts_of_others(sight: Sight, roster_id: UUID, *, is_backup: bool) -> list[ShiftChoice]:
    """Coming shifts of a lane that the viewer does not have."""
    return [
        ShiftChoice(
            one.person_id,
            one.starts_at,
            one.ends_at,
            words.span(one.starts_at, one.ends_at, sight.zone),
        )
        for one in sight.book.shifts_of(roster_id)
        if one.is_backup is is_backup
        and one.starts_at > sight.now
        and one.person_id != sight.viewer_id
    ]


def planned_time_off(sight: Sight) -> list[TimeOffChoice]:
    """Time off that is not over and that the viewer may cancel, soonest first."""
    found = [
        one
        for one in sight.book.time_off
        if not one.is_cancelled
        and one.ends_at > sight.now
        and sight.planner.may_record_time_off(one.person_id)
    ]
    found.sort(key=lambda one: one.starts_at)
    return [
        TimeOffChoice(
            one.id,
            f"{sight.person(one.person_id)}, {words.span(one.starts_at, one.ends_at, sight.zone)}",
        )
        for one in found
    ]
