"""Beside the rota: who is on call now, handovers, dialogs, and what lies ahead."""

import dataclasses
from datetime import timedelta

import on_call_examples as ex
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.main_window import MainWindow
from desktop.models.fairness_model import FairnessModel, FairnessRow
from desktop.theme.theme import apply_theme
from desktop.views.on_call.forms import (
    OverrideForm,
    PersonChoice,
    RosterChoice,
    ShiftChoice,
    SwapForm,
    TimeOffChoice,
    TimeOffForm,
)
from desktop.views.on_call.handovers import HandoverCard
from desktop.views.on_call.outlook_dialog import FAIRNESS, FINDINGS, OutlookDialog
from desktop.views.on_call.override_dialog import OverrideDialog
from desktop.views.on_call.screen import OnCallScreen
from desktop.views.on_call.screen_head import MONTH, range_words
from desktop.views.on_call.small_dialogs import HandoverNoteDialog, TimeOffDialog
from desktop.views.on_call.swap_dialog import SwapDialog
from desktop.views.on_call.values import ClockPreview, FindingKind, SwapOffer
from desktop.views.on_call.wishes import OverrideWish
from desktop.widgets.text_audit import clipped_labels, watch_shortened
from services.on_call.roster import OverrideKind

NETWORK = ex.an_id("Network")
PRIYA = PersonChoice(ex.an_id("Priya Raman"), "Priya Raman", "Network")
JONAS = PersonChoice(ex.an_id("Jonas Dietrich"), "Jonas Dietrich", "Network")
MAYA = PersonChoice(ex.an_id("Maya Lindqvist"), "Maya Lindqvist", "you")


@pytest.fixture
def window(qtbot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window, before_close_func=lambda shown: setattr(shown, "_may_close", True))
    window.resize(1440, 900)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


@pytest.fixture
def screen(window) -> OnCallScreen:
    screen = OnCallScreen(window.hub)
    window.add_screen("on_call", screen)
    window.show_screen("on_call")
    screen.show_page(ex.a_page())
    screen.now.show_entries(ex.entries())
    screen.now.show_moment("10:42 Lisbon")
    screen.now.show_notices([], ex.a_gap(), 3, may_fill=True)
    screen.show_handovers(ex.handovers())
    screen.show_rosters([(row.roster_id, row.name) for row in ex.rows()], frozenset())
    QApplication.processEvents()
    return screen


def button(root: QWidget, name: str) -> QPushButton:
    found = [b for b in root.findChildren(QPushButton) if b.accessibleName() == name]
    assert len(found) == 1, [b.accessibleName() for b in root.findChildren(QPushButton)]
    return found[0]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1120, 1440])
def test_nothing_is_cut(window, screen, theme, width):
    apply_theme(QApplication.instance(), theme)
    with watch_shortened() as found:
        window.resize(width, 900)
        QApplication.processEvents()
        window.grab()
    assert [text for text in found if text.width > 0] == []
    assert clipped_labels(screen) == []


def test_every_control_has_a_name(screen):
    unnamed = [
        type(widget).__name__
        for widget in screen.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisibleTo(screen)
        and not widget.accessibleName()
    ]
    assert unnamed == []


def test_the_keys_of_the_screen_stand_in_the_status_bar(window, screen):
    hints = window.status._keys.accessibleName()
    assert hints == ("← → shift, week, T today, O override, W swap, C call, P page, ? all keys")


@pytest.mark.parametrize(
    ("key", "verb"),
    [("T", "today"), ("O", "override"), ("W", "swap"), ("I", "take"), ("C", "call"),
     ("P", "page"), ("F", "time_off"), ("M", "note"), ("L", "findings"), ("Y", "fairness")],
)  # fmt: skip
def test_each_verb_has_its_key(window, screen, key, verb):
    asked: list[str] = []
    window.hub.triggered.connect(asked.append)
    screen.focus_grid()
    QTest.keyClicks(screen.grid, key)
    assert asked == [f"on_call.{verb}"]


def test_the_navigation_leads_here_and_shows_where_one_is(window, screen):
    asked: list[str] = []
    window.hub.triggered.connect(asked.append)
    assert window.navigation.places.current == "on_call"
    window.navigation.places.chosen.emit("on_call")
    assert asked == ["go.on_call"]


