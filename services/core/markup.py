"""The one place where text becomes markup: HTML, Atom, and the storage form of Confluence.

Whatever is not :class:`Markup` is text, and is escaped. What XML cannot hold, such as control
characters, is shown as U+FFFD, so that one odd character makes no whole document unreadable.
"""

import re
from html import escape
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n?")
_UNHOLDABLE: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\x7f-\x9f]")
_VOID: Final = frozenset({"br", "hr", "link", "meta", "path", "circle", "rect"})


class Markup(str):
    """Markup that was made here, of names the program wrote and of escaped text."""

    __slots__ = ()


Child = Markup | str


def holdable(text: str) -> str:
    """The text as XML can hold it: line ends unified, what cannot be held as U+FFFD."""
    return _UNHOLDABLE.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def escaped(text: Child) -> Markup:
    """Text that reads as it was typed, in an element or a quoted attribute; markup as it is."""
    return text if isinstance(text, Markup) else Markup(escape(holdable(text), quote=True))


def joined(*children: Child) -> Markup:
    """One after the other, with nothing between."""
    return Markup("".join(map(escaped, children)))


def element(name: str, /, *children: Child, **attributes: str) -> Markup:
    """An element. ``class_`` is the attribute ``class``, and ``aria_label`` is ``aria-label``.

    Names of elements and attributes are the program's; only children and values may be typed.
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(value)}"'
        for key, value in attributes.items()
    )
    if name in _VOID:
        return Markup(f"<{name}{told}/>")
    return Markup(f"<{name}{told}>{joined(*children)}</{name}>")


def written(markup: str) -> Markup:
    """Markup that stands in the program or its resources, word for word; never what was typed."""
    return Markup(markup)
