"""Shows the current incident, takes notes, and settles conflicts."""

from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.presenters.desk import Desk
from desktop.text import incident_key
from desktop.views.record.record_pane import RecordPane
from services.core.clock import to_microseconds
from services.core.drafts import Content
from services.incidents.acts import AddNote
from services.incidents.detail import incident_detail
from services.incidents.incident import NoteKind
from services.incidents.read_models import ConflictItem, IncidentDetail
from services.sync.book import ChangeSet
from services.sync.envelope import Envelope, unseal
from services.sync.pending import PendingCommand, PendingState

SEEN_AFTER_MS = 1_500
"""How long an incident has to be looked at before it counts as read."""

SEEN_FIELDS = {
    "DescribeIncident": {"seen_summary": "summary", "seen_description": "description"},
    "ChangeCaller": {"seen_caller_id": "caller_id"},
    "CategoriseIncident": {
        "seen_category_id": "category_id",
        "seen_subcategory_id": "subcategory_id",
    },
    "ChangeService": {
        "seen_service_id": "service_id",
        "seen_affected_product_ids": "affected_product_ids",
    },
    "PrioritiseIncident": {
        "seen_impact": "impact",
        "seen_urgency": "urgency",
        "seen_priority": "priority",
    },
    "ChangeSeverity": {"seen_severity": "severity"},
    "AssignIncident": {"seen_team_id": "team_id", "seen_assignee_id": "assignee_id"},
    "LinkToParent": {"seen_parent_id": "parent_id"},
    "EscalateToTeam": {"seen_team_id": "team_id"},
}
"""What a command saw, by the column of the incident that holds it now."""

NOTE_SAID = {
    NoteKind.INTERNAL: "Note added",
    NoteKind.REPLY: "Reply recorded",
    NoteKind.CALL: "Call recorded",
    NoteKind.CALLER_REPLY: "Caller's reply recorded",
    NoteKind.CONTACT_ATTEMPT: "Attempt to reach the caller recorded",
}


