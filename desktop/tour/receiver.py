"""A loopback receiver of webhooks for the story of a page: it can leave a sender waiting."""

import json
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket

ANSWER = b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
DOWN = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class Received:
    """One request: its key, who it is for, and what it says."""

    key: str
    body: dict[str, Any]


@dataclass
class _Talk:
    socket: QTcpSocket
    bytes_in: bytearray = field(default_factory=bytearray)


class Receiver(QObject):
    """Takes webhooks in the loop of the window.

    While ``is_silent`` nobody gets an answer; while ``is_down`` nothing is taken.
    """

    def __init__(self) -> None:
        super().__init__()
        self.received: list[Received] = []
        self.is_silent = False
        self.is_down = False
        self.refused = 0
        self._talks: list[_Talk] = []
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._accept)
        self._server.listen(QHostAddress.SpecialAddress.LocalHost)

    @property
    def address(self) -> str:
        """Where to send to."""
        return f"http://127.0.0.1:{self._server.serverPort()}/page"

    @property
    def keys(self) -> set[str]:
        """The distinct messages that arrived."""
        return {each.key for each in self.received}

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
            self._read(talk)

    def _read(self, talk: _Talk) -> None:
        talk.bytes_in += bytes(talk.socket.readAll().data())
        head, found, body = bytes(talk.bytes_in).partition(b"\r\n\r\n")
        if not found:
            return
        lines = [line.partition(b":") for line in head.split(b"\r\n")[1:]]
        headers = {name.strip().lower(): value.strip() for name, _, value in lines}
        if len(body) < int(headers.get(b"content-length", b"0")):
            return
        talk.bytes_in.clear()
        if self.is_down:
            self.refused += 1
            talk.socket.write(DOWN)
            talk.socket.disconnectFromHost()
            return
        key = headers.get(b"webhook-id", b"").decode()
        self.received.append(Received(key, json.loads(body)))
        if not self.is_silent:
            talk.socket.write(ANSWER)
            talk.socket.disconnectFromHost()
