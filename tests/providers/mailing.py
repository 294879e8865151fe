"""Handing a mail to the server of the tests, as carefully as the product does."""

import smtplib

from providers.calling import PATIENCE_S
from providers.mail_server import MailServer

from services.providers.email import Email
from services.providers.provider import Account, Item, MailCall, Outcome, Reply, Unsure

SENDER = "desk@example.com"
OPTIONS = {"host": "127.0.0.1", "sender": SENDER, "tls": "none"}


def deliver(server: MailServer, item: Item, patience_s: float = PATIENCE_S) -> Outcome:
    """Build, hand over and read once, as the product does it."""
    account = Account(id="a", options={**OPTIONS, "port": str(server.port)})
    call = Email().build(item, account, {}, {})
    return hand_over(call, item, patience_s)


def hand_over(call: MailCall, item: Item, patience_s: float = PATIENCE_S) -> Outcome:
    try:
        with smtplib.SMTP(call.host, call.port, "desk.example.com", patience_s) as mail:
            mail.ehlo()
            mail.mail(call.sender)
            code, words = mail.rcpt(call.recipient)
            if code == 250:
                code, words = mail.data(call.message)
            return Email().read(item, Reply(status=code, body=words))
    except (smtplib.SMTPServerDisconnected, TimeoutError) as lost:
        return Unsure(type(lost).__name__)
