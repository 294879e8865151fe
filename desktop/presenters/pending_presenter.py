"""The list of changes that are not yet saved for all."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.text import incident_key
from desktop.views.dialogs.pending import PendingChange, PendingChangesDialog, Standing
from services.core.messages import message
from services.incidents.queries import numbers_and_summaries
from services.incidents.timeline import SENTENCES
from services.sync.book import ChangeSet
from services.sync.pending import PendingCommand, PendingState

STANDINGS: dict[PendingState, Standing] = {
    PendingState.WAITING: "waiting",
    PendingState.ACKED: "sending",
    PendingState.WITHDRAWING: "conflict",
    PendingState.CONFLICT: "conflict",
}


class PendingPresenter(QObject):
    """Shows what waits, conflicts first, and leads to the incident."""

    incident_opened = Signal(object)

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._dialog: PendingChangesDialog | None = None
        desk.changed.connect(self._on_change)

    def open(self) -> None:
        """Show the list."""
        self._read(self._show)

    def _read(self, done: Callable[[tuple[PendingChange, ...]], None]) -> None:
        replica, engine = self._desk.profile.replica, self._desk.profile.engine

        def work() -> tuple[PendingChange, ...]:
            pending = replica.pending()
            ids = {str(p.envelope.args.get("incident_id")) for p in pending}
            with engine.connect() as connection:
                known = numbers_and_summaries(connection, ids)
            ordered = sorted(pending, key=lambda p: (STANDINGS[p.state] != "conflict", p.seq))
            return tuple(_change(p, known) for p in ordered)

        self._desk.run(self, "pending", work, done)

    def _show(self, changes: tuple[PendingChange, ...]) -> None:
        if not changes:
            self._window.snack("Everything is saved for all.")
            return
        dialog = PendingChangesDialog(self._window, changes)
        dialog.incident_opened.connect(self._open_incident)
        dialog.send_requested.connect(self._desk.profile.worker.wake)
        dialog.rejected.connect(self._forget)
        self._dialog = dialog
        self._window.open_dialog(dialog)

    def _on_change(self, change: ChangeSet) -> None:
        if self._dialog is not None and (change.is_everything or "pending" in change.tables):
            self._read(self._dialog.show_changes)

    def _open_incident(self, incident_id: object) -> None:
        if self._dialog is not None:
            self._dialog.close_dialog()
        self._forget()
        self.incident_opened.emit(incident_id)

    def _forget(self) -> None:
        self._dialog = None


def _change(pending: PendingCommand, known: dict[str, tuple[int, str]]) -> PendingChange:
    envelope = pending.envelope
    incident_id = str(envelope.args.get("incident_id") or "")
    number, summary = known.get(incident_id, (0, ""))
    sentence = SENTENCES.get(envelope.name)
    told = message(pending.code, pending.reason) if pending.code else None
    return PendingChange(
        incident_id=_uuid(incident_id),
        key=incident_key(number) if number else "",
        act=sentence[1] if sentence else envelope.name,
        summary=summary or envelope.remark,
        happened_at=envelope.happened_at,
        standing=STANDINGS[pending.state],
        sentence=told.happened if told else "",
    )


def _uuid(text: str) -> UUID | None:
    return UUID(text) if text else None