@pytest.mark.parametrize(
    ("days", "words"),
    [(7, "17 – 23 November 2025"), (14, "17 – 30 November 2025"),
     (21, "17 November – 7 December 2025"), (60, "17 November 2025 – 15 January 2026")],
)  # fmt: skip
def test_the_range_is_said_once(days, words):
    assert range_words(ex.MONDAY, days) == words


def test_the_span_is_chosen_with_arrows(qtbot, screen):
    screen.head.span.focus_current()
    with qtbot.waitSignal(screen.head.span_chosen):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    with qtbot.waitSignal(screen.head.span_chosen) as chosen:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert chosen.args == [MONTH]


def test_a_hidden_team_is_told(screen):
    rosters = [(row.roster_id, row.name) for row in ex.rows()]
    screen.show_rosters(rosters, frozenset({NETWORK}))
    assert button(screen.head, "Teams 7 of 8").isVisible()


# -- on call now ----------------------------------------------------------------------------


def test_whoever_is_on_call_can_be_called_and_paged(qtbot, screen):
    with qtbot.waitSignal(screen.now.called) as called:
        button(screen.now, "Call Priya Raman").click()
    assert called.args[0].roster == "Network"
    with qtbot.waitSignal(screen.now.paged) as paged:
        button(screen.now, "Page Database").click()
    assert paged.args[0].roster_id == ex.an_id("Database")


def test_news_keep_the_keyboard_where_it_is(screen):
    call = button(screen.now, "Call Priya Raman")
    call.setFocus()
    entries = ex.entries()
    entries[1] = dataclasses.replace(entries[1], until="until Sat 18:00")
    screen.now.show_entries(entries)
    assert call.hasFocus()
    assert screen.now.focused == entries[1]


def test_without_a_number_there_is_no_call(screen):
    entries = ex.entries()
    entries[1] = dataclasses.replace(entries[1], phone="")
    screen.now.show_entries(entries)
    assert not button(screen.now, "Call Priya Raman").isVisible()
    assert button(screen.now, "Page Network").isVisible()


def test_a_gap_can_be_filled_and_asked_about(qtbot, screen):
    with qtbot.waitSignal(screen.now.gap_filled) as filled:
        button(screen.now, "Fill gap").click()
    assert filled.args == [ex.a_gap()]
    with qtbot.waitSignal(screen.now.team_asked):
        button(screen.now, "Ask team").click()


def test_who_may_not_fill_a_gap_can_still_ask(screen):
    screen.now.show_notices([], ex.a_gap(), 3, may_fill=False)
    QApplication.processEvents()
    names = [b.accessibleName() for b in screen.now.findChildren(QPushButton) if b.isVisible()]
    assert "Fill gap" not in names
    assert "Ask team" in names


def offer(*, may_answer: bool, is_named: bool = True) -> SwapOffer:
    return SwapOffer(
        swap_id=ex.an_id("swap"), title="Jonas D. offers you a shift", text="Network, Sat",
        may_answer=may_answer, is_named=is_named, starts_at=ex.at(5),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "buttons"),
    [
        (offer(may_answer=True), ["Accept", "Decline"]),
        (offer(may_answer=True, is_named=False), ["Accept"]),
        (offer(may_answer=False), ["Withdraw"]),
    ],
)
def test_an_offer_has_the_answers_one_may_give(qtbot, screen, shown, buttons):
    screen.now.show_notices([shown], None, 0, may_fill=True)
    QApplication.processEvents()
    names = [b.accessibleName() for b in screen.now.findChildren(QPushButton) if b.isVisible()]
    assert [name for name in names if name in ("Accept", "Decline", "Withdraw")] == buttons
    with qtbot.waitSignal(screen.now.offer_answered) as answered:
        button(screen.now, buttons[0]).click()
    assert answered.args == [shown, buttons[0] == "Accept"]


# -- handovers and the empty state ------------------------------------------------------------


def test_a_handover_says_how_its_note_stands(qtbot, screen):
    cards = [card for card in screen.findChildren(HandoverCard) if card.isVisible()]
    names = [card.accessibleName() for card in cards]
    assert names == [
        "Thu 09:00, Platform, Ruben Meijer, to, Haruto Nakamura, no note yet",
        "Fri 18:00, Network, Priya Raman, to, Jonas Dietrich, override",
        "Fri 20:00, Service Desk, Maya Lindqvist, to, Tariq Khoury, note ready",
    ]
    with qtbot.waitSignal(screen.handovers.opened) as opened:
        QTest.keyClick(cards[0], Qt.Key.Key_Space)
    assert opened.args[0].roster == "Platform"


