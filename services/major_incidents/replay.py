"""A past response played again in a drill, on a clock 1, 10 or 60 times as fast. Pure.

Where the replay is follows from when it was steered last: nothing is written while it plays, and
every desk of the drill sees the same at the same time.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from services.core.records import Plain, record_from, spec_of
from services.incidents.history import changes_in
from services.incidents.incident import HistoryEntry
from services.major_incidents.acts import SteerReplay
from services.major_incidents.errors import NoReplay
from services.major_incidents.major import MajorIncident
from services.sync.changes import Act

HELD = 0
"""The speed of a replay that is held."""

SPEEDS = (1, 10, 60)
LONGEST_S = 400 * 24 * 3_600
"""No response is played for longer than this."""

COLUMNS = ("replay_at_s", "replay_speed", "replay_since")
_UNBEGUN: dict[str, Plain] = {"replay_at_s": 0, "replay_speed": HELD, "replay_since": None}


@dataclass(frozen=True, slots=True)
class Playback:
    """One stretch of a replay: from ``at_s`` on, ``speed`` times as fast.

    ``since`` is when it was steered so; None before it was ever begun.
    """

    at_s: int
    speed: int
    since: datetime | None

    def position(self, now: datetime) -> timedelta:
        """How far into the past response it is."""
        begun = timedelta(seconds=self.at_s)
        if self.since is None:
            return begun
        return begun + self.speed * max(now - self.since, timedelta())

    def arrival(self, position: timedelta) -> datetime | None:
        """When it comes to a position; None where it never does like this."""
        if self.since is None:
            return None
        ahead = position - timedelta(seconds=self.at_s)
        if ahead <= timedelta():
            return self.since
        return self.since + ahead / self.speed if self.speed else None


def playback_of(major: MajorIncident) -> Playback:
    """How the replay of a drill was steered last."""
    return Playback(major.replay_at_s, major.replay_speed, major.replay_since)


def stretches(major: MajorIncident, history: Iterable[HistoryEntry]) -> tuple[Playback, ...]:
    """Every stretch of the replay of a drill, the first first; each ends where the next begins.

    ``history`` holds that of the drill: it tells how the replay was steered before.
    """
    row = {**spec_of(MajorIncident).to_row(major), **_UNBEGUN}
    found = []
    for entry in sorted(history, key=lambda e: (e.happened_at, str(e.id))):
        changed = changes_in(entry) if entry.subject_id == major.id else {}
        steered = {name: after for name, (_, after) in changed.items() if name in COLUMNS}
        if steered:
            row |= steered
            found.append(playback_of(record_from(MajorIncident, row)))
    now = playback_of(major)
    return (*found, now) if not found or found[-1] != now else tuple(found)


def arrivals(
    positions: Sequence[timedelta], played: Sequence[Playback], now: datetime
) -> Iterator[datetime | None]:
    """When the replay came to each position; None for what it has not come to by now."""
    ends = [later.since for _, later in pairwise(played)] + [None]
    for position in positions:
        moments = (
            at
            for stretch, end in zip(played, ends, strict=True)
            if (at := stretch.arrival(position)) is not None and at <= (end or now) and at <= now
        )
        yield min(moments, default=None)


def steer(major: MajorIncident, command: SteerReplay, act: Act) -> MajorIncident:
    """The drill with its replay steered anew. Whoever steers last does; it only goes forward.

    Raises:
        NoReplay: it plays nothing again, or was to go back or at no speed there is.
    """
    is_forward = major.replay_at_s <= command.at_s <= LONGEST_S
    if major.replay_of_id is None or not is_forward or command.speed not in (HELD, *SPEEDS):
        raise NoReplay()
    return replace(
        major,
        replay_at_s=command.at_s,
        replay_speed=command.speed,
        replay_since=act.happened_at,
    )


def halted(major: MajorIncident, act: Act) -> MajorIncident:
    """The drill with its replay held where it is, because the drill is over."""
    if major.replay_speed == HELD:
        return major
    at = playback_of(major).position(act.happened_at)
    return replace(
        major,
        replay_at_s=min(int(at.total_seconds()), LONGEST_S),
        replay_speed=HELD,
        replay_since=act.happened_at,
    )
