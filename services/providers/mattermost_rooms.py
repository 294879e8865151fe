"""Chat rooms in Mattermost: channels of the team in the option ``team``.

Our mark is the purpose that a channel is made with.

Source: Mattermost's API v4 (``/channels``, ``/teams/ID/channels/name/NAME``, ``/patch``,
``/members``).
"""

import json
import re
from collections.abc import Mapping

from services.providers.account_checks import base_url, bearer, plain_key
from services.providers.errors import OptionsInvalid
from services.providers.limits import (
    MATTERMOST_KEY,
    MATTERMOST_ROOM_NAME,
    MATTERMOST_TOPIC,
)
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
from services.providers.rooms import (
    created,
    digest_of,
    invited,
    is_private,
    name_to_try,
    next_member,
    next_name,
    taken,
    topic_of,
)

_ID = re.compile(r"[a-z0-9]{26}")
_TAKEN = re.compile(r".*save_channel\.(exists|previously)\.app_error")
_CREATE, _WHOSE, _TOPIC, _INVITE = "create", "whose", "topic", "invite"
_NO_ANSWER = "no answer that Mattermost documents"


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
    where, topic = f"channels/{memo['room']}", topic_of(room, MATTERMOST_TOPIC)
    if memo.get("topic", digest_of("")) != digest_of(topic):
        about = f"{_TOPIC} {digest_of(topic)}"
        return _call(account, secrets, "PUT", f"{where}/patch", about, {"header": topic})
    if member := next_member(room, memo, _ID):
        wanted = {"user_id": member}
        return _call(account, secrets, "POST", f"{where}/members", f"{_INVITE} {member}", wanted)
    return None


def _made(
    item: Item,
    room: RoomMessage,
    account: Account,
    secrets: Mapping[str, str],
    memo: Mapping[str, str],
) -> HttpCall:
    name, team = name_to_try(room, memo, MATTERMOST_ROOM_NAME), _team(account)
    if memo.get("taken") == name:
        about = " ".join([_WHOSE, name, memo.get("try", "1")])
        return _call(account, secrets, "GET", f"teams/{team}/channels/name/{name}", about)
    wanted: dict[str, object] = {
        "team_id": team,
        "name": name,
        "display_name": name,
        "purpose": _mark(item),
        "type": "P" if is_private(account) else "O",
    }
    return _call(account, secrets, "POST", "channels", f"{_CREATE} {name}", wanted)


def read(item: Item, reply: Reply) -> Outcome:
    """What became of one call for a room."""
    about, _, rest = reply.about.partition(" ")
    answer = answer_of(reply)
    wrong = answer.get("id") if 400 <= reply.status < 500 and reply.status != 429 else None
    if about == _CREATE and isinstance(wrong, str) and _TAKEN.fullmatch(wrong):
        return taken(rest)
    if about == _WHOSE and reply.status in {403, 404}:
        return next_name(rest.split(" ")[1])
    if about == _INVITE and reply.status in {400, 403, 404}:
        return invited(rest, str(wrong))
    if failed := failure(item, reply):
        return failed
    id_ = answer.get("user_id" if about == _INVITE else "id")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        return Unsure(_NO_ANSWER)
    if about == _CREATE:
        return created(id_, rest, item, _ID)
    if about == _WHOSE:
        name, number = rest.split(" ")
        is_ours = answer.get("purpose") == _mark(item) and not answer.get("delete_at")
        return created(id_, name, item, _ID) if is_ours else next_name(number)
    return invited(rest) if about == _INVITE else Delivered({"topic": rest}, has_more=True)


def _mark(item: Item) -> str:
    return f"Firstline {plain_key(item.subject_key, MATTERMOST_KEY)}"[:250]


def _team(account: Account) -> str:
    team = account.options.get("team", "")
    if not _ID.fullmatch(team):
        raise OptionsInvalid(option="team", problem="it is not an id of 26 letters and digits")
    return team


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
        url=f"{base_url(account)}/api/v4/{path}",
        headers=bearer(secrets) | json_type,
        body=b"" if body is None else json.dumps(body, ensure_ascii=False).encode(),
        is_replayable=method != "POST",
        about=about,
    )
