"""Replies to our mails: how a mail is made so that one is known, and what one says.

The right to answer is a signature in the id of the mail that was sent, which every mail program
writes into ``In-Reply-To`` and ``References`` of a reply. It is made of the delivery's id with a
key that the shared database does not hold. Who a mail claims to be from proves nothing.

Source: RFC 5322 (3.6.4), RFC 3834 (automatic replies), RFC 3462 (reports of servers).
"""

import base64
import contextlib
import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr
from html.parser import HTMLParser
from typing import Final
from uuid import UUID

from services.providers.answer_words import PageAnswer, leading_answer

SHORTEST_KEY: Final = 32
"""A key of replies has at least so many characters: whoever got a mail could try to guess it."""

HOW_TO_REPLY: Final = (
    "Answer by a reply that begins with one of these words:\n"
    "ack - you take it. decline - you can't, next please.\n"
    "snooze 30 - silence for 30 minutes. escalate - the next step now."
)

_CODE_BYTES: Final = 16
_ID = re.compile(r"\.([0-9a-f]{32})\.([a-z2-7]{26})@", re.IGNORECASE)
_MOST_IDS: Final = 50

_BY_MACHINES: Final = (
    *("list-id", "list-unsubscribe", "x-autoreply", "x-autorespond", "x-autoresponder"),
    *("x-auto-response-suppress", "x-failed-recipients", "x-loop", "feedback-id"),
)
"""Headers that no person's mail program writes."""

_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_SERVERS: Final = frozenset({"mailer-daemon", "postmaster", "no-reply", "noreply", ""})
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(auto(matic|mated)?[\s:-]*(reply|response|answer)|auto:|out of (the )?office|ooo\b|abwesen"
    r"|r[ée]ponse automatique|respuesta autom|resposta autom|undeliver|delivery (status|failure)"
    r"|mail delivery|returned mail|failure notice)",
    re.IGNORECASE,
)

