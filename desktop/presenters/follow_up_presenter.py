"""Resumes incidents on hold whose follow-up time has come."""

from PySide6.QtCore import QObject, QTimer

from desktop.presenters.desk import Desk
from desktop.text import incident_key
from services.core.clock import to_microseconds
from services.core.errors import AppError
from services.incidents.acts import ResumeIncident
from services.incidents.incident import Incident
from services.incidents.queries import due_follow_ups

EVERY_MS = 30_000
REMARK = "The follow-up time has come"


class FollowUpPresenter(QObject):
    """Looks twice a minute at the holds of the person at the desk.

    Several desks may notice the same one; the first resumes it, the others find it done.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        desk.viewer_changed.connect(self.look)

    def look(self) -> None:
        """Resume what is due now."""
        person_id = self._desk.viewer.person_id
        now = to_microseconds(self._desk.clock.now())
        self._desk.read(
            self,
            "due",
            lambda connection: due_follow_ups(connection, person_id, now),
            self._resume,
        )

    def _resume(self, due: list[Incident]) -> None:
        for incident in due:
            self._desk.give(
                ResumeIncident(incident_id=incident.id, remark=REMARK),
                said=f"{incident_key(incident.number)} goes on: its follow-up time has come",
                failed=_done_by_another,
            )


def _done_by_another(_: AppError) -> None:
    """Somebody resumed it first."""
