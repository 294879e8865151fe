"""The proxy that the environment names, where the dispatcher is told to heed it."""

import http.client
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from services.dispatcher.not_sent import NotSent
from services.dispatcher.timed_socket import TimedSocket
from services.providers.provider import Refused, Retry


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where a proxy is; ``headers`` prove to it who calls."""

    host: str
    port: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


def proxy_for(host: str, is_encrypted: bool) -> Proxy | None:
    """The proxy on the way to a host; None where the way is direct.

    Raises:
        NotSent: the environment names a proxy that is none.
    """
    named = getproxies().get("https" if is_encrypted else "http", "")
    if not named or proxy_bypass(host):
        return None
    parts = urlsplit(named if "://" in named else f"http://{named}")
    if parts.scheme != "http" or not parts.hostname:
        raise NotSent(Refused("the environment names a proxy that is no http:// address"))
    headers = {}
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {b64encode(login.encode()).decode()}"
    return Proxy(parts.hostname, parts.port or 80, headers)


def through(plain: TimedSocket, proxy: Proxy, host: str, port: int) -> None:
    """Have the proxy connect us to a host; the connection is closed on failure.

    Raises:
        NotSent: it does not.
    """
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    lines += [f"{name}: {text}" for name, text in proxy.headers.items()]
    try:
        plain.sendall("\r\n".join([*lines, "", ""]).encode())
        with http.client.HTTPResponse(plain, method="CONNECT") as response:
            response.begin()
            status = response.status
    except (OSError, ValueError, http.client.HTTPException) as error:
        plain.close()
        raise NotSent(Retry(f"the proxy fails: {type(error).__name__}")) from None
    if status != http.HTTPStatus.OK:
        plain.close()
        raise NotSent(Retry(f"the proxy refuses: HTTP {status}"))
