"""Which edition of the program this is, and how it is called."""

import sys

VERSION = "0.1.0"
DOMAIN_VERSION = 2
"""Raised when commands or rows change so that an older program could no longer take part."""


def program_name(packaged: str, from_source: str) -> str:
    """The words that start the program: its command in a package, the module from source."""
    return packaged if getattr(sys, "frozen", False) else from_source
