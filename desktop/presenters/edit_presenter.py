"""Changing what is known of an incident: each field by its own small dialog."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow
from desktop.presenters.form_commands import assign, commands_for
from desktop.text import incident_key
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.forms import AssignForm
from desktop.views.dialogs.priority import PriorityDialog
from desktop.views.dialogs.small import (
    AssignDialog,
    CallerDialog,
    CategoryDialog,
    DescribeDialog,
    ServiceDialog,
    SeverityDialog,
)
from desktop.views.record.record_pane import RecordPane
from desktop.views.record.state_menu import StateMenu
from services.incidents.incident import Incident
from services.incidents.read_models import IncidentDetail

ACT_OF = {
    "summary": "DescribeIncident",
    "caller": "ChangeCaller",
    "category": "CategoriseIncident",
    "service": "ChangeService",
    "priority": "PrioritiseIncident",
    "severity": "ChangeSeverity",
    "assignee": "AssignIncident",
}


class EditPresenter(QObject):
    """Opens the dialog of a field and gives its command."""

    def __init__(self, desk: Desk, window: MainWindow, pane: RecordPane, flow: DialogFlow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._pane = pane
        self._flow = flow
        self._dialogs: dict[str, Callable[[Incident], FormDialog]] = {
            "summary": lambda incident: DescribeDialog(window, incident),
            "caller": lambda incident: CallerDialog(window, incident, desk.directory),
            "category": lambda incident: CategoryDialog(window, incident, desk.directory),
            "service": lambda incident: ServiceDialog(window, incident, desk.directory),
            "priority": lambda incident: PriorityDialog(window, incident, desk.directory.matrix),
            "severity": lambda incident: SeverityDialog(window, incident),
            "assignee": lambda incident: AssignDialog(
                window, incident, desk.directory, desk.viewer.person_id
            ),
        }
        pane.edit_requested.connect(self._open)

    def _open(self, field: str) -> None:
        detail = self._pane.detail
        if detail is not None and field == "state":
            self._offer_states(detail)
        if detail is not None and field in self._dialogs:
            self.open(field, detail)

    def open(self, field: str, detail: IncidentDetail) -> None:
        """Open the dialog of a field, or say why it stays as it is."""
        if not detail.may(ACT_OF[field]):
            self._window.snack(detail.why_not(ACT_OF[field]))
            return
        incident = detail.incident
        self._flow.open(
            self._dialogs[field](incident),
            f"{field}/{incident.id}",
            partial(commands_for, incident),
            f"{incident_key(incident.number)} changed",
        )

    def _offer_states(self, detail: IncidentDetail) -> None:
        menu = StateMenu(self._window, detail.may)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if menu.isEmpty():
            self._window.snack(f"{incident_key(detail.incident.number)} stays {detail.label.value}")
            return
        menu.verb_chosen.connect(self._window.hub.trigger)
        value = self._pane.property_widget("state")
        menu.popup(value.mapToGlobal(value.rect().bottomLeft()))

    def assign_to_me(self, detail: IncidentDetail) -> None:
        """Give the incident to the person at the desk, who begins to work on it."""
        me = AssignForm(self._desk.viewer.person_id)
        self._desk.give(
            assign(me, detail.incident),
            said=f"{incident_key(detail.incident.number)} is yours",
        )
