"""The head of the page: its name, the running call, when the draft was saved."""

from datetime import datetime, timedelta

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desktop.text import clock_duration_text, clock_text
from desktop.theme.sizes import GAP_BUTTONS, GUTTER_FORM
from desktop.theme.theme import current_theme
from desktop.views.dialogs.words import filled
from desktop.widgets.badges import Tag
from desktop.widgets.buttons import Button
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import draw_icon, draw_text, rounded, text_width


class CallPill(QWidget):
    """How long the call has been running."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_duration(self, duration: timedelta) -> None:
        """Show a length of time."""
        grew = len(self._text)
        self._text = filled(self.tr("Call %1"), clock_duration_text(duration))
        self.setAccessibleName(self._text)
        if len(self._text) != grew:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(text_width(self._text, "meta.strong.tabular")) + 46, 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        rounded(painter, box, 14, theme.color("ok.tint"), theme.color("ok.line"))
        draw_icon(painter, "call.running", "ok.fg", 11, 6)
        room = box.adjusted(33, 0, 0, 0)
        draw_text(painter, room, self._text, "meta.strong.tabular", "ok.fg")
        painter.end()


class LogHead(QWidget):
    """Title, call, draft state, and what can be done with the whole report."""

    park_requested = Signal()
    discard_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = PlainLabel(self.tr("Log incident"), "title")
        self._follow_up = Tag("", "info", icon="link")
        self._call = CallPill()
        self._saved_icon = IconLabel("sync.draft", "fg.subtle")
        self._saved = PlainLabel("", "meta.tabular", "fg.subtle")
        self._park = Button(self.tr("Park call"), "ghost", icon="park", keys="Alt Q")
        self._discard = Button(self.tr("Discard"), "ghost", keys="Esc")
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_FORM, 0, GUTTER_FORM - 10, 0)
        row.setSpacing(GAP_BUTTONS)
        row.addWidget(self._title)
        row.addSpacing(4)
        row.addWidget(self._follow_up)
        row.addWidget(self._call)
        row.addSpacing(4)
        row.addWidget(self._saved_icon)
        row.addWidget(self._saved)
        row.addStretch(1)
        row.addWidget(self._park)
        row.addWidget(self._discard)
        self._saved_icon.hide()
        self._follow_up.hide()
        self._call.hide()
        self._park.clicked.connect(self.park_requested)
        self._discard.clicked.connect(self.discard_requested)

    def show_call(self, duration: timedelta | None) -> None:
        """Show the length of the call, or nothing when nobody calls."""
        self._call.setVisible(duration is not None)
        if duration is not None:
            self._call.show_duration(duration)

    def show_saved(self, at: datetime) -> None:
        """Say since when the draft is safe."""
        local = at.astimezone()
        words = filled(self.tr("Draft saved %1"), clock_text(local, seconds=True))
        self._saved.setText(words)
        self._saved_icon.show()

    def show_follow_up(self, key: str) -> None:
        """Name the closed incident this one follows, if any."""
        self._follow_up.setVisible(bool(key))
        if key:
            self._follow_up.set_text(filled(self.tr("Follow-up of %1"), key))

    def show_count(self, drafts: int) -> None:
        """Name the button after what it does when several drafts are open."""
        self._park.setText(self.tr("Park call") if drafts < 2 else self.tr("Park, next call"))
