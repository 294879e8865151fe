"""Layers, time off, holidays and overrides: who is on call in the end."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from unit.on_call.rota import ANA, BEN, CLEO, DEV, ROSTER_ID, Rota, utc

from services.on_call.errors import ZoneUnknown
from services.on_call.roster import HolidayRule, OverrideKind, RotationUnit
from services.on_call.shifts import PlannedShift, planned_shifts, planning_span

ADD, REMOVE, REPLACE = OverrideKind.ADD, OverrideKind.REMOVE, OverrideKind.REPLACE
# A Monday, from the first handover to the next.
DAY = ("2026-01-05 09:00", "2026-01-06 09:00")
ALWAYS = {"unit": RotationUnit.MONTH}


@pytest.fixture
def rota() -> Rota:
    """Ana is on call for a month."""
    rota = Rota()
    rota.rotate(ANA, BEN, **ALWAYS)
    return rota


# -- layers -----------------------------------------------------------------------------------


def test_the_highest_layer_that_has_somebody_counts(rota):
    rota.rotate(CLEO, layer=1, restriction="10:00-12:00", **ALWAYS)
    rota.rotate(DEV, layer=2, restriction="11:00-11:30", **ALWAYS)
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 05 Mon 10:00",
        "Cleo 05 Mon 10:00 - 05 Mon 11:00",
        "Dev 05 Mon 11:00 - 05 Mon 11:30",
        "Cleo 05 Mon 11:30 - 05 Mon 12:00",
        "Ana 05 Mon 12:00 - 06 Tue 09:00",
    ]


def test_a_layer_of_nobody_hides_none(rota):
    rota.rotate(layer=1, **ALWAYS)
    assert rota.told(*DAY) == ["Ana 05 Mon 09:00 - 06 Tue 09:00"]


def test_of_equal_layers_the_one_made_last_counts(rota):
    rota.rotate(CLEO, start="2026-01-05T18:00", **ALWAYS)
    rota.rotations.reverse()
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 05 Mon 18:00",
        "Cleo 05 Mon 18:00 - 06 Tue 09:00",
    ]


def test_backups_are_a_lane_of_their_own(rota):
    rota.rotate(CLEO, is_backup=True, layer=9, **ALWAYS)
    rota.rotate(DEV, is_backup=True, layer=10, restriction="20:00-22:00", **ALWAYS)
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 06 Tue 09:00",
        "Cleo 05 Mon 09:00 - 05 Mon 20:00 (backup)",
        "Dev 05 Mon 20:00 - 05 Mon 22:00 (backup)",
        "Cleo 05 Mon 22:00 - 06 Tue 09:00 (backup)",
    ]


def test_turns_of_one_person_are_one_shift():
    rota = Rota()
    rotation = rota.rotate(ANA, ANA)
    start, end = utc("2026-01-05 12:00"), utc("2026-03-01 00:00")
    assert rota.plan("2026-01-05 12:00", "2026-03-01 00:00") == (
        PlannedShift(
            roster_id=ROSTER_ID,
            person_id=ANA,
            is_backup=False,
            starts_at=start,
            ends_at=end,
            rotation_id=rotation.id,
            override_id=None,
        ),
    )


def test_what_is_inactive_or_of_another_roster_does_not_count(rota):
    rota.rotate(CLEO, layer=1, is_active=False, **ALWAYS)
    rota.rotate(CLEO, layer=1, roster_id=UUID(int=2), **ALWAYS)
    rota.override(ADD, *DAY, comes=CLEO, roster_id=UUID(int=2))
    rota.override(ADD, *DAY, comes=CLEO, is_cancelled=True)
    rota.holiday("2026-01-05", roster_id=UUID(int=2))
    rota.holiday("2026-01-05", is_active=False)
    rota.off(ANA, *DAY, is_cancelled=True)
    rota.rotations[0] = replace(rota.rotations[0], holiday_rule=HolidayRule.OFF)
    assert rota.told(*DAY) == ["Ana 05 Mon 09:00 - 06 Tue 09:00"]


def test_an_inactive_roster_has_no_shifts(rota):
    roster = replace(rota.roster, is_active=False)
    span = planning_span(utc("2026-01-05 09:00"))
    assert planned_shifts(roster, rota.rotations, [], [], [], *span) == ()


def test_an_unknown_zone_is_refused(rota):
    rota.zone = "Atlantis/Harbour"
    span = planning_span(utc("2026-01-05 09:00"))
    with pytest.raises(ZoneUnknown):
        planned_shifts(rota.roster, rota.rotations, [], [], [], *span)


def test_no_span_has_no_shifts(rota):
    assert rota.plan(DAY[0], DAY[0]) == rota.plan(DAY[1], DAY[0]) == ()


# -- time off and holidays --------------------------------------------------------------------


def test_time_off_leaves_the_turn_to_the_layer_below(rota):
    rota.rotate(CLEO, layer=1, **ALWAYS)
    rota.off(CLEO, "2026-01-05 12:00", "2026-01-05 15:00")
    assert rota.told(*DAY) == [
        "Cleo 05 Mon 09:00 - 05 Mon 12:00",
        "Ana 05 Mon 12:00 - 05 Mon 15:00",
        "Cleo 05 Mon 15:00 - 06 Tue 09:00",
    ]


def test_time_off_without_a_layer_below_leaves_a_gap(rota):
    rota.off(ANA, "2026-01-05 12:00", "2026-01-05 14:00")
    rota.off(ANA, "2026-01-05 13:00", "2026-01-05 15:00")
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 05 Mon 12:00",
        "Ana 05 Mon 15:00 - 06 Tue 09:00",
    ]


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (HolidayRule.AS_USUAL, ["Ana 06 Tue 09:00 - 08 Thu 09:00"]),
        (
            HolidayRule.OFF,
            ["Ana 06 Tue 09:00 - 07 Wed 00:00", "Ana 08 Thu 00:00 - 08 Thu 09:00"],
        ),
        (HolidayRule.ONLY, ["Ana 07 Wed 00:00 - 08 Thu 00:00"]),
    ],
)
def test_holidays(rule, wanted):
    rota = Rota("Europe/Berlin")
    rota.rotate(ANA, holiday_rule=rule, **ALWAYS)
    rota.holiday("2026-01-07")
    assert rota.told("2026-01-06 09:00", "2026-01-08 09:00") == wanted


def test_a_holiday_with_hours():
    rota = Rota()
    rota.rotate(ANA, restriction="22:00-06:00", holiday_rule=HolidayRule.OFF, **ALWAYS)
    rota.rotate(BEN, layer=1, restriction="08:00-09:00", holiday_rule=HolidayRule.ONLY, **ALWAYS)
    rota.holiday("2026-01-06")
    assert rota.told("2026-01-05 12:00", "2026-01-07 12:00") == [
        "Ana 05 Mon 22:00 - 06 Tue 00:00",
        "Ben 06 Tue 08:00 - 06 Tue 09:00",
        "Ana 07 Wed 00:00 - 07 Wed 06:00",
    ]


# -- overrides --------------------------------------------------------------------------------

NOON = ("2026-01-05 12:00", "2026-01-05 15:00")


def test_an_override_adds_somebody(rota):
    override = rota.override(ADD, *NOON, comes=CLEO)
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 06 Tue 09:00",
        "Cleo 05 Mon 12:00 - 05 Mon 15:00",
    ]
    assert [one.override_id for one in rota.plan(*DAY)] == [None, override.id]


@pytest.mark.parametrize("field", ["goes", "comes"])
def test_an_override_removes_somebody(rota, field):
    rota.rotate(CLEO, layer=-1, **ALWAYS)
    rota.override(REMOVE, *NOON, **{field: ANA})
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 05 Mon 12:00",
        "Ana 05 Mon 15:00 - 06 Tue 09:00",
    ]


def test_an_override_replaces_somebody(rota):
    override = rota.override(REPLACE, *NOON, comes=CLEO, goes=ANA)
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 05 Mon 12:00",
        "Cleo 05 Mon 12:00 - 05 Mon 15:00",
        "Ana 05 Mon 15:00 - 06 Tue 09:00",
    ]
    middle = rota.plan(*DAY)[1]
    assert (middle.rotation_id, middle.override_id) == (None, override.id)


def test_a_replacement_counts_only_where_the_replaced_is_on_call():
    rota = Rota()
    rota.rotate(ANA, BEN)
    rota.override(REPLACE, "2026-01-06 06:00", "2026-01-06 12:00", comes=CLEO, goes=BEN)
    assert rota.told("2026-01-05 09:00", "2026-01-07 09:00") == [
        "Ana 05 Mon 09:00 - 06 Tue 09:00",
        "Cleo 06 Tue 09:00 - 06 Tue 12:00",
        "Ben 06 Tue 12:00 - 07 Wed 09:00",
    ]


def test_the_override_made_last_wins(rota):
    rota.override(REPLACE, *NOON, comes=CLEO, goes=ANA)
    rota.override(REPLACE, "2026-01-05 14:00", "2026-01-05 16:00", comes=DEV, goes=CLEO)
    rota.overrides.reverse()
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 05 Mon 12:00",
        "Cleo 05 Mon 12:00 - 05 Mon 14:00",
        "Dev 05 Mon 14:00 - 05 Mon 15:00",
        "Ana 05 Mon 15:00 - 06 Tue 09:00",
    ]


def test_removing_and_adding_again_is_decided_by_the_order(rota):
    added = rota.override(ADD, *NOON, comes=CLEO)
    rota.override(REMOVE, *NOON, goes=CLEO)
    assert rota.told(*DAY) == ["Ana 05 Mon 09:00 - 06 Tue 09:00"]
    rota.overrides[0] = replace(added, created_at=added.created_at + timedelta(days=1))
    assert rota.told(*DAY)[1:] == ["Cleo 05 Mon 12:00 - 05 Mon 15:00"]


def test_somebody_who_is_on_call_anyway_is_not_added(rota):
    rota.override(ADD, "2026-01-05 06:00", "2026-01-05 12:00", comes=ANA)
    plan = rota.plan("2026-01-05 00:00", "2026-01-06 09:00")
    assert [(one.starts_at, one.override_id is None) for one in plan] == [
        (utc("2026-01-05 06:00"), False),
        (utc("2026-01-05 09:00"), True),
    ]


def test_a_replacement_by_somebody_on_call_leaves_one_of_them(rota):
    rota.override(ADD, *NOON, comes=CLEO)
    rota.override(REPLACE, *NOON, comes=CLEO, goes=ANA)
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 05 Mon 12:00",
        "Cleo 05 Mon 12:00 - 05 Mon 15:00",
        "Ana 05 Mon 15:00 - 06 Tue 09:00",
    ]


def test_overrides_of_backups_touch_no_primary(rota):
    rota.rotate(ANA, is_backup=True, **ALWAYS)
    rota.override(REMOVE, *NOON, goes=ANA, is_backup=True)
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 06 Tue 09:00",
        "Ana 05 Mon 09:00 - 05 Mon 12:00 (backup)",
        "Ana 05 Mon 15:00 - 06 Tue 09:00 (backup)",
    ]


def test_nobody_is_added_in_their_time_off(rota):
    rota.override(ADD, *NOON, comes=CLEO)
    rota.off(CLEO, "2026-01-05 13:00", "2026-01-05 14:00")
    assert rota.told(*DAY)[1:] == [
        "Cleo 05 Mon 12:00 - 05 Mon 13:00",
        "Cleo 05 Mon 14:00 - 05 Mon 15:00",
    ]


def test_a_replacement_that_is_off_leaves_the_replaced_on_call(rota):
    rota.override(REPLACE, *NOON, comes=CLEO, goes=ANA)
    rota.off(CLEO, "2026-01-05 13:00", "2026-01-05 18:00")
    assert rota.told(*DAY) == [
        "Ana 05 Mon 09:00 - 05 Mon 12:00",
        "Cleo 05 Mon 12:00 - 05 Mon 13:00",
        "Ana 05 Mon 13:00 - 06 Tue 09:00",
    ]


def test_an_override_without_its_person_changes_nothing(rota):
    rota.override(ADD, *NOON)
    rota.override(REPLACE, *NOON, goes=ANA)
    rota.override(REPLACE, *NOON, comes=CLEO)
    rota.override(REMOVE, *NOON)
    rota.override(ADD, NOON[1], NOON[0], comes=CLEO)
    assert rota.told(*DAY) == ["Ana 05 Mon 09:00 - 06 Tue 09:00"]


# -- the span that is planned -----------------------------------------------------------------


def test_all_desks_of_one_day_plan_the_same_span():
    morning, evening = (planning_span(utc(f"2026-01-05 {at}")) for at in ("00:00", "23:59"))
    assert morning == evening == (utc("2026-01-05 00:00"), utc("2027-02-09 00:00"))
