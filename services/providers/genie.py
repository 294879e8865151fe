"""Jira Service Management Operations and Opsgenie, which take the same calls.

Every call is answered before it is done, with the number of a request; it has arrived once that
request says so. It is asked for three times, then with the next attempt. One that is not done by
then is made anew: an alert is known by its alias, creating an open one again only counts, and all
that follows names the alias. A key that may not read cannot ask: what was taken is believed.
Answer links stay out, as a whole account reads them.

Source: Opsgenie's description of its API (2021), and its documented limits.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote
from uuid import UUID

from services.providers import limits
from services.providers.account_checks import base_url, plain_key, secret_in
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

BASE_URL = "https://api.atlassian.com/jsm/ops/integration"
"""JSM Operations. Opsgenie, until it ends in April 2027, is at https://api.opsgenie.com."""
PRIORITIES = {1: "P1", 2: "P2", 3: "P3", 4: "P4", 5: "P5"}
_API_KEY = re.compile(r"[\x21-\x7e]{16,256}")
ASK_AFTER_S = (0.5, 1.0, 2.0)
"""Pauses before a request is asked for."""
_MAY_NOT_ASK = {401, 402, 403}
_ACTS = {Step.UPDATE: "notes", Step.ACKNOWLEDGE: "acknowledge", Step.RESOLVE: "close"}


class GenieAlerts:
    """One integration of one team; its key is the secret.

    Options: ``team``, an id or (Opsgenie alone) a name, where the integration has no team.
    """

    kind = "genie"
    secrets: tuple[str, ...] = ("api_key",)
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
        """Create the alert, or act on it by its alias; where that was taken, ask what became of
        it. A note told twice does no harm."""
        request_id = memo.get("request_id", "")
        if request_id and memo.get("request_of") == _name(item):
            return _asking(request_id, int(memo.get("asked") or 0), account, secrets)
        if item.step is Step.OPEN:
            path, told = "", _alert(item, account)
        else:
            path, told = f"/{_alias(item)}/{_ACTS[item.step]}?identifierType=alias", _act(item)
        return HttpCall(
            method="POST",
            url=f"{base_url(account, BASE_URL)}/v2/alerts{path}",
            headers={**_login(secrets), "Content-Type": "application/json"},
            body=json.dumps(told, ensure_ascii=False).encode(),
            is_replayable=True,
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken, where the answer promises it, and then done or not."""
        if reply.about:
            return _became(item, reply, int(reply.about))
        failed = failure(item, reply)
        if failed is not None:
            return failed
        answer = answer_of(reply)
        request_id = answer.get("requestId")
        if answer.get("result") and isinstance(request_id, str) and request_id:
            memo = {"request_id": request_id, "request_of": _name(item), "asked": "0"}
            return Delivered(memo, has_more=True, wait_s=ASK_AFTER_S[0])
        reason = reason_of(item, reply)
        return Refused(reason) if "message" in answer else Unsure(reason)


def _name(item: Item) -> str:
    """What a request was for: an item's memo may tell of requests of others."""
    return f"{item.key}/{item.step.value}"


def _asking(request_id: str, asked: int, account: Account, secrets: Mapping[str, str]) -> HttpCall:
    """The call that asks what became of a request; it says how often that was done."""
    return HttpCall(
        method="GET",
        url=f"{base_url(account, BASE_URL)}/v2/alerts/requests/{quote(request_id, safe='')}",
        headers=_login(secrets),
        is_replayable=True,
        about=str(asked + 1),
    )


def _became(item: Item, reply: Reply, asked: int) -> Outcome:
    """What became of a request, at the answer to so many questions."""
    if reply.status in _MAY_NOT_ASK:
        return Delivered(reason="taken; the key may not read what became of it")
    told = answer_of(reply).get("data")
    if reply.status == 200 and isinstance(told, dict):
        if told.get("isSuccess") is True:
            return Delivered({"alert_id": str(told.get("alertId") or "")})
        if told.get("isSuccess") is False and told.get("processedAt"):
            why = replace(reply, body=str(told.get("status") or "").encode())
            return Refused(f"taken, but not done: {reason_of(item, why)}")
    failed = failure(item, reply)
    if failed is not None and reply.status != 404:
        return failed
    memo = {"asked": str(asked)}
    if asked < len(ASK_AFTER_S):
        return Delivered(memo, has_more=True, wait_s=ASK_AFTER_S[asked])
    if asked == len(ASK_AFTER_S):
        return Unsure("taken, but not done yet", memo)
    return Delivered({"request_id": ""}, "never done: made anew", has_more=True)


def _login(secrets: Mapping[str, str]) -> dict[str, str]:
    return {"Authorization": f"GenieKey {secret_in(secrets, 'api_key', _API_KEY)}"}


def _alias(item: Item) -> str:
    """It stands in addresses, where a slash, even escaped, is not taken everywhere."""
    return plain_key(item.subject_key, limits.GENIE_ALIAS)


def _alert(item: Item, account: Account) -> dict[str, object]:
    # The alias knows a repeat, and the mark of one would stay in the message for ever.
    message = fit_line(headline(replace(item, may_repeat=False)), limits.GENIE_MESSAGE)
    url = link(item.url)
    described = fit(item.text, replace(limits.GENIE_DESCRIPTION, count=_room_for_text(url)))
    details = {"number": fit_line(item.reference, limits.GENIE_DETAIL), "url": url}
    alert: dict[str, object] = {
        "message": message or "Firstline",
        "alias": _alias(item),
        "description": f"{described}\n{url}".strip(),
        "priority": PRIORITIES[item.severity],
        "source": "Firstline",
        "tags": [f"sev{item.severity}"],
        "details": {name: value for name, value in details.items() if value},
    }
    if team := account.options.get("team", ""):
        alert["responders"] = [{"type": "team", _name_of_team(team): team}]
    return alert


def _room_for_text(url: str) -> int:
    return limits.GENIE_DESCRIPTION.count - len(url) - 1


def _name_of_team(team: str) -> str:
    try:
        UUID(team)
    except ValueError:
        return "name"
    return "id"


def _act(item: Item) -> dict[str, object]:
    words = f"{headline(replace(item, may_repeat=False))}\n{item.text}".strip()
    return {"source": "Firstline", "note": fit(words, limits.GENIE_NOTE) or "Firstline"}
