"""Two desks on one record know of each other, and forget within a minute."""

from uuid import UUID

import pytest
import shiboken6
from PySide6.QtTest import QTest
from running_desk import MAYA, PRIYA, RunningDesk, running_desk

from desktop.presenters.presence_presenter import PresencePresenter
from desktop.tour.driver import pause
from desktop.views.record.company import Company
from services.core.ids import derived_id
from services.incidents.incident import NoteKind
from services.incidents.read_models import Worklist
from services.sync.presence import Whereabouts
from services.sync.shared import Presence

FIRST, SECOND = derived_id("test incident", 0), derived_id("test incident", 1)


class Others:
    """The others at the shared database; keeps what this desk said."""

    def __init__(self) -> None:
        self.said: list[tuple[UUID | None, bool]] = []
        self.here: tuple[Presence, ...] = ()

    def __call__(self, incident_id: UUID | None, *, is_writing: bool) -> tuple[Presence, ...]:
        self.said.append((incident_id, is_writing))
        return self.here


@pytest.fixture
def others() -> Others:
    return Others()


@pytest.fixture
def desk(qtbot, tmp_path, others):
    with running_desk(tmp_path) as running:
        running.place.shell.show_worklist(Worklist.TEAM_QUEUE)
        running.settle()
        where = Whereabouts(running.clock, others)
        pane = running.place.queue_screen.record
        presenter = PresencePresenter(running.place.desk, pane, where)
        running.place.record.shown.connect(presenter.show)
        presenter.show(running.place.record.detail)
        running.where, running.presenter = where, presenter
        yield running


def company(desk: RunningDesk) -> Company:
    return desk.place.queue_screen.record._head.title.company


def open_record(desk: RunningDesk, incident_id: UUID) -> None:
    desk.place.open_incident(incident_id)
    desk.until(lambda: desk.place.record.detail is not None)
    desk.until(lambda: desk.place.record.detail.incident.id == incident_id)
    desk.settle()


def test_the_open_record_is_said_and_whether_one_writes(desk, others):
    open_record(desk, FIRST)
    desk.where.report()
    pane = desk.place.queue_screen.record
    pane.write(NoteKind.INTERNAL)
    QTest.keyClicks(pane._composer.field, "x")
    desk.where.report()
    open_record(desk, SECOND)
    desk.where.report()
    assert others.said == [(FIRST, False), (FIRST, True), (SECOND, False)]


def test_who_else_is_here_is_shown_on_that_record_alone(desk, others):
    open_record(desk, FIRST)
    others.here = (Presence(PRIYA, FIRST, is_writing=True), Presence(MAYA, SECOND))
    desk.where.report()
    desk.until(lambda: company(desk).isVisible())
    assert company(desk).accessibleName() == "Priya Raman is writing."
    open_record(desk, SECOND)
    assert company(desk).accessibleName() == "Maya Lindqvist is reading this."


def test_without_word_they_are_forgotten(desk, others):
    open_record(desk, FIRST)
    others.here = (Presence(PRIYA, FIRST),)
    desk.where.report()
    desk.until(lambda: company(desk).isVisible())
    timer = desk.presenter._forget
    assert timer.isActive()
    assert timer.interval() == 60_000
    timer.timeout.emit()
    assert company(desk).isHidden()


def test_offline_nobody_is_here(desk, others):
    open_record(desk, FIRST)
    others.here = (Presence(PRIYA, FIRST),)
    desk.where.report()
    desk.until(lambda: company(desk).isVisible())
    desk.where.lose_touch()
    desk.until(lambda: company(desk).isHidden())


def test_a_window_that_was_closed_forgets_nobody_any_more(qtbot, tmp_path, others):
    with running_desk(tmp_path) as running:
        pane = running.place.queue_screen.record
        where = Whereabouts(running.clock, others)
        presenter = PresencePresenter(running.place.desk, pane, where)
        presenter._hear((Presence(PRIYA, FIRST, is_writing=True),))
        assert presenter._forget.isActive()
    pause(0)
    assert not shiboken6.isValid(presenter._forget)  # its time-out would reach for what is gone
