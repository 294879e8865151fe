"""What belongs to a response, listed: paragraphs of its document, support cases, changes nearby."""

from collections.abc import Callable, Iterable
from functools import partial
from uuid import UUID

from desktop.presenters.major_asking import MajorAsking
from desktop.presenters.major_page import console_view
from desktop.presenters.major_records import MajorRecords
from desktop.text import full_when_text
from desktop.views.dialogs.words import joined
from desktop.views.major.dialogs.listing import ListedRow, ListingDialog
from desktop.views.major.dialogs.paragraphs import SECTIONS, ParagraphDialog
from services.major_incidents.entry_acts import (
    RemoveChangeEvent,
    RemoveDocumentEntry,
    RemoveSupportCase,
)
from services.major_incidents.words import word_of

_TAKE_OUT = (("remove", "Take out"),)
_WRITTEN = (("change", "Change…"), ("remove", "Strike through"))


class MajorListings:
    """Opens the lists; what is taken out there goes from them at once."""

    def __init__(self, asking: MajorAsking, records: MajorRecords) -> None:
        self._asking = asking
        self._records = records

    def cases(self) -> None:
        """Who reported it to customer support."""
        dialog = ListingDialog(
            self._asking.window, self._asking.incident, "Support cases",
            add="Add a support case",
            nothing="No support case is counted in yet.",
            remark="Linked incidents are counted beside them.",
            rows=list(self._cases()),
        )  # fmt: skip
        self._open(dialog, self._records.support_case, self._take_out_case)

    def suspects(self) -> None:
        """The changes shortly before the impact; those entered by hand can be taken out."""
        dialog = ListingDialog(
            self._asking.window, self._asking.incident, "Suspicious changes",
            add="Add a change nearby",
            nothing="No change is known within 24 hours before the impact began.",
            remark="Those of the same service first.",
            rows=list(self._changes()),
        )  # fmt: skip
        self._open(dialog, self._records.change_event, self._take_out_change)

    def document(self) -> None:
        """The paragraphs of the state document that are written freely."""
        dialog = ListingDialog(
            self._asking.window, self._asking.incident, "State document",
            add="Write a paragraph",
            nothing="No summary, link or note is written yet.",
            remark="Answers, board and timeline are in it already.",
            rows=list(self._paragraphs()),
        )  # fmt: skip
        self._open(dialog, partial(self._write, None), self._act_on_paragraph)

    def _open(
        self,
        dialog: ListingDialog,
        add: Callable[[], None],
        act: Callable[[ListingDialog, str, UUID], None],
    ) -> None:
        def begin(_: object) -> None:
            dialog.close_dialog()
            add()

        dialog.submitted.connect(begin)
        dialog.asked.connect(partial(act, dialog))
        self._asking.window.open_dialog(dialog, dialog.close_button)

    # -- support cases --------------------------------------------------------------------------

    def _cases(self) -> Iterable[ListedRow]:
        seen = self._asking.seen
        for case in seen.console.cases:
            yield ListedRow(
                text=joined((case.reference, case.caller)),
                below=joined((full_when_text(case.opened_at, seen.now), case.remark)),
                about=case.id,
                verbs=_TAKE_OUT,
            )

    def _take_out_case(self, dialog: ListingDialog, _: str, case_id: UUID) -> None:
        command = RemoveSupportCase(incident_id=self._asking.incident.id, case_id=case_id)
        self._take_out(dialog, command, case_id, "Support case taken out")

    # -- changes nearby -------------------------------------------------------------------------

    def _changes(self) -> Iterable[ListedRow]:
        """What a feed told stays: it would only tell it again."""
        seen = self._asking.seen
        by_hand = {s.event.id for s in seen.console.suspects if not s.event.source}
        for change in console_view(seen).changes:
            yield ListedRow(
                text=" ".join(part for part in (change.reference, change.title) if part),
                below=joined((change.when, change.distance, change.source)),
                about=change.change_id,
                verbs=_TAKE_OUT if change.change_id in by_hand else (),
            )

    def _take_out_change(self, dialog: ListingDialog, _: str, change_id: UUID) -> None:
        command = RemoveChangeEvent(change_event_id=change_id)
        self._take_out(dialog, command, change_id, "Change taken out")

    # -- the state document ---------------------------------------------------------------------

    def _paragraphs(self) -> Iterable[ListedRow]:
        seen = self._asking.seen
        for item in seen.console.document:
            entry = item.entry
            if entry.section in SECTIONS and not entry.is_removed:
                when = full_when_text(entry.written_at, seen.now)
                yield ListedRow(
                    text=entry.text,
                    below=joined((word_of(entry.section), item.written_by, when)),
                    about=entry.id,
                    verbs=_WRITTEN,
                )

    def _write(self, entry_id: UUID | None) -> None:
        """Ask for a new paragraph, or for other words of one."""
        asking = self._asking
        known = [item.entry for item in asking.seen.console.document]
        entry = next((one for one in known if one.id == entry_id), None)
        last = max((one.position for one in known), default=0)
        dialog = ParagraphDialog(
            asking.window, asking.incident, entry, asking.desk.fresh_id(), last + 1
        )
        name = f"paragraph-{entry_id}" if entry_id else "paragraph"
        asking.open(dialog, name, "Written in the state document")

    def _act_on_paragraph(self, dialog: ListingDialog, verb: str, entry_id: UUID) -> None:
        if verb == "change":
            dialog.close_dialog()
            self._write(entry_id)
            return
        command = RemoveDocumentEntry(incident_id=self._asking.incident.id, entry_id=entry_id)
        self._take_out(dialog, command, entry_id, "Struck through; it stays readable")

    def _take_out(self, dialog: ListingDialog, command: object, about: UUID, said: str) -> None:
        self._asking.desk.give(command, said=said, done=lambda _: dialog.drop(about))
