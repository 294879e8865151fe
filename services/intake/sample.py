"""The sample company: made by commands, the same in every run but for the moment it ends at.

It is submitted as one transaction by a client of its own, so that a first start that is
interrupted leaves the database as it was founded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import overload
from uuid import UUID

from services.catalogue import commands as catalogue
from services.communications.acts import DraftUpdate
from services.core.clock import ManualClock
from services.core.ids import derived_id
from services.core.records import record_from
from services.incidents import acts, commands, escalation_commands, resolution
from services.incidents.priority import PriorityMatrix
from services.intake.sample_founding import founding_commands
from services.intake.sample_major import (
    KEY,
    MAJOR_FUNCTIONS,
    founding_of_majors,
    with_majors,
)
from services.intake.sample_on_call import (
    ON_CALL_FUNCTIONS,
    on_call_founding,
    on_call_present,
)
from services.intake.sample_past import (
    OLD_DAYS,
    YOUNGEST_DAYS,
    parent_stories,
    past_moment,
    past_story,
    recent_story,
)
from services.intake.sample_present import present_story
from services.intake.sample_story import Step, Story
from services.intake.sample_tables import Caller, Company, Present, sample_id, sample_tables
from services.intake.working_state import WorkingState
from services.people import commands as people
from services.people.person import Person, PersonRole, Team, TeamMember
from services.sync.changes import write_set
from services.sync.envelope import CommandFunction, seal
from services.sync.shared import (
    Block,
    ClientIdentity,
    Introduction,
    Outcome,
    SharedDatabase,
    Submission,
)

DEFAULT_PERSON_ID = sample_id("person", "Maya Lindqvist")
"""Whom one works as at first: an agent of the service desk who may also edit the catalogue."""

INCIDENTS = 300
NUMBER_OF_LAST = 20_435
"""The company has had its desk for years, and its numbers tell so."""
SEED = 20_431
RECENT = 24
"""Calls of the last days that were solved at once."""
FOUNDED_BEFORE = timedelta(days=120)
TOLD_EVERY = 50
IDENTITY = ClientIdentity(derived_id("sample", "client"), derived_id("sample", "nonce"))

_READ = (Person, Team, TeamMember, PersonRole, PriorityMatrix)
_FUNCTIONS: Mapping[type, CommandFunction] = {
    people.AddPerson: people.add_person,
    people.AddTeam: people.add_team,
    people.ChangeTeam: people.change_team,
    people.PlaceInTeam: people.place_in_team,
    people.GrantRole: people.grant_role,
    catalogue.AddBusinessService: catalogue.add_business_service,
    catalogue.AddProduct: catalogue.add_product,
    catalogue.AddCategory: catalogue.add_category,
    acts.LogIncident: commands.log_incident,
    acts.CategoriseIncident: commands.categorise_incident,
    acts.PrioritiseIncident: commands.prioritise_incident,
    acts.AssignIncident: commands.assign_incident,
    acts.StartIncident: commands.start_incident,
    acts.HoldIncident: commands.hold_incident,
    acts.ResumeIncident: commands.resume_incident,
    acts.ResolveIncident: resolution.resolve_incident,
    acts.ReopenIncident: resolution.reopen_incident,
    acts.CloseIncident: commands.close_incident,
    acts.CancelIncident: commands.cancel_incident,
    acts.AddNote: commands.add_note,
    acts.LinkToParent: commands.link_to_parent,
    acts.EscalateToTeam: escalation_commands.escalate_to_team,
    acts.AcceptEscalation: escalation_commands.accept_escalation,
    acts.RejectEscalation: escalation_commands.reject_escalation,
    acts.HandBackEscalation: escalation_commands.hand_back_escalation,
    acts.RecallEscalation: escalation_commands.recall_escalation,
    acts.EscalateUp: escalation_commands.escalate_up,
    acts.AnswerEscalation: escalation_commands.answer_escalation,
    acts.WithdrawEscalation: escalation_commands.withdraw_escalation,
    **ON_CALL_FUNCTIONS,
    **MAJOR_FUNCTIONS,
}


def sample_steps(now: datetime, founder_login: str, first_number: int) -> list[Step]:
    """Every act of the sample company in the order they happened, the last shortly before now."""
    company = sample_tables()
    founder_id = derived_id("person", founder_login)
    founded_at = now - FOUNDED_BEFORE
    given = [
        *founding_commands(company, founder_login),
        *on_call_founding(company, now),
        *founding_of_majors(company),
    ]
    founding = [
        Step(founded_at + n * timedelta(seconds=20), founder_id, command)
        for n, command in enumerate(given)
    ]
    steps = [step for story in _stories(company, now) for step in story.steps]
    steps = [*with_majors(company, steps, now), *on_call_present(company, now)]
    return founding + _numbered(sorted(steps, key=lambda step: step.happened_at), first_number)


def _stories(company: Company, now: datetime) -> Iterator[Story]:
    chance = Random(SEED)
    followers: dict[str, Caller | None] = {}
    for row in company.present:
        caller = _caller(company, row, chance)
        followers[row.known.get("follows", "")] = caller
        yield present_story(company, row, caller, now, chance)
    reported_at = past_moment(now, OLD_DAYS, chance)
    callers = [_caller_for(company, summary, chance) for summary in company.together]
    yield from parent_stories(company, callers, reported_at, chance)
    for n, summary in enumerate(_left(company, chance)):
        if summary in followers:
            moment = past_moment(now, OLD_DAYS, chance)
            yield past_story(company, summary, followers[summary], moment, chance)
            continue
        caller = _caller_for(company, summary, chance)
        if n < RECENT:
            yield recent_story(company, summary, caller, now, chance)
        else:
            moment = past_moment(now, YOUNGEST_DAYS, chance)
            yield past_story(company, summary, caller, moment, chance)


def _left(company: Company, chance: Random) -> list[str]:
    """Summaries that no other story tells, as many as complete the number of incidents."""
    told = {row.summary for row in company.present} | set(company.together)
    needed = [row.known["follows"] for row in company.present if "follows" in row.known]
    left = [summary for summary in company.troubles if summary not in {*told, *needed}]
    chance.shuffle(left)
    return [*needed, *left[: INCIDENTS - len(told) - len(needed)]]


def _caller(company: Company, row: Present, chance: Random) -> Caller | None:
    if "caller" in row.known:
        return company.callers[row.known["caller"]]
    return _caller_for(company, row.summary, chance)


def _caller_for(company: Company, summary: str, chance: Random) -> Caller | None:
    """Somebody of a department that uses what is affected, at a site that the summary names."""
    trouble = company.troubles[summary]
    if trouble.source:
        return None
    at_site = [c for c in company.callers.values() if c.site in summary]
    usual = company.calls_from.get(trouble.product) or company.calls_from.get(trouble.service, [])
    in_department = [c for c in company.callers.values() if c.department in usual]
    with_laptop = [c for c in company.callers.values() if c.asset_tag.startswith("LT")]
    others = [c for c in with_laptop if not c.is_vip or chance.random() < 0.4]
    return chance.choice(at_site or in_department or others)


def _numbered(steps: list[Step], first: int) -> list[Step]:
    """The steps with the numbers that the incidents get as they are logged."""
    numbered = []
    keys: dict[UUID, str] = {}
    for step in steps:
        if isinstance(step.command, acts.LogIncident):
            number = first + len(keys)
            keys[step.command.incident_id] = f"INC-{number}"
            step = replace(step, command=replace(step.command, number=number))
        elif isinstance(step.command, DraftUpdate):
            subject = step.command.subject.replace(KEY, keys[step.command.incident_id])
            step = replace(step, command=replace(step.command, subject=subject))
        numbered.append(step)
    return numbered


def create_sample(
    shared: SharedDatabase,
    now: datetime,
    founder_login: str,
    told: Callable[[int, int], None],
    clock: ManualClock | None = None,
) -> None:
    """Fill a newly founded shared database; ``told`` hears how many of all acts are done.

    ``clock`` is the one that the shared database reads, if it can be moved: it then follows the
    acts, and each is recorded when it happened. It shows ``now`` afterwards.
    """
    submissions = _submissions(shared, now, founder_login)
    decisions = shared.submit(IDENTITY, _Told(submissions, clock, told))
    if clock is not None:
        clock.moment = now
    refused = [d for d in decisions if d.outcome is not Outcome.APPLIED]
    assert not refused, refused[0]
    # Words that are still on their way are over now: an outlet that comes later never gets them.
    shared.keep_up()


def _submissions(shared: SharedDatabase, now: datetime, founder_login: str) -> list[Submission]:
    """Every act decided by its command function, on what the database was founded with."""
    state = _founded(shared)
    shared.hello(Introduction(IDENTITY))
    block = _block(shared)
    submissions = []
    steps = sample_steps(now, founder_login, block.hi - INCIDENTS + 1)
    for seq, step in enumerate(steps, start=1):
        envelope = seal(
            step.command,
            command_id=derived_id("sample", "act", seq),
            actor_id=step.actor_id,
            happened_at=step.happened_at,
        )
        changes = _FUNCTIONS[type(step.command)](state, envelope.act, step.command)
        state.take(changes)
        submissions.append(Submission(seq, envelope, write_set(changes)))
    return submissions


def _block(shared: SharedDatabase) -> Block:
    """Numbers up to the company's latest one, of which the last are used."""
    next_number = shared.take_block(IDENTITY, 1).hi + 1
    return shared.take_block(IDENTITY, max(INCIDENTS, NUMBER_OF_LAST - next_number + 1))


def _founded(shared: SharedDatabase) -> WorkingState:
    kinds = {record.TABLE: record for record in _READ}
    _, parts = shared.snapshot()
    return WorkingState(
        record_from(kinds[part.table], row)
        for part in parts
        if part.table in kinds
        for row in part.rows
    )


@dataclass(frozen=True)
class _Told(Sequence[Submission]):
    """A batch that moves the clock and tells how far it is while it is decided."""

    submissions: Sequence[Submission]
    clock: ManualClock | None
    told: Callable[[int, int], None]

    def __len__(self) -> int:
        return len(self.submissions)

    @overload
    def __getitem__(self, place: int) -> Submission: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Submission]: ...

    def __getitem__(self, place: int | slice) -> Submission | Sequence[Submission]:
        return self.submissions[place]

    def __iter__(self) -> Iterator[Submission]:
        total = len(self.submissions)
        for done, submission in enumerate(self.submissions):
            if self.clock is not None:
                self.clock.moment = submission.envelope.happened_at
            if done % TOLD_EVERY == 0:
                self.told(done, total)
            yield submission
        self.told(total, total)
