"""Matrix: messages to a room, one thread for each subject.

The transaction id is the item's key, so that a repeat is the same event, not a second one.

Source: the Matrix client-server specification (``room_send``, threads, mentions).
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import quote

from services.providers import matrix_rooms
from services.providers.account_checks import base_url, bearer, plain_key
from services.providers.errors import OptionsInvalid
from services.providers.limits import MATRIX_KEY, MATRIX_SUMMARY, MATRIX_TEXT, fit
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Outcome,
    Reply,
    Step,
    Unsure,
)
from services.providers.replies import answer_of, failure
from services.providers.rooms import is_private
from services.providers.wording import links, title, told

_ROOT = "root"
_ROOM = re.compile(r"![\x21-\x7e]{1,254}")


class Matrix:
    """Messages to the room in the option ``room``, or in the item's address, by its id."""

    kind = "matrix"
    secrets: tuple[str, ...] = ("token",)
    is_idempotent = True

    def check(self, account: Account) -> None:
        """Refuse a home server or a room that is none.

        Raises:
            OptionsInvalid: names the option.
        """
        base_url(account)
        room = account.options.get("room", "")
        if room and not _ROOM.fullmatch(room):
            raise OptionsInvalid(option="room", problem="it is not an id such as !abc:example.com")
        is_private(account)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """A message without markup; a new page notifies the whole room, where it may."""
        self.check(account)
        if item.room is not None:
            return matrix_rooms.build(item, item.room, account, secrets, memo)
        room = item.address or account.options.get("room", "")
        if not _ROOM.fullmatch(room):
            raise OptionsInvalid(option="room", problem="it is not an id such as !abc:example.com")
        where = (
            f"rooms/{quote(room, safe='')}/send/m.room.message/{plain_key(item.key, MATRIX_KEY)}"
        )
        return HttpCall(
            method="PUT",
            url=f"{base_url(account)}/_matrix/client/v3/{where}",
            headers=bearer(secrets) | {"Content-Type": "application/json"},
            body=json.dumps(_message(item, memo), ensure_ascii=False).encode(),
            is_replayable=True,
            about="" if _is_under(item, memo) else _ROOT,
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken is told by the event's id; the first one is the root of the thread."""
        if item.room is not None:
            return matrix_rooms.read(item, reply)
        if failed := failure(item, reply):
            return failed
        event_id = answer_of(reply).get("event_id")
        if not isinstance(event_id, str):
            return Unsure("no event id in the answer")
        is_root = reply.about == _ROOT if item.update else item.step is Step.OPEN
        return Delivered({"event_id": event_id} if is_root else {})


def _is_under(item: Item, memo: Mapping[str, str]) -> bool:
    """Whether it belongs into a thread; status updates go into theirs, whatever their step."""
    return "event_id" in memo and (item.update is not None or item.step is not Step.OPEN)


def _message(item: Item, memo: Mapping[str, str]) -> dict[str, object]:
    lines = [title(item, MATRIX_SUMMARY), fit(told(item), MATRIX_TEXT).strip()]
    lines += [f"{name}: {address}" for name, address in links(item)]
    message: dict[str, object] = {
        "msgtype": "m.text",
        "body": "\n".join(line for line in lines if line),
        "m.mentions": {"room": True} if item.step is Step.OPEN and not item.update else {},
    }
    if _is_under(item, memo):
        root = memo["event_id"]
        message["m.relates_to"] = {
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": root},
        }
    return message
