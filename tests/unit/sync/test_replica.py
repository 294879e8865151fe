"""A desk's side of the protocol: what waits, what is refused, what a copy of a profile does."""

import shutil
import threading
from uuid import uuid4

import pytest
from builders import (
    ADAM,
    DANA,
    DESK_TEAM,
    KIM,
    MAYA,
    TABLES,
    Desk,
    Office,
    log_command,
    note_command,
    notes_of,
    sealed,
)
from raw_client import RawClient

from services.core.errors import AppError, InvalidText
from services.core.ids import new_id
from services.incidents import acts
from services.incidents.extent import EXTENT
from services.incidents.incident import HistoryEntry, Incident
from services.people.commands import AddPerson
from services.people.person import Person
from services.sync.errors import ClientUnknown, NumbersUsedUp, SharedUnreachable
from services.sync.pending import PendingState
from services.sync.shared import ClientIdentity, Introduction, Outcome, Submission
from services.sync.shared_sqlite import SharedSqlite


def test_work_goes_on_while_the_wire_is_cut(desk: Desk) -> None:
    desk.wire.is_cut = True
    command = log_command(desk)
    desk.give(command)
    desk.give(acts.StartIncident(incident_id=command.incident_id))
    with pytest.raises(SharedUnreachable):
        desk.sync()
    assert [p.state for p in desk.replica.pending()] == [PendingState.WAITING] * 2
    desk.wire.is_cut = False
    desk.sync()
    assert not desk.replica.pending()
    assert desk.incident(command.incident_id).version == 2


def test_a_lost_answer_is_asked_for_again(desk: Desk) -> None:
    id_ = desk.log()
    desk.give(note_command(id_))
    desk.wire.loses_answer = True
    with pytest.raises(SharedUnreachable):
        desk.replica.push()
    desk.sync()
    assert len(notes_of(desk, id_)) == 1


def test_a_request_that_arrives_late_changes_nothing_more(desk: Desk) -> None:
    id_ = desk.log()
    desk.give(note_command(id_))
    desk.wire.loses_request = True
    with pytest.raises(SharedUnreachable):
        desk.replica.push()
    desk.sync()
    desk.wire.deliver_late()
    desk.sync()
    assert len(notes_of(desk, id_)) == 1


def test_the_history_here_becomes_the_history_there(desk: Desk) -> None:
    command = log_command(desk)
    desk.give(command)
    own = desk.find(HistoryEntry, incident_id=command.incident_id)
    assert [e.recorded_at for e in own] == [None]
    desk.sync()
    theirs = desk.find(HistoryEntry, incident_id=command.incident_id)
    assert [e.id for e in theirs] == [e.id for e in own]
    assert theirs[0].recorded_at == desk.clock.now()


def test_a_refused_person_leaves_the_screen_at_once(office: Office) -> None:
    """Refused commands that concern no incident are taken back without waiting for a pull."""
    one, two = office.desk(), office.desk()
    one.do(AddPerson(person_id=uuid4(), name="Ann", login="ann"), MAYA)
    added = uuid4()
    two.give(AddPerson(person_id=added, name="Anna", login="ann"), ADAM)
    two.replica.push()
    assert not two.find(Person, id=added)
    assert [p.code for p in two.conflicts()] == ["constraint"]


def test_two_copies_of_a_profile_are_told_apart(office: Office) -> None:
    first = office.desk("first")
    id_ = first.log()
    first.give(note_command(id_, text="unsent when copied"))
    first.close()
    office.desks.clear()
    shutil.copytree(office.folder / "first", office.folder / "copy")
    first, copy = office.desk("first"), office.desk("copy")
    assert first.replica._identity != copy.replica._identity
    for desk in (first, copy):
        desk.sync()
        desk.do(note_command(id_, text="mine"))
        desk.log()
    first.sync()
    texts = sorted(n.text for n in notes_of(first, id_))
    assert texts == ["mine", "mine", "unsent when copied"]
    numbers = [i.number for i in first.find(Incident)]
    assert len(numbers) == len(set(numbers)) == 3
    assert not first.replica.pending() + copy.replica.pending()


