"""The impact has ended: how that is known, what is resolved with it, and who reviews it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.text import plural
from desktop.theme.sizes import GUTTER_FORM
from desktop.views.dialogs.choosing import CategoryPickers, key_of, service_items
from desktop.views.dialogs.controls import scrolled
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.rows import IncidentLine
from desktop.views.dialogs.when_field import WhenField
from desktop.views.dialogs.words import RESOLUTION_CODES, choices_of, filled
from desktop.widgets.card import Card
from desktop.widgets.inputs import LineEdit, TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem
from services.incidents.directory import Directory
from services.incidents.incident import Incident, ResolutionCode
from services.incidents.read_models import RelatedItem
from services.major_incidents.acts import ResolveMajorIncident
from services.major_incidents.major import MajorIncident

REVIEW_WITHIN = timedelta(days=5)
"""When a review is usually due."""
_SHOWN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolving:
    """What the dialog begins from; ``people`` may own the review, the likely one first."""

    incident: Incident
    major: MajorIncident
    names: Directory
    linked: tuple[RelatedItem, ...]
    people: tuple[PickerItem, ...]
    now: datetime


class ResolveMajorDialog(FormDialog):
    """Emits ``ResolveMajorIncident``. What linked callers will read is shown before it leaves."""

    def __init__(self, host: QWidget, of: Resolving) -> None:
        height = 840 if of.linked else 640
        super().__init__(
            host, self.tr("Resolve the major incident"), primary=self.tr("Resolve"),
            icon="resolve", subject=Subject.of(of.incident), width=720, height=height,
        )  # fmt: skip
        self._of = of
        self._form = QVBoxLayout()
        self._form.setSpacing(12)
        holder = QWidget()
        holder.setLayout(self._form)
        self._form.setContentsMargins(GUTTER_FORM, 16, GUTTER_FORM, 16)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addWidget(scrolled(holder), 1)
        self.pickers = CategoryPickers(
            self.tr("Category"), self.tr("Subcategory"), self.tr("None"), self.tr("Choose")
        )
        self.pickers.show_directory(of.names)
        self._preview = PlainLabel("", "body", wrap=True)
        self._build_impact()
        self._build_resolution()
        self._build_review()
        self._build_linked()
        self._form.addStretch(1)
        self.set_footer(self.tr("The final updates are written next, inside and outside."), "route")
        self.ready()

    def _build_impact(self) -> None:
        of = self._of
        ended = WhenField(self.tr("The impact ended"), of.major.impact_ended_at or of.now)
        self.add_field("ended", self.tr("The impact ended"), ended, into=self._form)
        recovery = LineEdit(
            self.tr("How that was confirmed"), limit=1_000,
            placeholder=self.tr("Such as: error rate under 0.1 % for 15 minutes, two callers said"),
        )  # fmt: skip
        self.add_field(
            "recovery", self.tr("How that was confirmed"), recovery, into=self._form,
            hint=" ", required=self.tr("Say how it was confirmed that the impact has ended."),
        )  # fmt: skip

    def _build_resolution(self) -> None:
        of = self._of
        code = Picker(self.tr("What helped"), placeholder=self.tr("Choose"), with_filter=False)
        code.set_items(choices_of(RESOLUTION_CODES))
        service = Picker(self.tr("Service"), placeholder=self.tr("Choose"), icon="service")
        service.set_items(service_items(of.names, ""))
        service.set_current_payload(key_of(of.incident.service_id))
        self.pickers.choose(of.incident.category_id, of.incident.subcategory_id)
        rows = (
            (
                ("code", self.tr("What helped"), code, self.tr("Choose what helped.")),
                ("service", self.tr("Service"), service, self.tr("Name the faulty service.")),
            ),
            (
                ("category", self.tr("Category"), self.pickers.category,
                 self.tr("Confirm the category.")),
                ("subcategory", self.tr("Subcategory"), self.pickers.subcategory, ""),
            ),
        )  # fmt: skip
        for fields in rows:
            self._add_row(*fields)
        resolution = TextEdit(
            self.tr("Message"), lines=3,
            placeholder=self.tr("What was wrong, and what brought the service back"),
        )  # fmt: skip
        self.add_field(
            "resolution", self.tr("Message to everybody who reported it"), resolution,
            into=self._form, required=self.tr("Write the message; every caller reads it."),
        )  # fmt: skip
        resolution.textChanged.connect(self._show_preview)

    def _add_row(self, *fields: tuple[str, str, QWidget, str]) -> None:
        row = self.add_row()
        self.body.removeItem(row)
        self._form.addLayout(row)
        for name, label, control, required in fields:
            self.add_field(name, label, control, into=row, stretch=1, required=required)

    def _build_review(self) -> None:
        of = self._of
        owner = Picker(self.tr("Who reviews it"), placeholder=self.tr("Choose"), icon="person")
        owner.set_items(of.people)
        owner.set_current(of.people[0] if of.people else None)
        due = WhenField(self.tr("Review until"), of.now + REVIEW_WITHIN)
        self._add_row(
            ("owner", self.tr("Who reviews it"), owner, self.tr("Choose who reviews it.")),
            ("due", self.tr("Review until"), due, ""),
        )

    def _build_linked(self) -> None:
        linked = self._of.linked
        if not linked:
            return
        card = Card("bg.subtle", "line.default", margins=(12, 8, 12, 10))
        card.body.setSpacing(2)
        one = self.tr("linked incident is resolved with it")
        many = self.tr("linked incidents are resolved with it")
        card.body.addWidget(PlainLabel(plural(len(linked), one, many), "body.strong"))
        for item in linked[:_SHOWN]:
            card.body.addWidget(IncidentLine(item))
        if len(linked) > _SHOWN:
            more = filled(self.tr("and %1 more"), str(len(linked) - _SHOWN))
            card.body.addWidget(PlainLabel(more, "meta", "fg.muted"))
        card.body.addSpacing(6)
        card.body.addWidget(PlainLabel(self.tr("Each caller reads"), "meta.medium", "fg.muted"))
        card.body.addWidget(self._preview)
        self._form.addWidget(card)
        self._show_preview()

    def _show_preview(self) -> None:
        text = self.fields.text("resolution")
        self._preview.setText(text or self.tr("Nothing is written yet."))
        self._preview.set_token("fg.default" if text else "fg.subtle")

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before."""
        super().restore(draft)
        self.pickers.restore(draft)
        self._show_preview()

    def problems(self) -> dict[str, str]:
        """What is missing, and an end before the beginning."""
        found = super().problems()
        major, ended = self._of.major, self.fields.when("ended")
        if any(at and ended < at for at in (major.impact_started_at, major.detected_at)):
            found["ended"] = self.tr("This is before it began or was detected.")
        return found

    def form(self) -> ResolveMajorIncident:
        """The resolution."""
        category, subcategory = self.pickers.ids
        assert category is not None, "the form was checked"
        return ResolveMajorIncident(
            incident_id=self._of.incident.id,
            code=ResolutionCode(self.fields.text("code")),
            resolution=self.fields.text("resolution"),
            category_id=category,
            subcategory_id=subcategory,
            service_id=UUID(self.fields.text("service")),
            impact_ended_at=self.fields.when("ended"),
            recovery=self.fields.text("recovery"),
            review_owner_id=UUID(self.fields.text("owner")),
            review_due_at=self.fields.when("due"),
        )
