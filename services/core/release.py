"""Which edition of the program this is, and how it is called."""

import sys
from pathlib import Path

VERSION = "0.1.0"
DOMAIN_VERSION = 4
"""Raised when commands or rows change so that an older program could no longer take part."""


def program_name(packaged: str, from_source: str) -> str:
    """The words that start the program: its command in a package, the module from source."""
    return packaged if getattr(sys, "frozen", False) else from_source


def program(packaged: str, module: str) -> list[str]:
    """What starts another of our programs: beside this one in a package, its module from source."""
    if getattr(sys, "frozen", False):
        return [str(Path(sys.executable).with_name(packaged))]
    return [sys.executable, "-m", module]
