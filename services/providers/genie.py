"""Jira Service Management Operations and Opsgenie, which take the same calls.

Every call is answered before it is done. An alert is known by its alias: creating an open one
again only counts, and all that follows names the alias. Answer links stay out, as a whole account
reads them.

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
        """Create the alert, or act on it by its alias. A note told twice does no harm."""
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
        """Taken, where the answer promises it; what becomes of it only :meth:`look` tells."""
        failed = failure(item, reply)
        if failed is not None:
            return failed
        answer = answer_of(reply)
        request_id = answer.get("requestId")
        if answer.get("result") and isinstance(request_id, str) and request_id:
            return Delivered({"request_id": request_id})
        reason = reason_of(item, reply)
        return Refused(reason) if "message" in answer else Unsure(reason)

    def look(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall:
        """Ask what became of the request, or where its number was lost, how the alert stands."""
        if request_id := memo.get("request_id", ""):
            path = f"requests/{quote(request_id, safe='')}"
        else:
            path = f"{_alias(item)}?identifierType=alias"
        url = f"{base_url(account, BASE_URL)}/v2/alerts/{path}"
        return HttpCall(method="GET", url=url, headers=_login(secrets), is_replayable=True)

    def found(self, item: Item, reply: Reply) -> Mapping[str, str] | None:
        """The alert's id, if the request was done or the alert stands as the item wants it.

        None may mean not yet as well as never. An alert tells nothing of its notes.
        """
        told = answer_of(reply).get("data")
        if reply.status != 200 or not isinstance(told, dict):
            return None
        if "isSuccess" in told:
            is_there = told["isSuccess"] is True
        elif item.step is Step.ACKNOWLEDGE:
            is_there = told.get("acknowledged") is True
        elif item.step is Step.UPDATE:
            is_there = False
        else:
            is_there = told.get("status") == ("open" if item.step is Step.OPEN else "closed")
        alert_id = told.get("alertId") or told.get("id")
        return {"alert_id": str(alert_id)} if is_there and alert_id else None


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
