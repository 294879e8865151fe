"""What a text may be, decided once for the desk and for the shared database."""

import re
import unicodedata
from enum import Enum

from services.core.errors import FieldMissing, InvalidText


class Limit(Enum):
    """Longest texts, in code points. The shared database checks the same numbers."""

    NAME = 120
    SUMMARY = 160
    LINE = 1_000
    REMARK = 20_000
    NOTE = 20_100
    DESCRIPTION = 5_000_000


_LIMITS = {
    "summary": Limit.SUMMARY,
    # What is said of an incident is longer than what it is called.
    **{
        f"{table}.{column}": Limit.LINE
        for table in ("status_update", "update_template")
        for column in ("subject", "summary", "current_status", "next_steps")
    },
    "description": Limit.DESCRIPTION,
    # A note may quote a remark behind a few words of its own.
    "text": Limit.NOTE,
    **dict.fromkeys(
        (
            *("access", "address", "base_url", "business_hours", "next_update_where"),
            *("probe_result", "purpose", "restriction", "title"),
        ),
        Limit.LINE,
    ),
    **dict.fromkeys(
        (
            *("component_states", "decision", "duties", "end_remark", "evidence", "found"),
            *("handover", "how", "memo", "message", "need", "options", "outcome"),
            *("priority_override_reason", "proposal", "reason", "recovery", "remark"),
            *("remote_ids", "resolution", "revert", "review_remark", "tried", "wanted", "why"),
        ),
        Limit.REMARK,
    ),
}


def limit_of(column: str, table: str = "") -> Limit:
    """The longest text a column of this name keeps, on the desk and in the shared database.

    A few tables have a limit of their own for a column that others have too.
    """
    return _LIMITS.get(f"{table}.{column}") or _LIMITS.get(column, Limit.NAME)


_FORBIDDEN = re.compile("[\x00\ud800-\udfff]")
_LINE_BREAKS = re.compile(r"[\r\n\v\f\x85\u2028\u2029]+")


def require(field: str, value: object) -> None:
    """Let pass what was given.

    Raises:
        FieldMissing: it is empty.
    """
    if value is None or value == "":
        raise FieldMissing(field=field)


def ensure_storable(text: str, *, field: str) -> None:
    """Let pass what a database can keep.

    Raises:
        InvalidText: it holds NUL or half a character.
    """
    if _FORBIDDEN.search(text):
        raise InvalidText(field=field, problem="a character that cannot be stored")


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
    ensure_storable(text, field=field)
    kept = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(kept) > limit.value:
        raise InvalidText(
            field=field,
            problem=f"{len(kept):,} characters, {limit.value:,} allowed",
        )
    return kept