def test_a_profile_put_back_from_a_backup_gets_a_new_name(office: Office) -> None:
    desk = office.desk("desk")
    id_ = desk.log()
    desk.close()
    office.desks.clear()
    shutil.copytree(office.folder / "desk", office.folder / "backup")
    desk = office.desk("desk")
    before = desk.replica._identity
    desk.do(note_command(id_))
    desk.close()
    office.desks.clear()
    shutil.rmtree(office.folder / "desk")
    (office.folder / "backup").rename(office.folder / "desk")
    desk = office.desk("desk")
    assert desk.replica._identity.client_id != before.client_id
    desk.do(note_command(id_, text="after"))
    assert len(notes_of(desk, id_)) == 2


def test_an_unknown_client_is_sent_away(office: Office) -> None:
    client = RawClient(office)
    client.identity = ClientIdentity(uuid4(), uuid4())
    with pytest.raises(ClientUnknown):
        client.submit("AddNote", [])
    client.close()


def test_a_number_of_the_order_is_given_once(office: Office) -> None:
    client = RawClient(office)
    assert client.submit("AddNote", [], DANA).outcome is Outcome.APPLIED
    client._seq = 0
    with pytest.raises(ClientUnknown):
        client.submit("AddNote", [], DANA)
    client.close()


def test_numbers_run_out_only_when_nobody_can_be_asked(desk: Desk) -> None:
    desk.wire.is_cut = True
    taken = [desk.replica.take_number() for _ in range(100)]
    with pytest.raises(NumbersUsedUp):
        desk.replica.take_number()
    assert len(taken) == len(set(taken)) == 100
    desk.wire.is_cut = False
    assert desk.replica.take_number() not in taken


def test_numbers_go_on_from_one_block_to_the_next(desk: Desk) -> None:
    """Blocks taken one after the other are neighbours."""
    taken = []
    for _ in range(250):
        taken.append(desk.replica.take_number())
        desk.replica.refill_numbers()
    assert taken == list(range(taken[0], taken[0] + 250))


def test_what_cannot_be_stored_is_not_even_begun(desk: Desk) -> None:
    id_ = desk.log()
    for text in ("a\x00b", "half \ud83d"):
        with pytest.raises(InvalidText):
            desk.give(acts.ReopenIncident(incident_id=id_, reason=text))
    assert not desk.replica.pending()
    entries, _ = desk.replica._journal.entries(is_undecided_only=True)
    assert not entries


def test_a_refused_act_is_not_given_again_after_a_restart(desk: Desk, office: Office) -> None:
    id_ = desk.log()
    with pytest.raises(AppError):
        desk.give(acts.ResumeIncident(incident_id=id_))
    desk.close()
    office.desks.clear()
    again = Desk(desk.folder, office.path, office.clock)
    assert not again.replica.pending()
    again.close()


def test_a_withdrawn_command_cannot_come_back(office: Office) -> None:
    """Once withdrawn, an earlier copy that is still under way finds its answer taken."""
    desk, client = office.desk(), RawClient(office)
    id_ = desk.log()
    envelope = sealed(note_command(id_), DANA, desk.clock.now())
    assert client.send(envelope, None).outcome is Outcome.WITHDRAWN
    row = {"id": str(uuid4())}
    assert client.send(envelope, [("note", row["id"], None, row)]).outcome is Outcome.WITHDRAWN
    client.close()


def test_many_threads_ask_one_connection(office: Office) -> None:
    """Numbers are taken on one thread while another submits."""
    shared = SharedSqlite(office.path, office.clock, TABLES, EXTENT)
    now = office.clock.now()
    identity = ClientIdentity(new_id(now), new_id(now))
    shared.hello(Introduction(identity))
    failures: list[Exception] = []

    def ask(n: int) -> None:
        try:
            for k in range(20):
                command = AddPerson(person_id=new_id(now), name=f"P {n} {k}")
                envelope = sealed(command, DANA, now)
                shared.take_block(identity, 1)
                shared.submit(identity, [Submission(n * 100 + k, envelope, ())])
                shared.pull(identity, 0, 0)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    shared.close()
    assert not failures


def test_a_shared_file_that_stays_locked_is_a_fact_not_a_crash(office: Office) -> None:
    from services.core.database import connect

    desk = office.desk()
    desk.wire.inner._connection.execute("PRAGMA busy_timeout=1")  # type: ignore[attr-defined]
    other = connect(office.path)
    other.execute("BEGIN IMMEDIATE")
    desk.give(log_command(desk, caller_id=KIM, owner_team_id=DESK_TEAM))
    with pytest.raises(SharedUnreachable):
        desk.replica.push()
    other.execute("ROLLBACK")
    other.close()
    desk.sync()
    assert not desk.replica.pending()
