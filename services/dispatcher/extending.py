"""Shifts and business hours, computed as far ahead as they are kept: a chore of every dispatcher.

It is done as anybody's act is: commands, decided by the rules and judged by the shared database.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar, cast
from uuid import UUID

from services.core.clock import Clock
from services.core.errors import RecordMissing
from services.core.ids import new_id
from services.core.records import Record, record_from
from services.on_call.acts import ExtendShifts
from services.on_call.policy import EscalationPolicy
from services.on_call.policy_acts import ExtendPolicyHours
from services.on_call.roster import Roster
from services.people.person import PersonRole, Role
from services.registry import RECORDS, command_book
from services.sync.changes import write_set
from services.sync.envelope import seal
from services.sync.shared import (
    ClientIdentity,
    Introduction,
    Outcome,
    SharedDatabase,
    SnapshotPart,
    Submission,
)

log = logging.getLogger(__name__)

EVERY_S = 6 * 3600.0
"""Several times a day: whichever dispatcher comes first leaves the others nothing to do."""

R = TypeVar("R", bound=Record)


class CopiedState:
    """Records as a copy of the shared database brought them."""

    def __init__(self, parts: Iterable[SnapshotPart]) -> None:
        kinds = {record.TABLE: record for record in RECORDS}
        self._records: dict[type[Record], dict[UUID, Record]] = {kind: {} for kind in RECORDS}
        for part in parts:
            kind = kinds[part.table]
            found = (record_from(kind, row) for row in part.rows)
            self._records[kind] |= {record.id: record for record in found}

    def get(self, record: type[R], id_: UUID) -> R:
        """The record with this id.

        Raises:
            RecordMissing: there is none.
        """
        found = self._records[record].get(id_)
        if found is None:
            raise RecordMissing(id=str(id_))
        return cast(R, found)

    def find(self, record: type[R], **equals: object) -> tuple[R, ...]:
        """Every record whose columns equal the given values, ordered by id."""
        found = (cast(R, each) for each in self._records[record].values())
        met = (r for r in found if all(getattr(r, name) == v for name, v in equals.items()))
        return tuple(sorted(met, key=lambda r: str(r.id)))


def extend(open_shared: Callable[[], SharedDatabase], clock: Clock) -> int:
    """Give the commands that compute what is ahead; returns how many changed something.

    Raises:
        AppError: the shared database cannot be reached, or lets this login do nothing.
    """
    shared = open_shared()
    try:
        identity = ClientIdentity(new_id(clock.now()), new_id(clock.now()))
        welcome = shared.hello(Introduction(identity))
        now = welcome.now or clock.now()
        # What ended long ago is not needed: rosters and policies belong to no incident.
        _, parts = shared.snapshot(closed_since=now)
        state = CopiedState(parts)
        actor = welcome.person_id or _administrator(state)
        if actor is None:
            return 0
        extended = 0
        for seq, command in enumerate(_due(state), start=1):
            envelope = seal(command, command_id=new_id(now), actor_id=actor, happened_at=now)
            changes = command_book().commands[envelope.name].function(state, envelope.act, command)
            if not changes.items:
                continue
            (decision,) = shared.submit(identity, [Submission(seq, envelope, write_set(changes))])
            extended += decision.outcome is Outcome.APPLIED
            if decision.outcome is Outcome.REJECTED:
                facts = {"act": envelope.name, "code": decision.code}
                log.error("not-extended", extra={"facts": facts})
        return extended
    finally:
        shared.close()


def _due(state: CopiedState) -> Iterator[object]:
    for roster in state.find(Roster, is_active=True):
        yield ExtendShifts(roster_id=roster.id)
    for policy in state.find(EscalationPolicy, is_active=True):
        yield ExtendPolicyHours(policy_id=policy.id)


def _administrator(state: CopiedState) -> UUID | None:
    """In whose name, where the shared database trusts whoever opens it."""
    grants = state.find(PersonRole, role=Role.ADMINISTRATOR, is_active=True)
    return grants[0].person_id if grants else None
