"""Calls over HTTP: what was sent, what may have been, and where none may go."""

import gzip
import logging
import os
import socket
import ssl
from collections.abc import Sequence

import pytest
from providers import contract_server as servers
from providers.contract_server import Answer, ContractServer, Fault, Received
from unit.dispatcher.listening import Listening

from services.admin.private_certificates import make_certificates
from services.core.clock import SystemClock
from services.dispatcher.addresses import Endpoint, may_be_reached
from services.dispatcher.transport import Transport
from services.dispatcher.web import LONGEST_BODY_BYTES
from services.providers.provider import HttpCall, Refused, Reply, Retry, Unsure

SECRET = "canary-5f1e7c"
IMPATIENCE_S = 0.3


class Provider(ContractServer):
    """Takes whatever comes."""

    def answer(self, request: Received) -> Answer:
        return Answer(202, b"taken", {"X-Request-Id": "7"})


def call(url: str, **headers: str) -> HttpCall:
    return HttpCall(method="POST", url=url, headers=headers, body=b'{"a": 1}')


def secret_call(server: ContractServer) -> HttpCall:
    return call(f"{server.url}/hook/{SECRET}?token={SECRET}", Authorization=f"Bearer {SECRET}")


def send(to_call: HttpCall, patience_s: float = 10.0, transport: Transport | None = None):
    return (transport or Transport()).send(to_call, may_reach_private=True, patience_s=patience_s)


def on_loopback(port: int) -> Endpoint:
    return Endpoint(socket.AF_INET, ("127.0.0.1", port))


# -- what arrives --------------------------------------------------------------------------


def test_a_call_arrives_byte_for_byte():
    with Provider() as server:
        reply = send(call(f"{server.url}/v2/enqueue?x=1", **{"X-Key": "k"}))
        assert reply == Reply(status=202, body=b"taken", headers=reply.headers)
        assert reply.headers["x-request-id"] == "7"
        (request,) = server.requests
        assert (request.method, request.path, request.query) == ("POST", "/v2/enqueue", {"x": "1"})
        assert request.body == b'{"a": 1}'
        assert request.headers["x-key"] == "k"
        assert request.headers["host"] == server.url.removeprefix("http://")


@pytest.mark.parametrize("fault", [servers.SILENCE, servers.DRIP, servers.CUT, servers.CLOSED])
def test_what_was_sent_and_not_answered_is_unsure(fault):
    with Provider() as server:
        server.misbehave(fault)
        outcome = send(secret_call(server), IMPATIENCE_S)
        assert isinstance(outcome, Unsure)
        assert SECRET not in repr(outcome)
        server.await_seen(1)


def test_what_could_be_repeated_is_not():
    with Provider() as server:
        server.misbehave(servers.CLOSED)
        assert isinstance(send(HttpCall(method="GET", url=server.url)), Unsure)
        assert len(server.requests) == 1


def test_a_huge_answer_is_cut():
    with Provider() as server:
        server.misbehave(servers.HUGE)
        reply = send(call(server.url))
        assert isinstance(reply, Reply)
        assert len(reply.body) == LONGEST_BODY_BYTES


def test_headers_that_drip_end_with_the_patience():
    def drip(caller: socket.socket) -> None:
        caller.recv(10_000)
        caller.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not listening.ending.wait(0.01):
            caller.sendall(b"a")

    with Listening(drip) as listening:
        outcome = send(call(f"http://127.0.0.1:{listening.port}/"), IMPATIENCE_S)
        assert outcome == Unsure("no whole answer: timed out")


def test_what_speaks_no_http_is_unsure():
    with Listening(lambda caller: caller.sendall(b"220 mail ready\r\n")) as listening:
        assert isinstance(send(call(f"http://127.0.0.1:{listening.port}/")), Unsure)


def test_a_redirect_is_not_followed():
    with Provider() as server:
        server.misbehave(servers.REDIRECT)
        assert send(call(server.url)).status == 302
        assert len(server.requests) == 1


def test_the_body_of_a_redirect_is_cut_as_well():
    with Provider() as server:
        far = Answer(302, b"", {"Location": "/stolen"})
        server.misbehave(Fault(way=servers.Way.HUGE, answer=far))
        reply = send(call(server.url))
        assert (reply.status, len(reply.body)) == (302, LONGEST_BODY_BYTES)


