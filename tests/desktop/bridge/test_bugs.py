"""A bug is told once, whichever thread it is from."""

import sys
import threading

import pytest

from desktop.bridge.bugs import Bugs


@pytest.fixture
def bugs(qtbot):
    hooks = sys.excepthook, threading.excepthook
    made = Bugs()
    made.install()
    yield made
    sys.excepthook, threading.excepthook = hooks


def test_a_thread_that_dies_is_told(bugs, qtbot, capsys):
    def fail() -> None:
        raise ZeroDivisionError("a thread")

    with qtbot.waitSignal(bugs.found) as told:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert "ZeroDivisionError: a thread" in told.args[0]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_bug_of_the_gui_thread_is_told(bugs, qtbot, capsys):
    with qtbot.waitSignal(bugs.found) as told:
        sys.excepthook(ValueError, ValueError("here"), None)
    assert "ValueError: here" in told.args[0]
    assert "ValueError" in capsys.readouterr().err
