"""What the simulator tells of one policy, from the book of whom pages call. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from services.on_call.policy import EscalationPolicy, EscalationStep
from services.on_call.roster import Roster
from services.on_call.simulation import outlook, simulate
from services.on_call.waking import WakingBook
from services.on_call.wall_clock import wall_clock, zone_version
from services.reports.simulation_words import Simulated

ROOM: Final = timedelta(days=2)
"""So much more of a book is needed before and after what is looked at: a page goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page that starts at ``at``, and so much time ahead of it; who asks, and when."""

    policy: EscalationPolicy
    at: datetime
    ahead: timedelta
    by: str
    asked_at: datetime


def simulated(
    asked: Asked, book: WakingBook, people: Mapping[UUID, str], destinations: Mapping[UUID, str]
) -> Simulated:
    """All that is told; ``people`` and ``destinations`` are names by id."""
    return Simulated(
        policy=asked.policy,
        at=asked.at,
        calls=simulate(book, asked.policy, asked.at),
        outlook=outlook(book, asked.policy, asked.at, asked.at + asked.ahead),
        people=people,
        rosters={roster.id: roster.name for roster in book.rosters},
        destinations=destinations,
        zone=zone_of_policy(asked.policy, book.steps, book.rosters),
        zone_version=zone_version(),
        computed_at=asked.asked_at,
        by=asked.by,
    )


def zone_of_policy(
    policy: EscalationPolicy, steps: Iterable[EscalationStep], rosters: Iterable[Roster]
) -> ZoneInfo:
    """The zone of the first roster that the policy calls, else of its business hours."""
    mine = (step for step in steps if step.policy_id == policy.id and step.is_active)
    ordered, every = sorted(mine, key=lambda step: step.position), tuple(rosters)
    by_id = {roster.id: roster.time_zone for roster in every}
    named = [by_id[id_] for step in ordered for id_ in step.roster_ids if id_ in by_id]
    teams = {id_ for step in ordered for id_ in step.team_ids} | {policy.team_id}
    named += [one.time_zone for one in every if one.team_id and one.team_id in teams]
    named += [one.time_zone for one in every if one.is_catch_all and one.is_active]
    return wall_clock(named[0] if named else policy.time_zone).zone
