"""Chat rooms in Slack: channels of a bot.

A channel bears no mark of ours while it is made. Where the name is taken, it is ours if our own
bot is in it and made it within the last day: the answer that told of it was lost. People are
found by their e-mail address where nobody gave their member id.

Source: docs.slack.dev (``conversations.create``, ``setTopic``, ``invite``, ``users.conversations``,
``users.lookupByEmail``, ``auth.test``).
"""

import re
from collections.abc import Mapping

from services.providers.limits import SLACK_ROOM_NAME, SLACK_TOPIC
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
from services.providers.replies import answer_of, objects
from services.providers.room_people import ByMail, Names, invited, looked_up, to_find, to_invite
from services.providers.rooms import (
    created,
    digest_of,
    is_private,
    name_to_try,
    next_name,
    opened_at,
    taken,
    topic_of,
)
from services.providers.slack_calls import NO_ANSWER, answered, asked, posted, refused

_PEOPLE = Names(re.compile(r"[UW][A-Z0-9]{2,}"), ByMail.ELSE)
_CREATE, _SELF, _OWN, _TOPIC, _INVITE = "create", "self", "own", "topic", "invite"
_ADDRESS, _FIND = "address", "find"
_IS_THERE = {"already_in_channel", "cant_invite_self"}
_CANNOT = {
    *("user_not_found", "cant_invite", "user_is_restricted", "user_is_ultra_restricted"),
    *("user_team_not_in_channel", "no_external_invite_permission", "user_disabled"),
}
_NOT_FOUND = {"users_not_found", "missing_scope", "not_allowed_token_type", "user_not_found"}
_OUR_LAST_DAY_S = 24 * 3_600


def build(
    item: Item,
    room: RoomMessage,
    account: Account,
    secrets: Mapping[str, str],
    memo: Mapping[str, str],
) -> HttpCall | None:
    """The next call for the room; None where it is as it is to be."""
    if "room" not in memo:
        return _made(room, account, secrets, memo)
    if "address" not in memo:
        return asked(account, secrets, "auth.test", {}, f"{_ADDRESS} {memo['room']}")
    topic = topic_of(room, SLACK_TOPIC)
    if memo.get("topic", digest_of("")) != digest_of(topic):
        about = f"{_TOPIC} {digest_of(topic)}"
        wanted = {"channel": memo["room"], "topic": topic}
        return posted(account, secrets, "conversations.setTopic", wanted, about)
    if mail := to_find(room, memo, _PEOPLE):
        return asked(account, secrets, "users.lookupByEmail", {"email": mail}, f"{_FIND} {mail}")
    if member := to_invite(room, memo, _PEOPLE):
        wanted = {"channel": memo["room"], "users": member}
        return posted(account, secrets, "conversations.invite", wanted, f"{_INVITE} {member}")
    return None


def _made(
    room: RoomMessage, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
) -> HttpCall:
    name = name_to_try(room, memo, SLACK_ROOM_NAME)
    if memo.get("taken") != name:
        wanted = {"name": name, "is_private": is_private(account, room)}
        return posted(account, secrets, "conversations.create", wanted, f"{_CREATE} {name}")
    if "self" not in memo:
        return asked(account, secrets, "auth.test", {}, _SELF)
    query = {
        "types": "public_channel,private_channel",
        "exclude_archived": "true",
        "limit": "200",
        "cursor": memo.get("cursor", ""),
    }
    about = " ".join([_OWN, name, memo["self"], memo.get("try", "1")])
    return asked(account, secrets, "users.conversations", query, about)


def read(item: Item, reply: Reply) -> Outcome:
    """What became of one call for a room."""
    said = answered(item, reply)
    if not isinstance(said, str):
        return said
    about, _, rest = reply.about.partition(" ")
    if said:
        return _refused(item, reply, said, about, rest)
    answer = answer_of(reply)
    if about == _CREATE:
        channel = answer.get("channel")
        id_ = channel.get("id") if isinstance(channel, Mapping) else None
        return created(id_, rest) if isinstance(id_, str) and id_ else Unsure(NO_ANSWER)
    if about == _SELF:
        me = answer.get("user_id")
        return Delivered({"self": me}, has_more=True) if isinstance(me, str) else Unsure(NO_ANSWER)
    if about == _OWN:
        return _own(item, answer, *rest.split(" "))
    if about == _ADDRESS:
        return opened_at(f"{str(answer.get('url', '')).rstrip('/')}/archives/{rest}")
    if about == _FIND:
        user = answer.get("user")
        id_ = user.get("id") if isinstance(user, Mapping) else None
        return looked_up(item.room, rest, id_) if isinstance(id_, str) else Unsure(NO_ANSWER)
    return (
        invited(item.room, rest) if about == _INVITE else Delivered({"topic": rest}, has_more=True)
    )


def _refused(item: Item, reply: Reply, said: str, about: str, rest: str) -> Outcome:
    if about == _CREATE and said == "name_taken":
        return taken(rest)
    if about == _INVITE and said in _IS_THERE:
        return invited(item.room, rest)
    if about == _INVITE and said in _CANNOT:
        return invited(item.room, rest, said)
    if about == _FIND and said in _NOT_FOUND:
        return looked_up(item.room, rest, "", said)
    return refused(item, reply, said)


def _own(item: Item, answer: Mapping[str, object], name: str, me: str, number: str) -> Outcome:
    """The channel of that name, if our own bot made it of late."""
    channels = objects(answer.get("channels"))
    if channels is None:
        return Unsure(NO_ANSWER)
    for channel in channels:
        since, id_ = channel.get("created"), channel.get("id")
        is_late = isinstance(since, int) and since > item.at.timestamp() - _OUR_LAST_DAY_S
        is_ours = channel.get("name") == name and channel.get("creator") == me
        if is_ours and is_late and isinstance(id_, str):
            return created(id_, name)
    more = answer.get("response_metadata")
    cursor = more.get("next_cursor") if isinstance(more, Mapping) else ""
    if isinstance(cursor, str) and cursor:
        return Delivered({"cursor": cursor}, has_more=True)
    return next_name(number, cursor="")
