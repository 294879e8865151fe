"""The major incident of the record shown: proposed, under way, or to be proposed."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.major_acts import MajorActs
from desktop.views.record.record_pane import RecordPane
from services.incidents.read_models import IncidentDetail
from services.major_incidents.major import OPEN_MAJOR_STATES, MajorState, Proposal
from services.major_incidents.permissions import ONLY_DECIDERS, why_not_proposed
from services.major_incidents.queries import MAJOR_TABLES, major_of_incident
from services.major_incidents.read_models import MajorItem
from services.major_incidents.transitions import DECIDING
from services.major_incidents.words import joined_words, word_of
from services.sync.book import ChangeSet


class MajorStrip(QObject):
    """Feeds the strip of the record; ``console_requested`` carries the incident to open."""

    console_requested = Signal(object)

    def __init__(self, desk: Desk, window: MainWindow, pane: RecordPane, acts: MajorActs) -> None:
        super().__init__(pane)  # it ends with the record: a profile may be left meanwhile
        self._desk = desk
        self._window = window
        self._strip = pane.major
        self._acts = acts
        self._detail: IncidentDetail | None = None
        self._item: MajorItem | None = None
        self._strip.asked.connect(self._answer)
        desk.changed.connect(self._on_change)

    def show(self, detail: IncidentDetail | None) -> None:
        """Follow the record to another incident, or to none."""
        is_other = (
            self._item is None or detail is None or detail.incident.id != self._item.incident_id
        )
        self._detail, self._item = detail, None if is_other else self._item
        self._refuse()
        self._read()

    def _on_change(self, change: ChangeSet) -> None:
        if change.is_everything or change.tables & MAJOR_TABLES:
            self._read()

    def _read(self) -> None:
        if self._detail is None:
            self._strip.hide()
            return
        id_, names = self._detail.incident.id, self._desk.directory
        read = partial(major_of_incident, directory=names, incident_id=id_)
        self._desk.read(self, "major", read, partial(self._show, id_))

    def _show(self, incident_id: UUID, item: MajorItem | None) -> None:
        if self._detail is None or self._detail.incident.id != incident_id:
            return
        self._item = item
        self._refuse()
        if item is None or item.state not in OPEN_MAJOR_STATES:
            self._strip.hide()
        elif item.state is MajorState.PROPOSED:
            roles = self._desk.directory.roles_of(self._desk.viewer.person_id)
            why_not = "" if roles & DECIDING else ONLY_DECIDERS
            by_rule = item.because is not Proposal.BY_HAND
            why = joined_words((word_of(item.because) if by_rule else "", item.proposal), ". ")
            who = "By rule" if by_rule else item.proposed_by
            self._strip.show_proposed(why, who, why_not)
        else:
            manager = item.manager or "Nobody"
            words = f"{word_of(item.phase)}. {manager} is in charge."
            self._strip.show_open(words, is_drill=item.is_drill)

    def _answer(self, verb: str) -> None:
        if self._detail is None:
            return
        incident = self._detail.incident
        if verb == "open":
            self.console_requested.emit(incident.id)
        elif verb == "accept":
            self._acts.accept(incident, lambda _: self.console_requested.emit(incident.id))
        else:
            self._acts.reject(incident)

    def propose(self, detail: IncidentDetail) -> None:
        """Ask why it is major."""
        self._acts.propose(detail.incident)

    def _refuse(self) -> None:
        """Switch proposing off where it cannot be, with the reason."""
        why = ""
        if self._detail is not None:
            roles = self._desk.directory.roles_of(self._desk.viewer.person_id)
            state = self._item.state if self._item is not None else None
            why = why_not_proposed(self._detail.incident, state, roles)
        self._window.hub.refuse("incident.propose_major", why)
