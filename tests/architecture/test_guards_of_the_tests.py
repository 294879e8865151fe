"""The guards of tests/conftest.py bite: each wrong test below must fail, the good ones pass."""

import shutil

import pytest
from architecture.house import ROOT, write

pytest_plugins = ["pytester"]

WRONG_AND_RIGHT = """
import socket, threading, warnings
import pytest

AWAY = ("192.0.2.1", 80)


def test_wrong_connects_away():
    with socket.socket() as plug:
        plug.connect(AWAY)


def test_wrong_connects_away_and_hides_it():
    with socket.socket() as plug, pytest.raises(RuntimeError):
        plug.connect(AWAY)


def test_wrong_looks_up_a_name_and_hides_it():
    with pytest.raises(RuntimeError):
        socket.getaddrinfo("firstline.example", 443)


def test_wrong_leaves_a_thread(request):
    stop = threading.Event()
    request.config.add_cleanup(stop.set)
    threading.Thread(target=stop.wait).start()


def test_wrong_warns():
    warnings.warn("old", DeprecationWarning)


def test_wrong_qt_warns():
    from PySide6.QtCore import qWarning

    qWarning("odd")


@pytest.mark.nightly
def test_right_waits_for_the_night():
    raise AssertionError


def test_right_stays_here(network_attempts):
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(("localhost", server.getsockname()[1])) as plug:
            assert plug
    with socket.socket() as plug, pytest.raises(RuntimeError):
        plug.connect(AWAY)
    network_attempts.clear()


def test_right_ends_its_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def test_right_has_a_home(firstline_home):
    import os

    assert os.environ["FIRSTLINE_HOME"] == str(firstline_home)
"""


def test_wrong_tests_fail_and_right_ones_pass(pytester: pytest.Pytester) -> None:
    shutil.copy(ROOT / "pyproject.toml", pytester.path)
    write(pytester.path, "tests/conftest.py", (ROOT / "tests/conftest.py").read_text("utf-8"))
    write(pytester.path, "tests/test_guarded.py", WRONG_AND_RIGHT)
    options = ("-p", "no:randomly", "-p", "no:xdist", "-p", "no:cov", "-rA")
    result = pytester.runpytest_subprocess(*options)
    bad = {
        line.split("::")[1].split()[0]
        for line in result.outlines
        if line.startswith(("FAILED", "ERROR"))
    }
    wrong = {
        word.split("(")[0] for word in WRONG_AND_RIGHT.split() if word.startswith("test_wrong")
    }
    assert bad == wrong
    assert result.parseoutcomes()["skipped"] == 1
    assert result.parseoutcomes()["passed"] >= 3
