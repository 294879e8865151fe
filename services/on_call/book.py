"""All that is known of who is on call in some span, small enough to hold in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from services.on_call.coverage import Finding, FindingKind, findings
from services.on_call.policy import EscalationPolicy, EscalationStep
from services.on_call.restriction import restricted_spans
from services.on_call.roster import (
    HandoverNote,
    Holiday,
    HolidayRule,
    OnCallShift,
    Override,
    Roster,
    Rotation,
    ShiftSwap,
    TimeOff,
)
from services.on_call.shifts import holiday_spans
from services.on_call.spans import Span, between, joined, shared
from services.on_call.wall_clock import wall_clock
from services.people.contact import ContactMethod


@dataclass(frozen=True, kw_only=True)
class OnCallBook:
    """A snapshot of rosters and of their shifts between two moments, sorted by start."""

    starts_at: datetime
    ends_at: datetime
    rosters: tuple[Roster, ...] = ()
    rotations: tuple[Rotation, ...] = ()
    overrides: tuple[Override, ...] = ()
    swaps: tuple[ShiftSwap, ...] = ()
    time_off: tuple[TimeOff, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    notes: tuple[HandoverNote, ...] = ()
    shifts: tuple[OnCallShift, ...] = ()
    contact_methods: tuple[ContactMethod, ...] = ()
    policies: tuple[EscalationPolicy, ...] = ()
    steps: tuple[EscalationStep, ...] = ()

    @cached_property
    def active_rosters(self) -> tuple[Roster, ...]:
        """Rosters in use by name, the catch-all last."""
        active = (one for one in self.rosters if one.is_active)
        return tuple(sorted(active, key=lambda one: (one.is_catch_all, one.name.casefold())))

    def roster(self, roster_id: UUID | None) -> Roster | None:
        """A roster by its id."""
        return next((one for one in self.rosters if one.id == roster_id), None)

    def override(self, override_id: UUID | None) -> Override | None:
        """An override by its id."""
        return next((one for one in self.overrides if one.id == override_id), None)

    def rotations_of(self, roster_id: UUID) -> tuple[Rotation, ...]:
        """Rotations in use of a roster, the highest layer first, backups last."""
        own = (one for one in self.rotations if one.roster_id == roster_id and one.is_active)
        return tuple(sorted(own, key=lambda one: (one.is_backup, -one.layer, one.name)))

    def shifts_of(self, roster_id: UUID) -> tuple[OnCallShift, ...]:
        """Shifts of a roster, in order."""
        return self._shifts.get(roster_id, ())

    @cached_property
    def _shifts(self) -> dict[UUID, tuple[OnCallShift, ...]]:
        found: dict[UUID, list[OnCallShift]] = {}
        for one in self.shifts:
            found.setdefault(one.roster_id, []).append(one)
        return {roster_id: tuple(shifts) for roster_id, shifts in found.items()}

    def note_for(self, roster_id: UUID, handover_at: datetime) -> HandoverNote | None:
        """The latest note written for a handover."""
        own = [n for n in self.notes if (n.roster_id, n.handover_at) == (roster_id, handover_at)]
        return max(own, key=lambda note: note.written_at, default=None)

    def promised(self, roster: Roster, start: datetime, end: datetime) -> list[Span]:
        """When a roster means to have somebody on call: in the hours of any of its rotations.

        A roster without rotations, and the catch-all, mean always. When a rotation begins and
        ends does not count: one that ran out leaves a gap.
        """
        rotations = [one for one in self.rotations_of(roster.id) if not one.is_backup]
        if roster.is_catch_all or not rotations:
            return [Span(start, end)]
        clock = wall_clock(roster.time_zone)
        free = holiday_spans(roster, self.holidays)
        found: list[Span] = []
        for rotation in rotations:
            hours = restricted_spans(rotation.restriction, clock, start, end)
            if rotation.holiday_rule is HolidayRule.OFF:
                hours = shared(hours, between(free, start, end))
            elif rotation.holiday_rule is HolidayRule.ONLY:
                hours = shared(hours, free)
            found += hours
        return joined(found)

    def findings(self, start: datetime, end: datetime) -> tuple[Finding, ...]:
        """What is amiss or worth knowing between two moments; a gap only in promised hours."""
        found = findings(self.active_rosters, self.shifts, self.contact_methods, start, end)
        return tuple(self._in_promised_hours(found, start, end))

    def _in_promised_hours(
        self, found: Iterable[Finding], start: datetime, end: datetime
    ) -> Iterable[Finding]:
        promised = {one.id: self.promised(one, start, end) for one in self.active_rosters}
        for one in found:
            if one.kind is not FindingKind.GAP:
                yield one
                continue
            for span in shared([Span(one.starts_at, one.ends_at)], promised[one.roster_id]):
                yield Finding(
                    kind=one.kind,
                    roster_id=one.roster_id,
                    person_id=None,
                    starts_at=span.starts_at,
                    ends_at=span.ends_at,
                )
