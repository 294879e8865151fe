"""The import itself: a submit client without cache and journal.

It decides every command by the same function as a desk, on the few records its rules read, and
submits whole incidents in batches of one transaction each. After a kill an incident is either
complete in the shared database or not there at all, so the next run goes on with the first that
is missing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.core.clock import Clock
from services.core.errors import AppError
from services.core.ids import derived_id
from services.core.records import Record
from services.incidents.imported_acts import RecordImportedState
from services.incidents.incident import Escalation, Incident, Note
from services.intake.errors import EarlierEventRefused, ImportedElsewhere
from services.intake.import_report import ImportReport, refusal
from services.intake.names import Names, additions
from services.intake.servicenow_log import EventLog, LogEvent, LoggedIncident
from services.intake.servicenow_story import IncidentStory, Step, incident_id_of
from services.intake.working_state import WorkingState
from services.sync.changes import write_set
from services.sync.envelope import CommandFunction, Envelope, seal
from services.sync.shared import (
    ClientIdentity,
    Decision,
    Introduction,
    Outcome,
    SharedDatabase,
    Submission,
)

BATCH_SIZE = 2_000
"""Commands after which a batch is submitted, once its last incident is complete."""


def identity_for(sha256: str) -> ClientIdentity:
    """The client that imports one file, the same in every run."""
    return ClientIdentity(
        derived_id("import", sha256, "client"), derived_id("import", sha256, "nonce")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSite:
    """What the shared database holds before a run, as far as an import must know.

    ``own_…``, ``refused`` (codes by command), ``first_number`` and ``next_seq`` are what earlier
    runs with the same file left.
    """

    actor_id: UUID
    records: tuple[Record, ...]
    incident_ids: frozenset[UUID]
    own_incident_ids: frozenset[UUID]
    refused: Mapping[UUID, str]
    first_number: int | None
    next_seq: int


@dataclass(frozen=True, slots=True)
class _Given:
    """A command under way, and the event it comes from."""

    submission: Submission
    event: LogEvent | None
    number: str


class ServiceNowImport:
    """One run over one log."""

    def __init__(
        self,
        shared: SharedDatabase,
        functions: Mapping[str, CommandFunction],
        clock: Clock,
        log: EventLog,
        site: ImportSite,
        names: Names,
        report: ImportReport,
        batch_size: int | None = None,
    ) -> None:
        self._batch_size = batch_size or BATCH_SIZE
        self._shared = shared
        self._functions = functions
        self._clock = clock
        self._log = log
        self._site = site
        self._names = names
        self._report = report
        self._identity = identity_for(log.sha256)
        self._state = WorkingState(site.records)
        self._next_seq = site.next_seq
        self._batch: list[_Given] = []
        self._is_retold = False

    def run(self, told: Callable[[int], None]) -> None:
        """Import everything that is not there yet; ``told`` hears how many events are done."""
        self._shared.hello(Introduction(self._identity))
        self._add_names()
        first = self._site.first_number
        if first is None:
            first = self._shared.take_block(self._identity, len(self._log.incidents)).lo
        done = 0
        for position, logged in enumerate(self._log.incidents):
            self._import(logged, first + position)
            done += len(logged.events)
            if len(self._batch) >= self._batch_size:
                self._submit()
            told(done)
        self._submit()

    def _add_names(self) -> None:
        now = self._clock.now()
        for id_, command in additions(self._names, self._log.events()):
            command_id = derived_id(self._log.sha256, "name", id_)
            self._decide(command, self._sealed(command, command_id, now, ""), None, "")
            if len(self._batch) >= self._batch_size:
                self._submit()
        self._submit()

    def _import(self, logged: LoggedIncident, number: int) -> None:
        """Tell one incident; one that an earlier run brought is told again without submitting.

        So the report of a run that goes on after a kill lists what the whole import refused.
        """
        incident_id = incident_id_of(logged.number)
        self._is_retold = incident_id in self._site.own_incident_ids
        if self._is_retold:
            self._report.already_imported += len(logged.events)
        elif incident_id in self._site.incident_ids:
            self._refuse_all(logged.events, logged.number, ImportedElsewhere(number=logged.number))
            return
        matrix = self._names.matrix
        assert matrix is not None, "names are added before incidents"
        story = IncidentStory(logged, number, self._names, matrix, self._state)
        for event in logged.events:
            self._tell(story, event, logged.number)
        self._state.forget(Incident, Note, Escalation)
        self._is_retold = False

    def _tell(self, story: IncidentStory, event: LogEvent, number: str) -> None:
        try:
            for n, step in enumerate(story.steps_of(event)):
                self._carry_out(step, n, event, number)
        except AppError as error:
            self._report.refuse(refusal(event.row, number, "event", error))

    def _carry_out(self, step: Step, n: int, event: LogEvent, number: str) -> None:
        """Decide one step. A rule that refuses is noted; the rest of the event is told."""
        command_id = derived_id(self._log.sha256, event.row, n)
        if isinstance(step.command, RecordImportedState):
            self._report.imported_states.append(event.row)
        try:
            envelope = self._sealed(step.command, command_id, step.happened_at, step.on_behalf_of)
            self._decide(step.command, envelope, event, number)
        except AppError as error:
            act = type(step.command).__name__
            self._report.refuse(refusal(event.row, number, act, error))

    def _sealed(
        self, command: object, command_id: UUID, happened_at: datetime, on_behalf_of: str
    ) -> Envelope:
        return seal(
            command,
            command_id=command_id,
            actor_id=self._site.actor_id,
            happened_at=happened_at,
            on_behalf_of=on_behalf_of,
        )

    def _decide(
        self, command: object, envelope: Envelope, event: LogEvent | None, number: str
    ) -> None:
        if refused := self._site.refused.get(envelope.command_id):
            raise RefusedEarlier(refused)
        changes = self._functions[envelope.name](self._state, envelope.act, command)
        self._state.take(changes)
        if not self._is_retold:
            submission = Submission(self._next_seq, envelope, write_set(changes))
            self._batch.append(_Given(submission, event, number))
            self._next_seq += 1

    def _submit(self) -> None:
        """Submit the batch; where the shared database refuses, note it and go on behind it."""
        waiting, self._batch = self._batch, []
        while waiting:
            decisions = self._shared.submit(self._identity, [g.submission for g in waiting])
            self._report.commands += sum(d.outcome is Outcome.APPLIED for d in decisions)
            for given, decision in zip(waiting, decisions, strict=False):
                if decision.outcome is not Outcome.APPLIED:
                    self._note(given, decision)
            waiting = _behind(waiting, decisions)

    def _note(self, given: _Given, decision: Decision) -> None:
        error: AppError = RefusedEarlier(decision.code, **decision.reason)
        if decision.outcome is Outcome.STALE:
            error = EarlierEventRefused(number=given.number)
        row = given.event.row if given.event else 0
        act = given.submission.envelope.name
        self._report.refuse(refusal(row, given.number, act, error))

    def _refuse_all(self, events: Iterable[LogEvent], number: str, error: AppError) -> None:
        for event in events:
            self._report.refuse(refusal(event.row, number, "event", error))


class RefusedEarlier(AppError):
    """The shared database refused the command; ``code`` is the one its guard gave."""

    code = "refused-by-shared"

    def __init__(self, code: str, **reason: object) -> None:
        super().__init__(**reason)
        self.code = code  # type: ignore[misc]


def _behind(waiting: list[_Given], decisions: tuple[Decision, ...]) -> list[_Given]:
    """What is left to submit: everything after the last decision, a stale one included."""
    return waiting[len(decisions) :]
