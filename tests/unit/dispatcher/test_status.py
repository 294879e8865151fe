"""How paging stands, as a table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

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
