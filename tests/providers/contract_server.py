"""A provider of our own on loopback: it insists on its contract and misbehaves on command.

Derive from :class:`ContractServer`, write ``answer`` and call :meth:`ContractServer.require` for
each rule. A broken rule is answered 400, kept in ``breaches``, and fails the test at the end.

    with PagerDutyServer() as server:
        server.misbehave(CUT)
        ...
"""

import json
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

HUGE_BYTES = 100_000_000
DRIP_S = 0.02
LONGEST_BODY_BYTES = 2_000_000
LONGEST_WAIT_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as it came. Header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        """The fields of a form; one that comes twice is no contract of ours."""
        pairs = parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True)
        assert len(pairs) == len(dict(pairs))
        return dict(pairs)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(status: int, value: object, **headers: str) -> Answer:
    """An answer in JSON; ``Retry_After="3"`` becomes the header ``Retry-After``."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json", **sent})


class Way(Enum):
    """How an answer travels."""

    WHOLE = "whole"
    SILENT = "silent"
    CUT = "cut"
    CLOSED = "closed"
    DRIP = "drip"
    HUGE = "huge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One misbehaviour. The request is taken first, unless ``is_taken`` is false.

    ``answer`` replaces what the contract would say. ``share`` of a body is what a cut leaves.
    """

    way: Way = Way.WHOLE
    answer: Answer | None = None
    is_taken: bool = True
    share: float = 0.5


SILENCE = Fault(way=Way.SILENT)
"""Takes the request and never answers."""
CUT = Fault(way=Way.CUT)
"""Takes the request and breaks off in the middle of the answer."""
CLOSED = Fault(way=Way.CLOSED)
"""Takes the request and hangs up without a byte."""
DRIP = Fault(way=Way.DRIP)
"""Takes the request and answers a byte at a time, each in time, without end."""
HUGE = Fault(way=Way.HUGE)
"""Takes the request and answers with 100 MB."""
ERROR = Fault(answer=Answer(500, b"<h1>Internal error</h1>"), is_taken=False)
ERROR_AFTER_TAKING = Fault(answer=Answer(502, b"<h1>Bad gateway</h1>"))
GONE = Fault(answer=Answer(410, b"gone"), is_taken=False)
UNAUTHORISED = Fault(answer=Answer(401, b"who are you?"), is_taken=False)
REDIRECT = Fault(answer=Answer(302, b"", {"Location": "/stolen"}), is_taken=False)


def throttle(status: int = 429, body: bytes = b"slow down", **headers: str) -> Fault:
    """Refuses for now; ``Retry_After="30"`` becomes the header ``Retry-After``."""
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    return Fault(answer=Answer(status, body, sent), is_taken=False)


def lie(status: int, value: object) -> Fault:
    """Does not take the request and hides that in an answer that looks like success."""
    return Fault(answer=json_answer(status, value), is_taken=False)


class ContractBroken(Exception):
    """The request is not what the provider documents."""


class ContractServer:
    """A server that keeps what it took, in ``requests``, and what was wrong, in ``breaches``."""

    def __init__(self) -> None:
        self.requests: list[Received] = []
        self.breaches: list[str] = []
        self.fate: Callable[[Received], Fault] = lambda _: Fault()
        """What a request gets for which no misbehaviour was ordered."""
        self._faults: deque[Fault] = deque()
        self._bugs: list[BaseException] = []
        self._one_at_a_time = threading.Condition()
        self._seen = 0
        self._ending = threading.Event()
        self._http = _Http(self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.002,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def answer(self, request: Received) -> Answer:
        """Judge the request, change the state, and answer. Runs for one request at a time."""
        raise NotImplementedError

    def require(self, holds: object, rule: str) -> None:
        """Insist on a rule of the contract."""
        if not holds:
            raise ContractBroken(rule)

    def misbehave(self, *faults: Fault) -> None:
        """What the next requests get, one fault each; after them all is well again."""
        self._faults.extend(faults)

    def forgive(self) -> list[str]:
        """The breaches so far, which then do not fail the test: they were its point."""
        found, self.breaches = self.breaches, []
        return found

    def await_seen(self, count: int) -> None:
        """Wait until so many requests were judged: an impatient client may be ahead of us."""
        with self._one_at_a_time:
            assert self._one_at_a_time.wait_for(lambda: self._seen >= count, LONGEST_WAIT_S)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._ending.set()
        self._http.shutdown()
        self._http.server_close()  # waits for the threads of the requests
        self._thread.join()
        if kind is None:
            assert not self._bugs, self._bugs
            assert not self.breaches, self.breaches
            assert not self._faults, f"never met: {list(self._faults)}"

    def _take(self, request: Received) -> tuple[Fault, Answer]:
        with self._one_at_a_time:
            self.requests.append(request)
            try:
                return self._judged(
                    request, self._faults.popleft() if self._faults else self.fate(request)
                )
            except ContractBroken as broken:
                self.breaches.append(str(broken))
                return Fault(), Answer(400, str(broken).encode())
            finally:
                self._seen += 1
                self._one_at_a_time.notify_all()

    def _judged(self, request: Received, fault: Fault) -> tuple[Fault, Answer]:
        if fault.is_taken:
            usual = self.answer(request)
            return fault, fault.answer or usual
        assert fault.answer is not None
        return fault, fault.answer


class _Http(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, contract: ContractServer) -> None:
        super().__init__(("127.0.0.1", 0), _Speaker)
        self.contract = contract


class _Speaker(BaseHTTPRequestHandler):
    server: _Http
    timeout = 5

    def log_message(self, *_: object) -> None:
        """A test has no use for an access log."""

    def _speak(self) -> None:
        try:
            fault, answer = self.server.contract._take(self._received())
            self._send(fault, answer)
        except OSError:
            pass  # the client hung up, which some of them are meant to
        except Exception as bug:
            self.server.contract._bugs.append(bug)
            raise
        self.close_connection = True

    # The library asks for these names.
    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _speak  # noqa: N815

    def _received(self) -> Received:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        assert length <= LONGEST_BODY_BYTES
        return Received(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )

    def _send(self, fault: Fault, answer: Answer) -> None:
        way = fault.way
        if way is Way.CLOSED:
            return
        if way is Way.SILENT:
            self.server.contract._ending.wait()
            return
        endless = way in {Way.DRIP, Way.HUGE}
        body = answer.body or b'{"status": "success"}' * (way is Way.CUT)
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(HUGE_BYTES if endless else len(body)))
        self.end_headers()
        if endless:
            self._pour(way)
            return
        self.wfile.write(body[: int(len(body) * fault.share)] if way is Way.CUT else body)

    def _pour(self, way: Way) -> None:
        """Write until all is out, the client is gone or the test is over."""
        piece = b" " if way is Way.DRIP else b" " * 1_000_000
        for _ in range(HUGE_BYTES // len(piece)):
            self.wfile.write(piece)
            if way is Way.DRIP and self.server.contract._ending.wait(DRIP_S):
                return
