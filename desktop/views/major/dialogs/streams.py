"""Beginning a line of work, and giving it another name, purpose or lead."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.choosing import NONE, key_of, uuid_of
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from services.core.text import Limit
from services.incidents.incident import Incident
from services.major_incidents.acts import AddWorkStream, ChangeWorkStream
from services.major_incidents.major import WorkStream


class WorkStreamDialog(FormDialog):
    """What a stream is called, what it is for, who leads it.

    Emits ``ChangeWorkStream`` about ``stream``, or ``AddWorkStream`` where there is none yet.
    """

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        stream: WorkStream | None,
        people: Sequence[PickerItem],
        stream_id: UUID,
    ) -> None:
        title = self.tr("Work stream") if stream else self.tr("Begin a work stream")
        super().__init__(
            host, title, primary=self.tr("Save") if stream else self.tr("Begin"), icon="split",
            subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._incident, self._stream, self._stream_id = incident, stream, stream_id
        name = LineEdit(
            self.tr("Name"), limit=Limit.NAME.value, placeholder=self.tr("Such as: Database")
        )
        name.setText(stream.name if stream else "")
        self.add_field("name", self.tr("Name"), name, required=self.tr("Name the stream."))
        purpose = TextEdit(
            self.tr("What it works on"), lines=2, placeholder=self.tr("What it is to find or mend")
        )
        purpose.setPlainText(stream.purpose if stream else "")
        self.add_field("purpose", self.tr("What it works on"), purpose)
        lead = Picker(self.tr("Who leads it"), icon="person")
        lead.set_items([PickerItem(self.tr("Nobody yet"), NONE), *people])
        lead.set_current_payload((key_of(stream.lead_id) if stream else "") or NONE)
        self.add_field("lead", self.tr("Who leads it"), lead)
        self.set_footer(self.tr("Entries, cards and roles can be put into it."), "info")
        self.ready()

    def form(self) -> AddWorkStream | ChangeWorkStream:
        """The stream, or its change with what was seen."""
        name, purpose = self.fields.text("name"), self.fields.text("purpose")
        lead_id = uuid_of(self.fields.text("lead"))
        if self._stream is not None:
            return changed_stream(self._stream, name=name, purpose=purpose, lead_id=lead_id)
        return AddWorkStream(
            incident_id=self._incident.id,
            stream_id=self._stream_id,
            name=name,
            purpose=purpose,
            lead_id=lead_id,
        )


def changed_stream(stream: WorkStream, **values: object) -> ChangeWorkStream:
    """A change of some fields of a stream; the others stay as they were seen."""
    seen = {name: getattr(stream, name) for name in ("name", "purpose", "lead_id")}
    return ChangeWorkStream(
        incident_id=stream.incident_id,
        stream_id=stream.id,
        **{**seen, **values},
        **{f"seen_{name}": value for name, value in seen.items()},
    )


def stream_picker(streams: Sequence[PickerItem], current: UUID | None = None) -> Picker:
    """A choice of one work stream or none."""
    picker = Picker(QCoreApplication.translate("major", "Work stream"), icon="split")
    none = QCoreApplication.translate("major", "None in particular")
    picker.set_items([PickerItem(none, NONE), *streams])
    picker.set_current_payload(key_of(current) or NONE)
    return picker
