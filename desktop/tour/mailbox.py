"""A loopback mailbox for the story of a major incident: it takes every mail and keeps it."""

from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket

GREETING = b"220 mailbox\r\n"
END = b"\r\n.\r\n"
ANSWERS = {b"EHLO": b"250 mailbox\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
TAKEN = b"250 taken\r\n"


@dataclass
class _Talk:
    socket: QTcpSocket
    bytes_in: bytearray = field(default_factory=bytearray)
    is_in_mail: bool = False


class Mailbox(QObject):
    """Speaks as much SMTP as a mail needs, in the loop of the window."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[bytes] = []
        self._talks: list[_Talk] = []
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._accept)
        self._server.listen(QHostAddress.SpecialAddress.LocalHost)

    @property
    def port(self) -> int:
        """Where it listens, on loopback."""
        return self._server.serverPort()

    @property
    def messages(self) -> list[Message]:
        """The mails in the order of their arrival, read."""
        return [message_from_bytes(mail) for mail in self.mails]

    def keep(self, folder: Path) -> None:
        """Write each mail to a file that a mail program opens."""
        for number, mail in enumerate(self.mails, start=1):
            (folder / f"mail_{number:02d}.eml").write_bytes(mail)

    def close(self) -> None:
        """Take no more, and hang up."""
        self._server.close()
        talks, self._talks = self._talks, []
        for talk in talks:
            talk.socket.readyRead.disconnect()
            talk.socket.abort()

    def _accept(self) -> None:
        while self._server.hasPendingConnections():
            talk = _Talk(self._server.nextPendingConnection())
            self._talks.append(talk)
            talk.socket.readyRead.connect(lambda talk=talk: self._read(talk))
            talk.socket.write(GREETING)

    def _read(self, talk: _Talk) -> None:
        talk.bytes_in += bytes(talk.socket.readAll().data())
        while self._take(talk):
            pass

    def _take(self, talk: _Talk) -> bool:
        """Answer one line, or keep one mail; whether there was any."""
        part, found, rest = bytes(talk.bytes_in).partition(END if talk.is_in_mail else b"\r\n")
        if not found:
            return False
        talk.bytes_in[:] = rest
        if talk.is_in_mail:
            self.mails.append(part.replace(b"\r\n..", b"\r\n."))
            talk.socket.write(TAKEN)
            talk.is_in_mail = False
            return True
        verb = part[:4].upper()
        talk.socket.write(ANSWERS.get(verb, TAKEN))
        talk.is_in_mail = verb == b"DATA"
        return True
