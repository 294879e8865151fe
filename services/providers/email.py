"""E-mail: one thread for each subject.

Every mail of a subject answers the same root, which no mail bears: a second page of an incident
under an id that a server has seen would be thrown away as a copy. A mail's own id comes from the
delivery, the same at every attempt, so that a doubled mail can be recognised; most servers still
deliver both.

Status updates are threads of their own, one for each subject, which is one incident and audience.

Where the account has a mailbox, a page is answered by a reply (``services.providers.mail_reply``).
A check of such an account looks into the mailbox too, and goes to itself where nobody is named.
"""

from collections.abc import Mapping
from email.header import Header
from email.utils import format_datetime
from uuid import UUID

from services.providers import limits
from services.providers.account_checks import plain_key
from services.providers.errors import OptionsInvalid
from services.providers.limits import Limit, fit
from services.providers.mail_headers import header_text, mail_address, named, wire_form
from services.providers.mail_reply import HOW_TO_REPLY, SHORTEST_KEY, signed_part
from services.providers.mailbox_options import mailbox_of, port_number, server_name
from services.providers.provider import (
    Account,
    Delivered,
    Item,
    MailboxCall,
    MailCall,
    Outcome,
    Refused,
    Reply,
    Retry,
    Step,
    Unsure,
)
from services.providers.replies import reason_of
from services.providers.update_html import update_html
from services.providers.wording import headline, links, told

USUAL_PORT = 587
_TLS = {"required": True, "none": False}
_KEY = Limit(60)
MAILBOX = "mailbox"
"""What the reply to a look into the mailbox is about."""

_SENT = "sent"
"""Remembered of a check whose mail has left, for the look that follows."""


class Email:
    """One SMTP server.

    Options: ``host``, ``sender``, ``port`` (587), ``login`` where it asks for one (the secret is
    its password), ``tls`` ``required`` or ``none``; those of a mailbox as in
    :func:`services.providers.mailbox_options.mailbox_of`, with its password and the key by which
    replies are signed.
    """

    kind = "email"
    secrets: tuple[str, ...] = ("password", "mailbox_password", "reply_key")
    is_idempotent = False

    def check(self, account: Account) -> None:
        """Refuse what no mail could be sent with.

        Raises:
            OptionsInvalid: names the option.
        """
        _host(account)
        _port(account)
        _is_tls_required(account)
        mail_address(account.options.get("sender", ""), option="sender")
        mailbox_of(account.options)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> MailCall | MailboxCall | None:
        """A mail to the item's address; after that of a check, a look into the mailbox."""
        sender = mail_address(account.options.get("sender", ""), option="sender")
        mailbox = mailbox_of(account.options)
        look = mailbox.call(_password(secrets)) if mailbox is not None and item.is_check else None
        if _SENT in memo:
            return look
        itself = mailbox.address if mailbox is not None and look is not None else ""
        recipient = mail_address(item.address or itself, option="mail address")
        signed = _signed(item, secrets) if mailbox is not None else ""
        headers = _headers(item, sender, recipient, signed)
        if mailbox is not None and signed and mailbox.address != sender:
            headers["Reply-To"] = mailbox.address
        return MailCall(
            host=_host(account),
            port=_port(account),
            sender=sender,
            recipient=recipient,
            message=wire_form(headers, _text(item, signed), update_html(item)),
            login=account.options.get("login", ""),
            password=secrets.get("password", "") if account.options.get("login") else "",
            is_tls_required=_is_tls_required(account),
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """By the SMTP code: 4xx is for now, 5xx for good, and no code at all is unsure."""
        if reply.about == MAILBOX:
            words = reply.body.decode("utf-8", "replace")
            return Delivered(reason=words) if reply.status == 200 else Refused(words)
        reason = reason_of(item, reply, protocol="SMTP")
        if 200 <= reply.status < 300:
            sent = {_SENT: "yes"} if item.is_check else {}
            return Delivered(sent, reason, has_more=item.is_check)
        if 400 <= reply.status < 500:
            return Retry(reason)
        return Refused(reason) if 500 <= reply.status < 600 else Unsure(reason)


def _signed(item: Item, secrets: Mapping[str, str]) -> str:
    """What a reply proves by; empty where none counts. A page leaves all the same."""
    key = secrets.get("reply_key", "")
    if not item.reply_key or len(key) < SHORTEST_KEY:
        return ""
    return signed_part(key, UUID(item.reply_key))


def _password(secrets: Mapping[str, str]) -> str:
    if not (password := secrets.get("mailbox_password", "")):
        raise OptionsInvalid(option="mailbox_password", problem="it is missing")
    return password


def _headers(item: Item, sender: str, recipient: str, signed: str) -> dict[str, Header | str]:
    domain = sender.rpartition("@")[2]
    subject_key = plain_key(item.subject_key, _KEY)
    root = f"<{subject_key}.root@{domain}>"
    # The step is in it, as one key may tell of several in a test of an account.
    own = f"{subject_key}.{plain_key(item.key, _KEY)}.{item.step.value}"
    own = f"<{own}.{signed}@{domain}>" if signed else f"<{own}@{domain}>"
    headers: dict[str, Header | str] = {
        "From": named("Firstline", sender),
        "To": named(item.to_name, recipient),
        "Subject": header_text(subject(item), limits.MAIL_SUBJECT),
        "Date": format_datetime(item.at),
        "Message-ID": own,
        "In-Reply-To": root,
        "References": root,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "List-Id": _list(item, domain),
    }
    if item.step is Step.OPEN and item.severity <= 2:
        headers["Importance"] = "high"
    return headers


def _list(item: Item, domain: str) -> str:
    """Whom it is for, so that readers can sort by it."""
    if item.update is None:
        return f"Firstline <firstline.{domain}>"
    audience = plain_key(item.update.audience, _KEY)
    return f"Firstline status updates <{audience}.updates.firstline.{domain}>"


def subject(item: Item) -> str:
    """The same words in the whole thread, as some readers sort threads by them."""
    title = item.root_summary or item.summary
    # The reference is in brackets once, even where the summary begins with it.
    title = title.removeprefix(item.reference).lstrip(" -:") if item.reference else title
    words = f"[{item.reference}] {title}" if item.reference else title
    answer = "" if item.step is Step.OPEN else "Re: "
    return (answer + words).strip() or "Firstline"


def _text(item: Item, signed: str) -> str:
    lines = [f"{name}: {address}" for name, address in links(item)]
    how = HOW_TO_REPLY if signed else ""
    parts = [headline(item), fit(told(item), limits.MAIL_TEXT), "\n".join(lines), how]
    text = "\n\n".join(part for part in parts if part).replace("\r\n", "\n").replace("\r", "\n")
    return fit(text, limits.MAIL_WHOLE) + "\n"


def _host(account: Account) -> str:
    return server_name(account.options.get("host", ""), option="host")


def _port(account: Account) -> int:
    return port_number(account.options.get("port", str(USUAL_PORT)), option="port")


def _is_tls_required(account: Account) -> bool:
    if (wanted := account.options.get("tls", "required")) not in _TLS:
        raise OptionsInvalid(option="tls", problem="it is neither required nor none")
    return _TLS[wanted]
