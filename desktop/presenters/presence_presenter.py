"""Says which record is open here, and shows who else is at it."""

from PySide6.QtCore import QObject, QTimer

from desktop.bridge.presence_feed import PresenceFeed
from desktop.presenters.desk import Desk
from desktop.views.record.company import Companion
from desktop.views.record.record_pane import RecordPane
from services.incidents.read_models import IncidentDetail
from services.sync.presence import Whereabouts
from services.sync.shared import Presence

FORGET_AFTER_MS = 60_000
"""How long somebody is shown without another word of them."""


class PresencePresenter(QObject):
    """Only where several desks share a database: alone one has no company."""

    def __init__(self, desk: Desk, pane: RecordPane, whereabouts: Whereabouts) -> None:
        super().__init__()
        self._desk = desk
        self._pane = pane
        self._whereabouts = whereabouts
        self._heard: tuple[Presence, ...] = ()
        self._feed = PresenceFeed(whereabouts, self)
        # It ends with the pane: a closed window has nobody to forget.
        self._forget = QTimer(pane, singleShot=True, interval=FORGET_AFTER_MS)
        self._forget.timeout.connect(lambda: self._hear(()))
        self._feed.heard.connect(self._hear)
        pane.draft_changed.connect(lambda _: self._say())

    def show(self, detail: IncidentDetail | None) -> None:
        """Another record is shown here, or none."""
        self._say()
        self._show()

    def _say(self) -> None:
        detail = self._pane.detail
        incident_id = detail.incident.id if detail else None
        is_writing = bool(detail and self._pane.composer_text().strip())
        if self._whereabouts.be_at(incident_id, is_writing=is_writing):
            self._desk.profile.worker.wake()

    def _hear(self, heard: tuple[Presence, ...]) -> None:
        self._heard = heard
        if heard:
            self._forget.start()
        else:
            self._forget.stop()
        self._show()

    def _show(self) -> None:
        detail = self._pane.detail
        if detail is None:
            return
        here = (p for p in self._heard if p.incident_id == detail.incident.id)
        name = self._desk.directory.person
        self._pane.show_company([Companion(name(p.person_id), p.is_writing) for p in here])
