"""The dispatcher as a program of its own, and what it says."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HOUSE = Path(__file__).resolve().parents[2]
PATIENCE_S = 30.0


class RunningDispatcher:
    """``python -m services.dispatcher`` with its events as they are told."""

    def __init__(self, *options: object, program: Path | None = None) -> None:
        command = ["-m", "services.dispatcher"] if program is None else [str(program)]
        self._options = [sys.executable, *command, *map(str, options), "--log-json"]
        self.events: list[Mapping[str, Any]] = []
        self.errors: list[str] = []
        self._told: queue.Queue[Mapping[str, Any] | None] = queue.Queue()

    def __enter__(self) -> Self:
        path = os.pathsep.join(map(str, (HOUSE, HOUSE / "tests")))
        self.process = subprocess.Popen(
            self._options,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        self._reading = threading.Thread(target=self._read)
        self._reading.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.kill()
        self.process.wait()
        self._reading.join()
        assert self.process.stderr
        self.process.stderr.close()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            try:
                event = json.loads(line)
            except ValueError:
                self.errors.append(line)
                continue
            self.events.append(event)
            self._told.put(event)
        self._told.put(None)

    def await_event(self, name: str) -> Mapping[str, Any]:
        """The next event of this name."""
        while True:
            event = self._told.get(timeout=PATIENCE_S)
            assert event is not None, f"it has ended: {self.errors}"
            if event["event"] == name:
                return event

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)
