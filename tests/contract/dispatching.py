"""A paging world whose people are reached through a receiver of webhooks, and who sends there."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import paging_world
import pytest
from builders import ADAM
from paging_world import PUSH, SMS_ACCOUNT, PagingWorld
from providers.webhook_server import PATH, SECRET, WebhookServer

from services.core.ids import new_id
from services.core.records import Record
from services.dispatcher.accounts import Accounts
from services.dispatcher.figures import Figures
from services.dispatcher.poison import Poison
from services.dispatcher.secrets import FileSecrets
from services.dispatcher.sender import Sender, Surroundings
from services.dispatcher.transport import Transport
from services.paging.destination import Destination, ProviderKind
from services.paging.notice_commands import SendTest
from services.paging.page import Delivery, DeliveryAttempt

NO_TIME_PASSES = 0.5


def founding_through(kind: ProviderKind, base_url: str, options: str = "{}") -> list[Record]:
    """The founding records, with every destination one account of this provider."""
    return [
        replace(record, kind=kind, base_url=base_url, options=options, may_reach_private=True)
        if isinstance(record, Destination)
        else record
        for record in paging_world.founding()
    ]


@contextmanager
def reached_through(
    patch: pytest.MonkeyPatch, kind: ProviderKind, base_url: str, options: str = "{}"
) -> Iterator[None]:
    """Paging worlds made meanwhile reach everybody through one provider."""
    records = founding_through(kind, base_url, options)
    with patch.context() as patched:
        patched.setattr(paging_world, "founding", lambda: records)
        yield


def secrets_file(folder: Path, secrets: Mapping[str, str]) -> Path:
    """A file of secrets, private to us, for both destinations."""
    path = folder / "secrets"
    path.touch(mode=0o600)
    lines = [
        f"{id_}:{slot} = {text}" for slot, text in secrets.items() for id_ in (PUSH, SMS_ACCOUNT)
    ]
    path.write_text("\n".join(lines))
    return path


@dataclass
class Sending:
    """A sender in a paging world; its steady clock moves only when told."""

    world: PagingWorld
    folder: Path
    secrets: Mapping[str, str] = field(default_factory=lambda: {"signing_secret": SECRET})
    given: Mapping[str, Any] = field(default_factory=dict)
    now_s: float = 0.0

    def __post_init__(self) -> None:
        self.figures, self.poison = Figures(), Poison()
        self.waited_s: list[float] = []
        usual: dict[str, Any] = {
            "name": "test",
            "engine": self.world.engine,
            "transport": Transport(),
            "secrets": FileSecrets(secrets_file(self.folder, self.secrets)),
            "accounts": Accounts(lambda: self.now_s, lambda: NO_TIME_PASSES),
            "figures": self.figures,
            "poison": self.poison,
            "pause": self._pause,
            "now_s": lambda: self.now_s,
            "jitter": lambda: NO_TIME_PASSES,
        }
        self.sender = Sender(Surroundings(**{**usual, **self.given}))

    def _pause(self, seconds: float) -> bool:
        self.waited_s.append(seconds)
        self.now_s += seconds
        return False

    def send(self) -> int:
        """Send all that is due; how many those were."""
        count = 0
        while self.send_one():
            count += 1
        return count

    def send_one(self) -> bool:
        """Send the most urgent delivery; False where none is due."""
        claims = self.sender.claim(1)
        for claim in claims:
            self.sender.send(claim)
        return bool(claims)

    def after(self, seconds: float) -> int:
        """Let time pass for the database and the sender, and send what is due then."""
        self.now_s += seconds
        self.world.after(seconds)
        return self.send()

    def deliveries(self) -> list[Delivery]:
        """All there are, the first made first."""
        self.world.desk.sync()
        return sorted(
            self.world.desk.find(Delivery), key=lambda each: (each.created_at, each.due_at)
        )

    def attempts(self) -> list[DeliveryAttempt]:
        """All that were made, in order."""
        self.world.desk.sync()
        return sorted(self.world.desk.find(DeliveryAttempt), key=lambda each: each.started_at)


Receiving = tuple[Sending, WebhookServer]
"""Who sends, and who is sent to."""


@contextmanager
def webhook_world(
    office: Any, patch: pytest.MonkeyPatch, folder: Path, **given: Any
) -> Iterator[Receiving]:
    """Everybody is reached through a receiver of webhooks."""
    with (
        WebhookServer() as server,
        reached_through(patch, ProviderKind.WEBHOOK, server.url + PATH),
        paging_world.paging_in_file(office) as world,
    ):
        yield Sending(world, folder, given=given), server


def ask_for_a_test(sender: Sending) -> None:
    """A test to the channel: nobody's address is needed."""
    command = SendTest(delivery_id=new_id(sender.world.office.clock.now()), destination_id=PUSH)
    sender.world.desk.do(command, ADAM)
