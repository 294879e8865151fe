"""The on-call screen on the real program: what is asked is saved, shown, undone and refused."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from on_call_desk import (
    JONAS,
    ON_CALL,
    ROSTER,
    an_override,
    at,
    bars_of,
    choose,
    desk_with_rosters,
    dialog_of,
    people_of,
    screen_of,
    setup_of,
    time_off,
    turn_to,
)
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from running_desk import MAYA, NETWORK, PRIYA, RunningDesk

from desktop.views.on_call.outlook_dialog import OutlookDialog
from desktop.views.on_call.page_subject_dialog import PageSubjectDialog
from desktop.views.on_call.setup_screen import POLICIES, ROSTERS, ROTATIONS
from desktop.views.on_call.values import BarKind
from desktop.views.paging.page_dialog import PageDialog


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with desk_with_rosters(tmp_path) as desk:
        yield desk


# -- what is shown ------------------------------------------------------------------------------


def test_without_rosters_an_administrator_adds_the_first(bare):
    bare.program.window.hub.trigger("go.on_call")
    bare.settle()
    screen = screen_of(bare)
    add = next(b for b in screen.findChildren(QPushButton) if b.accessibleName() == "Add roster")
    assert add.isVisible()
    add.click()
    bare.settle()
    assert bare.program.window.screen_name == "on_call_setup"
    setup = setup_of(bare)
    assert (setup.kind, setup.current_form.entry_id) == (ROSTERS, None)
    setup.current_form.fields.restore(
        {"name": "Major incident manager", "time_zone": "Europe/Lisbon"}
    )
    setup.save()
    bare.until(lambda: bare.found("SELECT name FROM roster") == "Major incident manager")
    assert bare.found("SELECT is_catch_all FROM roster") == 1


def test_the_week_shows_who_is_on_call(desk):
    assert [row.name for row in screen_of(desk).grid.page.rows] == [
        "Network", "Major incident manager",
    ]  # fmt: skip
    assert people_of(desk) == ["Jonas Dietrich"]
    turn_to(desk, 7)
    assert people_of(desk) == ["Jonas Dietrich", "Maya Lindqvist"]
    assert [bar.is_you for bar in bars_of(desk)] == [False, True]


def test_who_is_on_call_now_and_then(desk):
    panel = screen_of(desk).now
    entry = panel.entry_of(ROSTER)
    assert (entry.person, entry.then, entry.until) == (
        "Jonas Dietrich", "then you", "until Mon 9 Mar 09:00",
    )  # fmt: skip
    panel.called.emit(entry)
    assert QGuiApplication.clipboard().text() == "+49 30 555 0120"


def test_the_minute_moves_the_person_on_call(desk):
    desk.clock.advance(timedelta(days=7, minutes=1))
    desk.place.on_call._tick()
    desk.until(lambda: screen_of(desk).now.entry_of(ROSTER).is_you)


def test_arrows_go_on_over_the_edge_of_the_week_in_the_same_row(desk):
    turn_to(desk, 7)
    grid = screen_of(desk).grid
    grid.setFocus()
    choose(desk, -1)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    desk.until(lambda: grid.page.first_day == at(14).date())
    assert grid.current_row.name == "Network"
    assert grid.current.bar.is_you
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.current.bar.person == "Jonas Dietrich"
    QTest.keyClicks(grid, "T")
    desk.until(lambda: grid.page.first_day == at(0).date())


def test_a_colleagues_override_appears_by_itself(desk):
    before = people_of(desk)
    desk.give_elsewhere(an_override(at(3), at(4)), JONAS)
    desk.until(lambda: people_of(desk) != before)
    assert people_of(desk) == ["Jonas Dietrich", "Maya Lindqvist", "Jonas Dietrich"]
    assert bars_of(desk)[1].is_override


# -- what lies ahead --------------------------------------------------------------------------


def test_the_outlook_tells_who_cannot_be_reached_the_clock_and_the_load(desk):
    QTest.keyClicks(screen_of(desk).grid, "L")
    dialog = dialog_of(desk, OutlookDialog)
    titles = [dialog.findings.item(n).data(Qt.ItemDataRole.UserRole).title
              for n in range(dialog.findings.count())]  # fmt: skip
    assert "Jonas Dietrich cannot be paged" in titles
    desk.until(lambda: dialog.clocks.count() > 0)
    lines = [dialog.clocks.item(n).data(Qt.ItemDataRole.UserRole).title
             for n in range(dialog.clocks.count())]  # fmt: skip
    assert lines[0] == "Europe/Lisbon: clocks go forward on Sun 29 Mar, from 01:00 to 02:00"
    assert any("Network primary" in line and "lasts 167 h, not 168 h" in line for line in lines)
    people = {row.person: row.hours for row in dialog.fairness.model_of_rows.rows}
    assert people["Jonas Dietrich"] > 0
    assert sum(people.values()) == pytest.approx(2 * 90 * 24, abs=48)


def test_a_finding_turns_to_its_week(desk):
    desk.give_elsewhere(time_off(JONAS, at(30), at(31)), JONAS)
    desk.until(lambda: any(f.kind.value == "gap" for f in desk.place.on_call._shown.findings))
    gap = next(f for f in desk.place.on_call._shown.findings if f.kind.value == "gap")
    desk.place.on_call._show_finding(gap)
    desk.settle()
    current = screen_of(desk).grid.current
    assert current is not None
    assert (current.bar.kind, current.bar.starts_at) == (BarKind.GAP, at(30))


def test_a_page_begins_with_the_incident_it_is_about(desk):
    choose(desk, 0)
    QTest.keyClicks(screen_of(desk).grid, "P")
    dialog = dialog_of(desk, PageSubjectDialog)
    desk.until(lambda: len(dialog.search._choices) == 3)
    dialog.submit()
    assert "incident" in dialog.problems()
    dialog.search.set_current(dialog.search._choices[0].key)
    dialog.submit()
    page = dialog_of(desk, PageDialog)
    page.fields.restore({"team": str(NETWORK), "reason": "Nobody reaches the VPN"})
    page.submit()
    desk.until(lambda: desk.found("SELECT reason FROM page") == "Nobody reaches the VPN")


# -- keeping rosters --------------------------------------------------------------------------


def test_a_rotation_is_added_and_changed(desk):
    desk.program.window.hub.trigger("on_call.setup")
    desk.settle()
    setup = setup_of(desk)
    setup.show_kind(ROTATIONS)
    setup.add()
    setup.current_form.fields.restore({
        "name": "Nights", "roster": str(ROSTER), "people": [str(MAYA)], "starts_at":
        "2026-03-02 00:00", "layer": "1", "restriction": "22:00-06:00",
    })  # fmt: skip
    setup.save()
    desk.until(lambda: desk.found("SELECT name FROM rotation WHERE layer = 1") == "Nights")
    shifts = int(str(desk.found(ON_CALL, str(ROSTER))))
    assert shifts > 400
    desk.settle()
    setup.current_form.fields.restore({"restriction": "at night"})
    setup.save()
    desk.until(lambda: "at night" in setup.current_form.fields._fields["restriction"].error)


def test_a_policy_calls_the_roster_then_its_lead(desk):
    desk.program.window.hub.trigger("on_call.setup")
    desk.settle()
    setup = setup_of(desk)
    setup.show_kind(POLICIES)
    setup.add()
    form = setup.current_form
    form.fields.restore({"name": "Network, always", "time_zone": "Europe/Lisbon"})
    steps = form.fields.control("steps")
    steps.add_button.click()
    for card, key in zip(steps._cards, (f"roster_ids {ROSTER}", f"person_ids {PRIYA}"),
                         strict=True):  # fmt: skip
        card._whom.set_keys([key])
        card.changed.emit()
    setup.save()
    desk.until(lambda: desk.found("SELECT count(*) FROM escalation_step") == 2)
    assert desk.found("SELECT roster_ids FROM escalation_step WHERE position = 0") is not None


def test_who_keeps_no_roster_reads_them(desk):
    desk.place.desk.work_as(JONAS)
    desk.program.window.hub.trigger("on_call.setup")
    desk.settle()
    setup = setup_of(desk)
    assert not setup.save_button.isVisible()
    assert setup.list.entries.rowCount() == 2
