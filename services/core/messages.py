"""The words for a fact: what happened, what is safe, what to do next."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from services.core.errors import AppError


@dataclass(frozen=True, slots=True)
class Message:
    """Three sentences for a person; the last two may be empty."""

    happened: str
    safe: str = ""
    next: str = ""

    @property
    def text(self) -> str:
        """All of it in one line."""
        return " ".join(part for part in (self.happened, self.safe, self.next) if part)


class _Given(dict[str, object]):
    """Context values by name; a missing one shows as nothing rather than failing."""

    def __missing__(self, key: str) -> str:
        return ""


def message_of(error: AppError) -> Message:
    """The words for this fact."""
    return message(error.code, error.context)


def message(code: str, context: Mapping[str, object]) -> Message:
    """The words for a fact known by its code; an unknown code is shown as it is."""
    texts = _texts().get(code)
    if texts is None:
        return Message(f"The change was refused ({code}).", "Your text is kept.")
    given = _Given(context)
    return Message(*(texts.get(part, "").format_map(given) for part in _PARTS))


def later(code: str, context: Mapping[str, object]) -> Message:
    """The words for a fact that stopped an act only after it had been accepted on a desk."""
    told = message(code, context)
    text = _texts().get(code, {}).get("late", "")
    return replace(told, happened=text.format_map(_Given(context))) if text else told


_PARTS = ("happened", "safe", "next")


@cache
def _texts() -> dict[str, dict[str, str]]:
    file = resources.files("resources") / "i18n" / "errors_en.json"
    texts: dict[str, dict[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return texts
