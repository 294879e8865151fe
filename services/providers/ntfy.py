"""ntfy: notices on phones, with buttons to answer a page.

ntfy knows no key of ours, so that a repeat buzzes twice and says that it may be one. The name of
a topic on a public server works as a password: it is sent in the body, never in an address.

Source: ntfy's documentation of publishing; a message as JSON may take twice its usual limit.
"""

import json
import re
from collections.abc import Mapping

from services.providers import limits
from services.providers.account_checks import base_url, secret_in
from services.providers.errors import OptionsInvalid
from services.providers.limits import fit, fit_line, link
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Outcome,
    Refused,
    Reply,
    Step,
    Unsure,
)
from services.providers.replies import answer_of, failure, reason_of
from services.providers.wording import headline

BASE_URL = "https://ntfy.sh"
PRIORITIES = {1: 5, 2: 4, 3: 3, 4: 2, 5: 1}
"""By severity, for a page; whatever follows it comes in low."""
LOW_PRIORITY = 2
_TOPIC = re.compile("[-_A-Za-z0-9]{1,64}")
_TOKEN = re.compile(r"[\x21-\x7e]{1,256}")
_TAGS = {
    Step.OPEN: "rotating_light",
    Step.UPDATE: "memo",
    Step.ACKNOWLEDGE: "eyes",
    Step.RESOLVE: "white_check_mark",
}


class Ntfy:
    """One server. A contact's address is a topic; option ``topic`` is for items without one.

    The token may be empty, where a server lets anyone publish.
    """

    kind = "ntfy"
    secrets: tuple[str, ...] = ("token",)
    is_idempotent = False

    def check(self, account: Account) -> None:
        """Refuse a wrong address or topic.

        Raises:
            OptionsInvalid: names it.
        """
        base_url(account, BASE_URL)
        if "topic" in account.options:
            _topic(account.options["topic"])

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall:
        """A notice to one topic."""
        headers = {"Content-Type": "application/json"}
        if secrets.get("token"):
            headers["Authorization"] = f"Bearer {secret_in(secrets, 'token', _TOKEN)}"
        title = fit_line(headline(item), limits.NTFY_TITLE) or "Firstline"
        notice: dict[str, object] = {
            "topic": _topic(item.address or account.options.get("topic", "")),
            "title": title,
            "message": fit(item.text, limits.NTFY_MESSAGE) or title,
            "priority": PRIORITIES[item.severity] if item.step is Step.OPEN else LOW_PRIORITY,
            "tags": [_TAGS[item.step]],
        }
        if actions := _actions(item):
            notice["actions"] = actions
        if url := link(item.url, limits.NTFY_LINK):
            notice["click"] = url
        return HttpCall(
            method="POST",
            url=base_url(account, BASE_URL) + "/",
            headers=headers,
            body=json.dumps(notice, ensure_ascii=False).encode(),
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken, where the server gives the message an id."""
        failed = failure(item, reply)
        if failed is not None:
            return failed
        answer = answer_of(reply)
        message_id = answer.get("id")
        if isinstance(message_id, str) and message_id:
            return Delivered({"message_id": message_id})
        reason = reason_of(item, reply)
        return Refused(reason) if "error" in answer else Unsure(reason)


def _topic(topic: str) -> str:
    if not _TOPIC.fullmatch(topic):
        raise OptionsInvalid(option="topic", problem="it is not 1 to 64 letters, digits, - and _")
    return topic


def _actions(item: Item) -> list[dict[str, object]]:
    """Buttons, of which a notice takes three: two answer in place, one opens the desk's page."""
    answers = {"Acknowledge": item.acknowledge_url, "Can't, next please": item.decline_url}
    buttons: list[dict[str, object]] = [
        {"action": "http", "label": label, "url": url, "method": "POST", "clear": True}
        for label, url in answers.items()
        if link(url, limits.NTFY_LINK)
    ]
    if url := link(item.url, limits.NTFY_LINK):
        buttons.append({"action": "view", "label": "Open", "url": url})
    return buttons
