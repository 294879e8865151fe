"""What the console says of chat rooms, bridges and documents. Pure."""

from collections.abc import Iterable

from desktop.views.major.values import ChannelRow
from services.major_incidents.meeting import RoomItem, RoomStanding
from services.major_incidents.read_models import ChannelItem, Console
from services.major_incidents.words import word_of

_MEND = "Mend the account under Tools › Channels and try again; or remove this and add a link"
_GIVE = "Their ids or e-mail addresses are missing or wrong there; mend them, then try again"
_STANDINGS = {
    RoomStanding.WAITING: "being made…",
    RoomStanding.MADE: "made",
    RoomStanding.REFUSED: "not made",
    RoomStanding.UNUSABLE: "not made: its account is switched off",
    RoomStanding.KEPT_IN: "not made: this is a drill",
}


def channel_rows(console: Console) -> Iterable[ChannelRow]:
    """The channels, in the order in which they were added."""
    for item in console.channels:
        yield _room(item, item.room) if item.room is not None else _typed(item)


def _typed(item: ChannelItem) -> ChannelRow:
    channel = item.channel
    is_link = _is_link(channel.address)
    return ChannelRow(
        channel_id=channel.id,
        kind=channel.kind,
        name=word_of(channel.kind) if is_link else channel.name,
        address=channel.address,
        shown=channel.name if is_link else channel.address,
        access=channel.access,
        link=channel.address if is_link else "",
        may_change=True,
    )


def _room(item: ChannelItem, room: RoomItem) -> ChannelRow:
    is_made = room.standing is RoomStanding.MADE
    said = _STANDINGS[room.standing]
    if item.is_unsent and room.standing is RoomStanding.WAITING:
        said = "made once this desk is connected"
    notes = list(_notes(room))
    return ChannelRow(
        channel_id=item.channel.id,
        kind=item.channel.kind,
        name=" · ".join(part for part in (word_of(item.channel.kind), room.account) if part),
        address=item.address,
        shown=item.name if is_made else said,
        access="\n".join(tip for _, tip in notes if tip),
        link=item.address if _is_link(item.address) else "",
        notes=tuple(note for note, _ in notes),
        is_wrong=room.standing is RoomStanding.REFUSED,
        is_made=is_made,
        may_retry=bool(notes) or room.standing is RoomStanding.REFUSED,
    )


def _notes(room: RoomItem) -> Iterable[tuple[str, str]]:
    """What is amiss, and what can be done about it."""
    if room.standing is RoomStanding.REFUSED:
        yield room.said or "The provider refused it", _MEND
    elif room.said:
        what = "Not up to date" if room.standing is RoomStanding.MADE else "Tried again by itself"
        yield f"{what}: {room.said}", ""
    if room.uninvited:
        names = ", ".join(name for name, _ in room.uninvited)
        why = "\n".join(f"{name}: {why}" for name, why in room.uninvited)
        yield f"Not invited: {names}", f"{why}\n{_GIVE}"
    if room.no_status:
        yield "Not said beside people's names", "\n".join(room.no_status)


def _is_link(address: str) -> bool:
    return address.startswith(("https://", "http://"))
