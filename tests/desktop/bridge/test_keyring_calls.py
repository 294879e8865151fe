"""A keyring that answers, refuses, or hangs: the window never waits for it."""

import threading

import pytest

from desktop.bridge.keyring_calls import KeyringCalls
from services.core.errors import KeyOutOfReach
from services.core.messages import message_of
from services.core.profiles import ProfileEntry
from services.core.secrets import KeyringDenied, KeyringSilent, Secret


@pytest.fixture
def calls(qtbot):
    calls = KeyringCalls()
    yield calls
    calls.stop()


@pytest.fixture
def heard() -> list[object]:
    return []


def test_an_answer_comes_back_on_this_thread(qtbot, calls, heard):
    where = []

    def done(secret: Secret) -> None:
        where.append(threading.current_thread())
        heard.append(secret)

    calls.ask(lambda: Secret("kept"), done, heard.append)
    assert heard == []
    qtbot.waitUntil(lambda: heard == [Secret("kept")])
    assert where == [threading.current_thread()]
    assert calls.is_idle


def test_it_is_asked_on_another_thread(qtbot, calls, heard):
    calls.ask(threading.current_thread, heard.append, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[0] is not threading.current_thread()


def test_a_refusal_is_told(qtbot, calls, heard):
    def refuse() -> None:
        raise KeyringDenied()

    calls.ask(refuse, lambda _: heard.append("done"), heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert isinstance(heard[0], KeyringDenied)


def test_a_keyring_that_hangs_is_given_up_and_its_late_answer_is_void(qtbot, calls, heard):
    unlocked = threading.Event()
    ended = threading.Event()

    def hang() -> str:
        unlocked.wait()
        ended.set()
        return "late"

    calls.ask(hang, heard.append, heard.append, patience_ms=20)
    qtbot.waitUntil(lambda: bool(heard))
    assert [type(fact) for fact in heard] == [KeyringSilent]
    assert calls.is_idle
    unlocked.set()
    ended.wait()
    calls.ask(lambda: "next", heard.append, heard.append)
    qtbot.waitUntil(lambda: len(heard) == 2)
    assert heard[1] == "next"


def test_after_the_end_nobody_is_told(qtbot, calls, heard):
    unlocked = threading.Event()
    calls.ask(unlocked.wait, heard.append, heard.append)
    calls.stop()
    unlocked.set()
    calls.ask(lambda: "next", heard.append, heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["next"]


@pytest.mark.parametrize("is_stopped", [False, True])
def test_what_comes_after_the_time_out_is_still_heard_unless_nobody_cares(
    qtbot, calls, heard, is_stopped
):
    unlocked = threading.Event()
    late: list[str] = []

    def hang() -> str:
        unlocked.wait()
        return "kept after all"

    calls.ask(hang, heard.append, heard.append, patience_ms=20, late=late.append)
    qtbot.waitUntil(lambda: bool(heard))
    if is_stopped:
        calls.stop()
    unlocked.set()
    if is_stopped:
        qtbot.wait(50)
    else:
        qtbot.waitUntil(lambda: bool(late))
    assert late == ([] if is_stopped else ["kept after all"])
    assert [type(fact) for fact in heard] == [KeyringSilent]


def test_a_late_refusal_is_not_heard_twice(qtbot, calls, heard):
    unlocked = threading.Event()

    def refuse() -> None:
        unlocked.wait()
        raise KeyringDenied()

    late: list[object] = []
    calls.ask(refuse, heard.append, heard.append, patience_ms=20, late=late.append)
    qtbot.waitUntil(lambda: bool(heard))
    unlocked.set()
    qtbot.wait(50)
    assert (late, [type(fact) for fact in heard]) == ([], [KeyringSilent])


def test_the_key_of_local_files_is_given_up_like_any_answer(qtbot, calls, heard, ring):
    unlocked = threading.Event()
    ring.before = unlocked.wait
    entry = ProfileEntry("team", "Team", is_cache_encrypted=True)
    calls.ask_key(entry, heard.append, heard.append, patience_ms=20)
    qtbot.waitUntil(lambda: bool(heard))
    (fact,) = heard
    assert isinstance(fact, KeyOutOfReach)
    assert "has not answered" in message_of(fact).happened
    assert "password" not in message_of(fact).text
    unlocked.set()


def test_a_profile_without_a_key_asks_nobody(calls, heard, ring):
    ring.failure = AssertionError("asked")
    calls.ask_key(ProfileEntry("team", "Team"), heard.append, heard.append)
    assert heard == [None]
