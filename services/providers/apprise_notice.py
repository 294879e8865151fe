"""Apprise: one-shot notices to whatever service an Apprise address names.

Apprise says neither why a notice failed nor whether it arrived, and cannot close what it opened.
It is therefore good for telling people, not for leading a page.
"""

import re
from collections.abc import Mapping

from services.providers.account_checks import secret_in
from services.providers.limits import APPRISE_LINK, APPRISE_TEXT, APPRISE_TITLE, fit
from services.providers.provider import (
    Account,
    Delivered,
    Item,
    NoticeCall,
    Outcome,
    Reply,
    Retry,
    Step,
)
from services.providers.wording import links, title

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)


class AppriseNotice:
    """A notice that something began, and one that it ended. No options."""

    kind = "apprise"
    secrets: tuple[str, ...] = ("url",)
    is_idempotent = False

    def check(self, account: Account) -> None:
        """Nothing to refuse: the address says it all, and is a secret."""

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> NoticeCall | None:
        """A notice; none between the beginning and the end."""
        if item.step not in {Step.OPEN, Step.RESOLVE}:
            return None
        return NoticeCall(
            title=title(item, APPRISE_TITLE),
            text=_text(item),
            is_failure=item.step is Step.OPEN,
            address=secret_in(secrets, "url", _ADDRESS),
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """A status of 2xx stands for Apprise's yes, any other for its no, which has no reason."""
        if 200 <= reply.status < 300:
            return Delivered(reason="handed over to Apprise")
        return Retry("Apprise did not hand it over, and does not say why")


def _text(item: Item) -> str:
    """Never empty, which Apprise refuses."""
    words = fit(item.text, APPRISE_TEXT).strip() or title(item, APPRISE_TEXT)
    named = [f"{name}: {address}" for name, address in links(item, APPRISE_LINK)]
    return "\n".join([words, *named])
