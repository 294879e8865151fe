"""Choices about looks and windows, kept in one small file."""

import json
import logging
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preferences:
    """What the person chose. ``theme`` is light, dark or system; ``row_height`` in pixels."""

    theme: str = "system"
    row_height: int = 32
    with_single_keys: bool = True
    works_as: str = ""
    paper: str = "A4"
    window: dict[str, Any] = field(default_factory=dict)


def load_preferences(path: Path) -> Preferences:
    """The kept choices; a damaged file is set aside and the defaults are used."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Preferences()
    except (OSError, ValueError) as error:
        log.warning("preferences-unreadable problem=%s", error)
        if path.is_file():
            path.replace(path.with_suffix(".unusable"))
        return Preferences()
    if not isinstance(kept, dict):
        return Preferences()
    known = {f.name: type(getattr(Preferences(), f.name)) for f in fields(Preferences)}
    sound = {k: v for k, v in kept.items() if k in known and type(v) is known[k]}
    return replace(Preferences(), **sound)


def save_preferences(path: Path, preferences: Preferences) -> None:
    """Keep the choices; the file is replaced as a whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(preferences), indent=2), encoding="utf-8")
    draft.replace(path)
