"""Tells a logged incident to the real rules, without any database."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from unit.intake.log_examples import log

from services.core.clock import ManualClock
from services.core.errors import AppError
from services.core.ids import derived_id
from services.incidents.incident import Incident, Note
from services.incidents.priority import PriorityMatrix
from services.intake.names import Names, additions
from services.intake.servicenow_story import IncidentStory
from services.intake.working_state import WorkingState
from services.people.person import Person, PersonRole, Role
from services.registry import command_book
from services.sync.changes import Act

ADMINISTRATOR = uuid4()
DESK = UUID(int=7)
FUNCTIONS = {spec.name: spec.function for spec in command_book().commands.values()}


@dataclass
class Told:
    """What came of it."""

    names: Names
    incident: Incident | None = None
    acts: list[str] = field(default_factory=list)
    commands: list[object] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def tell(logged) -> Told:
    """The incident after all its events, and the acts that made it."""
    person = Person(id=ADMINISTRATOR, name="Ada")
    role = PersonRole(id=uuid4(), person_id=ADMINISTRATOR, role=Role.ADMINISTRATOR)
    standard = PriorityMatrix(id=uuid4(), edition=1, name="Standard")
    state = WorkingState([person, role, standard])
    told = Told(Names(desk_team_id=DESK, editions=(standard,)))
    for id_, command in additions(told.names, log(logged).events()):
        _decide(state, command, Act(command_id=id_, actor_id=ADMINISTRATOR,
                                    happened_at=ManualClock().now()))  # fmt: skip
    story = IncidentStory(logged, 1001, told.names, told.names.matrix, state)
    for event in logged.events:
        try:
            for step in story.steps_of(event):
                _carry_out(state, step, event, told)
        except AppError as error:
            told.refused.append((event.row, error.code))
    told.incident = next(iter(state.find(Incident)), None)
    told.notes = [note.text for note in state.find(Note)]
    return told


def _carry_out(state, step, event, told):
    act = Act(
        command_id=derived_id(event.row, len(told.acts)),
        actor_id=ADMINISTRATOR,
        happened_at=step.happened_at,
        on_behalf_of=step.on_behalf_of,
    )
    try:
        _decide(state, step.command, act)
    except AppError as error:
        told.refused.append((event.row, error.code))
        return
    told.commands.append(step.command)
    told.acts.append(type(step.command).__name__)
    told.times.append(f"{step.happened_at:%d.%m. %H:%M}")
    told.people.append(step.on_behalf_of)


def _decide(state, command, act):
    state.take(FUNCTIONS[type(command).__name__](state, act, command))
