"""Three desks write one state document, often offline: nothing written is lost, all read the same.

The oracle is what the shared database accepted, in its order: played again on paper, no field may
have been set over a value that its writer had not seen.
"""

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID, uuid4

from builders import CLEO, DANA, START, THEO, Desk, Parts, new_shared
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from major_world import commanded, entry_change, write

from services.core.clock import ManualClock
from services.core.errors import AppError
from services.incidents.conflicts import typed_in
from services.major_incidents import entry_acts as acts
from services.major_incidents.entries import (
    ASSESSMENT,
    DocumentEntry,
    DocumentSection,
    EntryKind,
    ResponseEntry,
    Verdict,
)
from services.sync.errors import ClientUnknown, SharedUnreachable
from services.sync.shared import ClientIdentity, Decision, Outcome, Submission
from services.sync.shared_sqlite import SharedSqlite

AT, N = st.integers(0, 2), st.integers(0, 5)
WHO = (DANA, THEO, CLEO)
VERDICTS = (Verdict.OPEN, Verdict.TESTING, Verdict.CONFIRMED)
PAPER = (DocumentEntry, ResponseEntry)


class DocumentMachine(RuleBasedStateMachine):
    """Desks write, change, strike through, push, pull and lose messages in any order."""

    shared: ClassVar[type[SharedSqlite]] = SharedSqlite

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.accepted: list[UUID] = []
        self.given: dict[UUID, Any] = {}
        self.count = 0
        clock, path = ManualClock(START), new_shared(self.folder)
        parts = Parts(shared=told(self.shared, self.accepted))
        self.desks: list[Desk] = []
        for name in ("one", "two", "three"):
            (self.folder / name).mkdir()
            self.desks.append(Desk(self.folder / name, path, clock, parts=parts))
        self.incident = commanded(self.desks[0])
        self.write_paragraph(0)
        self.write_paragraph(0)
        self.write_theory(0)
        for desk in self.desks:
            desk.sync()

    # -- people write ----------------------------------------------------------------------

    def _give(self, at: int, command: object) -> None:
        with suppress(AppError):
            self.given[self.desks[at].give(command, WHO[at]).command_id] = command

    def _text(self) -> str:
        self.count += 1
        return f"text {self.count}"

    @rule(at=AT)
    def write_paragraph(self, at: int) -> None:
        self._give(at, acts.WriteDocumentEntry(
            incident_id=self.incident, entry_id=uuid4(), section=DocumentSection.NOTES,
            text=self._text()))  # fmt: skip

    @rule(at=AT, n=N)
    def answer(self, at: int, n: int) -> None:
        section = ASSESSMENT[n % 2]
        there = self.desks[at].find(DocumentEntry, section=section, is_removed=False)
        self._give(at, acts.AnswerAssessment(
            incident_id=self.incident, entry_id=uuid4(), section=section, text=self._text(),
            replaces_ids=tuple(entry.id for entry in there)))  # fmt: skip

    @rule(at=AT, n=N, position=st.sampled_from((None, 1, 2)))
    def change_paragraph(self, at: int, n: int, position: int | None) -> None:
        if entry := self._one(at, DocumentEntry, n):
            self._give(at, acts.ChangeDocumentEntry(
                incident_id=self.incident, entry_id=entry.id,
                text=self._text() if position is None else entry.text,
                position=entry.position if position is None else position,
                is_unknown=entry.is_unknown, seen_text=entry.text,
                seen_position=entry.position, seen_is_unknown=entry.is_unknown))  # fmt: skip

    @rule(at=AT, n=N)
    def change_at_once(self, at: int, n: int) -> None:
        """Two who do not know of each other write the same paragraph anew."""
        for desk in (at, (at + 1) % len(self.desks)):
            self.change_paragraph(desk, n, None)

    @rule(at=AT)
    def write_theory(self, at: int) -> None:
        self._give(at, write(self.incident, self._text(), EntryKind.THEORY))

    @rule(at=AT, n=N, verdict=st.sampled_from((None, *VERDICTS)))
    def change_theory(self, at: int, n: int, verdict: Verdict | None) -> None:
        if entry := self._one(at, ResponseEntry, n):
            given: dict[str, Any] = {"verdict": verdict} if verdict else {"text": self._text()}
            self._give(at, entry_change(entry, **given))

    @rule(at=AT, n=N)
    def strike_through_or_put_back(self, at: int, n: int) -> None:
        if entry := self._one(at, DocumentEntry, n):
            self._give(at, acts.RemoveDocumentEntry(
                incident_id=self.incident, entry_id=entry.id,
                is_removed=not entry.is_removed))  # fmt: skip

    def _one(self, at: int, record: type[Any], n: int) -> Any:
        found = self.desks[at].find(record)
        return found[n % min(len(found), 2)] if found else None

    # -- the wire --------------------------------------------------------------------------

    @rule(at=AT, how=st.sampled_from(["whole", "whole", "request lost", "answer lost"]))
    def push(self, at: int, how: str) -> None:
        wire = self.desks[at].wire
        wire.loses_request = how == "request lost"
        wire.loses_answer = how == "answer lost"
        with suppress(SharedUnreachable):
            self.desks[at].replica.push()
        wire.loses_request = wire.loses_answer = False

    @rule(at=AT)
    def pull(self, at: int) -> None:
        with suppress(SharedUnreachable):
            self.desks[at].replica.pull()

    @rule(at=AT, is_cut=st.booleans())
    def cut_or_mend(self, at: int, is_cut: bool) -> None:
        self.desks[at].wire.is_cut = is_cut

    # -- what has to hold when all is well again ---------------------------------------------

    def teardown(self) -> None:
        try:
            for desk in self.desks:
                desk.wire.is_cut = False
                with suppress(ClientUnknown):
                    desk.wire.deliver_late()
            for _ in range(3):
                for desk in self.desks:
                    desk.sync()
            self.judge()
        finally:
            for desk in self.desks:
                desk.close()
            shutil.rmtree(self.folder)

    def judge(self) -> None:
        """Nobody's words are lost, nobody's were overwritten unseen, and all read the same."""
        waiting = {c.envelope.command_id: typed_in(c.envelope)
                   for desk in self.desks for c in desk.conflicts()}  # fmt: skip
        accepted = set(self.accepted)
        for id_, command in self.given.items():
            assert id_ in accepted or id_ in waiting, f"lost: {command}"
            text = getattr(command, "text", "")
            if id_ in waiting and text != getattr(command, "seen_text", ""):
                assert text in waiting[id_], f"words lost: {command}"
        paper = self._paper()
        for desk in self.desks:
            read = {entry.id: entry for record in PAPER for entry in desk.find(record)}
            assert read.keys() == paper.keys()
            for id_, values in paper.items():
                assert {name: getattr(read[id_], name) for name in values} == values

    def _paper(self) -> dict[UUID, dict[str, Any]]:
        """Every entry as the accepted commands make it, in the order of their acceptance."""
        paper: dict[UUID, dict[str, Any]] = {}
        for command in (self.given[id_] for id_ in self.accepted if id_ in self.given):
            given = {field.name: getattr(command, field.name) for field in fields(command)}
            seen = {name: given.pop(f"seen_{name}") for name in tuple(given)
                    if f"seen_{name}" in given}  # fmt: skip
            if seen:
                assert not paper[command.entry_id]["is_removed"], "changed what was struck through"
                for name, before in seen.items():
                    if given[name] != before:
                        now = paper[command.entry_id].setdefault(name, before)
                        assert now in (before, given[name]), "overwrote unseen words"
                        paper[command.entry_id][name] = given[name]
            elif isinstance(command, acts.RemoveDocumentEntry):
                paper[command.entry_id]["is_removed"] = command.is_removed
            else:
                paper[command.entry_id] = {"text": given["text"], "is_removed": False}
                for id_ in given.get("replaces_ids", ()):
                    paper[id_]["is_removed"] = True
        return paper


def told(shared: type[SharedSqlite], accepted: list[UUID]) -> type[SharedSqlite]:
    """A shared database that also tells which commands it accepted, in its order."""

    class Told(shared):  # type: ignore[misc, valid-type]
        def submit(
            self, identity: ClientIdentity, batch: Sequence[Submission]
        ) -> tuple[Decision, ...]:
            decisions: tuple[Decision, ...] = super().submit(identity, batch)
            accepted.extend(
                d.command_id
                for d in decisions
                if d.outcome is Outcome.APPLIED and d.command_id not in accepted
            )
            return decisions

    return Told
