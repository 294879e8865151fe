"""Reads how the dispatcher left the chat rooms of a response, and where one can meet."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from services.core.tables import read_records
from services.incidents.tables import incident
from services.major_incidents.major import ChannelKind, ResponseChannel
from services.major_incidents.meeting import (
    JITSI,
    KnownBridge,
    MeetingPlaces,
    RoomAccount,
    RoomItem,
    RoomStanding,
    jitsi_server,
)
from services.major_incidents.rooms import is_room, members_of
from services.major_incidents.tables import response_channel
from services.major_incidents.words import key_of
from services.paging.destination import WITH_ROOMS, Destination, ProviderKind
from services.paging.destination_queries import destinations_in_use
from services.paging.page import Delivery, DeliveryKind, DeliveryState
from services.paging.tables import delivery
from services.providers.mattermost_people import statuses_refused
from services.providers.room_people import why_not_there

_OVER = (DeliveryState.DELIVERED, DeliveryState.REFUSED, DeliveryState.DEAD)
_MOST_BRIDGES = 4


def rooms(
    connection: sa.Connection, channels: Sequence[ResponseChannel], *, is_drill: bool
) -> dict[UUID, RoomItem]:
    """The rooms among the channels of one response, by channel."""
    kept = [channel for channel in channels if is_room(channel)]
    if not kept:
        return {}
    accounts = {one.id: one for one in destinations_in_use(connection)}
    of_rooms = (delivery.c.kind == DeliveryKind.ROOM) & delivery.c.subject_id.in_(
        [channel.id for channel in kept]
    )
    told: dict[UUID | None, list[Delivery]] = {}
    for row in read_records(connection, Delivery, delivery, of_rooms):
        told.setdefault(row.subject_id, []).append(row)
    return {
        channel.id: _room(
            told.get(channel.id, []), accounts.get(channel.destination_id), is_drill=is_drill
        )
        for channel in kept
        if channel.destination_id is not None
    }


def _room(told: list[Delivery], account: Destination | None, *, is_drill: bool) -> RoomItem:
    """What the words to one room came to."""
    told.sort(key=lambda d: (d.created_at, str(d.id)))
    made = next((m for d in reversed(told) if "room" in (m := _object(d.memo))), {})
    last = next((d for d in reversed(told) if d.state in _OVER), None)
    newest = told[-1] if told else None
    is_tried = newest is not None and newest.state not in _OVER
    failed = last is not None and last.state is not DeliveryState.DELIVERED and not is_tried
    if made:
        standing = RoomStanding.MADE
    elif is_drill:
        standing = RoomStanding.KEPT_IN
    elif account is None:
        standing = RoomStanding.UNUSABLE
    else:
        standing = RoomStanding.REFUSED if failed else RoomStanding.WAITING
    said = newest.reason if newest is not None and (is_tried or failed) else ""
    return RoomItem(
        account=account.name if account else "",
        standing=standing,
        name=made.get("room_name", ""),
        address=made.get("address", ""),
        said=said,
        uninvited=_uninvited(last) if made else (),
        no_status=statuses_refused(_object(last.memo)) if last else (),
    )


def _uninvited(last: Delivery | None) -> tuple[tuple[str, str], ...]:
    if last is None:
        return ()
    memo = _object(last.memo)
    found = ((one.name, why_not_there(one, memo)) for one in members_of(_object(last.text)))
    return tuple((name, why) for name, why in found if why)


def _object(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def meeting_places(connection: sa.Connection) -> MeetingPlaces:
    """The accounts that make rooms, and the bridges that were used last."""
    query = (
        sa.select(response_channel.c.address, response_channel.c.access, incident.c.number)
        .join(incident, incident.c.id == response_channel.c.incident_id)
        .where(response_channel.c.kind == ChannelKind.BRIDGE, response_channel.c.address != "")
        .order_by(response_channel.c.added_at.desc(), response_channel.c.id)
    )
    bridges: dict[str, KnownBridge] = {}
    servers = []
    for row in connection.execute(query):
        if server := jitsi_server(row.address):
            servers.append(server)
        else:
            known = KnownBridge(row.address, row.access, key_of(row.number))
            bridges.setdefault(row.address, known)
    return MeetingPlaces(
        accounts=tuple(
            RoomAccount(one.id, one.name, one.kind.value)
            for one in destinations_in_use(connection)
            if _makes_rooms(one)
        ),
        bridges=tuple(bridges.values())[:_MOST_BRIDGES],
        jitsi=servers[0] if servers else JITSI,
    )


def _makes_rooms(account: Destination) -> bool:
    """Whether an account can make a room at all; one of Mattermost needs to know its team."""
    has_team = account.kind is not ProviderKind.MATTERMOST or bool(
        _object(account.options).get("team")
    )
    return account.kind in WITH_ROOMS and has_team
