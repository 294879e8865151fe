"""What fits into an SMS: 160 characters of its own small alphabet, or 70 of any other.

Source: 3GPP TS 23.038 (the alphabet), TS 23.040 (a message of several parts loses room in each).
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TAKES_TWO = frozenset("^{}\\[~]|€")
_ALPHABET = _BASIC | _TAKES_TWO
_SAME_IN_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚′`´", "'"),
        **dict.fromkeys("“”„″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("•·", "*"),
        "…": "...",
        "→": "->",
        "×": "x",
        **dict(zip("ŁłĐđ", "LlDd", strict=True)),
        "\ufffd": "?",
    }
)
_CUT = "..."
READABLE = 60
"""So much of the words is never given up to save an SMS."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How an SMS is written: how much fits when it stands alone, and into each of several."""

    alone: int
    each: int
    size: Callable[[str], int]

    def room(self, parts: int) -> int:
        """Units in so many parts."""
        return self.alone if parts == 1 else parts * self.each


GSM_7 = Coding(160, 153, lambda text: len(text) + sum(sign in _TAKES_TWO for sign in text))
UCS_2 = Coding(70, 67, lambda text: len(text) + sum(sign > "\uffff" for sign in text))


def coding_of(text: str) -> Coding:
    """The small alphabet where it has every character: one other makes the whole text costly."""
    return GSM_7 if _ALPHABET.issuperset(text) else UCS_2


def parts_of(text: str) -> int:
    """How many SMS a text takes."""
    coding = coding_of(text)
    return next(parts for parts in count(1) if coding.size(text) <= coding.room(parts))


def plain(text: str) -> str:
    """The text in the small alphabet, where signs and accents that it lacks can be replaced so
    that one reads the same; else as it is, since a single other character makes all of it dear."""
    replaced = "".join(map(_plain, text.translate(_SAME_IN_PLAIN)))
    return replaced if _ALPHABET.issuperset(replaced) else text


def _plain(sign: str) -> str:
    if sign in _ALPHABET:
        return sign
    bare = "".join(
        part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part)
    )
    return bare if bare and _ALPHABET.issuperset(bare) else sign


def compose(words: str, tail: str) -> str:
    """The words and the whole tail: one SMS where that leaves ``READABLE`` units of the words,
    else as few as do."""
    coding = coding_of(words + tail)
    wanted = min(coding.size(words), READABLE)
    parts = next(n for n in count(1) if coding.room(n) - coding.size(tail) >= wanted)
    return _cut(words, coding, coding.room(parts) - coding.size(tail)) + tail


def _cut(words: str, coding: Coding, room: int) -> str:
    if coding.size(words) <= room:
        return words
    taken = min(len(words), room)
    while coding.size(words[:taken]) > room - len(_CUT):
        taken -= 1
    return words[:taken].rstrip() + _CUT
