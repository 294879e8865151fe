"""Instatus: one public incident for each subject, and updates to it.

Nothing of ours is kept there but what everybody reads. A lost answer is settled by that: an
incident with the name, the text and the moment of an update of ours, an update with this
text that we do not know yet.

Source: Instatus' API reference (``incidents`` and ``incident-updates``, v1).
"""

import json
import re
from collections.abc import Mapping

from services.providers.account_checks import base_url, secret_in
from services.providers.errors import OptionsInvalid
from services.providers.limits import INSTATUS_MESSAGE, INSTATUS_NAME
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
    CREATE,
    FIND,
    LOOKED_AT,
    RESOLVED,
    UPDATE,
    Listed,
    Written,
    absent,
    body_of,
    id_in,
    is_same,
    known_updates,
    left_in,
    moment_in,
    moment_of,
    name_of,
    next_call,
    recognised,
    states_of,
    told,
)
from services.providers.replies import answer_of, answers_of, failure, objects

BASE_URL = "https://api.instatus.com"
_KEY = re.compile(r"[\x21-\x7e]{1,512}")
_PAGE = re.compile(r"[A-Za-z0-9]{1,64}")
_STATES = {
    "operational": "OPERATIONAL",
    "under_maintenance": "UNDERMAINTENANCE",
    "degraded_performance": "DEGRADEDPERFORMANCE",
    "partial_outage": "PARTIALOUTAGE",
    "major_outage": "MAJOROUTAGE",
}
_PROBE = "probe"
_NO_ANSWER = "no answer that Instatus documents"


class Instatus:
    """The page in the option ``page``, by its id. What is no status update publishes nothing."""

    kind = "instatus"
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
        """Look for the incident, create it or tell its next update."""
        if item.update is None:
            # A test lists incidents; a page of an incident calls nobody here.
            where = "/incidents?page=1&per_page=1"
            return None if item.reference else _call(account, secrets, "GET", where, _PROBE)
        about = next_call(item, item.update, memo)
        if about == FIND:
            return _find(account, secrets)
        if about == CREATE:
            body = _incident(item, item.update, memo)
            return _call(account, secrets, "POST", "/incidents", about, body)
        if not about:
            return None
        where = f"/incidents/{memo['incident']}/incident-updates"
        body = _update(item, item.update, memo)
        if about == UPDATE:
            return _call(account, secrets, "POST", where, about, body)
        where = f"{where}/{memo[told(item.update.replaces_key)]}"
        return _call(account, secrets, "PUT", where, about, body)

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken is told by an id."""
        if failed := failure(item, reply):
            return failed
        if reply.about == FIND:
            found = self.found(item, reply)
            if isinstance(found, Unsure):
                return found
            return Delivered(found or absent(item), has_more=True)
        if item.update is None:
            return Unsure(_NO_ANSWER) if answers_of(reply) is None else Delivered()
        answer = answer_of(reply)
        if not (id_ := id_in(answer)):
            return Unsure(_NO_ANSWER)
        if reply.about == CREATE:
            return Delivered(_created(item, item.update, answer))
        return Delivered({told(item.key): id_} | left_in(states_of(item.update, {})))

    def look(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """Ask for the incident that is known; another is looked for before it is created."""
        about = next_call(item, item.update, memo) if item.update else ""
        if about == UPDATE:
            where = f"/incidents/{memo['incident']}"
            return _call(account, secrets, "GET", where, " ".join([UPDATE, *known_updates(memo)]))
        return None

    def found(self, item: Item, reply: Reply) -> Mapping[str, str] | Unsure | None:
        """By what everybody reads: it stands there exactly as a lost call would have left it."""
        listed = answers_of(reply) if reply.about == FIND else [answer_of(reply)]
        if listed is None or not all(map(id_in, listed)):
            return Unsure(_NO_ANSWER)
        update = item.update
        if update is None:
            return None
        if reply.about == FIND:
            return recognised(item, map(_shown, listed), INSTATUS_NAME, INSTATUS_MESSAGE)
        known = reply.about.split(" ")[1:]
        for incident in listed:
            fresh = [id_ for id_ in _written(update, incident) if id_ not in known]
            if fresh:
                return {told(item.key): fresh[-1]} | left_in(states_of(update, {}))
        return None


def _page(account: Account) -> str:
    page = account.options.get("page", "")
    if not _PAGE.fullmatch(page):
        raise OptionsInvalid(
            option="page", problem="it is not an id such as ckf01fonve9i40a32oas5b0uw"
        )
    return page


def _call(
    account: Account,
    secrets: Mapping[str, str],
    method: str,
    path: str,
    about: str,
    body: Mapping[str, object] | None = None,
) -> HttpCall:
    headers = {"Authorization": f"Bearer {secret_in(secrets, 'api_key', _KEY)}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    return HttpCall(
        method=method,
        url=f"{base_url(account, BASE_URL)}/v1/{_page(account)}{path}",
        headers=headers,
        body=b"" if body is None else json.dumps(body, ensure_ascii=False).encode(),
        is_replayable=method != "POST",
        about=about,
    )


def _find(account: Account, secrets: Mapping[str, str]) -> HttpCall:
    where = f"/incidents?page=1&per_page={LOOKED_AT}"
    return _call(account, secrets, "GET", where, FIND)


def _incident(item: Item, update: UpdateMessage, memo: Mapping[str, str]) -> dict[str, object]:
    return {
        "name": name_of(item, update, INSTATUS_NAME),
        **_update(item, update, memo),
        "shouldPublish": True,
    }


def _update(item: Item, update: UpdateMessage, memo: Mapping[str, str]) -> dict[str, object]:
    states = states_of(update, memo)
    return {
        "message": body_of(update, INSTATUS_MESSAGE),
        "status": update.phase.upper(),
        "started": moment_of(item, update).isoformat(timespec="milliseconds"),
        "notify": update.is_notifying,
        "components": list(states),
        "statuses": [{"id": id_, "status": _STATES[state]} for id_, state in states.items()],
    }


def _created(item: Item, update: UpdateMessage, incident: Mapping[str, object]) -> dict[str, str]:
    """The memo of an incident that bears this update."""
    written = _written(update, incident)
    memo = {"incident": id_in(incident), told(item.key): written[-1] if written else ""}
    return memo | left_in(states_of(update, {}))


def _shown(incident: Mapping[str, object]) -> Listed:
    return Listed(
        id=id_in(incident),
        name=incident.get("name"),
        texts=tuple(
            Written(id=id_in(one), text=one.get("message"), at=moment_in(one.get("started")))
            for one in objects(incident.get("updates")) or []
        ),
        is_over=incident.get("status") == RESOLVED.upper(),
    )


def _written(update: UpdateMessage, incident: Mapping[str, object]) -> list[str]:
    """The ids of an incident's updates that say this."""
    body = body_of(update, INSTATUS_MESSAGE)
    return [
        id_in(one)
        for one in objects(incident.get("updates")) or []
        if is_same(one.get("message"), body) and one.get("status") == update.phase.upper()
    ]
