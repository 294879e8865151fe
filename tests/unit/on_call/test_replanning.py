"""Kept shifts follow the rules: the past stays, what is under way goes on, the rest may change."""

from dataclasses import replace
from datetime import timedelta

import pytest
from unit.on_call.rota import ANA, BEN, CLEO, DEV, Rota, utc

from services.on_call.replanning import replanned
from services.on_call.roster import OnCallShift, OverrideKind
from services.on_call.shifts import PlannedShift

SPAN = ("2026-01-05 00:00", "2026-01-12 09:00")
NOW = utc("2026-01-07 12:00")
EDITION = "2026f"


@pytest.fixture
def rota() -> Rota:
    """Ana, Ben and Cleo take a day each; on Wednesday at noon it is Cleo's."""
    rota = Rota()
    rota.rotate(ANA, BEN, CLEO)
    return rota


@pytest.fixture
def kept(rota) -> list[OnCallShift]:
    """The shifts as they were first planned, on Monday."""
    return after([], rota.plan(*SPAN), utc("2026-01-05 00:00"))


def after(
    existing: list[OnCallShift], wanted: tuple[PlannedShift, ...], now=NOW, edition=EDITION
) -> list[OnCallShift]:
    """All rows once the plan is carried out."""
    inserts, updates = replanned(existing, wanted, now, edition)
    new = {row.id: row for row in updates}
    assert len(new) == len(updates)
    assert new.keys() <= {row.id for row in existing}
    rows = [*(new.get(row.id, row) for row in existing), *inserts]
    assert len({row.id for row in rows}) == len(rows)
    return sorted(rows, key=lambda row: (row.starts_at, row.ends_at))


def live(rows: list[OnCallShift]) -> list[tuple[object, ...]]:
    return [
        (row.person_id, row.starts_at, row.ends_at, row.rotation_id, row.override_id)
        for row in rows
        if not row.is_cancelled
    ]


def planned(shifts: tuple[PlannedShift, ...]) -> list[tuple[object, ...]]:
    return [
        (one.person_id, one.starts_at, one.ends_at, one.rotation_id, one.override_id)
        for one in shifts
    ]


def test_the_first_plan_is_inserted(rota, kept):
    assert live(kept) == planned(rota.plan(*SPAN))
    assert {(row.zone_version, row.version) for row in kept} == {(EDITION, 0)}


def test_the_same_plan_changes_nothing(rota, kept):
    assert replanned(kept, rota.plan(*SPAN), NOW, EDITION) == ((), ())
    # Nor does it when it begins today, or comes from another edition of the zone data.
    today = rota.plan("2026-01-07 00:00", SPAN[1])
    assert replanned(kept, today, NOW, "2027a") == ((), ())


def test_two_desks_make_the_same_rows(rota, kept):
    assert after([], rota.plan(*SPAN), utc("2026-01-05 00:00")) == kept
    other_day = after([], rota.plan(*SPAN), utc("2026-01-06 10:00"))
    assert {row.id for row in other_day if row.starts_at > NOW} == {
        row.id for row in kept if row.starts_at > NOW
    }


def test_a_longer_plan_prolongs_the_last_shift(rota, kept):
    longer = rota.plan(SPAN[0], "2026-01-12 12:00")
    inserts, updates = replanned(kept, longer, NOW, EDITION)
    assert len(inserts) == 1
    assert not updates
    again = [*kept, *inserts]
    inserts, updates = replanned(again, rota.plan(SPAN[0], "2026-01-12 15:00"), NOW, EDITION)
    assert not inserts
    assert updates == (replace(again[-1], ends_at=utc("2026-01-12 15:00")),)


def test_the_past_stays_as_it_was(rota, kept):
    rota.rotations[0] = replace(rota.rotations[0], person_ids=(DEV,))
    rows = after(kept, rota.plan(*SPAN))
    assert [row for row in rows if row.ends_at <= utc("2026-01-07 09:00")] == kept[:2]


