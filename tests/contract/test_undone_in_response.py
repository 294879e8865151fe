"""What is undone and done again in a response, on both shared databases, as others read it."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from builders import IMRAN, START, THEO, Desk, office_at
from major_world import commanded, directory, entry_change, impact, major_of, write
from team import team_at

from desktop.presenters.undo_log import again, inverse_of
from services.incidents.detail import incident_detail
from services.incidents.errors import NothingToUndo
from services.incidents.read_models import Viewer
from services.major_incidents import acts, entry_acts
from services.major_incidents.entries import (
    ChangeEvent,
    DocumentEntry,
    DocumentSection,
    EntryKind,
    ResponseEntry,
    SupportCase,
    Verdict,
)
from services.major_incidents.major import (
    ChannelKind,
    MajorIncident,
    ResponseChannel,
    ResponsePhase,
    WorkStream,
)

HOW_MANY = DocumentSection.HOW_MANY
RECORDS = (ResponseEntry, DocumentEntry, ResponseChannel, SupportCase, ChangeEvent, WorkStream)
KEPT = ("text", "verdict", "is_pinned", "is_unknown", "name", "address", "reference", "title")
TIMES = ("phase", "impact_started_at", "detected_at", "impact_ended_at")


class Response:
    """A response under way with one of everything, on the desks of two people."""

    def __init__(self, own: Desk, colleague: Desk) -> None:
        self.own, self.colleague = own, colleague
        self.id = id_ = commanded(own)
        self.entry, self.answer, self.channel, self.stream = (uuid4() for _ in range(4))
        for command in (
            write(id_, "Cold cache", EntryKind.THEORY, entry_id=self.entry),
            self.answered("Two hundred", self.answer),
            self.met_at("#fire", self.channel),
            acts.AddWorkStream(incident_id=id_, stream_id=self.stream, name="Database"),
        ):
            own.do(command, IMRAN)
        colleague.sync()

    def answered(self, text: str, id_: UUID, *replaced: UUID) -> entry_acts.AnswerAssessment:
        return entry_acts.AnswerAssessment(
            incident_id=self.id, entry_id=id_, section=HOW_MANY, text=text, replaces_ids=replaced
        )

    def met_at(self, address: str, id_: UUID) -> acts.AddChannel:
        return acts.AddChannel(
            incident_id=self.id, channel_id=id_, kind=ChannelKind.CHAT, name="Chat", address=address
        )

    def answers(self, desk: Desk) -> list[str]:
        """The answers that stand."""
        found = desk.find(DocumentEntry, incident_id=self.id, section=HOW_MANY, is_removed=False)
        return sorted(entry.text for entry in found)

    def acts(self) -> dict[str, Any]:
        """Every act of the console on what is written down that can be undone."""
        id_ = self.id
        entry = self.own.get(ResponseEntry, self.entry)
        return {
            "strike": entry_acts.RemoveEntry(incident_id=id_, entry_id=self.entry),
            "verdict": entry_change(entry, verdict=Verdict.TESTING),
            "answer": self.answered("Everybody", uuid4(), self.answer),
            "first answer": entry_acts.AnswerAssessment(
                incident_id=id_, entry_id=uuid4(), section=DocumentSection.IMPACT, is_unknown=True
            ),
            "leave a channel": acts.RemoveChannel(incident_id=id_, channel_id=self.channel),
            "add a channel": self.met_at("#other", uuid4()),
            "add a case": entry_acts.AddSupportCase(
                incident_id=id_, case_id=uuid4(), reference="CS-1"
            ),
            "add a change": entry_acts.AddChangeEvent(
                change_event_id=uuid4(), title="New release", happened_at=START
            ),
            "end a stream": acts.EndWorkStream(incident_id=id_, stream_id=self.stream),
            "begin a stream": acts.AddWorkStream(incident_id=id_, stream_id=uuid4(), name="Web"),
            "phase": acts.SetPhase(
                incident_id=id_, phase=ResponsePhase.MONITORING,
                seen_phase=ResponsePhase.INVESTIGATING,
            ),
            "times": impact(major_of(self.own, id_), started_at=START - timedelta(minutes=5)),
        }  # fmt: skip


def standing(desk: Desk) -> dict[UUID, dict[str, object]]:
    """What a desk shows of responses, without what is struck, inactive or ended."""
    shown: dict[UUID, dict[str, object]] = {}
    for one in (one for record in RECORDS for one in desk.find(record)):
        is_over = getattr(one, "is_removed", False) or getattr(one, "ended_at", None)
        if not is_over and getattr(one, "is_active", True):
            shown[one.id] = {name: getattr(one, name) for name in KEPT if hasattr(one, name)}
    for major in desk.find(MajorIncident):
        shown[major.id] = {name: getattr(major, name) for name in TIMES}
    return shown


@pytest.fixture(scope="module", params=["embedded", "postgres"])
def response(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Response]:
    with ExitStack() as stack:
        if request.param == "embedded":
            office: Any = stack.enter_context(office_at())
        else:
            folder, databases = (
                tmp_path_factory.mktemp("team"),
                request.getfixturevalue("databases"),
            )
            office = stack.enter_context(team_at(folder, databases))
        yield Response(office.desk(), office.desk())


def test_each_act_is_undone_done_again_and_undone_for_all(response: Response) -> None:
    own, colleague = response.own, response.colleague

    def seen_by_all(command: object) -> dict[UUID, dict[str, object]]:
        own.do(command, IMRAN)
        colleague.sync()
        assert standing(own) == standing(colleague)
        return standing(colleague)

    for name, command in response.acts().items():
        before = standing(colleague)
        envelope = own.give(command, IMRAN)
        own.sync()
        colleague.sync()
        after = standing(colleague)
        assert after != before, name
        inverse = inverse_of(command, envelope)
        assert seen_by_all(inverse) == before, name
        assert seen_by_all(again(command, uuid4)) == after, name
        assert seen_by_all(inverse) == before, name


def test_what_was_put_back_is_told_as_that(response: Response) -> None:
    strike = entry_acts.RemoveEntry(incident_id=response.id, entry_id=response.entry)
    for command in (strike, inverse_of(strike, response.own.give(strike, IMRAN))):
        response.own.do(command, IMRAN)
    engine = sa.create_engine(f"sqlite:///{response.own.folder / 'cache.db'}")
    with engine.connect() as connection:
        names = directory(response.own)
        detail = incident_detail(connection, names, Viewer(IMRAN), response.id)
    engine.dispose()
    assert detail is not None
    assert [entry.sentence for entry in detail.timeline[:2]] == [
        "put an entry of the response back",
        "struck an entry of the response through",
    ]


def test_an_answer_is_not_taken_back_over_a_colleagues(response: Response) -> None:
    own, colleague = response.own, response.colleague
    mine, theirs = uuid4(), uuid4()
    answer = response.answered("Half of them", mine, response.answer)
    undo = partial(inverse_of, answer, own.give(answer, IMRAN))
    own.sync()
    colleague.do(response.answered("A third", theirs, response.answer), THEO)
    own.sync()
    own.do(undo(), IMRAN)
    colleague.sync()
    assert response.answers(own) == response.answers(colleague) == ["A third"]
    answer = response.answered("None", uuid4(), theirs)
    undo = partial(inverse_of, answer, own.give(answer, IMRAN))
    own.sync()
    colleague.sync()
    colleague.do(response.answered("Nobody", uuid4(), answer.entry_id), THEO)
    own.sync()
    with pytest.raises(NothingToUndo):
        own.give(undo(), IMRAN)
    assert response.answers(own) == ["Nobody"]
