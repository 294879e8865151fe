"""A desk on a file of its own leads its pages: from the click to the provider, and to the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from providers.webhook_server import PATH, SECRET, WebhookServer
from PySide6.QtWidgets import QApplication
from running_desk import FOUNDER, MAYA, RunningDesk, running_desk

from desktop.application import window_icon
from desktop.bootstrap import Program, Setting
from desktop.tour.driver import pause
from desktop.views.dialogs.quit_question import QuitQuestion
from desktop.views.shell.tray import Tray
from desktop.widgets.banner import Banner
from services.core.errors import AppError
from services.core.ids import derived_id
from services.paging.acts import AcknowledgePage, PagePeople
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.paging.notice_commands import SendVerification
from services.people.contact import ContactKind
from services.people.contact_commands import AddContactMethod, VerifyContact
from services.sync.paging_standing import PagingStanding
from services.sync.worker import SyncState

# The offscreen platform says this of windows that come forward, and of icons.
pytestmark = pytest.mark.qt_log_ignore(
    "This plugin does not support raise", "systemTrayWindowChanged"
)

CHANNEL = derived_id("test destination", "webhook")
PUSH = derived_id("test contact", "push")
CODE = "123456"
INCIDENT = derived_id("test incident", 0)
PAGE = derived_id("test page", 0)


@dataclass
class Leading:
    """A running desk whose Maya is reached through a receiver of webhooks."""

    desk: RunningDesk
    server: WebhookServer
    refused: list[AppError] = field(default_factory=list)

    def until_told(self, count: int) -> None:
        """Until so many messages have come."""
        self.desk.until(lambda: len(self.server.events) >= count)

    @property
    def last(self) -> dict[str, object]:
        *_, event = self.server.events.values()
        data = event["data"]
        assert isinstance(data, dict)
        return data

    def give(self, command: object) -> None:
        """Act at this desk, and wait until the shared database has it."""
        self.desk.place.desk.give(command, said="", failed=self.refused.append)
        self.desk.settle()
        assert self.refused == []

    def page(self, page_id: UUID = PAGE) -> None:
        command = PagePeople(
            page_id=page_id, incident_id=INCIDENT, person_ids=(MAYA,), reason="It burns"
        )
        self.give(command)

    def state(self, page_id: UUID = PAGE) -> object:
        return self.desk.found("SELECT state FROM page WHERE id = ?", str(page_id))


def make_reachable(leading: Leading) -> None:
    leading.give(
        AddDestination(
            destination_id=CHANNEL,
            kind=ProviderKind.WEBHOOK,
            name="Receiver",
            base_url=leading.server.url + PATH,
            may_reach_private=True,
        )
    )
    leading.give(
        AddContactMethod(
            contact_method_id=PUSH,
            person_id=MAYA,
            kind=ContactKind.PUSH,
            destination_id=CHANNEL,
            address="maya",
        )
    )


@contextmanager
def leading_at(folder: Path, ring, server: WebhookServer) -> Iterator[Leading]:
    ring.kept[f"{CHANNEL}:signing_secret"] = SECRET
    with running_desk(folder) as desk:
        yield Leading(desk, server)


def prove(leading: Leading) -> None:
    send = SendVerification(
        delivery_id=derived_id("test delivery", "code"), contact_method_id=PUSH, code=CODE
    )
    leading.give(send)
    leading.until_told(1)
    assert CODE in str(leading.last["summary"])
    leading.give(VerifyContact(contact_method_id=PUSH, code=CODE))


@pytest.fixture
def server() -> Iterator[WebhookServer]:
    with WebhookServer() as server:
        yield server


@pytest.fixture
def leading(qtbot, tmp_path, ring, server) -> Iterator[Leading]:
    QApplication.setWindowIcon(window_icon())
    with leading_at(tmp_path, ring, server) as leading:
        make_reachable(leading)
        yield leading


def test_a_page_reaches_its_person_from_this_very_desk(leading):
    prove(leading)
    leading.page()
    leading.until_told(2)
    assert leading.last["text"] == "It burns"
    leading.give(AcknowledgePage(page_id=PAGE))
    assert leading.state() == "acknowledged"


# -- a desk that was closed ------------------------------------------------------------------


@contextmanager
def opened_again(desk: RunningDesk) -> Iterator[Program]:
    program = Program(Setting(desk.home, desk.clock, FOUNDER, is_guarded=True))
    try:
        program.start()
        desk.until(lambda: program.workplace is not None)
        yield program
    finally:
        program.quit()
        program.window.deleteLater()
        pause(0)


def test_what_was_due_while_the_desk_was_closed_is_judged_at_its_start(leading):
    prove(leading)
    leading.page()
    leading.until_told(2)
    leading.desk.program.quit()
    leading.desk.clock.advance(timedelta(minutes=10))
    pause(50)
    assert len(leading.server.events) == 2, "nobody is paged while it is closed"
    with opened_again(leading.desk):
        leading.until_told(3)
    assert leading.state() == "open"
    assert leading.desk.found("SELECT round FROM page") == 1


def test_what_is_over_by_then_is_not_sent_any_more(leading):
    prove(leading)
    leading.page()
    leading.until_told(2)
    leading.desk.program.quit()
    leading.desk.clock.advance(timedelta(minutes=10))
    leading.desk.colleague.pull()
    leading.desk.give_elsewhere(AcknowledgePage(page_id=PAGE))
    with opened_again(leading.desk) as program:
        leading.desk.until(lambda: program.closing.leads_pages)
        looks = leading.desk.found("SELECT count(*) FROM dispatcher_beat")
        assert looks == 1
    assert len(leading.server.events) == 2


# -- whether it is led -----------------------------------------------------------------------


def banners(desk: RunningDesk) -> list[str]:
    found = desk.program.window.findChildren(Banner)
    return [banner.accessibleName() for banner in found if banner.isVisible()]


def test_a_desk_whose_dispatcher_ended_says_so(leading):
    desk = leading.desk
    desk.until(lambda: desk.program.closing.leads_pages)
    nobody = PagingStanding(
        fired=0, dispatcher_count=0, last_beat_at=None, open_pages=0, waiting_deliveries=0,
        now=desk.clock.now(),
    )  # fmt: skip
    desk.program._show_sync(SyncState(is_online=True, paging=nobody))
    assert not [told for told in banners(desk) if "no dispatcher" in told], "it has only begun"
    desk.place.desk.profile.dispatcher.stop()
    desk.clock.advance(timedelta(seconds=61))
    desk.place.desk.profile.worker.wake()
    desk.until(lambda: [told for told in banners(desk) if "no dispatcher" in told])


# -- closing ---------------------------------------------------------------------------------


def questions(desk: RunningDesk) -> list[QuitQuestion]:
    found = desk.program.window.findChildren(QuitQuestion)
    return [dialog for dialog in found if dialog.isVisible()]


def close(desk: RunningDesk) -> None:
    desk.program.window.close()
    pause(0)


@pytest.fixture
def with_open_page(leading) -> Leading:
    prove(leading)
    leading.page()
    leading.until_told(2)
    return leading


def test_closing_while_a_page_is_open_asks_where_there_is_no_tray(with_open_page):
    desk = with_open_page.desk
    close(desk)
    (question,) = questions(desk)
    assert "1 page is open" in question.accessibleName()
    close(desk)
    assert questions(desk) == [question], "asked once"
    question.cancel_button.click()
    pause(0)
    assert desk.program.window.isVisible()
    assert questions(desk) == []
    desk.program.window.hub.action("app.quit").trigger()
    (question,) = questions(desk)
    assert question.cancel_button.hasFocus() or not desk.program.window.isActiveWindow()
    question.primary_button.click()
    assert not desk.program.window.isVisible()
    assert desk.program._profile is None


def test_closing_goes_to_the_tray_and_pages_go_on(with_open_page, monkeypatch):
    desk, tray = with_open_page.desk, with_open_page.desk.program.closing.tray
    monkeypatch.setattr(Tray, "is_available", True)
    close(desk)
    assert not desk.program.window.isVisible()
    assert tray.is_shown
    desk.clock.advance(timedelta(minutes=6))
    with_open_page.until_told(3)
    tray.window_wanted.emit()
    assert desk.program.window.isVisible()
    assert not tray.is_shown


def test_quitting_from_the_tray_shows_what_it_means(with_open_page, monkeypatch):
    desk = with_open_page.desk
    monkeypatch.setattr(Tray, "is_available", True)
    close(desk)
    desk.program.closing.tray.quit_wanted.emit()
    assert desk.program.window.isVisible()
    assert len(questions(desk)) == 1


def test_another_profile_is_opened_after_the_same_question(with_open_page):
    desk = with_open_page.desk
    desk.program.entrance.another_wanted.emit()
    (question,) = questions(desk)
    assert not desk.program.wants_another
    question.primary_button.click()
    assert desk.program.wants_another


def test_closing_asks_nothing_once_the_page_is_answered(with_open_page):
    desk = with_open_page.desk
    with_open_page.give(AcknowledgePage(page_id=PAGE))
    desk.until(lambda: desk.program.closing._open_pages == 0)
    close(desk)
    assert questions(desk) == []
    assert not desk.program.window.isVisible()
