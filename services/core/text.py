"""What a text may be, decided once for the desk and for the shared database."""

import re
import unicodedata
from enum import Enum

from services.core.errors import InvalidText


class Limit(Enum):
    """Longest texts, in code points. The shared database checks the same numbers."""

    NAME = 120
    SUMMARY = 160
    REMARK = 20_000
    DESCRIPTION = 5_000_000


_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_LINE_BREAKS = re.compile(r"[\r\n\v\f\x85\u2028\u2029]+")


def clean_line(text: str, limit: Limit = Limit.NAME, *, field: str) -> str:
    """One line of text: trimmed, line breaks turned to spaces, composed (NFC).

    Raises:
        InvalidText: it holds NUL or half a character, or is longer than the limit.
    """
    return clean_text(_LINE_BREAKS.sub(" ", text), limit, field=field)


def clean_text(text: str, limit: Limit = Limit.REMARK, *, field: str) -> str:
    """Text as it will be kept: outer space trimmed, line ends unified, composed (NFC).

    Raises:
        InvalidText: it holds NUL or half a character, or is longer than the limit.
    """
    if _FORBIDDEN.search(text):
        raise InvalidText(field=field, problem="a character that cannot be stored")
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(kept) > limit.value:
        raise InvalidText(
            field=field,
            problem=f"{len(kept):,} characters, {limit.value:,} allowed",
        )
    return kept
