"""What a delivery says, in our own words, before a provider gives it its form."""

import json
from collections.abc import Mapping

from services.dispatcher.answer_links import AnswerLinks
from services.paging.engine import Claimed
from services.paging.page import DeliveryKind
from services.providers.provider import Account, Item, Step

INSTALLATION = "firstline"
"""What the subjects of this installation begin with at providers that several share."""

PROBE = "Firstline checks that this channel works. Nobody has to do anything."
CONFIDENTIAL = "Confidential incident: its summary is on the desk only."

_STEPS = {
    DeliveryKind.PAGE: Step.OPEN,
    DeliveryKind.ACKNOWLEDGED: Step.ACKNOWLEDGE,
    DeliveryKind.RESOLVED: Step.RESOLVE,
}
"""What each kind of delivery about an incident says."""

_MOST_BUNDLED = 10
_LEAST_SEVERE = 5
_USUAL_SEVERITY = 3


def account_of(claimed: Claimed) -> Account:
    """The destination as its provider sees it.

    Raises:
        ValueError: its options are no JSON object.
    """
    options = _texts(claimed.options)
    return Account(id=str(claimed.destination_id), base_url=claimed.base_url, options=options)


def memo_of(claimed: Claimed) -> Mapping[str, str]:
    """What the provider wanted to know again.

    Raises:
        ValueError: it is no JSON object.
    """
    return _texts(claimed.memo)


def item_for(claimed: Claimed, links: AnswerLinks, token: str) -> Item:
    """The message of a delivery. Its links answer with the token whose digest was claimed."""
    if claimed.kind in _STEPS:
        return _page(claimed, links, token)
    is_probe = claimed.kind is DeliveryKind.PROBE
    return Item(
        key=str(claimed.delivery_id),
        step=Step.OPEN,
        # Of its own: what a test opens is no incident, and nothing else is told in its thread.
        subject_key=f"{INSTALLATION}/{claimed.kind.value}-{claimed.delivery_id.hex[-12:]}",
        reference="",
        summary=PROBE if is_probe else claimed.text,
        severity=_LEAST_SEVERE if is_probe else _USUAL_SEVERITY,
        at=claimed.claimed_at,
        to_name=claimed.person_name,
        address=claimed.address,
        may_repeat=claimed.may_repeat,
    )


def _page(claimed: Claimed, links: AnswerLinks, token: str) -> Item:
    reference = f"INC-{claimed.number}"
    # A channel is nobody: whoever reads it answers at a desk.
    may_answer = bool(claimed.person_name)
    return Item(
        key=str(claimed.delivery_id),
        step=_STEPS[claimed.kind],
        subject_key=f"{INSTALLATION}/{reference}",
        reference=reference,
        summary=f"{_urgency(claimed)} {claimed.summary or CONFIDENTIAL}".strip(),
        text="\n".join(_paragraphs(claimed)),
        severity=claimed.severity or claimed.priority or _USUAL_SEVERITY,
        at=claimed.claimed_at,
        acknowledge_url=links.acknowledge(token) if may_answer else "",
        decline_url=links.decline(token) if may_answer else "",
        keypad_url=links.keypad(token) if may_answer else "",
        to_name=claimed.person_name,
        address=claimed.address,
        may_repeat=claimed.may_repeat,
    )


def _urgency(claimed: Claimed) -> str:
    if claimed.severity is not None:
        return f"SEV{claimed.severity}"
    return f"P{claimed.priority}" if claimed.priority is not None else ""


def _paragraphs(claimed: Claimed) -> list[str]:
    """Why, and what else waits."""
    told = [text for text in (claimed.reason, claimed.text) if text]
    if claimed.bundled:
        shown = [f"INC-{number}" for number in claimed.bundled[:_MOST_BUNDLED]]
        more = len(claimed.bundled) - len(shown)
        listed = ", ".join(shown) + (f" and {more} more" if more else "")
        told.append(f"Further pages wait for you: {listed}.")
    return told


def _texts(text: str) -> dict[str, str]:
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in found.items()
    }
