"""Calls with TLS and through proxies: who is trusted, and what a stranger gets to see."""

import os
import socket
import ssl

import pytest
from unit.dispatcher.calling import (
    IMPATIENCE_S,
    SECRET,
    Provider,
    call,
    on_loopback,
    secret_call,
    send,
)
from unit.dispatcher.listening import Listening

from services.admin.private_certificates import make_certificates
from services.core.clock import SystemClock
from services.dispatcher.transport import Transport
from services.providers.provider import Refused, Reply, Retry

# -- TLS -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"), SystemClock())


class Encrypted(Provider):
    """The same with TLS; remembers which name was asked for."""

    def __init__(self, certificates) -> None:
        super().__init__()
        self.names: list[str | None] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.server, certificates.key)
        context.sni_callback = lambda _, name, __: self.names.append(name)
        self._http.socket = context.wrap_socket(
            self._http.socket, server_side=True, do_handshake_on_connect=False
        )

    @property
    def url(self) -> str:
        return super().url.replace("http://127.0.0.1", "https://localhost")


def test_a_trusted_server_is_spoken_to_by_its_name(certificates, monkeypatch):
    # The certificates that come with the library are neither needed nor trusted.
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", "")
    with Encrypted(certificates) as server:
        transport = Transport(
            roots=str(certificates.authority), resolve=lambda _, port: [on_loopback(port)]
        )
        assert send(secret_call(server), transport=transport).status == 202
        assert server.names == ["localhost"]


def test_an_unknown_authority_is_not_trusted(certificates):
    with Encrypted(certificates) as server:
        transport = Transport(resolve=lambda _, port: [on_loopback(port)])
        outcome = send(secret_call(server), transport=transport)
        assert isinstance(outcome, Retry)
        assert outcome.reason.startswith("the certificate is not trusted")
        assert server.requests == []


def test_another_name_is_not_trusted(certificates):
    with Encrypted(certificates) as server:
        transport = Transport(
            roots=str(certificates.authority), resolve=lambda _, port: [on_loopback(port)]
        )
        crooked = call(server.url.replace("localhost", "pager.example"))
        outcome = send(crooked, transport=transport)
        assert isinstance(outcome, Retry)
        assert "mismatch" in outcome.reason
        assert server.requests == []


def test_a_server_without_tls_gets_nothing():
    with Listening(lambda caller: caller.sendall(b"HTTP/1.1 400 what?\r\n\r\n")) as listening:
        outcome = send(call(f"https://127.0.0.1:{listening.port}/"))
        assert isinstance(outcome, Retry)
        assert outcome.reason.startswith("no TLS")


def test_a_silent_handshake_ends_with_the_patience():
    with Listening(lambda _: listening.ending.wait()) as listening:
        outcome = send(call(f"https://127.0.0.1:{listening.port}/"), IMPATIENCE_S)
        assert outcome == Retry("no TLS: timed out")


# -- proxies -------------------------------------------------------------------------------


def test_the_environment_is_heeded_only_where_told(monkeypatch):
    with Provider() as proxy, Provider() as server:
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("http_proxy", proxy.url.replace("://", "://maya:word@"))
        target = call(f"{server.url}/x?y=1")
        assert send(target).status == 202
        assert (len(proxy.requests), len(server.requests)) == (0, 1)
        trusting = Transport(trusts_environment=True)
        assert send(target, transport=trusting).status == 202
        assert (len(proxy.requests), len(server.requests)) == (1, 1)
        assert proxy.requests[0].headers["proxy-authorization"] == "Basic bWF5YTp3b3Jk"
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert send(target, transport=trusting).status == 202
        assert (len(proxy.requests), len(server.requests)) == (1, 2)


@pytest.mark.parametrize(("answer", "is_through"), [("200 OK", True), ("407 Who?", False)])
def test_an_encrypted_call_goes_through_a_proxy(monkeypatch, certificates, answer, is_through):
    asked: list[bytes] = []

    def connect(caller: socket.socket) -> None:
        asked.append(caller.recv(10_000))
        caller.sendall(f"HTTP/1.1 {answer}\r\n\r\n".encode())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.server, certificates.key)
        with context.wrap_socket(caller, server_side=True) as tls:
            asked.append(b"")
            while not asked[1].endswith(b'{"a": 1}'):
                asked[1] += tls.recv(10_000)
            tls.sendall(b"HTTP/1.1 204 Done\r\n\r\n")

    with Listening(connect) as proxy:
        monkeypatch.setenv("https_proxy", f"http://maya:word@127.0.0.1:{proxy.port}")
        monkeypatch.delenv("no_proxy", raising=False)
        transport = Transport(roots=str(certificates.authority), trusts_environment=True)
        outcome = send(call(f"https://localhost/{SECRET}"), transport=transport)
    assert asked[0].startswith(b"CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n")
    assert b"\r\nProxy-Authorization: Basic bWF5YTp3b3Jk\r\n" in asked[0]
    assert SECRET.encode() not in asked[0]
    if is_through:
        assert outcome == Reply(status=204)
        assert asked[1].startswith(f"POST /{SECRET} HTTP/1.1\r\nHost: localhost\r\n".encode())
        assert b"Proxy-Authorization" not in asked[1]
    else:
        assert outcome == Retry("the proxy refuses: HTTP 407")


def test_a_proxy_is_not_asked_for_a_private_address(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)
    for host in ("10.0.0.1", "[::1]", "localhost"):
        outcome = Transport(trusts_environment=True).send(call(f"https://{host}/"))
        assert outcome == Refused("the address is in a network that this destination may not")
