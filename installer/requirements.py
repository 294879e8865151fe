"""What the product requires, directly and through what it requires."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires

from packaging.requirements import Requirement

from installer.product import ROOT


def canonical(name: str) -> str:
    """A distribution's name as all its spellings are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required_parts() -> set[str]:
    """Canonical names of all distributions that ``pyproject.toml`` asks for, on this system."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    waiting = [Requirement(line) for line in project["dependencies"]]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        key = (canonical(wanted.name), frozenset(wanted.extras))
        if key not in seen:
            seen.add(key)
            waiting += _asked_by(wanted)
    return {name for name, _ in seen}


def _asked_by(wanted: Requirement) -> list[Requirement]:
    try:
        lines = requires(wanted.name) or []
    except PackageNotFoundError:
        return []
    asked = [Requirement(line) for line in lines]
    extras = {"", *wanted.extras}
    return [
        each
        for each in asked
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras)
    ]
