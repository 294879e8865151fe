"""Random rosters with all that departs from their rotations, in any zone of the world."""

from datetime import UTC, datetime, time, timedelta
from random import Random
from uuid import UUID

from property.rotation_oracle import DAY, MINUTE, Hours, Rota, left_out

from services.on_call.roster import (
    Holiday,
    HolidayRule,
    Override,
    OverrideKind,
    Roster,
    Rotation,
    RotationUnit,
    TimeOff,
)
from services.on_call.wall_clock import zone_names

ROSTER_ID = UUID(int=1)
PEOPLE = tuple(UUID(int=10 + number) for number in range(5))
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EARLIEST, LATEST = datetime(1998, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
# A rotation has begun before the three years that are judged, or begins in them.
BEGUN_BEFORE = timedelta(days=600)
LONGEST_TURNS = {
    RotationUnit.HOUR: 100,
    RotationUnit.DAY: 10,
    RotationUnit.WEEK: 4,
    RotationUnit.MONTH: 4,
}


def random_rota(chance: Random) -> tuple[Rota, datetime]:
    """A roster, and when to begin to plan it; half of them are one plain rotation."""
    zone = chance.choice(zone_names())
    start = EARLIEST + chance.randrange((LATEST - EARLIEST) // MINUTE) * MINUTE
    roster = Roster(id=ROSTER_ID, name="Any", time_zone=zone)
    if chance.random() < 0.5:
        begins = local_time(chance, zone, start - BEGUN_BEFORE, BEGUN_BEFORE - 2 * DAY)
        return Rota(roster, (rotation(chance, 0, begins),)), start
    rotations, hours = [], {}
    for number in range(chance.randint(1, 4)):
        begins = local_time(chance, zone, start - BEGUN_BEFORE, 2 * BEGUN_BEFORE)
        parts = tuple(daily_hours(chance, zone) for _ in range(chance.choice((0, 0, 1, 2, 3))))
        one = rotation(chance, number, begins, **departing(chance, begins, parts))
        rotations.append(one)
        hours[one.id] = parts
    rota = Rota(
        roster,
        tuple(rotations),
        hours,
        tuple(override(chance, start, number) for number in range(chance.randint(0, 4))),
        tuple(holiday(chance, start, number) for number in range(chance.randint(0, 4))),
        tuple(time_off(chance, start, number) for number in range(chance.randint(0, 3))),
    )
    return rota, start


def rotation(chance: Random, number: int, begins: datetime, **fields: object) -> Rotation:
    unit = chance.choice([*RotationUnit])
    lengths = (1, 1, 12, 24) if unit is RotationUnit.HOUR else (1,)
    longest = LONGEST_TURNS[unit]
    every = chance.choice(lengths) if chance.random() < 0.6 else chance.randint(1, longest)
    return Rotation(
        id=UUID(int=100 + number),
        roster_id=ROSTER_ID,
        name="Any",
        unit=unit,
        length=every,
        starts_at_local=written(begins),
        person_ids=tuple(chance.choices(PEOPLE, k=chance.randint(1, 5))),
        **fields,  # type: ignore[arg-type]
    )


def departing(chance: Random, begins: datetime, parts: tuple[Hours, ...]) -> dict[str, object]:
    """What sets a rotation apart from a plain one."""
    later = begins + chance.randint(1, 2_000_000) * MINUTE
    return {
        "layer": chance.randint(0, 2),
        "is_backup": chance.random() < 0.25,
        "ends_at_local": written(later) if chance.random() < 0.2 else "",
        "restriction": "; ".join(in_words(one) for one in parts),
        "holiday_rule": chance.choice([*HolidayRule]),
    }


def local_time(chance: Random, zone: str, since: datetime, reach: timedelta) -> datetime:
    day = datetime.combine(since.date(), time())
    jumps = [jump for jump, _ in left_out(zone) if day < jump < day + reach]
    if jumps and chance.random() < 0.1:
        return chance.choice(jumps)
    return day + chance.randrange(reach.days) * DAY + minute_of_day(chance, zone) * MINUTE


def daily_hours(chance: Random, zone: str) -> Hours:
    weekdays = chance.sample(range(7), chance.randint(1, 7))
    start = minute_of_day(chance, zone)
    return Hours(tuple(weekdays), start, chance.choice((start, minute_of_day(chance, zone))))


def minute_of_day(chance: Random, zone: str) -> int:
    """Any, but half of them about the hours that the zone's clock leaves out or shows twice."""
    jumps = left_out(zone)
    if jumps and chance.random() < 0.5:
        jump = chance.choice(jumps)[0]
        away = chance.choice((-60, -30, 0, 30, 60, chance.randint(-90, 90)))
        return (jump.hour * 60 + jump.minute + away) % 1440
    return chance.choice((chance.randrange(0, 1440, 30), chance.randrange(1440)))


def override(chance: Random, start: datetime, number: int) -> Override:
    begins = start + chance.randint(-100_000, 1_500_000) * MINUTE
    return Override(
        id=UUID(int=200 + number),
        roster_id=ROSTER_ID,
        kind=chance.choice([*OverrideKind]),
        person_id=chance.choice(PEOPLE),
        replaced_person_id=chance.choice(PEOPLE),
        is_backup=chance.random() < 0.25,
        starts_at=begins,
        ends_at=begins + chance.randint(1, 300_000) * MINUTE,
        created_by_id=PEOPLE[0],
        created_at=EARLIEST + chance.randint(0, 5) * DAY,
        is_cancelled=chance.random() < 0.1,
    )


def holiday(chance: Random, start: datetime, number: int) -> Holiday:
    day = f"{start + chance.randrange(1090) * DAY:%Y-%m-%d}"
    return Holiday(id=UUID(int=300 + number), roster_id=ROSTER_ID, on_date=day, name="Any")


def time_off(chance: Random, start: datetime, number: int) -> TimeOff:
    begins = start + chance.randint(-100_000, 1_500_000) * MINUTE
    return TimeOff(
        id=UUID(int=400 + number),
        person_id=chance.choice(PEOPLE),
        starts_at=begins,
        ends_at=begins + chance.randint(1, 100_000) * MINUTE,
    )


def written(local: datetime) -> str:
    return f"{local:%Y-%m-%dT%H:%M}"


def in_words(hours: Hours) -> str:
    days = ",".join(WEEKDAYS[day] for day in hours.weekdays)
    start, end = (f"{minute // 60:02}:{minute % 60:02}" for minute in (hours.start, hours.end))
    return f"{days} {start}-{end}"
