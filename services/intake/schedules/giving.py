"""A draft becomes records by the ordinary commands, all of them or none.

Every command is decided by its own rule before the first one is submitted, and all are submitted as
one transaction.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.core.clock import MICROSECOND, Clock
from services.core.ids import new_id
from services.intake.schedules.draft import ScheduleDraft
from services.intake.schedules.errors import ScheduleRefused, ScheduleRosterTaken
from services.intake.working_state import WorkingState
from services.on_call.acts import AddOverride, AddRoster, AddRotation
from services.on_call.roster import Roster
from services.sync.changes import write_set
from services.sync.envelope import CommandFunction, seal
from services.sync.shared import (
    ClientIdentity,
    Introduction,
    Outcome,
    SharedDatabase,
    Submission,
)


@dataclass(frozen=True, kw_only=True)
class Giver:
    """Who gives the commands of an import, as which client, and what the rules read.

    ``next_seq`` is the first number that this client has not used.
    """

    identity: ClientIdentity
    actor_id: UUID
    next_seq: int
    state: WorkingState
    functions: Mapping[str, CommandFunction]
    clock: Clock


def give(drafts: Iterable[ScheduleDraft], giver: Giver, shared: SharedDatabase) -> int:
    """Write what the drafts hold; returns how many commands that took.

    Raises:
        ScheduleRosterTaken: a roster of this name is there already; nothing was written.
        ScheduleRefused: the shared database refused; tells how far it came.
        AppError: a rule refused; nothing was written.
    """
    commands = [command for draft in drafts for command in commands_of(draft)]
    for command in commands:
        if isinstance(command, AddRoster) and giver.state.find(Roster, name=command.name):
            raise ScheduleRosterTaken(name=command.name)
    submissions = list(_decided(commands, giver))
    shared.hello(Introduction(giver.identity))
    decisions = shared.submit(giver.identity, submissions)
    applied = sum(one.outcome is Outcome.APPLIED for one in decisions)
    if applied < len(submissions):
        code = next((one.code for one in decisions if one.outcome is not Outcome.APPLIED), "")
        raise ScheduleRefused(code=code, applied=applied, total=len(submissions))
    return applied


def commands_of(draft: ScheduleDraft) -> Iterator[object]:
    """What makes the records of a draft, in the order in which they need each other."""
    for roster in draft.rosters:
        yield AddRoster(
            roster_id=roster.id,
            name=roster.name,
            time_zone=roster.time_zone,
            team_id=roster.team_id,
        )
    for rotation in draft.rotations:
        yield AddRotation(
            rotation_id=rotation.id,
            roster_id=rotation.roster_id,
            name=rotation.name,
            person_ids=rotation.person_ids,
            starts_at_local=rotation.starts_at_local,
            ends_at_local=rotation.ends_at_local,
            layer=rotation.layer,
            unit=rotation.unit,
            length=rotation.length,
            restriction=rotation.restriction,
        )
    for override in draft.overrides:
        yield AddOverride(
            override_id=override.id,
            roster_id=override.roster_id,
            kind=override.kind,
            person_id=override.person_id,
            replaced_person_id=override.replaced_person_id,
            starts_at=override.starts_at,
            ends_at=override.ends_at,
            reason=override.reason,
        )


def _decided(commands: Iterable[object], giver: Giver) -> Iterator[Submission]:
    now = giver.clock.now()
    for number, command in enumerate(commands):
        # The override made last wins, so each has a moment of its own.
        moment = now + number * MICROSECOND
        envelope = seal(
            command, command_id=new_id(moment), actor_id=giver.actor_id, happened_at=moment
        )
        changes = giver.functions[envelope.name](giver.state, envelope.act, command)
        giver.state.take(changes)
        yield Submission(giver.next_seq + number, envelope, write_set(changes))
