"""Cachet, version 3: one public incident for each subject, and updates to it.

Nothing of ours is kept there but what everybody reads. A lost answer is settled by that: an
incident with the name, the message and the moment of an update of ours, an update with this
text that we do not know yet.

Source: the source of Cachet's core (``routes/api.php`` and the requests it takes).
"""

import json
import re
from collections.abc import Mapping

from services.providers.account_checks import base_url, secret_in
from services.providers.limits import CACHET_MESSAGE, CACHET_NAME
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
from services.providers.replies import answer_of, failure, objects

_TOKEN = re.compile(r"[\x21-\x7e]{1,512}")
_PHASES = {"investigating": 1, "identified": 2, "monitoring": 3, "resolved": 4}
_STATES = {
    "operational": 1,
    "degraded_performance": 2,
    "partial_outage": 3,
    "major_outage": 4,
    "under_maintenance": 6,
}
# What a memo calls the message of the incident itself, which is no update there.
_OWN_MESSAGE = "message"
_COMPONENT = "component"
_PROBE = "probe"
_UPDATES_LOOKED_AT = 20
_NO_ANSWER = "no answer that Cachet gives"


class Cachet:
    """One Cachet, by its address. What is no status update publishes nothing.

    Components are set one after the other, by themselves: Cachet cannot change what it was told
    of them with an incident.
    """

    kind = "cachet"
    secrets: tuple[str, ...] = ("token",)
    is_idempotent = False

    def check(self, account: Account) -> None:
        """Refuse an address that is none.

        Raises:
            OptionsInvalid: names it.
        """
        base_url(account)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """Look for the incident, create it or tell its next update; then set each component."""
        if item.update is None:
            # A test lists what is public; a page of an incident calls nobody here.
            return None if item.reference else _call(account, secrets, "GET", _listing(1), _PROBE)
        about = next_call(item, item.update, memo)
        if not about:
            return _component(item.update, account, secrets, memo)
        if about == FIND:
            return _call(account, secrets, "GET", _listing(LOOKED_AT), about)
        if about == CREATE:
            body = _incident(item, item.update)
            return _call(account, secrets, "POST", "/incidents", about, body)
        if about == UPDATE:
            where = f"/incidents/{memo['incident']}/updates"
            return _call(account, secrets, "POST", where, about, _update(item.update))
        return _corrected(item.update, account, secrets, memo)

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Taken is told by an id."""
        if failed := failure(item, reply):
            return failed
        if reply.about == FIND:
            found = self.found(item, reply)
            if isinstance(found, Unsure):
                return found
            return Delivered(found or absent(item), has_more=True)
        if reply.about == _PROBE:
            return Unsure(_NO_ANSWER) if _listed(reply) is None else Delivered()
        id_ = id_in(_object(answer_of(reply).get("data")))
        if not id_:
            return Unsure(_NO_ANSWER)
        if reply.about.startswith(_COMPONENT):
            _, component, state = reply.about.split(" ")
            return Delivered(left_in({component: state}), has_more=True)
        if reply.about == CREATE:
            return Delivered(_created(item, id_), has_more=True)
        is_own = reply.about == f"{CORRECT} {_OWN_MESSAGE}"
        memo = {told(item.key): _OWN_MESSAGE if is_own else id_}
        late = item.update is not None and item.update.told_at is not None
        reason = "Cachet shows when it was told, not the earlier moment" if late else ""
        return Delivered(memo, reason, has_more=True)

    def look(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall | None:
        """Ask for the latest updates of the incident; one is looked for before it is created."""
        about = next_call(item, item.update, memo) if item.update else ""
        if about == UPDATE:
            query = f"sort=-created_at&per_page={_UPDATES_LOOKED_AT}"
            where = f"/incidents/{memo['incident']}/updates?{query}"
            return _call(account, secrets, "GET", where, " ".join([UPDATE, *known_updates(memo)]))
        return None

    def found(self, item: Item, reply: Reply) -> Mapping[str, str] | Unsure | None:
        """By what everybody reads: it stands there exactly as a lost call would have left it."""
        listed, update = _listed(reply), item.update
        if listed is None or not all(map(id_in, listed)):
            return Unsure(_NO_ANSWER)
        if update is None:
            return None
        if reply.about == FIND:
            return recognised(item, map(_shown, listed), CACHET_NAME, CACHET_MESSAGE)
        known = reply.about.split(" ")[1:]
        for one in listed:
            attributes, id_ = _object(one.get("attributes")), id_in(one)
            if (
                id_ not in known
                and is_same(attributes.get("message"), body_of(update, CACHET_MESSAGE))
                and _status_of(attributes) == _PHASES[update.phase]
            ):
                return {told(item.key): id_}
        return None


def _call(
    account: Account,
    secrets: Mapping[str, str],
    method: str,
    path: str,
    about: str,
    body: Mapping[str, object] | None = None,
) -> HttpCall:
    headers = {
        "Authorization": f"Bearer {secret_in(secrets, 'token', _TOKEN)}",
        # Without it a refusal would be a redirect.
        "Accept": "application/json",
    }
    if body is not None:
        headers["Content-Type"] = "application/json"
    return HttpCall(
        method=method,
        url=f"{base_url(account)}/api{path}",
        headers=headers,
        body=b"" if body is None else json.dumps(body, ensure_ascii=False).encode(),
        is_replayable=method != "POST",
        about=about,
    )


def _listing(count: int) -> str:
    return f"/incidents?per_page={count}"


def _incident(item: Item, update: UpdateMessage) -> dict[str, object]:
    return {
        "name": name_of(item, update, CACHET_NAME),
        **_update(update),
        # By itself nobody would see it.
        "visible": True,
        "notifications": update.is_notifying,
        # By it, too, an incident of ours is known again.
        "occurred_at": moment_of(item, update).isoformat(),
    }


def _update(update: UpdateMessage) -> dict[str, object]:
    return {"status": _PHASES[update.phase], "message": body_of(update, CACHET_MESSAGE)}


def _corrected(
    update: UpdateMessage, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
) -> HttpCall:
    incident, known = f"/incidents/{memo['incident']}", memo[told(update.replaces_key)]
    if known == _OWN_MESSAGE:
        body = {"message": body_of(update, CACHET_MESSAGE)}
        return _call(account, secrets, "PUT", incident, f"{CORRECT} {_OWN_MESSAGE}", body)
    where = f"{incident}/updates/{known}"
    return _call(account, secrets, "PUT", where, CORRECT, _update(update))


def _component(
    update: UpdateMessage, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
) -> HttpCall | None:
    """The next component that is not as it is to be."""
    for id_, state in states_of(update, memo).items():
        if left_in({id_: state}).items() - memo.items():
            about = f"{_COMPONENT} {id_} {state}"
            body = {"status": _STATES[state]}
            return _call(account, secrets, "PUT", f"/components/{id_}", about, body)
    return None


def _created(item: Item, id_: str) -> dict[str, str]:
    return {"incident": id_, told(item.key): _OWN_MESSAGE}


def _shown(incident: Mapping[str, object]) -> Listed:
    attributes = _object(incident.get("attributes"))
    begun_at = moment_in(_object(attributes.get("occurred")).get("string"))
    return Listed(
        id=id_in(incident),
        name=attributes.get("name"),
        texts=(Written(id=_OWN_MESSAGE, text=attributes.get("message"), at=begun_at),),
        is_over=_status_of(attributes) == _PHASES[RESOLVED],
    )


def _status_of(attributes: Mapping[str, object]) -> object:
    return _object(attributes.get("status")).get("value")


def _listed(reply: Reply) -> list[Mapping[str, object]] | None:
    return objects(answer_of(reply).get("data"))


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
