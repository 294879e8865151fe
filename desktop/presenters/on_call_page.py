"""The rota as the screen shows it, made from the records of who is on call."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property
from typing import Final
from uuid import UUID

from desktop.presenters import on_call_words as words
from desktop.views.on_call.values import Bar, BarKind, ClockChange, Lane, RosterRow, RotaPage
from services.incidents.directory import Directory
from services.on_call.book import OnCallBook
from services.on_call.coverage import Finding, FindingKind
from services.on_call.permissions import Planner
from services.on_call.roster import OnCallShift, Roster
from services.on_call.wall_clock import ClockChange as Change
from services.on_call.wall_clock import wall_clock

GAPS: Final = (FindingKind.GAP, FindingKind.CATCH_ALL_GAP)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Sight:
    """The book as one person sees it at one moment, in their zone."""

    book: OnCallBook
    names: Directory
    viewer_id: UUID
    now: datetime
    zone: tzinfo

    @cached_property
    def planner(self) -> Planner:
        """What decides what the viewer may plan."""
        led = (t.id for t in self.names.teams.values() if t.lead_id == self.viewer_id)
        return Planner(
            person_id=self.viewer_id,
            roles=self.names.roles_of(self.viewer_id),
            team_ids=self.names.teams_of(self.viewer_id),
            led_team_ids=frozenset(led),
        )

    @cached_property
    def rosters(self) -> tuple[Roster, ...]:
        """Rosters in use: by tier, then by name, the catch-all last."""
        return tuple(
            sorted(
                self.book.active_rosters,
                key=lambda r: (r.is_catch_all, self.names.tier(r.team_id), r.name.casefold()),
            )
        )

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """All findings from now to the end of the book."""
        return self.book.findings(self.now, self.book.ends_at)

    def is_you(self, person_id: UUID | None) -> bool:
        """Whether somebody is the viewer."""
        return person_id == self.viewer_id

    def person(self, person_id: UUID | None) -> str:
        """A person's name; a person the desk does not know yet has none."""
        return self.names.person(person_id) or "?"

    def tier(self, roster: Roster) -> str:
        """``T2``, or MI for the catch-all."""
        if roster.is_catch_all:
            return "MI"
        return f"T{int(self.names.tier(roster.team_id))}" if roster.team_id else ""

    def lane_name(self, roster: Roster, *, is_backup: bool) -> str:
        """``Network primary``."""
        return f"{roster.name} {'backup' if is_backup else 'primary'}"


def rota_page(
    sight: Sight, first_day: date, days: int, hidden: frozenset[UUID] = frozenset()
) -> RotaPage:
    """The days asked for, with every roster that is not hidden."""
    start = datetime.combine(first_day, time(), sight.zone)
    end = start + days * _DAY
    shown = [one for one in sight.rosters if one.id not in hidden]
    # What is over cannot be filled any more.
    gaps = [f for f in sight.book.findings(max(start, sight.now), end) if f.kind in GAPS]
    return RotaPage(
        first_day=first_day,
        days=days,
        zone=sight.zone,
        now=sight.now,
        rows=tuple(_row(sight, roster, gaps, start, end) for roster in shown),
        clock_changes=_clock_changes(sight, shown, start, end),
    )


def _row(
    sight: Sight, roster: Roster, gaps: Iterable[Finding], start: datetime, end: datetime
) -> RosterRow:
    own = [s for s in sight.book.shifts_of(roster.id) if s.starts_at < end and s.ends_at > start]
    primary = [_bar(sight, roster, one) for one in own if not one.is_backup]
    primary += [_gap(sight, roster, gap) for gap in gaps if gap.roster_id == roster.id]
    backup = [_bar(sight, roster, one) for one in own if one.is_backup]
    hours = words.hours_of(sight.book, roster)
    subtitle = "  ·  ".join(word for word in (sight.tier(roster), hours) if word)
    lanes = [Lane(tuple(bars)) for bars in lanes_of(primary)] or [Lane(())]
    lanes += [Lane(tuple(bars), is_backup=True) for bars in lanes_of(backup)]
    return RosterRow(
        roster_id=roster.id,
        name=roster.name,
        subtitle=subtitle,
        lanes=tuple(lanes),
        tip=f"{roster.name}, {hours}, planned in {roster.time_zone}",
    )


