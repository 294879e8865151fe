"""What a delivery says, in our own words, before a provider gives it its form."""

import json
from collections.abc import Mapping
from dataclasses import replace

from services.communications.message import Message, message_from
from services.communications.past_reading import LetGo, UpdatePast
from services.communications.status_update import UpdateMoment
from services.core.ids import derived_id
from services.dispatcher.answer_links import AnswerLinks
from services.dispatcher.reply_words import said_back
from services.major_incidents.rooms import members_of
from services.paging.engine import Claimed
from services.paging.page import DeliveryKind
from services.providers.provider import Account, Item, RoomMessage, Step, UpdateMessage

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
    """The message of a delivery. Its links answer with the token whose digest was claimed.

    Raises:
        ValueError: what it carries is no status update, or no room.
    """
    if claimed.kind in _STEPS:
        return _page(claimed, links, token)
    if claimed.kind is DeliveryKind.UPDATE:
        return _update(claimed, message_from(claimed.text))
    if claimed.kind is DeliveryKind.ROOM:
        return _room(claimed)
    if claimed.kind is DeliveryKind.REPLY:
        return _word_back(claimed)
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
        is_check=not claimed.address and claimed.kind is not DeliveryKind.VERIFICATION,
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
        reply_key=str(claimed.delivery_id) * (may_answer and claimed.kind is DeliveryKind.PAGE),
        to_name=claimed.person_name,
        address=claimed.address,
        may_repeat=claimed.may_repeat,
    )


def _word_back(claimed: Claimed) -> Item:
    """What came of a reply, in the thread of the page."""
    said, answered_id = said_back(claimed.text)
    reference = f"INC-{claimed.number}"
    return Item(
        key=str(claimed.delivery_id),
        step=Step.UPDATE,
        subject_key=f"{INSTALLATION}/{reference}",
        reference=reference,
        summary=f"{_urgency(claimed)} {claimed.summary or CONFIDENTIAL}".strip(),
        text=said,
        at=claimed.claimed_at,
        reply_key=str(answered_id),
        to_name=claimed.person_name,
        address=claimed.address,
        may_repeat=claimed.may_repeat,
    )


def with_past(item: Item, claimed: Claimed, past: UpdatePast) -> Item:
    """The item, with what a provider needs by which an incident is known by its words alone."""
    if item.update is None or not past.let_go:
        return item
    *earlier, own = past.let_go
    return replace(
        item,
        update=replace(item.update, queued_at=own.queued_at),
        earlier=tuple(_earlier(item, claimed, one) for one in earlier),
        taken=past.taken,
    )


def _earlier(item: Item, claimed: Claimed, one: LetGo) -> Item:
    """An update as it went to the same place before, or was to go there."""
    return replace(
        item,
        key=str(derived_id(one.update_id, claimed.destination_id, claimed.address)),
        summary=one.message.subject,
        root_summary=one.message.subject,
        update=replace(_told(claimed, one.message), queued_at=one.queued_at),
    )


def _update(claimed: Claimed, message: Message) -> Item:
    is_final = message.moment is UpdateMoment.FINAL
    later = Step.RESOLVE if is_final and not message.replaces_id else Step.UPDATE
    first = message_from(claimed.first_text) if claimed.first_text else message
    return Item(
        key=str(claimed.delivery_id),
        step=later if claimed.first_text else Step.OPEN,
        # Of its own, beside that of pages: whoever follows the updates answers none of those.
        subject_key=f"{INSTALLATION}/{message.key}-{message.audience.value}",
        reference=message.key,
        summary=message.subject,
        severity=claimed.severity or claimed.priority or _USUAL_SEVERITY,
        at=claimed.claimed_at,
        address=claimed.address,
        may_repeat=claimed.may_repeat,
        root_summary=first.subject,
        update=_told(claimed, message),
    )


def _told(claimed: Claimed, message: Message) -> UpdateMessage:
    place = str(claimed.destination_id)
    return UpdateMessage(
        subject=message.subject,
        summary=message.summary,
        current_status=message.current_status,
        next_steps=message.next_steps,
        next_update=message.next_update,
        phase=message.phase.value,
        impact=message.impact,
        components={
            part.remote_ids[place]: part.status.value
            for part in message.components
            if place in part.remote_ids
        },
        is_notifying=message.is_notifying,
        audience=message.audience.value,
        replaces_key=_key_there(message, claimed),
        told_at=message.told_at,
        is_final=message.moment is UpdateMoment.FINAL,
        is_correction=message.replaces_id is not None,
    )


def _key_there(message: Message, claimed: Claimed) -> str:
    """The key that the update which this one corrects had at the same place, or empty."""
    if message.replaces_id is None:
        return ""
    return str(derived_id(message.replaces_id, claimed.destination_id, claimed.address))


def _room(claimed: Claimed) -> Item:
    wanted = json.loads(claimed.text)
    if not isinstance(wanted, dict) or not wanted.get("name"):
        raise ValueError("no room")
    reference = f"INC-{claimed.number}"
    room = RoomMessage(
        name=wanted["name"],
        topic=wanted["topic"],
        members=members_of(wanted),
        links=tuple((name, address) for name, address in wanted["links"]),
        status=wanted.get("status", ""),
        round=wanted.get("round", 0),
        is_private=wanted.get("private", False),
    )
    return Item(
        key=str(claimed.delivery_id),
        step=Step.UPDATE,
        subject_key=f"{INSTALLATION}/{reference}-room",
        reference=reference,
        summary=room.topic or room.name,
        severity=claimed.severity or claimed.priority or _USUAL_SEVERITY,
        at=claimed.claimed_at,
        address=claimed.address,
        may_repeat=claimed.may_repeat,
        room=room,
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
