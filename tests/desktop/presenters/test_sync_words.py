"""Saved here and saved for all: the status bar, the banner, the mark of a note."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from running_desk import RunningDesk, running_desk

from desktop.presenters.sync_words import span_text, sync_notice, sync_view
from desktop.widgets.banner import Banner
from desktop.widgets.buttons import IconButton
from services.core.ids import derived_id
from services.incidents.acts import AddNote
from services.incidents.incident import NoteKind
from services.incidents.read_models import Worklist
from services.sync.errors import ProgramTooOld, SharedUnreachable
from services.sync.worker import SyncState

AT = datetime(2026, 3, 2, 10, 31, 7, tzinfo=UTC)
FIRST = derived_id("test incident", 0)


class Place:
    """A desk in UTC, as far as words go."""

    zone = UTC


def words(**state: object) -> str:
    view = sync_view(SyncState(**state), Place)
    return " · ".join(part for part in (view.text, view.detail) if part)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({}, "Opening"),
        ({"is_online": True, "synced_at": AT}, "Synced 10:31:07 · all changes saved"),
        ({"is_online": True, "waiting_count": 3}, "Sending 3 changes · saved here"),
        (
            {"offline_since": AT, "waiting_count": 7},
            "Offline since 10:31 · 7 changes saved here, will send when back online",
        ),
        ({"offline_since": AT}, "Offline since 10:31 · nothing waits to be sent"),
        (
            {"offline_since": AT, "waiting_count": 1, "problem": ProgramTooOld()},
            "Offline since 10:31 · 1 change saved here, not yet for all",
        ),
        ({"is_online": True, "conflict_count": 2}, "2 changes need you"),
        (
            {"is_online": True, "conflict_count": 1, "waiting_count": 2},
            "1 change needs you · 2 changes saved here, not yet for all",
        ),
    ],
)
def test_the_status_bar_says_what_is_saved_where(state, said):
    assert words(**state) == said


def test_the_tip_says_why_and_that_all_is_saved():
    problem = SharedUnreachable(file="shared.db")
    offline = sync_view(SyncState(offline_since=AT, problem=problem), Place)
    assert offline.tip.startswith("The shared database does not answer.")
    done = sync_view(SyncState(is_online=True, synced_at=AT), Place)
    assert done.tip == "Everything is saved for all."


@pytest.mark.parametrize(
    ("offset", "lead"),
    [
        (timedelta(hours=26, minutes=5), "The clock of this computer is 26 hours behind."),
        (timedelta(seconds=-200), "The clock of this computer is 3 minutes ahead."),
        (timedelta(seconds=3), "The clock of this computer is 3 seconds behind."),
    ],
)
def test_a_wrong_clock_is_told(offset, lead):
    notice = sync_notice(SyncState(is_online=True, clock_offset=offset), Place)
    assert (notice.lead, notice.may_try) == (lead, False)
    assert sync_notice(SyncState(is_online=True), Place) is None


def test_a_span_is_told_in_its_largest_unit():
    assert [span_text(timedelta(seconds=s)) for s in (1, 61, 7_300)] == [
        "1 second", "1 minute", "2 hours",
    ]  # fmt: skip


@pytest.fixture
def desk(qtbot, tmp_path):
    with running_desk(tmp_path) as running:
        running.place.desk.profile.worker.stop()
        running.settle()
        yield running


def banners(desk: RunningDesk) -> list[str]:
    shown = desk.program.window.findChildren(Banner)
    return [b.accessibleName() for b in shown if b.isVisible() and b._square]


def test_offline_is_said_once_and_can_be_put_away(desk):
    show = desk.place.shell.show_sync
    show(SyncState(offline_since=AT, problem=SharedUnreachable()))
    assert len(banners(desk)) == 1
    assert "The shared database does not answer." in banners(desk)[0]
    banner = next(b for b in desk.program.window.findChildren(Banner) if b.isVisible())
    close = next(b for b in banner.findChildren(IconButton) if b.isVisible())
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert banners(desk) == []
    show(SyncState(offline_since=AT, problem=SharedUnreachable(), waiting_count=1))
    assert banners(desk) == []
    show(SyncState(offline_since=AT, problem=ProgramTooOld()))
    assert "no longer takes changes of this Firstline" in banners(desk)[0]
    show(SyncState(is_online=True, synced_at=AT))
    assert banners(desk) == []


def test_a_note_saved_here_only_is_marked_until_it_is_saved_for_all(desk):
    desk.place.open_incident(FIRST)
    desk.until(lambda: desk.place.record.detail is not None)
    desk.until(lambda: desk.place.record.detail.incident.id == FIRST)
    note = AddNote(incident_id=FIRST, kind=NoteKind.INTERNAL, text="Saved here")
    desk.place.desk.give(note, said="")

    def mark() -> bool | None:
        entries = desk.place.record.detail.timeline
        found = [entry.recorded_at for entry in entries if entry.text == "Saved here"]
        return found[0] is None if found else None

    desk.until(lambda: mark() is True)
    desk.place.desk.profile.replica.push()
    desk.place.desk.profile.replica.pull()
    desk.until(lambda: mark() is False)


def test_a_row_says_that_it_is_saved_here_only(desk):
    desk.place.shell.show_worklist(Worklist.TEAM_QUEUE)
    desk.settle()
    model = desk.place.queue_screen.model

    def tips() -> set[str]:
        cells = (model.index(row, 3) for row in range(model.rowCount()))
        return {str(cell.data(Qt.ItemDataRole.ToolTipRole)) for cell in cells}

    waits = "Incident 0\nSaved here, not yet saved for all"
    note = AddNote(incident_id=FIRST, kind=NoteKind.INTERNAL, text="Saved here")
    assert waits not in tips()
    desk.place.desk.give(note, said="")
    desk.until(lambda: waits in tips())
    desk.place.desk.profile.replica.push()
    desk.place.desk.profile.replica.pull()
    desk.until(lambda: waits not in tips())
