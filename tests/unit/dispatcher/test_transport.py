"""Calls over HTTP: what was sent, what may have been, and where none may go."""

import gzip
import logging
import socket
from collections.abc import Sequence

import pytest
from providers import contract_server as servers
from providers.contract_server import Answer, Fault
from unit.dispatcher.calling import IMPATIENCE_S, SECRET, Provider, call, secret_call, send
from unit.dispatcher.listening import Listening

from services.dispatcher.addresses import Endpoint
from services.dispatcher.transport import Transport
from services.dispatcher.web import LONGEST_BODY_BYTES
from services.providers.provider import HttpCall, Refused, Reply, Retry, Unsure

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
