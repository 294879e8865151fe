"""What status pages have in common: names, texts, components, and what was told already.

A memo remembers ``incident``, the page's own id of it; ``told KEY``, the page's id of the update
that the item of that key became; and ``component ID``, the state in which we left it. ``absent``
says of which attempt it is that no incident of ours was there.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from services.providers.account_checks import plain_key
from services.providers.errors import OptionsInvalid
from services.providers.limits import TOLD_KEY, Limit, fit, fit_line
from services.providers.provider import Item, Unsure, UpdateMessage
from services.providers.wording import paragraphs

RESOLVED = "resolved"
OPERATIONAL = "operational"
FIND, CREATE, UPDATE, CORRECT = "find", "create", "update", "correct"
"""The calls of every page, as what they are about."""
LOOKED_AT: Final = 30
"""So many incidents are looked through for one of ours, the newest first."""

_SAME_MOMENT: Final = timedelta(minutes=1)
"""So far a page may round the moment that it was given."""

_COMPONENT = "component "
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def next_call(item: Item, update: UpdateMessage, memo: Mapping[str, str]) -> str:
    """What is to be called for an update; empty where it is told.

    Right before an incident is created, in the same attempt, it is looked for: whoever created
    it may not have lived to remember it, and what is remembered may be of a database that was
    put back since.

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
    return CREATE if memo.items() >= absent(item).items() else FIND


def absent(item: Item) -> dict[str, str]:
    """What a memo remembers where an attempt found no incident of ours."""
    return {"absent": f"{mark(item.key)} {item.at.isoformat()}"}


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


# -- incidents that are known by what they say ------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text on a page. ``at`` is the moment that it bears, where the page says so."""

    id: str
    text: object
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An incident as a page lists it."""

    id: str
    name: object
    texts: tuple[Written, ...]
    is_over: bool


def moment_of(item: Item, update: UpdateMessage) -> datetime:
    """The moment that an update bears on a page; the same at every attempt."""
    return update.told_at or update.queued_at or item.at


def recognised(
    item: Item, listed: Iterable[Listed], name: Limit, body: Limit
) -> Mapping[str, str] | Unsure | None:
    """What a memo remembers of the incident that an update, or one before it, began.

    It is ours by its name and the words of an update at the moment that we gave them. Two of these
    are for a person to judge, and so is one that is not over and bears but one of both: what began
    it may be forgotten or it was renamed, or it is somebody else's. What other subjects are called
    is never meant.
    """
    begun = [(one, one.update) for one in (*item.earlier, item) if one.update is not None]
    names = [name_of(one, update, name) for one, update in begun]
    ours: dict[str, dict[str, str]] = {}
    alike: list[str] = []
    for incident in listed:
        if incident.id in item.taken:
            continue
        is_named = any(is_same(incident.name, called) for called in names)
        known = {
            told(one.key): text.id
            for one, update in begun
            for text in incident.texts
            if is_same(text.text, body_of(update, body))
            and (_is_near(text.at, moment_of(one, update)) if text.at else is_named)
        }
        if known and is_named:
            ours[incident.id] = known
        elif (known or is_named) and not incident.is_over:
            alike.append(incident.id)
    if len(ours) > 1 or (alike and not ours):
        return Unsure(_for_a_person(sorted(ours), alike))
    touched = {id_ for _, update in begun for id_ in update.components}
    for id_, known in ours.items():
        return {"incident": id_, **left_in(dict.fromkeys(touched, "")), **known}
    return None


def moment_in(value: object) -> datetime | None:
    """A moment out of an answer; one without a zone is in UTC."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at.replace(tzinfo=UTC) if at is not None and at.tzinfo is None else at


def _is_near(one: datetime, other: datetime) -> bool:
    return abs(one - other) <= _SAME_MOMENT


def _for_a_person(ours: list[str], alike: list[str]) -> str:
    if ours:
        return f"incidents {', '.join(ours)} there are both this one: delete all but one there"
    return (
        f"open incident {', '.join(alike)} there bears this name or these words, and nothing says"
        " whose it is: resolve, delete or rename it there"
    )
