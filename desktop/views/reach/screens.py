"""How I am reached, and the channels: lists with forms, and above them what they mean."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.views.catalogue.entry_screen import EntryKind, EntryScreen
from desktop.views.reach.channel_entry import ChannelEntryForm, channel_entries
from desktop.views.reach.contact_entry import ContactEntryForm, contact_entries
from desktop.widgets.banner import Banner, BannerTone
from services.paging.reach import Reach


class ReachScreen(EntryScreen[Reach]):
    """A list of either kind."""

    def __init__(
        self, title: str, readable: str, kind: EntryKind[Reach], parent: QWidget | None = None
    ) -> None:
        super().__init__(title, readable, [kind], Reach(), parent)
        self._meaning = Banner("info", "", square=True)
        column = self.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(1, self._meaning)
        self._meaning.hide()

    def show_meaning(self, tone: BannerTone, lead: str, text: str = "") -> None:
        """Say above the list what it comes to; nothing without words."""
        self._meaning.set_tone(tone)
        self._meaning.set_texts(lead, text)
        self._meaning.setVisible(bool(lead))


class ContactScreen(ReachScreen):
    """The ways to reach the person at the desk, and for an administrator everybody's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.form = ContactEntryForm()
        kind = EntryKind(
            "contacts", self.tr("Contact methods"), self.tr("Add"), self.tr("New contact method"),
            self.form, contact_entries,
        )  # fmt: skip
        super().__init__(self.tr("How I am reached"), "", kind, parent)


class ChannelScreen(ReachScreen):
    """The accounts through which messages leave."""

    def __init__(self, *, keeps_secrets: bool, parent: QWidget | None = None) -> None:
        self.form = ChannelEntryForm(keeps_secrets=keeps_secrets)
        kind = EntryKind(
            "channels", self.tr("Channels"), self.tr("Add channel"), self.tr("New channel"),
            self.form, channel_entries,
        )  # fmt: skip
        super().__init__(self.tr("Channels"), self.tr("You can read channels."), kind, parent)
