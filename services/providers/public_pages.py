"""What status pages have in common: names, texts, components, and what was told already.

A memo remembers ``incident``, the page's own id of it; ``told KEY``, the page's id of the update
that the item of that key became; and ``component ID``, the state in which we left it.
"""

import re
from collections.abc import Mapping

from services.providers.account_checks import plain_key
from services.providers.errors import OptionsInvalid
from services.providers.limits import TOLD_KEY, Limit, fit, fit_line
from services.providers.provider import Item, UpdateMessage
from services.providers.wording import paragraphs

RESOLVED = "resolved"
OPERATIONAL = "operational"
FIND, CREATE, UPDATE, CORRECT = "find", "create", "update", "correct"
"""The calls of every page, as what they are about."""

_COMPONENT = "component "
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def next_call(item: Item, update: UpdateMessage, memo: Mapping[str, str]) -> str:
    """What is to be called for an update; empty where it is told.

    Before an incident is created, it is looked for: whoever created it may not have lived to
    remember it.

    Raises:
        OptionsInvalid: the id of a component is none; nothing is told by halves.
    """
    states_of(update, memo)
    if told(item.key) in memo:
        return ""
    if update.replaces_key and memo.get(told(update.replaces_key)):
        return CORRECT
    if "incident" in memo:
        return UPDATE
    return CREATE if memo.get("absent") == item.key else FIND


def mark(key: str) -> str:
    """A key in a form that every page takes, the same for the same key."""
    return plain_key(key, TOLD_KEY)


def told(key: str) -> str:
    """Under what a memo remembers the update that an item became."""
    return f"told {mark(key)}"


def known_updates(memo: Mapping[str, str]) -> list[str]:
    """The page's ids of all updates that we remember."""
    return [value for name, value in memo.items() if name.startswith("told ") and value]


def name_of(item: Item, update: UpdateMessage, limit: Limit) -> str:
    """What the incident is called, the same in all its updates, and never empty."""
    return fit_line(item.root_summary or update.subject or item.summary, limit) or "Incident"


def body_of(update: UpdateMessage, limit: Limit) -> str:
    """The text of an update, never empty."""
    text = fit("\n\n".join(paragraphs(update)), limit).replace("\r\n", "\n").strip()
    return text or update.phase.capitalize()


def is_same(text: object, ours: str) -> bool:
    """Whether a page holds our text, up to the spaces around it and its line ends."""
    return isinstance(text, str) and text.strip().replace("\r\n", "\n") == ours.strip()


def states_of(update: UpdateMessage, memo: Mapping[str, str]) -> dict[str, str]:
    """The state of each component by its id; all that we touched are well once it is resolved.

    Raises:
        OptionsInvalid: an id is none.
    """
    states = dict(update.components)
    if update.phase == RESOLVED:
        touched = [name.removeprefix(_COMPONENT) for name in memo if name.startswith(_COMPONENT)]
        states = dict.fromkeys([*states, *touched], OPERATIONAL)
    if wrong := [id_ for id_ in states if not _ID.fullmatch(id_)]:
        raise OptionsInvalid(option="component", problem=f"{wrong[0][:80]!r} is not an id")
    return states


def left_in(states: Mapping[str, str]) -> dict[str, str]:
    """What a memo remembers of components."""
    return {f"{_COMPONENT}{id_}": state for id_, state in states.items()}


def id_in(answer: Mapping[str, object], name: str = "id") -> str:
    """An id out of an answer, as a text; empty where there is none."""
    value = answer.get(name)
    is_one = isinstance(value, str | int) and _ID.fullmatch(str(value))
    return str(value) if is_one else ""
