"""Choices about looks and windows, kept in one small file."""

import json
import logging
import re
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preferences:
    """What the person chose. ``theme`` is light, dark or system; ``row_height`` in pixels.

    ``with_page_sound``: one's own pages are heard as well as seen.
    """

    theme: str = "system"
    row_height: int = 32
    with_single_keys: bool = True
    with_page_sound: bool = True
    works_as: str = ""
    paper: str = "A4"
    window: dict[str, Any] = field(default_factory=dict)


def load_preferences(path: Path) -> Preferences:
    """The kept choices; a damaged file is set aside and the defaults are used."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError, RecursionError) as error:
        log.warning("preferences-unreadable problem=%s", error)
        if path.is_file():
            path.replace(path.with_suffix(".unusable"))
        return Preferences()
    if not isinstance(kept, dict):
        return Preferences()
    known = {f.name: type(getattr(Preferences(), f.name)) for f in fields(Preferences)}
    sound = {k: v for k, v in kept.items() if k in known and type(v) is known[k] and _fits(k, v)}
    return replace(Preferences(), **sound)


_CHOICES: dict[str, tuple[object, ...]] = {
    "theme": ("system", "light", "dark"),
    "row_height": (28, 32, 40),
    "paper": ("A4", "LETTER"),
}
_LARGEST = 100_000


def _fits(name: str, value: object) -> bool:
    """Whether the desk can be started with this choice; a damaged file may hold any."""
    if name == "works_as":
        return value == "" or _IDENTIFIER.fullmatch(str(value)) is not None
    if isinstance(value, dict):
        numbers = (size for size in value.values() if isinstance(size, int))
        return all(0 <= size <= _LARGEST for size in numbers)
    return name not in _CHOICES or value in _CHOICES[name]


_IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def save_preferences(path: Path, preferences: Preferences) -> None:
    """Keep the choices; the file is replaced as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(preferences), indent=2), encoding="utf-8")
    draft.replace(path)
