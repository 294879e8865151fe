"""What only an import may do is refused to everybody else, by the rules and by the guards."""

from dataclasses import replace
from uuid import uuid4

import pytest

from services.admin.schema import Founder, ensure_embedded, founder_id
from services.core.clock import ManualClock
from services.core.database import Rows, connect
from services.core.errors import AppError, FieldMissing, RoleMissing
from services.core.ids import derived_id
from services.incidents.acts import (
    CloseIncident,
    HoldIncident,
    LogIncident,
)
from services.incidents.errors import MatrixInvalid, NotConfirmed
from services.incidents.extent import EXTENT
from services.incidents.imported_acts import CorrectImportedRecord, RecordImportedState
from services.incidents.incident import (
    Channel,
    ConfirmationMethod,
    Incident,
    IncidentState,
    OnHoldReason,
)
from services.incidents.priority import PriorityMatrix
from services.intake import errors
from services.intake.working_state import WorkingState
from services.people.person import Person, PersonRole, Role
from services.registry import RECORDS, command_book
from services.sync.changes import Act, Changes, write_set
from services.sync.envelope import seal
from services.sync.shared import ClientIdentity, Introduction, Outcome, Submission
from services.sync.shared_sqlite import SharedSqlite

FUNCTIONS = {spec.name: spec.function for spec in command_book().commands.values()}
ME = founder_id("maya")


class Desk:
    """A founder who gives commands straight to a real shared database."""

    def __init__(self, folder):
        self.clock = ManualClock()
        path = folder / "shared.db"
        ensure_embedded(path, self.clock, Founder("Maya", "maya"))
        with_rows = connect(path)
        rows = Rows(with_rows)
        kinds = (Person, PersonRole, PriorityMatrix)
        self.state = WorkingState([record for kind in kinds for record in rows.find(kind)])
        with_rows.close()
        self.shared = SharedSqlite(path, self.clock, [record.TABLE for record in RECORDS], EXTENT)
        self.identity = ClientIdentity(uuid4(), uuid4())
        self.shared.hello(Introduction(self.identity))
        self.number = self.shared.take_block(self.identity, 10).lo
        self.seq = 0

    def decide(self, command, on_behalf_of=""):
        act = Act(
            command_id=uuid4(),
            actor_id=ME,
            happened_at=self.clock.now(),
            on_behalf_of=on_behalf_of,
        )
        changes = FUNCTIONS[type(command).__name__](self.state, act, command)
        self.state.take(changes)
        return changes

    def submit(self, command, changes, on_behalf_of=""):
        self.seq += 1
        envelope = seal(command, command_id=uuid4(), actor_id=ME,
                        happened_at=self.clock.now(), on_behalf_of=on_behalf_of)  # fmt: skip
        submission = Submission(self.seq, envelope, write_set(changes))
        return self.shared.submit(self.identity, [submission])[0]

    def give(self, command, on_behalf_of=""):
        return self.submit(command, self.decide(command, on_behalf_of), on_behalf_of)

    def log(self, on_behalf_of="", **given):
        incident_id = uuid4()
        command = LogIncident(
            incident_id=incident_id, number=self.number, summary="Down", channel=Channel.PHONE,
            caller_id=ME, reported_at=self.clock.now(),
            owner_team_id=derived_id("team", "Service Desk"), **given,
        )  # fmt: skip
        assert self.give(command, on_behalf_of).outcome is Outcome.APPLIED
        return self.state.get(Incident, incident_id)


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.shared.close()


def correction(incident):
    return CorrectImportedRecord(
        incident_id=incident.id, resolved_at=None, closed_at=None, category_id=None,
        subcategory_id=None,
    )  # fmt: skip


def test_an_import_names_a_matrix_and_nobody_else(desk):
    with pytest.raises(MatrixInvalid):
        desk.log(matrix_edition=1)
    assert desk.log("Opened by 8", matrix_edition=1).is_imported


def test_who_imports_does_not_become_the_owner(desk):
    assert desk.log("Opened by 8").owner_id is None


def test_who_logs_becomes_the_owner(desk):
    assert desk.log().owner_id == ME


def test_only_imported_records_are_corrected(desk):
    own = desk.log()
    with pytest.raises(RoleMissing):
        desk.decide(correction(own))
    forged = Changes.none().update(own, replace(own, resolved_at=desk.clock.now()))
    refused = desk.submit(correction(own), forged)
    assert (refused.outcome, refused.code) == (Outcome.REJECTED, "role-missing")


def test_a_correction_does_not_move_the_state(desk):
    one = desk.log("Opened by 8")
    forged = Changes.none().update(one, replace(one, state=IncidentState.CLOSED))
    assert desk.submit(correction(one), forged, "Updated by 1").outcome is Outcome.REJECTED


@pytest.mark.parametrize("reason", [OnHoldReason.CALLER, OnHoldReason.SUPPLIER])
def test_only_an_import_holds_without_reply_and_date(desk, reason):
    one = desk.log("Opened by 8")
    hold = HoldIncident(incident_id=one.id, reason=reason, follow_up_at=None)
    with pytest.raises(FieldMissing):
        desk.decide(hold)
    assert desk.give(hold, "Updated by 1").outcome is Outcome.APPLIED


def test_a_jump_to_closed_names_who_imports_and_can_be_taken_back(desk):
    one = desk.log("Opened by 8")
    closing = RecordImportedState(incident_id=one.id, state=IncidentState.CLOSED)
    assert desk.give(closing, "Updated by 1").outcome is Outcome.APPLIED
    assert desk.state.get(Incident, one.id).closed_by_id == ME
    back = RecordImportedState(incident_id=one.id, state=IncidentState.IN_PROGRESS)
    assert desk.give(back, "Updated by 1").outcome is Outcome.APPLIED
    now = desk.state.get(Incident, one.id)
    assert (now.reopen_count, now.closed_by_id, now.reopened_at) == (1, None, desk.clock.now())


def test_without_administrator_no_import(desk):
    for grant in desk.state.find(PersonRole, role=Role.ADMINISTRATOR):
        desk.state._put(replace(grant, is_active=False))
    now = desk.clock.now()
    one = Incident(id=uuid4(), number=1, summary="x", channel=Channel.PHONE, opened_by_id=ME,
                   reported_at=now, created_at=now, updated_at=now, owner_team_id=ME,
                   team_id=ME, is_imported=True)  # fmt: skip
    desk.state._put(one)
    for command in (
        correction(one),
        RecordImportedState(incident_id=one.id, state=IncidentState.CLOSED),
    ):
        with pytest.raises(RoleMissing):
            desk.decide(command, "Updated by 1")


def test_closing_without_confirmation_is_for_imports_alone(desk):
    one = desk.log("Opened by 8")
    desk.state._put(replace(one, state=IncidentState.RESOLVED))
    closing = CloseIncident(incident_id=one.id, method=ConfirmationMethod.NOT_RECORDED)
    with pytest.raises(NotConfirmed):
        desk.decide(closing)
    desk.decide(closing, "Updated by 1")


def test_each_fact_of_an_import_has_a_code_of_its_own():
    facts = [f for f in vars(errors).values() if isinstance(f, type) and issubclass(f, AppError)]
    codes = [fact.code for fact in facts if fact is not AppError]
    assert len(codes) == len(set(codes)) > 10