class RecordPresenter(QObject):
    """One incident in the record pane. ``shown`` carries the detail, or None."""

    shown = Signal(object)

    def __init__(self, desk: Desk, pane: RecordPane) -> None:
        super().__init__()
        self._desk = desk
        self._pane = pane
        self._incident_id: UUID | None = None
        self._seen = QTimer(self, singleShot=True, interval=SEEN_AFTER_MS)
        self._seen.timeout.connect(self._mark_seen)
        pane.note_submitted.connect(self._add_note)
        pane.draft_changed.connect(self._keep_draft)
        pane.conflict_resolved.connect(self._settle)
        desk.changed.connect(self._on_change)
        desk.directory_changed.connect(self._reload)
        desk.viewer_changed.connect(self._reload)

    @property
    def detail(self) -> IncidentDetail | None:
        """The incident shown."""
        return self._pane.detail

    def show(self, incident_id: UUID | None) -> None:
        """Show another incident, or none."""
        if incident_id == self._incident_id:
            return
        self._incident_id = incident_id
        self._seen.stop()
        if incident_id is None:
            self._show(None)
            return
        self._pane.set_composer_text("")
        drafts = self._desk.profile.drafts
        self._desk.run(
            self,
            "draft",
            lambda: drafts.load(_draft(incident_id)),
            partial(self._show_draft, incident_id),
        )
        self._reload()
        self._seen.start()

    def _reload(self) -> None:
        incident_id = self._incident_id
        if incident_id is None:
            return
        names, viewer = self._desk.directory, self._desk.viewer
        self._desk.read(
            self,
            "detail",
            lambda connection: incident_detail(connection, names, viewer, incident_id),
            self._show,
        )

    def _show(self, detail: IncidentDetail | None) -> None:
        if detail is None:
            self._pane.show_nothing()
        else:
            self._pane.show_incident(
                detail, now=self._desk.now_here(), viewer_id=self._desk.viewer.person_id
            )
            self._seen.start()
        self.shown.emit(detail)

    def _on_change(self, change: ChangeSet) -> None:
        if self._incident_id is None:
            return
        related = self.detail.related if self.detail else ()
        watched = {str(self._incident_id)} | {str(item.id) for item in related}
        if change.is_everything or change.ids & watched:
            self._reload()

    def _mark_seen(self) -> None:
        detail = self.detail
        if detail is None or detail.incident.id != self._incident_id:
            return
        replica, incident = self._desk.profile.replica, detail.incident
        at = to_microseconds(incident.updated_at)
        self._desk.keep(lambda: replica.mark_seen(incident.id, at))

    def mark_unread(self) -> None:
        """Show the incident as unread again."""
        detail = self.detail
        if detail is None:
            return
        self._seen.stop()
        replica, incident = self._desk.profile.replica, detail.incident
        before = to_microseconds(incident.updated_at) - 1
        self._desk.keep(lambda: replica.mark_seen(incident.id, before))

    # -- notes ----------------------------------------------------------------------------

    def _add_note(self, kind: NoteKind, text: str, duration_s: int | None) -> None:
        detail = self.detail
        if detail is None:
            return
        incident = detail.incident
        note = AddNote(incident_id=incident.id, kind=kind, text=text, duration_s=duration_s)
        self._desk.give(
            note,
            said=f"{NOTE_SAID[kind]} to {incident_key(incident.number)}",
            done=lambda _: self._clear_note(incident.id),
        )

    def _clear_note(self, incident_id: UUID) -> None:
        if incident_id == self._incident_id:
            self._pane.set_composer_text("")
        drafts = self._desk.profile.drafts
        self._desk.keep(lambda: drafts.remove(_draft(incident_id)))

    def _keep_draft(self, text: str) -> None:
        incident_id = self._incident_id
        if incident_id is None:
            return
        drafts, now = self._desk.profile.drafts, self._desk.clock.now()

        def keep() -> None:
            if text:
                drafts.save(_draft(incident_id), {"text": text}, now)
            else:
                drafts.remove(_draft(incident_id))

        self._desk.keep(keep)

    def _show_draft(self, incident_id: UUID, content: Content | None) -> None:
        if content and incident_id == self._incident_id and not self._pane.composer_text():
            self._pane.set_composer_text(str(content.get("text", "")))

    # -- conflicts ------------------------------------------------------------------------

    def _settle(self, command_id: UUID, choice: str) -> None:
        """Give one's own command again over what is there now, or let it go."""
        detail, replica = self.detail, self._desk.profile.replica
        if detail is None:
            return
        conflict = next((c for c in detail.conflicts if c.command_id == command_id), None)
        if conflict is None:
            return
        if choice == "theirs":
            self._desk.keep(lambda: replica.dismiss(command_id))
            self._keep_typed(detail, conflict)
            return
        self._desk.run(
            self,
            "settle",
            lambda: _conflicting(replica.pending(), command_id),
            partial(self._give_again, detail, command_id),
        )

    def _keep_typed(self, detail: IncidentDetail, conflict: ConflictItem) -> None:
        """What was typed in a command that is let go becomes an internal note."""
        said = f"{incident_key(detail.incident.number)} keeps the colleague's value"
        if not conflict.typed:
            self._desk.said.emit(said, False)
            return
        note = AddNote(incident_id=detail.incident.id, kind=NoteKind.INTERNAL, text=conflict.typed)
        self._desk.give(note, said=f"{said}; your text is kept as a note")

    def _give_again(
        self, detail: IncidentDetail, command_id: UUID, envelope: Envelope | None
    ) -> None:
        if envelope is None:
            return
        replica = self._desk.profile.replica
        kind = self._desk.commands[envelope.name].command
        now = {
            seen: getattr(detail.incident, column)
            for seen, column in SEEN_FIELDS.get(envelope.name, {}).items()
        }
        again = replace(unseal(envelope, kind), **now)  # type: ignore[type-var]
        self._desk.give(
            again,
            said=f"{incident_key(detail.incident.number)} keeps yours",
            done=lambda _: self._desk.keep(lambda: replica.dismiss(command_id)),
        )


def _draft(incident_id: UUID) -> str:
    return f"note/{incident_id}"


def _conflicting(pending: list[PendingCommand], command_id: UUID) -> Envelope | None:
    found = (
        command.envelope
        for command in pending
        if command.envelope.command_id == command_id and command.state is PendingState.CONFLICT
    )
    return next(found, None)
