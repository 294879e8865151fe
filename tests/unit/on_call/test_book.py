"""The on-call book: what a roster means to cover, and the gaps that count."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.core.ids import derived_id
from services.on_call.book import OnCallBook
from services.on_call.coverage import FindingKind
from services.on_call.roster import (
    HandoverNote,
    Holiday,
    HolidayRule,
    OnCallShift,
    Roster,
    Rotation,
)

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ROSTER, ANN = derived_id("roster", 1), derived_id("person", 1)
WEEK = (MONDAY, MONDAY + timedelta(days=7))


def at(day: int, hour: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


def roster(*, is_catch_all: bool = False) -> Roster:
    return Roster(
        id=ROSTER, name="Network", time_zone="UTC", is_catch_all=is_catch_all, planned_at=MONDAY
    )


def rotation(restriction: str = "", **known: object) -> Rotation:
    values: dict[str, object] = {
        "id": derived_id("rotation", restriction, str(known)), "roster_id": ROSTER,
        "name": "Primary", "starts_at_local": "2026-03-02T00:00", "person_ids": (ANN,),
        "restriction": restriction, **known,
    }  # fmt: skip
    return Rotation(**values)  # type: ignore[arg-type]


def shift(start: datetime, end: datetime, person_id: UUID = ANN) -> OnCallShift:
    return OnCallShift(
        id=derived_id("shift", start), roster_id=ROSTER, person_id=person_id,
        starts_at=start, ends_at=end,
    )  # fmt: skip


def gaps(book: OnCallBook) -> list[tuple[datetime, datetime]]:
    found = book.findings(*WEEK)
    kinds = (FindingKind.GAP, FindingKind.CATCH_ALL_GAP)
    return [(one.starts_at, one.ends_at) for one in found if one.kind in kinds]


def book(*rotations: Rotation, **known: object) -> OnCallBook:
    values: dict[str, object] = {"rosters": (roster(),), "rotations": rotations, **known}
    return OnCallBook(starts_at=WEEK[0], ends_at=WEEK[1], **values)  # type: ignore[arg-type]


def test_a_roster_without_rotations_is_one_gap():
    assert gaps(book()) == [WEEK]


def test_a_roster_of_working_days_has_no_gap_at_the_weekend():
    days = tuple(shift(at(day), at(day + 1)) for day in range(5))
    assert gaps(book(rotation("mon-fri 00:00-24:00"), shifts=days)) == []
    assert gaps(book(rotation(), shifts=days)) == [(at(5), at(7))]


def test_only_the_promised_part_of_a_gap_counts():
    days = tuple(shift(at(day), at(day + 1)) for day in range(4))
    assert gaps(book(rotation("mon-fri 08:00-18:00"), shifts=days)) == [(at(4, 8), at(4, 18))]


def test_the_catch_all_is_always_meant_to_be_there():
    weekdays = book(
        rotation("mon-fri 00:00-24:00"), rosters=(roster(is_catch_all=True),),
        shifts=(shift(at(0), at(5)),),
    )  # fmt: skip
    assert gaps(weekdays) == [(at(5), at(7))]


def test_a_rotation_that_ran_out_leaves_a_gap():
    ended = rotation(ends_at_local="2026-03-04T00:00")
    assert gaps(book(ended, shifts=(shift(at(0), at(2)),))) == [(at(2), at(7))]


@pytest.mark.parametrize(
    ("rule", "is_gap"),
    [(HolidayRule.AS_USUAL, True), (HolidayRule.OFF, False), (HolidayRule.ONLY, True)],
)
def test_a_day_off_is_a_gap_only_where_somebody_is_meant_to_be(rule, is_gap):
    day = Holiday(id=derived_id("holiday", 1), roster_id=ROSTER, on_date="2026-03-04", name="Day")
    around = (shift(at(0), at(2)), shift(at(3), at(7)))
    found = gaps(book(rotation(holiday_rule=rule), holidays=(day,), shifts=around))
    assert found == ([(at(2), at(3))] if is_gap else [])


def test_backups_promise_nothing():
    backup = rotation("mon-fri 00:00-24:00", is_backup=True)
    assert gaps(book(backup)) == [WEEK]


def test_the_latest_note_of_a_handover_counts():
    notes = tuple(
        HandoverNote(
            id=derived_id("note", n), roster_id=ROSTER, handover_at=at(3), written_by_id=ANN,
            written_at=at(n), text=f"note {n}",
        )
        for n in (2, 1)
    )  # fmt: skip
    found = book(notes=notes).note_for(ROSTER, at(3))
    assert found is not None
    assert found.text == "note 2"
    assert book(notes=notes).note_for(ROSTER, at(4)) is None
