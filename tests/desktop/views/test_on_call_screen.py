"""Beside the rota: who is on call now, handovers, dialogs, and what lies ahead."""

import dataclasses

import on_call_examples as ex
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.theme.theme import apply_theme
from desktop.views.on_call.handovers import HandoverCard
from desktop.views.on_call.screen import OnCallScreen
from desktop.views.on_call.screen_head import MONTH, range_words
from desktop.views.on_call.values import SwapOffer
from desktop.widgets.text_audit import clipped_labels, watch_shortened


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
    screen.show_rosters(rosters, frozenset({ex.NETWORK}))
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
