"""Paging on the real program: asked for, stopped, answered, and never stealing the keyboard."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from paging_desk import FIRST, PAGE, STATE, desk_with_pages, dialog_of, page_me
from running_desk import NETWORK, PRIYA, RunningDesk

from desktop.views.dialogs.escalate import EscalateDialog
from desktop.views.paging.page_dialog import PageDialog
from desktop.views.paging.page_words import PageVerb


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with desk_with_pages(tmp_path) as desk:
        yield desk


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
