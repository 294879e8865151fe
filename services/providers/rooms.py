"""What chat rooms of major incidents have in common: names, topics, and what was done already.

A room takes several calls: it is created, its topic is set, and each member is invited
(``services/providers/room_people.py``). A memo remembers ``room``, the provider's id of it,
``room_name`` and ``address``, where people open it; ``topic``, a digest of the one that was set;
and, until there is a room, ``try``, the number of the name, with ``taken``, a name that somebody
has.

A room of that name is ours only where it bears our mark or our bot made it. Another one's is never
taken over: the next name is tried.
"""

import re
from collections.abc import Mapping
from hashlib import sha256

from services.providers.errors import OptionsInvalid
from services.providers.limits import LABEL, Limit, fit_line, link
from services.providers.provider import (
    Account,
    Delivered,
    Outcome,
    Refused,
    RoomMessage,
)

_OTHER_SIGNS = re.compile(r"[^a-z0-9_]+")
_MOST_TRIES = 9
_KINDS = {"open": False, "private": True}


def is_private(account: Account, room: RoomMessage | None = None) -> bool:
    """Whether rooms are for the invited alone, or this one is.

    Raises:
        OptionsInvalid: the option ``rooms`` is neither open nor private.
    """
    if (wanted := account.options.get("rooms", "open")) not in _KINDS:
        raise OptionsInvalid(option="rooms", problem="it is neither open nor private")
    return _KINDS[wanted] or (room is not None and room.is_private)


def name_to_try(room: RoomMessage, memo: Mapping[str, str], limit: Limit) -> str:
    """The name in small letters, digits and dashes; with a number from the second try on."""
    number = memo.get("try", "1")
    ending = "" if number == "1" else f"-{number}"
    plain = _OTHER_SIGNS.sub("-", room.name.lower()).strip("-_") or "incident"
    return plain[: limit.count - len(ending)].rstrip("-_") + ending


def created(id_: str, name: str, **more: str) -> Delivered:
    """There is a room now."""
    return Delivered({"room": id_, "room_name": name, **more}, has_more=True)


def opened_at(address: str) -> Delivered:
    """Where people open the room; empty where no browser could."""
    return Delivered({"address": address if link(address) else ""}, has_more=True)


def taken(name: str) -> Delivered:
    """Somebody has a room of that name, perhaps we."""
    return Delivered({"taken": name}, has_more=True)


def next_name(number: str, **forgotten: str) -> Outcome:
    """It was not ours; the name with the next number is tried."""
    if int(number) >= _MOST_TRIES:
        return Refused("no name for the room is free")
    return Delivered({"try": str(int(number) + 1), "taken": "", **forgotten}, has_more=True)


def topic_of(room: RoomMessage, limit: Limit) -> str:
    """The topic on one line, and behind it as many of the links as fit whole."""
    text = fit_line(room.topic, limit)
    for name, address in room.links:
        more = f"{text} | {fit_line(name, LABEL)}: {address}".removeprefix(" | ")
        if link(address) and limit.size(more) <= limit.count:
            text = more
    return text


def digest_of(topic: str) -> str:
    """What a memo keeps of a topic."""
    return sha256(topic.encode()).hexdigest()[:16]
