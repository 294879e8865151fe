"""A schedule of another system, written as rosters.

One roster has one primary at a time, so people who are on call together get a roster each. What no
rotation can say is kept exactly all the same: as single shifts, for as long as shifts are planned.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from services.core.clock import to_microseconds
from services.core.ids import derived_id
from services.core.text import Limit
from services.intake.schedules.departures import MOST, additions, departures, overrides_of
from services.intake.schedules.drafting import Drafting
from services.intake.schedules.rotations import by_rank, obstacles, rotation_of, width
from services.intake.schedules.source import (
    Held,
    Line,
    SourceException,
    SourceLayer,
    SourceSchedule,
    on_call,
)
from services.on_call.roster import Override, Roster, Rotation
from services.on_call.shifts import planning_span

_LEAST: Final = timedelta(days=100)
"""For how long single shifts have to last: longer than the proof."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """What became of one part of the schedule."""

    part: str
    became: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDraft:
    """The records that a schedule becomes, and what to tell about it."""

    source: SourceSchedule
    rosters: tuple[Roster, ...]
    rotations: tuple[Rotation, ...]
    overrides: tuple[Override, ...]
    lines: tuple[DraftLine, ...]
    remarks: tuple[str, ...]


def draft(source: SourceSchedule, given: Drafting) -> ScheduleDraft:
    """The rosters that have the same people on call as the schedule.

    Raises:
        ScheduleTooFine: it cannot be written as rotations, and has too many single shifts,
            or has too many overrides.
    """
    live = tuple(one for one in source.layers if not one.ends_at or one.ends_at > given.now)
    source = replace(source, layers=live)
    reasons = list(obstacles(source, given))
    lanes = lanes_of(source.layers)
    if reasons:
        return _as_single_shifts(source, given, reasons)
    rosters = [_roster(source, given, name) for name in _names(source.name, lanes)]
    rotations = [
        rotation_of(roster, number, layer, place, given)
        for roster, lane in zip(rosters, lanes, strict=True)
        for number, (layer, place) in enumerate(lane)
    ]
    people = [{key for layer, _ in lane for g in layer.groups for key in g} for lane in lanes]
    people[0] |= {held.key for held in source.shifts}
    shifts = list(additions(rosters[0], source.shifts))
    overrides = overrides_of((*shifts, *departures(source.exceptions, rosters, people)), given)
    lines = [
        *(DraftLine(f"rotation “{r.name}”", _told(r, rosters)) for r in rotations),
        *_counted("shift", source.shifts, given.now),
        *_counted("override", source.exceptions, given.now),
    ]
    return ScheduleDraft(
        source=source,
        rosters=tuple(rosters),
        rotations=tuple(rotations),
        overrides=overrides,
        lines=tuple(lines),
        remarks=source.remarks,
    )


Lane = list[tuple[SourceLayer, int]]


def lanes_of(layers: Iterable[SourceLayer]) -> list[Lane]:
    """Layers by the roster they go to, with the place in each group that the roster takes."""
    ranks = list(by_rank(layers))
    if len(ranks) != 1:
        return [[(layer, 0) for _, found in ranks for layer in found]]
    lanes = [[(layer, place)] for layer in ranks[0][1] for place in range(width(layer))]
    return lanes or [[]]


def _names(name: str, lanes: list[Lane]) -> list[str]:
    """The schedule's own name, or one for each roster that stands beside others."""
    if len(lanes) == 1:
        return [name]
    layers = [lane[0][0].name for lane in lanes]
    if len(set(layers)) < len(layers):
        layers = [str(number) for number in range(1, len(lanes) + 1)]
    longest = Limit.NAME.value
    return [f"{name[: longest - 2 - len(layer)]}: {layer}"[:longest] for layer in layers]


def _roster(source: SourceSchedule, given: Drafting, name: str) -> Roster:
    return Roster(
        id=derived_id("schedule-roster", name, to_microseconds(given.now)),
        name=name,
        team_id=given.team_id,
        time_zone=source.zone,
    )


def _told(rotation: Rotation, rosters: list[Roster]) -> str:
    count = len(rotation.person_ids)
    each = f"{rotation.length} {rotation.unit.value}{'s' if rotation.length > 1 else ''}"
    hours = f", {rotation.restriction}" if rotation.restriction else ""
    place = ""
    if len(rosters) > 1:
        place = next(f" on “{r.name}”" for r in rosters if r.id == rotation.roster_id)
    people = "1 person" if count == 1 else f"{count} people"
    return f"a rotation of {people}, turns of {each}{hours}{place}"


def _counted(
    part: str, found: Sequence[Held] | Sequence[SourceException], now: datetime
) -> Iterator[DraftLine]:
    if found:
        over = sum(one.ends_at <= now for one in found)
        became = "overrides"
        if over:
            became = (
                f"overrides, but for {over:,} already over"
                if over < len(found)
                else (
                    "nothing, because it is over" if over == 1 else "nothing, because they are over"
                )
            )
        yield DraftLine(f"{len(found):,} {part}{'s' * (len(found) > 1)}", became)


def _as_single_shifts(source: SourceSchedule, given: Drafting, reasons: list[str]) -> ScheduleDraft:
    roster = _roster(source, given, source.name)
    start, end = planning_span(given.now)
    line = on_call(replace(source, rendered=None), start, end)
    held = [one for one in _held(line, end) if one.ends_at > given.now]
    if len(held) > MOST and held[MOST].starts_at >= given.now + _LEAST:
        # As far as the most of an import reach.
        end = held[MOST].starts_at
        held = [one._replace(ends_at=min(one.ends_at, end)) for one in held[:MOST]]
    shifts = overrides_of(additions(roster, held), given)
    until = end.date().isoformat()
    became = f"{len(shifts):,} single shifts until {until}"
    told = [f"Kept as single shifts until {until}, because {reason}." for reason in reasons]
    return ScheduleDraft(
        source=source,
        rosters=(roster,),
        rotations=(),
        overrides=shifts,
        lines=(DraftLine(f"schedule “{source.name}”", became),),
        remarks=(*source.remarks, *told),
    )


def _held(line: Line, end: datetime) -> list[Held]:
    """The longest spans of each person."""
    open_since: dict[str, datetime] = {}
    found = []
    for edge, people in [*zip(line.edges, line.sets, strict=True), (end, frozenset[str]())]:
        for key in [key for key in open_since if key not in people]:
            found.append(Held(open_since.pop(key), edge, key))
        for key in people:
            open_since.setdefault(key, edge)
    return sorted(found)
