"""PagerDuty, Events API v2.

PagerDuty knows an incident by ``dedup_key``: a repeated trigger adds a line to its log, and an
acknowledge or resolve of nothing is dropped. Answer links stay out, as a whole account reads them.

Source: PagerDuty's description of the Events API v2, and its documented limits.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace

from services.providers import limits
from services.providers.account_checks import base_url, secret_in, short_key
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

BASE_URL = "https://events.pagerduty.com"
SEVERITIES = {1: "critical", 2: "error", 3: "warning", 4: "info", 5: "info"}
_ROUTING_KEY = re.compile("[A-Za-z0-9]{32}")
_ACTIONS = {
    Step.OPEN: "trigger",
    Step.UPDATE: "trigger",
    Step.ACKNOWLEDGE: "acknowledge",
    Step.RESOLVE: "resolve",
}


class PagerDuty:
    """One integration of one service; its routing key is the secret. No options."""

    kind = "pagerduty"
    secrets: tuple[str, ...] = ("routing_key",)
    is_idempotent = True

    def check(self, account: Account) -> None:
        """Refuse an address that is none.

        Raises:
            OptionsInvalid: names it.
        """
        base_url(account, BASE_URL)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall:
        """An event about the incident that the key names."""
        event = {
            "routing_key": secret_in(secrets, "routing_key", _ROUTING_KEY),
            "event_action": _ACTIONS[item.step],
            "dedup_key": short_key(item.subject_key, limits.PAGERDUTY_DEDUP_KEY),
        }
        told = _told(item) if item.step in {Step.OPEN, Step.UPDATE} else {}
        return HttpCall(
            method="POST",
            url=base_url(account, BASE_URL) + "/v2/enqueue",
            headers={"Content-Type": "application/json"},
            body=json.dumps({**event, **told}, ensure_ascii=False).encode(),
            is_replayable=True,
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken, where PagerDuty says so in words: a proxy may answer 200 to anything."""
        failed = failure(item, reply)
        if failed is not None:
            return failed
        status = answer_of(reply).get("status")
        if status == "success":
            return Delivered()
        return Refused(reason_of(item, reply)) if status else Unsure(reason_of(item, reply))


def _told(item: Item) -> dict[str, object]:
    # PagerDuty knows a repeat by its key, and the mark of one would stay in the title for ever.
    summary = fit_line(headline(replace(item, may_repeat=False)), limits.PAGERDUTY_SUMMARY)
    told: dict[str, object] = {
        "client": "Firstline",
        "payload": {
            "summary": summary or "Firstline",
            "source": "Firstline",
            "severity": SEVERITIES[item.severity],
            "timestamp": item.at.isoformat(),
            "class": "incident",
            "custom_details": {"text": fit(item.text, limits.PAGERDUTY_TEXT)},
        },
    }
    if url := link(item.url):
        name = fit_line(item.reference, limits.PAGERDUTY_SUMMARY)
        told |= {"client_url": url, "links": [{"href": url, "text": name or "Firstline"}]}
    return told
