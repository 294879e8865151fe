"""Making one HTTP call over a connection that is judged and opened elsewhere.

Its adapter is all of ``requests`` that makes calls here. A session around it would add what no
call may do: heed the environment, keep cookies, and read the whole body of a redirect that it is
told not to follow.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final

from requests import PreparedRequest, Request, Response
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from services.core.release import VERSION
from services.dispatcher.not_sent import NotSent
from services.dispatcher.proxies import Proxy
from services.dispatcher.timed_socket import TimedSocket, TimedTls
from services.providers.provider import HttpCall, Refused, Reply, Unsure

LONGEST_BODY_BYTES: Final = 1_000_000

Answer = Reply | Unsure
Opening = Callable[[], TimedSocket | TimedTls]

# It tells whole addresses, secrets and all.
logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, slots=True)
class Target:
    """To whom a call goes."""

    is_encrypted: bool
    host: str
    port: int


class _Line:
    """The connection of one call, opened when the first byte is ready to leave."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self.is_open = False
        """From then on the call may have arrived."""

    def open(self) -> TimedSocket | TimedTls:
        opened = self._opening()
        self.is_open = True
        return opened


class _Connection(HTTPConnection):
    """Goes where its line goes, whatever its host says, and ends when the line's time is over."""

    def __init__(self, *arguments: Any, line: _Line, default_port: int, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._line = line
        self.default_port = default_port  # type: ignore[misc]  # http.client asks the instance

    def connect(self) -> None:
        """Take the line, which is encrypted already where it has to be."""
        self.sock = self._line.open()


class _Adapter(HTTPAdapter):
    """Makes one call, without a repeat."""

    def __init__(self, target: Target, line: _Line) -> None:
        super().__init__(max_retries=0)
        usual = 443 if target.is_encrypted else 80
        self._pool = HTTPConnectionPool(target.host, target.port, line=line, default_port=usual)
        self._pool.ConnectionCls = _Connection

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        return self._pool

    def cert_verify(self, *_: Any) -> None:
        """Leave that to the line, which knows whose certificates are trusted here."""

    def close(self) -> None:
        self._pool.close()
        super().close()


def exchange(call: HttpCall, target: Target, proxy: Proxy | None, opening: Opening) -> Answer:
    """What came back over the connection that ``opening`` makes.

    Raises:
        NotSent: the connection is not to be had, or the call is none that HTTP takes.
    """
    line = _Line(opening)
    proxies = {"http": f"http://{proxy.host}:{proxy.port}"} if proxy else None
    try:
        request = _prepared(call, {} if proxy is None or target.is_encrypted else proxy.headers)
        with (
            closing(_Adapter(target, line)) as adapter,
            adapter.send(request, stream=True, proxies=proxies) as response,
        ):
            return _reply(response)
    except (OSError, ValueError, HTTPError) as error:
        if line.is_open:
            return Unsure(f"no whole answer: {_name(error)}")
        raise NotSent(Refused("the call holds characters that HTTP does not take")) from None


def _prepared(call: HttpCall, more: Mapping[str, str]) -> PreparedRequest:
    headers = {"User-Agent": f"Firstline/{VERSION}", "Connection": "close", **call.headers, **more}
    request = Request(call.method, call.url, headers, data=call.body or None).prepare()
    request.url = call.url  # as it is written: ``requests`` would resolve its dots
    return request


def _reply(response: Response) -> Reply:
    """The answer, its body cut at ``LONGEST_BODY_BYTES``.

    Raises:
        HTTPError: it breaks off.
    """
    body = b""
    while left := LONGEST_BODY_BYTES - len(body):
        # As it was sent: what is packed could be unpacked to any size.
        if not (piece := response.raw.read(left, decode_content=False)):
            break
        body += piece
    headers = {name.lower(): text for name, text in response.headers.items()}
    return Reply(status=response.status_code, body=body, headers=headers)


def _name(error: BaseException) -> str:
    """What began an error, by its kind: its words may quote what was sent."""
    while error.__context__ is not None:
        error = error.__context__
    return "timed out" if isinstance(error, TimeoutError) else type(error).__name__
