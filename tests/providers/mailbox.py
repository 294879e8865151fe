"""A mailbox of a real IMAP server, Dovecot, which speaks over a pipe and listens nowhere."""

import contextlib
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

IMAP = Path("/usr/lib/dovecot/imap")
_UNPRIVILEGED = "nobody"
_LONGEST_S = 20
_ASKING = b"1 SELECT INBOX\r\n2 THREAD REFERENCES UTF-8 ALL\r\n3 LOGOUT\r\n"
_THREADS = re.compile(rb"^\* THREAD ?(.*?)\r?$", re.MULTILINE)


@contextlib.contextmanager
def workshop() -> Iterator[Path]:
    """A folder that belongs to whoever reads the mail: root is not let."""
    if not IMAP.is_file():
        pytest.skip("Dovecot's IMAP server is absent (Debian's package dovecot-imapd)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def threads_of(mails: Sequence[bytes]) -> list[list[int]]:
    """The threads that the server sees in a mailbox of these mails, as the mails' numbers."""
    with workshop() as folder:
        inbox = folder / "Maildir"
        for part in ("cur", "new", "tmp"):
            (inbox / part).mkdir(parents=True)
        for number, mail in enumerate(mails):
            (inbox / "new" / f"{number:06}.mail.test").write_bytes(mail)
        settings = folder / "dovecot.conf"
        settings.write_text(_settings(inbox))
        if os.geteuid() == 0:
            for path in (folder, *folder.rglob("*")):
                shutil.chown(path, _reader().pw_uid, _reader().pw_gid)
        done = subprocess.run(
            [IMAP, "-c", settings],
            input=_ASKING,
            capture_output=True,
            timeout=_LONGEST_S,
            check=True,
            env={"USER": "kim", "HOME": str(folder), "PATH": os.defpath},
        )
    found = _THREADS.search(done.stdout)
    assert found is not None, done
    return [
        [int(number) for number in re.findall(r"\d+", one)] for one in _parts(found[1].decode())
    ]


def _reader() -> pwd.struct_passwd:
    return pwd.getpwnam(_UNPRIVILEGED) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _settings(inbox: Path) -> str:
    reader = _reader()
    return "\n".join(
        [
            f"mail_location = maildir:{inbox}",
            f"mail_uid = {reader.pw_uid}",
            f"mail_gid = {reader.pw_gid}",
            "first_valid_uid = 1",
            "first_valid_gid = 1",
            "ssl = no",
            "log_path = /dev/stderr",
            "",
        ]
    )


def _parts(text: str) -> Iterator[str]:
    """What stands in each outermost pair of brackets."""
    depth = begins = 0
    for at, sign in enumerate(text):
        begins = at if sign == "(" and depth == 0 else begins
        depth += (sign == "(") - (sign == ")")
        if sign == ")" and depth == 0:
            yield text[begins : at + 1]
