"""What the chat room of a response is to be like, kept fresh by every act that changes it."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar
from uuid import UUID

from services.core.records import Record
from services.incidents.incident import Incident
from services.major_incidents.major import (
    ChannelKind,
    HoldingState,
    MajorIncident,
    MajorState,
    ResponseChannel,
    ResponseRole,
    RoleHolding,
)
from services.major_incidents.topic import topic
from services.major_incidents.words import key_of, role_words, word_of
from services.people.contact import ContactKind, ContactMethod
from services.people.person import Person
from services.sync.changes import Act, Changes, State

FOLLOWED: Final = frozenset({
    *("DescribeIncident", "ChangeSeverity", "RestrictIncident", "ReopenIncident", "UndoAct"),
    *("AcceptMajorIncident", "TakeCommand", "OfferRole", "AcceptRole", "DeclineRole", "EndRole"),
    *("AddChannel", "ChangeChannel", "RemoveChannel"),
})  # fmt: skip
"""Acts after which a room may have to be like something else."""

R = TypeVar("R", bound=Record)


def rooms_follow(state: State, act: Act, command: object, changes: Changes) -> Changes:
    """The rooms of the incidents that an act changed, as they are to be from then on."""
    more = Changes.none()
    if type(command).__name__ not in FOLLOWED:
        return more
    for incident_id in _touched(changes):
        majors = _after(state, changes, MajorIncident, incident_id)
        channels = _after(state, changes, ResponseChannel, incident_id)
        rooms = [c for c in channels if is_room(c)]
        if rooms and any(major.state is MajorState.ACCEPTED for major in majors):
            incident = _incident(state, changes, incident_id)
            holdings = _after(state, changes, RoleHolding, incident_id)
            for room in rooms:
                wanted = wanted_room(room, incident, holdings, channels, *_people(state, holdings))
                more = more.update(room, replace(room, wanted=wanted))
    return more


def is_room(channel: ResponseChannel) -> bool:
    """Whether the dispatcher makes and keeps this channel."""
    is_kept = channel.destination_id is not None and channel.is_active
    return is_kept and channel.kind is ChannelKind.CHAT


def wanted_room(
    room: ResponseChannel,
    incident: Incident,
    holdings: Iterable[RoleHolding],
    channels: Iterable[ResponseChannel],
    names: dict[UUID, str],
    contacts: Sequence[ContactMethod],
) -> str:
    """Name, topic, whom to invite and links of a room, as JSON.

    A confidential incident's summary stays on the desks.
    """
    order = list(ResponseRole)
    present = sorted(
        (h for h in holdings if h.state in (HoldingState.HELD, HoldingState.OFFERED)),
        key=lambda h: (order.index(h.role), h.offered_at, h.id),
    )
    links = [
        (channel.name or word_of(channel.kind), channel.address)
        for channel in sorted(channels, key=lambda c: (c.added_at, c.id))
        if channel.id != room.id and channel.is_active and channel.address
    ]
    held = [h for h in present if h.state is HoldingState.HELD]
    told = topic(
        key=key_of(incident.number),
        severity=f"SEV {incident.severity.value[-1]}" if incident.severity else "",
        summary="" if incident.is_confidential else incident.summary,
        roles=[(role_words(h), names.get(h.person_id, "")) for h in held],
        links=[address for _, address in links],
        is_drill=incident.is_drill,
    )
    invited = _invited(room, [h.person_id for h in present], contacts)
    wanted = {"name": room.name, "topic": told, "invite": invited, "links": links}
    return json.dumps(wanted, ensure_ascii=False)


def _invited(
    room: ResponseChannel, person_ids: Collection[UUID], contacts: Iterable[ContactMethod]
) -> list[str]:
    """What the account of the room calls these people."""
    return sorted(
        {
            contact.address
            for contact in contacts
            if contact.person_id in person_ids
            and contact.destination_id == room.destination_id
            and contact.kind is ContactKind.CHAT
            and contact.is_active
        }
    )


def _touched(changes: Changes) -> list[UUID]:
    """The incidents of everything that an act changed, each once."""
    found: dict[UUID, None] = {}
    for record in (MajorIncident, RoleHolding, ResponseChannel):
        rows: list[Any] = [*changes.inserts_of(record), *(a for _, a in changes.updates_of(record))]
        found |= dict.fromkeys(row.incident_id for row in rows)
    return list(found | dict.fromkeys(after.id for _, after in changes.updates_of(Incident)))


def _after(state: State, changes: Changes, record: type[R], incident_id: UUID) -> list[R]:
    """The records of an incident as they are once the changes are made."""
    rows: dict[UUID, Any] = {row.id: row for row in state.find(record, incident_id=incident_id)}
    new: list[Any] = [*changes.inserts_of(record), *(a for _, a in changes.updates_of(record))]
    return list((rows | {row.id: row for row in new if row.incident_id == incident_id}).values())


def _incident(state: State, changes: Changes, incident_id: UUID) -> Incident:
    changed = [after for _, after in changes.updates_of(Incident) if after.id == incident_id]
    return changed[-1] if changed else state.get(Incident, incident_id)


def _people(
    state: State, holdings: Iterable[RoleHolding]
) -> tuple[dict[UUID, str], list[ContactMethod]]:
    """Names and contacts of those who hold a role or were asked to."""
    ids = sorted({holding.person_id for holding in holdings})
    names = {id_: state.get(Person, id_).name for id_ in ids}
    contacts = [method for id_ in ids for method in state.find(ContactMethod, person_id=id_)]
    return names, contacts
