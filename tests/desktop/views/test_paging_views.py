"""Paging on screen: the strip in every state, the audit, who will be woken, whom to page."""

from datetime import timedelta
from uuid import UUID

import paging_examples as p
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from view_examples import NOW, a_directory, an_id, an_incident

from desktop.views.dialogs.escalate import EscalateDialog
from desktop.views.dialogs.escalate_team import Covering
from desktop.views.dialogs.forms import PageForm
from desktop.views.paging.cover_words import policy_words, until_words
from desktop.views.paging.page_card import PageCard
from desktop.views.paging.page_dialog import PEOPLE, PageDialog, Reach
from desktop.views.paging.page_strip import PageStrip
from desktop.views.paging.page_words import PageVerb, page_view, shown_page
from desktop.views.paging.snoozing import next_business_morning, snooze_choices
from desktop.widgets.buttons import Button
from desktop.widgets.choices import CheckRow
from desktop.widgets.labels import PlainLabel
from desktop.widgets.text_audit import watch_shortened
from services.incidents.priority import Severity
from services.paging.page import PageState
from services.paging.read_models import PageItem

V = PageVerb
SECOND = timedelta(seconds=1)


@pytest.fixture
def window(qtbot) -> QWidget:
    window = QWidget()
    window.resize(1440, 900)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    return window


def words(item: PageItem, *, is_online: bool = True) -> str:
    view = page_view(item, NOW, is_online=is_online)
    return f"{view.lead} {view.text}" if view else ""


SNOOZED = p.acknowledged(snooze_s=1800)
IN_HOLD = p.an_item(
    p.a_page(started_at=None, due_at=None, position=-1, hold_until=NOW + 5 * SECOND)
)


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (p.an_item(), "Calling Priya Raman, step 1 of 2. Next Jonas Dietrich in 3:12."),
        (p.an_item(after=("Priya Raman",)),
         "Calling Priya Raman, step 1 of 2. Next Priya Raman again in 3:12."),
        (p.an_item(p.a_page(is_catch_all=True), called=("Noor",), after=()),
         "Calling Noor, catch-all. Called again in 3:12, until somebody answers."),
        (p.an_item(p.a_page(is_urged=True), called=()),
         "Step 1 of 2: nobody is left to answer. The next step is taken now."),
        (IN_HOLD, "Paging Network. It goes out in 0:05."),
        (p.acknowledged(),
         "Acknowledged by Priya Raman 10:42. Opens again 11:12 unless it is resolved."),
        (SNOOZED, "Snoozed by Priya Raman 10:42. At 11:12 it calls whoever is on call then."),
        (p.held(), "The page of Network is held: nobody was called. It waited 14 min offline."
                   " Is it still wanted?"),
        (p.an_item(is_unsent=True),
         "The page of Network is not sent yet. It waits for the connection; after 10 min you are"
         " asked first. Call Priya Raman, +351 21 555 0120."),
        (p.an_item(is_answering=True),
         "Calling Priya Raman, step 1 of 2. Your answer is not saved for all yet."),
    ],
)  # fmt: skip
def test_a_page_is_told_in_words(item: PageItem, told: str) -> None:
    assert words(item) == told


def test_the_page_that_matters_most_is_shown() -> None:
    over = p.an_item(p.a_page(state=PageState.SUPERSEDED, end_remark="incident no longer open"))
    withdrawn = p.an_item(p.a_page(state=PageState.SUPERSEDED, end_remark="withdrawn"))
    assert shown_page((p.acknowledged(), p.held(), p.an_item()), True) == p.an_item()
    assert shown_page((p.acknowledged(), p.held()), True) == p.held()
    assert shown_page((over,), False) is None
    assert shown_page((withdrawn,), True) is None
    shown = shown_page((over,), True)
    assert shown is not None
    assert words(shown).startswith("Nobody is called now.")


@pytest.fixture
def strip(window: QWidget) -> PageStrip:
    strip = PageStrip(window)
    strip.setFixedWidth(404)
    return strip


def buttons(strip: PageStrip) -> list[tuple[str, bool]]:
    found = (b for b in strip.findChildren(Button) if b.isVisible())
    return [(button.text(), button.isEnabled()) for button in found]


def test_the_strip_offers_what_fits(strip: PageStrip) -> None:
    strip.show_page(p.an_item(is_called=True), NOW, is_online=True)
    assert buttons(strip) == [("Acknowledge", True), ("Snooze", True)]
    assert strip.menu_verbs() == (V.DECLINE, V.ESCALATE, V.ADD, V.AUDIT)
    strip.show_page(p.an_item(), NOW, is_online=True)
    assert V.DECLINE not in strip.menu_verbs()
    strip.show_page(p.held(), NOW, is_online=True)
    assert buttons(strip) == [("Send now", True), ("Drop it", True)]
    strip.show_page(None, NOW, is_online=True)
    assert strip.isHidden()


