"""How Slack's methods are called, and how Slack says no."""

import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from services.providers.account_checks import base_url, bearer
from services.providers.provider import (
    Account,
    HttpCall,
    Item,
    Outcome,
    Refused,
    Reply,
    Retry,
    Unsure,
)
from services.providers.replies import answer_of, failure, wait_s

BASE_URL = "https://slack.com/api"
NO_ANSWER = "no answer that Slack documents"
_ERROR = re.compile(r"[a-z_]{1,80}")
# "It's possible some aspect of the operation succeeded before the error was raised."
_PERHAPS_DONE = {"fatal_error", "internal_error", "service_unavailable"}
_LATER = {"rate_limited", "ratelimited", "request_timeout"}


def posted(
    account: Account,
    secrets: Mapping[str, str],
    method: str,
    arguments: Mapping[str, object],
    about: str,
) -> HttpCall:
    """A call that changes something."""
    return HttpCall(
        method="POST",
        url=f"{base_url(account, BASE_URL)}/{method}",
        headers=bearer(secrets) | {"Content-Type": "application/json; charset=utf-8"},
        body=json.dumps(arguments).encode(),
        about=about,
    )


def asked(
    account: Account,
    secrets: Mapping[str, str],
    method: str,
    query: Mapping[str, str],
    about: str,
) -> HttpCall:
    """A call that only reads."""
    return HttpCall(
        method="GET",
        url=f"{base_url(account, BASE_URL)}/{method}" + (f"?{urlencode(query)}" if query else ""),
        headers=bearer(secrets),
        is_replayable=True,
        about=about,
    )


def answered(item: Item, reply: Reply) -> Outcome | str:
    """What the status alone decides, or Slack's word for what is wrong; empty where it is right."""
    if failed := failure(item, reply):
        return failed
    answer = answer_of(reply)
    if answer.get("ok") is True:
        return ""
    said = answer.get("error")
    return said if isinstance(said, str) and _ERROR.fullmatch(said) else Unsure(NO_ANSWER)


def refused(item: Item, reply: Reply, said: str) -> Outcome:
    """What a word for what is wrong means, where nobody knows better."""
    if said in _PERHAPS_DONE:
        return Unsure(said)
    return Retry(said, wait_s(item.at, reply)) if said in _LATER else Refused(said)
