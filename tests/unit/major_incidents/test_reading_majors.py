"""What a desk reads of major incidents: the list, the console, its document and the timeline."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from builders import CLEO, DANA, IMRAN, MINUTE, NETWORK, THEO, VPN, Desk, Office
from major_world import (
    accepted,
    commanded,
    directory,
    drill,
    entry_change,
    held,
    impact,
    major_of,
    offer,
    proposed,
    resolve_major,
    write,
)

from services.incidents.acts import LinkToParent
from services.incidents.detail import incident_detail
from services.incidents.priority import Severity
from services.incidents.read_models import Viewer
from services.major_incidents import acts, entry_acts
from services.major_incidents.entries import DocumentSection, EntryKind, ResponseEntry, Verdict
from services.major_incidents.handover import handover_pack
from services.major_incidents.major import ChannelKind, MajorState, ResponseRole
from services.major_incidents.queries import console, majors
from services.major_incidents.read_models import Console, MajorItem
from services.major_incidents.replay_reading import replay_of
from services.major_incidents.state_document import state_document

ROLE = ResponseRole


@contextmanager
def reading(desk: Desk) -> Iterator[sa.Connection]:
    engine = sa.create_engine(f"sqlite:///{desk.folder / 'cache.db'}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def listed(desk: Desk) -> tuple[MajorItem, ...]:
    with reading(desk) as connection:
        return majors(connection, directory(desk))


def shown(desk: Desk, id_: UUID, viewer: UUID = IMRAN) -> Console:
    with reading(desk) as connection:
        found = console(connection, directory(desk), viewer, id_, desk.clock.now())
    assert found is not None
    return found


def test_the_open_ones_come_first_then_the_newest(desk: Desk) -> None:
    over = commanded(desk)
    desk.do(resolve_major(desk, over), IMRAN)
    first, second = proposed(desk, severity=Severity.SEV3), accepted(desk)
    found = listed(desk)
    assert [item.incident_id for item in found] == [second, first, over]
    assert [item.manager for item in found] == ["", "", "Imran"]
    assert found[1].key == f"INC-{desk.incident(first).number}"
    assert (found[1].proposal, found[1].proposed_by) == ("Nobody can work", "Dana")


def test_a_console_names_roles_and_what_is_missing(desk: Desk) -> None:
    id_ = commanded(desk)
    held(desk, id_, ROLE.TECH_LEAD, THEO)
    desk.do(offer(id_, ROLE.INCIDENT_MANAGER, DANA), IMRAN)
    found = shown(desk, id_)
    assert found.manager is not None
    assert found.offered is not None
    assert (found.manager.person, found.offered.person) == ("Imran", "Dana")
    assert found.offered.relieves == "Imran"
    assert found.manager.is_own
    assert [r.person for r in found.roles] == ["Imran", "Dana", "Theo"]
    assert found.missing_roles == (ROLE.COMMUNICATIONS_MANAGER, ROLE.DEPUTY)
    assert found.may("ResolveMajorIncident")
    assert not shown(desk, id_, CLEO).may("ResolveMajorIncident")
    assert "in charge" in shown(desk, id_, CLEO).why_not("ResolveMajorIncident")
    assert "incident manager" in found.why_not("TakeCommand")


def test_callers_are_counted_live(desk: Desk) -> None:
    id_ = commanded(desk)
    child, case = desk.log(), uuid4()
    desk.do(LinkToParent(incident_id=child, parent_id=id_, seen_parent_id=None))
    desk.do(entry_acts.AddSupportCase(incident_id=id_, case_id=case, caller="Kim"))
    now = desk.clock.now()
    early = entry_acts.AddSupportCase(
        incident_id=id_, case_id=uuid4(), reference="C-1", opened_at=now - timedelta(hours=1)
    )
    desk.do(early)
    callers = shown(desk, id_).callers
    assert (callers.cases, callers.children, callers.recent) == (2, 1, 2)
    desk.do(entry_acts.RemoveSupportCase(incident_id=id_, case_id=case))
    assert shown(desk, id_).callers.total == 2


def test_twenty_callers_make_a_proposal(desk: Desk) -> None:
    id_ = desk.log()
    for _ in range(19):
        desk.give(entry_acts.AddSupportCase(incident_id=id_, case_id=uuid4(), caller="Kim"))
    desk.sync()
    assert not listed(desk)
    child = desk.log()
    desk.do(LinkToParent(incident_id=child, parent_id=id_, seen_parent_id=None))
    (found,) = listed(desk)
    assert (found.because.value, found.state) == ("callers", MajorState.PROPOSED)


def test_a_change_shortly_before_the_impact_is_shown(desk: Desk) -> None:
    id_ = commanded(desk, service_id=VPN)
    start = desk.clock.now()
    change = entry_acts.AddChangeEvent(
        change_event_id=uuid4(), title="Router", happened_at=start - 3 * MINUTE, service_id=VPN
    )
    desk.do(change, CLEO)
    desk.do(impact(major_of(desk, id_), started_at=start), CLEO)
    (suspect,) = shown(desk, id_).suspects
    assert (suspect.words, suspect.is_related) == ("3 min before impact", True)
    assert listed(desk)[0].impact_since == start
    told = write(id_, "Taken back", EntryKind.CHANGE, change_event_id=change.change_event_id)
    desk.do(told, THEO)
    desk.do(impact(major_of(desk, id_), started_at=None), CLEO)
    found = shown(desk, id_)
    assert not found.suspects
    assert found.entries[0].change == "Router"


def responded(desk: Desk) -> UUID:
    """A response that has written down something of every kind."""
    id_ = commanded(desk, severity=Severity.SEV3, service_id=VPN)
    theory = write(id_, "The gateway is full", EntryKind.THEORY, evidence="Logs say so")
    desk.do(theory, THEO)
    test = write(id_, "Drain it", EntryKind.EXPERIMENT, theory_id=theory.entry_id, owner_id=THEO)
    desk.do(test, THEO)
    entry = desk.get(ResponseEntry, test.entry_id)
    desk.do(entry_change(entry, verdict=Verdict.RUNNING), THEO)
    desk.do(write(id_, "Restart", EntryKind.CHANGE, how="By hand", revert="Stop it"), THEO)
    desk.do(write(id_, "No failover", EntryKind.DECISION), IMRAN)
    answer = entry_acts.AnswerAssessment(
        incident_id=id_, entry_id=uuid4(), section=DocumentSection.HOW_MANY, is_unknown=True
    )
    desk.do(answer, DANA)
    chat = acts.AddChannel(
        incident_id=id_, channel_id=uuid4(), kind=ChannelKind.CHAT, name="war", address="#war"
    )
    desk.do(chat, DANA)
    return id_


def test_the_state_document_holds_all_of_it(desk: Desk) -> None:
    id_ = responded(desk)
    found = state_document(shown(desk, id_), desk.clock.now())
    assert found.title == f"INC-{desk.incident(id_).number} - SEV 3 - VPN drops"
    assert {f.label: f.text for f in found.facts}["Impact began"] == "Unknown"
    assert [s.section for s in found.sections] == list(DocumentSection)
    how_many = next(s for s in found.sections if s.section is DocumentSection.HOW_MANY)
    assert how_many.is_question
    assert [p.is_unknown for p in how_many.paragraphs] == [True]
    observations, theories, experiments = found.board
    assert not observations.cards
    assert theories.cards[0].evidence == "Logs say so"
    assert (experiments.cards[0].theory, experiments.cards[0].owner) == (
        "The gateway is full",
        "Theo",
    )
    assert [(c.who, c.how, c.revert) for c in found.changes] == [("Theo", "By hand", "Stop it")]
    assert [line.word for line in found.timeline] == ["Theory", "Experiment", "Change", "Decision"]
    assert shown(desk, id_).step_facts.unanswered == 5


def test_the_pack_tells_a_successor_what_goes_on(desk: Desk) -> None:
    id_ = responded(desk)
    now = desk.clock.now()
    text = handover_pack(shown(desk, id_), now, UTC, now + 12 * MINUTE)
    assert "- The gateway is full (open); Logs say so" in text
    assert "- Drain it (running), Theo" in text
    assert "Imran: No failover" in text
    assert "- Chat room war: #war" in text
    assert "Not known:\n- What is the impact?" in text
    assert "- Incident manager: Imran" in text
    assert text.endswith("in 12 min")
    assert handover_pack(shown(desk, id_), now, UTC, now - MINUTE).endswith("1 min late")


def test_a_drill_shows_what_it_plays_again(desk: Desk) -> None:
    past = responded(desk)
    command = drill(desk, replay_of_id=major_of(desk, past).id)
    desk.do(command, IMRAN)
    found = shown(desk, command.incident_id)
    assert found.item.is_drill
    with reading(desk) as connection:
        replay = replay_of(connection, command.incident_id)
    assert replay is not None
    assert (replay.incident_id, replay.is_over) == (past, False)
    assert not found.entries


def test_each_act_has_its_sentence_in_the_timeline(desk: Desk) -> None:
    id_ = responded(desk)
    desk.do(resolve_major(desk, id_), IMRAN)
    severe = desk.log(severity=Severity.SEV1)
    told = {}
    for incident_id in (id_, severe):
        with reading(desk) as connection:
            viewer = Viewer(DANA, frozenset({NETWORK}))
            detail = incident_detail(connection, directory(desk), viewer, incident_id)
        assert detail is not None
        told[incident_id] = [(e.actor, e.sentence, e.is_internal) for e in detail.timeline]
    said = told[id_]
    assert ("Imran", "took command as incident manager", False) in said
    assert ("Imran", "resolved the major incident", False) in said
    assert ("Theo", "wrote in the response", True) in said
    assert [s for _, s, _ in told[severe]] == [
        "logged the incident, which proposes a major incident"
    ]


def test_two_who_change_one_text_keep_both_words(office: Office) -> None:
    here, there = office.desk(), office.desk("there")
    id_ = commanded(here)
    made = write(id_, "Gateway")
    here.do(made, THEO)
    there.sync()
    entry = here.get(ResponseEntry, made.entry_id)
    here.give(entry_change(entry, text="Gateway is full"), THEO)
    there.give(entry_change(entry, text="Gateway is slow"), DANA)
    there.give(entry_change(entry, outcome="Drained"), DANA)
    here.sync()
    there.sync()
    here.sync()
    found = here.get(ResponseEntry, made.entry_id)
    assert (found.text, found.outcome) == ("Gateway is full", "Drained")
    assert found == there.get(ResponseEntry, made.entry_id)
    with reading(there) as connection:
        detail = incident_detail(connection, directory(there), Viewer(DANA), id_)
    assert detail is not None
    (conflict,) = detail.conflicts
    assert conflict.typed == "Gateway is slow"
    assert not conflict.clashes
