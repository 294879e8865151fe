"""Resolving: what brought the service back, under the right category and service."""

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.text import incident_key, plural
from desktop.views.dialogs.choosing import CategoryPickers, key_of, service_items
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.forms import ResolveForm
from desktop.views.dialogs.rows import IncidentLine
from desktop.views.dialogs.words import RESOLUTION_CODES, choices_of, filled
from desktop.widgets.banner import Banner
from desktop.widgets.card import Card
from desktop.widgets.inputs import TextEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.picker import Picker
from services.incidents.directory import Directory
from services.incidents.incident import Incident, IncidentState, ResolutionCode
from services.incidents.read_models import RelatedItem

_SHOWN = 3


class ResolveDialog(FormDialog):
    """Code, resolution, category and service. Emits ``ResolveForm``."""

    def __init__(
        self,
        host: QWidget,
        incident: Incident,
        directory: Directory,
        *,
        children: tuple[RelatedItem, ...] = (),
    ) -> None:
        super().__init__(
            host, self.tr("Resolve incident"), primary=self.tr("Resolve"), icon="resolve",
            subject=Subject.of(incident), width=640,
        )  # fmt: skip
        self.pickers = CategoryPickers(
            self.tr("Category"), self.tr("Subcategory"), self.tr("None"), self.tr("Choose")
        )
        self.pickers.show_directory(directory)
        self._build_outcome(incident)
        self._build_sorting(incident, directory)
        if children:
            self._build_children(children)
        self._tell_next(incident, directory)
        self.ready()

    def _build_outcome(self, incident: Incident) -> None:
        if incident.state is IncidentState.NEW:
            text = self.tr("It counts as resolved by the service desk alone.")
            self.body.addWidget(Banner("ok", self.tr("Resolved at first contact."), text))
        code = Picker(self.tr("What helped"), placeholder=self.tr("Choose"), with_filter=False)
        code.set_items(choices_of(RESOLUTION_CODES))
        self.add_field(
            "code", self.tr("What helped"), code, required=self.tr("Choose what helped.")
        )
        resolution = TextEdit(
            self.tr("Resolution"), lines=4,
            placeholder=self.tr("What was wrong, and what brought the service back"),
        )  # fmt: skip
        said = self.tr("Write down what brought the service back; the caller reads it.")
        self.add_field("resolution", self.tr("Resolution"), resolution, required=said, stretch=1)

    def _build_sorting(self, incident: Incident, directory: Directory) -> None:
        service = Picker(self.tr("Service"), placeholder=self.tr("Choose"), icon="service")
        service.set_items(service_items(directory, ""))
        service.set_current_payload(key_of(incident.service_id))
        row = self.add_row()
        named = self.tr("Name the service that was faulty.")
        self.add_field("service", self.tr("Service"), service, into=row, stretch=1, required=named)
        self.add_field(
            "category", self.tr("Category"), self.pickers.category, into=row, stretch=1,
            required=self.tr("Confirm the category."),
        )  # fmt: skip
        self.add_field(
            "subcategory", self.tr("Subcategory"), self.pickers.subcategory, into=row, stretch=1
        )
        self.pickers.choose(incident.category_id, incident.subcategory_id)

    def _build_children(self, children: tuple[RelatedItem, ...]) -> None:
        card = Card("bg.subtle", "line.default", margins=(12, 8, 12, 8))
        card.body.setSpacing(2)
        one = self.tr("child will be resolved too, with the same words")
        many = self.tr("children will be resolved too, with the same words")
        card.body.addWidget(PlainLabel(plural(len(children), one, many), "meta.medium"))
        for child in children[:_SHOWN]:
            card.body.addWidget(IncidentLine(child))
        if len(children) > _SHOWN:
            rest = ", ".join(incident_key(c.number) for c in children[_SHOWN : _SHOWN + 4])
            more = filled(self.tr("and %1 more: %2"), str(len(children) - _SHOWN), rest)
            card.body.addWidget(PlainLabel(more, "meta", "fg.subtle", elide=True))
        self.body.addWidget(card)

    def _tell_next(self, incident: Incident, directory: Directory) -> None:
        team = directory.team(incident.owner_team_id)
        if incident.escalation_id is not None:
            text = self.tr("Resolving hands it back to %1, which confirms and closes.")
        else:
            text = self.tr("%1 confirms with the caller and closes.")
        self.set_footer(filled(text, team), "route")

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before."""
        super().restore(draft)
        self.pickers.restore(draft)

    def form(self) -> ResolveForm:
        """What was typed."""
        category, subcategory = self.pickers.ids
        assert category is not None, "the form was checked"
        return ResolveForm(
            code=ResolutionCode(self.fields.text("code")),
            resolution=self.fields.text("resolution"),
            category_id=category,
            subcategory_id=subcategory,
            service_id=UUID(self.fields.text("service")),
        )
