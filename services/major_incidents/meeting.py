"""Where a response can meet: rooms that an account makes, meetings that need only a link. Pure."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final
from uuid import UUID

from services.major_incidents.acts import ChangeChannel
from services.major_incidents.major import ResponseChannel

JITSI: Final = "https://meet.jit.si"
"""The public server; another one is used once somebody has named it."""

_MEETING = re.compile(r"(https?://.+)/Firstline-[A-Z]+-\d+-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class RoomAccount:
    """An account that makes chat rooms; ``provider`` is the value of its kind."""

    id: UUID
    name: str
    provider: str


@dataclass(frozen=True, slots=True)
class KnownBridge:
    """A bridge that another incident used; ``key`` is that incident's."""

    address: str
    access: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPlaces:
    """What can be offered; ``jitsi`` is the server of new meetings."""

    accounts: tuple[RoomAccount, ...] = ()
    bridges: tuple[KnownBridge, ...] = ()
    jitsi: str = JITSI


class RoomStanding(Enum):
    """How far the dispatcher is with a chat room.

    UNUSABLE: its account is switched off. KEPT_IN: nothing of a drill leaves the building.
    """

    WAITING = "waiting"
    MADE = "made"
    REFUSED = "refused"
    UNUSABLE = "unusable"
    KEPT_IN = "kept_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomItem:
    """A chat room as the dispatcher left it.

    ``name`` and ``address`` are what it is called and where it is opened, once it is made.
    ``said`` is why the last word to it did not arrive, in the provider's words. ``uninvited`` are
    people who could not be invited, each with why, ``no_status`` why the chat says nothing beside
    people's names.
    """

    account: str
    standing: RoomStanding
    name: str = ""
    address: str = ""
    said: str = ""
    uninvited: tuple[tuple[str, str], ...] = ()
    no_status: tuple[str, ...] = ()


def jitsi_address(server: str, key: str, channel_id: UUID) -> str:
    """A meeting that nobody finds who does not know it."""
    return f"{server.rstrip('/')}/Firstline-{key}-{channel_id.hex[-8:]}"


def jitsi_server(address: str) -> str:
    """The server of a meeting that was named here; empty for any other address."""
    found = _MEETING.fullmatch(address)
    return found[1] if found else ""


def room_name(key: str) -> str:
    """What a chat room of an incident is called: by the key, in small letters."""
    return key.lower()


def changed_channel(channel: ResponseChannel, **values: str) -> ChangeChannel:
    """A change of some fields of a channel; the others stay as they were seen.

    Without any, what could not be done for a room that the dispatcher keeps is tried again.
    """
    seen = {name: getattr(channel, name) for name in ("name", "address", "access")}
    return ChangeChannel(
        incident_id=channel.incident_id,
        channel_id=channel.id,
        **{**seen, **values},
        **{f"seen_{name}": value for name, value in seen.items()},
    )
