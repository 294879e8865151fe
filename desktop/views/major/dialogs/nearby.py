"""What belongs to the incident: support cases, changes near the start of the impact."""

from datetime import datetime
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.choosing import UNKNOWN, key_of, service_items, uuid_of
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.when_field import WhenField
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.picker import Picker
from services.core.text import Limit
from services.incidents.directory import Directory
from services.incidents.incident import Incident
from services.major_incidents.entry_acts import AddChangeEvent, AddSupportCase


class SupportCaseDialog(FormDialog):
    """A case of customer support, or a caller. Emits ``AddSupportCase``."""

    def __init__(self, host: QWidget, incident: Incident, now: datetime, case_id: UUID) -> None:
        super().__init__(
            host, self.tr("Add a support case"), primary=self.tr("Add"), icon="phone",
            subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._incident, self._case_id = incident, case_id
        row = self.add_row()
        reference = LineEdit(self.tr("Reference"), limit=Limit.NAME.value)
        self.add_field("reference", self.tr("Reference"), reference, into=row, stretch=1)
        caller = LineEdit(self.tr("Caller"), limit=Limit.NAME.value)
        self.add_field("caller", self.tr("Caller"), caller, into=row, stretch=1)
        self.add_field("when", self.tr("Opened"), WhenField(self.tr("Opened"), now))
        remark = TextEdit(self.tr("What they say"), lines=2)
        self.add_field("remark", self.tr("What they say"), remark)
        self.set_footer(self.tr("The count is live, on every desk."), "people")
        self.ready()

    def problems(self) -> dict[str, str]:
        """What is wrong; one of reference and caller is needed."""
        found = super().problems()
        if not self.fields.text("reference") and not self.fields.text("caller"):
            found["reference"] = self.tr("Give the reference of the case, or who called.")
        return found

    def form(self) -> AddSupportCase:
        """The case."""
        return AddSupportCase(
            incident_id=self._incident.id,
            case_id=self._case_id,
            reference=self.fields.text("reference"),
            caller=self.fields.text("caller"),
            remark=self.fields.text("remark"),
            opened_at=self.fields.when("when"),
        )


class ChangeEventDialog(FormDialog):
    """Something that was deployed or changed by anybody. Emits ``AddChangeEvent``."""

    def __init__(
        self, host: QWidget, incident: Incident, names: Directory, at: datetime, event_id: UUID
    ) -> None:
        super().__init__(
            host, self.tr("Add a change nearby"), primary=self.tr("Add"), icon="changes",
            subject=Subject.of(incident), width=560,
        )  # fmt: skip
        self._event_id = event_id
        title = LineEdit(
            self.tr("What was changed"), limit=Limit.NAME.value,
            placeholder=self.tr("Such as: Payments API 4.18 deployed"),
        )  # fmt: skip
        self.add_field(
            "title", self.tr("What was changed"), title, required=self.tr("Say what was changed.")
        )
        row = self.add_row()
        reference = LineEdit(self.tr("Reference"), limit=Limit.NAME.value, placeholder="CHG-911")
        self.add_field("reference", self.tr("Reference"), reference, into=row, stretch=1)
        self.add_field("when", self.tr("When"), WhenField(self.tr("When"), at), into=row, stretch=1)
        service = Picker(self.tr("Service"), icon="service")
        service.set_items(service_items(names, self.tr("Not known")))
        service.set_current_payload(key_of(incident.service_id) or UNKNOWN)
        self.add_field("service", self.tr("Service"), service)
        self.set_footer(self.tr("Changes shortly before the impact are suspects."), "info")
        self.ready()

    def form(self) -> AddChangeEvent:
        """The change."""
        return AddChangeEvent(
            change_event_id=self._event_id,
            title=self.fields.text("title"),
            happened_at=self.fields.when("when"),
            reference=self.fields.text("reference"),
            service_id=uuid_of(self.fields.text("service")),
        )
