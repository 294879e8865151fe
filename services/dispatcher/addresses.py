"""Which addresses a call may go to.

A destination is written by an administrator of the desk, not of the network in which the
dispatcher runs: without permission it cannot be turned against what is only reachable from there.
A name is resolved once, every address it has is judged, and the call goes to one of those.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a socket connects to."""

    family: int
    place: tuple[str, int] | tuple[str, int, int, int]


Resolve = Callable[[str, int], Sequence[Endpoint]]


def resolve(host: str, port: int) -> Sequence[Endpoint]:
    """Every address of a name, in the order of the system's preference.

    Raises:
        OSError: the name has none.
        UnicodeError: it is no name.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [
        Endpoint(family, place)  # type: ignore[arg-type]  # the other shape is Bluetooth's
        for family, _, _, _, place in found
        if family in {socket.AF_INET, socket.AF_INET6}
    ]


def may_be_reached(address: str, *, may_reach_private: bool) -> bool:
    """Whether a call may go to this IP address.

    Of what is not public, permission opens this machine and private networks. Link-local
    addresses stay closed, as clouds keep their keys there.
    """
    ip = _meant(ipaddress.ip_address(address.partition("%")[0]))
    if ip.is_multicast or ip.is_unspecified or ip.is_link_local:
        return False
    return may_reach_private or ip.is_global


def _meant(ip: Ip) -> Ip:
    """The IPv4 address inside an IPv6 address that only carries it."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
