"""The pager providers, each with its server and what it needs to get in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from providers import genie_server, goalert_server, ntfy_server, pagerduty_server, webhook_server
from providers.calling import Caller
from providers.contract_server import ContractServer, Fault
from providers.examples import OPENED
from providers.faults import DOUBTFUL

from services.providers.catalogue import PROVIDER_OF
from services.providers.provider import Delivered, Item, Step
from services.providers.public_pages import absent

SERVER = "http://server"
"""Stands in a secret for where the server will be."""


@dataclass(frozen=True)
class Pager:
    """One provider with its server and what it needs to get in."""

    kind: str
    server: Callable[[], ContractServer]
    secrets: Mapping[str, str]
    lies: Sequence[Fault]
    path: str = ""
    address: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    taken_as_success: frozenset[str] = frozenset()
    """Misbehaviours that its documents, or HTTP, make a success."""
    dressed: Callable[[Item], Item] = lambda item: item
    """What an item is made into: a status update, or a room."""
    memo: Mapping[str, str] = field(default_factory=dict)
    what: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.what}".strip()

    def item(self, item: Item = OPENED) -> Item:
        """The item as this provider is given it."""
        return self.dressed(replace(item, address=self.address))

    def caller(self, server: ContractServer) -> Caller:
        """An account at the server."""
        secrets = {slot: text.replace(SERVER, server.url) for slot, text in self.secrets.items()}
        memo = dict(self.memo)
        return Caller(PROVIDER_OF[self.kind], server, secrets, self.options, self.path, memo)

    @contextmanager
    def calling(self) -> Iterator[Caller]:
        with self.server() as server:
            yield self.caller(server)


def assert_takes(pager: Pager, caller: Caller, item: Item) -> None:
    """A provider takes an item, where it has a word for it; the server then forgets the calls."""
    told = pager.item(item)
    if pager.kind == "genie" and told.step is not Step.OPEN:
        caller.deliver(replace(told, step=Step.OPEN))  # it tells of acts on nothing
    # Nobody knows whose an incident is that another text left open under the same name.
    caller.memo |= absent(told)
    if caller.build(told) is not None:
        outcome = caller.deliver(told)
        assert isinstance(outcome, Delivered), (outcome, caller.server.breaches)
    caller.server.requests.clear()


PAGERS = [
    Pager(
        "pagerduty",
        pagerduty_server.PagerDutyServer,
        {"routing_key": pagerduty_server.ROUTING_KEY},
        pagerduty_server.LIES,
    ),
    Pager(
        "genie",
        genie_server.GenieServer,
        {"api_key": genie_server.API_KEY},
        genie_server.LIES,
        path=genie_server.PATH,
    ),
    Pager(
        "goalert",
        goalert_server.GoAlertServer,
        {"token": goalert_server.TOKEN},
        [],
        taken_as_success=frozenset({"drip", "cut", "huge"}),
    ),
    Pager(
        "ntfy",
        ntfy_server.NtfyServer,
        {"token": ntfy_server.TOKEN},
        ntfy_server.LIES,
        address=ntfy_server.TOPIC,
    ),
    Pager(
        "webhook",
        webhook_server.WebhookServer,
        {"signing_secret": webhook_server.SECRET},
        [],
        path=webhook_server.PATH,
        taken_as_success=frozenset(case.name for case in DOUBTFUL),
    ),
]
