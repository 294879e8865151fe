"""Microsoft Teams: cards through a workflow "When a Teams webhook request is received".

The address is the secret. A workflow takes any number of the same card and answers before it
posts it; there are no threads and no edits.

Source: the Adaptive Card schema 1.4, which every Teams shows; Microsoft's limits of webhooks.
"""

import json
import re
from collections.abc import Mapping

from services.providers.account_checks import secret_in, web_address
from services.providers.limits import TEAMS_SUMMARY, TEAMS_TEXT, fit
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
from services.providers.replies import failure
from services.providers.wording import links, title, told

_ADDRESS = re.compile(r"https?://\S+")
_COLOURS = {1: "attention", 2: "attention", 3: "warning", 4: "accent", 5: "default"}
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"


class Teams:
    """A card for each step, in the channel that the workflow was made for. No options."""

    kind = "teams"
    secrets: tuple[str, ...] = ("url",)
    is_idempotent = False

    def check(self, account: Account) -> None:
        """Nothing to refuse: the workflow's address says it all, and is a secret."""

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall:
        """A card whose texts are shown as they are: text runs know no Markdown."""
        attachment = {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": None,
            "content": _card(item),
        }
        message = {"type": "message", "attachments": [attachment]}
        return HttpCall(
            method="POST",
            url=web_address(secret_in(secrets, "url", _ADDRESS)),
            headers={"Content-Type": "application/json"},
            body=json.dumps(message, ensure_ascii=False).encode(),
            secret_in_url=True,
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken is not posted: a workflow that fails later tells nobody here."""
        if failed := failure(item, reply):
            return failed
        # What a workflow answers is not documented; whoever shows a page instead is none.
        if reply.body.lstrip().startswith(b"<"):
            return Unsure("a page instead of a workflow's answer")
        return Delivered(reason="taken; the workflow posts it later")


def _card(item: Item) -> dict[str, object]:
    colour = "good" if item.step is Step.RESOLVE else _COLOURS[item.severity]
    look = {"size": "large", "weight": "bolder", "color": colour}
    body = [_words(title(item, TEAMS_SUMMARY), **look)]
    if text := fit(told(item), TEAMS_TEXT).strip():
        body.append(_words(text))
    card: dict[str, object] = {
        "$schema": _SCHEMA,
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if actions := [_open(name, address) for name, address in links(item)]:
        card["actions"] = actions
    return card


def _words(text: str, **style: str) -> dict[str, object]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **style}]}


def _open(name: str, address: str) -> dict[str, str]:
    return {"type": "Action.OpenUrl", "title": name, "url": address}
