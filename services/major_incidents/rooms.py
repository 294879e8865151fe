"""What the chat room of a response is to be like, kept fresh by every act that changes it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar
from uuid import UUID

from services.core.records import Record
from services.incidents.incident import Incident
from services.major_incidents.acts import ChangeChannel
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
from services.providers.provider import RoomMember
from services.sync.changes import Act, Changes, State

FOLLOWED: Final = frozenset({
    *("DescribeIncident", "ChangeSeverity", "RestrictIncident", "ReopenIncident", "UndoAct"),
    *("AcceptMajorIncident", "TakeCommand", "OfferRole", "AcceptRole", "DeclineRole", "EndRole"),
    *("AddChannel", "ChangeChannel", "RemoveChannel"),
    *("ResolveMajorIncident", "DemoteMajorIncident"),
})  # fmt: skip
"""Acts after which a room may have to be like something else."""

_ENDED: Final = {MajorState.RESOLVED: "RESOLVED", MajorState.DEMOTED: "NOT MAJOR"}
_TOLD: Final = {MajorState.ACCEPTED: "", **_ENDED}
"""What the topic begins with, by the state of a response whose room is told at all."""

R = TypeVar("R", bound=Record)


def rooms_follow(state: State, act: Act, command: object, changes: Changes) -> Changes:
    """The rooms of the incidents that an act changed, as they are to be from then on."""
    more = Changes.none()
    if type(command).__name__ not in FOLLOWED:
        return more
    for incident_id in _touched(command, changes):
        majors = _after(state, changes, MajorIncident, incident_id)
        channels = _after(state, changes, ResponseChannel, incident_id)
        rooms = [c for c in channels if is_room(c)]
        told = [_TOLD[major.state] for major in majors if major.state in _TOLD]
        if rooms and told:
            holdings = _after(state, changes, RoleHolding, incident_id)
            of = Wishes(
                _incident(state, changes, incident_id), told[0], holdings, channels,
                *_people(state, holdings),
            )  # fmt: skip
            for room in rooms:
                is_asked = isinstance(command, ChangeChannel) and command.channel_id == room.id
                wanted = wanted_room(room, of, round_of(room.wanted) + is_asked)
                more = more.update(room, replace(room, wanted=wanted))
    return more


def is_room(channel: ResponseChannel) -> bool:
    """Whether the dispatcher makes and keeps this channel."""
    is_kept = channel.destination_id is not None and channel.is_active
    return is_kept and channel.kind is ChannelKind.CHAT


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the rooms of one response are made from. ``ended`` is how it ended, in a word."""

    incident: Incident
    ended: str
    holdings: Sequence[RoleHolding]
    channels: Sequence[ResponseChannel]
    people: Mapping[UUID, Person]
    contacts: Sequence[ContactMethod]


def wanted_room(room: ResponseChannel, of: Wishes, round_: int = 0) -> str:
    """Name, topic, whom to invite and links of a room, as JSON; read back by ``members_of``.

    A confidential incident's summary stays on the desks, and its room is for the invited alone.
    ``round_`` rises when a person asks to try again.
    """
    incident, order = of.incident, list(ResponseRole)
    present = sorted(
        (h for h in of.holdings if h.state in (HoldingState.HELD, HoldingState.OFFERED)),
        key=lambda h: (order.index(h.role), h.offered_at, h.id),
    )
    links = [
        (channel.name or word_of(channel.kind), channel.address)
        for channel in sorted(of.channels, key=lambda c: (c.added_at, c.id))
        if channel.id != room.id and channel.is_active and channel.address
    ]
    held = [h for h in present if h.state is HoldingState.HELD]
    key = key_of(incident.number)
    told = topic(
        key=" ".join(part for part in (of.ended, key) if part),
        severity=f"SEV {incident.severity.value[-1]}" if incident.severity else "",
        summary="" if incident.is_confidential else incident.summary,
        roles=[(role_words(h), of.people[h.person_id].name) for h in held],
        links=[address for _, address in links],
        is_drill=incident.is_drill,
    )
    holding = {h.person_id for h in held}
    wanted = {
        "name": room.name,
        "topic": told,
        "invite": [
            {
                "name": of.people[id_].name,
                "ids": _ids_at(room, id_, of.contacts),
                "mail": of.people[id_].email,
                "holds": id_ in holding,
            }
            for id_ in dict.fromkeys(h.person_id for h in present)
        ],
        "links": links,
        "status": f"In major incident {key}",
        "round": round_,
        "private": incident.is_confidential,
    }
    return json.dumps(wanted, ensure_ascii=False)


def members_of(wanted: Mapping[str, Any]) -> tuple[RoomMember, ...]:
    """Whom a room is to have."""
    return tuple(
        RoomMember(
            name=one["name"], ids=tuple(one["ids"]), mail=one["mail"], is_holding=one["holds"]
        )
        for one in wanted.get("invite", ())
    )


def round_of(wanted: str) -> int:
    """How often a person asked to try again."""
    found = json.loads(wanted)
    return int(found.get("round", 0))


def _ids_at(room: ResponseChannel, person_id: UUID, contacts: Iterable[ContactMethod]) -> list[str]:
    """What the account of the room may call somebody."""
    return sorted(
        {
            contact.address
            for contact in contacts
            if contact.person_id == person_id
            and contact.destination_id == room.destination_id
            and contact.kind is ContactKind.CHAT
            and contact.is_active
        }
    )


def _touched(command: object, changes: Changes) -> list[UUID]:
    """The incidents of everything that an act changed, each once; and of a room to try again."""
    found: dict[UUID, None] = {}
    if isinstance(command, ChangeChannel):
        found[command.incident_id] = None
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
) -> tuple[dict[UUID, Person], list[ContactMethod]]:
    """Those who hold a role or were asked to, and how they are reached."""
    ids = sorted({holding.person_id for holding in holdings})
    contacts = [method for id_ in ids for method in state.find(ContactMethod, person_id=id_)]
    return {id_: state.get(Person, id_) for id_ in ids}, contacts
