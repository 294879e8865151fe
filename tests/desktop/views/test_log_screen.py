"""The log page: logged by keyboard alone, nothing lost, plain words for what is missing."""

import json
from datetime import timedelta

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from view_examples import NOW, a_directory, an_id, earlier

from desktop.theme.theme import apply_theme
from desktop.views.log.screen import LogIncidentScreen
from desktop.widgets.inputs import TextEdit
from services.incidents.incident import Channel
from services.incidents.priority import Impact, Severity, Urgency

LEFT_HAND = set("qwertasdfgzxcvb12345 ")


@pytest.fixture
def screen(qtbot):
    apply_theme(QApplication.instance(), "light")
    page = LogIncidentScreen(now=lambda: NOW)
    page.show_directory(a_directory())
    page.show_routing("Service Desk")
    page.resize(1236, 830)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    page.report.caller.setFocus()
    return page


def press(*keys, typed=""):
    for key in keys:
        QTest.keyClick(QApplication.focusWidget(), key)
    if typed:
        QTest.keyClicks(QApplication.focusWidget(), typed)


def test_a_call_is_logged_with_the_left_hand_alone(screen, qtbot):
    forms = []
    screen.log_requested.connect(forms.append)
    tab = Qt.Key.Key_Tab

    press(typed="t")
    press(typed="e")  # "te": no name begins so
    press(Qt.Key.Key_Escape)
    press(typed="a")  # asset, phone and mail are searched too
    QTest.keyClicks(QApplication.focusWidget(), "dae")
    press(tab)  # takes Adaeze Fashola
    press(tab, typed="vast cafe crate")
    press(tab, typed="dead since ten")
    press(tab, Qt.Key.Key_Space, Qt.Key.Key_2)  # service: the second in the list
    press(tab, tab, Qt.Key.Key_Space, Qt.Key.Key_1)  # products stay as they are; category
    press(tab, tab)  # past subcategory, into the matrix
    press(Qt.Key.Key_S, Qt.Key.Key_Space)  # down one row, choose
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)

    assert len(forms) == 1
    form = forms[0]
    assert form.caller_id == an_id("Adaeze Fashola")
    assert form.summary == "vast cafe crate"
    assert form.description == "dead since ten"
    assert form.service_id == an_id("s Email and calendar")
    assert form.category_id == an_id("c Access")
    assert (form.impact, form.urgency) == (Impact.TEAM, Urgency.HIGH)
    assert form.channel is Channel.PHONE
    assert form.reported_at == NOW
    assert form.severity is None


def test_caller_and_summary_are_enough(screen):
    forms = []
    screen.log_and_escalate_requested.connect(forms.append)
    screen.report.choose_caller(an_id("Karl Osei"))
    screen.report.fields.restore({"summary": "Headset is silent"})

    screen.escalate_button.click()

    assert [form.summary for form in forms] == ["Headset is silent"]
    assert forms[0].service_id is None
    assert forms[0].impact is None


def test_what_is_missing_is_said_below_and_nothing_is_emitted(screen):
    forms = []
    screen.log_requested.connect(forms.append)
    screen.report.fields.restore({"description": "long story"})

    screen.log_button.click()

    assert forms == []
    assert screen.report.problems(NOW).keys() == {"caller", "summary"}
    assert QApplication.focusWidget() is screen.report.caller
    assert screen.report.fields.text("description") == "long story"


def test_a_report_from_the_future_is_not_logged(screen):
    screen.report.choose_caller(an_id("Karl Osei"))
    later = (NOW + timedelta(hours=1)).isoformat()
    screen.report.fields.restore({"summary": "x", "reported_at": later})

    assert screen.report.problems(NOW).keys() == {"reported_at"}
    assert screen.report.problems(NOW + timedelta(hours=2)) == {}


def test_monitoring_needs_a_source_instead_of_a_caller(screen):
    for _ in range(5):
        screen.report.step_channel(1)
    assert screen.report.channel.current == "monitoring"
    assert "monitoring_source" in screen.report.problems(NOW)

    screen.report.fields.restore({"monitoring_source": "probe-lis-04", "summary": "Tunnel down"})

    assert screen.report.problems(NOW) == {}
    assert screen.form().monitoring_source == "probe-lis-04"


def test_an_unknown_name_asks_for_a_new_caller(screen, qtbot):
    with qtbot.waitSignal(screen.caller_creation_requested) as asked:
        press(typed="A")
        QTest.keyClicks(QApplication.focusWidget(), "nna Berg")
        press(Qt.Key.Key_Return)
    assert asked.args == ["Anna Berg"]


