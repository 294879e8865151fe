"""Reading a mailbox of an IMAP server over a connection that is judged and opened elsewhere.

Nothing is taken for granted of the server: what it may send has a limit, and so has its time.

Source: RFC 3501; RFC 4315 is not needed.
"""

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any, Final

from services.dispatcher.timed_socket import TimedSocket, TimedTls
from services.providers.provider import MailboxCall

LONGEST_MAIL_BYTES: Final = 256_000
"""So much of a mail is read: the words of a reply stand at its beginning."""

_LONGEST_CONVERSATION_BYTES: Final = 64_000_000
_HEADERS: Final = "BODY.PEEK[HEADER.FIELDS (IN-REPLY-TO REFERENCES)]"
_LONGEST_WORDS: Final = 200
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
_UID = re.compile(rb"\bUID (\d+)")


class MailboxFailed(Exception):
    """The mailbox cannot be read; the server's own words, or what went wrong."""


@dataclass(frozen=True, slots=True)
class Head:
    """What tells whether a mail is a reply to one of ours."""

    uid: int
    headers: str


class _Imap(imaplib.IMAP4):
    """Speaks over a connection that is there already, and reads no more than it may."""

    def __init__(self, opened: TimedSocket | TimedTls, call: MailboxCall) -> None:
        self._opened = opened
        self._left = _LONGEST_CONVERSATION_BYTES
        super().__init__(call.host, call.port)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self._opened

    def read(self, size: int) -> bytes:
        """What the server announced, where that may be."""
        if size > self._left:
            raise self.abort("the server sends more than is read")
        return self._counted(super().read(size))

    def readline(self) -> bytes:
        """A line."""
        return self._counted(super().readline())

    def _counted(self, found: bytes) -> bytes:
        self._left -= len(found)
        if self._left < 0:
            raise self.abort("the server sends more than is read")
        return found

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Start TLS."""
        ends_at_s = self._opened.ends_at_s
        self.starttls(ssl_context=context)
        assert isinstance(self.sock, TimedTls)
        self.sock.ends_at_s = ends_at_s


class ImapFolder:
    """A folder that was opened. What was not answered is left as it is."""

    def __init__(self, server: _Imap, call: MailboxCall) -> None:
        self._server = server
        self._call = call
        self.words = self._selected()
        """How the server said that it is open."""
        self.validity = _text(server.response("UIDVALIDITY")[1][-1])
        """By which ids of mails count: they are others where this is another."""

    def uids(self, after: int, since: date) -> Sequence[int]:
        """Mails of these days with higher ids, the first that came first.

        Raises:
            MailboxFailed: the server refuses, or is gone.
        """
        # Not by the words of this machine's language.
        day = f"{since.day:02}-{_MONTHS[since.month * 3 - 3 : since.month * 3]}-{since.year}"
        found = self._asked("SEARCH", f"UID {after + 1}:*", f"SINCE {day}")
        words = b" ".join(part for part in found if isinstance(part, bytes)).split()
        # A server names the last mail where none is newer.
        return sorted({int(word) for word in words if word.isdigit() and int(word) > after})

    def heads(self, uids: Sequence[int]) -> Iterator[Head]:
        """Of each mail what tells whether it is a reply; none of what is gone meanwhile."""
        found = self._asked("FETCH", ",".join(map(str, uids)), f"(UID {_HEADERS})")
        for line, literal in _literals(found):
            if named := _UID.search(line):
                yield Head(int(named[1]), literal.decode("utf-8", "replace"))

    def beginning(self, uid: int) -> bytes | None:
        """The beginning of a mail; None where it is gone meanwhile."""
        found = self._asked("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{LONGEST_MAIL_BYTES}>)")
        return next((literal for _, literal in _literals(found)), None)

    def mark_read(self, uid: int) -> None:
        """Mark a mail as read."""
        self._asked("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def hang_up(self) -> None:
        """End the conversation at once; another thread may ask for it."""
        with contextlib.suppress(OSError):
            self._server.sock.shutdown(socket.SHUT_RDWR)

    def _asked(self, command: str, *arguments: str) -> Sequence[Any]:
        with _told(self._call):
            kind, found = self._server.uid(command, *arguments)
            if kind != "OK":
                raise self._server.error(found[-1])
            return found

    def _selected(self) -> str:
        with _told(self._call):
            kind, found = self._server.select(_quoted(self._call.folder))
            if kind != "OK":
                raise self._server.error(found[-1])
            return _plain(f"{self._call.folder} has {_text(found[-1])} mails", self._call)


@contextlib.contextmanager
def opened_folder(
    call: MailboxCall, opened: TimedSocket | TimedTls, context: ssl.SSLContext
) -> Iterator[ImapFolder]:
    """The folder of a call, signed in to; the connection ends with it.

    Raises:
        MailboxFailed: it cannot be opened, or the conversation broke off.
    """
    server: _Imap | None = None
    try:
        with _told(call):
            server = _Imap(opened, call)
            if call.tls == "starttls":
                server.encrypt(context)
            _sign_in(server, call)
        yield ImapFolder(server, call)
    finally:
        if server is not None:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                server.send(b"bye LOGOUT\r\n")  # its answer changes nothing
            with contextlib.suppress(OSError):
                server.shutdown()


def _sign_in(server: _Imap, call: MailboxCall) -> None:
    if "AUTH=PLAIN" in server.capabilities:
        server.authenticate("PLAIN", lambda _: f"\0{call.login}\0{call.password}".encode())
    else:
        server.login(call.login, call.password)


@contextlib.contextmanager
def _told(call: MailboxCall) -> Iterator[None]:
    """Whatever goes wrong is told as one fact, without what is secret.

    Raises:
        MailboxFailed: it did.
    """
    try:
        yield
    except TimeoutError:
        raise MailboxFailed("the mail server does not answer in time") from None
    except ssl.SSLCertVerificationError as error:
        raise MailboxFailed(f"the certificate is not trusted: {error.verify_message}") from None
    except imaplib.IMAP4.error as error:
        words = _text(error.args[0]) if error.args else ""
        if words.endswith("EOF"):
            raise MailboxFailed("the mail server hung up") from None
        raise MailboxFailed(_plain(words, call) or "the mail server refuses") from None
    except (OSError, ValueError, IndexError, AttributeError, TypeError) as error:
        # The library meets nonsense of a server with errors of its own.
        raise MailboxFailed(f"the mail server fails: {type(error).__name__}") from None


def _literals(found: Sequence[Any]) -> Iterator[tuple[bytes, bytes]]:
    """Lines of an answer that bring a text, each with it."""
    for part, following in zip_longest(found, found[1:]):
        if isinstance(part, tuple) and len(part) == 2:
            # Some servers name the mail behind the text.
            yield part[0] + (following if isinstance(following, bytes) else b""), part[1]


def _plain(words: str, call: MailboxCall) -> str:
    """Words of a server on one line, without the password should it quote it."""
    line = "".join(sign if sign.isprintable() else " " for sign in words)
    return line.replace(call.password, "…")[:_LONGEST_WORDS] if call.password else line


def _text(words: object) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
