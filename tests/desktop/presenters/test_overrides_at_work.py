"""Overrides and shifts on the real program: saved, undone, moved, taken and refused."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from on_call_desk import (
    CATCH_ALL,
    JONAS,
    ROSTER,
    an_override,
    at,
    bars_of,
    choose,
    desk_with_rosters,
    dialog_of,
    people_of,
    screen_of,
    snacks,
    turn_to,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from running_desk import MAYA, NETWORK, PRIYA, RunningDesk

from desktop.views.on_call.wishes import OverrideWish, ResizeWish
from services.on_call.acts import (
    ChangeRoster,
)


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with desk_with_rosters(tmp_path) as desk:
        yield desk


# -- overrides ----------------------------------------------------------------------------------


def test_an_override_by_key_is_saved_undone_and_done_again(desk):
    choose(desk, 0)
    QTest.keyClicks(screen_of(desk).grid, "O")
    dialog = dialog_of(desk)
    dialog.fields.restore({"starts_at": at(3).isoformat(), "ends_at": at(4).isoformat()})
    dialog.fields.control("person").set_current_payload(str(MAYA))
    dialog.submit()
    override = "SELECT is_cancelled FROM on_call_override"
    desk.until(lambda: desk.found(override) == 0)
    desk.until(lambda: len(bars_of(desk)) == 3)
    desk.place.desk.undo()
    desk.until(lambda: desk.found(override) == 1)
    desk.until(lambda: people_of(desk) == ["Jonas Dietrich"])
    desk.place.desk.redo()
    desk.until(lambda: desk.found(override) == 0)
    assert desk.found("SELECT count(*) FROM on_call_override") == 1


def test_whoever_is_on_call_is_replaced_over_a_handover(desk):
    """One act over the shifts of two people is one replacement of each."""
    desk.place.on_call.acts.wish(OverrideWish(roster_id=CATCH_ALL, starts_at=at(3), ends_at=at(4)))
    dialog = dialog_of(desk)
    dialog.fields.restore({
        "roster": str(ROSTER), "starts_at": at(6).isoformat(), "ends_at": at(9).isoformat(),
    })  # fmt: skip
    dialog.fields.control("starts_at").changed.emit()
    dialog.fields.control("replaced").set_current_payload("none")
    dialog.fields.control("person").set_current_payload(str(PRIYA))
    dialog.submit()
    desk.until(lambda: desk.found("SELECT count(*) FROM on_call_override") == 2)
    turn_to(desk, 7)
    desk.until(lambda: people_of(desk) == ["Priya Raman", "Priya Raman", "Maya Lindqvist"])
    assert [bar.ends_at for bar in bars_of(desk)[:2]] == [at(7, 9), at(9)]


def test_a_shift_is_taken_with_one_key(desk):
    said = snacks(desk)
    choose(desk, 0)
    QTest.keyClicks(screen_of(desk).grid, "I")
    desk.until(lambda: any(bar.is_you for bar in bars_of(desk)))
    choose(desk, -1)
    QTest.keyClicks(screen_of(desk).grid, "I")
    assert desk.found("SELECT count(*) FROM on_call_override") == 1
    assert said[-1].startswith("You are on call")


def test_delete_lets_the_rotation_count_again(desk):
    desk.give_elsewhere(an_override(at(3), at(4)), JONAS)
    desk.until(lambda: len(bars_of(desk)) == 3)
    choose(desk, 1)
    QTest.keyClick(screen_of(desk).grid, Qt.Key.Key_Delete)
    desk.until(lambda: people_of(desk) == ["Jonas Dietrich"])
    choose(desk, 0)
    QTest.keyClick(screen_of(desk).grid, Qt.Key.Key_Delete)
    assert desk.found("SELECT count(*) FROM on_call_override WHERE is_cancelled") == 1


def test_an_override_is_moved_by_its_end(desk):
    desk.give_elsewhere(an_override(at(3), at(4)), JONAS)
    desk.until(lambda: len(bars_of(desk)) == 3)
    bar = bars_of(desk)[1]
    wish = ResizeWish(roster_id=ROSTER, bar=bar, starts_at=bar.starts_at, ends_at=at(5))
    screen_of(desk).grid.wished.emit(wish)
    desk.until(lambda: [bar.ends_at for bar in bars_of(desk)[1:2]] == [at(5)])
    desk.place.desk.undo()
    desk.until(lambda: [bar.ends_at for bar in bars_of(desk)[1:2]] == [at(4)])


def test_a_longer_shift_takes_from_the_one_after_it(desk):
    turn_to(desk, 7)
    bar = bars_of(desk)[0]
    wish = ResizeWish(
        roster_id=ROSTER, bar=bar, starts_at=bar.starts_at, ends_at=bar.ends_at + timedelta(hours=6)
    )
    screen_of(desk).grid.wished.emit(wish)
    desk.until(lambda: desk.found("SELECT count(*) FROM on_call_override") == 1)
    desk.until(lambda: bars_of(desk)[-1].starts_at == at(7, 15))
    assert people_of(desk)[-1] == "Maya Lindqvist"


def test_of_a_shorter_shift_one_is_asked_who_takes_the_rest(desk):
    bar = bars_of(desk)[0]
    wish = ResizeWish(roster_id=ROSTER, bar=bar, starts_at=bar.starts_at, ends_at=at(5))
    screen_of(desk).grid.wished.emit(wish)
    dialog = dialog_of(desk)
    assert dialog.fields.when("starts_at") == at(5)
    assert dialog.fields.text("replaced") == str(JONAS)


def test_a_refusal_stands_in_the_form_and_what_was_typed_stays(desk):
    """The roster is retired elsewhere while the form is open."""
    choose(desk, 0)
    QTest.keyClicks(screen_of(desk).grid, "O")
    dialog = dialog_of(desk)
    dialog.fields.control("person").set_current_payload(str(MAYA))
    dialog.fields.restore({"reason": "A wedding"})
    desk.give_elsewhere(
        ChangeRoster(roster_id=ROSTER, name="Network", time_zone="Europe/Lisbon",
                     team_id=NETWORK, is_catch_all=False, is_active=False)
    )  # fmt: skip
    desk.until(lambda: len(screen_of(desk).grid.page.rows) == 1)
    dialog.submit()
    desk.until(lambda: "The roster Network is not used any more" in dialog._foot_text.text())
    assert dialog.isVisible()
    assert dialog.fields.text("reason") == "A wedding"
