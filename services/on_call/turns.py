"""The turns of a rotation, in the wall-clock time of its roster's zone.

The k-th handover is k turns after the start by the wall clock, at the first occurrence of that
local time. Where a month is too short it is on the last day, always counted from the first one:
31 January, 28 February, 31 March.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta

from services.on_call.errors import RotationEndsTooEarly, TurnLengthOutOfRange
from services.on_call.restriction import daily_hours
from services.on_call.roster import Rotation, RotationUnit
from services.on_call.spans import Duty
from services.on_call.wall_clock import SECOND, ClockChange, WallClock, local_time

# The longest that GoAlert takes, so that its rotations can be taken over.
LONGEST_TURN = 9000
MONTHS = 12
STEPS = {
    RotationUnit.HOUR: timedelta(hours=1),
    RotationUnit.DAY: timedelta(days=1),
    RotationUnit.WEEK: timedelta(weeks=1),
}


def check_rotation(rotation: Rotation) -> None:
    """Refuse a rotation that could not be planned.

    Raises:
        LocalTimeUnreadable: its start or end is not a wall-clock time.
        RestrictionUnreadable: its restriction cannot be understood.
        RotationEndsTooEarly: it ends before it starts.
        TurnLengthOutOfRange: its turns are not 1 to 9000 units long.
    """
    start = local_time(rotation.starts_at_local)
    if rotation.ends_at_local and local_time(rotation.ends_at_local) <= start:
        raise RotationEndsTooEarly(start=rotation.starts_at_local, end=rotation.ends_at_local)
    if not 1 <= rotation.length <= LONGEST_TURN:
        raise TurnLengthOutOfRange(length=rotation.length, longest=LONGEST_TURN)
    daily_hours(rotation.restriction)


def turns(rotation: Rotation, clock: WallClock, start: datetime, end: datetime) -> Iterator[Duty]:
    """Whose turn it is between two moments, in order and without gap, restrictions aside.

    A turn that a clock put forward leaves no time for is nobody's: the next person takes the
    turn after it, so that nobody has two in a row by accident.

    Raises:
        LocalTimeUnreadable, TurnLengthOutOfRange, RotationEndsTooEarly: it cannot be planned.
    """
    check_rotation(rotation)
    people = rotation.person_ids
    handovers = Handovers(rotation, clock)
    if rotation.ends_at_local:
        end = min(end, clock.first(local_time(rotation.ends_at_local)))
    start = max(start, handovers.at(0))
    if not people or start >= end:
        return
    number = handovers.last_until(start)
    turn = number - handovers.empty_turns(number)
    begins = start
    while begins < end:
        number += 1
        hands_over = min(handovers.at(number), end)
        if hands_over > begins:
            yield Duty(begins, hands_over, people[turn % len(people)], rotation.id)
            turn += 1
        begins = hands_over


class Handovers:
    """The handovers of a rotation, numbered from its start, which is number 0."""

    def __init__(self, rotation: Rotation, clock: WallClock) -> None:
        self.clock = clock
        self._first = local_time(rotation.starts_at_local)
        self._length = rotation.length
        unit = STEPS.get(rotation.unit)
        self._step = None if unit is None else unit * rotation.length

    def at(self, number: int) -> datetime:
        """When a handover takes place; several do at once where their local times are left out."""
        return self.clock.first(self.local(number))

    def local(self, number: int) -> datetime:
        """The local time of a handover."""
        if self._step is not None:
            return self._first + number * self._step
        years, month = divmod(self._first.month - 1 + number * self._length, MONTHS)
        year = self._first.year + years
        day = min(self._first.day, monthrange(year, month + 1)[1])
        return self._first.replace(year=year, month=month + 1, day=day)

    def last_until(self, moment: datetime) -> int:
        """The number of the last handover that is not after ``moment``."""
        number = self._number_near(self.clock.local(moment))
        while self.at(number) > moment:
            number -= 1
        while self.at(number + 1) <= moment:
            number += 1
        return number

    def empty_turns(self, number: int) -> int:
        """How many turns before a handover had no time at all."""
        if self._step is None:  # no clock is put forward by a month
            return 0
        changes = self.clock.changes(self.at(0) - SECOND, self.at(number))
        return sum(self._empty_turns_at(change, number) for change in changes if change.is_forward)

    def _empty_turns_at(self, change: ClockChange, number: int) -> int:
        assert self._step is not None
        low = max(-((self._first - change.local_before) // self._step), 0)
        high = min((change.local_after - self._first) // self._step, number)
        return max(high - low, 0)

    def _number_near(self, local: datetime) -> int:
        if self._step is not None:
            return (local - self._first) // self._step
        months = (local.year - self._first.year) * MONTHS + local.month - self._first.month
        return months // self._length
