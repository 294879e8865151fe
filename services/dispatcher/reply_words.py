"""What is said back to whoever answered a page by mail."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from services.paging.replies import ELSEWHERE, UNCLEAR

_SAID: Final[Mapping[str, str]] = {
    "acknowledged": "Acknowledged. It is yours now. Nobody else is called for it.",
    "declined": "Declined. Whoever comes next is called.",
    "snoozed": "Snoozed. When the time is over, whoever is on call by then is called.",
    "escalated": "Escalated. Whoever comes next is called now.",
    "too-late": "It is over: somebody answered before, it is no longer needed, or it was opened"
    " anew and you have a newer mail of it.",
    UNCLEAR: "Nothing was done: your reply could not be understood.",
    ELSEWHERE: "Nothing was done: a reply came from another address. It counts from the address"
    " to which this mail goes.",
}


def said_back(text: str) -> tuple[str, UUID]:
    """What is said, and the delivery that a further reply answers.

    Raises:
        ValueError: it is no such text.
    """
    result, _, answered = text.partition(" ")
    if result not in _SAID:
        raise ValueError("no word back")
    return _SAID[result], UUID(answered)
