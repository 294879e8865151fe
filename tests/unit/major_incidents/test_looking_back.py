"""Work streams, and the whole console as it stood at an earlier moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from builders import DANA, IMRAN, MINUTE, THEO, Desk, Office
from major_world import (
    commanded,
    directory,
    entry_change,
    held,
    impact,
    major_of,
    resolve_major,
    write,
)

from services.core.errors import AppError, FieldMissing
from services.incidents.errors import ChangedMeanwhile
from services.major_incidents import acts, entry_acts
from services.major_incidents.console_reading import Response, console_of
from services.major_incidents.entries import DocumentEntry, DocumentSection, ResponseEntry
from services.major_incidents.looking_back import response_at
from services.major_incidents.major import MajorState, ResponseRole, WorkStream
from services.major_incidents.queries import response
from services.major_incidents.read_models import Console
from services.major_incidents.state_document import state_document


@contextmanager
def reading(desk: Desk) -> Iterator[sa.Connection]:
    engine = sa.create_engine(f"sqlite:///{desk.folder / 'cache.db'}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def rows(desk: Desk, id_: UUID) -> Response:
    with reading(desk) as connection:
        found = response(connection, id_, desk.clock.now())
    assert found is not None
    return found


def shown(desk: Desk, id_: UUID) -> Console:
    return console_of(rows(desk, id_), directory(desk), IMRAN, desk.clock.now())


def begin(desk: Desk, id_: UUID, name: str, lead: UUID | None = None) -> WorkStream:
    command = acts.AddWorkStream(
        incident_id=id_, stream_id=uuid4(), name=name, purpose="Find it", lead_id=lead
    )
    desk.do(command, IMRAN)
    return desk.get(WorkStream, command.stream_id)


def change(stream: WorkStream, **given: object) -> acts.ChangeWorkStream:
    seen = {name: getattr(stream, name) for name in ("name", "purpose", "lead_id")}
    return acts.ChangeWorkStream(
        incident_id=stream.incident_id,
        stream_id=stream.id,
        **{**seen, **given},
        **{f"seen_{name}": value for name, value in seen.items()},
    )


def test_a_stream_is_named_led_filled_ended_and_taken_up_again(desk: Desk) -> None:
    id_ = commanded(desk)
    stream = begin(desk, id_, "Gateway")
    desk.do(change(stream, name="Gateway B", lead_id=THEO), IMRAN)
    made = write(id_, "Drain it")
    desk.do(made, DANA)
    entry = desk.get(ResponseEntry, made.entry_id)
    moved = entry_change(entry, work_stream_id=stream.id, seen_work_stream_id=None)
    desk.do(moved, DANA)
    (item,) = shown(desk, id_).streams
    assert (item.stream.name, item.lead, item.entry_count, item.is_under_way) == (
        "Gateway B", "Theo", 1, True,
    )  # fmt: skip
    document = state_document(shown(desk, id_), desk.clock.now())
    assert [(s.name, s.lead, s.ended_at) for s in document.streams] == [("Gateway B", "Theo", None)]
    assert [line.stream for line in document.timeline] == ["Gateway B"]
    end = acts.EndWorkStream(incident_id=id_, stream_id=stream.id)
    desk.do(end, DANA)
    assert not shown(desk, id_).streams[0].is_under_way
    again = acts.EndWorkStream(incident_id=id_, stream_id=stream.id, is_ended=False)
    desk.do(again, DANA)
    assert shown(desk, id_).streams[0].is_under_way
    desk.do(resolve_major(desk, id_), IMRAN)
    assert not shown(desk, id_).streams[0].is_under_way, "it ends with the response"
    over = state_document(shown(desk, id_), desk.clock.now()).streams[0].ended_at
    assert over == major_of(desk, id_).resolved_at


def test_a_stream_needs_a_name_and_its_fields_merge_one_by_one(office: Office) -> None:
    here, there = office.desk(), office.desk("there")
    id_ = commanded(here)
    stream = begin(here, id_, "Gateway")
    with pytest.raises(FieldMissing):
        here.do(change(stream, name=" "), IMRAN)
    there.sync()
    here.give(change(stream, name="Gateway B"), DANA)
    there.give(change(stream, lead_id=THEO), THEO)
    here.sync()
    there.sync()
    here.sync()
    found = here.get(WorkStream, stream.id)
    assert (found.name, found.lead_id) == ("Gateway B", THEO)
    with pytest.raises(ChangedMeanwhile):
        here.do(change(stream, name="Router"), IMRAN)


def answered(id_: UUID, text: str, *replaces: UUID) -> entry_acts.AnswerAssessment:
    return entry_acts.AnswerAssessment(
        incident_id=id_,
        entry_id=uuid4(),
        section=DocumentSection.IMPACT,
        text=text,
        replaces_ids=replaces,
    )


def lived(desk: Desk) -> tuple[UUID, list[datetime]]:
    """An hour of a response, ten minutes apart, and the moment after each part of it."""
    id_ = commanded(desk)
    moments: list[datetime] = []

    def later() -> None:
        moments.append(desk.clock.now())
        desk.clock.advance(10 * MINUTE)

    first = answered(id_, "Some cannot pay")
    desk.do(first, DANA)
    stream = begin(desk, id_, "Gateway")
    later()
    holding = held(desk, id_, ResponseRole.TECH_LEAD, THEO)
    desk.do(answered(id_, "Nobody can pay", first.entry_id), DANA)
    later()
    desk.do(change(stream, name="Gateway B", lead_id=DANA), IMRAN)
    desk.do(impact(major_of(desk, id_), started_at=moments[0]), IMRAN)
    later()
    desk.do(acts.EndWorkStream(incident_id=id_, stream_id=stream.id), IMRAN)
    desk.do(acts.EndRole(incident_id=id_, holding_id=holding.id), THEO)
    desk.do(resolve_major(desk, id_), IMRAN)
    later()
    return id_, moments


def told(desk: Desk, id_: UUID, moment: datetime) -> tuple[object, ...]:
    """State, impact known, who has which role for how many ten minutes, answers, streams."""
    found = console_of(response_at(rows(desk, id_), moment), directory(desk), IMRAN, moment)
    return (
        found.item.state,
        found.major.impact_started_at is not None,
        [(r.person, r.duty and r.duty.on_incident // (10 * MINUTE)) for r in found.roles],
        [item.entry.text for item in found.document if not item.entry.is_removed],
        [(item.stream.name, item.lead, item.is_under_way) for item in found.streams],
    )


def test_the_console_of_an_earlier_moment_is_that_of_then(desk: Desk) -> None:
    id_, (began, joined, named, over) = lived(desk)
    accepted, old, new = MajorState.ACCEPTED, ["Some cannot pay"], ["Nobody can pay"]
    assert told(desk, id_, began) == (
        accepted, False, [("Imran", 0)], old, [("Gateway", "", True)],
    )  # fmt: skip
    both = [("Imran", 1), ("Theo", 0)]
    assert told(desk, id_, joined) == (accepted, False, both, new, [("Gateway", "", True)])
    both = [("Imran", 2), ("Theo", 1)]
    assert told(desk, id_, named) == (accepted, True, both, new, [("Gateway B", "Dana", True)])
    ended = [("Gateway B", "Dana", False)]
    assert told(desk, id_, over) == (MajorState.RESOLVED, True, [], new, ended)
    now = console_of(rows(desk, id_), directory(desk), IMRAN, desk.clock.now())
    assert told(desk, id_, desk.clock.now())[2:] == ([], new, ended)
    assert now.item.state is MajorState.RESOLVED


def test_without_its_history_the_past_reads_as_today(desk: Desk) -> None:
    """The control: what puts the answers back is the history, and nothing else."""
    id_, (began, *_) = lived(desk)
    of = rows(desk, id_)
    assert {entry.subject for entry in of.history} >= {DocumentEntry.TABLE, WorkStream.TABLE}
    blind = response_at(replace(of, history=()), began)
    assert [entry.text for entry in blind.document if not entry.is_removed] == []
    assert blind.streams[0].name == "Gateway B"


def test_ending_twice_keeps_the_first_moment(desk: Desk) -> None:
    id_ = commanded(desk)
    stream = begin(desk, id_, "Gateway")
    end = acts.EndWorkStream(incident_id=id_, stream_id=stream.id)
    desk.do(end, DANA)
    at = desk.get(WorkStream, stream.id).ended_at
    desk.clock.advance(MINUTE)
    desk.do(end, THEO)
    assert desk.get(WorkStream, stream.id).ended_at == at
    desk.do(acts.DemoteMajorIncident(incident_id=id_, decision="It was none"), IMRAN)
    with pytest.raises(AppError):
        begin(desk, id_, "Too late")
