"""The words by which people answer a page in writing: the same in a text message and in a mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

SNOOZE_LIMITS_S: Final = (60, 7 * 24 * 3600)
"""As on a desk; what is shorter or longer is no answer."""

_HOUR_S, _MINUTE_S = 3600, 60


class Word(Enum):
    """What somebody who was paged says."""

    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    SNOOZED = "snoozed"
    ESCALATED = "escalated"


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """An answer to a page; ``snooze_s`` is for how many seconds it is silenced."""

    word: Word
    snooze_s: int = 0


ACKNOWLEDGED: Final = PageAnswer(Word.ACKNOWLEDGED)
DECLINED: Final = PageAnswer(Word.DECLINED)
ESCALATED: Final = PageAnswer(Word.ESCALATED)

_SPELLED: Final[Mapping[str, PageAnswer]] = {
    **dict.fromkeys(("1", "ack", "acknowledge", "acknowledged", "take"), ACKNOWLEDGED),
    **dict.fromkeys(("2", "decline", "declined", "next"), DECLINED),
    **dict.fromkeys(("escalate", "escalated"), ESCALATED),
}
_SNOOZE = re.compile(r"snooze\s+([0-9]{1,5})(?![0-9])(?:\s*(h|hours?|m|min|minutes?)\b)?", re.I)
_FIRST = re.compile(r"[12]|[a-z]+", re.I)


def leading_answer(text: str) -> tuple[PageAnswer, str] | None:
    """The answer with which a text begins, and what follows it; None where it begins with none."""
    text = text.strip()
    if found := _SNOOZE.match(text):
        is_hours = (found[2] or "").lower().startswith("h")
        seconds = int(found[1]) * (_HOUR_S if is_hours else _MINUTE_S)
        shortest, longest = SNOOZE_LIMITS_S
        if not shortest <= seconds <= longest:
            return None
        return PageAnswer(Word.SNOOZED, seconds), text[found.end() :]
    found = _FIRST.match(text)
    answer = _SPELLED.get(found[0].lower()) if found else None
    return (answer, text[found.end() :]) if found and answer else None
