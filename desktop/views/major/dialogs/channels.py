"""Asking where the response meets, and putting right what was typed of a place."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.text import incident_key
from desktop.views.dialogs.choosing import uuid_of
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.words import filled, joined
from desktop.views.major.channels_panel import ICONS
from desktop.views.reach.provider_fields import NEEDS
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl
from services.core.text import Limit
from services.incidents.incident import Incident
from services.major_incidents.acts import AddChannel, ChangeChannel
from services.major_incidents.major import ChannelKind, ResponseChannel
from services.major_incidents.meeting import (
    KnownBridge,
    MeetingPlaces,
    RoomAccount,
    changed_channel,
    jitsi_address,
    room_name,
)
from services.major_incidents.words import word_of
from services.paging.destination import ProviderKind

OWN: Final = "own"
"""The answer that there is such a place already."""
_JITSI: Final = "jitsi"
_ROOM: Final = "room "
_BRIDGE: Final = "bridge "


class _PlaceDialog(FormDialog):
    """What a place is called, where it is, how one gets in."""

    def _add_place(self) -> None:
        self._name = LineEdit(self.tr("Name"), limit=Limit.NAME.value)
        self.add_field("name", self.tr("Name"), self._name, required=self.tr("Name it."))
        self._address = LineEdit(
            self.tr("Address"), limit=Limit.LINE.value,
            placeholder=self.tr("#room, a telephone number, or https://…"),
        )  # fmt: skip
        self._address_field = self.add_field(
            "address", self.tr("Address"), self._address, hint=" ",
            required=self.tr("Say where people meet."),
        )  # fmt: skip
        self._access = TextEdit(self.tr("How one gets in"), lines=2,
                                placeholder=self.tr("Dial-in and PIN, if any"))  # fmt: skip
        self._access_field = self.add_field("access", self.tr("How one gets in"), self._access)


class ChannelDialog(_PlaceDialog):
    """A chat room, a bridge or a document. Emits ``AddChannel``.

    The dispatcher makes a room in an account, where one can; a meeting needs nothing but its link.
    """

    def __init__(
        self, host: QWidget, incident: Incident, channel_id: UUID, places: MeetingPlaces
    ) -> None:
        super().__init__(
            host, self.tr("Add a channel"), primary=self.tr("Add"), icon="add",
            subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._incident, self._channel_id, self._places = incident, channel_id, places
        self._key = incident_key(incident.number)
        self._build_fields()
        self._kind.chosen.connect(lambda _: self._choose_kind())
        self._where.picked.connect(lambda _: self._choose_place())
        self._choose_kind()
        self.ready()

    def _build_fields(self) -> None:
        kinds = [Segment(kind.value, word_of(kind), ICONS[kind]) for kind in ChannelKind]
        self._kind = SegmentedControl(self.tr("Kind"), kinds, height=32, stretch=True)
        self.add_field("kind", self.tr("Kind"), self._kind)
        self._where = Picker(self.tr("Where"), with_filter=False)
        self._where_field = self.add_field("where", self.tr("Where"), self._where)
        self._add_place()

    # -- what follows from a choice -------------------------------------------------------------

    def _choose_kind(self) -> None:
        """Offer what there is of this kind, the best first."""
        items = self._offered(ChannelKind(self._kind.current))
        self._where.set_items(items)
        self._where.set_current(items[0])
        self._where_field.setVisible(len(items) > 1)
        self._choose_place()

    def _offered(self, kind: ChannelKind) -> Sequence[PickerItem]:
        own = PickerItem(self.tr("One there is already"), OWN, self.tr("By its link or number"))
        if kind is ChannelKind.CHAT and not self._incident.is_drill:
            return [*map(self._account_item, self._places.accounts), own]
        if kind is ChannelKind.BRIDGE:
            server = self._places.jitsi.partition("://")[2]
            meeting = PickerItem(self.tr("A new Jitsi meeting"), _JITSI, server)
            return [meeting, *map(self._bridge_item, self._places.bridges), own]
        return [own]

    def _account_item(self, account: RoomAccount) -> PickerItem:
        title = filled(self.tr("A new room in %1"), account.name)
        provider = NEEDS[ProviderKind(account.provider)].title
        return PickerItem(title, f"{_ROOM}{account.id}", provider)

    def _bridge_item(self, bridge: KnownBridge) -> PickerItem:
        used = filled(self.tr("as for %1"), bridge.key)
        return PickerItem(
            bridge.address, f"{_BRIDGE}{bridge.address}", joined((used, bridge.access))
        )

    def _choose_place(self) -> None:
        """Show the fields of this place, filled with what is known of it."""
        place, kind = self.fields.text("where"), ChannelKind(self._kind.current)
        account = self._account(place)
        self._name.setText(room_name(self._key) if account else word_of(kind))
        known = next((b for b in self._places.bridges if place == f"{_BRIDGE}{b.address}"), None)
        address = known.address if known else ""
        if place == _JITSI:
            address = jitsi_address(self._places.jitsi, self._key, self._channel_id)
        self._address.setText(address)
        self._access.setPlainText(known.access if known else "")
        self._address_field.setVisible(account is None)
        self._access_field.setVisible(account is None)
        self.set_footer(*self._consequence(kind, place, account))

    def _consequence(
        self, kind: ChannelKind, place: str, account: RoomAccount | None
    ) -> tuple[str, str | None]:
        """What happens, and the icon for it."""
        if account:
            return self.tr("Who holds a role is invited."), "people"
        if place == _JITSI:
            return self.tr("Anybody with the link gets in."), "info"
        if kind is ChannelKind.CHAT and self._incident.is_drill:
            return self.tr("A drill makes no room."), "info"
        if kind is ChannelKind.CHAT and not self._places.accounts:
            return self.tr("No account here makes rooms."), "info"
        return "", None

    def _account(self, place: str) -> RoomAccount | None:
        """The account that is to make the room, if one is."""
        id_ = uuid_of(place.removeprefix(_ROOM)) if place.startswith(_ROOM) else None
        return next((one for one in self._places.accounts if one.id == id_), None)

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before, where its place is still offered."""
        super().restore({"kind": draft.get("kind", ChannelKind.CHAT.value)})
        self._choose_kind()
        super().restore({"where": draft.get("where", "")})
        if self._where.current is None:
            self._choose_kind()
        self._choose_place()
        super().restore({n: t for n, t in draft.items() if n not in ("kind", "where")})

    def form(self) -> AddChannel:
        """The channel; a room that is to be made has no address yet."""
        account = self._account(self.fields.text("where"))
        return AddChannel(
            incident_id=self._incident.id,
            channel_id=self._channel_id,
            kind=ChannelKind(self.fields.text("kind")),
            name=self.fields.text("name"),
            address="" if account else self.fields.text("address"),
            access="" if account else self.fields.text("access"),
            destination_id=account.id if account else None,
        )


class ChangeChannelDialog(_PlaceDialog):
    """Another name, address or way in. Emits ``ChangeChannel``."""

    def __init__(self, host: QWidget, incident: Incident, channel: ResponseChannel) -> None:
        super().__init__(
            host, self.tr("Change a channel"), primary=self.tr("Save"),
            icon=ICONS[channel.kind], subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._channel = channel
        self._add_place()
        self._name.setText(channel.name)
        self._address.setText(channel.address)
        self._access.setPlainText(channel.access)
        self.set_footer(self.tr("Everybody in the response sees the change."), "info")
        self.ready()

    def form(self) -> ChangeChannel:
        """The change, with what was seen."""
        return changed_channel(
            self._channel,
            name=self.fields.text("name"),
            address=self.fields.text("address"),
            access=self.fields.text("access"),
        )
