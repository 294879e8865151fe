"""What an HTTP answer means, the same for every provider.

A 2xx is the provider's own to read. All else is decided here by its status: told to wait,
refused, or unsure.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from services.providers.provider import Item, Refused, Reply, Retry, Unsure

LONGEST_WAIT_S = 3_600.0
"""More than this is not believed: asking again an hour later harms nobody."""

_WAIT = {408, 420, 425, 429}
_GONE = 410
_WAIT_HEADERS = ("retry-after", "ratelimit-reset", "x-ratelimit-reset", "x-ratelimit-period-in-sec")
_SECONDS = re.compile(r"\s*[0-9]+(\.[0-9]*)?\s*")
# No provider asks for 30 years: a number like this is a moment, in seconds since 1970.
_EARLIEST_MOMENT_S = 1_000_000_000

_READ_BYTES = 4_000
_REASON_LENGTH = 240
_LARGEST_JSON_BYTES = 1_000_000
_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s\"'<>]+")
_UNBROKEN = re.compile(r"[A-Za-z0-9_~+/.-]{12,}=*")
_LONG_WORD = re.compile(r"[A-Za-z+]{20,}")
_SHORTEST_ADDRESS = 4


def failure(item: Item, reply: Reply) -> Retry | Refused | Unsure | None:
    """What the status alone decides; None for 2xx, where the provider's words do."""
    status = reply.status
    if 200 <= status < 300:
        return None
    reason = reason_of(item, reply)
    if status in _WAIT:
        return Retry(reason, wait_s(item.at, reply))
    if 300 <= status < 400:
        # Going along would show the secrets of this provider to whoever is there.
        return Refused(f"{reason} (a redirect, not followed)")
    if 400 <= status < 500:
        return Refused(reason, disables=status == _GONE)
    return Unsure(reason, after_s=wait_s(item.at, reply))


def wait_s(at: datetime, reply: Reply) -> float | None:
    """Seconds from ``at`` that the answer asks to wait; None where it asks for nothing usable."""
    asked = [_seconds(reply.headers.get(name, ""), at) for name in _WAIT_HEADERS]
    milliseconds = answer_of(reply).get("retry_after_ms")
    if isinstance(milliseconds, int | float) and not isinstance(milliseconds, bool):
        asked.append(_believed(min(milliseconds, LONGEST_WAIT_S * 1_000) / 1_000))
    return next((seconds for seconds in asked if seconds is not None), None)


def _seconds(value: str, at: datetime) -> float | None:
    if _SECONDS.fullmatch(value):
        number = float(value)
        return _believed(number - at.timestamp() if number >= _EARLIEST_MOMENT_S else number)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return _believed((moment.replace(tzinfo=moment.tzinfo or UTC) - at).total_seconds())


def _believed(seconds: float) -> float | None:
    """Nothing before now is a wait, nor is what is not a number."""
    return min(seconds, LONGEST_WAIT_S) if seconds > 0 else None


def answer_of(reply: Reply) -> Mapping[str, object]:
    """The body as a JSON object; empty where it is anything else."""
    answer = _read(reply)
    return answer if isinstance(answer, dict) else {}


def answers_of(reply: Reply) -> list[Mapping[str, object]] | None:
    """The body as a list of JSON objects; None where it is anything else."""
    return objects(_read(reply))


def objects(value: object) -> list[Mapping[str, object]] | None:
    """A list of objects out of an answer, without what is none; None where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else None


def _read(reply: Reply) -> object:
    if len(reply.body) > _LARGEST_JSON_BYTES:
        return None
    try:
        return json.loads(reply.body)
    # Brackets a thousand deep are more than the parser's stack.
    except (ValueError, RecursionError):
        return None


def reason_of(item: Item, reply: Reply, *, protocol: str = "HTTP") -> str:
    """The provider's own answer on one short line, without what may be secret in it."""
    words = _words(reply.body[:_READ_BYTES].decode("utf-8", errors="replace"), item)
    return f"{protocol} {reply.status}: {words}" if words else f"{protocol} {reply.status}"


def _words(text: str, item: Item) -> str:
    if len(item.address) >= _SHORTEST_ADDRESS:
        text = text.replace(item.address, "(address)")
    text = _LINK.sub("(link)", _TAG.sub(" ", text))
    text = _UNBROKEN.sub(lambda found: _shown(found[0]), text)
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    text = " ".join(text.split())
    return text if len(text) <= _REASON_LENGTH else text[: _REASON_LENGTH - 1] + "…"


def _shown(run: str) -> str:
    """Keys, tokens and numbers are removed; ``method_not_supported_for_channel_type`` stays."""
    has_digit = any(sign.isdigit() for sign in run)
    words: list[str] = _LONG_WORD.findall(run)
    is_mixed = any(word not in (word.lower(), word.upper()) for word in words)
    return "(removed)" if has_digit or is_mixed else run