def lanes_of(bars: Iterable[Bar]) -> list[list[Bar]]:
    """Bars in as few lanes as none overlaps another in."""
    lanes: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda bar: (bar.starts_at, bar.is_override, bar.key)):
        free = (lane for lane in lanes if lane[-1].ends_at <= bar.starts_at)
        lane = next(free, None)
        if lane is None:
            lanes.append([bar])
        else:
            lane.append(bar)
    return lanes


def _bar(sight: Sight, roster: Roster, shift: OnCallShift) -> Bar:
    person = sight.person(shift.person_id)
    lane = sight.lane_name(roster, is_backup=shift.is_backup)
    is_override = shift.override_id is not None
    here = words.span(shift.starts_at, shift.ends_at, sight.zone)
    spoken = [lane, person, here, "override" if is_override else ""]
    return Bar(
        key=f"{shift.id}",
        kind=BarKind.BACKUP if shift.is_backup else BarKind.PRIMARY,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        person_id=shift.person_id,
        person=person,
        is_override=is_override,
        is_you=sight.is_you(shift.person_id),
        shift_id=shift.id,
        override_id=shift.override_id,
        tip="\n".join([f"{lane}: {person}", *_spans(sight, roster, shift), *_why(sight, shift)]),
        spoken=", ".join(word for word in spoken if word),
    )


def _spans(sight: Sight, roster: Roster, shift: OnCallShift) -> list[str]:
    """The span in the viewer's zone and, where that reads otherwise, in the roster's."""
    here = words.span(shift.starts_at, shift.ends_at, sight.zone)
    zone = wall_clock(roster.time_zone).zone
    there = words.span(shift.starts_at, shift.ends_at, zone)
    own = f"{here} {words.zone_city(sight.zone)}"
    return [own] if here == there else [own, f"{there} {words.zone_city(zone)} (roster)"]


def _why(sight: Sight, shift: OnCallShift) -> list[str]:
    override = sight.book.override(shift.override_id)
    if override is None:
        return []
    how = "Swapped" if override.swap_id else "Override"
    instead = f" instead of {sight.person(override.replaced_person_id)}"
    said = f"{how}{instead if override.replaced_person_id else ''}"
    by = f"by {sight.person(override.created_by_id)}"
    return [f"{said}, {by}", *([override.reason] if override.reason else [])]


def _gap(sight: Sight, roster: Roster, gap: Finding) -> Bar:
    here = words.span(gap.starts_at, gap.ends_at, sight.zone)
    return Bar(
        key=f"gap {gap.starts_at.timestamp():.0f}",
        kind=BarKind.GAP,
        starts_at=gap.starts_at,
        ends_at=gap.ends_at,
        tip=f"{roster.name} has no primary\n{here}",
        spoken=f"{roster.name} primary, gap, nobody is on call, {here}",
    )


def _clock_changes(
    sight: Sight, rosters: Iterable[Roster], start: datetime, end: datetime
) -> tuple[ClockChange, ...]:
    """Days of the page on which a clock of a roster changes."""
    found = {}
    for name in sorted({roster.time_zone for roster in rosters}):
        for change in wall_clock(name).changes(start, end):
            found[name] = (change.at.astimezone(sight.zone).date(), clock_change_text(name, change))
    return tuple(ClockChange(day, text) for day, text in found.values())


def clock_change_text(zone: str, change: Change) -> str:
    """What happens to a clock, in words."""
    way = "forward" if change.is_forward else "back"
    before, after = change.local_before, change.local_after
    return (
        f"{zone}: clocks go {way} on {words.DAYS[after.weekday()]} {before.day}"
        f" {words.MONTHS[before.month - 1]}, from {before:%H:%M} to {after:%H:%M}"
    )
