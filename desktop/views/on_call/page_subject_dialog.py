"""Which incident a page is about: nobody is woken without one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.cancel import IncidentSearch
from desktop.views.dialogs.choosing import uuid_of
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.forms import LinkForm
from desktop.views.dialogs.words import filled
from desktop.widgets.labels import PlainLabel
from services.incidents.read_models import RelatedItem


class PageSubjectDialog(FormDialog):
    """Emits ``LinkForm`` with the incident; whom to page is asked after it."""

    search_requested = Signal(str)

    def __init__(self, host: QWidget, roster: str, person: str) -> None:
        super().__init__(
            host, filled(self.tr("Page %1"), roster), primary=self.tr("Next"),
            icon="arrow.right", width=600, height=520,
        )  # fmt: skip
        on_call = filled(self.tr("On call now: %1"), person or self.tr("nobody"))
        self.subject_row.insertWidget(0, PlainLabel(on_call, "meta", "fg.muted"))
        self.search = IncidentSearch(self.tr("Incident"), self.tr("Number or summary"))
        self.add_field(
            "incident", self.tr("About which incident?"), self.search, stretch=1,
            required=self.tr("Choose the incident this is about."),
        )  # fmt: skip
        self.set_footer(self.tr("Nobody is called yet."), "bell")
        self.search.searched.connect(self.search_requested)
        self.ready()

    def show_matches(self, items: tuple[RelatedItem, ...]) -> None:
        """Answer a search."""
        self.search.show_matches(items)

    def form(self) -> LinkForm:
        """The incident chosen."""
        return LinkForm(uuid_of(self.fields.text("incident")))
