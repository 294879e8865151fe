"""Shows the current incident and takes notes."""

from functools import partial
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, QTimer, Signal

from desktop.presenters.desk import Desk
from desktop.text import incident_key
from desktop.views.record.record_pane import RecordPane
from services.core.clock import to_microseconds
from services.core.drafts import Content
from services.core.errors import AppError
from services.incidents.acts import AddNote
from services.incidents.detail import incident_detail
from services.incidents.errors import NewerNote
from services.incidents.incident import NoteKind
from services.incidents.read_models import IncidentDetail
from services.incidents.timeline import NOTES
from services.paging.queries import called_at
from services.sync.book import ChangeSet

SEEN_AFTER_MS = 1_500
"""How long an incident has to be looked at before it counts as read."""

NOTE_SAID = {
    NoteKind.INTERNAL: "Note added",
    NoteKind.REPLY: "Reply recorded",
    NoteKind.CALL: "Call recorded",
    NoteKind.CALLER_REPLY: "Caller's reply recorded",
    NoteKind.CONTACT_ATTEMPT: "Attempt to reach the caller recorded",
}


NOTE_KINDS = frozenset(kind for kind, _, _ in NOTES.values())
"""Entries of the timeline that are notes."""


class RecordPresenter(QObject):
    """One incident in the record pane. ``shown`` carries the detail, or None."""

    shown = Signal(object)

    def __init__(self, desk: Desk, pane: RecordPane) -> None:
        super().__init__()
        self._desk = desk
        self._pane = pane
        self._incident_id: UUID | None = None
        self._latest_read: UUID | None = None
        self._held_by: UUID | None = None
        self._seen = QTimer(self, singleShot=True, interval=SEEN_AFTER_MS)
        self._seen.timeout.connect(self._mark_seen)
        pane.note_submitted.connect(self._add_note)
        pane.draft_changed.connect(self._on_draft)
        pane.reply_discarded.connect(self._discard_reply)
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
        self._latest_read = self._held_by = None
        self._pane.release_reply()
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

        def detail(connection: sa.Connection) -> IncidentDetail | None:
            called = called_at(connection, names, incident_id)
            return incident_detail(connection, names, viewer, incident_id, called)

        self._desk.read(self, "detail", detail, self._show)

    def _show(self, detail: IncidentDetail | None) -> None:
        if detail is None:
            self._say_gone()
            self._pane.show_nothing(is_gone=self._incident_id is not None)
        else:
            self._pane.show_incident(
                detail, now=self._desk.now_here(), viewer_id=self._desk.viewer.person_id
            )
            self._seen.start()
            self._show_hold(detail)
        self.shown.emit(detail)

    def _say_gone(self) -> None:
        """The list may go on to another record at once; so it is said where it stays."""
        gone = self.detail
        if gone is not None and gone.incident.id == self._incident_id:
            key = incident_key(gone.incident.number)
            self._desk.said.emit(f"{key} is now confidential or was removed", False)

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
        seen = self._latest_read or latest_note(detail)
        note = AddNote(
            incident_id=incident.id,
            kind=kind,
            text=text,
            duration_s=duration_s,
            seen_note_id=seen if kind is NoteKind.REPLY else None,
        )
        self._desk.give(
            note,
            said=f"{NOTE_SAID[kind]} to {incident_key(incident.number)}",
            done=lambda _: self._clear_note(incident.id),
            failed=self._not_given,
        )

    def _not_given(self, error: AppError) -> None:
        """A newer note holds the reply; once it was shown, the reply may go."""
        note_id = error.context.get("note_id")
        if not isinstance(error, NewerNote) or not isinstance(note_id, UUID):
            self._desk.refused.emit(error)
            return
        self._held_by = self._latest_read = note_id
        if self.detail is not None:
            self._show_hold(self.detail)

    def _show_hold(self, detail: IncidentDetail) -> None:
        note = next((e for e in detail.timeline if e.id == self._held_by), None)
        if note is not None:
            self._held_by = None
            self._pane.hold_reply(note.actor, note.text)

    def _discard_reply(self) -> None:
        incident_id, text = self._incident_id, self._pane.composer_text()
        if incident_id is None:
            return
        self._clear_note(incident_id)
        self._desk.offer_back("Reply discarded", lambda: self._bring_back(incident_id, text))

    def _bring_back(self, incident_id: UUID, text: str) -> None:
        drafts, now = self._desk.profile.drafts, self._desk.clock.now()
        self._desk.keep(lambda: drafts.save(_draft(incident_id), {"text": text}, now))
        if incident_id == self._incident_id:
            self._pane.set_composer_text(text)
            self._pane.write(NoteKind.REPLY)

    def _clear_note(self, incident_id: UUID) -> None:
        if incident_id == self._incident_id:
            self._pane.set_composer_text("")
            self._pane.release_reply()
            self._latest_read = None
        drafts = self._desk.profile.drafts
        self._desk.keep(lambda: drafts.remove(_draft(incident_id)))

    def _on_draft(self, text: str) -> None:
        """Keep what is typed, and what its writer had seen when the writing began."""
        if self._incident_id is None:
            return
        if not text:
            self._latest_read = None
        elif self._latest_read is None and self.detail is not None:
            self._latest_read = latest_note(self.detail)
        self._keep_draft(self._incident_id, text)

    def _keep_draft(self, incident_id: UUID, text: str) -> None:
        drafts, now = self._desk.profile.drafts, self._desk.clock.now()
        content: Content = {"text": text, "latest_read": str(self._latest_read or "")}

        def keep() -> None:
            if text:
                drafts.save(_draft(incident_id), content, now)
            else:
                drafts.remove(_draft(incident_id))

        self._desk.keep(keep)

    def _show_draft(self, incident_id: UUID, content: Content | None) -> None:
        if content and incident_id == self._incident_id and not self._pane.composer_text():
            self._pane.set_composer_text(str(content.get("text", "")))
            read = str(content.get("latest_read") or "")
            self._latest_read = UUID(read) if read else None


def latest_note(detail: IncidentDetail) -> UUID:
    """The note at the top of the timeline, or the incident itself where there is none."""
    notes = (entry.id for entry in detail.timeline if entry.kind in NOTE_KINDS)
    return next(notes, detail.incident.id)


def _draft(incident_id: UUID) -> str:
    return f"note/{incident_id}"
