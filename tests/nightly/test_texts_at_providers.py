"""Any text in any field, at every provider, in full counts."""

from dataclasses import replace

import pytest
from hypothesis import given
from providers.chats import CHATS, UPDATES
from providers.examples import ITEMS
from providers.mail_server import MailServer
from providers.mailing import deliver
from providers.pagers import PAGERS
from providers.pages import PAGES

from services.providers.provider import Delivered

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(900)]


@pytest.mark.parametrize("pager", [*PAGERS, *CHATS, *PAGES, *UPDATES], ids=str)
def test_every_provider_takes_any_text(pager):
    with pager.calling() as caller:

        @given(ITEMS)
        def one(item):
            told = pager.item(item)
            if caller.build(told) is not None:
                outcome = caller.deliver(told)
                assert isinstance(outcome, Delivered), (outcome, caller.server.breaches)
            caller.server.requests.clear()
            if pager in PAGES:
                caller.server.incidents.clear()

        one()


def test_a_mail_server_takes_any_text():
    with MailServer() as server:

        @given(ITEMS)
        def one(item):
            outcome = deliver(server, replace(item, address="kim@example.com"))
            assert isinstance(outcome, Delivered), (outcome, server.breaches)
            server.mails.clear()

        one()
