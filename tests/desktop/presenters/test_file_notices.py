"""What became of local files is told once, and nothing of it is dropped."""

import sqlite3

import pytest
from builders import START
from PySide6.QtWidgets import QAbstractButton
from running_desk import FOUNDER, log_on, running_desk

from desktop.bootstrap import Program, Setting
from desktop.main_window import MainWindow
from desktop.presenters.file_notices import FileNotices
from desktop.tour.driver import pause
from desktop.views.dialogs.error import ErrorDialog
from desktop.widgets.banner import Banner
from desktop.widgets.inputs import TextEdit
from services.core.clock import ManualClock
from services.core.drafts import DraftsReplaced
from services.core.errors import DiskNearlyFull
from services.core.ids import derived_id
from services.core.paths import home_at
from services.sync.errors import CacheReplaced, JournalLinesDamaged, JournalReplaced


@pytest.fixture
def window(qtbot):
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    return window


def said(window: MainWindow) -> list[str]:
    return [b.accessibleName() for b in window.findChildren(Banner) if b.isVisible()]


def click(window: MainWindow, name: str) -> None:
    (banner,) = (b for b in window.findChildren(Banner) if b.isVisible())
    buttons = banner.findChildren(QAbstractButton)
    next(b for b in buttons if name in (b.text(), b.accessibleName())).click()
    pause(0)


def test_each_fact_is_told_one_after_the_other(window):
    notices = FileNotices(window)
    facts = [CacheReplaced(), JournalReplaced(kept=3, file="journal.db.kept.1"), DiskNearlyFull()]
    for fact in facts:
        notices.tell(fact)
    for words in ("made anew. Changes", "journal.db.kept.1", "Free some space now"):
        (sentence,) = said(window)
        assert words in sentence
        click(window, "Put away")
    assert said(window) == []


def test_how_many_follow_is_said(window):
    notices = FileNotices(window)
    notices.tell(CacheReplaced())
    notices.tell(DraftsReplaced(kept=1, file="drafts.db.kept.1"))
    assert said(window)[0].endswith("1 notice follows.")
    click(window, "Put away")
    assert "follow" not in said(window)[0]


def test_the_same_fact_does_not_pile_up_but_is_told_again_once_it_was_put_away(window):
    notices = FileNotices(window)
    for _ in range(3):
        notices.tell(DiskNearlyFull())
    click(window, "Put away")
    assert said(window) == []
    notices.tell(DiskNearlyFull())
    assert len(said(window)) == 1


def test_its_details_can_be_read_and_copied(window):
    FileNotices(window).tell(JournalLinesDamaged(count=2))
    click(window, "Details")
    (dialog,) = window.findChildren(ErrorDialog)
    assert "not sent yet: 2" in dialog.accessibleName()
    assert dialog.findChild(TextEdit).toPlainText() == "journal-lines-damaged\ncount: 2"
    assert len(said(window)) >= 1  # the banner stays until it is put away


@pytest.mark.parametrize("is_damaged", [True, False])
def test_what_is_found_when_a_profile_opens_is_told(qtbot, tmp_path, is_damaged):
    with running_desk(tmp_path) as running:
        running.place.desk.profile.worker.stop()
        log_on(running.place.desk.profile.replica, running.clock, "Unsent", derived_id("x", 1))
    home = home_at(tmp_path)
    connection = sqlite3.connect(home.journal)
    if is_damaged:
        connection.execute("UPDATE entry SET body = body || ' ' WHERE outcome IS NULL")
        home.replica.write_bytes(b"not a database at all" * 400)
        home.drafts.write_bytes(b"nor is this" * 400)
    connection.commit()
    connection.close()
    for expected in (
        [CacheReplaced, DraftsReplaced, JournalLinesDamaged] if is_damaged else [],
        [],
    ):
        program = Program(Setting(home, ManualClock(START), FOUNDER, is_guarded=True))
        heard: list[type] = []
        program._noticed.connect(lambda fact, heard=heard: heard.append(type(fact)))
        program.start()
        for _ in range(1_000):  # the lines of the journal are looked at by the sync thread
            if program.workplace is not None and program.is_idle and len(heard) >= len(expected):
                break
            pause(10)
        pause(100)
        assert sorted(heard, key=str) == sorted(expected, key=str)
        assert bool(said(program.window)) is bool(expected)
        program.quit()
        program.window.deleteLater()
        pause(0)
