"""Many commits become few repaints, the first of them at once."""

import threading

from PySide6.QtTest import QTest

from desktop.bridge.change_feed import ChangeFeed
from services.sync.book import ChangeSet


def change(name: str) -> ChangeSet:
    return ChangeSet(frozenset({"incident"}), frozenset({name}))


def test_the_first_change_is_told_at_once(qtbot):
    feed, told = ChangeFeed(), []
    feed.changed.connect(told.append)
    feed.publish(change("a"))
    assert [t.ids for t in told] == [{"a"}]


def test_what_follows_is_told_together(qtbot):
    feed, told = ChangeFeed(), []
    feed.changed.connect(told.append)
    for place in range(500):
        feed.publish(change(str(place)))
    qtbot.waitUntil(lambda: len(told) == 2)
    QTest.qWait(2 * ChangeFeed.EVERY_MS)
    assert len(told) == 2
    assert len(told[0].ids | told[1].ids) == 500


def test_any_thread_may_publish(qtbot):
    feed, told = ChangeFeed(), []
    feed.changed.connect(lambda c: told.append((c, threading.current_thread())))
    publisher = threading.Thread(target=lambda: feed.publish(change("a")))
    publisher.start()
    publisher.join()
    qtbot.waitUntil(lambda: len(told) == 1)
    assert told[0][1] is threading.main_thread()


def test_nothing_is_no_change(qtbot):
    feed, told = ChangeFeed(), []
    feed.changed.connect(told.append)
    feed.publish(ChangeSet())
    QTest.qWait(2 * ChangeFeed.EVERY_MS)
    assert told == []
