"""Where attacks begin: a small world with something in every state, written to past the desk."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from builders import (
    DANA,
    DESK_TEAM,
    KIM,
    NETWORK,
    NETWORKING,
    START,
    THEO,
    VPN,
    Office,
    hold_command,
    log_command,
    note_command,
)
from raw_client import RawClient

from services.core.clock import to_microseconds
from services.core.records import Record, spec_of
from services.incidents.incident import Escalation, EscalationKind, EscalationState, Incident, Note
from services.incidents.priority import Severity
from services.major_incidents.major import MajorState
from services.sync.shared import Decision, Outcome

NOW = to_microseconds(START)

Op = tuple[str, str, int | None, dict[str, Any]]

RESOLVED = {
    "state": "resolved",
    "resolution_code": "fixed",
    "resolution": "Done",
    "resolved_at": NOW,
    "resolved_by_id": str(DANA),
    "category_id": str(NETWORKING),
    "service_id": str(VPN),
}
CLOSED = {
    "state": "closed",
    "closed_at": NOW,
    "closed_by_id": str(DANA),
    "confirmation_method": "phone",
    "confirmed_by": "Kim",
    "confirmed_at": NOW,
}


class Scene:
    """An office with one incident of each kind an attack needs, and a client without rules."""

    def __init__(self, office: Office, connect: Callable[[Office], RawClient] = RawClient) -> None:
        self.desk = office.desk()
        self.client = connect(office)
        block = self.client.shared.take_block(self.client.identity, 10)
        self.number = block.lo
        desk = self.desk
        self.new = desk.log()
        self.ranked = desk.log(severity=Severity.SEV3)
        self.secret = desk.log(is_confidential=True)
        self.working = desk.start(desk.log())
        self.held = desk.start(desk.log())
        desk.do(hold_command(self.held))
        self.resolved = desk.resolve(desk.start(desk.log()))
        self.closed = desk.close_incident(desk.resolve(desk.log()))
        self.offered = desk.escalate(desk.start(desk.log()))
        self.accepted = desk.accept(desk.escalate(desk.start(desk.log())))
        desk.do(note_command(self.new, text="first"))
        self.note = desk.find(Note, incident_id=self.new)[0]
        self.away = desk.accept(desk.escalate(desk.start(desk.log())))
        resolved = {**RESOLVED, "resolved_by_id": str(THEO)}
        done = self.change("ResolveIncident", self.away, THEO, **resolved)
        assert done.outcome is Outcome.APPLIED, "the hand-back was left out"
        desk.sync()
        self.client.rehearses = True
        self.offer = desk.escalation_of(self.offered)
        self.acceptance = desk.escalation_of(self.accepted)
        self.majors: dict[MajorState, UUID] = {}
        self.leaderless = self.told = self.new

    def close(self) -> None:
        self.client.close()

    def change(
        self, act: str, id_: UUID, who: UUID = DANA, *more: Op, remark: str = "r", **columns: Any
    ) -> Decision:
        """Change one incident."""
        version = self.desk.incident(id_).version
        ops = [("incident", str(id_), version, columns), *more]
        return self.client.submit(act, ops, who, remark=remark)

    def hand(self, act: str, escalation: Escalation, who: UUID = DANA, **columns: Any) -> Decision:
        """Change one escalation."""
        op = ("escalation", str(escalation.id), escalation.version, columns)
        return self.client.submit(act, [op], who)

    def insert(
        self, act: str, record: Record, who: UUID = DANA, *, on_behalf_of: str = "", **columns: Any
    ) -> Decision:
        """Insert a record, with some columns spoilt."""
        spec = spec_of(type(record))
        row: dict[str, Any] = {**spec.to_row(record), **columns}
        op = (spec.table, str(record.id), None, row)
        return self.client.submit(act, [op], who, on_behalf_of=on_behalf_of)

    def incident(self) -> Incident:
        """A sound new incident of this client."""
        command = log_command(self.desk, number=self.number)
        return Incident(
            id=command.incident_id,
            number=command.number,
            summary=command.summary,
            channel=command.channel,
            caller_id=KIM,
            opened_by_id=DANA,
            reported_at=START,
            created_at=START,
            updated_at=START,
            owner_team_id=DESK_TEAM,
            owner_id=DANA,
            team_id=DESK_TEAM,
        )

    def escalation(self, incident_id: UUID) -> Escalation:
        """A sound offer."""
        return Escalation(
            id=uuid4(),
            incident_id=incident_id,
            kind=EscalationKind.FUNCTIONAL,
            state=EscalationState.OFFERED,
            from_team_id=DESK_TEAM,
            to_team_id=NETWORK,
            reason="r",
            tried="t",
            found="f",
            need="n",
            offered_by_id=DANA,
            offered_at=START,
        )

    def words(self) -> Note:
        """A sound note."""
        return Note(
            id=uuid4(),
            incident_id=self.new,
            kind=self.note.kind,
            author_id=DANA,
            written_at=START,
            text="words",
        )
