"""What is said to everybody when pages do not leave, or wait for somebody."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from paging_desk import (
    FIRST,
    PAGE,
    STATE,
    called,
    desk_with_pages,
    lead,
    offline,
    page_me,
)
from PySide6.QtWidgets import QWidget
from running_desk import MAYA, NETWORK, RunningDesk

from desktop.presenters.paging_notices import DEAD, HELD, dead_man
from desktop.views.dialogs.pending import PendingChangesDialog
from desktop.views.paging.page_words import PageVerb
from services.paging.acts import PageTeam
from services.paging.read_models import PagingHere
from services.sync.paging_standing import PagingStanding
from services.sync.worker import SyncState


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with desk_with_pages(tmp_path) as desk:
        yield desk


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
