"""E-mail: one thread for each subject.

Every mail of a subject answers the same root, which no mail bears: a second page of an incident
under an id that a server has seen would be thrown away as a copy. A mail's own id comes from the
delivery, the same at every attempt, so that a doubled mail can be recognised; most servers still
deliver both.

Status updates are threads of their own, one for each subject, which is one incident and audience.
"""

from collections.abc import Mapping
from email.header import Header
from email.utils import format_datetime

from services.providers import limits
from services.providers.account_checks import plain_key
from services.providers.errors import OptionsInvalid
from services.providers.limits import Limit, fit
from services.providers.mail_headers import header_text, mail_address, named, wire_form
from services.providers.provider import (
    Account,
    Delivered,
    Item,
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


class Email:
    """One SMTP server.

    Options: ``host``, ``sender``, ``port`` (587), ``login`` where it asks for one (the secret is
    its password), ``tls`` ``required`` or ``none``.
    """

    kind = "email"
    secrets: tuple[str, ...] = ("password",)
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

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> MailCall:
        """A mail to the item's address, complete."""
        sender = mail_address(account.options.get("sender", ""), option="sender")
        recipient = mail_address(item.address, option="mail address")
        return MailCall(
            host=_host(account),
            port=_port(account),
            sender=sender,
            recipient=recipient,
            message=wire_form(_headers(item, sender, recipient), _text(item), update_html(item)),
            login=account.options.get("login", ""),
            password=secrets.get("password", "") if account.options.get("login") else "",
            is_tls_required=_is_tls_required(account),
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """By the SMTP code: 4xx is for now, 5xx for good, and no code at all is unsure."""
        reason = reason_of(item, reply, protocol="SMTP")
        if 200 <= reply.status < 300:
            return Delivered(reason=reason)
        if 400 <= reply.status < 500:
            return Retry(reason)
        return Refused(reason) if 500 <= reply.status < 600 else Unsure(reason)


def _headers(item: Item, sender: str, recipient: str) -> dict[str, Header | str]:
    domain = sender.rpartition("@")[2]
    subject_key = plain_key(item.subject_key, _KEY)
    root = f"<{subject_key}.root@{domain}>"
    # The step is in it, as one key may tell of several in a test of an account.
    own = f"<{subject_key}.{plain_key(item.key, _KEY)}.{item.step.value}@{domain}>"
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


def _text(item: Item) -> str:
    lines = [f"{name}: {address}" for name, address in links(item)]
    parts = [headline(item), fit(told(item), limits.MAIL_TEXT), "\n".join(lines)]
    text = "\n\n".join(part for part in parts if part).replace("\r\n", "\n").replace("\r", "\n")
    return fit(text, limits.MAIL_WHOLE) + "\n"


def _host(account: Account) -> str:
    host = account.options.get("host", "")
    if not host.isascii() or not host.replace("-", "").replace(".", "").replace(":", "").isalnum():
        raise OptionsInvalid(option="host", problem="it is not the name of a server")
    return host


def _port(account: Account) -> int:
    text = account.options.get("port", str(USUAL_PORT))
    port = int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else 0
    if not 0 < port < 65_536:
        raise OptionsInvalid(option="port", problem="it is not a number from 1 to 65,535")
    return port


def _is_tls_required(account: Account) -> bool:
    if (wanted := account.options.get("tls", "required")) not in _TLS:
        raise OptionsInvalid(option="tls", problem="it is neither required nor none")
    return _TLS[wanted]
