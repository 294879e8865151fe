"""Status pages: the pages, what they show, where they go, how often and in which words."""

from typing import Final

from PySide6.QtWidgets import QWidget

from desktop.views.catalogue.entry_screen import EntryKind, EntryScreen
from desktop.views.status_pages.entries import (
    component_entries,
    outlet_entries,
    page_entries,
    plan_entries,
    template_entries,
)
from desktop.views.status_pages.forms import Communication
from desktop.views.status_pages.outlet_form import OutletEntryForm
from desktop.views.status_pages.page_forms import ComponentEntryForm, PageEntryForm
from desktop.views.status_pages.word_forms import PlanEntryForm, TemplateEntryForm

PAGES: Final = "pages"
COMPONENTS: Final = "components"
OUTLETS: Final = "outlets"
PLANS: Final = "plans"
TEMPLATES: Final = "templates"


class StatusPageScreen(EntryScreen[Communication]):
    """``saved`` carries a form of ``desktop.views.status_pages.forms``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.page_form = PageEntryForm()
        kinds = [
            EntryKind(
                PAGES, self.tr("Pages"), self.tr("Add page"), self.tr("New status page"),
                self.page_form, page_entries,
            ),
            EntryKind(
                COMPONENTS, self.tr("Components"), self.tr("Add component"),
                self.tr("New component"), ComponentEntryForm(), component_entries,
            ),
            EntryKind(
                OUTLETS, self.tr("Outlets and subscribers"), self.tr("Add outlet"),
                self.tr("New outlet"), OutletEntryForm(), outlet_entries,
            ),
            EntryKind(
                PLANS, self.tr("Plans"), self.tr("Add plan"), self.tr("New plan"),
                PlanEntryForm(), plan_entries,
            ),
            EntryKind(
                TEMPLATES, self.tr("Templates"), self.tr("Add template"), self.tr("New template"),
                TemplateEntryForm(), template_entries,
            ),
        ]  # fmt: skip
        super().__init__(
            self.tr("Status pages"),
            self.tr("You can read status pages."),
            kinds,
            Communication(),
            parent,
        )
