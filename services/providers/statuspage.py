"""Atlassian Statuspage: one public incident for each subject, and updates to it.

Statuspage knows no key of ours, but an incident carries metadata: the subject, and the item that
was told last. A lost answer is settled by looking there.

Source: Statuspage's API v1 (``incidents``, ``incident_updates``).
"""

import json
import re
from collections.abc import Mapping

from services.providers.account_checks import base_url, secret_in
from services.providers.errors import OptionsInvalid
from services.providers.limits import STATUSPAGE_BODY, STATUSPAGE_NAME
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Outcome,
    Reply,
    Unsure,
    UpdateMessage,
)
from services.providers.public_pages import (
    CORRECT,
    CREATE,
    FIND,
    LOOKED_AT,
    UPDATE,
    absent,
    body_of,
    id_in,
    is_same,
    left_in,
    mark,
    name_of,
    next_call,
    states_of,
    told,
)
from services.providers.replies import answer_of, answers_of, failure, objects

BASE_URL = "https://api.statuspage.io"
_KEY = re.compile(r"[\x21-\x7e]{1,512}")
_PAGE = re.compile(r"[A-Za-z0-9]{1,64}")
_DATE = "date"
_PROBE = "probe"
_NO_ANSWER = "no answer that Statuspage documents"


class Statuspage:
    """The page in the option ``page``, by its id. What is no status update publishes nothing."""

    kind = "statuspage"
    secrets: tuple[str, ...] = ("api_key",)
    is_idempotent = False

    def check(self, account: Account) -> None:
        """Refuse an address or a page that is none.

        Raises:
            OptionsInvalid: names the option.
        """
        base_url(account, BASE_URL)
        _page(account)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """Look for the incident, create it or tell its next update; then its time, if earlier."""
        if item.update is None:
            # A test reads the page; a page of an incident calls nobody here.
            return None if item.reference else _call(account, secrets, "GET", "", _PROBE)
        about = next_call(item, item.update, memo)
        if about == FIND:
            return _find(account, secrets)
        if about == CREATE:
            body = _incident(item, item.update, memo)
            return _call(account, secrets, "POST", "/incidents", about, body)
        if about == UPDATE:
            body = _incident(item, item.update, memo)
            return _call(account, secrets, "PATCH", f"/incidents/{memo['incident']}", about, body)
        if about == CORRECT:
            where = _update_of(memo, item.update.replaces_key)
            return _call(account, secrets, "PATCH", where, about, _corrected(item.update))
        return _dated(item, item.update, account, secrets, memo)

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken is told by an id."""
        if failed := failure(item, reply):
            return failed
        if reply.about == FIND:
            found = self.found(item, reply)
            if isinstance(found, Unsure):
                return found
            return Delivered(found or absent(item), has_more=True)
        id_ = id_in(answer_of(reply))
        if not id_:
            return Unsure(_NO_ANSWER)
        if item.update is None:
            return Delivered()
        if reply.about == _DATE:
            return Delivered({"dated": told(item.key)})
        if reply.about == CORRECT:
            return Delivered({told(item.key): id_})
        memo = _told(item, item.update, answer_of(reply))
        return Delivered(memo, has_more=item.update.told_at is not None)

    def look(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """Ask for the incident that is known; another is looked for before it is created."""
        about = next_call(item, item.update, memo) if item.update else ""
        if about in (UPDATE, CORRECT):
            return _call(account, secrets, "GET", f"/incidents/{memo['incident']}", about)
        return None

    def found(self, item: Item, reply: Reply) -> Mapping[str, str] | Unsure | None:
        """By metadata; the incident alone where only an earlier update reached it."""
        listed = answers_of(reply) if reply.about == FIND else [answer_of(reply)]
        if listed is None or not all(id_in(incident) for incident in listed):
            return Unsure(_NO_ANSWER)
        update = item.update
        if update is None or reply.about == CORRECT:
            return None
        ours = [one for one in listed if _mark_of(one, "subject") == mark(item.subject_key)]
        last = [one for one in ours if _mark_of(one, "last_item") == mark(item.key)]
        if last:
            return _told(item, update, last[0])
        return {"incident": id_in(ours[0])} if ours and reply.about == FIND else None


def _page(account: Account) -> str:
    page = account.options.get("page", "")
    if not _PAGE.fullmatch(page):
        raise OptionsInvalid(option="page", problem="it is not an id such as kctbh9vrtdwd")
    return page


def _call(
    account: Account,
    secrets: Mapping[str, str],
    method: str,
    path: str,
    about: str,
    body: Mapping[str, object] | None = None,
) -> HttpCall:
    key = secret_in(secrets, "api_key", _KEY)
    headers = {"Authorization": f"OAuth {key}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    return HttpCall(
        method=method,
        url=f"{base_url(account, BASE_URL)}/v1/pages/{_page(account)}{path}",
        headers=headers,
        body=b"" if body is None else json.dumps(body, ensure_ascii=False).encode(),
        is_replayable=method == "GET",
        about=about,
    )


def _find(account: Account, secrets: Mapping[str, str]) -> HttpCall:
    return _call(account, secrets, "GET", f"/incidents?limit={LOOKED_AT}", FIND)


def _incident(item: Item, update: UpdateMessage, memo: Mapping[str, str]) -> dict[str, object]:
    states = states_of(update, memo)
    incident: dict[str, object] = {
        "name": name_of(item, update, STATUSPAGE_NAME),
        "status": update.phase,
        "impact_override": update.impact,
        "body": body_of(update, STATUSPAGE_BODY),
        # By itself it would be true: then a test would write to every customer.
        "deliver_notifications": update.is_notifying,
        "metadata": {"firstline": {"subject": mark(item.subject_key), "last_item": mark(item.key)}},
    }
    if states:
        incident |= {"component_ids": list(states), "components": states}
    return {"incident": incident}


def _corrected(update: UpdateMessage) -> dict[str, object]:
    changed: dict[str, object] = {
        "body": body_of(update, STATUSPAGE_BODY),
        "deliver_notifications": update.is_notifying,
    }
    if update.told_at is not None:
        changed["display_at"] = update.told_at.isoformat()
    return {"incident_update": changed}


def _dated(
    item: Item,
    update: UpdateMessage,
    account: Account,
    secrets: Mapping[str, str],
    memo: Mapping[str, str],
) -> HttpCall | None:
    """Give an update that was told the moment that it is of; a new one always bears now."""
    key = told(item.key)
    if update.told_at is None or update.replaces_key or memo.get("dated") == key or not memo[key]:
        return None
    body = {
        "incident_update": {
            "display_at": update.told_at.isoformat(),
            "deliver_notifications": False,
        }
    }
    return _call(account, secrets, "PATCH", _update_of(memo, item.key), _DATE, body)


def _update_of(memo: Mapping[str, str], key: str) -> str:
    return f"/incidents/{memo['incident']}/incident_updates/{memo[told(key)]}"


def _told(item: Item, update: UpdateMessage, incident: Mapping[str, object]) -> dict[str, str]:
    """The memo of an incident that bears this update."""
    written = objects(incident.get("incident_updates")) or []
    body = body_of(update, STATUSPAGE_BODY)
    ids = [id_in(one) for one in written if is_same(one.get("body"), body)]
    memo = {"incident": id_in(incident), told(item.key): ids[0] if ids else ""}
    return memo | left_in(states_of(update, {}))


def _mark_of(incident: Mapping[str, object], name: str) -> object:
    """What we wrote into an incident's metadata."""
    found: object = incident
    for part in ("metadata", "firstline", name):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
