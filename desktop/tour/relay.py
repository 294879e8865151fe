"""A relay between a desk and its server that can be cut, to show a desk without a network."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtNetwork import QHostAddress, QTcpServer, QTcpSocket


class Relay(QObject):
    """Passes bytes both ways in the loop of the window; ``port`` is where a desk connects."""

    def __init__(self, target: int) -> None:
        super().__init__()
        self._target = target
        self._pairs: list[tuple[QTcpSocket, QTcpSocket]] = []
        self._server = QTcpServer(self)
        self._server.newConnection.connect(self._accept)
        self._server.listen(QHostAddress.SpecialAddress.LocalHost)
        self.port = self._server.serverPort()

    def cut(self) -> None:
        """End every connection and take no more."""
        self._server.close()
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for socket in pair:
                socket.abort()
                socket.deleteLater()

    def mend(self) -> None:
        """Take connections again, at the same port."""
        self._server.listen(QHostAddress.SpecialAddress.LocalHost, self.port)

    def _accept(self) -> None:
        while self._server.hasPendingConnections():
            near = self._server.nextPendingConnection()
            far = QTcpSocket(self)
            self._pairs.append((near, far))
            near.readyRead.connect(_passing(near, far))
            far.readyRead.connect(_passing(far, near))
            far.connected.connect(_passing(near, far))
            near.disconnected.connect(_ending(far))
            far.disconnected.connect(_ending(near))
            far.connectToHost(QHostAddress.SpecialAddress.LocalHost, self._target)


def _passing(source: QTcpSocket, target: QTcpSocket) -> Callable[[], None]:
    def pass_on() -> None:
        if target.state() is QTcpSocket.SocketState.ConnectedState:
            target.write(source.readAll())

    return pass_on


def _ending(other: QTcpSocket) -> Callable[[], None]:
    def end() -> None:
        other.disconnectFromHost()

    return end
