"""Passwords in a real keyring, and what is said where there is none."""

import copy
import json
import logging
import os
import pickle
import subprocess
import traceback
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError, PasswordSetError
from keyring_session import (
    LOCKED,
    MISSING,
    UNLOCKED,
    WHY_SKIPPED,
    KeyringSession,
    hiding_places,
    holds,
)

from services.core import secrets
from services.core.errors import AppError
from services.core.messages import message_of
from services.core.secrets import (
    KeyringBroken,
    KeyringDenied,
    KeyringMissing,
    KeyringNotTrusted,
    KeyringUnattended,
    PasswordNotForgotten,
    PasswordNotKept,
    Secret,
)

CANARY = "hunter2-canary Łx/+"
needs_keyring = pytest.mark.skipif(bool(MISSING), reason=WHY_SKIPPED)

KEEP_FETCH_FORGET = """
import json, sys
from services.core import secrets
secret = secrets.Secret(sys.stdin.readline().rstrip("\\n"))
said = [secrets.fetch("maya@db") is None]
secrets.keep("maya@db", secret)
said.append(secrets.fetch("maya@db") == secret)
secrets.keep("maya@db", secrets.Secret("another"))
said.append(secrets.fetch("maya@db") == secrets.Secret("another"))
said.append(secrets.fetch("priya@db") is None)
secrets.forget("maya@db")
said.append(secrets.fetch("maya@db") is None)
secrets.forget("maya@db")
print(json.dumps(said))
"""

FACT = """
import sys
from services.core import secrets
from services.core.errors import AppError
for act in (
    lambda: secrets.keep("maya@db", secrets.Secret(sys.stdin.readline())),
    lambda: secrets.fetch("maya@db"),
    lambda: secrets.forget("maya@db"),
):
    try:
        act()
        print("no error")
    except AppError as error:
        print(error.code)
"""


@pytest.fixture
def session(tmp_path: Path) -> KeyringSession:
    return KeyringSession(tmp_path)


@needs_keyring
def test_a_real_keyring_keeps_gives_and_forgets(session):
    done = session.run(KEEP_FETCH_FORGET, UNLOCKED, typed=f"{CANARY}\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True] * 5


def test_without_a_bus_there_is_no_keyring(session):
    done = session.run(FACT, typed=CANARY)
    assert done.stdout.split() == ["keyring-missing"] * 3, done.stderr


@needs_keyring
def test_a_locked_keyring_that_nobody_can_unlock_says_so(session):
    done = session.run(FACT, LOCKED, typed=CANARY)
    assert done.stdout.split() == ["keyring-unattended"] * 3, done.stderr


@pytest.mark.parametrize(
    ("backend", "code"),
    [
        ("keyring.backends.null.Keyring", "keyring-not-trusted"),
        ("keyring.backends.fail.Keyring", "keyring-missing"),
    ],
)
def test_what_keeps_nothing_is_no_keyring(session, backend, code):
    done = session.run(FACT, typed=CANARY, PYTHON_KEYRING_BACKEND=backend)
    assert done.stdout.split() == [code] * 3, done.stderr


PLAIN_TEXT_KEYRING = """
from pathlib import Path
from keyring.backend import KeyringBackend

class PlaintextKeyring(KeyringBackend):
    priority = 99
    file = Path.home() / "plain.txt"
    def set_password(self, service, username, password):
        self.file.write_text(password)
    def get_password(self, service, username):
        return self.file.read_text() if self.file.exists() else None
    def delete_password(self, service, username):
        self.file.unlink()
"""


def _with_plain_text_keyring(session: KeyringSession) -> dict[str, str]:
    folder = session.folder / "installed"
    folder.mkdir()
    (folder / "plainly.py").write_text(PLAIN_TEXT_KEYRING, encoding="utf-8")
    paths = os.pathsep.join((session.environment()["PYTHONPATH"], str(folder)))
    return {"PYTHONPATH": paths, "PYTHON_KEYRING_BACKEND": "plainly.PlaintextKeyring"}


def test_a_keyring_that_writes_plain_text_is_not_trusted(session):
    done = session.run(FACT, typed=CANARY, **_with_plain_text_keyring(session))
    assert done.stdout.split() == ["keyring-not-trusted"] * 3, done.stderr
    assert hiding_places(CANARY, session.folder) == []


def test_control_trusting_it_would_write_the_password(session):
    program = FACT.replace(
        "for act in",
        "secrets.TRUSTED = secrets.TRUSTED | {'plainly.PlaintextKeyring'}\nfor act in",
    )
    session.run(
        program.replace('lambda: secrets.forget("maya@db"),', ""),
        typed=CANARY,
        **_with_plain_text_keyring(session),
    )
    assert hiding_places(CANARY, session.folder) == ["home/plain.txt"]


# -- where it is found afterwards -------------------------------------------------------------

USE_AND_WAIT = """
import logging, sys
from pathlib import Path
from services.core import secrets
from services.core.paths import default_home
home = default_home().create()
logging.basicConfig(filename=home.log / "firstline.log", level=logging.DEBUG)
secret = secrets.Secret(sys.stdin.readline().rstrip("\\n"))
logging.info("signing in with %s %r %s", secret, secret, {"password": secret})
secrets.keep("maya@db", secret)
assert secrets.fetch("maya@db") == secret
print("kept", flush=True)
sys.stdin.readline()
"""


@needs_keyring
def test_the_password_is_nowhere_but_in_the_keyring(session):
    """No file below home, no log, no argument, no environment holds it in a form one can read."""
    with subprocess.Popen(
        session.command(USE_AND_WAIT, UNLOCKED),
        env=session.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{CANARY}\n".encode())
        process.stdin.flush()
        assert process.stdout.readline() == b"kept\n"
        seen = [
            part.read_bytes()
            for pid in _family(process.pid)
            for part in (Path(f"/proc/{pid}/cmdline"), Path(f"/proc/{pid}/environ"))
        ]
        out, err = process.communicate(b"\n", timeout=30)
    assert hiding_places(CANARY, session.folder) == []
    assert not any(holds(CANARY, text) for text in (*seen, out, err))
    kept = [path.name for path in session.home.rglob("*.keyring")]
    assert kept  # the scan did look at what the keyring wrote


def _family(pid: int) -> list[int]:
    """A process and its children."""
    found = [pid]
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split():
        found += _family(int(child))
    return found


@pytest.mark.parametrize(
    "planted",
    [
        CANARY.encode(),
        CANARY.encode().hex().encode(),
        CANARY.encode("utf-16-le"),
        b"aHVudGVyMi1jYW5hcnkgxYF4Lys=",
        b"postgresql://maya:hunter2-canary%20%C5%81x/%2B@db",
    ],
)
def test_control_the_scan_finds_a_planted_password(tmp_path, planted):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "log.txt").write_bytes(b"before " + planted + b" after")
    (tmp_path / "clean.txt").write_bytes(b"nothing here")
    assert hiding_places(CANARY, tmp_path) == ["deep/log.txt"]
    assert holds(CANARY, planted)


# -- the type ---------------------------------------------------------------------------------


def test_a_secret_shows_itself_only_when_asked(caplog):
    secret = Secret(CANARY)
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("test").info("%s %r %s", secret, [secret], {"a": secret})
    try:
        raise KeyringBroken(problem=secret)
    except AppError as error:
        trace = "".join(traceback.TracebackException.from_exception(error).format())
        locals_ = traceback.TracebackException.from_exception(error, capture_locals=True)
        trace += "".join(locals_.format())
        said = f"{error} {error!r} {message_of(PasswordNotKept(problem=secret))}"
    shown = f"{secret} {secret!r} {secret!s:>40} {[secret]} {trace} {said} {caplog.text}"
    assert not holds(CANARY, shown)
    assert secret.reveal() == CANARY


def test_a_secret_is_not_copied_or_written():
    for way in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="neither copied nor written"):
            way(Secret(CANARY))
    assert not hasattr(Secret(CANARY), "__dict__")


