"""Withdrawing an incident that is none, and linking one to its parent."""

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.text import incident_key
from desktop.views.dialogs.choosing import NONE, uuid_of
from desktop.views.dialogs.controls import FilteredRows
from desktop.views.dialogs.form_dialog import FormDialog, Subject
from desktop.views.dialogs.forms import CancelForm, LinkForm
from desktop.views.dialogs.words import filled, joined
from desktop.widgets.choices import RadioChoice, RadioRows
from desktop.widgets.inputs import TextEdit
from services.incidents.incident import CancelReason, Incident
from services.incidents.read_models import RelatedItem


class IncidentSearch(FilteredRows):
    """Finds an incident by its number or words of its summary; others do the finding."""

    def __init__(self, name: str, placeholder: str) -> None:
        super().__init__(name, placeholder, filters_itself=False, most=8)

    def show_matches(self, items: tuple[RelatedItem, ...], *fixed: RadioChoice) -> None:
        """Show what was found, after what is always offered."""
        self.set_choices([*fixed, *(_choice(item) for item in items)])


def _choice(item: RelatedItem) -> RadioChoice:
    priority = f"P{int(item.priority)}" if item.priority else ""
    words = joined((incident_key(item.number), item.label.value, priority))
    return RadioChoice(str(item.id), item.summary, words)


class CancelDialog(FormDialog):
    """Why it is none; a duplicate names the incident it repeats. Emits ``CancelForm``."""

    search_requested = Signal(str)

    def __init__(self, host: QWidget, incident: Incident) -> None:
        super().__init__(
            host, self.tr("Cancel incident"), primary=self.tr("Cancel incident"),
            subject=Subject.of(incident), width=600, danger=True,
        )  # fmt: skip
        self.cancel_button.setText(self.tr("Keep it"))
        reasons = RadioRows(self.tr("Reason"))
        reasons.set_choices([
            RadioChoice("duplicate", self.tr("Duplicate"),
                        self.tr("Another incident says the same; work goes on there")),
            RadioChoice("not_an_incident", self.tr("Not an incident"),
                        self.tr("Nothing is interrupted: a request, a question, a wish")),
            RadioChoice("raised_in_error", self.tr("Raised in error"),
                        self.tr("It should never have been logged")),
        ])  # fmt: skip
        self.add_field(
            "reason", self.tr("Reason"), reasons, required=self.tr("Choose why it is withdrawn.")
        )
        self.search = IncidentSearch(self.tr("Duplicate of"), self.tr("Number or summary"))
        self.search.setMinimumHeight(150)
        self._duplicate = self.add_field("duplicate_of", self.tr("Duplicate of"), self.search)
        remark = TextEdit(self.tr("Remark"), lines=2)
        self.add_field("remark", self.tr("Remark"), remark, hint=self.tr("internal"))
        self.set_footer(self.tr("Cancelled is final."), "warn")
        self.search.searched.connect(self.search_requested)
        reasons.chosen.connect(self._follow_reason)
        self._follow_reason()
        self.ready()

    def _follow_reason(self) -> None:
        duplicate = self.fields.text("reason") == CancelReason.DUPLICATE.value
        self._duplicate.setVisible(duplicate)
        needed = self.tr("Choose the incident it repeats.")
        self.fields.require("duplicate_of", needed if duplicate else "")
        self._fit()

    def show_matches(self, items: tuple[RelatedItem, ...]) -> None:
        """Answer a search."""
        self.search.show_matches(items)

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was typed before."""
        super().restore(draft)
        self._follow_reason()

    def form(self) -> CancelForm:
        """What was typed."""
        reason = CancelReason(self.fields.text("reason"))
        of = self.fields.text("duplicate_of") if reason is CancelReason.DUPLICATE else ""
        return CancelForm(
            reason=reason,
            duplicate_of_id=UUID(of) if of else None,
            remark=self.fields.text("remark"),
        )


class LinkDialog(FormDialog):
    """The parent of an incident, or none. Emits ``LinkForm``."""

    search_requested = Signal(str)

    def __init__(
        self, host: QWidget, incident: Incident, parent_item: RelatedItem | None = None
    ) -> None:
        super().__init__(
            host, self.tr("Link to a parent"), primary=self.tr("Link"), icon="link",
            subject=Subject.of(incident), width=600, height=520,
        )  # fmt: skip
        self._fixed: list[RadioChoice] = []
        if parent_item is not None:
            now = filled(self.tr("Now linked to %1"), incident_key(parent_item.number))
            self._fixed = [RadioChoice(NONE, self.tr("No parent"), now)]
        self.search = IncidentSearch(self.tr("Parent"), self.tr("Number or summary"))
        self.add_field(
            "parent", self.tr("Find the parent"), self.search, stretch=1,
            required=self.tr("Choose the incident this one belongs to."),
        )  # fmt: skip
        self.set_footer(self.tr("A child is held and resolved together with its parent."), "link")
        self.search.searched.connect(self.search_requested)
        self.show_matches(())
        self.ready()

    def show_matches(self, items: tuple[RelatedItem, ...]) -> None:
        """Answer a search."""
        self.search.show_matches(items, *self._fixed)

    def form(self) -> LinkForm:
        """The parent chosen."""
        return LinkForm(uuid_of(self.fields.text("parent")))
