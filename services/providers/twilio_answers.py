"""What people say back through Twilio: by a text message, or by a key during a call.

Source: Twilio's guides “Webhooks security” (the signature), “TwiML for messaging” and
“TwiML for voice” (``Message``, ``Say``, ``Gather``).
"""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape, quoteattr

from services.providers.answer_words import ACKNOWLEDGED, DECLINED, PageAnswer, leading_answer

SIGNATURE = "x-twilio-signature"
TWIML = "text/xml; charset=utf-8"

HOW_TO_PRESS = "Press 1 to take it, or 2 if you can't."

_TAKE, _DECLINE = "1", "2"
_CODE = re.compile(r"[\s.,:;#-]*([0-9]{6})")
_LISTENS_S = 15
_MOST_FIELDS = 100
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer to the page with this code in its message."""

    answer: PageAnswer
    code: str


def reply_code(auth_token: str, key: str) -> str:
    """Six digits by which a text message is answered; the same for every attempt to send it.

    They are made with the account's token, so that whoever reads the database cannot tell them.
    """
    made = hmac.new(auth_token.encode(), f"reply/{key}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(made[:8]) % 1_000_000:06d}"


def how_to_reply(code: str) -> str:
    """What a text message says about answering it."""
    return f"Reply {_TAKE} {code} to take it, {_DECLINE} {code} to decline"


def said(text: str) -> Said | None:
    """What a text message answers; None where it is no answer."""
    if (found := leading_answer(text)) is None:
        return None
    answer, rest = found
    code = _CODE.fullmatch(rest.rstrip())
    return Said(answer, code[1]) if code else None


def pressed(digits: str) -> PageAnswer | None:
    """What a key answers; None where it says nothing."""
    return {_TAKE: ACKNOWLEDGED, _DECLINE: DECLINED}.get(digits)


def fields_of(body: bytes) -> Fields:
    """The fields of a form; none where it is no form."""
    try:
        text = body.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        return ()


def is_signed(auth_token: str, url: str, fields: Fields, signature: str) -> bool:
    """Whether Twilio itself sent this form to this address, as it knows the address."""
    text = url + "".join(name + value for name, value in sorted(set(fields)))
    made = hmac.new(auth_token.encode(), text.encode(errors="surrogatepass"), hashlib.sha1)
    # As bytes, since text that is not ASCII cannot be compared in constant time.
    return hmac.compare_digest(b64encode(made.digest()), signature.encode(errors="replace"))


def texted(text: str) -> str:
    """TwiML that sends a text message back; with no text, that sends none."""
    message = f"<Message>{_plain(text)}</Message>" if text else ""
    return f"<Response>{message}</Response>"


def spoken(text: str) -> str:
    """TwiML that says something and hangs up."""
    return f"<Response>{_say(text)}</Response>"


def asked(text: str, url: str = "") -> str:
    """TwiML that says something twice and listens for one key meanwhile.

    The key goes to ``url``, or where this TwiML came from.
    """
    action = f" action={quoteattr(url)}" if url else ""
    words = _say(f"{text} {HOW_TO_PRESS}")
    return (
        f'<Response><Gather input="dtmf" numDigits="1" timeout="{_LISTENS_S}" method="POST"'
        f'{action}>{words}<Pause length="1"/>{words}</Gather></Response>'
    )


def read_out(text: str) -> str:
    """TwiML that says something twice."""
    return f'<Response>{_say(text)}<Pause length="1"/>{_say(text)}</Response>'


def _say(text: str) -> str:
    return f"<Say>{_plain(text)}</Say>"


def _plain(text: str) -> str:
    return escape(_NOT_IN_XML.sub(" ", text))
