"""The end of a list that does not go back for ever, and the way to what came before."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.text import date_text
from desktop.theme.sizes import GUTTER_PANE
from desktop.theme.theme import current_theme
from desktop.widgets.buttons import Button
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel


def not_kept_text(strip: QWidget, since: datetime, now: datetime) -> str:
    """``Incidents closed before 23 Aug are not kept on this desk.``"""
    day = date_text(since.astimezone(now.tzinfo), now)
    return strip.tr("Incidents closed before %1 are not kept on this desk.").replace("%1", day)


class OlderStrip(QWidget):
    """36 high, below the rows; older incidents need the server, so offline it only says so."""

    fetch_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(36)
        self._text = PlainLabel("", "meta", "fg.muted", elide=True)
        self._fetch = Button(self.tr("Fetch older ones"), icon="refresh", height=24)
        self._fetch.clicked.connect(self.fetch_requested)
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE, 0, GUTTER_PANE, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel("sync.ok", "fg.subtle"))
        row.addWidget(self._text, 1)
        row.addWidget(self._fetch)
        self.hide()

    def show_limit(
        self, since: datetime, now: datetime, *, is_online: bool, is_all: bool = False
    ) -> None:
        """Say from when on incidents are here; ``is_all`` says that there are none before."""
        text = not_kept_text(self, since, now)
        if is_all:
            text = self.tr("There are no older incidents.")
        elif not is_online:
            text = f"{text} {self.tr('Older ones need the server.')}"
        self._text.setText(text)
        self.setAccessibleName(text)
        self._fetch.setVisible(not is_all)
        self._fetch.setEnabled(is_online)
        self.show()

    def set_fetching(self) -> None:
        """Older ones are on their way."""
        self._text.setText(self.tr("Fetching older incidents"))
        self._fetch.setEnabled(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.subtle"))
        painter.fillRect(0, 0, self.width(), 1, theme.color("line.subtle"))
        painter.end()
