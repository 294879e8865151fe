"""Handing a mail to the server of the tests, over the product's own transport."""

from providers.calling import PATIENCE_S, outcome_of
from providers.mail_server import MailServer

from services.providers.email import Email
from services.providers.provider import Account, Item, Outcome

SENDER = "desk@example.com"
OPTIONS = {"host": "127.0.0.1", "sender": SENDER, "tls": "none"}


def deliver(server: MailServer, item: Item, patience_s: float = PATIENCE_S) -> Outcome:
    """Build, hand over and read once."""
    account = Account(id="a", options={**OPTIONS, "port": str(server.port)})
    return outcome_of(Email(), item, Email().build(item, account, {}, {}), patience_s)