def test_a_packed_answer_is_not_unpacked():
    bomb = gzip.compress(b" " * 10_000_000)
    with Provider() as server:
        server.misbehave(Fault(answer=Answer(200, bomb, {"Content-Encoding": "gzip"})))
        assert send(call(server.url)).body == bomb
        assert server.requests[0].headers["accept-encoding"] == "identity"


def test_the_path_is_called_as_it_is_written():
    with Provider() as server:
        assert send(call(f"{server.url}/a/../b/%7E%2F;c?sig=a%2Bb+c==&d=~'()*")).status == 202
        (request,) = server.requests
        assert request.path == "/a/../b/%7E%2F;c"
        assert request.query == {"sig": "a+b c==", "d": "~'()*"}


def test_nothing_is_kept_or_added_between_calls(monkeypatch, tmp_path):
    logins = tmp_path / "netrc"
    logins.write_text("machine 127.0.0.1 login maya password word\n")
    monkeypatch.setenv("NETRC", str(logins))
    with Provider() as server:
        server.misbehave(Fault(answer=Answer(200, b"", {"Set-Cookie": "a=b; Path=/"})))
        transport = Transport()
        for _ in range(2):
            send(call(server.url), transport=transport)
        first, second = (request.headers for request in server.requests)
        assert first == second
        assert not {"cookie", "authorization"} & set(second)


def answering(answer: bytes) -> Listening:
    def speak(caller: socket.socket) -> None:
        caller.recv(10_000)
        caller.sendall(answer)

    return Listening(speak)


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 5, 6",
        b"Transfer-Encoding: chunked\r\n\r\n9\r\nshort",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\nshort",
        b"Transfer-Encoding: chunked\r\n\r\n" + b"3" * 100_000,
        b"A: b\r\n" * 200,
    ],
)
def test_an_answer_that_makes_no_sense_is_unsure(head):
    with answering(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\nshort") as listening:
        assert isinstance(send(call(f"http://127.0.0.1:{listening.port}/")), Unsure)


@pytest.mark.parametrize("is_heard", [False, True])
def test_nobody_hears_what_the_library_logs(caplog, is_heard):
    """Heard, as the negative control hears it, it tells the whole address."""
    caplog.set_level(logging.DEBUG)
    if is_heard:
        caplog.set_level(logging.DEBUG, "urllib3")
    with answering(b"HTTP/1.1 200 OK\r\nno header\r\n\r\n") as listening:
        send(call(f"http://127.0.0.1:{listening.port}/{SECRET}"))
    told = [record for record in caplog.records if SECRET in record.getMessage()]
    assert {record.levelname for record in told} == ({"DEBUG", "WARNING"} if is_heard else set())


def test_an_error_is_an_answer():
    with Provider() as server:
        server.misbehave(Fault(answer=Answer(503, b"later", {"Retry-After": "7"}), is_taken=False))
        reply = send(call(server.url))
        assert (reply.status, reply.headers["retry-after"]) == (503, "7")


# -- what is not sent ----------------------------------------------------------------------


def test_where_nobody_listens_nothing_was_sent():
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    outcome = send(call(f"http://127.0.0.1:{port}/{SECRET}"))
    assert outcome == Retry("cannot connect: ConnectionRefusedError")


@pytest.mark.parametrize("error", [OSError("no such name"), UnicodeError("odd name")])
def test_a_name_without_an_address_is_tried_later(error):
    def unknown(host: str, port: int) -> Sequence[Endpoint]:
        raise error

    transport = Transport(resolve=unknown)
    outcome = transport.send(call(f"https://pager.example/{SECRET}"))
    assert outcome == Retry("the provider's name is not found")


@pytest.mark.parametrize(
    "to_call",
    [
        call("http://127.0.0.1:1/", **{"X-Key": f"{SECRET}\r\nX-Other: 1"}),
        call("http://127.0.0.1:1/", **{"X-Key": f"{SECRET} \N{SNOWMAN}"}),
        HttpCall(method="GET /x HTTP/1.1\r\nX: y\r\n", url="http://127.0.0.1:1/"),
        call(f"http://127.0.0.1:1/a b{SECRET}"),
    ],
)
def test_what_would_be_two_requests_is_none(to_call):
    with Provider() as server:
        url = to_call.url.replace("http://127.0.0.1:1", server.url)
        crooked = HttpCall(method=to_call.method, url=url, headers=to_call.headers, body=b"")
        outcome = send(crooked)
        assert isinstance(outcome, Refused)
        assert SECRET not in outcome.reason
        assert server.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://127.0.0.1/x",
        "file:///etc/passwd",
        "http:///x",
        "http://user:word@127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        "",
    ],
)
def test_what_is_no_web_address_is_refused(url):
    assert send(call(url)) == Refused("the address is no web address")


