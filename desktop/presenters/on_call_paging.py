"""Paging whoever is on call: first the incident it is about, then whom, as from a record."""

from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from PySide6.QtCore import QObject

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.views.dialogs.forms import LinkForm
from desktop.views.on_call.page_subject_dialog import PageSubjectDialog
from desktop.views.on_call.values import OnCallNow
from services.incidents.detail import incident_detail
from services.incidents.queries import incidents_matching
from services.incidents.read_models import IncidentDetail, RelatedItem
from services.incidents.tables import is_open

_SHOWN = 60


class OnCallPaging(QObject):
    """``open_page`` is asked whom to page once the incident is chosen."""

    def __init__(
        self, desk: Desk, window: MainWindow, open_page: Callable[[IncidentDetail], None]
    ) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._open_page = open_page

    def open(self, entry: OnCallNow) -> None:
        """Ask which incident somebody is to be paged about."""
        dialog = PageSubjectDialog(self._window, entry.roster, entry.person)
        dialog.search_requested.connect(partial(self._search, dialog))
        dialog.submitted.connect(partial(self._go_on, dialog))
        self._window.open_dialog(dialog)
        self._search(dialog, "")

    def _search(self, dialog: PageSubjectDialog, text: str) -> None:
        """Open incidents that have the text, newest first."""

        def read(connection: sa.Connection) -> tuple[RelatedItem, ...]:
            return incidents_matching(connection, text, is_open, limit=_SHOWN)

        self._desk.read(dialog, "search", read, dialog.show_matches)

    def _go_on(self, dialog: PageSubjectDialog, form: LinkForm) -> None:
        names, viewer, incident_id = self._desk.directory, self._desk.viewer, form.parent_id
        assert incident_id is not None
        dialog.close_dialog()

        def show(detail: IncidentDetail | None) -> None:
            if detail is not None:
                self._open_page(detail)

        self._desk.read(
            self,
            "subject",
            lambda connection: incident_detail(connection, names, viewer, incident_id),
            show,
        )
