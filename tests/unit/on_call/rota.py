"""A small roster in one zone, told in local words."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.on_call.roster import (
    Holiday,
    Override,
    OverrideKind,
    Roster,
    Rotation,
    RotationUnit,
    TimeOff,
)
from services.on_call.shifts import PlannedShift, planned_shifts
from services.on_call.wall_clock import wall_clock

ROSTER_ID = UUID(int=1)
ANA, BEN, CLEO, DEV = (UUID(int=10 + number) for number in range(4))
NAMES = {ANA: "Ana", BEN: "Ben", CLEO: "Cleo", DEV: "Dev"}


def utc(text: str) -> datetime:
    """The moment written ``2026-01-05 09:00`` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Rota:
    """A roster whose rotations and exceptions a test names one by one."""

    zone: str = "UTC"
    rotations: list[Rotation] = field(default_factory=list)
    overrides: list[Override] = field(default_factory=list)
    holidays: list[Holiday] = field(default_factory=list)
    time_off: list[TimeOff] = field(default_factory=list)
    made: int = 0

    @property
    def roster(self) -> Roster:
        return Roster(id=ROSTER_ID, name="Network", time_zone=self.zone)

    def rotate(self, *people: UUID, start: str = "2026-01-05T09:00", **fields: object) -> Rotation:
        rotation = Rotation(
            **{
                "id": self._id(),
                "roster_id": ROSTER_ID,
                "name": "Rotation",
                "unit": RotationUnit.DAY,
                "starts_at_local": start,
                "person_ids": people,
                **fields,
            }
        )
        self.rotations.append(rotation)
        return rotation

    def override(
        self, kind: OverrideKind, start: str, end: str, comes=None, goes=None, **fields: object
    ) -> Override:
        override = Override(
            **{
                "id": self._id(),
                "roster_id": ROSTER_ID,
                "kind": kind,
                "person_id": comes,
                "replaced_person_id": goes,
                "starts_at": self.moment(start),
                "ends_at": self.moment(end),
                "created_by_id": ANA,
                "created_at": utc("2026-01-01 00:00") + timedelta(minutes=self.made),
                **fields,
            }
        )
        self.overrides.append(override)
        return override

    def off(self, person_id: UUID, start: str, end: str, **fields: object) -> None:
        span = {"starts_at": self.moment(start), "ends_at": self.moment(end)}
        self.time_off.append(TimeOff(id=self._id(), person_id=person_id, **span, **fields))

    def holiday(self, day: str, **fields: object) -> None:
        one = {"id": self._id(), "roster_id": ROSTER_ID, "on_date": day, "name": "Holiday"}
        self.holidays.append(Holiday(**{**one, **fields}))

    def plan(self, start: str, end: str) -> tuple[PlannedShift, ...]:
        return planned_shifts(
            self.roster,
            self.rotations,
            self.overrides,
            self.holidays,
            self.time_off,
            self.moment(start),
            self.moment(end),
        )

    def told(self, start: str, end: str) -> list[str]:
        """The shifts between two local times: ``Ana 05 Mon 09:00 - 06 Tue 09:00``."""
        clock = wall_clock(self.zone)
        lines = []
        for shift in self.plan(start, end):
            times = (clock.local(moment) for moment in (shift.starts_at, shift.ends_at))
            low, high = (f"{local:%d %a %H:%M}" for local in times)
            mark = " (backup)" if shift.is_backup else ""
            lines.append(f"{NAMES[shift.person_id]} {low} - {high}{mark}")
        return lines

    def moment(self, local: str) -> datetime:
        """The first moment of a local time."""
        return wall_clock(self.zone).first(datetime.fromisoformat(local))

    def _id(self) -> UUID:
        self.made += 1
        return UUID(int=100 + self.made)
