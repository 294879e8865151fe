"""Commands of a program without a desk: each is decided by its own rule before one is submitted."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from services.core.clock import MICROSECOND, Clock
from services.core.ids import new_id
from services.intake.working_state import WorkingState
from services.sync.changes import write_set
from services.sync.envelope import CommandFunction, seal
from services.sync.shared import ClientIdentity, Submission


@dataclass(frozen=True, kw_only=True)
class Giver:
    """Who gives the commands, as which client, and what the rules read.

    ``next_seq`` is the first number that this client has not used.
    """

    identity: ClientIdentity
    actor_id: UUID
    next_seq: int
    state: WorkingState
    functions: Mapping[str, CommandFunction]
    clock: Clock


def decided(commands: Iterable[object], giver: Giver) -> Iterator[Submission]:
    """Each command with what it changes, in this order; a later one sees what earlier ones did.

    Raises:
        AppError: a rule refuses the next one.
    """
    now = giver.clock.now()
    for number, command in enumerate(commands):
        # What is made last wins, so each has a moment of its own.
        moment = now + number * MICROSECOND
        envelope = seal(
            command, command_id=new_id(moment), actor_id=giver.actor_id, happened_at=moment
        )
        changes = giver.functions[envelope.name](giver.state, envelope.act, command)
        giver.state.take(changes)
        yield Submission(giver.next_seq + number, envelope, write_set(changes))
