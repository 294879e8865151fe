"""GoAlert, generic API.

An alert is known by ``dedup``: creating an open one again changes nothing. There is no word for
acknowledging, nor for an update.

Source: GoAlert's handler of generic API calls.
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
    Reply,
    Step,
    Unsure,
)
from services.providers.replies import failure, reason_of
from services.providers.wording import headline

_TOKEN = re.compile(r"[\x21-\x7e]{16,256}")


class GoAlert:
    """One integration key of one service, which is the secret; the address is the server's."""

    kind = "goalert"
    secrets: tuple[str, ...] = ("token",)
    is_idempotent = True

    def check(self, account: Account) -> None:
        """Refuse a missing or wrong address.

        Raises:
            OptionsInvalid: names it.
        """
        base_url(account)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """Open the alert or close it."""
        if item.step not in {Step.OPEN, Step.RESOLVE}:
            return None
        # The key knows a repeat, and the mark of one would stay in the summary for ever.
        summary = fit_line(headline(replace(item, may_repeat=False)), limits.GOALERT_SUMMARY)
        url = link(item.url)
        room = replace(limits.GOALERT_DETAILS, count=limits.GOALERT_DETAILS.count - len(url) - 1)
        told = {
            "summary": summary or "Firstline",
            "details": f"{fit(item.text, room)}\n{url}".strip(),
            "dedup": short_key(item.subject_key, limits.GOALERT_DEDUP),
            "action": "close" if item.step is Step.RESOLVE else "",
            "meta": {"url": url} if url else {},
        }
        return HttpCall(
            method="POST",
            url=base_url(account) + "/api/v2/generic/incoming",
            headers={
                # In a header, as addresses end in logs.
                "Authorization": f"Bearer {secret_in(secrets, 'token', _TOKEN)}",
                "Content-Type": "application/json",
            },
            body=json.dumps(told, ensure_ascii=False).encode(),
            is_replayable=True,
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken, where the answer is GoAlert's 204; any other success is somebody else's."""
        failed = failure(item, reply)
        if failed is not None:
            return failed
        return Delivered() if reply.status == 204 else Unsure(reason_of(item, reply))
