"""The real Alertmanager: how soon it calls a webhook about alerts that it gets by its API.

It waits for nothing (``group_wait: 0s``) and groups nothing, so that each alert is a request, as
each page is one. Unlike a page an alert is in memory alone when it is accepted.
"""

import http.client
import json
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.webhook_receiver import PATIENCE_S, Receiver

PROGRAMS = ("prometheus-alertmanager", "alertmanager")
"""As Debian names it, and as its makers do."""

CONFIGURATION = """
route: {{receiver: ours, group_by: ['...'], group_wait: 0s, group_interval: 1s,
    repeat_interval: 24h}}
receivers: [{{name: ours, webhook_configs: [{{url: "http://127.0.0.1:{port}/hook",
    send_resolved: false}}]}}]
"""


class Alertmanager:
    """A running one, whose every alert goes to the receiver."""

    def __init__(self, port: int, receiver: Receiver) -> None:
        self._port, self._receiver = port, receiver

    def one(self) -> float:
        """Milliseconds from the POST of one alert to its request."""
        return 1000 * self.storm(1)

    def storm(self, count: int) -> float:
        """Seconds from the POST of so many alerts to the last of their requests."""
        mark = secrets.token_hex(4)
        alerts = [
            {"labels": {"alertname": "It burns", "storm": mark, "number": str(number)}}
            for number in range(count)
        ]
        started = time.perf_counter()
        assert self.answer("POST", "/api/v2/alerts", json.dumps(alerts)) == 200
        return max(self._receiver.await_count(count)) - started

    def answer(self, method: str, path: str, body: str = "") -> int:
        """The status of one call."""
        client = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        try:
            client.request(method, path, body, {"Content-Type": "application/json"})
            return client.getresponse().status
        finally:
            client.close()

    def is_ready(self) -> bool:
        """Whether it answers."""
        try:
            return self.answer("GET", "/-/ready") == 200
        except OSError:
            return False


@contextmanager
def alertmanager_beside(receiver: Receiver, program: str = "") -> Iterator[Alertmanager | None]:
    """One that calls the receiver, or None where it is not installed."""
    found = program or next((path for name in PROGRAMS if (path := shutil.which(name))), "")
    if not found:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder, socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port = place.getsockname()[1]
        place.close()
        file = Path(folder) / "alertmanager.yml"
        file.write_text(CONFIGURATION.format(port=receiver.port))
        running = subprocess.Popen(
            [found, f"--config.file={file}", f"--storage.path={folder}",
             f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=",
             "--log.level=error"]
        )  # fmt: skip
        try:
            made = Alertmanager(port, receiver)
            while not made.is_ready():
                assert running.poll() is None, "Alertmanager ended"
                time.sleep(0.05)
            yield made
        finally:
            running.terminate()
            running.wait(PATIENCE_S)