def test_offline_nothing_is_answered_and_it_is_said_why(strip: PageStrip) -> None:
    strip.show_page(p.an_item(), NOW, is_online=False)
    assert buttons(strip) == [("Acknowledge", False), ("Snooze", False)]
    assert strip.accessibleName().endswith("Offline: answering needs the connection.")
    assert "Offline" in strip.findChildren(Button)[0].toolTip()


def test_an_answer_is_given_once(strip: PageStrip) -> None:
    strip.show_page(p.an_item(is_answering=True), NOW, is_online=True)
    assert buttons(strip) == [("Acknowledge", False), ("Snooze", False)]


def test_the_strip_says_which_page_and_what(strip: PageStrip) -> None:
    asked: list[tuple[PageVerb, UUID, int]] = []
    strip.asked.connect(lambda verb, item, s: asked.append((verb, item.page.id, s)))
    strip.show_page(p.an_item(), NOW, is_online=True)
    QTest.mouseClick(strip._buttons[V.ACKNOWLEDGE], Qt.MouseButton.LeftButton)
    strip._fill_snoozes(strip._menu)
    strip._menu.actions()[1].trigger()
    page_id = an_id("page")
    assert asked == [(V.ACKNOWLEDGE, page_id, 0), (V.SNOOZE, page_id, 1800)]


def test_the_time_in_the_strip_runs_without_a_word_to_the_screen_reader(strip: PageStrip) -> None:
    strip.show_page(p.an_item(), NOW, is_online=True)
    said = strip.accessibleName()
    strip.show_moment(NOW + 12 * SECOND)
    assert strip._text.text() == "Next Jonas Dietrich in 3:00."
    assert strip.accessibleName() == said
    assert strip.is_running
    strip.show_page(p.acknowledged(), NOW, is_online=True)
    assert not strip.is_running


def test_the_audit_is_shown_on_demand(window: QWidget) -> None:
    card = PageCard(p.an_item(), NOW, is_open=False, parent=window)
    card.show()
    texts = [label for label in card.findChildren(PlainLabel) if label.text().endswith("delivered")]
    assert [label.isVisible() for label in texts] == [False]
    assert card._toggle.text() == "Show what happened, 2 entries"
    card._toggle.linkActivated.emit("")
    assert [label.isVisible() for label in texts] == [True]


def test_a_snooze_may_last_until_the_next_business_morning() -> None:
    friday = NOW.replace(day=16, hour=17)
    assert next_business_morning(friday) == friday.replace(day=19, hour=9, minute=0, second=0)
    early = NOW.replace(day=14, hour=7)
    assert next_business_morning(early) == early.replace(hour=9, minute=0, second=0)
    words, seconds = snooze_choices(friday)[-1]
    assert words == "Until Mon 19 Oct 09:00"
    assert seconds == round((next_business_morning(friday) - friday).total_seconds())


# -- who will be woken ------------------------------------------------------------------------


def escalating(window: QWidget, *covers: object, is_online: bool = True, **of: object):
    found = {cover.team_id: cover for cover in covers}
    dialog = EscalateDialog(
        window, an_incident(**of), a_directory(), NOW,
        covering=Covering(now=NOW, covers=found, is_online=is_online),
    )  # fmt: skip
    dialog.open()
    return dialog


def check_of(dialog: QWidget) -> CheckRow:
    return dialog.findChild(CheckRow)


def test_a_page_is_asked_for_by_policy_and_the_button_says_so(window: QWidget) -> None:
    dialog = escalating(window, p.a_cover())
    assert (check_of(dialog).text(), check_of(dialog).isChecked()) == ("Page Priya now", True)
    assert dialog.primary_button.text() == "Escalate and page"
    assert any(label.text() == p.WAKES for label in dialog.findChildren(PlainLabel))
    dialog.team.fields.restore({"reason": "x", "tried": "a", "found": "b", "need": "c"})
    assert dialog.form().is_paging


def test_where_the_policy_is_quiet_nobody_is_paged_unless_asked(window: QWidget) -> None:
    dialog = escalating(window, p.quiet(p.a_cover()))
    assert not check_of(dialog).isChecked()
    assert dialog.primary_button.text() == "Escalate to Network"
    QTest.mouseClick(check_of(dialog), Qt.MouseButton.LeftButton)
    assert dialog.primary_button.text() == "Escalate and page"


