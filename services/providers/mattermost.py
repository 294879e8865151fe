"""Mattermost: posts in a channel, one thread for each subject.

A repeat under the same ``pending_post_id`` is the same post for 30 seconds: so says the source
of the server, while its API reference does not name the field. A lost answer is settled by
looking for our key among the properties of the latest posts.

Source: Mattermost's API v4, ``/posts`` and ``/channels/ID/posts``; ``deduplicateCreatePost`` in
the server's source.
"""

import json
import re
from collections.abc import Mapping

from services.providers import mattermost_rooms
from services.providers.account_checks import base_url, bearer, plain_key
from services.providers.errors import OptionsInvalid
from services.providers.limits import (
    MATTERMOST_KEY,
    MATTERMOST_LINK,
    MATTERMOST_SUMMARY,
    MATTERMOST_TEXT,
    fit,
)
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
_ITEM = "firstline_item"
_NO_ANSWER = "no answer that Mattermost documents"
_ID = re.compile(r"[a-z0-9]{26}")
_PRIORITIES = {1: "urgent", 2: "urgent", 3: "important"}
_ADDRESS = re.compile(r"(https?://[A-Za-z0-9\-._~:/?#&=%+,;]+)")
_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#~|!]")


class Mattermost:
    """Posts to the channel in the option ``channel``, or in the item's address, by its id.

    ``asks_acknowledgement``: ``yes`` lets Mattermost ask for it too, which its free edition
    refuses.
    """

    kind = "mattermost"
    secrets: tuple[str, ...] = ("token",)
    is_idempotent = False

    def check(self, account: Account) -> None:
        """Refuse a server or a channel that is none.

        Raises:
            OptionsInvalid: names the option.
        """
        base_url(account)
        channel = account.options.get("channel", "")
        if channel and not _ID.fullmatch(channel):
            raise OptionsInvalid(
                option="channel", problem="it is not an id of 26 letters and digits"
            )
        if account.options.get("asks_acknowledgement", "no") not in {"yes", "no"}:
            raise OptionsInvalid(option="asks_acknowledgement", problem="it is neither yes nor no")
        is_private(account)
        mattermost_rooms.has_statuses(account)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """A post in which nobody's text can mention anybody or be marked up."""
        self.check(account)
        if item.room is not None:
            return mattermost_rooms.build(item, item.room, account, secrets, memo)
        if memo.get("said") == item.key:
            return None
        key = plain_key(item.key, MATTERMOST_KEY)
        post: dict[str, object] = {
            "channel_id": _channel(item, account),
            "message": _message(item),
            "pending_post_id": key,
            "props": {_ITEM: key},
        }
        about = ""
        # The server takes a priority only where a thread begins.
        if "post_id" in memo and (item.update or item.step is not Step.OPEN):
            post["root_id"] = memo["post_id"]
        elif item.update or item.step is Step.OPEN:
            about = _ROOT
            if (priority := _priority(item, account)) and not item.update:
                post["metadata"] = {"priority": priority}
        return HttpCall(
            method="POST",
            url=f"{base_url(account)}/api/v4/posts",
            headers=bearer(secrets) | {"Content-Type": "application/json"},
            body=json.dumps(post, ensure_ascii=False).encode(),
            about=about,
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken is told by the post's id; the first one is the root of the thread."""
        if item.room is not None:
            return mattermost_rooms.read(item, reply)
        if failed := failure(item, reply):
            return failed
        post_id = answer_of(reply).get("id")
        if not isinstance(post_id, str):
            return Unsure(_NO_ANSWER)
        return Delivered(_memo(item, post_id, reply.about))

    def look(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """Ask for the latest posts of the channel, those in threads among them."""
        if item.room is not None:
            return None
        is_root = "post_id" not in memo if item.update else item.step is Step.OPEN
        where = f"channels/{_channel(item, account)}/posts?per_page=100"
        return HttpCall(
            method="GET",
            url=f"{base_url(account)}/api/v4/{where}",
            headers=bearer(secrets),
            is_replayable=True,
            about=_ROOT if is_root else "",
        )

    def found(self, item: Item, reply: Reply) -> Mapping[str, str] | Unsure | None:
        """The post whose properties hold this item's key."""
        posts = answer_of(reply).get("posts")
        if not isinstance(posts, Mapping):
            return Unsure(_NO_ANSWER)
        for post_id, post in posts.items():
            props = post.get("props") if isinstance(post, Mapping) else None
            if isinstance(props, Mapping) and props.get(_ITEM) == plain_key(
                item.key, MATTERMOST_KEY
            ):
                return _memo(item, post_id, reply.about)
        return None


def _channel(item: Item, account: Account) -> str:
    channel = item.address or account.options.get("channel", "")
    if not _ID.fullmatch(channel):
        raise OptionsInvalid(option="channel", problem="it is not an id of 26 letters and digits")
    return channel


def _memo(item: Item, post_id: str, about: str) -> dict[str, str]:
    memo = {"post_id": post_id} if about == _ROOT else {}
    return memo | ({"said": item.key} if item.update else {})


def _priority(item: Item, account: Account) -> dict[str, object]:
    name = _PRIORITIES.get(item.severity)
    if name is None:
        return {}
    asks = account.options.get("asks_acknowledgement") == "yes"
    return {"priority": name, **({"requested_ack": True} if asks else {})}


def _message(item: Item) -> str:
    lines = [
        f"#### {_literal(title(item, MATTERMOST_SUMMARY))}",
        _literal(fit(told(item), MATTERMOST_TEXT).strip()),
        *(f"[{_literal(name)}]({_target(url)})" for name, url in links(item, MATTERMOST_LINK)),
    ]
    return "\n\n".join(line for line in lines if line)


def _literal(text: str) -> str:
    """Text that Markdown shows as it is and that calls nobody; web addresses stay whole."""
    parts = _ADDRESS.split(text)
    # A mention is found by its sign and the word behind it: nothing visible comes between them.
    parts[::2] = [_MARKUP.sub(r"\\\g<0>", part).replace("@", "@\u200b") for part in parts[::2]]
    return "".join(parts)


def _target(address: str) -> str:
    return address.replace("(", "%28").replace(")", "%29")
