"""Sockets that give up at one moment, however slowly the other side drips.

A time-out of an ordinary socket starts again with every byte.
"""

import socket
import ssl
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from services.core.database import closed_on_failure
from services.core.profiles import ROOTS_OF_SYSTEMS
from services.dispatcher.addresses import Endpoint

CONNECT_TIMEOUT_S = 4.0
READ_TIMEOUT_S = 15.0


def left_s(ends_at_s: float) -> float:
    """Seconds until a moment of the steady clock.

    Raises:
        TimeoutError: it has passed.
    """
    left = ends_at_s - time.monotonic()
    if left <= 0:
        raise TimeoutError("out of time")
    return left


class TimedSocket(socket.socket):
    """A connection that ends at ``ends_at_s`` of the steady clock."""

    ends_at_s = float("inf")

    def recv_into(self, *arguments: Any, **options: Any) -> int:
        """Read, at most until the end."""
        self.settimeout(min(READ_TIMEOUT_S, left_s(self.ends_at_s)))
        return super().recv_into(*arguments, **options)

    def sendall(self, *arguments: Any, **options: Any) -> None:
        """Write, at most until the end."""
        self.settimeout(min(READ_TIMEOUT_S, left_s(self.ends_at_s)))
        super().sendall(*arguments, **options)


class TimedTls(ssl.SSLSocket):
    """The same, encrypted. Its handshake is limited by what it is made from."""

    ends_at_s = float("inf")

    def recv_into(self, *arguments: Any, **options: Any) -> int:
        """Read, at most until the end."""
        self.settimeout(min(READ_TIMEOUT_S, left_s(self.ends_at_s)))
        return super().recv_into(*arguments, **options)

    def send(self, *arguments: Any, **options: Any) -> int:
        """Write a part, at most until the end."""
        self.settimeout(min(READ_TIMEOUT_S, left_s(self.ends_at_s)))
        return super().send(*arguments, **options)


def connected(endpoints: Sequence[Endpoint], ends_at_s: float) -> TimedSocket:
    """A connection to the first of these that answers.

    Raises:
        OSError: none does.
    """
    failed: OSError = OSError("no address")
    for endpoint in endpoints:
        opened = TimedSocket(endpoint.family, socket.SOCK_STREAM)
        try:
            with closed_on_failure(opened):
                opened.settimeout(min(CONNECT_TIMEOUT_S, left_s(ends_at_s)))
                opened.connect(endpoint.place)
        except OSError as error:
            failed = error
        else:
            opened.ends_at_s = ends_at_s
            return opened
    raise failed


def tls_context(roots: str = "") -> ssl.SSLContext:
    """Trusts the certificates in a file, or those that the system trusts.

    Raises:
        OSError: the file cannot be read or holds none.
    """
    system = (path for path in ROOTS_OF_SYSTEMS if Path(path).is_file())
    context = ssl.create_default_context(cafile=roots or next(system, None))
    context.sslsocket_class = TimedTls
    return context


def encrypted(plain: TimedSocket, context: ssl.SSLContext, host: str) -> TimedTls:
    """The connection with TLS, whose other end has proved to be ``host``; closed on failure.

    Raises:
        OSError: it has not, or speaks no TLS.
    """
    ends_at_s = plain.ends_at_s
    with closed_on_failure(plain):
        plain.settimeout(min(READ_TIMEOUT_S, left_s(ends_at_s)))
        tls = context.wrap_socket(plain, server_hostname=host)
    assert isinstance(tls, TimedTls)
    tls.ends_at_s = ends_at_s
    return tls