def test_plain_http_is_for_private_networks():
    with Provider() as server:
        outcome = Transport().send(secret_call(server))
        assert outcome == Refused("secrets are not sent over plain http")
        assert server.requests == []


# -- where no call may go ------------------------------------------------------------------

PRIVATE = [
    *("127.0.0.1", "127.255.0.9", "10.0.0.1", "172.16.9.9", "192.168.1.1", "100.64.0.1"),
    *("::1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1"),
]
NEVER = [
    *("169.254.169.254", "fe80::1%eth0", "::ffff:169.254.169.254", "0.0.0.0", "::", "224.0.0.1"),
    *("ff02::1", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::"),
]
PUBLIC = ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34"]


@pytest.mark.parametrize(
    ("address", "without", "with_permission"),
    [
        *((address, False, True) for address in PRIVATE),
        *((address, False, False) for address in NEVER),
        *((address, True, True) for address in PUBLIC),
    ],
)
def test_each_address_is_judged(address, without, with_permission):
    assert may_be_reached(address, may_reach_private=False) is without
    assert may_be_reached(address, may_reach_private=True) is with_permission


@pytest.mark.parametrize("address", [*PRIVATE, *NEVER])
def test_a_name_of_a_private_address_is_refused_before_a_connection(address, network_attempts):
    public = Endpoint(socket.AF_INET, ("93.184.216.34", 443))
    hidden = Endpoint(socket.AF_INET, (address, 443))
    transport = Transport(resolve=lambda host, port: [public, hidden])
    outcome = transport.send(call("https://pager.example/"))
    assert outcome == Refused("the address is in a network that this destination may not")
    assert network_attempts == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "0177.0.0.1"])
def test_other_spellings_of_this_machine_are_refused(host):
    def as_the_system_does(host: str, port: int) -> Sequence[Endpoint]:
        return [Endpoint(socket.AF_INET, (socket.inet_ntoa(socket.inet_aton(host)), port))]

    outcome = Transport(resolve=as_the_system_does).send(call(f"https://{host}/"))
    assert outcome == Refused("the address is in a network that this destination may not")


@pytest.mark.parametrize("host", ["localhost", "[::1]", "127.0.0.1"])
def test_this_machine_is_refused_by_the_resolver_of_the_system(host):
    outcome = Transport().send(call(f"https://{host}/"))
    assert outcome == Refused("the address is in a network that this destination may not")


def test_a_name_that_changes_its_address_is_asked_once(network_attempts):
    """Judged as public and called as private is what a rebinding name wants."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[Endpoint]:
        asked.append(host)
        place = ("93.184.216.34", port) if len(asked) == 1 else ("127.0.0.1", port)
        return [Endpoint(socket.AF_INET, place)]

    with pytest.raises(RuntimeError, match=r"93\.184\.216\.34"):
        Transport(resolve=rebinding).send(call("https://pager.example/"))
    assert asked == ["pager.example"]
    network_attempts.clear()


def test_the_judged_address_hears_the_name():
    with Provider() as server:
        port = int(server.url.rpartition(":")[2])
        transport = Transport(resolve=lambda host, asked: [on_loopback(asked)])
        assert send(call(f"http://pager.example:{port}/"), transport=transport).status == 202
        assert server.requests[0].headers["host"] == f"pager.example:{port}"


def test_the_next_address_is_tried_where_one_does_not_answer():
    with Provider() as server, socket.create_server(("127.0.0.1", 0)) as door:
        dead = door.getsockname()[1]
        door.close()
        live = int(server.url.rpartition(":")[2])
        transport = Transport(resolve=lambda *_: [on_loopback(dead), on_loopback(live)])
        assert send(call("http://pager.example/"), transport=transport).status == 202


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