def filled(page):
    page.report.choose_caller(an_id("Tomás Herrera"))
    page.report.restore({
        **page.report.content(), "summary": "VPN drops", "description": "since 07:00",
        "service": str(an_id("s Remote access")), "products": [str(an_id("p Laptop"))],
        "category": str(an_id("c Network")), "subcategory": str(an_id("c Network VPN")),
        "matrix": "2,1", "severity": "SEV3", "channel": "chat",
    })  # fmt: skip


def test_drafts_come_back_as_they_were(screen, qtbot):
    filled(screen)
    before = screen.form()
    screen.park()
    screen.report.fields.restore({"summary": "second call"})
    kept = json.loads(json.dumps(screen.content()))

    other = LogIncidentScreen(now=lambda: NOW)
    qtbot.addWidget(other)
    other.show_directory(a_directory())
    other.restore(kept)

    assert other.content() == kept
    assert other.form().summary == "second call"
    other.close_draft(other.form().draft_id)
    assert other.form() == before
    assert before.severity is Severity.SEV3
    assert before.affected_product_ids == (an_id("p Laptop"),)


def test_each_tab_keeps_its_own_report(screen):
    filled(screen)
    first = screen.form().draft_id
    screen.start_new(follow_up_of=(an_id("INC-19877"), 19877), values={"summary": "Again"})
    chosen = []
    screen.caller_chosen.connect(chosen.append)

    assert screen.form().follow_up_of_id == an_id("INC-19877")
    screen.close_draft(screen.form().draft_id)

    assert screen.form().draft_id == first
    assert screen.form().summary == "VPN drops"
    assert chosen == [an_id("Tomás Herrera")]


def test_news_from_others_leaves_what_is_typed(screen):
    filled(screen)
    before = screen.form()
    screen.show_directory(a_directory())
    assert screen.form() == before


@pytest.mark.parametrize("typed", ["0142", "s@example her", "44871", "herr tom", "lisbon fin her"])
def test_a_caller_is_found_by_whatever_they_say(screen, typed, qtbot):
    with qtbot.waitSignal(screen.caller_chosen) as chosen:
        press(typed=typed[0])
        QTest.keyClicks(QApplication.focusWidget(), typed[1:])
        press(Qt.Key.Key_Return)
    assert chosen.args == [an_id("Tomás Herrera")]


def test_typing_is_told_within_the_second(screen, qtbot):
    with qtbot.waitSignal(screen.draft_changed, timeout=1000) as told:
        screen.report.fields.control("summary").setFocus()
        press(typed="abc")
    assert told.args[0]["drafts"][0]["values"]["summary"] == "abc"


def test_discarding_tells_what_was_there_and_leaves_an_empty_page(screen):
    filled(screen)
    kept = []
    screen.discarded.connect(lambda form: kept.append((form, screen.content())))

    screen.discard()

    assert kept[0][0].summary == "VPN drops"
    assert not screen.has_content
    screen.restore(kept[0][1])
    assert screen.form().summary == "VPN drops"


def test_five_million_pasted_characters_do_not_break_the_page(screen):
    QGuiApplication.clipboard().setText("")
    text = QMimeData()
    text.setText("0123456789 a line of a log that somebody pasted\n" * 106_000)
    description = screen.report.fields.control("description")
    assert isinstance(description, TextEdit)
    screen.report.choose_caller(an_id("Karl Osei"))
    screen.report.fields.restore({"summary": "long"})

    description.insertFromMimeData(text)
    screen.log_button.click()

    assert "description" in screen.report.problems(NOW)
    description.setPlainText("<b>kept as typed</b>")
    assert screen.form().description == "<b>kept as typed</b>"


def test_earlier_incidents_open_by_a_click(screen, qtbot):
    screen.report.choose_caller(an_id("Tomás Herrera"))
    screen.show_earlier(earlier())
    row = next(
        w for w in screen.assist.earlier.findChildren(QWidget)
        if w.accessibleName().startswith("INC-20107")
    )  # fmt: skip
    with qtbot.waitSignal(screen.incident_opened) as opened:
        qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert opened.args == [an_id("INC-20107")]


@pytest.mark.parametrize("height", [830, 900])
def test_the_form_fits_without_scrolling(screen, height):
    screen.resize(1236, height)
    needed = screen.report.minimumSizeHint().height()
    assert needed <= height - 52 - 56 - 3


def test_everything_that_takes_the_keyboard_has_a_name(screen):
    filled(screen)
    screen.park()
    assert nameless(screen) == []


def nameless(root):
    return [
        w for w in root.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible() and not w.accessibleName()
        and not w.objectName().startswith("qt_")
    ]  # fmt: skip
