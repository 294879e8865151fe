"""Moving an incident: each verb by its dialog, or at once where nothing has to be asked."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import DialogFlow
from desktop.presenters.form_commands import (
    commands_for,
    escalate,
    escalate_up,
    page_hold_s,
    resolve,
    restrict,
)
from desktop.presenters.paging_presenter import PagingPresenter
from desktop.text import incident_key
from desktop.views.dialogs.cancel import CancelDialog, LinkDialog
from desktop.views.dialogs.close import CloseDialog
from desktop.views.dialogs.confidential import ConfidentialDialog
from desktop.views.dialogs.escalate import EscalateDialog
from desktop.views.dialogs.escalate_team import Covering
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.forms import (
    LineEscalationForm,
    ResolveForm,
    TeamEscalationForm,
    TextForm,
)
from desktop.views.dialogs.hold import HoldDialog
from desktop.views.dialogs.resolve import ResolveDialog
from desktop.views.dialogs.small import (
    AnswerDialog,
    HandBackDialog,
    RecallDialog,
    RejectDialog,
    ReopenDialog,
    WithdrawDialog,
)
from services.incidents import acts
from services.incidents.detail import incident_detail
from services.incidents.incident import (
    EscalationKind,
    Incident,
    IncidentState,
    NoteKind,
)
from services.incidents.labels import StateLabel
from services.incidents.queries import (
    incidents_matching,
    open_counts_of_teams,
    originals_of,
    parents_of,
)
from services.incidents.read_models import EscalationItem, IncidentDetail, RelatedItem
from services.incidents.visibility import readers

SEARCH_AFTER_MS = 150

Searching = CancelDialog | LinkDialog
Condition = sa.ColumnElement[bool]

OPEN_LABELS = frozenset(StateLabel) - {
    StateLabel.RESOLVED,
    StateLabel.CLOSED,
    StateLabel.CANCELLED,
}


class ActPresenter(QObject):
    """Answers the verbs of the action hub for the incident shown."""

    follow_up_requested = Signal(object)

    def __init__(
        self, desk: Desk, window: MainWindow, flow: DialogFlow, paging: PagingPresenter
    ) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._flow = flow
        self._paging = paging
        self._wanted: tuple[Searching, Condition, str] | None = None
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_AFTER_MS)
        self._pause.timeout.connect(self._search_now)
        self._verbs: dict[str, Callable[[IncidentDetail], None]] = {
            "incident.start": self._start,
            "incident.accept": self._accept,
            "incident.reject": self._reject,
            "incident.hand_back": self._hand_back,
            "incident.recall": self._recall,
            "incident.escalate": partial(self._escalate, "team"),
            "incident.escalate_up": partial(self._escalate, "line"),
            "incident.hold": self._hold,
            "incident.resume": self._resume,
            "incident.resolve": self._resolve,
            "incident.close": self._close,
            "incident.reopen": self._reopen,
            "incident.cancel": self._cancel,
            "incident.link": self._link,
            "incident.restrict": self._restrict,
            "incident.page": paging.open,
            "incident.follow_up": lambda detail: self.follow_up_requested.emit(detail.incident),
        }

    def open(self, id_: str, detail: IncidentDetail) -> None:
        """Do a verb of the hub; ids that are no verbs are left to others."""
        if verb := self._verbs.get(id_):
            verb(detail)

    def continue_with(self, incident_id: UUID, then: str) -> None:
        """After logging: go on to escalate or resolve what was just logged."""
        names, viewer = self._desk.directory, self._desk.viewer
        verb = partial(self._escalate, "team") if then == "escalate" else self._resolve

        def show(detail: IncidentDetail | None) -> None:
            if detail is not None:
                verb(detail)

        self._desk.read(
            self,
            "continue",
            lambda connection: incident_detail(connection, names, viewer, incident_id),
            show,
        )

    # -- at once --------------------------------------------------------------------------

    def _start(self, detail: IncidentDetail) -> None:
        self._desk.give(
            acts.StartIncident(incident_id=detail.incident.id),
            said=f"You work on {_key(detail)} now",
        )

    def _resume(self, detail: IncidentDetail) -> None:
        self._desk.give(
            acts.ResumeIncident(incident_id=detail.incident.id), said=f"{_key(detail)} goes on"
        )

    def _accept(self, detail: IncidentDetail) -> None:
        self._desk.give(
            acts.AcceptEscalation(incident_id=detail.incident.id),
            said=f"You accepted {_key(detail)}",
        )

    # -- by a dialog ----------------------------------------------------------------------

    def _hold(self, detail: IncidentDetail) -> None:
        dialog = HoldDialog(self._window, detail.incident, self._desk.now_here(), _caller(detail))
        self._open(dialog, "hold", detail, f"{_key(detail)} is on hold")

    def _close(self, detail: IncidentDetail) -> None:
        dialog = CloseDialog(
            self._window,
            detail.incident,
            self._desk.now_here(),
            _caller(detail),
            detail.contact_attempts,
        )
        dialog.attempt_requested.connect(partial(self._log_attempt, dialog, detail))
        self._open(dialog, "close", detail, f"{_key(detail)} closed")

    def _log_attempt(self, dialog: CloseDialog, detail: IncidentDetail, text: str) -> None:
        attempt = acts.AddNote(
            incident_id=detail.incident.id, kind=NoteKind.CONTACT_ATTEMPT, text=text
        )
        shown = (*detail.contact_attempts, self._desk.clock.now())
        self._desk.give(
            attempt,
            said=f"Attempt to reach the caller of {_key(detail)} recorded",
            done=lambda _: dialog.show_attempts(shown),
        )

    def _cancel(self, detail: IncidentDetail) -> None:
        dialog = CancelDialog(self._window, detail.incident)
        dialog.search_requested.connect(
            partial(self._search, dialog, originals_of(detail.incident))
        )
        self._open(dialog, "cancel", detail, f"{_key(detail)} cancelled")

    def _link(self, detail: IncidentDetail) -> None:
        parent = next((item for item in detail.related if item.relation == "Parent"), None)
        dialog = LinkDialog(self._window, detail.incident, parent)
        offered = parents_of(detail.incident)
        dialog.search_requested.connect(partial(self._search, dialog, offered))
        self._open(dialog, "link", detail, f"{_key(detail)} linked")

    def _search(self, dialog: Searching, offered: Condition, text: str) -> None:
        """Look once typing pauses; the newest answer wins."""
        self._wanted = (dialog, offered, text)
        self._pause.start()

    def _search_now(self) -> None:
        if self._wanted is None:
            return
        dialog, offered, text = self._wanted
        self._wanted = None
        self._desk.read(
            dialog,
            "search",
            lambda connection: incidents_matching(connection, text, offered),
            dialog.show_matches,
        )

    def _open(self, dialog: FormDialog, name: str, detail: IncidentDetail, said: str) -> None:
        incident = detail.incident
        self._flow.open(dialog, f"{name}/{incident.id}", partial(commands_for, incident), said)

    # -- resolving ------------------------------------------------------------------------

    def _resolve(self, detail: IncidentDetail) -> None:
        dialog = ResolveDialog(
            self._window, detail.incident, self._desk.directory, children=_open_children(detail)
        )
        self._flow.open(
            dialog,
            f"resolve/{detail.incident.id}",
            partial(_resolved, detail.incident),
            f"{_key(detail)} resolved",
        )

    def _reopen(self, detail: IncidentDetail) -> None:
        self._ask(ReopenDialog(self._window, detail.incident), "reopen", detail,
                  lambda text: acts.ReopenIncident(incident_id=detail.incident.id, reason=text),
                  f"{_key(detail)} reopened")  # fmt: skip

    # -- escalating -----------------------------------------------------------------------

    def _escalate(self, start: str, detail: IncidentDetail) -> None:
        def teams(connection: sa.Connection) -> tuple[dict[UUID, int], Covering]:
            covering = self._paging.covering(connection, detail.incident)
            return open_counts_of_teams(connection), covering

        self._desk.read(self, "teams", teams, partial(self._show_escalate, start, detail))

    def _show_escalate(
        self, start: str, detail: IncidentDetail, found: tuple[dict[UUID, int], Covering]
    ) -> None:
        open_counts, covering = found
        dialog = EscalateDialog(
            self._window,
            detail.incident,
            self._desk.directory,
            self._desk.now_here(),
            open_counts=open_counts,
            handover=_known_so_far(detail),
            told=tuple(e for e in detail.escalations if _is_call(e)),
            start=start,
            may_team=detail.may("EscalateToTeam"),
            may_line=detail.may("EscalateUp"),
            covering=covering,
        )
        page_id, said = self._desk.fresh_id(), f"{_key(detail)} escalated"

        def after(_: object) -> None:
            if dialog.is_paging:
                hold_s, called = page_hold_s(detail.incident), dialog.team.called()
                self._paging.offer_stop(page_id, called, hold_s, before=f"{said}. ")

        self._flow.open(
            dialog,
            f"escalate/{detail.incident.id}",
            partial(self._escalations, detail.incident, page_id),
            said,
            after,
        )

    def _escalations(self, incident: Incident, page_id: UUID, form: object) -> Sequence[object]:
        """A new incident is taken first: somebody has looked at it before it moves on."""
        if isinstance(form, LineEscalationForm):
            return [escalate_up(form, incident, self._desk.fresh_id())]
        assert isinstance(form, TeamEscalationForm)
        offer = escalate(form, incident, self._desk.fresh_id(), page_id)
        if incident.state is IncidentState.NEW:
            return [acts.StartIncident(incident_id=incident.id), offer]
        return [offer]

    def _restrict(self, detail: IncidentDetail) -> None:
        escalations = [item.escalation for item in detail.escalations]
        allowed = readers(detail.incident, escalations, self._desk.directory)
        dialog = ConfidentialDialog(self._window, detail.incident, [p.name for p in allowed])
        what = "open to all agents" if detail.incident.is_confidential else "confidential"
        self._ask(dialog, "restrict", detail, partial(restrict, detail.incident),
                  f"{_key(detail)} is {what} now")  # fmt: skip

    def _reject(self, detail: IncidentDetail) -> None:
        dialog = RejectDialog(self._window, detail.incident, _came_from(detail))
        self._ask(dialog, "reject", detail,
                  lambda text: acts.RejectEscalation(incident_id=detail.incident.id, reason=text),
                  f"{_key(detail)} returned to {_came_from(detail)}")  # fmt: skip

    def _hand_back(self, detail: IncidentDetail) -> None:
        dialog = HandBackDialog(self._window, detail.incident, detail.owner_team)
        self._ask(dialog, "hand_back", detail,
                  lambda text: acts.HandBackEscalation(incident_id=detail.incident.id, remark=text),
                  f"{_key(detail)} handed back to {detail.owner_team}")  # fmt: skip

    def _recall(self, detail: IncidentDetail) -> None:
        dialog = RecallDialog(self._window, detail.incident, detail.team)
        self._ask(dialog, "recall", detail,
                  lambda text: acts.RecallEscalation(incident_id=detail.incident.id, reason=text),
                  f"{_key(detail)} recalled from {detail.team}")  # fmt: skip

    def answer(self, detail: IncidentDetail, item: EscalationItem) -> None:
        """Write down what a manager decided."""
        dialog = AnswerDialog(self._window, detail.incident, item.to_person, item.escalation.need)
        call = item.escalation.id
        self._ask(dialog, f"answer-{call}", detail,
                  lambda text: acts.AnswerEscalation(incident_id=detail.incident.id,
                                                     escalation_id=call, answer=text),
                  f"Answer of {item.to_person} recorded")  # fmt: skip

    def withdraw(self, detail: IncidentDetail, item: EscalationItem) -> None:
        """Take back a call to a manager."""
        dialog = WithdrawDialog(self._window, detail.incident, item.to_person)
        call = item.escalation.id
        self._ask(dialog, f"withdraw-{call}", detail,
                  lambda text: acts.WithdrawEscalation(incident_id=detail.incident.id,
                                                       escalation_id=call, reason=text),
                  f"Call to {item.to_person} withdrawn")  # fmt: skip

    def _ask(
        self,
        dialog: FormDialog,
        name: str,
        detail: IncidentDetail,
        command: Callable[[str], object],
        said: str,
    ) -> None:
        def commands(form: object) -> Sequence[object]:
            assert isinstance(form, TextForm)
            return [command(form.text)]

        self._flow.open(dialog, f"{name}/{detail.incident.id}", commands, said)


def _key(detail: IncidentDetail) -> str:
    return incident_key(detail.incident.number)


def _caller(detail: IncidentDetail) -> str:
    return detail.caller.name if detail.caller else ""


def _resolved(incident: Incident, form: object) -> Sequence[object]:
    assert isinstance(form, ResolveForm)
    return [resolve(form, incident.id)]


def _open_children(detail: IncidentDetail) -> tuple[RelatedItem, ...]:
    children = (item for item in detail.related if item.relation == "Child")
    return tuple(item for item in children if item.label in OPEN_LABELS)


def _is_call(item: EscalationItem) -> bool:
    return item.escalation.kind is EscalationKind.HIERARCHICAL


def _came_from(detail: IncidentDetail) -> str:
    """The team an open escalation came from."""
    found = (e for e in detail.escalations if e.escalation.id == detail.incident.escalation_id)
    item = next(found, None)
    return item.from_team if item else detail.owner_team


def _known_so_far(detail: IncidentDetail) -> tuple[str, str, str]:
    """What the notes already say, so that nothing is typed twice: tried, found, needed."""
    notes = [entry.text for entry in reversed(detail.timeline) if entry.kind.value == "note"]
    last = detail.escalations[-1].escalation if detail.escalations else None
    tried = "\n".join(text for text in [last.tried if last else "", *notes[:-1]] if text)
    found = notes[-1] if notes else ""
    return tried, found, ""
