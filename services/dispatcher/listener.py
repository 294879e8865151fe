"""A small web server for the dispatcher's own pages."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, Protocol

from services.core.errors import AppError

MOST_AT_ONCE: Final = 32
"""So many callers are served at once; further ones are hung up on."""

_PATIENCE_S: Final = 10.0
_LONGEST_BODY_BYTES: Final = 16_384
_POLL_S: Final = 0.2


class ListenerFailed(AppError):
    """The port cannot be listened on."""

    code = "listener-failed"


@dataclass(frozen=True, slots=True)
class Page:
    """What a caller gets."""

    status: int
    text: str
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """What a caller asks: GET or POST. The path is without the query, header names in lower case.

    A body that is too long is left out.
    """

    method: str
    path: str
    caller: str
    query: str = ""
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Without what may hold a token."""
        return f"Request({self.method})"


class Site(Protocol):
    """What the pages say."""

    def page(self, request: Request) -> Page:
        """The page for a request."""
        ...


class Listener:
    """Serves a site until closed, each caller in a thread of their own."""

    def __init__(self, host: str, port: int, site: Site) -> None:
        try:
            self._server = _Server(host, port, site)
        except (OSError, OverflowError) as error:
            raise ListenerFailed(place=f"{host}:{port}", problem=type(error).__name__) from None
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_S,), name="pages", daemon=True
        )
        self._thread.start()

    @property
    def port(self) -> int:
        """Where it listens; the system chooses where port 0 was asked for."""
        return int(self._server.server_address[1])

    def close(self) -> None:
        """Serve nobody more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, port: int, site: Site) -> None:
        self.site = site
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__((host, port), _Caller)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Serve a caller, unless too many are being served."""
        if self._places.acquire(blocking=False):
            try:
                super().finish_request(request, client_address)
            finally:
                self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who hangs up is no news, and a traceback would tell the path."""


class _Caller(BaseHTTPRequestHandler):
    server: _Server
    timeout = _PATIENCE_S
    server_version = "Firstline"
    sys_version = ""

    def log_message(self, *_: object) -> None:
        """Paths hold tokens, and are told to nobody."""

    def _serve(self) -> None:
        method = "GET" if self.command == "HEAD" else self.command
        length = self.headers.get("Content-Length", "0")
        is_read = length.isdecimal() and int(length) <= _LONGEST_BODY_BYTES
        path, _, query = self.path.partition("?")
        request = Request(
            method,
            path,
            str(self.client_address[0]),
            query,
            self.rfile.read(int(length)) if is_read else b"",
            {name.lower(): text for name, text in self.headers.items()},
        )
        self._send(self.server.site.page(request))

    # The library asks for these names.
    do_GET = do_HEAD = do_POST = _serve  # noqa: N815

    def _send(self, page: Page) -> None:
        body = page.text.encode()
        self.send_response_only(page.status)
        self.send_header("Content-Type", page.kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for name, text in page.headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.close_connection = True
        if self.command != "HEAD":
            self.wfile.write(body)
