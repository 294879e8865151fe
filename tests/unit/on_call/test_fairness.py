"""How much each person carries."""

from dataclasses import replace
from uuid import UUID

import pytest
from unit.on_call.rota import ANA, BEN, CLEO, ROSTER_ID, Rota

from services.on_call.fairness import Load, loads
from services.on_call.roster import OverrideKind, RotationUnit


def carried(rota: Rota, start: str, end: str) -> tuple[Load, ...]:
    span = rota.moment(start), rota.moment(end)
    return loads(rota.roster, rota.plan(start, end), rota.holidays, *span)


def test_a_week_from_monday_to_monday():
    rota = Rota("Europe/Berlin")
    rota.rotate(ANA, BEN, unit=RotationUnit.WEEK)
    rota.holiday("2026-01-06")
    assert carried(rota, "2026-01-05 09:00", "2026-01-12 09:00") == (
        Load(
            roster_id=ROSTER_ID,
            person_id=ANA,
            is_backup=False,
            hours=168.0,
            nights=7,
            night_hours=56.0,
            weekend_hours=48.0,
            holiday_hours=24.0,
        ),
    )


def test_a_night_counts_from_its_first_minute():
    rota = Rota()
    rota.rotate(ANA, BEN, restriction="20:00-22:01", start="2026-01-05T00:00")
    ana, ben = carried(rota, "2026-01-05 00:00", "2026-01-07 00:00")
    assert (ana.nights, ben.nights) == (1, 1)
    assert ana.night_hours == pytest.approx(1 / 60)
    rota.rotations[0] = replace(rota.rotations[0], restriction="06:00-22:00")
    assert [one.nights for one in carried(rota, "2026-01-05 00:00", "2026-01-07 00:00")] == [0, 0]


def test_one_night_is_counted_once_however_it_is_cut():
    rota = Rota()
    rota.rotate(ANA, unit=RotationUnit.MONTH)
    rota.override(OverrideKind.REMOVE, "2026-01-06 01:00", "2026-01-06 02:00", goes=ANA)
    [ana] = carried(rota, "2026-01-05 12:00", "2026-01-06 12:00")
    assert (ana.hours, ana.nights, ana.night_hours) == (23.0, 1, 7.0)


def test_hours_are_those_that_pass():
    """The night on which Chicago's clock is put forward is an hour shorter, the other longer."""
    rota = Rota("America/Chicago")
    rota.rotate(ANA, start="2018-01-01T00:00", unit=RotationUnit.MONTH)
    [spring] = carried(rota, "2018-03-10 22:00", "2018-03-11 06:00")
    [autumn] = carried(rota, "2018-11-03 22:00", "2018-11-04 06:00")
    assert (spring.hours, spring.night_hours, spring.weekend_hours) == (7.0, 7.0, 7.0)
    assert (autumn.hours, autumn.night_hours, autumn.weekend_hours) == (9.0, 9.0, 9.0)


def test_the_busiest_come_first_and_backups_last():
    rota = Rota()
    rota.rotate(ANA, BEN, BEN, start="2026-01-05T00:00")
    rota.rotate(CLEO, is_backup=True, start="2026-01-05T00:00")
    found = carried(rota, "2026-01-05 00:00", "2026-01-08 00:00")
    assert [(one.person_id, one.is_backup, one.hours) for one in found] == [
        (BEN, False, 48.0),
        (ANA, False, 24.0),
        (CLEO, True, 72.0),
    ]


def test_only_the_span_and_the_roster_count():
    rota = Rota()
    rota.rotate(ANA, start="2026-01-01T00:00", unit=RotationUnit.MONTH)
    shifts = rota.plan("2026-01-01 00:00", "2026-02-01 00:00")
    span = rota.moment("2026-01-05 00:00"), rota.moment("2026-01-06 12:00")
    [ana] = loads(rota.roster, shifts, [], *span)
    assert (ana.hours, ana.nights, ana.weekend_hours) == (36.0, 2, 0.0)
    other = [replace(one, roster_id=UUID(int=2)) for one in shifts]
    assert loads(rota.roster, other, [], *span) == ()
    earlier = rota.moment("2025-01-05 00:00"), rota.moment("2025-01-06 12:00")
    assert loads(rota.roster, shifts, [], *earlier) == ()
