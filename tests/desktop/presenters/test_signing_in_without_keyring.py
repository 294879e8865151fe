"""Signing in where the keyring fails, is absent, late or silent."""

import threading

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked, PasswordSetError
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from team_member import PASSWORD

from desktop.bridge.keyring_calls import KeyringCalls

# -- the keyring ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (KeyringLocked("x"), "The keyring stayed locked."),
        (PasswordSetError("x"), "The keyring did not take the password"),
    ],
)
def test_a_keyring_that_fails_is_said_in_a_banner_that_stays(start, ring, failure, words):
    ring.failure = failure
    running = start()
    running.joined()
    (banner,) = running.banner("held in memory until you quit")
    assert words in banner.accessibleName()
    closers = [b for b in banner.findChildren(QAbstractButton) if b.isVisible()]
    assert closers == []
    assert ring.kept == {}


def test_without_a_keyring_the_password_is_asked_at_each_start(member, start, ring):
    keyring.set_keyring(NoKeyring())
    running = start()
    running.joined()
    assert "no keyring" in running.banner("held in memory")[0].accessibleName()
    member.forget_session()
    running = start()
    running.until(lambda: running.banner("Sign in again"))
    assert running.program.window.screen_name == "queue"


def test_a_person_who_does_not_want_it_kept_sees_no_banner(start, ring):
    running = start()
    running.until(lambda: running.program.window.screen_name == "welcome")
    running.program.welcome.join_choice.click()
    running.fill()
    running.screen.form.keep.click()
    running.enter()
    running.until(lambda: running.program.workplace is not None)
    assert ring.kept == {}
    assert running.banner("held in memory") == []


def test_a_keyring_that_answers_late_takes_its_banner_away(start, ring, monkeypatch):
    monkeypatch.setattr(KeyringCalls.ask, "__defaults__", (50, KeyringCalls.ask.__defaults__[1]))
    unlocked = threading.Event()
    ring.before = unlocked.wait
    running = start()
    running.joined()
    assert "has not answered" in running.banner("held in memory")[0].accessibleName()
    unlocked.set()
    running.until(lambda: running.banner("held in memory") == [])
    assert list(ring.kept.values()) == [PASSWORD]


def test_a_silent_keyring_locks_an_encrypted_profile_until_it_answers(member, start, ring):
    running = start()
    running.until(lambda: running.program.window.screen_name == "welcome")
    running.program.welcome.join_choice.click()
    running.fill()
    running.screen.form.advanced.encrypt.setChecked(True)
    running.enter()
    running.until(lambda: running.program.workplace is not None)
    running.online()
    ring.failure = KeyringLocked("x")
    running = start()
    running.until(lambda: "cannot be fetched" in running.screen.message)
    assert "stayed locked" in running.screen.message
    assert running.program.workplace is None
    ring.failure = None
    running.screen.sign_in.click()
    running.until(lambda: running.program.workplace is not None)


def test_who_does_not_wait_for_the_keyring_goes_on_without_it(start, ring):
    unlocked = threading.Event()
    ring.before = unlocked.wait
    running = start()
    running.join()
    running.until(lambda: "keyring" in running.screen.busy_text)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    running.until(lambda: running.program.workplace is not None)
    assert "has not answered" in running.banner("held in memory")[0].accessibleName()
    unlocked.set()
    running.until(lambda: ring.kept)
