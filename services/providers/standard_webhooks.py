"""A webhook of anyone's, signed as Standard Webhooks 1.0.0 says.

The receiver knows a repeat by ``webhook-id``. By the standard any 2xx is a success, whatever is
in its body.

Source: the specification of Standard Webhooks.
"""

import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Mapping

from services.providers import limits
from services.providers.account_checks import plain_key, web_address
from services.providers.errors import OptionsInvalid
from services.providers.limits import Limit, fit, fit_line, link
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Outcome,
    Reply,
    Step,
    UpdateMessage,
)
from services.providers.replies import failure
from services.providers.wording import headline, links, told

LARGEST_BODY_BYTES = 20_000
KEY_BYTES = range(24, 65)
_PREFIX = "whsec_"
_TYPES = {
    Step.OPEN: "incident.opened",
    Step.UPDATE: "incident.updated",
    Step.ACKNOWLEDGE: "incident.acknowledged",
    Step.RESOLVE: "incident.resolved",
}
_ID = Limit(100)


class StandardWebhooks:
    """One address. The signing secret is ``whsec_`` and base64.

    The address is kept in the database: a receiver trusts the signature, not whoever knows it.
    While it is changed, the slot holds both secrets, the new one first, with a space between.
    """

    kind = "webhook"
    secrets: tuple[str, ...] = ("signing_secret",)
    is_idempotent = True

    def check(self, account: Account) -> None:
        """Refuse an address that is none.

        Raises:
            OptionsInvalid: names it.
        """
        web_address(account.base_url)

    def build(
        self, item: Item, account: Account, secrets: Mapping[str, str], memo: Mapping[str, str]
    ) -> HttpCall:
        """The event, signed for this attempt."""
        body = json.dumps(_event(item), ensure_ascii=False, separators=(",", ":")).encode()
        message_id = f"msg_{plain_key(item.key, _ID)}"
        timestamp = str(int(item.at.timestamp()))
        signed = f"{message_id}.{timestamp}.".encode() + body
        signatures = [b64encode(hmac.digest(key, signed, "sha256")) for key in _keys(secrets)]
        return HttpCall(
            method="POST",
            url=web_address(account.base_url),
            headers={
                "Content-Type": "application/json",
                "webhook-id": message_id,
                "webhook-timestamp": timestamp,
                "webhook-signature": " ".join(f"v1,{each.decode()}" for each in signatures),
            },
            body=body,
            is_replayable=True,
            # Some receivers take whoever knows the address all the same.
            secret_in_url=True,
        )

    def read(self, item: Item, reply: Reply) -> Outcome:
        """Any 2xx is a success."""
        return failure(item, reply) or Delivered()


def _keys(secrets: Mapping[str, str]) -> list[bytes]:
    keys = [_key(secret) for secret in secrets.get("signing_secret", "").split()]
    if not keys:
        raise OptionsInvalid(option="signing_secret", problem="it is missing")
    return keys


def _key(secret: str) -> bytes:
    try:
        key = b64decode(secret.removeprefix(_PREFIX).encode(), validate=True)
    except (Error, UnicodeEncodeError):
        key = b""
    if not secret.startswith(_PREFIX) or len(key) not in KEY_BYTES:
        problem = "it is not whsec_ and the base64 of 24 to 64 bytes"
        raise OptionsInvalid(option="signing_secret", problem=problem)
    return key


def _event(item: Item) -> dict[str, object]:
    """Texts and links are cut so that the whole stays below what the standard recommends."""
    if item.update is not None:
        return _update(item, item.update)
    names = {"subject": item.subject_key, "reference": item.reference, "to": item.to_name}
    addresses = {
        "url": item.url,
        "acknowledge_url": item.acknowledge_url,
        "decline_url": item.decline_url,
    }
    return {
        "type": _TYPES[item.step],
        "timestamp": item.at.isoformat(),
        "data": {
            **{name: fit_line(text, limits.WEBHOOK_NAME) for name, text in names.items()},
            "summary": fit_line(item.summary, limits.WEBHOOK_SUMMARY),
            "text": fit(item.text, limits.WEBHOOK_TEXT),
            "severity": f"SEV{item.severity}",
            "may_repeat": item.may_repeat,
            **{name: address for name, url in addresses.items() if (address := link(url))},
        },
    }


def _update(item: Item, update: UpdateMessage) -> dict[str, object]:
    """A status update: its text as people read it, and what a program wants to know of it."""
    opened = links(item)
    names = {
        "subject": item.subject_key,
        "reference": item.reference,
        "next_update": update.next_update,
        "replaces": update.replaces_key,
    }
    return {
        "type": "incident.update",
        "timestamp": item.at.isoformat(),
        "data": {
            **{name: fit_line(text, limits.WEBHOOK_NAME) for name, text in names.items()},
            "id": fit_line(item.key, limits.WEBHOOK_NAME),
            "summary": fit_line(headline(item), limits.WEBHOOK_SUMMARY),
            "text": fit(told(item), limits.WEBHOOK_TEXT),
            "phase": update.phase,
            "impact": update.impact,
            "audience": update.audience,
            "components": _fitting(update.components),
            "is_final": update.is_final,
            "is_correction": update.is_correction,
            "told_at": update.told_at.isoformat() if update.told_at else None,
            "may_repeat": item.may_repeat,
            **({"url": opened[0][1]} if opened else {}),
        },
    }


def _fitting(components: Mapping[str, str]) -> dict[str, str]:
    """As many components as there is room for."""
    shown: dict[str, str] = {}
    for id_, state in components.items():
        more = {**shown, id_: state}
        if limits.WEBHOOK_COMPONENTS.size(json.dumps(more)) > limits.WEBHOOK_COMPONENTS.count:
            break
        shown = more
    return shown
