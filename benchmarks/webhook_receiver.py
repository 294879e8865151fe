"""What plays the provider: a receiver of webhooks that remembers when each request came."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE_S = 60.0


class Receiver(ThreadingHTTPServer):
    """Takes every POST and remembers when it came."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.came_at: list[float] = []
        self._came = threading.Condition()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def took(self) -> None:
        """A request is here, whole."""
        with self._came:
            self.came_at.append(time.perf_counter())
            self._came.notify_all()

    def await_count(self, count: int) -> list[float]:
        """The moments of so many requests, which it then forgets."""
        with self._came:
            assert self._came.wait_for(lambda: len(self.came_at) >= count, PATIENCE_S), (
                f"{len(self.came_at)} of {count} came"
            )
            found, self.came_at = self.came_at, []
            return found


class _Taking(BaseHTTPRequestHandler):
    server: Receiver

    def _take(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.took()
        self.send_response_only(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = _take  # noqa: N815 - the library asks for this name

    def log_message(self, *_: object) -> None:
        """Nobody reads an access log here."""