def test_what_was_set_by_hand_outlasts_another_team(window: QWidget) -> None:
    dialog = escalating(window, p.a_cover(), p.a_cover("Endpoint", "Haruto Nakamura"))
    QTest.mouseClick(check_of(dialog), Qt.MouseButton.LeftButton)
    assert not check_of(dialog).isChecked()
    dialog.team.fields.control("team").rows.step(1)
    assert check_of(dialog).text() == "Page Haruto now"
    assert not check_of(dialog).isChecked()


def test_without_paging_the_form_says_nothing_of_it(window: QWidget) -> None:
    dialog = escalating(window)
    assert not check_of(dialog).isVisible()
    assert dialog.primary_button.text() == "Escalate to Network"


def test_a_gap_is_told_with_who_is_called_instead(window: QWidget) -> None:
    gap = p.a_cover(person="", first_id=an_id("Oyelaran Bankole"),
                    covered_at=NOW.replace(hour=13, minute=0, second=0))  # fmt: skip
    dialog = escalating(window, gap)
    row = next(w for w in dialog.findChildren(QWidget) if w.accessibleName().startswith("Network,"))
    assert (
        "No one on call now, next cover 13:00, Oyelaran Bankole till then" in row.accessibleName()
    )
    assert check_of(dialog).text() == "Page Oyelaran now"


def test_offline_the_number_is_offered(window: QWidget) -> None:
    dialog = escalating(window, p.a_cover(), is_online=False)
    shown = [label.text() for label in dialog.findChildren(PlainLabel) if label.isVisible()]
    assert "+351 21 555 0120" in shown
    assert "Offline: the page waits for connection. Call now:" in shown


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "P2 pages by default"),
        ({"severity": Severity.SEV1}, "SEV 1 pages by default"),
        ({"priority": None}, "An untriaged incident pages by default"),
    ],
)
def test_the_form_says_why_it_pages(changed: dict[str, object], told: str) -> None:
    assert policy_words(p.a_cover(), an_incident(**changed)) == told


def test_until_when_somebody_is_on_call() -> None:
    assert until_words(p.a_cover(), a_directory(), NOW) == "until 18:00"
    tomorrow = p.a_cover(until=NOW.replace(day=15, hour=9, minute=0))
    assert until_words(tomorrow, a_directory(), NOW) == "until 15 Oct 09:00"


# -- paging by itself -------------------------------------------------------------------------


def page_dialog(window: QWidget, **given: object) -> PageDialog:
    covering = Covering(now=NOW, covers={an_id("Network"): p.a_cover()})
    reach = Reach(covering=covering, ways={an_id("Priya Raman"): "push"})
    dialog = PageDialog(window, an_incident(), a_directory(), reach, **{"hold_s": 5, **given})
    dialog.open()
    return dialog


def test_a_team_is_paged_with_a_reason(window: QWidget) -> None:
    dialog = page_dialog(window)
    forms: list[PageForm] = []
    dialog.submitted.connect(forms.append)
    dialog.submit()
    assert forms == []  # whom, and why
    dialog.fields.control("team").set_current(str(an_id("Network")))
    dialog.fields.control("reason").setPlainText("The gateway is down")
    assert dialog.primary_button.text() == "Page Network"
    assert dialog.called() == "Priya"
    dialog.submit()
    network = an_id("Network")
    assert forms == [PageForm(team_id=network, person_ids=(), reason="The gateway is down")]


def test_people_are_paged_by_name_and_who_cannot_be_reached_is_told(window: QWidget) -> None:
    dialog = page_dialog(window, start=PEOPLE)
    people = dialog.fields.control("people")
    for item in list(people._offered)[:]:
        if item.title in ("Priya Raman", "Maya Lindqvist"):
            people._toggle(item)
    assert dialog.primary_button.text() == "Page 2 people"
    told = [label.text() for label in dialog.findChildren(PlainLabel)]
    assert any(
        text.startswith("Priya Raman by push; Maya Lindqvist only on their own desk; then")
        for text in told
    )
    assert set(dialog.form().person_ids) == {an_id("Priya Raman"), an_id("Maya Lindqvist")}
    assert dialog.form().team_id is None


def test_nothing_is_cut_off(window: QWidget, strip: PageStrip) -> None:
    with watch_shortened() as shortened:
        for item in (p.an_item(is_called=True), p.held(), p.acknowledged()):
            strip.show_page(item, NOW, is_online=True)
            strip.grab()
        escalating(window, p.a_cover()).grab()
        page_dialog(window).grab()
    assert [s.text for s in shortened if s.text != an_incident().summary] == []
