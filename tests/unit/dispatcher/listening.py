"""A server that says what a test wrote for it, to one caller after another."""

import contextlib
import socket
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Talk = Callable[[socket.socket], None]


class Listening:
    """Listens on loopback and lets ``talk`` speak with each caller, one at a time."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.callers = 0
        self.ending = threading.Event()
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.ending.set()
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._door.close()

    def _listen(self) -> None:
        while not self.ending.is_set():
            try:
                caller, _ = self._door.accept()
            except OSError:
                return
            self.callers += 1
            # The caller may hang up as it likes.
            with caller, contextlib.suppress(OSError):
                self._talk(caller)
