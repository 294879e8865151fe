"""What the response writes down where a line is not enough, asked by dialogs."""

from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from PySide6.QtCore import QStandardPaths

from desktop.presenters.dialog_flow import show_refusal
from desktop.presenters.major_asking import Done, MajorAsking, nothing_follows
from desktop.presenters.major_pack import people_items
from desktop.presenters.major_streams import stream_items
from desktop.presenters.print_presenter import write_file
from desktop.views.major.dialogs.channels import ChangeChannelDialog, ChannelDialog
from desktop.views.major.dialogs.entries import EntryDialog, MadeChangeDialog
from desktop.views.major.dialogs.exporting import ExportDialog, ExportForm
from desktop.views.major.dialogs.nearby import ChangeEventDialog, SupportCaseDialog
from services.major_incidents.entries import ResponseEntry
from services.major_incidents.major import ResponseChannel
from services.major_incidents.meeting import changed_channel
from services.major_incidents.state_document import state_document
from services.reports.state_document import DocumentFormat, export

_DOCUMENTS: Final = QStandardPaths.StandardLocation.DocumentsLocation
_ENDINGS: Final = {"md": "Markdown", "html": "HTML", "confluence.xml": "Confluence", "pdf": "PDF"}
"""Forms of the document by the end of the file's name."""


class MajorRecords:
    """Gives the commands of entries, channels, cases and changes that need a dialog.

    ``fonts`` is the folder of prepared fonts for paper.
    """

    def __init__(self, asking: MajorAsking, fonts: Path) -> None:
        self._asking = asking
        self._fonts = fonts

    def made_change(self, text: str, done: Done = nothing_follows) -> None:
        """Ask how a change was made, why, and how it is taken back."""
        dialog = MadeChangeDialog(
            self._asking.window,
            self._asking.incident,
            text,
            self._asking.desk.now_here(),
            self._asking.desk.fresh_id(),
            self._asking.stream_id,
        )
        self._asking.open(dialog, "made-change", "Change written down", done=done)

    def edit(self, entry: ResponseEntry) -> None:
        """Everything of an entry or a card."""
        asking = self._asking
        people = people_items(asking.desk.directory)
        now = asking.desk.now_here()
        streams = stream_items(asking, entry.work_stream_id)
        dialog = EntryDialog(asking.window, asking.incident, entry, people, now, streams)
        self._asking.open(dialog, f"entry-{entry.id}", "Saved")

    def channel(self) -> None:
        """Ask where people meet."""
        asking = self._asking
        dialog = ChannelDialog(
            asking.window, asking.incident, asking.desk.fresh_id(), asking.seen.places
        )
        self._asking.open(dialog, "channel", "Channel added")

    def change_channel(self, channel_id: UUID) -> None:
        """Ask what a channel is called, where it is, how one gets in."""
        asking, channel = self._asking, self._channel(channel_id)
        dialog = ChangeChannelDialog(asking.window, asking.incident, channel)
        asking.open(dialog, f"channel-{channel_id}", "Channel changed")

    def retry_channel(self, channel_id: UUID) -> None:
        """Have the dispatcher try again what it could not do for a chat room."""
        again = changed_channel(self._channel(channel_id))
        self._asking.desk.give(again, said="The dispatcher tries again")

    def _channel(self, channel_id: UUID) -> ResponseChannel:
        items = self._asking.seen.console.channels
        return next(item.channel for item in items if item.channel.id == channel_id)

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

    def export(self) -> None:
        """Ask in which form the state document is written, and where to."""
        seen, asking = self._asking.seen, self._asking
        name = f"{seen.console.item.key} state {seen.now:%Y-%m-%d %H%M}"
        folder = Path(QStandardPaths.writableLocation(_DOCUMENTS))
        dialog = ExportDialog(asking.window, asking.incident, _ENDINGS, folder, name)
        dialog.submitted.connect(partial(self._write, dialog))
        asking.window.open_dialog(dialog)

    def _write(self, dialog: ExportDialog, form: ExportForm) -> None:
        seen, desk = self._asking.seen, self._asking.desk
        document = state_document(seen.console, desk.clock.now())

        def write() -> Path:
            content = export(document, DocumentFormat(form.ending), fonts=self._fonts)
            return write_file(form.path, content)

        def done(path: Path) -> None:
            dialog.close_dialog()
            self._asking.window.snack(f"State document saved: {path.name}")

        desk.run(dialog, "export", write, done, partial(show_refusal, dialog))
