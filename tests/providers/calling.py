"""Making a provider's call over HTTP in tests, as carefully as the product does."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests
from providers.contract_server import ContractServer
from urllib3.exceptions import HTTPError

from services.providers.provider import (
    Account,
    HttpCall,
    Item,
    Outcome,
    Provider,
    Reply,
    Retry,
    Unsure,
)

PATIENCE_S = 10.0
IMPATIENCE_S = 0.2
"""For servers that are told to be silent, or never to come to an end."""
LONGEST_REPLY_BYTES = 64_000


class TooLong(Exception):
    """The answer took more time, or more room, than it may."""


def send(call: HttpCall, patience_s: float = PATIENCE_S) -> Reply:
    """The provider's answer, cut at 64,000 bytes.

    Raises:
        requests.RequestException: no whole answer came.
        TooLong: the answer came too slowly.
    """
    with requests.Session() as session:
        session.trust_env = False
        with session.request(
            call.method,
            call.url,
            headers=dict(call.headers),
            data=call.body,
            timeout=(PATIENCE_S, patience_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            names = {name.lower(): value for name, value in response.headers.items()}
            try:
                body = _body(response, patience_s)
            except HTTPError as broken:
                # Reading bytes as they come leaves the library's inner errors as they are.
                raise requests.ConnectionError(broken) from broken
            return Reply(status=response.status_code, body=body, headers=names)


def _body(response: requests.Response, patience_s: float) -> bytes:
    body = b""
    ends_at = time.monotonic() + patience_s
    # Bytes as they come: waiting for more would let a drip go on for ever.
    while piece := response.raw.read1(LONGEST_REPLY_BYTES):
        body += piece
        if len(body) > LONGEST_REPLY_BYTES:
            break
        if time.monotonic() > ends_at:
            raise TooLong
    return body[:LONGEST_REPLY_BYTES]


def outcome_of(
    provider: Provider, item: Item, call: HttpCall, patience_s: float = PATIENCE_S
) -> Outcome:
    """What became of a call: lost answers are unsure, and a door that stays shut is tried later."""
    try:
        reply = send(call, patience_s)
    except requests.ConnectTimeout:
        return Retry("nobody answers")
    except (requests.RequestException, TooLong) as error:
        return Unsure(type(error).__name__)
    return provider.read(item, reply)


@dataclass
class Caller:
    """One account at one provider, with what it remembers of a subject."""

    provider: Provider
    server: ContractServer
    secrets: Mapping[str, str]
    options: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    memo: dict[str, str] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        return Account(id="acc", base_url=self.server.url + self.path, options=self.options)

    def build(self, item: Item) -> HttpCall | None:
        call = self.provider.build(item, self.account, self.secrets, self.memo)
        assert call is None or isinstance(call, HttpCall)
        return call

    def deliver(self, item: Item, patience_s: float = PATIENCE_S) -> Outcome:
        """Build, call and read once."""
        call = self.build(item)
        assert call is not None, f"no word for {item.step}"
        return outcome_of(self.provider, item, call, patience_s)
