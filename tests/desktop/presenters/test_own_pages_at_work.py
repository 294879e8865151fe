"""One's own pages on the real program: seen, heard, answered, and never in the way."""

from collections.abc import Iterator

import pytest
from paging_desk import FIRST, PAGE, STATE, desk_with_pages, offline, own, page_me
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from running_desk import PRIYA, RunningDesk

from desktop.views.paging import alarm as alarm_view
from services.core.ids import derived_id
from services.incidents.incident import NoteKind
from services.paging.acts import AcknowledgePage


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with desk_with_pages(tmp_path) as desk:
        yield desk


# -- one's own pages --------------------------------------------------------------------------


def typing(desk: RunningDesk) -> QWidget:
    """The keyboard is in the field for notes, in the middle of a word."""
    pane = desk.place.queue_screen.record
    pane.write(NoteKind.INTERNAL)
    field = pane.panes()[-1]
    desk.until(field.hasFocus)
    QTest.keyClicks(field, "half a th")
    return field


def test_a_page_never_takes_the_keyboard_from_what_is_typed(desk) -> None:
    field = typing(desk)
    page_me(desk)
    desk.settle()
    assert QApplication.activeWindow() is desk.program.window
    assert field.hasFocus()
    QTest.keyClicks(QApplication.focusWidget(), "ought")
    assert desk.place.queue_screen.record.composer_text() == "half a thought"


def test_without_that_care_it_would(desk, monkeypatch) -> None:
    """The negative control: this platform activates whatever is shown."""
    monkeypatch.setattr(alarm_view, "UNINVITED_MS", 0)
    field = typing(desk)
    page_me(desk)
    desk.settle()
    assert QApplication.activeWindow() is desk.place.own_pages.alarm
    assert not field.hasFocus()


def test_by_its_key_a_page_is_answered_without_the_mouse(desk) -> None:
    typing(desk)
    page_me(desk)
    desk.program.window.hub.trigger("pages.mine")
    button = desk.place.own_pages.alarm.rows()[0].acknowledge
    desk.until(button.hasFocus)
    QTest.keyClick(button, Qt.Key.Key_Space)
    desk.until(lambda: desk.found(STATE, str(PAGE)) == "acknowledged")


def test_it_is_heard_again_until_it_is_answered(desk) -> None:
    heard: list[int] = []
    presenter = desk.place.own_pages
    presenter._play = lambda: heard.append(1)
    page_me(desk)
    assert len(heard) == 1
    presenter._repeat.timeout.emit()
    presenter._repeat.timeout.emit()
    assert len(heard) == 3
    QTest.mouseClick(presenter.alarm.rows()[0].acknowledge, Qt.MouseButton.LeftButton)
    desk.until(lambda: desk.found(STATE, str(PAGE)) == "acknowledged")
    desk.until(lambda: not presenter.alarm.isVisible())
    assert not presenter._repeat.isActive()
    assert len(heard) == 3


def test_the_sound_can_be_switched_off_and_stays_off(desk) -> None:
    heard: list[int] = []
    desk.place.own_pages._play = lambda: heard.append(1)
    assert desk.program.window.hub.action("pages.sound").isChecked()
    desk.program.window.hub.trigger("pages.sound")
    page_me(desk)
    desk.place.own_pages._repeat.timeout.emit()
    assert heard == []
    assert desk.place.own_pages.alarm.isVisible()
    assert desk.program._preferences.with_page_sound is False


def test_whoever_cannot_passes_it_on(desk) -> None:
    page_me(desk)
    alarm = desk.place.own_pages.alarm
    QTest.mouseClick(alarm.rows()[0].decline, Qt.MouseButton.LeftButton)
    answer = "SELECT answer FROM page_recipient WHERE page_id = ? ORDER BY called_at"
    desk.until(lambda: desk.found(answer, str(PAGE)) == "declined")
    assert desk.found(STATE, str(PAGE)) == "open"


def test_a_snooze_lasts_as_long_as_was_said(desk) -> None:
    page_me(desk)
    alarm = desk.place.own_pages.alarm
    row = alarm.rows()[0]
    row.snoozed.emit(row._page, 1800)
    desk.until(lambda: desk.found("SELECT snooze_s FROM page WHERE id = ?", str(PAGE)) == 1800)
    desk.until(lambda: not alarm.isVisible())


def test_offline_nothing_is_answered(desk) -> None:
    page_me(desk)
    offline(desk)
    row = desk.place.own_pages.alarm.rows()[0]
    buttons = (row.acknowledge, row.decline, row.snooze)
    assert [button.isEnabled() for button in buttons] == [False, False, False]
    assert row.open_incident.isEnabled()


def test_the_alarm_leads_to_the_incident(desk) -> None:
    page_me(desk)
    desk.place.open_incident(derived_id("test incident", 1))
    desk.settle()
    row = desk.place.own_pages.alarm.rows()[0]
    QTest.mouseClick(row.open_incident, Qt.MouseButton.LeftButton)
    desk.until(lambda: desk.place.record.detail.incident.id == FIRST)


def test_an_answer_that_came_too_late_is_told_and_asks_nothing(desk) -> None:
    page_me(desk)
    desk.place.desk.profile.worker.stop()
    said: list[str] = []
    desk.place.desk.said.connect(lambda text, _: said.append(text))
    mine = AcknowledgePage(page_id=PAGE)
    desk.place.desk.give(mine, said="")
    desk.until(lambda: desk.place.desk.profile.replica.has_work)
    desk.until(lambda: desk.program.is_quiet)
    assert own(desk) == [PAGE]  # nobody else can see the answer yet
    desk.give_elsewhere(AcknowledgePage(page_id=PAGE), PRIYA)
    for _ in range(2):
        desk.place.desk.profile.replica.push()
        desk.place.desk.profile.replica.pull()
    desk.until(lambda: any(text.startswith("This page is not open any more") for text in said))
    desk.until(lambda: not desk.place.desk.profile.replica.pending())