_SEPARATOR = re.compile(
    r"\s*(-{2,}.*(original|forwarded|urspr|message d'origine).*|_{5,}|\*?(From|Von|De|Da|Van|Fra)"
    r"\s?:\*?\s.*)",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(r".*(:|<[^>\s]+@[^>\s]+>:?|wrote|schrieb|a écrit|escribió|escreveu)\s*")
_BEGINNINGS = ("On ", "Am ", "Le ", "El ", "Em ", "Op ", "Il ")
_BLANK = "\u200b\ufeff\u00a0\u200e\u200f \t"


def reply_code(key: str, delivery_id: UUID) -> str:
    """The signature of a delivery, in 26 letters and digits of lower case."""
    text = f"firstline/mail-reply/{delivery_id}"
    made = hmac.digest(key.encode(), text.encode(), hashlib.sha256)[:_CODE_BYTES]
    return base64.b32encode(made).decode().rstrip("=").lower()


def signed_part(key: str, delivery_id: UUID) -> str:
    """What a mail's id holds behind its last dot but one, so that a reply is known."""
    return f"{delivery_id.hex}.{reply_code(key, delivery_id)}"


@dataclass(frozen=True, slots=True)
class MailReply:
    """What a mail says, as far as a reply counts.

    ``signed`` are the deliveries that it claims to answer, each with a signature not judged yet.
    ``sender`` is in lower case. ``answer`` is None where its own first words are none.
    """

    signed: tuple[tuple[UUID, str], ...]
    sender: str
    is_automatic: bool
    answer: PageAnswer | None

    def delivery(self, key: str) -> UUID | None:
        """The delivery that it answers, by a signature that is right; None where none is."""
        for delivery_id, code in self.signed:
            if hmac.compare_digest(reply_code(key, delivery_id), code):
                return delivery_id
        return None


def signed_ids(headers: str) -> tuple[tuple[UUID, str], ...]:
    """The deliveries that headers of a reply name, the last named first."""
    found = _ID.findall(headers)[-_MOST_IDS:]
    return tuple((UUID(hex=id_), code.lower()) for id_, code in reversed(found))


def read_reply(raw: bytes) -> MailReply:
    """What a mail says. It may be cut off, and may be no mail at all."""
    try:
        mail = message_from_bytes(raw)
        text = _text(mail)
    except RecursionError:  # parts within parts, a thousand deep: no person wrote that
        return MailReply((), "", True, None)
    headers = _headers(mail)
    named = f"{headers.get('references', '')} {headers.get('in-reply-to', '')}"
    return MailReply(
        signed=signed_ids(named),
        sender=_sender(headers),
        is_automatic=is_automatic(mail),
        answer=answer_in(own_line(text)),
    )


def is_automatic(mail: "Message[str, str]") -> bool:
    """Whether no person wrote this mail: an absence, a report of a server, a list."""
    headers = _headers(mail)
    submitted = headers.get("auto-submitted", "no").partition(";")[0].strip().lower()
    return (
        submitted not in {"no", ""}
        or headers.get("precedence", "").strip().lower() in _BULK
        or any(name in headers for name in _BY_MACHINES)
        or headers.get("return-path", "x").replace(" ", "") in {"<>", ""}
        or mail.get_content_type() in {"multipart/report", "message/delivery-status"}
        or _sender(headers).partition("@")[0] in _SERVERS
        or _AUTOMATIC_SUBJECT.match(headers.get("subject", "")) is not None
    )


def answer_in(line: str) -> PageAnswer | None:
    """The answer with which a line of somebody's own begins.

    A digit stands alone. Behind a word there may be more, but no question and no colon: a line of
    our own mail that names a link begins with the same word.
    """
    found = leading_answer(line)
    if found is None:
        return None
    answer, rest = found
    is_digit = line.strip()[0].isdigit()
    if is_digit:
        return answer if not rest.strip(" .!") else None
    return None if rest[:1] in {":", "?", "-", "/", "@", "'", "’"} or rest[:1].isalnum() else answer


def own_line(text: str) -> str:
    """The first line that is not quoted; empty where there is none, or where that is unclear."""
    has_attribution = has_quoted = False
    for line in text.splitlines():
        bare = line.strip(_BLANK)
        if not bare:
            continue
        if bare.startswith((">", "|")):
            has_quoted = True
        elif bare == "--" or _SEPARATOR.fullmatch(bare):
            return ""
        elif _is_attribution(bare):
            has_attribution = True
        elif has_attribution and not has_quoted:
            return ""  # what follows is quoted, though no sign says so
        else:
            return bare
    return ""


def _is_attribution(line: str) -> bool:
    """``On Monday, Firstline wrote:`` and its like, also broken into two lines."""
    return bool(_ATTRIBUTION.fullmatch(line)) or line.startswith(
        ("On ", "Am ", "Le ", "El ", "Em ")
    )


def _sender(headers: Mapping[str, str]) -> str:
    """The address that a mail claims to be from; empty where it is none of ASCII."""
    address = parseaddr(headers.get("from", ""))[1].lower()
    return address if address.isascii() and address.isprintable() else ""


def _headers(mail: "Message[str, str]") -> Mapping[str, str]:
    """By name in lower case; of several of one name the first. Broken ones are told as they are."""
    found: dict[str, str] = {}
    for name, value in mail.raw_items():
        found.setdefault(name.lower(), " ".join(str(value).split()))
    return found


def _text(mail: "Message[str, str]") -> str:
    """The words of a mail: its first plain text, else its first HTML without what is quoted."""
    parts = [part for part in _parts(mail) if not part.get_filename()]
    for part in parts:
        if part.get_content_type() == "text/plain":
            return _decoded(part)
    for part in parts:
        if part.get_content_type() == "text/html":
            return _Words.of(_decoded(part))
    return ""


def _parts(mail: "Message[str, str]") -> Iterator["Message[str, str]"]:
    """The parts of a mail itself, and none of a mail within it."""
    if mail.get_content_maintype() == "message":
        return
    if not mail.is_multipart():
        yield mail
        return
    for part in mail.get_payload():
        if isinstance(part, Message):
            yield from _parts(part)


def _decoded(part: "Message[str, str]") -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except (LookupError, ValueError):  # a charset that nobody knows
        return raw.decode("latin-1")


class _Words(HTMLParser):
    """The words of HTML outside quotes, a line for each block."""

    _HIDDEN: Final = frozenset({"blockquote", "style", "script", "head", "title"})
    _BLOCKS: Final = frozenset({"br", "p", "div", "tr", "li", "hr", "table", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._found: list[str] = []

    @classmethod
    def of(cls, html: str) -> str:
        """The words; what cannot be read as HTML is left out."""
        reader = cls()
        # The parser stumbles over some declarations that mail programs write.
        with contextlib.suppress(AssertionError):
            reader.feed(html)
            reader.close()
        return "".join(reader._found)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in self._HIDDEN:
            self._depth += 1
        elif tag in self._BLOCKS:
            self._found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN and self._depth:
            self._depth -= 1
        elif tag in self._BLOCKS:
            self._found.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._depth:
            self._found.append(data.replace("\n", " ").replace("\r", " "))
