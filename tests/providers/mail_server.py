"""A real SMTP server on loopback that insists on what a mail of ours is, and fails on command."""

import asyncio
import email
import threading
from collections import deque
from dataclasses import dataclass
from email.message import Message
from email.policy import SMTP as STRICT
from email.utils import parsedate_tz
from typing import Any, Self

from aiosmtpd.smtp import SMTP

OURS = {
    *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
    *("Auto-Submitted", "X-Auto-Response-Suppress", "List-Id"),
    *("MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
}
NOW_AND_THEN = {"Importance", "Reply-To"}
HANG_UP = "hang up"
SILENCE = "silence"


@dataclass(frozen=True)
class Taken:
    """A mail that arrived, as it was told and as it was written."""

    sender: str
    recipient: str
    wire: bytes

    @property
    def message(self) -> Message:
        return email.message_from_bytes(self.wire, policy=STRICT)


class MailServer:
    """``mails`` in the order they came; ``breaches`` fail the test at the end."""

    def __init__(self) -> None:
        self.mails: list[Taken] = []
        self.breaches: list[str] = []
        self._at_recipient: deque[str] = deque()
        self._at_end: deque[str] = deque()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def refuse_recipient(self, answer: str) -> None:
        """What the next RCPT gets."""
        self._at_recipient.append(answer)

    def end_with(self, answer: str) -> None:
        """What the next mail gets once it was taken: an answer, or none."""
        self._at_end.append(answer)

    def forgive(self) -> list[str]:
        found, self.breaches = self.breaches, []
        return found

    def __enter__(self) -> Self:
        making = self._loop.create_server(self._speaker, "127.0.0.1", 0)
        self._listening = self._loop.run_until_complete(making)
        self.port: int = self._listening.sockets[0].getsockname()[1]
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        if kind is None:
            assert not self.breaches, self.breaches
            assert not self._at_recipient
            assert not self._at_end

    async def _end(self) -> None:
        self._listening.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _speaker(self) -> SMTP:
        return SMTP(self, hostname="mail.example", loop=self._loop, enable_SMTPUTF8=False)

    async def handle_RCPT(self, _: SMTP, __: Any, envelope: Any, address: str, ___: Any) -> str:
        """The library asks for this name."""
        if self._at_recipient:
            return self._at_recipient.popleft()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Any, envelope: Any) -> str:
        """The library asks for this name."""
        taken = Taken(envelope.mail_from, ",".join(envelope.rcpt_tos), envelope.original_content)
        found = breaches_of(taken)
        self.breaches += found
        if found:
            return "554 5.6.0 " + found[0].encode("ascii", "replace").decode()
        self.mails.append(taken)
        end = self._at_end.popleft() if self._at_end else "250 2.0.0 queued"
        if end == HANG_UP:
            server.transport.abort()
        if end in {HANG_UP, SILENCE}:
            await asyncio.Event().wait()  # until the client has gone
        return end


def breaches_of(mail: Taken) -> list[str]:
    """What is not as a mail of ours has to be."""
    message, names = mail.message, [name for name, _ in _raw_headers(mail.wire)]
    ours = OURS - ({"Content-Transfer-Encoding"} if message.is_multipart() else set())
    rules = {
        "each header once": len(names) == len(set(names)),
        "no other header": ours <= set(names) <= ours | NOW_AND_THEN,
        "one recipient, the one it is sent to": _addresses(message, "To") == [mail.recipient],
        "one sender, the one it is sent by": _addresses(message, "From") == [mail.sender],
        "seven bits": mail.wire.isascii(),
        "lines of 998 bytes": all(len(line) <= 998 for line in mail.wire.split(b"\r\n")),
        "no break alone": b"\n" not in mail.wire.replace(b"\r\n", b""),
        "a date": parsedate_tz(message["Date"] or ""),
        "made by a machine": message["Auto-Submitted"] == "auto-generated",
        "no defects": not message.defects,
    }
    return [rule for rule, holds in rules.items() if not holds]


def _raw_headers(wire: bytes) -> list[tuple[str, str]]:
    """Line by line, as a server that knows no encoded words reads them."""
    head = wire.partition(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n ", " ")
    pairs = [line.partition(":") for line in head.split("\r\n")]
    return [(name, value.strip()) for name, _, value in pairs]


def _addresses(message: Message, name: str) -> list[str]:
    return [address.addr_spec for address in message[name].addresses]
