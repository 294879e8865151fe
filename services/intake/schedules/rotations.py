"""What of a schedule a rotation can say, and the rotation that says it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from services.core.ids import derived_id
from services.core.text import Limit
from services.intake.schedules.drafting import Drafting
from services.intake.schedules.source import DAY, WEEK, SourceLayer, SourceSchedule, Window
from services.on_call.restriction import DAYS
from services.on_call.roster import Roster, Rotation, RotationUnit
from services.on_call.turns import LONGEST_TURN
from services.on_call.wall_clock import wall_clock

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_UNITS: Final = (
    (RotationUnit.WEEK, WEEK),
    (RotationUnit.DAY, DAY),
    (RotationUnit.HOUR, _HOUR),
)


def obstacles(source: SourceSchedule, given: Drafting) -> Iterator[str]:
    """Why the layers cannot be rotations, in words; nothing where they can."""
    for layer in source.layers:
        for problem in _problems(layer, source.zone, given):
            yield f"rotation “{layer.name}” {problem}"
    ranks = [sum(width(layer) for layer in layers) for _, layers in by_rank(source.layers)]
    if len(ranks) > 1 and max(ranks) > 1:
        yield "people who are on call together also stand in for others by level"


def _problems(layer: SourceLayer, zone: str, given: Drafting) -> Iterator[str]:
    if layer.events:
        yield "does not repeat in turns"
        return
    rounds = [_people(layer, place, given) for place in range(width(layer))]
    if any(len(set(people)) < len(people) for people in rounds):
        yield "has somebody more than once in a round"
    if layer.zone != zone:
        yield f"takes its turns in another zone, {layer.zone}"
    if any(not group for group in layer.groups):
        yield "has turns of nobody"
    yield from _problems_of_turns(layer)
    if layer.not_before and layer.not_before > given.now and not _begins_with_a_turn(layer):
        yield "begins in the middle of a turn"
    if layer.is_by_event and not _keeps_to_turns(layer):
        yield "has hours that go on into the next turn"


def _problems_of_turns(layer: SourceLayer) -> Iterator[str]:
    turn = layer.turn
    if turn.months and layer.starts_local.day > 28:
        yield "begins its months on a day that not every month has"
    if not turn.months and turn.length % _HOUR:
        yield "has turns that are not whole hours long"
    elif not turn.months and _unit_of(turn.length)[1] > LONGEST_TURN:
        yield "has turns that are too long"
    times = [layer.starts_local.second, *(w.start % _MINUTE for w in layer.windows)]
    times += [window.length % _MINUTE for window in layer.windows]
    if any(times) or (layer.ends_at and layer.ends_at.second):
        yield "is not kept to whole minutes"
    elif len(restriction_of(layer.windows)) > Limit.NAME.value:
        yield "has hours that are too many to write"


def _begins_with_a_turn(layer: SourceLayer) -> bool:
    assert layer.not_before
    return wall_clock(layer.zone).first(layer.starts_local) == layer.not_before


def _keeps_to_turns(layer: SourceLayer) -> bool:
    """Whether no hours are cut by a handover, so that it does not matter whose they are."""
    if layer.turn.months or layer.turn.length % DAY:
        return False
    since = layer.starts_local - layer.starts_local.replace(hour=0, minute=0, second=0)
    if not layer.turn.length % WEEK:
        week_day = layer.starts_local.weekday() * DAY
        starts = [(w.weekday * DAY + w.start - week_day - since) % WEEK for w in layer.windows]
        return all(s + w.length <= WEEK for s, w in zip(starts, layer.windows, strict=True))
    return all((w.start - since) % DAY + w.length <= DAY for w in layer.windows)


def by_rank(layers: Iterable[SourceLayer]) -> Iterator[tuple[int, list[SourceLayer]]]:
    """The layers that have people, from the lowest rank to the highest."""
    held = sorted((layer for layer in layers if layer.groups), key=attrgetter("rank"))
    for rank, found in groupby(held, key=attrgetter("rank")):
        yield rank, list(found)


def width(layer: SourceLayer) -> int:
    """How many people are on call at once."""
    return max((len(group) for group in layer.groups), default=0)


def _unit_of(length: timedelta) -> tuple[RotationUnit, int]:
    for unit, one in _UNITS:
        if not length % one:
            return unit, length // one
    raise AssertionError("obstacles are looked for first")


def rotation_of(
    roster: Roster, number: int, layer: SourceLayer, place: int, given: Drafting
) -> Rotation:
    """The rotation of those who have one place in each group; nothing of it is an obstacle."""
    turn = layer.turn
    unit, length = (RotationUnit.MONTH, turn.months) if turn.months else _unit_of(turn.length)
    ends = wall_clock(layer.zone).local(layer.ends_at) if layer.ends_at else None
    return Rotation(
        id=derived_id("schedule-rotation", roster.id, number),
        roster_id=roster.id,
        name=layer.name,
        layer=layer.rank,
        unit=unit,
        length=length,
        starts_at_local=_written(layer.starts_local),
        ends_at_local=_written(ends) if ends else "",
        person_ids=tuple(_people(layer, place, given)),
        restriction=restriction_of(layer.windows),
    )


def _people(layer: SourceLayer, place: int, given: Drafting) -> list[UUID]:
    """Who takes a place of each group; of a smaller group its last one is in all the others too."""
    return [given.ids[group[min(place, len(group) - 1)]] for group in layer.groups if group]


def _written(local: datetime) -> str:
    return local.strftime("%Y-%m-%dT%H:%M")


def restriction_of(windows: Iterable[Window]) -> str:
    """The windows as a rotation's restriction says them: ``mon,tue 09:00-17:00``."""
    days: dict[str, set[int]] = {}
    for window in windows:
        for weekday, start, length in _daily(window):
            hours = f"{_clock(start)}-{_clock((start + length) % DAY)}"
            days.setdefault(hours, set()).add(weekday)
    return "; ".join(f"{_weekdays(found)}{hours}" for hours, found in days.items())


def _daily(window: Window) -> Iterator[tuple[int, timedelta, timedelta]]:
    """A window in parts of a day at most, each beginning where the one before ended."""
    weekday, left = window.weekday, min(window.length, WEEK)
    while left > timedelta():
        yield weekday, window.start, min(left, DAY)
        weekday, left = (weekday + 1) % len(DAYS), left - DAY


def _weekdays(found: set[int]) -> str:
    """The days as few words: ``mon-fri``, ``mon,wed-fri``; nothing for every day."""
    if len(found) == len(DAYS):
        return ""
    stretches: list[list[int]] = []
    for day in sorted(found):
        if stretches and day == stretches[-1][-1] + 1:
            stretches[-1].append(day)
        else:
            stretches.append([day])
    # Of two days side by side a list says as much as a range.
    words = (
        f"{DAYS[days[0]]}-{DAYS[days[-1]]}" if len(days) > 2 else ",".join(DAYS[d] for d in days)
        for days in stretches
    )
    return ",".join(words) + " "


def _clock(since_midnight: timedelta) -> str:
    minutes = since_midnight // _MINUTE
    return f"{minutes // 60:02}:{minutes % 60:02}"
