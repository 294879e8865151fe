"""Addresses as people paste them: a column of a table, a line of a mail, names beside them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

_PARTS: Final = re.compile(r"(?:\"[^\"\n]*\"|[^\n;,\t\"])+")
"""What stands between lines, commas, semicolons and tabs, unless they are in quotation marks."""

_NAMED: Final = re.compile(r"^\s*\"?(?P<name>[^<>\"]*?)\"?\s*<(?P<address>[^<>]+)>\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What a paste comes to, each address once in its order; ``known`` were there already."""

    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    known: int = 0


def pasted(text: str, known: Collection[str] = ()) -> Pasted:
    """Read addresses parted by lines, commas, semicolons or tabs, with or without names."""
    there = {address.casefold() for address in known}
    found: dict[str, tuple[str, str]] = {}
    again = 0
    for part in _PARTS.findall(text):
        named = _NAMED.match(part)
        address = (named["address"] if named else part).strip()
        name = named["name"].strip() if named else ""
        key = address.casefold()
        if not address:
            continue
        if key in there:
            again += 1
        else:
            found.setdefault(key, (address, name))
    return Pasted(
        addresses=tuple(address for address, _ in found.values()),
        names=tuple(name for _, name in found.values()),
        known=again,
    )
