"""Acts of the procedure that ask something first, each by its dialog."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from desktop.presenters.act_presenter import OPEN_LABELS
from desktop.presenters.major_asking import Done, MajorAsking, nothing_follows
from desktop.presenters.major_pack import people_items
from desktop.text import incident_key
from desktop.views.dialogs.forms import TextForm
from desktop.views.dialogs.small import ReopenDialog
from desktop.views.major.dialogs.deciding import (
    AcceptDialog,
    DemoteDialog,
    ProposeDialog,
    RejectDialog,
    ReviewDialog,
)
from desktop.views.major.dialogs.drill import DrillDialog, DrillForm
from desktop.views.major.dialogs.impact_times import ImpactTimesDialog
from desktop.views.major.dialogs.resolving import ResolveMajorDialog, Resolving
from desktop.widgets.picker_list import PickerItem
from services.communications.cadence import left_open
from services.communications.status_page import Audience
from services.incidents.acts import ReopenIncident
from services.incidents.incident import Incident
from services.major_incidents.acts import StartDrill
from services.major_incidents.major import MajorState
from services.major_incidents.read_models import MajorItem
from services.sync.replica import Replica


class MajorActs(QObject):
    """``drill_started`` carries the incident of a drill that has begun."""

    drill_started = Signal(object)

    def __init__(self, asking: MajorAsking) -> None:
        super().__init__()
        self._asking = asking

    # -- the procedure --------------------------------------------------------------------------

    def propose(self, incident: Incident) -> None:
        """Ask why an incident should be handled as major."""
        said = f"{incident_key(incident.number)} is proposed as a major incident"
        self._asking.open(
            ProposeDialog(self._asking.window, incident), "propose", said, incident=incident
        )

    def accept(self, incident: Incident, done: Done = nothing_follows) -> None:
        """Say what begins, and ask when it was detected."""
        called = "The incident manager on call is paged at once."
        detected = incident.reported_at.astimezone()
        dialog = AcceptDialog(self._asking.window, incident, called, detected)
        said = f"{incident_key(incident.number)} is a major incident now"
        self._asking.open(dialog, "accept", said, incident=incident, done=done)

    def reject(self, incident: Incident) -> None:
        """Ask why it is none."""
        said = f"{incident_key(incident.number)} is not handled as a major incident"
        self._asking.open(
            RejectDialog(self._asking.window, incident), "reject", said, incident=incident
        )

    def demote(self) -> None:
        """Ask why it turned out to be none."""
        said = f"{self._asking.key} is no longer a major incident"
        seen = self._asking.seen
        told = [] if seen.major.is_drill else [item.update for item in seen.updates]
        owed = [audience for audience in Audience if left_open(told, audience)]
        dialog = DemoteDialog(self._asking.window, self._asking.incident, owed)
        self._asking.open(dialog, "demote", said)

    def review(self) -> None:
        """Say that the review took place."""
        dialog = ReviewDialog(self._asking.window, self._asking.incident)
        self._asking.open(dialog, "review", f"{self._asking.key} is reviewed")

    def resolve(self) -> None:
        """Ask what ended it, with what is resolved by the same message."""
        seen = self._asking.seen
        linked = tuple(
            item
            for item in seen.detail.related
            if item.relation == "Child" and item.label in OPEN_LABELS
        )
        manager = seen.console.manager
        ahead = [(manager.holding.person_id, "incident manager")] if manager else []
        of = Resolving(
            incident=self._asking.incident,
            major=seen.major,
            names=self._asking.desk.directory,
            linked=linked,
            people=tuple(people_items(self._asking.desk.directory, ahead)),
            now=self._asking.desk.now_here(),
        )
        also = f", and {len(linked)} linked" if linked else ""
        self._asking.open(
            ResolveMajorDialog(self._asking.window, of),
            "resolve",
            f"{self._asking.key} resolved{also}",
        )

    def reopen(self) -> None:
        """Ask why the response goes on after all."""
        incident = self._asking.incident

        def commands(form: object) -> Sequence[object]:
            assert isinstance(form, TextForm)
            return [ReopenIncident(incident_id=incident.id, reason=form.text)]

        dialog = ReopenDialog(self._asking.window, incident)
        self._asking.open(dialog, "reopen", f"{self._asking.key} reopened", commands=commands)

    def times(self) -> None:
        """Ask when the impact began, was detected and ended."""
        now = self._asking.desk.now_here()
        dialog = ImpactTimesDialog(
            self._asking.window, self._asking.incident, self._asking.seen.major, now
        )
        self._asking.open(dialog, "times", "Times of the impact saved")

    # -- drills ---------------------------------------------------------------------------------

    def drill(self, known: Sequence[MajorItem]) -> None:
        """Ask what is practised."""
        past = [
            PickerItem(f"{item.key} {item.summary}", str(item.major_id), item.service)
            for item in known
            if item.state in (MajorState.RESOLVED, MajorState.REVIEWED) and not item.is_drill
        ]
        dialog = DrillDialog(self._asking.window, self._asking.desk.directory, past)
        incident_id = self._asking.desk.fresh_id()

        def commands(form: object, replica: Replica) -> Sequence[object]:
            assert isinstance(form, DrillForm)
            return [self._drill_of(form, incident_id, replica.take_number())]

        self._asking.flow.open_made(
            dialog, "major/drill", commands, "The drill has begun",
            lambda _: self.drill_started.emit(incident_id),
        )  # fmt: skip

    def _drill_of(self, form: DrillForm, incident_id: UUID, number: int) -> StartDrill:
        """The drill, owned by a team of the viewer, else by the first of the lowest tier."""
        own, teams = self._asking.desk.viewer.team_ids, self._asking.desk.directory.teams.values()
        owner = min(teams, key=lambda team: (team.id not in own, int(team.tier), team.name))
        return StartDrill(
            incident_id=incident_id,
            number=number,
            owner_team_id=owner.id,
            summary=form.summary,
            service_id=form.service_id,
            severity=form.severity,
            replay_of_id=form.replay_of_id,
        )
