"""Slack: messages of a bot, one thread for each subject.

Slack knows no key of ours, but a message carries metadata: a lost answer is settled by looking
for our key among the latest messages.

Of status updates, one message shows what is so now. It is changed by each update, which also
answers to it in short.

Source: docs.slack.dev and Slack's OpenAPI description (``chat.postMessage``, ``chat.update``,
``conversations.history``, ``conversations.replies``).
"""

import re
from collections.abc import Mapping
from xml.sax.saxutils import escape

from services.providers import slack_rooms
from services.providers.account_checks import base_url, plain_key
from services.providers.errors import OptionsInvalid
from services.providers.limits import SLACK_KEY, SLACK_LINK, SLACK_SUMMARY, SLACK_TEXT, fit
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
from services.providers.replies import answer_of
from services.providers.rooms import is_private
from services.providers.slack_calls import BASE_URL, NO_ANSWER, answered, asked, posted, refused
from services.providers.wording import links, phase, title, told

_PLACE = re.compile(r"[A-Z][A-Z0-9]{2,}")
# A thread is read from its beginning, a channel from its end.
_LOOK_BACK_S = 600
_GONE = {"message_not_found", "cant_update_message", "edit_window_closed"}
_ROOT, _SHOWN, _SAID = "root", "shown", "said"
"""The calls for a status update: the message, its change, and the answer to it."""


class Slack:
    """Messages to a channel or a person, by id: the option ``channel``, or the item's address.

    The first message makes the thread; the rest goes into it, the end also into the channel.
    """

    kind = "slack"
    secrets: tuple[str, ...] = ("token",)
    is_idempotent = False

    def check(self, account: Account) -> None:
        """Refuse a channel that is given by its name, which can change hands.

        Raises:
            OptionsInvalid: names the option.
        """
        base_url(account, BASE_URL)
        channel = account.options.get("channel", "")
        if channel and not _PLACE.fullmatch(channel):
            raise OptionsInvalid(option="channel", problem="it is not an id such as C0123ABCD")
        is_private(account)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """A message in which nobody's text can mention, link or mark up anything."""
        if item.room is not None:
            return slack_rooms.build(item, item.room, account, secrets, memo)
        about = _step(item, memo)
        if item.update is not None and not about:
            return None
        message: dict[str, object] = {
            "channel": memo.get("channel", "") if about == _SHOWN else _place(item, account),
            "text": escape(title(item, SLACK_SUMMARY)),
            "blocks": _blocks(item, in_short=about == _SAID),
            "metadata": _metadata(item, about),
        }
        if about == _SHOWN:
            message["ts"] = memo["ts"]
            return posted(account, secrets, "chat.update", message, about)
        message |= {"mrkdwn": False, "unfurl_links": False, "unfurl_media": False}
        if thread := _thread(item, memo):
            message |= {"thread_ts": thread, "reply_broadcast": item.step is Step.RESOLVE}
        return posted(account, secrets, "chat.postMessage", message, about)

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Slack says no with HTTP 200 too."""
        if item.room is not None:
            return slack_rooms.read(item, reply)
        said = answered(item, reply)
        if not isinstance(said, str):
            return said
        if not said:
            answer = answer_of(reply)
            memo = _memo(item, answer.get("channel"), answer.get("ts"), reply.about)
            return Delivered(memo, has_more=reply.about == _SHOWN)
        if said in _GONE and reply.about == _SHOWN:
            # Somebody deleted the message, or nobody may change it any more: there is a new one.
            return Delivered({"ts": ""}, said, has_more=True)
        return refused(item, reply, said)

    def look(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """Ask for the latest messages, of the thread where the item belongs into one."""
        about = _step(item, memo)
        if about == _SHOWN or item.room is not None:
            return None
        place = _place(item, account)
        query = {
            "channel": memo.get("channel") or place,
            "include_all_metadata": "true",
            # Some apps are given 15, whatever they ask for.
            "limit": "100",
        }
        method = "conversations.history"
        if thread := _thread(item, memo):
            method = "conversations.replies"
            recent = str(int(item.at.timestamp()) - _LOOK_BACK_S)
            query |= {"ts": thread, "oldest": _last(memo) if item.update else recent}
        return asked(account, secrets, method, query, about and f"{about} {place}")

    def found(self, item: Item, reply: Reply) -> Mapping[str, str] | Unsure | None:
        """The message whose metadata holds this item's key."""
        messages = answer_of(reply).get("messages")
        if not isinstance(messages, list):
            return Unsure(NO_ANSWER)
        about, _, place = reply.about.partition(" ")
        for message in messages:
            if _item_of(message) == _key(item):
                return _memo(item, place or None, message.get("ts"), about)
        return None


def _metadata(item: Item, about: str) -> dict[str, object]:
    # The root of a thread is listed with its answers, and is not the answer that is looked for.
    name = _SHOWN if about == _SHOWN else "item"
    return {"event_type": "firstline_item", "event_payload": {name: _key(item)}}


def _step(item: Item, memo: Mapping[str, str]) -> str:
    """What is to be called for a status update; empty where it is told, or where it is none."""
    if item.update is None or memo.get(_SAID) == _key(item):
        return ""
    if not memo.get("ts"):
        return _ROOT
    return _SAID if memo.get(_SHOWN) == _key(item) else _SHOWN


def _place(item: Item, account: Account) -> str:
    place = item.address or account.options.get("channel", "")
    if not _PLACE.fullmatch(place):
        raise OptionsInvalid(option="channel", problem="it is not an id such as C0123ABCD")
    return place


def _key(item: Item) -> str:
    return plain_key(item.key, SLACK_KEY)


def _thread(item: Item, memo: Mapping[str, str]) -> str:
    """The root to answer to; empty where this item is one."""
    is_root = item.step is Step.OPEN and item.update is None
    return "" if is_root else memo.get("ts", "")


def _last(memo: Mapping[str, str]) -> str:
    """From when on a thread may hold an answer that we do not know of."""
    return memo.get("last") or memo["ts"]


def _memo(item: Item, channel: object, ts: object, about: str) -> dict[str, str]:
    """Of messages only a first one is worth remembering: the rest hangs on it."""
    if about == _SHOWN:
        return {_SHOWN: _key(item)}
    if about == _SAID:
        return {_SAID: _key(item), "last": str(ts)}
    if item.update is None and item.step is not Step.OPEN:
        return {}
    memo = {name: str(value) for name, value in (("channel", channel), ("ts", ts)) if value}
    return memo | ({_SAID: _key(item)} if about == _ROOT else {})


def _blocks(item: Item, *, in_short: bool) -> list[dict[str, object]]:
    text = told(item)
    if in_short and item.update is not None:
        text = f"{phase(item.update)}: {item.update.summary}"
    words = [title(item, SLACK_SUMMARY), fit(text, SLACK_TEXT).strip()]
    shown = [_section("plain_text", escape(text), emoji=False) for text in words if text]
    for name, address in links(item, SLACK_LINK):
        shown.append(_section("mrkdwn", f"<{escape(address)}|{escape(name.replace('|', '/'))}>"))
    return shown


def _section(kind: str, text: str, **more: bool) -> dict[str, object]:
    return {"type": "section", "text": {"type": kind, "text": text, **more}}


def _item_of(message: object) -> object:
    """Our key in a message's metadata, if it has any."""
    for name in ("metadata", "event_payload", "item"):
        message = message.get(name) if isinstance(message, Mapping) else None
    return message
