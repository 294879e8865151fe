"""One incident for every state, on either shared database, and a client that skips the rules."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from builders import DESK_TEAM, MAYA, MONA, START, THEO, VENDOR, Desk, Office, hold_command
from raw_client import RawClient

from services.core.errors import AppError
from services.incidents import acts
from services.incidents.incident import CancelReason, Channel, Escalation, Incident
from services.incidents.priority import Severity
from services.registry import command_book
from services.sync.changes import ops_to_json, write_set
from services.sync.envelope import Envelope

Ops = list[Any]


@dataclass
class Place:
    """One incident for every state of incidents and of escalations, and who judges them."""

    desk: Desk
    client: RawClient
    incidents: dict[str, UUID]

    def python(self, envelope: Envelope, command: object) -> bool:
        """Whether the rule allows it."""
        return self.write_set_of(envelope, command) is not None

    def write_set_of(self, envelope: Envelope, command: object) -> Ops | None:
        """What the rule would change, or None."""
        function = command_book().commands[envelope.name].function
        try:
            changes = function(self.desk.replica._cache.rows, envelope.act, command)
        except AppError:
            return None
        return ops_to_json(write_set(changes))

    def escalation_of(self, incident_id: UUID) -> Escalation | None:
        """The newest escalation of an incident."""
        found = self.desk.find(Escalation, incident_id=incident_id)
        return max(found, key=lambda e: e.offered_at) if found else None

    def transplanted(self, ops: Ops, source: UUID, target: UUID) -> Ops:
        """The row changes made for one incident, as if they were made for another."""
        text = json.dumps(ops).replace(str(source), str(target))
        old, new = self.escalation_of(source), self.escalation_of(target)
        if old is not None and new is not None:
            text = text.replace(str(old.id), str(new.id))
        moved: Ops = json.loads(text)
        for op in moved:
            if op[2] is not None:
                record: type[Any] = Incident if op[0] == "incident" else Escalation
                op[2] = self.desk.get(record, UUID(op[1])).version
        return moved


def incidents_of(desk: Desk) -> Iterator[tuple[str, UUID]]:
    yield "new", desk.log()
    yield "in_progress", desk.start(desk.log())
    held = desk.start(desk.log())
    desk.do(hold_command(held))
    yield "on_hold", held
    yield "resolved", desk.resolve(desk.start(desk.log()))
    yield "closed", desk.close_incident(desk.resolve(desk.log()))
    cancelled = desk.log()
    desk.do(acts.CancelIncident(incident_id=cancelled, reason=CancelReason.RAISED_IN_ERROR))
    yield "cancelled", cancelled
    yield "waiting", _waiting(desk)
    yield "severe", _severe(desk)
    yield "confidential", desk.log(is_confidential=True)
    yield "monitored", desk.log(channel=Channel.MONITORING)
    for state, ending in ENDINGS.items():
        id_ = desk.escalate(desk.start(desk.log()))
        ending(desk, id_)
        yield state, id_
    yield "passed_on", desk.escalate(desk.escalate(desk.start(desk.log())), VENDOR)
    told = desk.start(desk.log())
    desk.do(up_command(desk, told))
    yield "told", told
    answered = desk.start(desk.log())
    desk.do(up_command(desk, answered))
    escalation_id = desk.find(Escalation, incident_id=answered)[0].id
    desk.do(
        acts.AnswerEscalation(incident_id=answered, escalation_id=escalation_id, answer="Yes"), MONA
    )
    yield "answered", answered


def _waiting(desk: Desk) -> UUID:
    """In progress, given to somebody who has not taken it."""
    id_ = desk.log()
    command = acts.AssignIncident(
        incident_id=id_, assignee_id=MAYA, seen_team_id=DESK_TEAM, seen_assignee_id=None
    )
    desk.do(command)
    return id_


def _severe(desk: Desk) -> UUID:
    return desk.log(severity=Severity.SEV3)


ENDINGS: dict[str, Callable[[Desk, UUID], object]] = {
    "offered": lambda d, i: None,
    "accepted": lambda d, i: d.accept(i),
    "rejected": lambda d, i: d.do(acts.RejectEscalation(incident_id=i, reason="No"), THEO),
    "handed_back": lambda d, i: (
        d.accept(i),
        d.do(acts.HandBackEscalation(incident_id=i, remark="Done"), THEO),
    ),
    "recalled": lambda d, i: d.do(acts.RecallEscalation(incident_id=i, reason="Mine")),
}


def up_command(desk: Desk, id_: UUID) -> acts.EscalateUp:
    return acts.EscalateUp(
        incident_id=id_,
        escalation_id=uuid4(),
        to_person_id=MONA,
        reason="Cost",
        need="A decision",
        needed_by=START,
    )


@contextmanager
def place_at(
    opening: AbstractContextManager[Office], connect: Callable[[Office], RawClient]
) -> Iterator[Place]:
    """A place in an office that is open as long as this lasts."""
    with opening as office:
        desk = office.desk()
        incidents = dict(incidents_of(desk))
        client = connect(office)
        # Numbers belong to a client; this one logs with those of the desk.
        client.identity = desk.replica._identity
        client._seq = 1_000_000
        yield Place(desk, client, incidents)
        client.close()
