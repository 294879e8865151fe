"""Brings what the sync thread heard of others to the screen's thread."""

from PySide6.QtCore import QObject, Signal

from services.sync.presence import Whereabouts


class PresenceFeed(QObject):
    """``heard`` carries where others are, each time word of them comes."""

    heard = Signal(object)

    def __init__(self, whereabouts: Whereabouts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        whereabouts.listen(self.heard.emit)
