"""Calls that tests make, and a provider that takes whatever comes."""

import socket

from providers.contract_server import Answer, ContractServer, Received

from services.dispatcher.addresses import Endpoint
from services.dispatcher.transport import Transport
from services.providers.provider import HttpCall

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
