"""A real IMAP server, Dovecot, that listens on loopback; every user has a mailbox of their own."""

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from imaplib import IMAP4_SSL
from itertools import count
from pathlib import Path

import pytest

from services.admin.private_certificates import Certificates, make_certificates
from services.core.clock import SystemClock

DOVECOT = Path(shutil.which("dovecot") or "/usr/sbin/dovecot")
PASSWORD = "canary-imap-4711"
_STARTS_WITHIN_S = 30
_numbers = count(1)


@dataclass(frozen=True)
class Imap:
    """A server that runs; whoever signs in with the password has a mailbox there."""

    folder: Path
    port: int
    port_to_encrypt: int
    certificates: Certificates

    def options(self, user: str) -> dict[str, str]:
        """What an e-mail account says of it."""
        return {
            "mailbox_host": "localhost",
            "mailbox_port": str(self.port),
            "mailbox_login": user,
        }

    @contextmanager
    def signed_in(self, user: str) -> Iterator[IMAP4_SSL]:
        """Somebody's own mail program."""
        context = ssl.create_default_context(cafile=str(self.certificates.authority))
        with IMAP4_SSL("localhost", self.port, ssl_context=context, timeout=20) as program:
            program.login(user, PASSWORD)
            program.select("INBOX")
            yield program

    def put(self, user: str, *mails: bytes) -> None:
        """Let mails arrive."""
        with self.signed_in(user) as program:
            for mail in mails:
                kind, words = program.append("INBOX", "", "", mail)
                assert kind == "OK", words

    def unread(self, user: str) -> list[int]:
        """The places of mails that nobody has read."""
        with self.signed_in(user) as program:
            _, found = program.search(None, "UNSEEN")
            return [int(word) for word in found[0].split()]

    def mark_unread(self, user: str) -> None:
        """Forget that any was read."""
        with self.signed_in(user) as program:
            program.store("1:*", "-FLAGS", r"(\Seen)")

    def forget(self, user: str) -> None:
        """Lose the index: every mail gets another id, and the folder says that it is so."""
        before = self._validity(user)
        ends_at_s = time.monotonic() + _STARTS_WITHIN_S
        while self._validity(user) == before:
            assert time.monotonic() < ends_at_s
            # Whoever was signed in until now may still write it down.
            for path in (self.folder / "mail" / user).glob("dovecot*"):
                path.unlink(missing_ok=True)

    def _validity(self, user: str) -> object:
        with self.signed_in(user) as program:
            return program.response("UIDVALIDITY")[1]


def new_user() -> str:
    """Somebody whose mailbox is empty."""
    return f"user{next(_numbers)}"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def running() -> Iterator[Imap]:
    """The server, or a skip that says why there is none."""
    if not DOVECOT.is_file():
        pytest.skip("Dovecot is absent (Debian's packages dovecot-core and dovecot-imapd)")
    if os.geteuid() != 0:
        pytest.skip("Dovecot drops its rights to accounts of its own, which only root may")
    with tempfile.TemporaryDirectory(prefix="imap") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "mail").mkdir()
        (folder / "mail").chmod(0o777)
        certificates = make_certificates(folder, SystemClock())
        imap = Imap(folder, _free_port(), _free_port(), certificates)
        settings = folder / "dovecot.conf"
        settings.write_text(_settings(imap))
        # pytest itself keeps an eye on whatever is written there.
        program = subprocess.Popen(
            [DOVECOT, "-F", "-c", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait_for(imap, program)
            yield imap
        finally:
            program.terminate()
            program.wait(_STARTS_WITHIN_S)


def _wait_for(imap: Imap, program: "subprocess.Popen[bytes]") -> None:
    ends_at_s = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < ends_at_s and program.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", imap.port), timeout=1):
            return
        time.sleep(0.05)
    log = imap.folder / "log"
    raise AssertionError(log.read_text() if log.exists() else "Dovecot does not start")


def _settings(imap: Imap) -> str:
    folder = imap.folder
    return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{imap.certificates.server}
ssl_key = <{imap.certificates.key}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
mail_max_userip_connections = 50
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {imap.port_to_encrypt}
  }}
  inet_listener imaps {{
    port = {imap.port}
  }}
}}
"""
