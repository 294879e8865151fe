"""A loopback HTTP server for the stories, in the loop of the window."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket


@dataclass(frozen=True)
class Request:
    """What was asked. Names of headers are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What is said to it; a body is JSON."""

    status: HTTPStatus
    body: object = None


@dataclass
class _Talk:
    socket: QTcpSocket
    bytes_in: bytearray = field(default_factory=bytearray)


class WebServer(QObject):
    """Derive from it and write ``answer``; every connection ends with its answer."""

    def __init__(self) -> None:
        super().__init__()
        self._talks: list[_Talk] = []
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._accept)
        self._server.listen(QHostAddress.SpecialAddress.LocalHost)

    @property
    def root(self) -> str:
        """Where it listens, on loopback."""
        return f"http://127.0.0.1:{self._server.serverPort()}"

    def answer(self, request: Request) -> Answer | None:
        """Take a request; None leaves whoever asked waiting."""
        raise NotImplementedError

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
        if (request := _whole(bytes(talk.bytes_in))) is None:
            return
        talk.bytes_in.clear()
        if answer := self.answer(request):
            talk.socket.write(_written(answer))
            talk.socket.disconnectFromHost()


def _whole(bytes_in: bytes) -> Request | None:
    """The request, once all of it is there."""
    head, found, body = bytes_in.partition(b"\r\n\r\n")
    if not found:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    if len(body) < int(headers.get("content-length", "0")):
        return None
    method, path, _ = first.split(" ")
    return Request(method, path, headers, body)


def _written(answer: Answer) -> bytes:
    body = b"" if answer.body is None else json.dumps(answer.body).encode()
    lines = (
        f"HTTP/1.1 {answer.status.value} {answer.status.phrase}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
