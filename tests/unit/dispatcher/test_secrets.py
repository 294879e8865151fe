"""Secrets come from where nobody else reads, and refuse to come from elsewhere."""

import os
import stat
from pathlib import Path
from uuid import UUID

import pytest

from services.core.messages import message_of
from services.core.secrets import Secret
from services.dispatcher.secrets import (
    CredentialSecrets,
    FileSecrets,
    KeyringSecrets,
    SecretMissing,
    SecretsFileUnreadable,
    SecretsFileUnsafe,
    secret_store,
    slots_of,
)

DESTINATION = UUID(int=7)
TOKEN = f"{DESTINATION}:token"
CANARY = "canary-77aa01"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "secrets"
    path.touch(mode=0o600)
    path.write_text(f"# of the pager\n\n{TOKEN} = {CANARY}=x # y\ndatabase= word \n")
    return path


def test_a_file_is_read_line_by_line(file):
    store = FileSecrets(file)
    assert store.get(TOKEN) == Secret(f"{CANARY}=x # y")
    assert store.get("database") == Secret("word")
    assert store.get("other") is None


def test_a_changed_file_is_read_again(file):
    store = FileSecrets(file)
    assert store.get("later") is None
    file.write_text("later = now")
    assert store.get("later") == Secret("now")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777, 0o610])
def test_a_file_for_others_is_refused(file, mode):
    file.chmod(mode)
    with pytest.raises(SecretsFileUnsafe) as caught:
        FileSecrets(file).get(TOKEN)
    assert f"{mode:04o}" in message_of(caught.value).happened


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_account_is_refused(file):
    os.chown(file, 12_345, -1)
    with pytest.raises(SecretsFileUnsafe) as caught:
        FileSecrets(file).get(TOKEN)
    assert "another account" in message_of(caught.value).happened


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(SecretsFileUnsafe):
        FileSecrets(Path("/dev/null")).get(TOKEN)
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(SecretsFileUnreadable):
            FileSecrets(path).get(TOKEN)


@pytest.mark.parametrize(
    "line", [CANARY, f"= {CANARY}", f"{CANARY} =", f"a b = {CANARY}", f"x={CANARY}\nx={CANARY}"]
)
def test_a_crooked_line_is_named_and_not_quoted(file, line):
    file.write_text(f"first = 1\n{line}\n")
    with pytest.raises(SecretsFileUnreadable) as caught:
        FileSecrets(file).get("first")
    told = f"{caught.value!r} {message_of(caught.value).text}"
    assert "line " in told
    assert CANARY not in told
    assert caught.value.__cause__ is None


def test_bytes_that_are_no_text_are_not_quoted(file):
    file.write_bytes(b"a = \xff" + CANARY.encode())
    with pytest.raises(SecretsFileUnreadable) as caught:
        FileSecrets(file).get("a")
    assert CANARY not in message_of(caught.value).text


def test_systemd_hands_over_one_by_one_or_all_at_once(tmp_path):
    store = CredentialSecrets(tmp_path)
    assert store.get(TOKEN) is None
    (tmp_path / "firstline-secrets").write_text(f"{TOKEN} = of many\n")
    assert store.get(TOKEN) == Secret("of many")
    (tmp_path / f"{DESTINATION}.token").write_text("alone\n")
    assert store.get(TOKEN) == Secret("alone")
    (tmp_path / "database").mkdir()
    with pytest.raises(SecretsFileUnreadable):
        store.get("database")


def test_the_named_file_comes_first_then_systemd_then_the_keyring(file, tmp_path, monkeypatch):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert isinstance(secret_store(None), KeyringSecrets)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert isinstance(secret_store(None), CredentialSecrets)
    assert isinstance(secret_store(file), FileSecrets)


def test_a_missing_slot_is_missed_only_when_used(file):
    slots = slots_of(FileSecrets(file), DESTINATION, ("token", "password"))
    assert slots["token"] == f"{CANARY}=x # y"
    assert slots.get("password", "") == ""
    with pytest.raises(SecretMissing) as caught:
        slots["password"]
    assert "password" in message_of(caught.value).happened


def test_the_file_of_the_test_is_private(file):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
