"""A real Chromium without a window, driven through the two pipes that it offers for that."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new",
    "--no-sandbox",  # it refuses to run as root otherwise; it sees our own pages alone
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)


def chromium() -> str | None:
    """Where the browser is on this machine."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """One page of a browser. ``complaints`` are what it told its console of errors."""

    def __init__(self, reading: int, writing: int) -> None:
        self._reading, self._writing = reading, writing
        self._received = b""
        self._last = 0
        self._events: list[dict[str, Any]] = []
        self._session = ""
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self.ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for part in ("Page", "Log"):
            self.ask(f"{part}.enable")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give one command and wait for its answer."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        sent = json.dumps(message).encode() + b"\0"
        while sent:
            sent = sent[os.write(self._writing, sent) :]
        while (told := self._next()).get("id") != self._last:
            self._events.append(told)
        assert "error" not in told, (method, told)
        return dict(told["result"])

    def open(self, file: Path, *, theme: str = "light", width: int = 1280) -> None:
        """Show a file, and wait until it is loaded."""
        scheme = [{"name": "prefers-color-scheme", "value": theme}]
        self.ask("Emulation.setEmulatedMedia", features=scheme)
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.ask("Emulation.setDeviceMetricsOverride", **size)
        self._events.clear()
        self.ask("Page.navigate", url=file.as_uri())
        while not any(e["method"] == "Page.loadEventFired" for e in self._events):
            self._events.append(self._next())

    def run(self, script: str) -> Any:
        """The value of a script, once its promise is kept."""
        answer = self.ask(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    @property
    def complaints(self) -> list[str]:
        """What went wrong on the page that is shown."""
        entries = [e["params"]["entry"] for e in self._events if e["method"] == "Log.entryAdded"]
        return [str(entry["text"]) for entry in entries if entry["level"] == "error"]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._received:
            piece = os.read(self._reading, 1 << 20)
            assert piece, "the browser has ended"
            self._received += piece
        message, _, self._received = self._received.partition(b"\0")
        return dict(json.loads(message))


@contextmanager
def browser(program: str, folder: Path) -> Iterator[Browser]:
    """A browser with an empty profile below a folder."""
    to_it, from_it = os.pipe(), os.pipe()
    # It reads from 3 and writes to 4: ours must be neither of them.
    its_own = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10) for fd in (to_it[0], from_it[1])]
    os.close(to_it[0])
    os.close(from_it[1])
    pid = os.posix_spawn(
        program,
        [program, *FLAGS, f"--user-data-dir={folder}", "about:blank"],
        {**os.environ, "HOME": str(folder)},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, its_own[0], 3),
            (os.POSIX_SPAWN_DUP2, its_own[1], 4),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
    )
    for fd in its_own:
        os.close(fd)
    try:
        opened = Browser(from_it[0], to_it[1])
        yield opened
        opened._session = ""
        opened.ask("Browser.close")
    finally:
        os.close(to_it[1])
        os.close(from_it[0])
        os.waitpid(pid, 0)
