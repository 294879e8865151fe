"""Any text in any field, at every provider, in full counts."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from providers.chats import CHATS, UPDATES
from providers.examples import ITEMS
from providers.mail_server import MailServer
from providers.mailing import deliver
from providers.pagers import PAGERS, Pager, assert_takes
from providers.pages import PAGES

from services.providers.provider import Delivered, Item

EXAMPLES, PARTS = 5_000, 10
"""Of each provider; a part is over in seconds, and soon enough where much else runs."""

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]
every_part = pytest.mark.parametrize("part", range(PARTS))


def given_a_part(take: Callable[[Item], None]) -> None:
    """Let it take a part of the items. How fast they come tells of the machine alone."""

    @settings(max_examples=EXAMPLES // PARTS, suppress_health_check=[HealthCheck.too_slow])
    @given(ITEMS)
    def one(item: Item) -> None:
        take(item)

    one()


@every_part
@pytest.mark.parametrize("pager", [*PAGERS, *CHATS, *PAGES, *UPDATES], ids=str)
def test_every_provider_takes_any_text(pager: Pager, part: int) -> None:
    with pager.calling() as caller:
        given_a_part(partial(assert_takes, pager, caller))


@every_part
def test_a_mail_server_takes_any_text(part: int) -> None:
    with MailServer() as server:

        def one(item: Item) -> None:
            outcome = deliver(server, replace(item, address="kim@example.com"))
            assert isinstance(outcome, Delivered), (outcome, server.breaches)
            server.mails.clear()

        given_a_part(one)
