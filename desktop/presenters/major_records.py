"""What the response writes down where a line is not enough, asked by dialogs."""

from desktop.presenters.major_asking import Done, MajorAsking, nothing_follows
from desktop.presenters.major_page import console_view
from desktop.views.major.dialogs.entries import EntryDialog, MadeChangeDialog
from desktop.views.major.dialogs.nearby import (
    ChangeEventDialog,
    ChannelDialog,
    SupportCaseDialog,
    SuspectsDialog,
)
from services.major_incidents.entries import ResponseEntry


class MajorRecords:
    """Gives the commands of entries, channels, cases and changes that need a dialog."""

    def __init__(self, asking: MajorAsking) -> None:
        self._asking = asking

    def made_change(self, text: str, done: Done = nothing_follows) -> None:
        """Ask how a change was made, why, and how it is taken back."""
        dialog = MadeChangeDialog(
            self._asking.window,
            self._asking.incident,
            text,
            self._asking.desk.now_here(),
            self._asking.desk.fresh_id(),
        )
        self._asking.open(dialog, "made-change", "Change written down", done=done)

    def edit(self, entry: ResponseEntry) -> None:
        """Everything of an entry or a card."""
        dialog = EntryDialog(
            self._asking.window, self._asking.incident, entry, self._asking.desk.now_here()
        )
        self._asking.open(dialog, f"entry-{entry.id}", "Saved")

    def channel(self) -> None:
        """Ask where people meet."""
        dialog = ChannelDialog(
            self._asking.window, self._asking.incident, self._asking.desk.fresh_id()
        )
        self._asking.open(dialog, "channel", "Channel added")

    def support_case(self) -> None:
        """Ask who reported it to customer support."""
        now, id_ = self._asking.desk.now_here(), self._asking.desk.fresh_id()
        dialog = SupportCaseDialog(self._asking.window, self._asking.incident, now, id_)
        self._asking.open(dialog, "case", "Support case added")

    def change_event(self) -> None:
        """Ask what was changed near the start of the impact."""
        seen = self._asking.seen
        known = seen.major.impact_started_at or seen.major.detected_at
        at = known or self._asking.desk.clock.now()
        asking = self._asking
        dialog = ChangeEventDialog(
            asking.window, asking.incident, asking.desk.directory, at.astimezone(),
            asking.desk.fresh_id(),
        )  # fmt: skip
        self._asking.open(dialog, "change-event", "Change added")

    def suspects(self) -> None:
        """Show the changes shortly before the impact."""
        changes = console_view(self._asking.seen).changes
        dialog = SuspectsDialog(self._asking.window, self._asking.incident, changes)

        def add(_: object) -> None:
            dialog.close_dialog()
            self.change_event()

        dialog.submitted.connect(add)
        self._asking.window.open_dialog(dialog, dialog.close_button)
