"""A drill that plays a past major incident again, on the real program."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from running_desk import CATEGORY, MAYA, PRIYA, VPN, RunningDesk, running_desk

from desktop.widgets.snackbar import Snackbar
from services.core.ids import derived_id
from services.incidents.incident import ResolutionCode
from services.major_incidents.acts import (
    AcceptMajorIncident,
    ProposeMajorIncident,
    ResolveMajorIncident,
    StartDrill,
    TakeCommand,
)
from services.major_incidents.entries import EntryKind
from services.major_incidents.entry_acts import WriteEntry
from services.people.commands import GrantRole
from services.people.person import Role

MINUTE = timedelta(minutes=1)
DRILL = derived_id("drill")
SAID = (
    (EntryKind.OBSERVATION, "Cards are declined", 4),
    (EntryKind.THEORY, "The pool is exhausted", 6),
    (EntryKind.DECISION, "Roll the gateway back", 20),
)


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with running_desk(tmp_path, incidents=0) as running:
        running.give_elsewhere(GrantRole(person_id=MAYA, role=Role.INCIDENT_MANAGER))
        yield running


def past_fire(desk: RunningDesk) -> UUID:
    """A major incident that went on for some minutes and is resolved."""
    id_ = desk.log_elsewhere("Checkout fails")
    give = desk.give_elsewhere
    give(ProposeMajorIncident(incident_id=id_, reason="Nobody can pay"))
    give(AcceptMajorIncident(incident_id=id_))
    give(TakeCommand(incident_id=id_, holding_id=derived_id(id_, "command")))
    for kind, text, minutes in SAID:
        desk.clock.advance(minutes * MINUTE)
        give(WriteEntry(incident_id=id_, entry_id=derived_id(id_, text), kind=kind, text=text))
    desk.clock.advance(9 * MINUTE)
    now = desk.clock.now()
    give(ResolveMajorIncident(
        incident_id=id_, code=ResolutionCode.FIXED, resolution="Rolled back",
        category_id=CATEGORY, subcategory_id=None, service_id=VPN, impact_ended_at=now,
        recovery="Cards pass", review_owner_id=PRIYA, review_due_at=now + 9_000 * MINUTE,
    ))  # fmt: skip
    return id_


def start_drill(desk: RunningDesk) -> None:
    """The drill of it, a day later, with its console shown."""
    past_fire(desk)
    desk.clock.advance(1_440 * MINUTE)
    major_id = UUID(str(desk.found("SELECT id FROM major_incident")))
    team_id = UUID(str(desk.found("SELECT id FROM team WHERE name = 'Service Desk'")))
    desk.give_elsewhere(StartDrill(incident_id=DRILL, number=desk.colleague.take_number(),
                                   owner_team_id=team_id, replay_of_id=major_id))  # fmt: skip
    desk.until(lambda: any(row.is_drill for row in desk.place.majors.open_rows))
    desk.place.majors.open(DRILL)
    desk.until(lambda: desk.place.console.view is not None)
    desk.until(lambda: not desk.place.console.replay.isHidden())
    desk.settle()


def press(desk: RunningDesk, id_: str) -> None:
    desk.program.window.hub.trigger(id_)
    desk.settle()


def after(desk: RunningDesk, seconds: float) -> list[str]:
    """What has come some seconds later, the oldest first, without its times."""
    desk.clock.advance(timedelta(seconds=seconds))
    desk.place.replay.show_moment()
    shown = desk.place.console.timeline.shown
    return [line.text.partition("· ")[2] for line in shown if "DRILL" in line.text][::-1]


def steered(desk: RunningDesk) -> object:
    return desk.found("SELECT replay_speed FROM major_incident WHERE is_drill")


def written(desk: RunningDesk) -> object:
    return desk.found("SELECT count(*) FROM command")


def test_a_past_incident_comes_again_as_something_to_react_to(desk):
    start_drill(desk)
    strip = desk.place.console.replay
    assert "Not begun" in strip.accessibleName()
    assert "Checkout fails" in strip.accessibleName()
    assert after(desk, 600) == [], "it waits until somebody lets it play"
    press(desk, "major.replay")
    assert steered(desk) == 10
    begun = written(desk)
    first = after(desk, 12)
    assert first[0] == "Proposed: Nobody can pay"
    assert "Cards are declined" not in first
    assert after(desk, 13)[-1] == "Cards are declined"
    assert after(desk, 36)[-1] == "The pool is exhausted"
    assert written(desk) == begun, "nothing is written while it plays"
    hold_and_skip(desk)
    read_only(desk)
    start_again(desk)
    it_ends(desk)


def hold_and_skip(desk: RunningDesk) -> None:
    """Held it stays where it is; the next event comes when it is asked for."""
    press(desk, "major.replay")
    assert steered(desk) == 0
    assert "Roll the gateway back" not in after(desk, 3_600)
    press(desk, "major.replay_next")
    assert after(desk, 0)[-1] == "Roll the gateway back"
    assert steered(desk) == 0


def read_only(desk: RunningDesk) -> None:
    """What is replayed is marked, cannot be changed, and is in no record of the drill."""
    lines = [line for line in desk.place.console.timeline.shown if "DRILL" in line.text]
    assert lines
    assert all(line.entry_id is None and "DRILL" in line.spoken for line in lines)
    assert desk.found("SELECT count(*) FROM response_entry WHERE incident_id = ?", str(DRILL)) == 0


def start_again(desk: RunningDesk) -> None:
    """Another sitting finds it where it was, with the moments at which everything came."""
    before = after(desk, 0)
    desk.place.replay.show(DRILL)
    desk.settle()
    assert after(desk, 0) == before


def it_ends(desk: RunningDesk) -> None:
    """Past the last event nothing is left to play, and the strip says so."""
    choice = desk.place.console.replay.speed
    choice.set_current("10")
    choice.step(1)
    press(desk, "major.replay")
    assert steered(desk) == 60
    assert "Resolved: Cards pass" in after(desk, 60)
    assert "Played to the end" in desk.place.console.replay.accessibleName()
    press(desk, "major.replay")
    assert steered(desk) == 60, "the end is the end"


def test_a_drill_of_nothing_has_no_strip_and_says_so(desk):
    id_ = desk.log_elsewhere("Checkout fails")
    desk.give_elsewhere(ProposeMajorIncident(incident_id=id_, reason="x"))
    desk.give_elsewhere(AcceptMajorIncident(incident_id=id_))
    desk.until(lambda: desk.place.majors.open_rows)
    desk.place.majors.open(id_)
    desk.until(lambda: desk.place.console.view is not None)
    desk.settle()
    assert desk.place.console.replay.isHidden()
    press(desk, "major.replay")
    assert "Nothing is played again here" in desk.program.window.findChild(Snackbar).text
