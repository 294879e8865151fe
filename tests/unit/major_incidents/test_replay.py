"""A drill that plays a past major incident again: its clock, who steers it, when it ends."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from builders import IMRAN, Desk
from major_world import accepted, commanded, drill, major_of, resolve_major

from services.incidents.incident import HistoryEntry
from services.major_incidents import acts, errors
from services.major_incidents.major import MajorIncident
from services.major_incidents.replay import (
    HELD,
    LONGEST_S,
    SPEEDS,
    Playback,
    arrivals,
    playback_of,
    stretches,
)

BEGUN = datetime(2026, 10, 14, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def playing(desk: Desk) -> MajorIncident:
    """A drill that plays a past major incident again, not begun yet."""
    past = commanded(desk)
    desk.do(resolve_major(desk, past), IMRAN)
    command = drill(desk, replay_of_id=major_of(desk, past).id)
    desk.do(command, IMRAN)
    return major_of(desk, command.incident_id)


def steer(desk: Desk, major: MajorIncident, at_s: int, speed: int) -> MajorIncident:
    desk.do(acts.SteerReplay(incident_id=major.incident_id, at_s=at_s, speed=speed))
    return major_of(desk, major.incident_id)


def played(desk: Desk, major: MajorIncident) -> tuple[Playback, ...]:
    """Its stretches, as a desk tells them from the history."""
    return stretches(major, desk.find(HistoryEntry, incident_id=major.incident_id))


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_replay_is_where_its_start_and_its_speed_say(speed: int) -> None:
    playback = Playback(90, speed, BEGUN)
    assert playback.position(BEGUN) == timedelta(seconds=90)
    assert playback.position(BEGUN + MINUTE) == timedelta(seconds=90 + 60 * speed)
    at = playback.arrival(timedelta(seconds=90 + 60 * speed))
    assert at == BEGUN + MINUTE
    assert playback.arrival(MINUTE) == BEGUN
    assert Playback(90, HELD, BEGUN).arrival(2 * MINUTE) is None
    assert Playback(0, HELD, None).position(BEGUN + MINUTE) == timedelta()


def test_what_came_keeps_its_moment_however_it_is_steered_later() -> None:
    stretch = (
        Playback(0, 10, BEGUN),
        Playback(600, HELD, BEGUN + MINUTE),
        Playback(1_200, 60, BEGUN + 5 * MINUTE),
    )
    at = [timedelta(minutes=m) for m in (0, 5, 10, 15, 80, 500)]
    now = BEGUN + 6 * MINUTE
    assert list(arrivals(at, stretch, now)) == [
        BEGUN,
        BEGUN + MINUTE / 2,
        BEGUN + MINUTE,
        BEGUN + 5 * MINUTE,
        BEGUN + 6 * MINUTE,
        None,
    ]
    assert list(arrivals(at, (Playback(0, HELD, None),), now)) == [None] * len(at)


def test_every_desk_tells_from_the_record_how_it_was_steered(desk: Desk) -> None:
    drilled = playing(desk)
    assert playback_of(drilled) == Playback(0, HELD, None)
    for at_s, speed in ((0, 10), (300, 60), (5_000, HELD)):
        drilled = steer(desk, drilled, at_s, speed)
    found = played(desk, drilled)
    assert [(one.at_s, one.speed) for one in found] == [(0, 10), (300, 60), (5_000, HELD)]
    assert all(one.since < two.since for one, two in pairwise(found) if one.since and two.since)
    assert found[-1] == playback_of(drilled)


@pytest.mark.parametrize(("at_s", "speed"), [(10, 10), (700, 5), (700, -1), (LONGEST_S + 1, 1)])
def test_it_goes_forward_at_the_speeds_there_are(desk: Desk, at_s: int, speed: int) -> None:
    drilled = steer(desk, playing(desk), 600, 10)
    with pytest.raises(errors.NoReplay):
        steer(desk, drilled, at_s, speed)


def test_only_a_drill_is_steered_and_only_while_it_goes_on(desk: Desk) -> None:
    plain = major_of(desk, accepted(desk))
    with pytest.raises(errors.NoReplay):
        steer(desk, plain, 0, 10)
    drilled = steer(desk, playing(desk), 0, 60)
    desk.do(acts.TakeCommand(incident_id=drilled.incident_id, holding_id=uuid4()), IMRAN)
    desk.do(resolve_major(desk, drilled.incident_id), IMRAN)
    over = major_of(desk, drilled.incident_id)
    assert over.replay_speed == HELD
    assert over.replay_since == over.resolved_at
    began, ended = drilled.replay_since, over.resolved_at
    assert began is not None
    assert ended is not None
    assert over.replay_at_s == 60 * (ended - began).total_seconds()
    with pytest.raises(errors.MajorMovedOn):
        steer(desk, over, 999_999, 10)
    assert [s.speed for s in played(desk, over)] == [60, HELD]


def test_a_drill_that_is_no_major_incident_after_all_holds_its_replay(desk: Desk) -> None:
    drilled = steer(desk, playing(desk), 0, 60)
    desk.do(acts.DemoteMajorIncident(incident_id=drilled.incident_id, decision="Over"), IMRAN)
    assert major_of(desk, drilled.incident_id).replay_speed == HELD
