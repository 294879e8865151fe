"""The server of our own does what it is told: otherwise the contracts prove nothing."""

import socket

import pytest
from providers import contract_server as servers
from providers.calling import IMPATIENCE_S, PATIENCE_S, outcome_of, send
from providers.contract_server import Answer, ContractServer, Received
from providers.examples import OPENED

from services.dispatcher.web import LONGEST_BODY_BYTES
from services.providers.pagerduty import PagerDuty
from services.providers.provider import HttpCall, Outcome, Unsure


class Echo(ContractServer):
    """Keeps each word once."""

    def __init__(self) -> None:
        super().__init__()
        self.words: set[bytes] = set()

    def answer(self, request: Received) -> Answer:
        self.require(request.method == "POST", "words are posted")
        self.words.add(request.body)
        return Answer(202, b"taken: " + request.body)


def post(server: ContractServer, word: bytes = b"word") -> HttpCall:
    return HttpCall(method="POST", url=server.url + "/path?x=1", headers={"X-A": "b"}, body=word)


def tried(server: ContractServer, patience_s: float = PATIENCE_S) -> Outcome:
    """What becomes of a call whose answer nobody has to read."""
    return outcome_of(PagerDuty(), OPENED, post(server), patience_s)


def test_a_request_arrives_as_it_was_sent():
    with Echo() as server:
        reply = send(post(server))
        assert (reply.status, reply.body) == (202, b"taken: word")
        (request,) = server.requests
        assert (request.method, request.path, request.query) == ("POST", "/path", {"x": "1"})
        assert request.headers["x-a"] == "b"


@pytest.mark.parametrize("fault", [servers.SILENCE, servers.CUT, servers.CLOSED, servers.DRIP])
def test_what_was_taken_may_be_answered_badly(fault):
    with Echo() as server:
        server.misbehave(fault)
        patience_s = IMPATIENCE_S if fault in {servers.SILENCE, servers.DRIP} else PATIENCE_S
        assert isinstance(tried(server, patience_s), Unsure)
        server.await_seen(1)
        assert server.words == {b"word"}
        assert send(post(server)).status == 202


def test_a_huge_answer_is_cut():
    with Echo() as server:
        server.misbehave(servers.HUGE)
        assert len(send(post(server)).body) == LONGEST_BODY_BYTES < servers.HUGE_BYTES


@pytest.mark.parametrize(
    ("fault", "status", "taken"),
    [
        (servers.ERROR, 500, False),
        (servers.ERROR_AFTER_TAKING, 502, True),
        (servers.GONE, 410, False),
        (servers.throttle(Retry_After="7"), 429, False),
        (servers.lie(200, {"ok": False}), 200, False),
    ],
)
def test_a_status_may_say_anything(fault, status, taken):
    with Echo() as server:
        server.misbehave(fault)
        assert send(post(server)).status == status
        assert bool(server.words) == taken


def test_a_redirect_is_not_followed():
    with Echo() as server:
        server.misbehave(servers.REDIRECT)
        reply = send(post(server))
        assert reply.headers["location"] == "/stolen"
        assert [request.path for request in server.requests] == ["/path"]


def test_a_breach_fails_the_test_unless_it_was_its_point():
    with pytest.raises(AssertionError, match="words are posted"), Echo() as server:
        assert send(HttpCall(method="GET", url=server.url)).status == 400
    with Echo() as server:
        send(HttpCall(method="GET", url=server.url))
        assert server.forgive() == ["words are posted"]


def test_a_bug_of_the_server_and_a_fault_never_met_fail_the_test(capsys):
    class Buggy(ContractServer):
        def answer(self, request: Received) -> Answer:
            raise KeyError

    with (
        pytest.raises(AssertionError, match="KeyError"),
        Buggy() as server,
    ):
        assert isinstance(tried(server), Unsure)
    with pytest.raises(AssertionError, match="never met"), Echo() as echo:
        echo.misbehave(servers.CUT)


def test_its_door_is_shut_afterwards():
    with Echo() as server:
        port = int(server.url.rpartition(":")[2])
    with socket.socket() as plug:
        assert plug.connect_ex(("127.0.0.1", port)) != 0
