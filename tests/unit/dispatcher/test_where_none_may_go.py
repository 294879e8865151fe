"""Where no call may go: networks that are private, names that change, redirects in disguise."""

import socket
from collections.abc import Sequence

import pytest
from unit.dispatcher.calling import Provider, call, on_loopback, secret_call, send

from services.dispatcher.addresses import Endpoint, may_be_reached
from services.dispatcher.transport import Transport
from services.providers.provider import Refused


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
