"""Who is on call in the sample company, at whatever moment it is founded."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.admin.schema import Founder, ensure_embedded
from services.core.clock import ManualClock
from services.incidents.extent import EXTENT
from services.intake.sample import DEFAULT_PERSON_ID, create_sample
from services.intake.sample_on_call import CATCH_ALL, ROTATIONS, roster_id
from services.on_call.book import OnCallBook
from services.on_call.book_reading import on_call_book
from services.on_call.coverage import FindingKind
from services.on_call.roster import SwapState
from services.registry import RECORDS
from services.sync.shared_sqlite import SharedSqlite

WEDNESDAY = datetime.fromisoformat("2026-10-14T10:42:07+00:00")
TABLES = [record.TABLE for record in RECORDS]
DAYS = timedelta(days=1)


def book_of(path: Path, now: datetime) -> OnCallBook:
    clock = ManualClock(now)
    ensure_embedded(path, clock, Founder("Founder", "founder"))
    with closing(SharedSqlite(path, clock, TABLES, EXTENT)) as shared:
        create_sample(shared, now, "founder", lambda done, total: None, clock)
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        book = on_call_book(connection, now - 7 * DAYS, now + 90 * DAYS)
    engine.dispose()
    return book


@pytest.fixture(
    scope="module",
    params=[WEDNESDAY, WEDNESDAY + 3 * DAYS + timedelta(hours=9)],
    ids=["wednesday morning", "saturday night"],
)
def company(request, tmp_path_factory) -> tuple[OnCallBook, datetime]:
    path = tmp_path_factory.mktemp("sample") / "shared.db"
    return book_of(path, request.param), request.param


def test_nine_rosters_with_a_catch_all_that_is_always_manned(company):
    book, now = company
    assert len(book.active_rosters) == 9
    assert [r.name for r in book.active_rosters if r.is_catch_all] == [CATCH_ALL]
    assert len(book.rotations) == len(ROTATIONS)
    found = book.findings(now, now + 90 * DAYS)
    assert not [f for f in found if f.kind is FindingKind.CATCH_ALL_GAP]


def test_one_gap_one_stand_in_one_offer_and_one_note(company):
    book, now = company
    gaps = [f for f in book.findings(now, now + 90 * DAYS) if f.kind is FindingKind.GAP]
    assert [gap.roster_id for gap in gaps] == [roster_id("Database")]
    assert gaps[0].starts_at - now < 8 * DAYS
    assert [shift for shift in book.shifts if shift.override_id is not None]
    (swap,) = book.swaps
    assert (swap.state, swap.to_person_id) == (SwapState.OPEN, DEFAULT_PERSON_ID)
    (note,) = book.notes
    ends = {shift.ends_at for shift in book.shifts_of(note.roster_id)}
    assert note.handover_at in ends


def test_the_person_at_the_desk_has_a_turn_these_days(company):
    book, now = company
    own = [s for s in book.shifts if s.person_id == DEFAULT_PERSON_ID]
    assert [s for s in own if abs(s.starts_at - now) < 2 * DAYS]


def test_there_is_a_past_to_look_at(company):
    book, now = company
    assert {s.roster_id for s in book.shifts if s.ends_at < now} >= {roster_id("Network")}
