"""Slack: messages of a bot, one thread for each subject.

Slack knows no key of ours, but a message carries metadata: a lost answer is settled by looking
for our key among the latest messages.

Source: docs.slack.dev and Slack's OpenAPI description (``chat.postMessage``,
``conversations.history``, ``conversations.replies``).
"""

import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from services.providers.account_checks import base_url, plain_key, secret_in
from services.providers.errors import OptionsInvalid
from services.providers.limits import SLACK_KEY, SLACK_LINK, SLACK_SUMMARY, SLACK_TEXT, fit
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Outcome,
    Refused,
    Reply,
    Retry,
    Step,
    Unsure,
)
from services.providers.replies import answer_of, failure, wait_s
from services.providers.wording import links, title

BASE_URL = "https://slack.com/api"
_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")
_PLACE = re.compile(r"[A-Z][A-Z0-9]{2,}")
_ERROR = re.compile(r"[a-z_]{1,80}")
# "It's possible some aspect of the operation succeeded before the error was raised."
_PERHAPS_DONE = {"fatal_error", "internal_error", "service_unavailable"}
# A thread is read from its beginning, a channel from its end.
_LOOK_BACK_S = 600
_LATER = {"rate_limited", "ratelimited", "request_timeout"}


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

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall:
        """A message in which nobody's text can mention, link or mark up anything."""
        message: dict[str, object] = {
            "channel": _place(item, account),
            "text": escape(title(item, SLACK_SUMMARY)),
            "mrkdwn": False,
            "blocks": _blocks(item),
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": "firstline_item", "event_payload": {"item": _key(item)}},
        }
        if thread := _thread(item, memo):
            message |= {"thread_ts": thread, "reply_broadcast": item.step is Step.RESOLVE}
        return HttpCall(
            method="POST",
            url=f"{base_url(account, BASE_URL)}/chat.postMessage",
            headers={
                "Authorization": f"Bearer {secret_in(secrets, 'token', _TOKEN)}",
                "Content-Type": "application/json; charset=utf-8",
            },
            body=json.dumps(message).encode(),
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Slack says no with HTTP 200 too."""
        if failed := failure(item, reply):
            return failed
        answer = answer_of(reply)
        if answer.get("ok") is True:
            return Delivered(_memo(item, answer.get("channel"), answer.get("ts")))
        said = answer.get("error")
        if not isinstance(said, str) or not _ERROR.fullmatch(said):
            return Unsure("no answer that Slack documents")
        if said in _PERHAPS_DONE:
            return Unsure(said)
        return Retry(said, wait_s(item.at, reply)) if said in _LATER else Refused(said)

    def look(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall:
        """Ask for the latest messages, of the thread where the item belongs into one."""
        query = {
            "channel": memo.get("channel") or _place(item, account),
            "include_all_metadata": "true",
            # Some apps are given 15, whatever they ask for.
            "limit": "100",
        }
        method = "conversations.history"
        if thread := _thread(item, memo):
            method = "conversations.replies"
            query |= {"ts": thread, "oldest": str(int(item.at.timestamp()) - _LOOK_BACK_S)}
        return HttpCall(
            method="GET",
            url=f"{base_url(account, BASE_URL)}/{method}?{urlencode(query)}",
            headers={"Authorization": f"Bearer {secret_in(secrets, 'token', _TOKEN)}"},
            is_replayable=True,
        )

    def found(self, item: Item, reply: Reply) -> Mapping[str, str] | None:
        """The message whose metadata holds this item's key."""
        messages = answer_of(reply).get("messages")
        for message in messages if isinstance(messages, list) else []:
            if _item_of(message) == _key(item):
                return _memo(item, None, message.get("ts"))
        return None


def _place(item: Item, account: Account) -> str:
    place = item.address or account.options.get("channel", "")
    if not _PLACE.fullmatch(place):
        raise OptionsInvalid(option="channel", problem="it is not an id such as C0123ABCD")
    return place


def _key(item: Item) -> str:
    return plain_key(item.key, SLACK_KEY)


def _thread(item: Item, memo: Mapping[str, str]) -> str:
    """The root to answer to; empty where this item is one."""
    return "" if item.step is Step.OPEN else memo.get("ts", "")


def _memo(item: Item, channel: object, ts: object) -> dict[str, str]:
    """Only a first message is worth remembering: the rest hangs on it."""
    if item.step is not Step.OPEN:
        return {}
    return {name: str(value) for name, value in (("channel", channel), ("ts", ts)) if value}


def _blocks(item: Item) -> list[dict[str, object]]:
    words = [title(item, SLACK_SUMMARY), fit(item.text, SLACK_TEXT).strip()]
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
