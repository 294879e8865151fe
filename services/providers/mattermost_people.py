"""What Mattermost says beside the names of people who hold a role in a major incident.

Setting another one's status needs a token of somebody who may edit other users. What people
have written there themselves since is never taken away.

Source: Mattermost's API v4 (``/users/ID/status/custom``); ``customStatus`` among the ``props`` of a
user, in the server's source.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.providers.provider import Delivered, Item, RoomMessage
from services.providers.room_people import why_not

SET, WHOSE, CLEAR = "set", "whose-status", "clear"
_EMOJI = "fire_engine"
_LASTS = timedelta(days=1)
"""After that Mattermost clears it by itself, should nobody tell it that the response is over."""


@dataclass(frozen=True, slots=True)
class StatusStep:
    """The next call for somebody's status: which, about whom, with what."""

    about: str
    user: str
    body: Mapping[str, object] | None = None


def status_step(
    item: Item, room: RoomMessage, memo: Mapping[str, str], users: Sequence[str]
) -> StatusStep | None:
    """The next call until exactly ``users`` have the status of this room; None where it is so."""
    for user in users:
        known = memo.get(f"status {user}", "")
        if known != SET and not known.startswith(f"{room.round} "):
            body = {
                "emoji": _EMOJI,
                "text": room.status,
                "duration": "date_and_time",
                "expires_at": f"{item.at + _LASTS:%Y-%m-%dT%H:%M:%SZ}",
            }
            return StatusStep(SET, user, body)
    for key, known in memo.items():
        user = key.removeprefix("status ")
        if user != key and known == SET and user not in users:
            return StatusStep(CLEAR if memo.get("ours") == user else WHOSE, user)
    return None


def status_read(
    item: Item, about: str, user: str, answer: Mapping[str, object], wrong: str = ""
) -> Delivered:
    """What one call for a status came to; ``wrong`` is why it was refused, empty where not."""
    if about == SET:
        number = item.room.round if item.room else 0
        reason = f"no status for {user} ({wrong})" if wrong else ""
        return Delivered({f"status {user}": f"{number} {wrong}" if wrong else SET}, reason, True)
    if about == WHOSE and not wrong and _text_of(answer) == (item.room and item.room.status):
        return Delivered({"ours": user}, has_more=True)
    return Delivered({f"status {user}": "", "ours": ""}, has_more=True)


def _text_of(user: Mapping[str, object]) -> object:
    """What stands beside a user's name."""
    props = user.get("props")
    try:
        kept = json.loads(str(props.get("customStatus", ""))) if isinstance(props, dict) else {}
    except ValueError:
        kept = {}
    return kept.get("text") if isinstance(kept, dict) else None


def statuses_refused(memo: Mapping[str, str]) -> tuple[str, ...]:
    """Why statuses could not be set, each reason once."""
    told = [why_not(value) for key, value in memo.items() if key.startswith("status ")]
    return tuple(dict.fromkeys(why for why in told if why))
