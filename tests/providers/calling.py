"""Making a provider's call in tests, over the product's own transport."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from providers.contract_server import ContractServer

from services.dispatcher.transport import Transport
from services.providers.provider import (
    Account,
    Call,
    Delivered,
    HttpCall,
    Item,
    Outcome,
    Provider,
    Reply,
)

PATIENCE_S = 10.0
IMPATIENCE_S = 0.2
"""For servers that are told to be silent, or never to come to an end."""

_TRANSPORT = Transport()


def send(call: Call) -> Reply:
    """The provider's answer, which has to come."""
    answer = _TRANSPORT.send(call, may_reach_private=True, patience_s=PATIENCE_S)
    assert isinstance(answer, Reply), answer
    return answer


def outcome_of(
    provider: Provider, item: Item, call: Call, patience_s: float = PATIENCE_S
) -> Outcome:
    """What became of a call, with an answer or without."""
    answer = _TRANSPORT.send(call, may_reach_private=True, patience_s=patience_s)
    return provider.read(item, answer) if isinstance(answer, Reply) else answer


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
        """Build, call and read, as often as the provider has more to say of the item."""
        call = self.build(item)
        assert call is not None, f"no word for {item.step}"
        outcome = outcome_of(self.provider, item, call, patience_s)
        memo: dict[str, str] = {}
        while isinstance(outcome, Delivered) and outcome.has_more:
            memo |= outcome.memo
            following = self.provider.build(item, self.account, self.secrets, {**self.memo, **memo})
            if following is None:
                return Delivered(memo, outcome.reason)
            outcome = outcome_of(self.provider, item, following, patience_s)
        return replace(outcome, memo={**memo, **outcome.memo})
