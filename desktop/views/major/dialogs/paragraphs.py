"""Writing a paragraph of the state document, or writing one anew."""

from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.words import said
from desktop.widgets.inputs import TextEdit
from desktop.widgets.segmented import Segment, SegmentedControl
from services.incidents.incident import Incident
from services.major_incidents.entries import DocumentEntry, DocumentSection
from services.major_incidents.entry_acts import ChangeDocumentEntry, WriteDocumentEntry
from services.major_incidents.words import word_of

SECTIONS = (DocumentSection.SUMMARY, DocumentSection.LINKS, DocumentSection.NOTES)
"""Sections whose paragraphs are written freely; the others are the questions of the assessment."""


class ParagraphDialog(FormDialog):
    """The section and the text. Emits ``ChangeDocumentEntry`` about ``entry``, or
    ``WriteDocumentEntry`` where there is none yet, at ``position``."""

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        entry: DocumentEntry | None,
        entry_id: UUID,
        position: int = 0,
    ) -> None:
        title = self.tr("Change a paragraph") if entry else self.tr("Write a paragraph")
        super().__init__(
            host, title, primary=self.tr("Save"), icon="templates",
            subject=Subject.of(incident), width=620,
        )  # fmt: skip
        self._incident, self._entry = incident, entry
        self._entry_id, self._position = entry_id, position
        if entry is None:
            section = SegmentedControl(
                self.tr("Section"), [Segment(s.value, said(word_of(s))) for s in SECTIONS],
                current=DocumentSection.NOTES.value, height=32,
            )  # fmt: skip
            self.add_field("section", self.tr("Section"), section)
        text = TextEdit(self.tr("Text"), lines=6)
        text.setPlainText(entry.text if entry else "")
        self.add_field("text", self.tr("Text"), text, required=self.tr("Write what it says."))
        self.set_footer(self.tr("It stands in the state document under your name."), "info")
        self.ready()

    def form(self) -> WriteDocumentEntry | ChangeDocumentEntry:
        """The paragraph, or its change with what was seen."""
        text, entry = self.fields.text("text"), self._entry
        if entry is None:
            return WriteDocumentEntry(
                incident_id=self._incident.id,
                entry_id=self._entry_id,
                section=DocumentSection(self.fields.text("section")),
                text=text,
                position=self._position,
            )
        return ChangeDocumentEntry(
            incident_id=entry.incident_id,
            entry_id=entry.id,
            text=text,
            position=entry.position,
            is_unknown=entry.is_unknown,
            seen_text=entry.text,
            seen_position=entry.position,
            seen_is_unknown=entry.is_unknown,
        )
