"""Twilio: text messages and calls.

Twilio knows no key of ours, so that a repeat is a second message. A message therefore ends in a
mark made from its key, and a lost answer is settled by looking for the mark. A call leaves
nothing to look for: it is made again, and says that it may be a repeat.

A page is answered by a text message where the account takes them, and by a key during a call
where Twilio can reach us (``services.providers.twilio_answers``).

Source: Twilio's description of its API 2010-04-01 (``Messages.json``, ``Calls.json``).
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import urlencode

from services.providers.account_checks import base_url, secret_in
from services.providers.errors import OptionsInvalid
from services.providers.limits import TWILIO_LINK, TWILIO_SPOKEN, TWILIO_WORDS, link
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Outcome,
    Reply,
    Step,
    Unsure,
)
from services.providers.replies import answer_of, failure
from services.providers.sms import compose, parts_of, plain
from services.providers.twilio_answers import asked, how_to_reply, read_out, reply_code
from services.providers.wording import title

BASE_URL = "https://api.twilio.com"
# A page that could not leave within an hour is no news; Twilio itself would try for ten hours.
VALIDITY_S = 3_600

_SID = {
    "account_sid": re.compile(r"AC[0-9a-fA-F]{32}"),
    "key_sid": re.compile(r"SK[0-9a-fA-F]{32}"),
    "messaging_service_sid": re.compile(r"MG[0-9a-fA-F]{32}"),
}
_TOKEN = re.compile(r"[A-Za-z0-9]{16,64}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
# A number, a short code, or up to 11 letters and digits of which one is a letter.
_SENDER = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")
_CAN_BE_ANSWERED = re.compile(r"\+?[0-9]+")


class TwilioSms:
    """Text messages. Options: ``account_sid``, and as sender ``from`` or ``messaging_service_sid``.

    The token is the account's, or the secret of an API key, whose id is the option ``key_sid``.
    ``replies`` is ``yes`` where Twilio passes on to us what people text back; it signs that with
    the account's token.
    """

    kind = "twilio_sms"
    secrets: tuple[str, ...] = ("token",)
    is_idempotent = False

    def check(self, account: Account) -> None:
        """Refuse ids and senders that Twilio would refuse.

        Raises:
            OptionsInvalid: names the option.
        """
        _check_account(account)
        if "messaging_service_sid" not in account.options:
            _check_sender(account, _SENDER)
        if _takes_replies(account):
            _check_replies(account)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall:
        """A text message; one SMS where that leaves its words readable."""
        self.check(account)
        return _post(
            account,
            secrets,
            "Messages.json",
            {
                "To": _number(item),
                **_sender(account),
                "Body": _sms_text(item, _how_to_reply(item, account, secrets)),
                "ValidityPeriod": str(VALIDITY_S),
            },
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken is not arrived: what the network makes of it is not known here."""
        return _read(item, reply)

    def look(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall:
        """Ask for the latest messages to this number.

        Not by day of sending, which a message still waiting at Twilio does not have.
        """
        query = urlencode({"To": _number(item), "PageSize": "50"})
        return HttpCall(
            method="GET",
            url=f"{_address(account, 'Messages.json')}?{query}",
            headers=_login(account, secrets),
            is_replayable=True,
        )

    def found(self, item: Item, reply: Reply) -> Mapping[str, str] | None:
        """The message that ends in this item's mark, unless Twilio itself has given it up."""
        messages = answer_of(reply).get("messages")
        for message in messages if isinstance(messages, list) else []:
            if (
                isinstance(message, dict)
                and str(message.get("body")).endswith(_mark(item))
                and message.get("status") not in {"failed", "undelivered", "canceled"}
            ):
                return {"sid": str(message.get("sid"))}
        return None


class TwilioVoice:
    """Calls that read a page aloud, twice. Options as for text messages; ``from`` is a number.

    Only a new page rings: what comes after it can wait for the morning.
    """

    kind = "twilio_voice"
    secrets: tuple[str, ...] = ("token",)
    is_idempotent = False

    def check(self, account: Account) -> None:
        """Refuse ids and numbers that Twilio would refuse.

        Raises:
            OptionsInvalid: names the option.
        """
        _check_account(account)
        _check_sender(account, _NUMBER)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """A call."""
        self.check(account)
        if item.step is not Step.OPEN:
            return None
        fields = {"To": _number(item), **_sender(account), "Twiml": _twiml(item)}
        return _post(account, secrets, "Calls.json", fields)

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken is not answered: whether anybody picks up is not known here."""
        return _read(item, reply)


def _check_account(account: Account) -> None:
    base_url(account, BASE_URL)
    if "account_sid" not in account.options:
        raise OptionsInvalid(option="account_sid", problem="it is missing")
    for option, shape in _SID.items():
        value = account.options.get(option)
        if value is not None and not shape.fullmatch(value):
            raise OptionsInvalid(option=option, problem="it is not an id of Twilio's")


def _check_sender(account: Account, shape: re.Pattern[str]) -> None:
    if not shape.fullmatch(account.options.get("from", "")):
        raise OptionsInvalid(option="from", problem="it is not a sender, such as +15550001111")


def _takes_replies(account: Account) -> bool:
    return account.options.get("replies") == "yes"


def _check_replies(account: Account) -> None:
    if "key_sid" in account.options:
        problem = "what people text back is signed with the account's token, so no key can be used"
        raise OptionsInvalid(option="key_sid", problem=problem)
    if not _CAN_BE_ANSWERED.fullmatch(account.options.get("from", "0")):
        raise OptionsInvalid(option="from", problem="nobody can text back to a name")


def _how_to_reply(item: Item, account: Account, secrets: Mapping[str, str]) -> str:
    """How this page is answered by text; empty where it cannot be."""
    if not (_takes_replies(account) and item.step is Step.OPEN and item.keypad_url):
        return ""
    return how_to_reply(reply_code(secret_in(secrets, "token", _TOKEN), item.key))


def _sender(account: Account) -> dict[str, str]:
    names = {"from": "From", "messaging_service_sid": "MessagingServiceSid"}
    return {
        field: account.options[option]
        for option, field in names.items()
        if option in account.options
    }


def _number(item: Item) -> str:
    if not _NUMBER.fullmatch(item.address):
        raise OptionsInvalid(option="address", problem="it is not a number such as +15550001111")
    return item.address


def _address(account: Account, resource: str) -> str:
    sid = account.options["account_sid"]
    return f"{base_url(account, BASE_URL)}/2010-04-01/Accounts/{sid}/{resource}"


def _login(account: Account, secrets: Mapping[str, str]) -> dict[str, str]:
    name = account.options.get("key_sid", account.options["account_sid"])
    login = b64encode(f"{name}:{secret_in(secrets, 'token', _TOKEN)}".encode()).decode()
    return {"Authorization": f"Basic {login}", "Accept": "application/json"}


def _post(
    account: Account, secrets: Mapping[str, str], resource: str, fields: Mapping[str, str]
) -> HttpCall:
    return HttpCall(
        method="POST",
        url=_address(account, resource),
        headers={
            **_login(account, secrets),
            "Content-Type": "application/x-www-form-urlencoded",
        },
        body=urlencode(fields).encode(),
    )


def _read(item: Item, reply: Reply) -> Outcome:
    if failed := failure(item, reply):
        return failed
    answer = answer_of(reply)
    sid, status = answer.get("sid"), answer.get("status")
    if not isinstance(sid, str) or not isinstance(status, str):
        return Unsure("no answer that Twilio documents")
    return Delivered({"sid": sid}, f"taken by Twilio: {status}")


def _twiml(item: Item) -> str:
    words = title(item, TWILIO_SPOKEN)
    address = link(item.keypad_url, TWILIO_LINK)
    return asked(f"{words}.", address) if address else read_out(words)


def _sms_text(item: Item, how_to_reply: str) -> str:
    """The words, how to answer, and the mark.

    A reply needs no link. A link to answer is worth a second SMS, another is not.
    """
    words = plain(title(item, TWILIO_WORDS))
    answer = how_to_reply or link(item.acknowledge_url, TWILIO_LINK)
    if answer:
        return compose(words, f" {answer} {_mark(item)}")
    page = link(item.url, TWILIO_LINK)
    linked = compose(words, f" {page} {_mark(item)}")
    return linked if page and parts_of(linked) == 1 else compose(words, f" {_mark(item)}")


def _mark(item: Item) -> str:
    """Six digits that tell this message from all others to the same number."""
    return "#" + sha256(item.key.encode(errors="surrogatepass")).hexdigest()[:6]
