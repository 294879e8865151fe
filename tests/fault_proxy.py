"""A network that misbehaves: a proxy on loopback whose faults can be changed at any moment.

It runs an event loop in a thread of its own. Faults are plain state: each piece of data meets
those of the moment at which it passes.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

HOST = "127.0.0.1"
PIECE = 16_384
STOPS_WITHIN_S = 10.0
DRIPS_PER_S = 10
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER on, for zero seconds: closing sends RST and forgets what was not sent yet."""
READY = b"Z\0\0\0\5"
"""What ends each answer of PostgreSQL."""


@dataclass(frozen=True)
class Faults:
    """What the network does wrong; the default is nothing."""

    delay_s: float = 0.0
    """Each piece of data waits that long, in both directions."""
    drips: int | None = None
    """The server's answers trickle with so many bytes per second."""
    is_black_hole: bool = False
    """Connections are taken and nothing passes, in either direction, and nobody is told.

    When it ends, what was sent meanwhile arrives, as TCP sends again until it gives up.
    """
    refuses: bool = False
    """New connections are closed at once."""
    cut_after: int | None = None
    """A connection is cut when so many more bytes of its server have passed."""
    swallow_answer_to: bytes | None = None
    """The next connection whose client says this is cut where its answer would have ended.

    The server gets every byte and does what it was asked: a COMMIT whose answer is lost.
    """
    answer_ends: bytes = b""
    """What an answer to be swallowed ends with, such as ``READY``; empty: its first piece."""


@dataclass(eq=False)
class _Line:
    """One connection through the proxy."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    is_mute: bool = False
    is_cut: bool = False
    passed: int = 0
    """Bytes of the server since the faults were set."""
    said: bytes = b""
    """The end of what the client said: a text may come in two pieces."""
    swallowed: bytes | None = None
    """What the server answered since its answers are swallowed."""

    def end(self, with_reset: bool = False) -> None:
        if with_reset:
            plug = self.client.get_extra_info("socket")
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.client.transport.abort()
        self.client.close()
        if self.server is not None:
            self.server.close()


@dataclass(eq=False)
class FaultProxy:
    """Forwards ``port`` to ``to_port``, both on loopback; counts connections and cuts."""

    to_port: int
    port: int = 0
    opened: int = 0
    cut: int = 0
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._lines: dict[_Line, asyncio.Task[None]] = {}
        self._changed = asyncio.Event()
        self._stopped = asyncio.Event()

    def set(self, faults: Faults = Faults()) -> None:  # frozen
        """From now on the network has these faults and no others, on open connections too."""
        self._call(self._set, faults)

    def cut_all(self) -> None:
        """Close every open connection at both ends."""
        self._call(self._end_all, False)

    def reset_all(self) -> None:
        """Tell every client by RST that its connection is gone."""
        self._call(self._end_all, True)

    def forget_all(self) -> None:
        """Let nothing more pass on the open connections, ever, as a restarted firewall does."""
        self._call(self._forget_all)

    @property
    def open(self) -> int:
        """How many connections are open now."""
        return len(self._lines)

    # Everything below runs in the proxy's own thread.

    def _call(self, function, *arguments) -> None:
        async def call() -> None:
            function(*arguments)

        asyncio.run_coroutine_threadsafe(call(), self._loop).result(STOPS_WITHIN_S)

    def _set(self, faults: Faults) -> None:
        self.faults = faults
        for line in self._lines:
            line.passed = 0
        self._changed.set()
        self._changed = asyncio.Event()

    def _end_all(self, with_reset: bool) -> None:
        for line in list(self._lines):
            self._cut(line, with_reset)

    def _forget_all(self) -> None:
        for line in self._lines:
            line.is_mute = True

    def _cut(self, line: _Line, with_reset: bool = False) -> None:
        if not line.is_cut:
            line.is_cut = True
            self.cut += 1
            line.end(with_reset)
            self._lines[line].cancel()

    async def run(self, is_listening: threading.Event) -> None:
        """Serve until ``stop``."""
        server = await asyncio.start_server(self._take, HOST, self.port)
        self.port = server.sockets[0].getsockname()[1]
        is_listening.set()
        await self._stopped.wait()
        server.close()
        tasks = list(self._lines.values())
        for line, task in self._lines.items():
            line.end()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()

    def stop(self) -> None:
        """End every connection and stop listening."""
        self._call(self._stopped.set)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        line = _Line(writer)
        task = asyncio.current_task()
        assert task
        self._lines[line] = task
        try:
            await self._carry(line, reader)
        except* (OSError, _LineEnded, asyncio.CancelledError):
            pass  # somebody hung up or the line was cut: whoever is left learns it below
        finally:
            line.end()
            del self._lines[line]

    async def _carry(self, line: _Line, reader: asyncio.StreamReader) -> None:
        if self.faults.refuses:
            self._cut(line)
            return
        await self._until_passable(line)
        answers, line.server = await asyncio.open_connection(HOST, self.to_port)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._ask(line, reader, line.server))
            both.create_task(self._answer(line, answers))

    async def _until_passable(self, line: _Line) -> None:
        while self.faults.is_black_hole or line.is_mute:
            await self._changed.wait()

    async def _ask(
        self, line: _Line, reader: asyncio.StreamReader, server: asyncio.StreamWriter
    ) -> None:
        while data := await self._read(line, reader):
            text = self.faults.swallow_answer_to
            heard = line.said + data
            if text is not None and text in heard:
                self.faults = replace(self.faults, swallow_answer_to=None)
                line.swallowed = b""
            line.said = heard[-len(text or b"") or len(heard) :]
            server.write(data)
            await server.drain()
        raise _LineEnded

    async def _answer(self, line: _Line, reader: asyncio.StreamReader) -> None:
        while data := await self._read(line, reader):
            if line.swallowed is not None:
                line.swallowed += data
                if self.faults.answer_ends in line.swallowed:
                    self._cut(line)
                    return
                continue
            most = self.faults.cut_after
            allowed = data if most is None else data[: most - line.passed]
            line.passed += len(allowed)
            await self._drip(line, allowed)
            if most is not None and line.passed >= most:
                self._cut(line)
                return
        raise _LineEnded

    async def _read(self, line: _Line, reader: asyncio.StreamReader) -> bytes:
        data = await reader.read(PIECE)
        if self.faults.delay_s:
            await asyncio.sleep(self.faults.delay_s)
        await self._until_passable(line)
        return data

    async def _drip(self, line: _Line, data: bytes) -> None:
        while data:
            rate = self.faults.drips
            size = len(data) if rate is None else max(1, rate // DRIPS_PER_S)
            line.client.write(data[:size])
            await line.client.drain()
            if rate is not None:
                await asyncio.sleep(size / rate)
            data = data[size:]


class _LineEnded(Exception):
    """One end hung up."""


@contextmanager
def fault_proxy(to_port: int, port: int = 0) -> Iterator[FaultProxy]:
    """A proxy that listens until the block ends; ``port`` 0 takes a free one."""
    proxy = FaultProxy(to_port, port)
    is_listening = threading.Event()

    def serve() -> None:
        with contextlib.closing(proxy._loop) as loop:
            loop.run_until_complete(proxy.run(is_listening))

    thread = threading.Thread(target=serve, name="fault proxy")
    thread.start()
    try:
        assert is_listening.wait(STOPS_WITHIN_S), "the proxy does not listen"
        yield proxy
    finally:
        proxy.stop()
        thread.join(STOPS_WITHIN_S)
