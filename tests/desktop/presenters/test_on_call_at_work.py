"""The on-call screen on the real program: what is asked is saved, shown, undone and refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from running_desk import MAYA, NETWORK, PRIYA, RunningDesk, running_desk

from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.on_call.outlook_dialog import OutlookDialog
from desktop.views.on_call.page_subject_dialog import PageSubjectDialog
from desktop.views.on_call.screen import OnCallScreen
from desktop.views.on_call.setup_screen import POLICIES, ROSTERS, ROTATIONS, SetupScreen
from desktop.views.on_call.values import Bar, BarKind
from desktop.views.on_call.wishes import OverrideWish, ResizeWish, SwapWish
from desktop.views.paging.page_dialog import PageDialog
from desktop.widgets.dialog import DialogFrame
from services.core.ids import derived_id
from services.on_call.acts import (
    AddOverride,
    AddRoster,
    AddRotation,
    ChangeRoster,
    OfferSwap,
    RecordTimeOff,
)
from services.on_call.roster import OverrideKind
from services.people.commands import AddPerson, GrantRole, PlaceInTeam
from services.people.person import Role

JONAS = derived_id("test person", "jonas")
ROSTER = derived_id("test roster", "network")
CATCH_ALL = derived_id("test roster", "catch-all")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ON_CALL = "SELECT count(*) FROM on_call_shift WHERE NOT is_cancelled AND roster_id = ?"


def at(day: int, hour: int = 0) -> datetime:
    """A moment after the Monday on which the test is."""
    return MONDAY + timedelta(days=day, hours=hour)


def rosters() -> list[object]:
    """Two rosters: the network's with two people in turn, and the catch-all of one."""
    return [
        AddPerson(person_id=JONAS, name="Jonas Dietrich", login="jonas", phone="+49 30 555 0120"),
        GrantRole(person_id=JONAS, role=Role.TIER_MEMBER),
        PlaceInTeam(team_id=NETWORK, person_id=JONAS),
        PlaceInTeam(team_id=NETWORK, person_id=MAYA),
        AddRoster(roster_id=CATCH_ALL, name="Major incident manager", time_zone="Europe/Lisbon",
                  is_catch_all=True),
        AddRotation(rotation_id=derived_id("r", 1), roster_id=CATCH_ALL, name="Primary",
                    person_ids=(PRIYA,), starts_at_local="2026-03-02T00:00"),
        AddRoster(roster_id=ROSTER, name="Network", time_zone="Europe/Lisbon", team_id=NETWORK),
        AddRotation(rotation_id=derived_id("r", 2), roster_id=ROSTER, name="Primary",
                    person_ids=(JONAS, MAYA), starts_at_local="2026-03-02T09:00", length=1),
    ]  # fmt: skip


@pytest.fixture
def bare(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with running_desk(tmp_path) as running:
        yield running


@pytest.fixture
def desk(bare) -> RunningDesk:
    for command in rosters():
        bare.give_elsewhere(command)
    bare.until(lambda: JONAS in bare.place.desk.directory.people)
    bare.program.window.hub.trigger("go.on_call")
    bare.until(lambda: people_of(bare) == ["Jonas Dietrich"])
    bare.settle()
    return bare


def screen_of(desk: RunningDesk) -> OnCallScreen:
    found = desk.program.window.findChild(OnCallScreen)
    assert isinstance(found, OnCallScreen)
    return found


def setup_of(desk: RunningDesk) -> SetupScreen:
    found = desk.program.window.findChild(SetupScreen)
    assert isinstance(found, SetupScreen)
    return found


def bars_of(desk: RunningDesk, roster_id: UUID = ROSTER) -> list[Bar]:
    return [p.bar for p in screen_of(desk).grid.layout_now.bars() if p.roster_id == roster_id]


def people_of(desk: RunningDesk) -> list[str]:
    return [bar.person for bar in bars_of(desk)]


def choose(desk: RunningDesk, nth: int) -> Bar:
    grid = screen_of(desk).grid
    own = [p for p in grid.layout_now.bars() if p.roster_id == ROSTER]
    grid.choose(own[nth])
    return own[nth].bar


def dialog_of(desk: RunningDesk, kind: type[DialogFrame] = FormDialog) -> DialogFrame:
    found: list[DialogFrame] = []

    def look() -> bool:
        found[:] = [d for d in desk.program.window.findChildren(kind) if d.isVisible()]
        return bool(found)

    desk.until(look)
    desk.settle()
    return found[0]


def turn_to(desk: RunningDesk, days: int) -> None:
    desk.place.on_call.show_day((MONDAY + timedelta(days=days)).date())
    desk.settle()


def snacks(desk: RunningDesk) -> list[str]:
    said: list[str] = []
    desk.place.desk.said.connect(lambda text, _: said.append(text))
    return said


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


def an_override(start: datetime, end: datetime) -> object:
    return AddOverride(
        override_id=derived_id("o", start), roster_id=ROSTER, kind=OverrideKind.REPLACE,
        person_id=MAYA, replaced_person_id=JONAS, starts_at=start, ends_at=end,
    )  # fmt: skip


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


def time_off(person_id: UUID, start: datetime, end: datetime) -> object:
    return RecordTimeOff(
        time_off_id=derived_id("off", start), person_id=person_id, starts_at=start, ends_at=end
    )


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