@pytest.mark.parametrize("may_add", [True, False])
def test_without_a_roster_one_is_told_what_to_do(qtbot, screen, may_add):
    screen.show_nothing(may_add=may_add)
    add = button(screen, "Add roster")
    assert add.isVisible() is may_add
    assert not screen.grid.isVisible()
    with qtbot.waitSignal(screen.setup_requested):
        add.click()
    screen.show_page(ex.a_page())
    assert screen.grid.isVisible()


# -- dialogs --------------------------------------------------------------------------------


def wish(**known: object) -> OverrideWish:
    values: dict[str, object] = {
        "roster_id": NETWORK, "starts_at": ex.at(4, 18), "ends_at": ex.at(5, 18), **known,
    }  # fmt: skip
    return OverrideWish(**values)


def override_dialog(window, planned=(PRIYA,), **known) -> OverrideDialog:
    choices = [RosterChoice(NETWORK, "Network", (MAYA, JONAS, PRIYA)),
               RosterChoice(ex.an_id("Apps"), "Apps", (MAYA,))]  # fmt: skip
    dialog = OverrideDialog(window, choices, lambda *_: planned, wish(**known), ex.NOW)
    window.open_dialog(dialog)
    return dialog


def submitted(dialog) -> list[object]:
    found: list[object] = []
    dialog.submitted.connect(found.append)
    dialog.submit()
    return found


def test_an_override_names_who_comes_and_instead_of_whom(window, screen):
    dialog = override_dialog(window, replaced_id=PRIYA.person_id)
    dialog.fields.control("person").set_current_payload(str(JONAS.person_id))
    assert submitted(dialog) == [
        OverrideForm(
            roster_id=NETWORK, kind=OverrideKind.REPLACE, person_id=JONAS.person_id,
            replaced_person_id=PRIYA.person_id, is_backup=False,
            starts_at=ex.at(4, 18), ends_at=ex.at(5, 18), reason="",
        )
    ]  # fmt: skip


def test_nobody_said_instead_of_whom_means_whoever_is_on_call(window, screen):
    dialog = override_dialog(window)
    dialog.fields.control("person").set_current_payload(str(JONAS.person_id))
    (form,) = submitted(dialog)
    assert form.replaced_person_id is None
    assert form.kind is OverrideKind.REPLACE