def test_secrets_are_compared_but_not_told_apart_by_their_hash():
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert hash(Secret("a")) == hash(Secret("b"))
    assert not Secret("")


# -- each failure its own words ---------------------------------------------------------------


class FailingKeyring(KeyringBackend):
    """A keyring of our own that fails as real ones do."""

    priority = 1.0
    failure: Exception

    def __init__(self, failure: Exception, kept: str | None = "kept") -> None:
        super().__init__()
        self.failure, self.kept = failure, kept

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.failure

    def get_password(self, service: str, username: str) -> str | None:
        if isinstance(self.failure, PasswordDeleteError):
            return self.kept
        raise self.failure

    def delete_password(self, service: str, username: str) -> None:
        raise self.failure


@pytest.fixture
def failing(monkeypatch):
    """Makes keyring's present keyring one that fails; it counts as trusted."""
    before = keyring.get_keyring()
    name = f"{FailingKeyring.__module__}.{FailingKeyring.__name__}"
    monkeypatch.setattr(secrets, "TRUSTED", secrets.TRUSTED | {name})
    yield lambda failure: keyring.set_keyring(FailingKeyring(failure))
    keyring.set_keyring(before)


def _keep() -> None:
    secrets.keep("maya@db", Secret(CANARY))


@pytest.mark.parametrize(
    ("failure", "act", "expected"),
    [
        (InitError("Failed to unlock"), _keep, KeyringUnattended),
        (KeyringLocked("Failed to unlock the item!"), _keep, KeyringDenied),
        (KeyringLocked("x"), lambda: secrets.fetch("a"), KeyringDenied),
        (PasswordSetError(f"could not store {CANARY}"), _keep, PasswordNotKept),
        (ConnectionResetError("bus"), _keep, PasswordNotKept),
        (ConnectionResetError("bus"), lambda: secrets.fetch("a"), KeyringBroken),
        (PasswordDeleteError("x"), lambda: secrets.forget("a"), PasswordNotForgotten),
    ],
)
def test_each_failure_is_its_own_fact_and_repeats_no_password(failing, failure, act, expected):
    failing(failure)
    with pytest.raises(AppError) as raised:
        act()
    assert type(raised.value) is expected
    trace = "".join(traceback.TracebackException.from_exception(raised.value).format())
    assert not holds(CANARY, f"{raised.value!r} {trace} {message_of(raised.value).text}")


def test_every_failure_has_words_of_its_own():
    facts = [
        KeyringMissing(), KeyringNotTrusted(keyring="x"), KeyringUnattended(), KeyringDenied(),
        secrets.KeyringSilent(), KeyringBroken(problem="x"), PasswordNotKept(problem="x"),
        PasswordNotForgotten(problem="x"),
    ]  # fmt: skip
    words = [message_of(fact).happened for fact in facts]
    assert len(set(words)) == len(facts)
    assert not any("refused (" in sentence for sentence in words)
