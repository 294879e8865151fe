"""Chat rooms in Mattermost: channels of the team in the option ``team``.

Our mark is the purpose that a channel is made with. People are found by their e-mail address: what
they gave to be paged at is the id of a channel.

Source: Mattermost's API v4 (``/channels``, ``/teams/ID/channels/name/NAME``, ``/patch``,
``/members``, ``/teams/ID``, ``/users/email/ADDRESS``).
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import quote

from services.providers.account_checks import base_url, bearer, plain_key
from services.providers.errors import OptionsInvalid
from services.providers.limits import (
    MATTERMOST_KEY,
    MATTERMOST_ROOM_NAME,
    MATTERMOST_TOPIC,
)
from services.providers.mattermost_people import (
    CLEAR,
    SET,
    WHOSE,
    StatusStep,
    status_read,
    status_step,
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
from services.providers.room_people import (
    ByMail,
    Names,
    holding,
    invited,
    looked_up,
    to_find,
    to_invite,
)
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

_ID = re.compile(r"[a-z0-9]{26}")
_TAKEN = re.compile(r".*save_channel\.(exists|previously)\.app_error")
_PEOPLE = Names(_ID, ByMail.FIRST)
_CREATE, _WHOSE, _TOPIC, _INVITE = "create", "whose", "topic", "invite"
_ADDRESS, _FIND = "address", "find"
_STATUSES = (SET, WHOSE, CLEAR)
_NO = {400, 403, 404, 501}
_METHODS = {SET: "PUT", WHOSE: "GET", CLEAR: "DELETE"}
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
    if "address" not in memo:
        about = " ".join([_ADDRESS, base_url(account), memo["room_name"]])
        return _call(account, secrets, "GET", f"teams/{_team(account)}", about)
    where, topic = f"channels/{memo['room']}", topic_of(room, MATTERMOST_TOPIC)
    if memo.get("topic", digest_of("")) != digest_of(topic):
        about = f"{_TOPIC} {digest_of(topic)}"
        return _call(account, secrets, "PUT", f"{where}/patch", about, {"header": topic})
    if mail := to_find(room, memo, _PEOPLE):
        path = f"users/email/{quote(mail, safe='')}"
        return _call(account, secrets, "GET", path, f"{_FIND} {mail}")
    if member := to_invite(room, memo, _PEOPLE):
        wanted = {"user_id": member}
        return _call(account, secrets, "POST", f"{where}/members", f"{_INVITE} {member}", wanted)
    users = holding(room, memo, _PEOPLE) if has_statuses(account) and room.status else ()
    step = status_step(item, room, memo, users)
    return None if step is None else _status_call(account, secrets, step)


def has_statuses(account: Account) -> bool:
    """Whether the chat says beside people's names that they are in a major incident.

    Raises:
        OptionsInvalid: the option ``statuses`` is neither yes nor no.
    """
    if (wanted := account.options.get("statuses", "no")) not in {"yes", "no"}:
        raise OptionsInvalid(option="statuses", problem="it is neither yes nor no")
    return wanted == "yes"


def _status_call(account: Account, secrets: Mapping[str, str], step: StatusStep) -> HttpCall:
    path = f"users/{step.user}" + ("" if step.about == WHOSE else "/status/custom")
    about = f"{step.about} {step.user}"
    return _call(account, secrets, _METHODS[step.about], path, about, step.body)


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
        "type": "P" if is_private(account, room) else "O",
    }
    return _call(account, secrets, "POST", "channels", f"{_CREATE} {name}", wanted)


def read(item: Item, reply: Reply) -> Outcome:
    """What became of one call for a room."""
    about, _, rest = reply.about.partition(" ")
    answer = answer_of(reply)
    if reply.status in _NO:
        wrong = answer.get("id")
        why = wrong if isinstance(wrong, str) and wrong else f"HTTP {reply.status}"
        if declined := _declined(item, about, rest, why):
            return declined
    if failed := failure(item, reply):
        return failed
    if about in _STATUSES:
        return status_read(item, about, rest, answer)
    if about == _ADDRESS:
        base, name = rest.split(" ")
        return opened_at(f"{base}/{answer.get('name', '')}/channels/{name}")
    id_ = answer.get("user_id" if about == _INVITE else "id")
    if not isinstance(id_, str) or not _ID.fullmatch(id_):
        return Unsure(_NO_ANSWER)
    return _done(item, about, rest, id_, answer)


def _declined(item: Item, about: str, rest: str, why: str) -> Outcome | None:
    """What one call came to that the server would not do; None where it decides about them all."""
    if about in _STATUSES:
        return status_read(item, about, rest, {}, why)
    if about == _CREATE:
        return taken(rest) if _TAKEN.fullmatch(why) else None
    if about == _INVITE:
        return invited(item.room, rest, why)
    if about == _FIND:
        return looked_up(item.room, rest, "", why)
    if about == _ADDRESS:
        return opened_at("")
    return next_name(rest.split(" ")[1]) if about == _WHOSE else None


def _done(item: Item, about: str, rest: str, id_: str, answer: Mapping[str, object]) -> Outcome:
    if about == _FIND:
        return looked_up(item.room, rest, id_)
    if about == _CREATE:
        return created(id_, rest)
    if about == _WHOSE:
        name, number = rest.split(" ")
        is_ours = answer.get("purpose") == _mark(item) and not answer.get("delete_at")
        return created(id_, name) if is_ours else next_name(number)
    if about == _INVITE:
        return invited(item.room, rest)
    return Delivered({"topic": rest}, has_more=True)


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
