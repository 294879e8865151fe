"""Tells screens what changed: at once, then coalesced."""

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from services.sync.book import ChangeSet


class ChangeFeed(QObject):
    """One signal for many commits.

    The first change is told at once; what follows within ``EVERY_MS`` is told together. A sync
    can commit hundreds of times a second; screens repaint at most 20 times. ``publish`` may be
    called from any thread.
    """

    EVERY_MS = 50
    changed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting = ChangeSet()
        self._timer = QTimer(self, singleShot=True, interval=self.EVERY_MS)
        self._timer.timeout.connect(self._tell)
        self._arrived.connect(self._collect, Qt.ConnectionType.AutoConnection)

    def publish(self, change: ChangeSet) -> None:
        """Tell a change from any thread."""
        if change:
            self._arrived.emit(change)

    @Slot(object)
    def _collect(self, change: ChangeSet) -> None:
        self._waiting |= change
        if not self._timer.isActive():
            self._tell()

    @Slot()
    def _tell(self) -> None:
        if not self._waiting:
            return
        change, self._waiting = self._waiting, ChangeSet()
        self._timer.start()
        self.changed.emit(change)
