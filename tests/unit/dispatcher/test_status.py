"""How paging stands, as a table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.dispatcher.beats import Beat
from services.dispatcher.status import table
from services.paging.engine import Alarm
from services.sync.paging_standing import PagingStanding

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STANDING = PagingStanding(
    fired=0,
    dispatcher_count=2,
    last_beat_at=NOW - timedelta(seconds=3),
    open_pages=4,
    waiting_deliveries=1,
    now=NOW,
)


def test_each_dispatcher_says_how_it_fares():
    began_at = NOW - timedelta(hours=3)
    known = Beat(
        dispatcher="one",
        started_at=began_at,
        seen_at=NOW,
        held=2,
        open_breakers=("4f2a",),
        unread=(("7c1e", "it is closed"),),
    )
    gone = Beat(dispatcher="two", started_at=began_at, seen_at=began_at, is_stopped=True)
    told = [" ".join(line.split()) for line in table(STANDING, [], [known, gone]).splitlines()[4:]]
    assert told == [
        "one began 3 h ago, heard of 0 s ago, sends 2",
        "cannot reach 4f2a",
        "cannot read the mailbox of 7c1e: it is closed",
        "two began 3 h ago, stopped 3 h ago, sends 0",
    ]


def test_a_stepped_clock_is_said():
    told = table(replace(STANDING, clock_ahead=timedelta(hours=26)), [])
    assert "stepped 1560 min ahead" in told
    assert "Clock" not in table(STANDING, [])


def test_alarms_stand_below_the_counts():
    about = Alarm(kind="page-overdue", subject_id=UUID(int=7), since=NOW - timedelta(minutes=5))
    of_none = Alarm(kind="lease-lost", subject_id=None, since=NOW)
    lines = table(STANDING, [about, of_none]).splitlines()
    assert lines[0].split(maxsplit=1)[1] == "2 within a minute, last heard of 3 s ago"
    assert lines[3].split() == ["Alarms", "2"]
    assert lines[4].split()[0] == "lease-lost"
    assert str(UUID(int=7)) in lines[5]
    assert lines[5].endswith("5 min ago")
