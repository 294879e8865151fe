"""Entries that need more than a line: a change made, and what is known of a card."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.choosing import NONE, key_of, uuid_of
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.when_field import WhenField
from desktop.views.major.dialogs.maybe_when import MaybeWhenField
from desktop.views.major.dialogs.streams import stream_picker
from desktop.views.major.words import kind_word, verdict_word
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from desktop.widgets.segmented import Segment, SegmentedControl
from services.incidents.incident import Incident
from services.major_incidents.entries import VERDICTS, EntryKind, ResponseEntry, Verdict
from services.major_incidents.entry_acts import ChangeEntry, WriteEntry


class MadeChangeDialog(FormDialog):
    """Who did what, when, how, why, and how it is taken back. Emits ``WriteEntry``.

    ``stream_id`` is the work stream into which it is put.
    """

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        text: str,
        now: datetime,
        entry_id: UUID,
        stream_id: UUID | None = None,
    ) -> None:
        super().__init__(
            host, self.tr("Change made"), primary=self.tr("Add"), icon="tag",
            subject=Subject.of(incident), width=620,
        )  # fmt: skip
        self._incident, self._entry_id, self._stream_id = incident, entry_id, stream_id
        what = LineEdit(self.tr("What was changed"), limit=1_000)
        what.setText(text)
        self.add_field(
            "text", self.tr("What was changed"), what, hint=" ",
            required=self.tr("Say what was changed."),
        )  # fmt: skip
        self.add_field("when", self.tr("When"), WhenField(self.tr("When"), now))
        for name, label, placeholder in (
            ("how", self.tr("How"), self.tr("The command, the switch, the deployment")),
            ("why", self.tr("Why"), self.tr("What it should show or bring back")),
            ("revert", self.tr("How it is taken back"), self.tr("So that anybody can do it")),
        ):
            field = TextEdit(label, lines=2, placeholder=placeholder)
            required = self.tr("Say how it is taken back.") if name == "revert" else ""
            self.add_field(name, label, field, required=required)
        self.set_footer(self.tr("It stands in the table of changes under your name."), "info")
        self.ready()

    def form(self) -> WriteEntry:
        """The entry."""
        return WriteEntry(
            incident_id=self._incident.id,
            entry_id=self._entry_id,
            kind=EntryKind.CHANGE,
            text=self.fields.text("text"),
            happened_at=self.fields.when("when"),
            how=self.fields.text("how"),
            why=self.fields.text("why"),
            revert=self.fields.text("revert"),
            work_stream_id=self._stream_id,
        )


class EntryDialog(FormDialog):
    """Everything that may change of an entry or a card. Emits ``ChangeEntry``.

    ``streams`` are the work streams into which it may be put; without any it is not asked.
    """

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        entry: ResponseEntry,
        people: Sequence[PickerItem],
        now: datetime,
        streams: Sequence[PickerItem] = (),
    ) -> None:
        super().__init__(
            host, kind_word(entry.kind.value), primary=self.tr("Save"),
            subject=Subject.of(incident), width=620,
        )  # fmt: skip
        self._incident, self._entry = incident, entry
        text = TextEdit(self.tr("Text"), lines=2)
        text.setPlainText(entry.text)
        self.add_field("text", self.tr("Text"), text, required=self.tr("Write what it is."))
        if entry.kind in VERDICTS:
            self._build_card(entry, people, now)
        if streams:
            self.add_field(
                "stream", self.tr("Work stream"), stream_picker(streams, entry.work_stream_id)
            )
        self._has_streams = bool(streams)
        self.ready()

    def _build_card(
        self, entry: ResponseEntry, people: Sequence[PickerItem], now: datetime
    ) -> None:
        verdicts = VERDICTS[entry.kind]
        choice = SegmentedControl(
            self.tr("Verdict"), [Segment(v.value, verdict_word(v)) for v in verdicts],
            current=entry.verdict.value, height=32, stretch=True,
        )  # fmt: skip
        self.add_field("verdict", self.tr("Verdict"), choice)
        row = self.add_row()
        owner = Picker(self.tr("Who has it"), icon="person")
        owner.set_items([PickerItem(self.tr("Nobody in particular"), NONE), *people])
        owner.set_current_payload(key_of(entry.owner_id) or NONE)
        self.add_field("owner", self.tr("Who has it"), owner, into=row, stretch=1)
        if entry.kind is EntryKind.EXPERIMENT:
            until = MaybeWhenField(self.tr("Result until"), entry.until_at, now)
            self.add_field("until", self.tr("Result until"), until, into=row, stretch=1)
        for name, label, value in (
            ("evidence", self.tr("Evidence for and against"), entry.evidence),
            ("outcome", self.tr("Outcome"), entry.outcome),
        ):
            field = TextEdit(label, lines=2)
            field.setPlainText(value)
            self.add_field(name, label, field)

    def form(self) -> ChangeEntry:
        """The change, with what was seen."""
        entry = self._entry
        is_card = entry.kind in VERDICTS
        until = entry.until_at
        if entry.kind is EntryKind.EXPERIMENT:
            field = self.fields.control("until")
            assert isinstance(field, MaybeWhenField)
            until = field.moment
        return changed(
            entry,
            text=self.fields.text("text"),
            verdict=Verdict(self.fields.text("verdict")) if is_card else entry.verdict,
            evidence=self.fields.text("evidence") if is_card else entry.evidence,
            outcome=self.fields.text("outcome") if is_card else entry.outcome,
            owner_id=uuid_of(self.fields.text("owner")) if is_card else entry.owner_id,
            until_at=until,
            work_stream_id=uuid_of(self.fields.text("stream"))
            if self._has_streams
            else entry.work_stream_id,
        )


def changed(entry: ResponseEntry, **values: object) -> ChangeEntry:
    """A change of some fields of an entry; the others stay as they were seen."""
    fields = (
        *("text", "verdict", "evidence", "outcome", "owner_id", "until_at", "is_pinned"),
        "work_stream_id",
    )
    seen = {name: getattr(entry, name) for name in fields}
    return ChangeEntry(
        incident_id=entry.incident_id,
        entry_id=entry.id,
        **{**seen, **values},
        **{f"seen_{name}": value for name, value in seen.items()},
    )
