"""The time of commands: put right by the shared database, in the order of giving."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from builders import START, Office, Parts, note_command, notes_of
from wire import Wire

from services.core.clock import ManualClock
from services.incidents.incident import HistoryEntry
from services.sync.desk_clock import DeskClock
from services.sync.shared import Introduction, Welcome

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def test_half_of_the_way_there_and_back_is_taken_off() -> None:
    clock = ManualClock(START)
    desk = DeskClock(clock, timedelta(), None)
    asked = clock.now()
    clock.advance(2 * SECOND)
    assert desk.learn(asked, START + HOUR) == HOUR - SECOND
    assert desk.now() == clock.now() + HOUR - SECOND


@pytest.mark.parametrize("jump", [-26 * HOUR, -SECOND, timedelta(microseconds=-1)])
def test_a_clock_that_jumps_back_keeps_commands_in_order(jump: timedelta) -> None:
    clock = ManualClock(START)
    desk = DeskClock(clock, timedelta(), None)
    moments = [desk.stamp()]
    clock.advance(jump)
    moments += [desk.stamp() for _ in range(3)]
    clock.advance(30 * HOUR)
    moments.append(desk.stamp())
    assert moments == sorted(set(moments))
    assert moments[-1] == clock.now()


def test_a_clock_that_was_ahead_does_not_hold_commands_up_for_ever() -> None:
    clock = ManualClock(START + 26 * HOUR)
    desk = DeskClock(clock, timedelta(), None)
    desk.stamp()
    clock.advance(-26 * HOUR)
    desk.learn(clock.now(), START)
    assert desk.stamp() == START


@pytest.mark.parametrize(("offset", "told"), [(HOUR, HOUR), (-HOUR, -HOUR), (SECOND, timedelta())])
def test_only_what_matters_is_told(offset: timedelta, told: timedelta) -> None:
    assert DeskClock(ManualClock(START), offset, None).notable_offset == told


@dataclass
class AnotherTime(Wire):
    """A shared database whose clock is an hour ahead of the desk's."""

    ahead: timedelta = HOUR

    def hello(self, introduction: Introduction) -> Welcome:
        welcome = super().hello(introduction)
        assert welcome.now is not None
        return replace(welcome, now=welcome.now + self.ahead)


def test_commands_carry_the_time_of_the_shared_database(office: Office) -> None:
    desk = office.desk(parts=Parts(wire=AnotherTime))
    envelope = desk.give(note_command(desk.log()))
    assert envelope.happened_at == office.clock.now() + HOUR
    assert desk.replica.clock_offset == HOUR


def test_what_was_learned_holds_after_a_start_without_the_shared_database(office: Office) -> None:
    desk = office.desk("mine", parts=Parts(wire=AnotherTime))
    id_ = desk.log()
    desk.close()
    office.desks.clear()
    again = office.desk("mine", is_connected=False)
    assert again.give(note_command(id_)).happened_at == office.clock.now() + HOUR


def test_the_order_outlives_a_start(office: Office) -> None:
    desk = office.desk("mine")
    id_ = desk.log()
    desk.close()
    office.desks.clear()
    last: datetime = office.clock.now()
    office.clock.advance(-5 * HOUR)
    again = office.desk("mine", is_connected=False)
    assert again.give(note_command(id_, text="after")).happened_at > last


def test_the_history_keeps_the_order_of_giving_when_the_clock_jumps(office: Office) -> None:
    desk = office.desk()
    id_ = desk.log()
    for n in range(5):
        desk.give(note_command(id_, text=str(n)))
        office.clock.advance(-HOUR)
    shown = sorted(notes_of(desk, id_), key=lambda note: note.written_at)
    assert [note.text for note in shown] == [str(n) for n in range(5)]
    entries = desk.find(HistoryEntry, incident_id=id_)
    assert all(entry.happened_at >= START for entry in entries)