def test_the_shift_under_way_ends_when_somebody_else_takes_over(rota, kept):
    rota.rotations[0] = replace(rota.rotations[0], person_ids=(DEV,))
    rows = after(kept, rota.plan(*SPAN))
    assert live(rows)[2:] == [
        (CLEO, utc("2026-01-07 09:00"), NOW, rota.rotations[0].id, None),
        (DEV, NOW, utc("2026-01-12 09:00"), rota.rotations[0].id, None),
    ]
    assert [row.person_id for row in rows if row.is_cancelled] == [ANA, BEN, CLEO, ANA]


def test_the_shift_under_way_is_prolonged(rota, kept):
    rota.rotations[0] = replace(rota.rotations[0], length=4, person_ids=(CLEO, ANA))
    row = next(one for one in after(kept, rota.plan(*SPAN)) if one.person_id == CLEO)
    assert row == replace(kept[2], ends_at=utc("2026-01-09 09:00"))


def test_the_shift_under_way_is_shortened(rota, kept):
    rota.override(OverrideKind.REMOVE, "2026-01-07 18:00", "2026-01-08 09:00", goes=CLEO)
    inserts, updates = replanned(kept, rota.plan(*SPAN), NOW, EDITION)
    assert not inserts
    assert updates == (replace(kept[2], ends_at=utc("2026-01-07 18:00")),)


def test_the_same_person_for_another_reason_is_another_shift(rota, kept):
    rotation = rota.rotations.pop()
    override = rota.override(OverrideKind.ADD, *SPAN, comes=CLEO)
    rows = after(kept, rota.plan(*SPAN))
    assert live(rows)[2:] == [
        (CLEO, utc("2026-01-07 09:00"), NOW, rotation.id, None),
        (CLEO, NOW, utc("2026-01-12 09:00"), None, override.id),
    ]


def test_what_comes_back_is_the_same_row(rota, kept):
    away = rota.override(OverrideKind.REPLACE, "2026-01-09 09:00", "2026-01-10 09:00", DEV, BEN)
    without = after(kept, rota.plan(*SPAN))
    assert [row.person_id for row in without if row.is_cancelled] == [BEN]
    rota.overrides[0] = replace(away, is_cancelled=True)
    inserts, updates = replanned(without, rota.plan(*SPAN), NOW, EDITION)
    assert not inserts
    revived = [row for row in updates if not row.is_cancelled]
    assert [(row.id, row.person_id) for row in revived] == [(kept[4].id, BEN)]
    assert live(after(without, rota.plan(*SPAN))) == live(kept)


def test_a_shift_that_has_been_cancelled_stays_so(rota, kept):
    cancelled = [replace(row, is_cancelled=True) for row in kept]
    assert replanned(cancelled, (), NOW, EDITION) == ((), ())


def test_of_two_rows_under_way_the_older_goes_on(rota, kept):
    """Two desks began the same shift a moment apart."""
    twin = after([], rota.plan(*SPAN), NOW - timedelta(seconds=1))[0]
    assert (twin.person_id, twin.starts_at) == (CLEO, NOW - timedelta(seconds=1))
    inserts, updates = replanned([twin, *kept], rota.plan(*SPAN), NOW, EDITION)
    assert not inserts
    assert updates == (replace(twin, ends_at=NOW),)


def test_a_shift_that_begins_now_may_be_cancelled(rota, kept):
    inserts, updates = replanned(kept, (), utc("2026-01-07 09:00"), EDITION)
    assert not inserts
    assert updates == tuple(replace(row, is_cancelled=True) for row in kept[2:])


def test_an_update_keeps_the_version_it_was_computed_on(rota, kept):
    kept = [replace(row, version=7) for row in kept]
    _, updates = replanned(kept, (), NOW, EDITION)
    assert {row.version for row in updates} == {7}
