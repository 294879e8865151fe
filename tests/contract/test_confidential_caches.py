"""A confidential incident is never in the cache of a desk whose person may not read it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from builders import ADAM, DESK_TEAM, IMRAN, MONA, START, THEO, Desk, note_command
from postgres_server import DatabasesForTests
from team import Team, team_at

from services.core.records import spec_of
from services.incidents.acts import (
    AnswerEscalation,
    AssignIncident,
    EscalateUp,
    RecallEscalation,
    RestrictIncident,
)
from services.incidents.incident import (
    Escalation,
    EscalationKind,
    EscalationState,
    HistoryEntry,
    Incident,
    Note,
    NoteKind,
)
from services.sync.changes import InsertRow, Op, UpdateRow
from services.sync.envelope import Envelope
from services.sync.shared import ClientIdentity, Introduction, Outcome, Submission


@pytest.fixture
def team(tmp_path: Path, databases: DatabasesForTests) -> Iterator[Team]:
    with team_at(tmp_path, databases) as team:
        yield team


@pytest.fixture
def dana(team: Team) -> Desk:
    return team.desk(login="dana")


def restriction(id_: UUID, is_confidential: bool) -> RestrictIncident:
    return RestrictIncident(
        incident_id=id_,
        is_confidential=is_confidential,
        reason="Names of people",
        seen_is_confidential=not is_confidential,
    )


def a_secret(dana: Desk) -> UUID:
    """A confidential incident under way, with a note."""
    id_ = dana.start(dana.log(is_confidential=True))
    dana.do(note_command(id_, text="The names are in the payroll run"))
    return id_


def kept(desk: Desk, id_: UUID) -> dict[str, int]:
    """How many rows of the incident are in this desk's cache, by table."""
    desk.sync()
    counts = {"incident": len(desk.find(Incident, id=id_))}
    for record in (Note, HistoryEntry, Escalation):
        counts[record.TABLE] = len(desk.find(record, incident_id=id_))
    return {table: count for table, count in counts.items() if count}


@pytest.mark.parametrize("login", ["theo", "adam", "cleo", "mona"])
def test_a_desk_without_the_right_has_nothing_of_it(team: Team, dana: Desk, login: str) -> None:
    first, secret = dana.log(), a_secret(dana)
    desk = team.desk(login=login)
    assert kept(desk, first) == {"incident": 1, "history_entry": 1}
    assert kept(desk, secret) == {}
    later = a_secret(dana)
    assert kept(desk, later) == {}
    manager = team.desk(login="imran")
    assert kept(manager, later) == kept(dana, later)


def test_what_becomes_confidential_leaves_other_caches_whole(team: Team, dana: Desk) -> None:
    id_ = dana.start(dana.log())
    dana.do(note_command(id_, text="The names are in the payroll run"))
    theo = team.desk(login="theo")
    assert kept(theo, id_) == kept(dana, id_)
    dana.do(restriction(id_, True))
    assert kept(theo, id_) == {}
    dana.do(restriction(id_, False))
    assert kept(theo, id_) == kept(dana, id_)


def test_who_works_on_it_gets_it_whole_and_loses_it_again(team: Team, dana: Desk) -> None:
    id_ = a_secret(dana)
    theo, adam = team.desk(login="theo"), team.desk(login="adam")
    dana.do(_assignment(id_, dana.incident(id_).assignee_id, ADAM))
    assert kept(adam, id_) == kept(dana, id_)
    dana.escalate(id_)
    assert (kept(theo, id_), kept(adam, id_)) == (kept(dana, id_), {})
    dana.do(RecallEscalation(incident_id=id_, reason="Mine"))
    assert kept(theo, id_) == {}


def _assignment(id_: UUID, seen: UUID | None, who: UUID) -> AssignIncident:
    return AssignIncident(
        incident_id=id_, assignee_id=who, seen_team_id=DESK_TEAM, seen_assignee_id=seen
    )


def test_a_manager_sees_it_while_an_answer_is_owed(team: Team, dana: Desk) -> None:
    id_ = a_secret(dana)
    mona = team.desk(login="mona")
    asked = EscalateUp(
        incident_id=id_,
        escalation_id=uuid4(),
        to_person_id=MONA,
        reason="Cost",
        need="A decision",
        needed_by=START,
    )
    dana.do(asked)
    assert kept(mona, id_) == kept(dana, id_)
    answer = AnswerEscalation(incident_id=id_, escalation_id=asked.escalation_id, answer="Yes")
    dana.do(answer)
    assert kept(mona, id_) == {}


def test_words_written_before_it_went_out_of_sight_are_kept(team: Team, dana: Desk) -> None:
    """Theo writes a note offline while the incident becomes confidential."""
    id_ = dana.start(dana.log())
    theo = team.desk(login="theo")
    theo.sync()
    theo.give(note_command(id_, text="Spare laptop is on its way"), THEO)
    dana.do(restriction(id_, True))
    assert kept(theo, id_) == {}
    [conflict] = theo.conflicts()
    assert conflict.envelope.args["text"] == "Spare laptop is on its way"
    assert not [note for note in dana.find(Note, incident_id=id_) if note.author_id == THEO]


def test_without_the_policy_it_would_be_there(team: Team, dana: Desk) -> None:
    """Negative control of every test above."""
    with team.databases.access.connect(team.database) as owner:
        owner.execute("ALTER POLICY readable ON firstline.incident USING (true)")
    secret = a_secret(dana)
    assert kept(team.desk(login="theo"), secret) == kept(dana, secret)


@pytest.mark.parametrize("what", ["change", "note", "escalation"])
def test_what_one_may_not_read_one_may_not_write(team: Team, dana: Desk, what: str) -> None:
    """Somebody who guesses id and version is told nothing and changes nothing."""
    secret = a_secret(dana)
    version = dana.incident(secret).version
    told = _written(team, "theo", THEO, what, secret, version)
    assert told is Outcome.STALE, "as if there were no such incident"
    # Negative control: whoever reads it may write it.
    assert _written(team, "imran", IMRAN, what, secret, version) is Outcome.APPLIED


def _written(team: Team, login: str, who: UUID, what: str, id_: UUID, version: int) -> Outcome:
    note = Note(id=uuid4(), incident_id=id_, kind=NoteKind.INTERNAL, author_id=who,
                written_at=START, text="x")  # fmt: skip
    asked = Escalation(id=uuid4(), incident_id=id_, kind=EscalationKind.HIERARCHICAL,
                       state=EscalationState.TOLD, from_team_id=DESK_TEAM, to_person_id=who,
                       reason="r", need="n", needed_by=START, offered_by_id=who,
                       offered_at=START)  # fmt: skip
    acts: dict[str, tuple[str, Op]] = {
        "change": ("DescribeIncident",
                   UpdateRow("incident", str(id_), version, {"summary": "Nothing"})),
        "note": ("AddNote", InsertRow("note", spec_of(Note).to_row(note))),
        "escalation": ("EscalateUp", InsertRow("escalation", spec_of(Escalation).to_row(asked))),
    }  # fmt: skip
    act, op = acts[what]
    shared = team.shared(login)
    identity = ClientIdentity(uuid4(), uuid4())
    shared.hello(Introduction(identity))
    envelope = Envelope(command_id=uuid4(), name=act, args={}, actor_id=who,
                        happened_at=START, remark="r")  # fmt: skip
    [decision] = shared.submit(identity, [Submission(1, envelope, (op,))])
    shared.close()
    return Outcome(decision.outcome)
