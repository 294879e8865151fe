"""The fields of an update: the long form for staff, the short one for customers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import GAP_LABEL
from desktop.views.composer.bullets import BulletEdit, GrowingEdit, SubjectEdit, points_of
from desktop.views.composer.check_card import Findings
from desktop.views.composer.component_rows import ComponentRows
from desktop.views.composer.next_update import NO_NEXT, NextPicker, next_of
from desktop.views.composer.values import (
    ComponentChoice,
    FindingLine,
    Side,
    TemplateChoice,
    UpdateForm,
)
from desktop.views.dialogs.controls import OwnWordsPicker
from desktop.views.dialogs.fields import BareField, FieldSet
from desktop.views.dialogs.when_field import WhenField
from desktop.widgets.choices import CheckRow
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from desktop.widgets.segmented import Segment, SegmentedControl
from services.communications.status_page import Audience
from services.communications.status_update import UpdateMoment
from services.core.clock import EPOCH
from services.major_incidents.major import ResponsePhase


class UpdateWords(QWidget):
    """Fields for one audience; what is typed here stays while the other is looked at."""

    changed = Signal()
    audience: Audience

    def __init__(self) -> None:
        super().__init__()
        self.fields = FieldSet()
        self._found: dict[str, Findings] = {}
        self._first_subject = ""
        self.moment = UpdateMoment.FOLLOW_UP
        """Which word it is."""
        self.page_id: UUID | None = None
        """The status page that was chosen; None is the first."""
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)
        self.add_fields()
        self.fields.connect_changes(lambda *_: self.changed.emit())

    def add_fields(self) -> None:
        """Put the fields of the audience into the column."""
        raise NotImplementedError

    def form(self, page_id: UUID | None, *, is_notifying: bool | None) -> UpdateForm:
        """What stands in the fields."""
        text = self.fields.text
        after_s, at = next_of(self.next.key)
        return UpdateForm(
            audience=self.audience,
            page_id=page_id,
            moment=self.moment,
            phase=ResponsePhase.INVESTIGATING,
            subject=text("subject"),
            summary=text("summary"),
            next_after_s=after_s,
            next_at=at,
            next_where=text("where"),
            is_notifying=is_notifying,
            told_at=self.told_at,
        )

    def add(self, name: str, label: str, control: QWidget, required: str = "") -> FormField:
        """A field with room for what is found in it."""
        field = FormField(label, control, hint=" ")
        self.fields.add(name, field, required)
        self._found[name] = Findings()
        holder = QVBoxLayout()
        holder.setSpacing(0)
        holder.addWidget(field)
        holder.addWidget(self._found[name])
        self.column.addLayout(holder)
        return field

    def add_subject(self, label: str) -> None:
        """The line that every update begins with."""
        self.add("subject", label, SubjectEdit(label), self.tr("Name it in one line."))

    def add_next(self) -> None:
        """The moment it is of, if not now; when and where the next word comes, side by side."""
        of = self.tr("Of an earlier moment, and marked so")
        self._told = FormField(of, WhenField(of, EPOCH))
        self.fields.add("told_at", self._told)
        self.column.addWidget(self._told)
        self._told.hide()
        label = self.tr("Next update: when and where")
        self.next = NextPicker(self.tr("Next update: when"))
        self.where = OwnWordsPicker(self.tr("Next update: where"), (), placeholder=self.tr("Where"))
        row = QHBoxLayout()
        row.setSpacing(8)
        for name, control, part in (("next", self.next, 6), ("where", self.where, 5)):
            field = BareField("", control)
            self.fields.add(name, field)
            row.addWidget(field, part)
        column = QVBoxLayout()
        column.setSpacing(GAP_LABEL)
        column.addWidget(PlainLabel(label, "meta.medium", "fg.muted"))
        column.addLayout(row)
        self.column.addLayout(column)

    @property
    def told_at(self) -> datetime | None:
        """The earlier moment that it claims to be of."""
        return None if self._told.isHidden() else self.fields.when("told_at")

    def set_told(self, at: datetime | None) -> None:
        """Ask for an earlier moment, beginning with this one, or for none."""
        self._told.setVisible(at is not None)
        if at is not None:
            self.fields.restore({"told_at": at.isoformat()})

    def show_side(self, side: Side, now: datetime) -> None:
        """Offer the plan and the places."""
        self.next.set_plan(side.next_after_s, now)
        self.where.set_sentences(side.places)
        if self.where.current is None and side.places:
            self.where.set_words(side.places[0])
        self.set_changeable(not side.is_locked and not side.why_not_write)

    def show_findings(self, findings: Sequence[FindingLine]) -> None:
        """Show what was found, below the field it was found in."""
        for name, widget in self._found.items():
            widget.show_findings([line for line in findings if line.field == name])

    def set_changeable(self, changeable: bool) -> None:
        """Let the fields be edited, or keep them readable and fixed."""
        for control in self.findChildren(QWidget):
            if isinstance(control, LineEdit | TextEdit):
                control.setReadOnly(not changeable)
            elif isinstance(control, Picker | CheckRow | SegmentedControl | ComponentRows):
                control.setEnabled(changeable)

    def take_template(self, template: TemplateChoice) -> None:
        """Begin with the words of a template."""
        self.moment = template.moment
        self.fields.restore(self._template_values(template))
        self.changed.emit()

    def _template_values(self, template: TemplateChoice) -> dict[str, object]:
        """Values of a template by field; the last word says that it is over, and no next one."""
        found: dict[str, object] = {"subject": template.subject, "summary": template.summary}
        if template.moment is UpdateMoment.FINAL:
            found |= {"next": NO_NEXT, "phase": ResponsePhase.RESOLVED.value}
        return found

    def is_empty(self) -> bool:
        """Whether nothing was written beside the subject that it began with."""
        written = ("summary", "current_status", "next_steps")
        is_named = self.fields.text("subject") not in ("", self._first_subject)
        return not is_named and not any(
            name in self.fields and self.fields.text(name) for name in written
        )

    def begin(self, subject: str) -> None:
        """Know the subject that an untouched update has; one that was left as it was follows."""
        if self.fields.text("subject") == self._first_subject:
            self.blockSignals(True)
            self.fields.restore({"subject": subject})
            self.blockSignals(False)
        self._first_subject = subject

    def content(self) -> dict[str, object]:
        """What was typed, for a draft."""
        is_told = not self._told.isHidden()
        page = str(self.page_id or "")
        about = {"moment": self.moment.value, "is_told": is_told, "page": page}
        return {**about, **self.fields.content()}

    def restore(self, content: Mapping[str, object]) -> None:
        """Put back what was typed, without telling."""
        self.moment = UpdateMoment(str(content.get("moment", UpdateMoment.FOLLOW_UP.value)))
        self.blockSignals(True)
        self.fields.restore(content)
        if "page" in content:
            self.page_id = UUID(str(content["page"])) if content["page"] else None
        if "is_told" in content:
            self._told.setVisible(content["is_told"] is True)
        self.blockSignals(False)


class InternalWords(UpdateWords):
    """Subject, a summary of one or two sentences, current status and next steps in points."""

    audience = Audience.INTERNAL

    def add_fields(self) -> None:
        """In the order in which they are read."""
        self.add_subject(self.tr("Subject"))
        summary = GrowingEdit(
            self.tr("Summary"), placeholder=self.tr("State and impact in one or two sentences")
        )
        self.add("summary", self.tr("Summary"), summary, self.tr("Say what it is about."))
        status = BulletEdit(
            self.tr("Current status"), placeholder=self.tr("Two to four points, one a line")
        )
        self.add("current_status", self.tr("Current status"), status)
        steps = BulletEdit(
            self.tr("Next steps"), placeholder=self.tr("Two to four points, one a line")
        )
        self.add("next_steps", self.tr("Next steps"), steps)
        self.add_next()

    def _template_values(self, template: TemplateChoice) -> dict[str, object]:
        """All texts of a template."""
        return {
            **super()._template_values(template),
            "current_status": template.current_status,
            "next_steps": template.next_steps,
        }

    def form(self, page_id: UUID | None, *, is_notifying: bool | None) -> UpdateForm:
        """The update for staff."""
        return replace(
            super().form(page_id, is_notifying=is_notifying),
            current_status=points_of(self.fields.text("current_status")),
            next_steps=points_of(self.fields.text("next_steps")),
        )


class ExternalWords(UpdateWords):
    """A title, two plain sentences, the phase, and how each component does."""

    audience = Audience.EXTERNAL

    def add_fields(self) -> None:
        """In the order of the status page."""
        self.add_subject(self.tr("Title on the page"))
        text = GrowingEdit(
            self.tr("Text"),
            placeholder=self.tr("Is it fixed, and if not, when? Two sentences at most"),
            least=3,
        )
        label = self.tr("Text, two sentences at most")
        self.add("summary", label, text, self.tr("Say how it stands."))
        phases = [
            Segment(ResponsePhase.INVESTIGATING.value, self.tr("Investigating")),
            Segment(ResponsePhase.IDENTIFIED.value, self.tr("Identified")),
            Segment(ResponsePhase.MONITORING.value, self.tr("Monitoring")),
            Segment(ResponsePhase.RESOLVED.value, self.tr("Resolved")),
        ]
        phase = SegmentedControl(self.tr("Phase"), phases, stretch=True)
        self.add("phase", self.tr("Phase"), phase)
        self._components = ComponentRows(self.tr("Components"))
        self._components_field = self.add("components", self.tr("Components"), self._components)
        released = CheckRow(
            self.tr("The cause is released"), self.tr("Without this nothing of it is said outside")
        )
        field = BareField("", released)
        self.fields.add("released", field)
        self.column.addWidget(field)
        self.add_next()

    def show_components(self, choices: Sequence[ComponentChoice]) -> None:
        """Show the components of the page that is chosen."""
        self._components.set_choices(choices)
        self._components_field.setVisible(bool(choices))

    def form(self, page_id: UUID | None, *, is_notifying: bool | None) -> UpdateForm:
        """The update for customers."""
        form = super().form(page_id, is_notifying=is_notifying)
        return replace(
            form,
            phase=ResponsePhase(self.fields.text("phase") or form.phase.value),
            summary=" ".join(form.summary.split()),
            component_states=self._components.states,
            is_cause_released=self.fields.is_on("released"),
        )
