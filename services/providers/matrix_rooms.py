"""Chat rooms in Matrix: an alias of the incident's name, and our mark where a room is made.

Whoever is in the room cannot be invited to it: a refusal is doubted until the room was asked.

Source: the Matrix client-server specification (``createRoom``, room aliases, ``m.room.create``,
``m.room.topic``, ``invite``, ``m.room.member``); matrix.to.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from services.providers.account_checks import base_url, bearer, plain_key
from services.providers.limits import MATRIX_KEY, MATRIX_ROOM_NAME, MATRIX_TOPIC
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Outcome,
    Reply,
    RoomMessage,
    Unsure,
)
from services.providers.replies import answer_of, failure
from services.providers.room_people import Names, invited, to_invite
from services.providers.rooms import (
    created,
    digest_of,
    is_private,
    name_to_try,
    next_name,
    taken,
    topic_of,
)

_PEOPLE = Names(re.compile(r"@[a-z0-9._=/+-]{1,200}:[A-Za-z0-9.:\[\]-]{1,200}"))
_MARK = "firstline.subject"
_CREATE, _SELF, _WHERE, _WHOSE = "create", "self", "where", "whose"
_TOPIC, _INVITE, _MEMBERSHIP = "topic", "invite", "membership"
_NO_ANSWER = "no answer that Matrix specifies"


def build(
    item: Item,
    room: RoomMessage,
    account: Account,
    secrets: Mapping[str, str],
    memo: Mapping[str, str],
) -> HttpCall | None:
    """The next call for the room; None where it is as it is to be."""
    if "room" not in memo:
        return _made(item, room, account, secrets, memo)
    where, topic = f"rooms/{quote(memo['room'], safe='')}", topic_of(room, MATRIX_TOPIC)
    if memo.get("topic", digest_of("")) != digest_of(topic):
        path, about = f"{where}/state/m.room.topic", f"{_TOPIC} {digest_of(topic)}"
        return _call(account, secrets, "PUT", path, about, {"topic": topic})
    if member := to_invite(room, memo, _PEOPLE):
        if memo.get("doubted") == member:
            path = f"{where}/state/m.room.member/{quote(member, safe='')}"
            return _call(account, secrets, "GET", path, f"{_MEMBERSHIP} {member}")
        wanted = {"user_id": member}
        return _call(account, secrets, "POST", f"{where}/invite", f"{_INVITE} {member}", wanted)
    return None


def _made(
    item: Item,
    room: RoomMessage,
    account: Account,
    secrets: Mapping[str, str],
    memo: Mapping[str, str],
) -> HttpCall:
    name = name_to_try(room, memo, MATRIX_ROOM_NAME)
    if memo.get("taken") != name:
        wanted: dict[str, object] = {
            "room_alias_name": name,
            "name": name,
            "preset": "private_chat" if is_private(account, room) else "public_chat",
            "creation_content": {_MARK: _mark(item)},
        }
        return _call(account, secrets, "POST", "createRoom", f"{_CREATE} {name}", wanted)
    if "server" not in memo:
        return _call(account, secrets, "GET", "account/whoami", _SELF)
    if not memo.get("candidate"):
        alias = quote(f"#{name}:{memo['server']}", safe="")
        return _call(account, secrets, "GET", f"directory/room/{alias}", _WHERE)
    where = f"rooms/{quote(memo['candidate'], safe='')}/state/m.room.create"
    about = " ".join([_WHOSE, name, memo["candidate"], memo.get("try", "1")])
    return _call(account, secrets, "GET", where, about)


def read(item: Item, reply: Reply) -> Outcome:
    """What became of one call for a room."""
    about, _, rest = reply.about.partition(" ")
    answer = answer_of(reply)
    if 400 <= reply.status < 500 and reply.status != 429:
        declined = _declined(item, about, rest, str(answer.get("errcode")))
        if declined:
            return declined
    if failed := failure(item, reply):
        return failed
    if about == _INVITE:
        return invited(item.room, rest)
    if about == _MEMBERSHIP:
        is_there = answer.get("membership") in {"join", "invite"}
        return _asked(item, rest, "" if is_there else "M_FORBIDDEN")
    if about == _WHOSE:
        return _whose(item, answer, *rest.split(" "))
    named = {_CREATE: "room_id", _WHERE: "room_id", _SELF: "user_id", _TOPIC: "event_id"}
    told = answer.get(named[about])
    if not isinstance(told, str) or not told:
        return Unsure(_NO_ANSWER)
    if about == _CREATE:
        return _made_as(told, rest)
    memo = {_WHERE: {"candidate": told}, _SELF: {"server": told.partition(":")[2]}}
    return Delivered(memo.get(about, {"topic": rest}), has_more=True)


def _declined(item: Item, about: str, rest: str, wrong: str) -> Outcome | None:
    """What one call came to that the server would not do; None where it decides about them all."""
    if about == _CREATE and wrong == "M_ROOM_IN_USE":
        return taken(rest)
    if about == _WHERE and wrong == "M_NOT_FOUND":
        # Whoever had the name has given it up.
        return Delivered({"taken": ""}, has_more=True)
    if about == _WHOSE and wrong in {"M_FORBIDDEN", "M_NOT_FOUND"}:
        return _whose(item, {}, *rest.split(" "))
    if about == _MEMBERSHIP and wrong in {"M_FORBIDDEN", "M_NOT_FOUND"}:
        return _asked(item, rest, "M_FORBIDDEN")
    if about == _INVITE and wrong == "M_FORBIDDEN":
        return Delivered({"doubted": rest}, has_more=True)
    if about == _INVITE and wrong in {"M_NOT_FOUND", "M_INVALID_PARAM", "M_UNKNOWN"}:
        return invited(item.room, rest, wrong)
    return None


def _asked(item: Item, member: str, why_not: str) -> Outcome:
    """The refusal of an invitation was doubted, and the room has answered."""
    outcome = invited(item.room, member, why_not)
    return replace(outcome, memo={**outcome.memo, "doubted": ""})


def _whose(item: Item, answer: Mapping[str, object], name: str, room: str, number: str) -> Outcome:
    """A room that bears our mark is ours; one that we may not see is not."""
    is_ours = answer.get(_MARK) == _mark(item)
    return _made_as(room, name) if is_ours else next_name(number, candidate="")


def _made_as(room: str, name: str) -> Outcome:
    server = room.partition(":")[2]
    via = f"?via={quote(server, safe='')}" if server else ""
    return created(room, name, address=f"https://matrix.to/#/{quote(room, safe='!:')}{via}")


def _mark(item: Item) -> str:
    return plain_key(item.subject_key, MATRIX_KEY)


def _call(
    account: Account,
    secrets: Mapping[str, str],
    method: str,
    path: str,
    about: str,
    body: Mapping[str, object] | None = None,
) -> HttpCall:
    json_type = {} if body is None else {"Content-Type": "application/json"}
    return HttpCall(
        method=method,
        url=f"{base_url(account)}/_matrix/client/v3/{path}",
        headers=bearer(secrets) | json_type,
        body=b"" if body is None else json.dumps(body, ensure_ascii=False).encode(),
        is_replayable=method != "POST",
        about=about,
    )
