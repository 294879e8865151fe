"""The one place where texts become mail headers.

A header is a line, so that a break in a text would begin a header of the sender's choice. Worse,
Python 3.11.7 takes ``=?utf-8?q?=0a?=`` in a text for an encoded word, decodes the break in it and
writes it out (cpython#121650), and forgets the quotes around a long name, which makes its commas
and brackets address marks. So whatever is not plain is encoded here as a whole, by the older part
of the library that never decodes, and what it wrote is read line by line before it leaves.
"""

import re
from collections.abc import Mapping
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.policy import compat32

from services.providers.errors import OptionsInvalid
from services.providers.limits import MAIL_NAME, Limit, fit_line

_LINE_LENGTH = 76
_POLICY = compat32.clone(linesep="\r\n", max_line_length=_LINE_LENGTH)
_UTF_8 = Charset("utf-8")
_UTF_8.body_encoding = QP
_LONGEST_LINE_BYTES = 998
_LONGEST_ADDRESS = 254
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_BREAK_ALONE = re.compile(rb"\r(?!\n)|(?<!\r)\n|\0")
_PLAIN = re.compile(r"[A-Za-z0-9 ]+")


def header_text(text: str, limit: Limit) -> Header:
    """A text on one line; ``=?`` becomes ``= ?``, so that nobody further on decodes it either."""
    line = _line(text, limit)
    return Header(line, "us-ascii" if line.isascii() else _UTF_8, maxlinelen=_LINE_LENGTH)


def _line(text: str, limit: Limit) -> str:
    return fit_line(text.replace("=?", "= ?"), limit)


def mail_address(text: str, *, option: str) -> str:
    """A plain address, ``local@host``, in ASCII.

    Raises:
        OptionsInvalid: it is anything else, such as two addresses or a name with one.
    """
    plain = _ADDRESS.fullmatch(text) and len(text) <= _LONGEST_ADDRESS and "=?" not in text
    if not plain:
        raise OptionsInvalid(option=option, problem="it is not a plain mail address")
    return text


def named(name: str, address: str) -> Header:
    """``name <address>``, or the address alone. The address is one from :func:`mail_address`."""
    name = _line(name, MAIL_NAME)
    header = Header(maxlinelen=_LINE_LENGTH)
    if name:
        header.append(name, "us-ascii" if _PLAIN.fullmatch(name) else _UTF_8)
    header.append(f"<{address}>" if name else address, "us-ascii")
    return header


def wire_form(headers: Mapping[str, Header | str], text: str, html: str = "") -> bytes:
    """The mail as it is sent: 7-bit, lines ended by CR LF, exactly these headers.

    A header that is a plain ``str`` holds words of ours and addresses, no text of anybody's.
    ``html``, where there is any, says the same as ``text``, for readers that show it.
    """
    message: Message[Header | str, Header | str] = Message(_POLICY)
    for name, value in headers.items():
        message[name] = value
    if html:
        _set_both(message, text, html)
    else:
        message.set_payload(text, _UTF_8)
    wire = message.as_bytes()
    _ensure_only(wire, [*headers, *(_OF_BOTH if html else _OF_THE_BODY)])
    return wire


_OF_BOTH = ("MIME-Version", "Content-Type")
_OF_THE_BODY = (*_OF_BOTH, "Content-Transfer-Encoding")


def _set_both(message: "Message[Header | str, Header | str]", text: str, html: str) -> None:
    message["MIME-Version"] = "1.0"
    message["Content-Type"] = "multipart/alternative"
    for kind, words in (("plain", text), ("html", html)):
        part: Message[str, str] = Message(_POLICY)
        part["Content-Type"] = f"text/{kind}"
        part.set_payload(words, _UTF_8)
        message.attach(part)
    # No line of a body in 7 bits begins so, whatever the texts are: "=" is written as "=3D".
    message.set_boundary("=_firstline")


def _ensure_only(wire: bytes, names: list[str]) -> None:
    """Stop a mail that holds a header more, or a line that a server would break or refuse.

    Raises:
        ValueError: it does, which no text can bring about as long as all of this is right.
    """
    head = wire.partition(b"\r\n\r\n")[0].split(b"\r\n")
    found = [line.partition(b":")[0].decode() for line in head if not line.startswith(b" ")]
    if sorted(found) != sorted(names):
        raise ValueError("a mail with other headers than ours")
    if max(map(len, wire.split(b"\r\n"))) > _LONGEST_LINE_BYTES or _BREAK_ALONE.search(wire):
        raise ValueError("a mail with lines that are none")