def test_where_nobody_is_somebody_more_comes(window, screen):
    dialog = override_dialog(window, planned=())
    dialog.fields.control("person").set_current_payload(str(MAYA.person_id))
    (form,) = submitted(dialog)
    assert (form.kind, form.replaced_person_id) == (OverrideKind.ADD, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "person"),
        ({"ends_at": ex.at(4, 12).isoformat(), "person": str(JONAS.person_id)}, "ends_at"),
        ({"starts_at": ex.at(0).isoformat(), "ends_at": ex.at(1).isoformat(),
          "person": str(JONAS.person_id)}, "ends_at"),
        ({"person": str(PRIYA.person_id), "replaced": str(PRIYA.person_id)}, "person"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_override_stands_below_its_field(window, screen, values, field):
    dialog = override_dialog(window)
    dialog.fields.restore(values)
    assert submitted(dialog) == []
    assert field in dialog.problems()


def test_only_from_somebody_in_particular_a_shift_comes_back(window, screen):
    theirs = ShiftChoice(JONAS.person_id, ex.at(7), ex.at(8), "Mon 24 Nov")
    dialog = SwapDialog(window, "Network", (ex.at(5), ex.at(6)), [JONAS, PRIYA], [theirs], ex.NOW)
    window.open_dialog(dialog)
    assert not dialog.fields.control("back").isVisible()
    (form,) = submitted(dialog)
    assert form == SwapForm(
        starts_at=ex.at(5), ends_at=ex.at(6), to_person_id=None, return_starts_at=None,
        return_ends_at=None, reason="",
    )  # fmt: skip
    wanted = SwapDialog(
        window, "Network", (ex.at(5), ex.at(6)), [JONAS, PRIYA], [theirs], ex.NOW, theirs
    )
    window.open_dialog(wanted)
    (form,) = submitted(wanted)
    assert (form.to_person_id, form.return_starts_at) == (JONAS.person_id, ex.at(7))


def test_what_has_begun_cannot_be_offered(window, screen):
    dialog = SwapDialog(window, "Network", (ex.at(2), ex.at(6)), [JONAS], [], ex.NOW)
    window.open_dialog(dialog)
    assert submitted(dialog) == []
    assert "starts_at" in dialog.problems()


def test_time_off_is_recorded_and_the_planned_can_be_cancelled(qtbot, window, screen):
    planned = TimeOffChoice(ex.an_id("away"), "Maya Lindqvist, Sat to Sun")
    dialog = TimeOffDialog(window, [MAYA], (ex.at(5), ex.at(7)), [planned], ex.NOW)
    window.open_dialog(dialog)
    assert submitted(dialog) == [
        TimeOffForm(
            person_id=MAYA.person_id, starts_at=ex.at(5), ends_at=ex.at(7), reason=""
        )
    ]  # fmt: skip
    with qtbot.waitSignal(dialog.cancellation_requested) as cancelled:
        button(dialog, "Cancel time off Maya Lindqvist, Sat to Sun").click()
    assert cancelled.args == [planned.time_off_id]
    dialog.show_planned([])
    names = [b.accessibleName() for b in dialog.findChildren(QPushButton) if b.isVisible()]
    assert not [name for name in names if name.startswith("Cancel time off")]


def test_a_note_that_says_nothing_is_not_saved(window, screen):
    dialog = HandoverNoteDialog(window, "Network, Fri 18:00", "")
    window.open_dialog(dialog)
    assert submitted(dialog) == []
    dialog.fields.restore({"text": "Two switches run on spare power."})
    (form,) = submitted(dialog)
    assert form.text == "Two switches run on spare power."


# -- what lies ahead --------------------------------------------------------------------------


def test_a_finding_leads_to_its_place(qtbot, window, screen):
    dialog = OutlookDialog(window, FINDINGS)
    other = dataclasses.replace(
        ex.a_gap(), key="phone", kind=FindingKind.NO_CONTACT, title="Jonas cannot be paged"
    )
    dialog.show_findings([ex.a_gap(), other])
    window.open_dialog(dialog, dialog.first_field)
    QTest.keyClick(dialog.findings, Qt.Key.Key_Down)
    with qtbot.waitSignal(dialog.finding_opened) as opened:
        QTest.keyClick(dialog.findings, Qt.Key.Key_Return)
    assert opened.args == [other]


def test_changes_of_the_clock_stand_below_their_day(window, screen):
    dialog = OutlookDialog(window)
    dialog.show_clocks([ClockPreview("Sunday", "Network"), ClockPreview("Sunday", "Apps"),
                        ClockPreview("March", "Apps")])  # fmt: skip
    titles = [dialog.clocks.item(n).data(Qt.ItemDataRole.UserRole).title
              for n in range(dialog.clocks.count())]  # fmt: skip
    assert titles == ["Sunday", "Network", "Apps", "March", "Apps"]


def test_without_findings_that_is_said(window, screen):
    dialog = OutlookDialog(window, FINDINGS)
    dialog.show_findings([])
    window.open_dialog(dialog, dialog.first_field)
    assert not dialog.findings.isVisible()


def test_the_load_is_sorted_by_a_click(window, screen):
    rows = [FairnessRow("Ann Lee", False, 100, 4, 10, 0), FairnessRow("Bo Ek", True, 40, 9, 0, 8)]
    dialog = OutlookDialog(window, FAIRNESS)
    dialog.show_fairness(rows)
    window.open_dialog(dialog, dialog.first_field)
    model = dialog.fairness.model_of_rows
    QAbstractItemModelTester(model)
    assert [row.person for row in model.rows] == ["Ann Lee", "Bo Ek"]
    dialog.fairness.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert [row.person for row in model.rows] == ["Bo Ek", "Ann Lee"]
    with watch_shortened() as found:
        dialog.grab()
    assert found == []


def test_the_table_tells_each_number_with_its_column():
    model = FairnessModel()
    model.show_rows([FairnessRow("Ann Lee", False, 1234.4, 4, 10, 0)])
    told = [model.index(0, n).data(Qt.ItemDataRole.AccessibleTextRole) for n in range(5)]
    assert told == [
        "Person Ann Lee", "Hours 1,234", "Nights 4", "Weekend hours 10", "Holiday hours 0",
    ]  # fmt: skip


def test_a_moment_stays_what_it_was(window, screen):
    """Opening and leaving the form changes no time by a rounding."""
    dialog = override_dialog(window, starts_at=ex.at(4, 18) + timedelta(seconds=1))
    assert dialog.fields.when("starts_at") == ex.at(4, 18) + timedelta(seconds=1)
