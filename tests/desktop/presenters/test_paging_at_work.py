"""Paging on the real program: asked for, stopped, answered, and never stealing the keyboard."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from running_desk import MAYA, NETWORK, PRIYA, RunningDesk, running_desk

from desktop.presenters.paging_notices import DEAD, HELD, dead_man
from desktop.views.dialogs.escalate import EscalateDialog
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.pending import PendingChangesDialog
from desktop.views.paging import alarm as alarm_view
from desktop.views.paging.page_dialog import PageDialog
from desktop.views.paging.page_words import PageVerb
from services.core.ids import derived_id
from services.dispatcher.engine_sqlite import PagingSqlite
from services.incidents.acts import StartIncident
from services.incidents.incident import NoteKind
from services.incidents.read_models import Worklist
from services.on_call.acts import AddRoster, AddRotation
from services.on_call.roster import RotationUnit
from services.paging.acts import AcknowledgePage, PagePeople, PageTeam
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.notice_commands import SendVerification
from services.paging.read_models import PagingHere
from services.people.contact import ContactKind
from services.people.contact_commands import AddContactMethod, VerifyContact
from services.sync.errors import SharedUnreachable
from services.sync.paging_standing import PagingStanding
from services.sync.worker import SyncState

CODE = "204317"
FIRST = derived_id("test incident", 0)
PAGE = derived_id("test page")
ROSTER = derived_id("test roster")
STATE = "SELECT state FROM page WHERE id = ?"


@pytest.fixture
def desk(qtbot, tmp_path):
    """Priya is on call for the network team; the first incident is shown."""
    with running_desk(tmp_path) as running:
        running.place.desk.profile.dispatcher.stop()  # the tests say when a page goes on
        running.give_elsewhere(
            AddRoster(roster_id=ROSTER, name="Network", time_zone="UTC", team_id=NETWORK)
        )
        running.give_elsewhere(
            AddRotation(
                rotation_id=derived_id("test rotation"),
                roster_id=ROSTER,
                name="Primary",
                unit=RotationUnit.WEEK,
                person_ids=(PRIYA,),
                starts_at_local=f"{running.clock.now() - timedelta(days=7):%Y-%m-%dT09:00}",
            )
        )
        for command, who in reachable():
            running.give_elsewhere(command, who)
        running.give_elsewhere(StartIncident(incident_id=FIRST))
        running.place.shell.show_worklist(Worklist.TEAM_QUEUE)
        running.settle()
        running.place.open_incident(FIRST)
        running.until(lambda: running.place.record.detail is not None)
        running.until(lambda: running.place.record.detail.incident.id == FIRST)
        running.until(lambda: running.place.paging.is_online)
        running.settle()
        yield running


def reachable() -> Iterator[tuple[object, UUID]]:
    """Both have proved a push; whoever has not is passed over at once."""
    push = derived_id("test push")
    destination = AddDestination(
        destination_id=push,
        kind=ProviderKind.NTFY,
        name="Push",
        base_url="http://127.0.0.1:1",
        may_reach_private=True,
    )
    yield destination, MAYA
    for who in (MAYA, PRIYA):
        method = derived_id(who, "push")
        added = AddContactMethod(
            contact_method_id=method,
            person_id=who,
            kind=ContactKind.PUSH,
            destination_id=push,
            address="topic",
        )
        sent = SendVerification(
            delivery_id=derived_id(method, "code"), contact_method_id=method, code=CODE
        )
        for command in (added, sent, VerifyContact(contact_method_id=method, code=CODE)):
            yield command, who


def dialog_of(desk: RunningDesk, kind: type[FormDialog]) -> FormDialog:
    found: list[FormDialog] = []

    def look() -> bool:
        found[:] = [d for d in desk.program.window.findChildren(kind) if d.isVisible()]
        return bool(found)

    desk.until(look)
    desk.settle()
    return found[0]


def page_me(desk: RunningDesk, page_id: UUID = PAGE) -> None:
    """A colleague pages the person at the desk, and somebody leads the page."""
    desk.give_elsewhere(
        PagePeople(page_id=page_id, incident_id=FIRST, person_ids=(MAYA,), reason="Help"), PRIYA
    )
    lead(desk)
    assert called(desk, page_id) == 1
    desk.until(lambda: own(desk) and desk.place.own_pages.alarm.isVisible())


def lead(desk: RunningDesk) -> None:
    """Whatever is due is done."""
    with closing(PagingSqlite(desk.home.shared_database, desk.clock)) as engine:
        engine.fire_due()


def called(desk: RunningDesk, page_id: UUID) -> object:
    return desk.found("SELECT count(*) FROM page_recipient WHERE page_id = ?", str(page_id))


def own(desk: RunningDesk) -> list[UUID]:
    return [page.page_id for page in desk.place.own_pages._pages]


def offline(desk: RunningDesk) -> None:
    since = desk.clock.now() - timedelta(minutes=2)
    desk.place.show_sync(SyncState(offline_since=since, problem=SharedUnreachable()))


# -- asking -----------------------------------------------------------------------------------


def escalate(desk: RunningDesk) -> EscalateDialog:
    desk.program.window.hub.trigger("incident.escalate")
    dialog = dialog_of(desk, EscalateDialog)
    assert isinstance(dialog, EscalateDialog)
    dialog.team.restore(
        {"team": str(NETWORK), "reason": "r", "tried": "t", "found": "f", "need": "n"}
    )
    return dialog


def test_an_escalation_pages_in_one_act_and_can_be_stopped_within_its_hold(desk) -> None:
    dialog = escalate(desk)
    assert not dialog.is_paging  # the incident has no priority: nobody is woken by default
    dialog.team._page._check.click()
    assert dialog.primary_button.text() == "Escalate and page"
    dialog.submit()
    desk.until(lambda: desk.found("SELECT count(*) FROM page") == 1)
    act = "SELECT act FROM history_entry WHERE subject = 'page'"
    assert desk.found(act) == "EscalateToTeam"
    assert desk.found("SELECT hold_until - opened_at FROM page") == 5_000_000
    snackbar = desk.program.window._snackbar
    desk.until(lambda: "Paging Priya in 5 s" in snackbar.text)
    desk.program.window.hub.trigger("edit.undo")
    desk.until(lambda: desk.found("SELECT state FROM page") == "superseded")
    assert desk.found("SELECT team_id FROM incident WHERE id = ?", str(FIRST)) == str(NETWORK)
    assert desk.found("SELECT count(*) FROM page_recipient") == 0


def test_after_its_hold_the_same_key_takes_the_escalation_back(desk) -> None:
    dialog = escalate(desk)
    dialog.team._page._check.click()
    dialog.submit()
    desk.until(lambda: "Paging Priya" in desk.program.window._snackbar.text)
    desk.until(lambda: desk.found("SELECT count(*) FROM page") == 1)
    desk.settle()
    desk.clock.advance(timedelta(seconds=6))
    desk.place.desk.undo()
    team = "SELECT team_id FROM incident WHERE id = ?"
    desk.until(lambda: desk.found(team, str(FIRST)) != str(NETWORK))
    desk.until(lambda: desk.found("SELECT state FROM page") == "superseded")


def test_people_are_paged_from_the_record(desk) -> None:
    desk.program.window.hub.trigger("incident.page")
    dialog = dialog_of(desk, PageDialog)
    dialog.fields.restore({"way": "people", "people": [str(PRIYA)], "reason": "The tunnel"})
    dialog._tell()
    assert dialog.primary_button.text() == "Page Priya"
    dialog.submit()
    asked = "SELECT to_person_ids FROM page"
    desk.until(lambda: desk.found("SELECT count(*) FROM page") == 1)
    assert str(PRIYA) in str(desk.found(asked))
    strip = desk.place.queue_screen.record.paging
    desk.until(lambda: strip.isVisible() and "Priya" in strip.accessibleName())


def test_the_strip_acknowledges_for_all(desk) -> None:
    page_me(desk)
    strip = desk.place.queue_screen.record.paging
    desk.until(lambda: strip.isVisible() and strip.item.is_called)
    strip.asked.emit(PageVerb.ACKNOWLEDGE, strip.item, 0)
    desk.until(lambda: desk.found(STATE, str(PAGE)) == "acknowledged")
    desk.until(lambda: strip.accessibleName().startswith("Acknowledged by Maya Lindqvist"))
    desk.until(lambda: not desk.place.own_pages.alarm.isVisible())


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


# -- what is said to everybody ----------------------------------------------------------------


def standing(
    desk: RunningDesk, dispatchers: int, silent_for: timedelta, ahead: timedelta = timedelta()
) -> SyncState:
    now = desk.clock.now()
    paging = PagingStanding(
        fired=0, dispatcher_count=dispatchers, last_beat_at=now - silent_for, open_pages=1,
        waiting_deliveries=0, now=now, clock_ahead=ahead,
    )  # fmt: skip
    return SyncState(is_online=True, synced_at=now, paging=paging)


def banner(desk: RunningDesk, place: str = DEAD) -> str:
    found = desk.program.window._banners.get(place)
    return found.accessibleName() if found else ""


def test_everybody_is_told_when_nobody_delivers_and_it_goes_by_itself(desk) -> None:
    page_me(desk)
    desk.place.desk.profile.worker.stop()
    desk.until(lambda: desk.program.is_quiet)
    silent = timedelta(minutes=3)
    desk.place.show_sync(standing(desk, 1, timedelta(0)))
    assert banner(desk) == ""
    desk.place.show_sync(standing(desk, 0, silent))
    assert banner(desk).startswith("No messages leave for pages since ")
    assert "Start Firstline again." in banner(desk)
    desk.place.show_sync(standing(desk, 1, timedelta(0)))
    assert banner(desk) == ""
    offline(desk)
    assert banner(desk).startswith("Nobody can be paged from here since ")
    assert "Call the people on call by phone." in banner(desk)


def test_everybody_is_told_of_a_clock_that_was_stepped(desk, monkeypatch) -> None:
    page_me(desk)
    desk.place.desk.profile.worker.stop()
    desk.until(lambda: desk.program.is_quiet)
    some, own = PagingHere(open_pages=0, has_destinations=True), desk.place.desk
    stepped = standing(desk, 1, timedelta(0), timedelta(hours=26))
    desk.place.show_sync(stepped)
    assert banner(desk).startswith("This computer's clock was set ")
    desk.place.show_sync(standing(desk, 1, timedelta(0)))
    assert banner(desk) == ""
    silent = standing(desk, 0, timedelta(minutes=3), timedelta(hours=26))
    monkeypatch.setattr(own, "profile", replace(own.profile, dispatcher=None))
    told, worse = dead_man(stepped, some, own), dead_man(silent, some, own)
    assert told is not None
    assert told.lead.startswith("The database's clock was set ")
    assert worse is not None
    assert worse.lead.startswith("No messages leave")


def test_on_a_team_an_administrator_is_called(desk, monkeypatch: pytest.MonkeyPatch) -> None:
    own = desk.place.desk
    some = PagingHere(open_pages=0, has_destinations=True)
    monkeypatch.setattr(own, "profile", replace(own.profile, dispatcher=None))
    told = dead_man(standing(desk, 0, timedelta(minutes=3)), some, own)
    assert told is not None
    assert "An administrator starts the dispatcher." in told.text


def test_a_desk_without_paging_is_left_in_peace(desk) -> None:
    nothing = PagingHere(open_pages=0, has_destinations=False)
    silent = standing(desk, 0, timedelta(minutes=3))
    assert dead_man(silent, nothing, desk.place.desk) is None
    some = PagingHere(open_pages=0, has_destinations=True)
    assert dead_man(silent, some, desk.place.desk) is not None
    assert dead_man(standing(desk, 0, timedelta(seconds=59)), some, desk.place.desk) is None


def test_a_held_page_waits_among_what_needs_somebody(desk) -> None:
    page = PageTeam(page_id=PAGE, incident_id=FIRST, team_id=NETWORK, reason="The tunnel")
    desk.colleague.execute(page, MAYA)
    desk.clock.advance(timedelta(minutes=14))
    desk.colleague.push()
    lead(desk)
    assert desk.found(STATE, str(PAGE)) == "held"
    desk.until(lambda: banner(desk, HELD).startswith("1 page is held: nobody was called."))
    desk.place.paging_notices.held_opened.emit()
    dialogs: list[PendingChangesDialog] = []

    def look() -> bool:
        dialogs[:] = desk.program.window.findChildren(PendingChangesDialog)
        return bool(dialogs)

    desk.until(look)
    rows = [w.accessibleName() for w in dialogs[0].findChildren(QWidget)]
    assert any("page of Network" in name and "Held" in name for name in rows)
    dialogs[0].close_dialog()
    strip = desk.place.queue_screen.record.paging
    desk.until(lambda: strip.isVisible() and "held" in strip.accessibleName())
    strip.asked.emit(PageVerb.WITHDRAW, strip.item, 0)
    desk.until(lambda: desk.found(STATE, str(PAGE)) == "superseded")
    desk.until(lambda: banner(desk, HELD) == "")
    assert called(desk, PAGE) == 0
