"""The form of an outlet, and of many subscribers that are pasted at once."""

from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.text import plural
from desktop.views.catalogue.entry_fields import EntryForm
from desktop.views.dialogs.choosing import key_of, uuid_of
from desktop.views.dialogs.words import filled
from desktop.views.reach.provider_fields import NEEDS
from desktop.views.status_pages.entries import provider_title
from desktop.views.status_pages.forms import Communication, OutletForm
from desktop.views.status_pages.pasted import Pasted, pasted
from desktop.widgets.banner import Banner
from desktop.widgets.choices import CheckRow
from desktop.widgets.form import FormField
from desktop.widgets.inputs import TextEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from services.core.records import is_known
from services.core.text import Limit
from services.paging.destination import TELLING


class OutletEntryForm(EntryForm[Communication]):
    """Where a page's updates go. A new one takes a whole list of addresses."""

    def add_fields(self) -> None:
        """Page and account, address and name, and whether it is asked about each time."""
        self._communication = Communication()
        page = self.tr("Page (decided when it is added)")
        channel = self.tr("Channel (decided when it is added)")
        self._page = Picker(page, icon="status.page")
        self._channel = Picker(channel, placeholder=self.tr("Choose a channel"), icon="bell")
        self.add_row(
            ("page", page, self._page, self.tr("Choose a page.")),
            ("channel", channel, self._channel, self.tr("Choose a channel.")),
        )
        name, address = self.tr("Name in the composer"), self.tr("Address")
        line = self.line(address, limit=Limit.LINE)
        self.add_row(("name", name, self.line(name), ""), ("address", address, line, ""))
        label = self.tr("Or paste subscribers: addresses, one a line or parted by commas")
        self._list = TextEdit(
            label, lines=5, placeholder="Ana Costa <ana@example.com>\nops@example.org"
        )
        self._many = FormField(label, self._list, hint=" ")
        self.fields.add("list", self._many)
        self.column.addWidget(self._many)
        self._count = Banner("info", "")
        self.column.addWidget(self._count)
        subscriber = CheckRow(
            self.tr("A subscriber"),
            self.tr("Told only where the sender says to notify subscribers; others every time"),
        )
        self.add_row(("is_subscriber", "", subscriber, ""))
        self._list.textChanged.connect(self._say_count)
        self._channel.picked.connect(lambda _: self._tell_address())
        self._page.picked.connect(lambda _: self._say_count())

    def show_directory(self, directory: Communication) -> None:
        """Offer pages and accounts in use."""
        self._communication = directory
        pages = [one.page for one in directory.settings.pages if one.page.is_active]
        self._page.set_items([PickerItem(page.name, key_of(page.id)) for page in pages])
        self._channel.set_items(
            [
                PickerItem(one.name, key_of(one.id), provider_title(one))
                for one in directory.destinations
                if one.is_active and one.kind in TELLING
            ]
        )

    def _tell_address(self) -> None:
        found = self._communication.destination(uuid_of(self.fields.text("channel")))
        known = found is not None and is_known(found.kind) and found.kind in NEEDS
        wanted = NEEDS[found.kind].reached_by if found is not None and known else ""
        control = self.fields.control("address")
        assert isinstance(control, QWidget)
        control.setProperty("placeholderText", wanted)

    def _pasted(self) -> Pasted:
        page_id = uuid_of(self.fields.text("page"))
        known = [o.address for o in self._communication.outlets() if o.page_id == page_id]
        return pasted(self.fields.text("list"), known)

    def _say_count(self) -> None:
        found = self._pasted()
        self._count.setVisible(bool(found.addresses or found.known))
        lead = filled(
            self.tr("%1 will be added."), plural(len(found.addresses), "address", "addresses")
        )
        there = filled(self.tr("%1 already there."), plural(found.known, "is", "are"))
        self._count.set_texts(lead, there if found.known else "")

    def values(self, directory: Communication, id_: UUID | None) -> dict[str, object]:
        """Values of an outlet."""
        one = directory.outlet(id_)
        first = directory.settings.pages[0].page.id if directory.settings.pages else None
        for control in (self._page, self._channel):
            control.setEnabled(one is None)
        self._many.setVisible(one is None)
        self._count.hide()
        channel = directory.destination(one.destination_id) if one is not None else None
        if channel is not None and not channel.is_active:
            item = PickerItem(channel.name, key_of(channel.id), provider_title(channel))
            self._channel.set_items([*self._channel.items, item])
        return {
            "page": key_of(one.page_id if one is not None else first),
            "channel": key_of(one.destination_id) if one else "",
            "name": one.name if one else "",
            "address": one.address if one else "",
            "list": "",
            "is_subscriber": one.is_subscriber if one else False,
            "is_active": one.is_active if one else True,
        }

    def set_changeable(self, changeable: bool) -> None:
        """Let the fields be edited; page and account only while it is new."""
        super().set_changeable(changeable)
        for control in (self._page, self._channel):
            control.setEnabled(changeable and self.entry_id is None)

    def form(self) -> OutletForm:
        """The outlet, or one for each address that was pasted."""
        text = self.fields.text
        found = self._pasted() if self.entry_id is None else Pasted()
        many = bool(found.addresses)
        return OutletForm(
            outlet_id=self.entry_id,
            page_id=UUID(text("page")),
            destination_id=UUID(text("channel")),
            addresses=found.addresses if many else (text("address"),),
            names=found.names if many else (text("name"),),
            is_subscriber=self.fields.is_on("is_subscriber"),
            is_active=self.fields.is_on("is_active"),
        )
