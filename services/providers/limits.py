"""The one table of how long texts may be at providers, and the one way to cut them.

A provider that must cut, or refuses, would be the first test of our texts; so nothing leaves
longer than its limit. Numbers are the providers' documented ones, except where a comment says so.
"""

import json
import re
from dataclasses import dataclass
from enum import Enum
from xml.sax.saxutils import escape


class Unit(Enum):
    """What a provider counts: code points, bytes in UTF-8, or bytes once written into JSON.

    ESCAPED counts code points once ``&``, ``<`` and ``>`` are written as XML writes them.
    """

    CHARACTERS = "characters"
    ESCAPED = "escaped characters"
    BYTES = "bytes"
    JSON_BYTES = "bytes of JSON"


@dataclass(frozen=True, slots=True)
class Limit:
    """The longest text that a field takes."""

    count: int
    unit: Unit = Unit.CHARACTERS

    def size(self, text: str) -> int:
        """How much of this limit a text takes."""
        if self.unit is Unit.CHARACTERS:
            return len(text)
        if self.unit is Unit.ESCAPED:
            return len(escape(text))
        if self.unit is Unit.JSON_BYTES:
            # Without the quotes around it.
            return len(json.dumps(text, ensure_ascii=False).encode()) - 2
        return len(text.encode())


LINK = Limit(2_000)
LABEL = Limit(60)

PAGERDUTY_SUMMARY = Limit(1_024)
PAGERDUTY_DEDUP_KEY = Limit(255)
# The body may have 512,000 bytes; ours stay where a person still reads them.
PAGERDUTY_TEXT = Limit(15_000)

GENIE_MESSAGE = Limit(130)
GENIE_ALIAS = Limit(512)
GENIE_DESCRIPTION = Limit(15_000)
GENIE_NOTE = Limit(25_000)
GENIE_SOURCE = Limit(100)
GENIE_DETAIL = Limit(1_000)

GOALERT_SUMMARY = Limit(1_024)
GOALERT_DETAILS = Limit(6_144)
# Not documented.
GOALERT_DEDUP = Limit(255)

# A longer message arrives as a file; all of it, with four links, may take 8,192 bytes.
NTFY_MESSAGE = Limit(4_096, Unit.JSON_BYTES)
# Not documented; a phone shows less.
NTFY_TITLE = Limit(600, Unit.JSON_BYTES)
NTFY_LINK = Limit(700)

# A body shall stay under 20,000 bytes, and all of these are in one.
WEBHOOK_SUMMARY = Limit(2_000, Unit.JSON_BYTES)
WEBHOOK_TEXT = Limit(8_000, Unit.JSON_BYTES)
WEBHOOK_NAME = Limit(500, Unit.JSON_BYTES)
WEBHOOK_COMPONENTS = Limit(2_000)

# Mail has no limits of its own worth naming; these keep one readable.
MAIL_SUBJECT = Limit(250)
MAIL_NAME = Limit(120)
MAIL_TEXT = Limit(100_000)
MAIL_WHOLE = Limit(120_000)

# Enough for one SMS, where they are cut by what they are written in; a link is never cut.
TWILIO_WORDS = Limit(160)
TWILIO_LINK = Limit(600)
# Read aloud twice inside 4,000 characters; more than a minute of it is heard by nobody.
TWILIO_SPOKEN = Limit(600, Unit.ESCAPED)

# Not documented.
SLACK_KEY = Limit(255)
# A section takes 3,000, and about 13,000 in all of them together were refused.
SLACK_SUMMARY = Limit(500, Unit.ESCAPED)
SLACK_TEXT = Limit(2_900, Unit.ESCAPED)
SLACK_LINK = Limit(2_800, Unit.ESCAPED)

# A message takes 28 KB of JSON, with three links in it.
TEAMS_SUMMARY = Limit(1_000, Unit.JSON_BYTES)
TEAMS_TEXT = Limit(12_000, Unit.JSON_BYTES)

SLACK_ROOM_NAME = Limit(80)
SLACK_TOPIC = Limit(250)

# Not documented.
MATRIX_KEY = Limit(255)
# An event takes 65,536 bytes, with what the server adds.
MATRIX_SUMMARY = Limit(2_000, Unit.JSON_BYTES)
MATRIX_TEXT = Limit(30_000, Unit.JSON_BYTES)
# With the name of the server, 255 bytes.
MATRIX_ROOM_NAME = Limit(80)
MATRIX_TOPIC = Limit(1_000)

# Not documented.
MATTERMOST_KEY = Limit(255)
# A message takes 16,383 characters; escaping doubles a text at worst, and triples a link.
MATTERMOST_SUMMARY = Limit(300)
MATTERMOST_TEXT = Limit(4_000)
MATTERMOST_LINK = Limit(700)
MATTERMOST_ROOM_NAME = Limit(64)
MATTERMOST_TOPIC = Limit(1_024)

STATUSPAGE_NAME = Limit(255)
# It takes 25,000. Its answers repeat every update of ten incidents, and are read up to 1 MB.
STATUSPAGE_BODY = Limit(5_000)
CACHET_NAME = Limit(255)
# Not documented.
CACHET_MESSAGE = Limit(5_000)
INSTATUS_NAME = Limit(255)
INSTATUS_MESSAGE = Limit(5_000)
# Of an item, where a memo remembers it.
TOLD_KEY = Limit(60)

# Nobody knows which service is behind an address of Apprise's: small ones take 1,000.
APPRISE_TITLE = Limit(100)
APPRISE_TEXT = Limit(350)
APPRISE_LINK = Limit(180)

_ELLIPSIS = "…"
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
# The characters of RFC 3986; none of them ends a link in any markup that we write.
_LINK = re.compile(r"https?://[A-Za-z0-9\[][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*")


def fit(text: str, limit: Limit) -> str:
    """The text, or as much of it as the limit takes with an ellipsis at its end.

    NUL and halves of characters, which no provider takes, are shown as replacement characters.
    """
    text = _UNSENDABLE.sub("\ufffd", text)
    # Every character counts at least one, so that a huge text is not measured as a whole.
    if len(text) <= limit.count and limit.size(text) <= limit.count:
        return text
    room = limit.count - limit.size(_ELLIPSIS)
    return text[: _fitting(text[:room], limit, room)].rstrip() + _ELLIPSIS


def _fitting(text: str, limit: Limit, room: int) -> int:
    """How many characters of the text fit, found by halving."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if limit.size(text[:middle]) <= room:
            low = middle
        else:
            high = middle - 1
    return low


def fit_line(text: str, limit: Limit) -> str:
    """Like :func:`fit`, on one line: breaks and control characters become spaces."""
    return fit(_SPACES.sub(" ", text).strip(), limit)


def link(address: str, limit: Limit = LINK) -> str:
    """A web address as it is; empty where it is none or too long, as half a link is no link."""
    fits = len(address) <= LINK.count and limit.size(address) <= limit.count
    return address if fits and _LINK.fullmatch(address) else ""
