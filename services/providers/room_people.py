"""Who is to be in a chat room: found, invited, and who could not be.

A memo remembers ``mail ADDRESS``, the id of whom the provider knows by it, and ``member ID``, that
somebody is there. Where it could not be done, either holds the number of the round and why; it is
tried again in the next round, which begins when a person asks for it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from services.providers.provider import Delivered, RoomMember, RoomMessage

THERE = "there"
NOBODY_KNOWN = "no member id and no e-mail address is known"
_MAIL = re.compile(r"[^\s@/?#]{1,64}@[^\s@/?#]{1,190}")
_FAILED = re.compile(r"([0-9]+) (.*)", re.DOTALL)


class ByMail(Enum):
    """Whether a provider finds people by e-mail address: not at all, where nobody gave their id,
    or before that, because what people gave is the way to page them."""

    NEVER = "never"
    ELSE = "else"
    FIRST = "first"


@dataclass(frozen=True, slots=True)
class Names:
    """What people are called at a provider: the shape of an id, and what e-mail is good for."""

    shape: re.Pattern[str]
    by_mail: ByMail = ByMail.NEVER


def to_find(room: RoomMessage, memo: Mapping[str, str], names: Names) -> str:
    """The e-mail address of who is to be looked for next; empty where nobody is."""
    waiting = (m.mail for m in room.members if _id_of(m, memo, names, room.round) is None)
    return next(waiting, "")


def to_invite(room: RoomMessage, memo: Mapping[str, str], names: Names) -> str:
    """The id of who is to be invited next; empty where all were who can be."""
    for member in room.members:
        id_ = _id_of(member, memo, names, room.round)
        if id_ and not _is_settled(memo.get(f"member {id_}", ""), room.round):
            return id_
    return ""


def holding(room: RoomMessage, memo: Mapping[str, str], names: Names) -> tuple[str, ...]:
    """The ids of those who hold a role now, as far as they are known."""
    ids = (_id_of(m, memo, names, room.round) for m in room.members if m.is_holding)
    return tuple(dict.fromkeys(id_ for id_ in ids if id_))


def _id_of(member: RoomMember, memo: Mapping[str, str], names: Names, round_: int) -> str | None:
    """What the provider calls somebody; empty where nobody knows, None while it can be asked."""
    given = next((one for one in member.ids if names.shape.fullmatch(one)), "")
    asks = names.by_mail is ByMail.FIRST or (names.by_mail is ByMail.ELSE and not given)
    if not (asks and _MAIL.fullmatch(member.mail)):
        return given
    found = memo.get(f"mail {member.mail}", "")
    if names.shape.fullmatch(found):
        return found
    return given if _is_settled(found, round_) else None


def _is_settled(found: str, round_: int) -> bool:
    return found == THERE or found.startswith(f"{round_} ")


def looked_up(room: RoomMessage | None, mail: str, id_: str, why_not: str = "") -> Delivered:
    """Whom the provider knows by an e-mail address, or why nobody."""
    return Delivered({f"mail {mail}": id_ or _failed(room, why_not)}, has_more=True)


def invited(room: RoomMessage | None, member: str, why_not: str = "") -> Delivered:
    """A member is there, or cannot be; the others are invited all the same."""
    reason = f"not invited: {member} ({why_not})" if why_not else ""
    is_there = THERE if not why_not else _failed(room, why_not)
    return Delivered({f"member {member}": is_there}, reason, has_more=True)


def _failed(room: RoomMessage | None, why: str) -> str:
    return f"{room.round if room else 0} {why}"


def why_not(value: str) -> str:
    """Why something could not be done, as a memo remembers it; empty where it was done."""
    told = _FAILED.fullmatch(value)
    return told[2] if told else ""


def why_not_there(member: RoomMember, memo: Mapping[str, str]) -> str:
    """Why somebody could not be invited, once all that can be done was; empty who is there."""
    by_mail = memo.get(f"mail {member.mail}", "")
    known = [memo[f"member {id_}"] for id_ in (by_mail, *member.ids) if f"member {id_}" in memo]
    if THERE in known:
        return ""
    return next((why for why in map(why_not, [*known, by_mail]) if why), NOBODY_KNOWN)
