"""Swaps, time off and handover notes on the real program."""

from collections.abc import Iterator

import pytest
from on_call_desk import (
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
    turn_to,
)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from running_desk import MAYA, PRIYA, RunningDesk

from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.on_call.values import Bar, BarKind
from desktop.views.on_call.wishes import SwapWish
from services.core.ids import derived_id
from services.on_call.acts import (
    OfferSwap,
)
from services.people.commands import GrantRole
from services.people.person import Role


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with desk_with_rosters(tmp_path) as desk:
        yield desk


# -- swaps, time off, notes -----------------------------------------------------------------------


def test_an_offer_is_accepted_and_taken_back(desk):
    swap = derived_id("swap", 1)
    desk.give_elsewhere(
        OfferSwap(swap_id=swap, roster_id=ROSTER, starts_at=at(3), ends_at=at(4),
                  to_person_id=MAYA), JONAS,
    )  # fmt: skip
    panel = screen_of(desk).now
    accept: list[QPushButton] = []

    def offered() -> bool:
        accept[:] = [b for b in panel.findChildren(QPushButton) if b.accessibleName() == "Accept"
                     and b.isVisible()]  # fmt: skip
        return bool(accept)

    desk.until(offered)
    accept[0].click()
    desk.until(lambda: desk.found("SELECT state FROM shift_swap") == "accepted")
    desk.until(lambda: len(bars_of(desk)) == 3)
    assert bars_of(desk)[1].is_you
    choose(desk, 1)
    QTest.keyClick(screen_of(desk).grid, Qt.Key.Key_Delete)
    desk.until(lambda: desk.found("SELECT state FROM shift_swap") == "withdrawn")
    desk.until(lambda: people_of(desk) == ["Jonas Dietrich"])


def test_a_shift_of_ones_own_is_offered_and_another_ones_is_not(desk):
    said: list[str] = []
    choose(desk, 0)
    window = desk.program.window
    QTest.keyClicks(screen_of(desk).grid, "W")
    desk.settle()
    assert not [d for d in window.findChildren(FormDialog) if d.isVisible()]
    turn_to(desk, 7)
    choose(desk, 1)
    QTest.keyClicks(screen_of(desk).grid, "W")
    dialog = dialog_of(desk)
    dialog.submit()
    desk.until(lambda: desk.found("SELECT state FROM shift_swap") == "open")
    assert said == []


def test_two_shifts_of_others_are_exchanged_by_their_team(desk):
    for command in (
        GrantRole(person_id=PRIYA, role=Role.TIER_MEMBER),
        an_override(at(3), at(4)),
    ):
        desk.give_elsewhere(command)
    desk.until(lambda: len(bars_of(desk)) == 3)
    first, mine, _ = bars_of(desk)
    theirs = Bar(
        key="x", kind=BarKind.PRIMARY, starts_at=at(5), ends_at=at(6), person="Priya Raman",
        person_id=PRIYA,
    )  # fmt: skip
    assert mine.is_you
    wish = SwapWish(roster_id=ROSTER, bar=first.spanning(at(1), at(2)), other=theirs)
    screen_of(desk).grid.wished.emit(wish)
    desk.until(lambda: desk.found("SELECT count(*) FROM on_call_override") == 3)


def test_time_off_leaves_a_gap_that_is_found_and_filled(desk):
    QTest.keyClicks(screen_of(desk).grid, "F")
    dialog = dialog_of(desk)
    dialog.fields.restore(
        {"person": str(JONAS), "starts_at": at(4).isoformat(), "ends_at": at(5).isoformat()}
    )
    dialog.submit()
    desk.until(lambda: [b.kind for b in bars_of(desk)].count(BarKind.GAP) == 1)
    gap = bars_of(desk)[1]
    assert (gap.starts_at, gap.ends_at) == (at(4), at(5))
    fill = next(
        b for b in screen_of(desk).now.findChildren(QPushButton)
        if b.accessibleName() == "Fill gap"
    )  # fmt: skip
    fill.click()
    dialog = dialog_of(desk)
    dialog.fields.control("person").set_current_payload(str(MAYA))
    dialog.submit()
    desk.until(lambda: BarKind.GAP not in [b.kind for b in bars_of(desk)])


def test_a_note_for_the_next_handover_is_ready(desk):
    turn_to(desk, 7)
    choose(desk, 0)
    QTest.keyClicks(screen_of(desk).grid, "M")
    dialog = dialog_of(desk)
    dialog.fields.restore({"text": "Two switches run on spare power."})
    dialog.submit()
    desk.until(lambda: desk.found("SELECT text FROM handover_note") is not None)
    at_us = desk.found("SELECT handover_at FROM handover_note")
    assert at_us == int(at(7, 9).timestamp() * 1_000_000)
    desk.until(lambda: desk.place.on_call._shown.handovers[0].note != "")
