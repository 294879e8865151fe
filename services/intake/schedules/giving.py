"""A draft becomes records by the ordinary commands, all of them or none.

Every command is decided by its own rule before the first one is submitted, and all are submitted as
one transaction.
"""

from collections.abc import Iterable, Iterator

from services.intake.giving import Giver, decided
from services.intake.schedules.draft import ScheduleDraft
from services.intake.schedules.errors import ScheduleRefused, ScheduleRosterTaken
from services.on_call.acts import AddOverride, AddRoster, AddRotation
from services.on_call.roster import Roster
from services.sync.shared import Introduction, Outcome, SharedDatabase


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
    submissions = list(decided(commands, giver))
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
