"""Results of background work land here, the newest wins, bugs are told."""

import sqlite3
import threading
from contextlib import closing

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest

from desktop.bridge.tasks import Tasks
from services.core.errors import AppError, DatabaseUnreadable


@pytest.fixture
def tasks(qtbot):
    made = Tasks()
    yield made
    made.stop()
    made.deleteLater()
    QTest.qWait(0)


class Full(AppError):
    code = "disk-full"


def test_a_result_lands_on_the_gui_thread(tasks, qtbot):
    threads = []
    owner = QObject()
    tasks.run(owner, "a", lambda: threading.current_thread(), lambda t: threads.append(t))
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads[0] is not threading.main_thread()
    assert tasks.is_idle


def test_the_newest_of_a_slot_wins(tasks, qtbot):
    owner, landed, gate = QObject(), [], threading.Event()
    tasks.run(owner, "a", lambda: gate.wait(5) and "old", landed.append)
    tasks.run(owner, "a", lambda: "new", landed.append)
    qtbot.waitUntil(lambda: landed == ["new"])
    gate.set()
    QTest.qWait(50)
    assert landed == ["new"]


def test_slots_do_not_disturb_each_other(tasks, qtbot):
    owner, landed = QObject(), []
    tasks.run(owner, "a", lambda: 1, landed.append)
    tasks.run(owner, "b", lambda: 2, landed.append)
    qtbot.waitUntil(lambda: sorted(landed) == [1, 2])


def test_a_dead_owner_hears_nothing(tasks, qtbot):
    owner, landed, gate = QObject(), [], threading.Event()
    tasks.run(owner, "a", lambda: gate.wait(5), landed.append)
    owner.deleteLater()
    QTest.qWait(10)
    gate.set()
    qtbot.waitUntil(lambda: tasks.is_idle)
    assert landed == []


def test_a_fact_is_handed_to_the_one_who_asked(tasks, qtbot):
    owner, failed = QObject(), []

    def work() -> int:
        raise Full()

    tasks.run(owner, "a", work, lambda _: None, failed.append)
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert failed[0].code == "disk-full"


def test_a_damaged_file_is_a_fact(tasks, qtbot, tmp_path):
    owner, failed = QObject(), []
    file = tmp_path / "ruined.db"
    file.write_bytes(b"ruined" * 999)

    def work() -> int:
        with closing(sqlite3.connect(file)) as connection:
            return connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]

    tasks.run(owner, "a", work, lambda _: None, failed.append)
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert isinstance(failed[0], DatabaseUnreadable)


def test_a_bug_reaches_the_excepthook(tasks, qtbot):
    def work() -> int:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as caught:
        tasks.run(QObject(tasks), "a", work, lambda _: None)
        qtbot.waitUntil(lambda: len(caught) == 1)
    assert caught[0][0] is ZeroDivisionError


def test_what_is_written_in_order_ends_with_the_last_word(tasks, qtbot):
    """Control: without order, the slow first write would land last."""
    owner, written, gate = QObject(), [], threading.Event()
    tasks.run(
        owner, "a", lambda: gate.wait(0.2) or written.append("first"), lambda _: None, in_order=True
    )
    tasks.run(owner, "b", lambda: written.append("last"), lambda _: None, in_order=True)
    qtbot.waitUntil(lambda: len(written) == 2)
    assert written == ["first", "last"]
