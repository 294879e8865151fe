"""The head of the composer: which update it is, for whom, and whether it is saved."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.views.dialogs.words import filled
from desktop.widgets.buttons import IconButton
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import LinkLabel, PlainLabel
from desktop.widgets.paint import focus_frame
from desktop.widgets.paint_badges import TAG_HEIGHT, tag, tag_width
from desktop.widgets.segmented import Segment, SegmentedControl
from services.communications.status_page import Audience


class CopyTag(QPushButton):
    """A tag that copies the last update when it is pressed."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(24)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_words(self, words: str, tip: str) -> None:
        """Name what is copied; nothing hides it."""
        self.setText(words)
        self.setAccessibleName(tip)
        self.setToolTip(tip)
        self.setVisible(bool(words))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(tag_width(self.text(), "copy"), 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(0, (24 - TAG_HEIGHT) / 2, self.width(), TAG_HEIGHT)
        tag(painter, box, self.text(), "accent" if self.underMouse() else "neutral", "copy")
        if self.hasFocus():
            focus_frame(painter, box, 4)
        painter.end()


class ComposerHead(QWidget):
    """Title, copy of the last, the draft's standing; audience; and where it goes."""

    copy_requested = Signal()
    audience_chosen = Signal(object)
    templates_requested = Signal()
    history_requested = Signal()
    backdating_requested = Signal()
    preview_requested = Signal()
    page_change_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = PlainLabel("", "heading")
        self._copy = CopyTag()
        self._saved = PlainLabel("", "meta", "fg.subtle")
        segments = [
            Segment(Audience.INTERNAL.value, self.tr("Internal"), "people"),
            Segment(Audience.EXTERNAL.value, self.tr("External"), "channel.portal"),
        ]
        self._audience = SegmentedControl(self.tr("For whom"), segments, stretch=True)
        self.templates = IconButton("templates", self.tr("Begin with a template"))
        self.backdate = IconButton("clock", self.tr("Of an earlier moment"))
        self.history = IconButton("history", self.tr("Updates told before"))
        self._reach_mark = IconLabel("people", size=14)
        self._reach = PlainLabel("", "meta", "fg.muted", elide=True)
        self._preview = LinkLabel(self.tr("preview"))
        self.change = LinkLabel(self.tr("change"))
        self._build()
        self._connect()

    def _build(self) -> None:
        self._title.setFixedHeight(self._copy.height())
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._title)
        first.addWidget(self._copy)
        first.addStretch(1)
        first.addWidget(self._saved)
        second = QHBoxLayout()
        second.setSpacing(4)
        second.addWidget(self._audience, 1)
        second.addSpacing(4)
        second.addWidget(self.templates)
        second.addWidget(self.backdate)
        second.addWidget(self.history)
        third = QHBoxLayout()
        third.setSpacing(8)
        third.addWidget(self._reach_mark)
        third.addWidget(self._reach, 1)
        third.addWidget(self._preview)
        third.addWidget(self.change)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for row in (first, second, third):
            column.addLayout(row)

    def _connect(self) -> None:
        self._copy.clicked.connect(self.copy_requested)
        self._audience.chosen.connect(lambda key: self.audience_chosen.emit(Audience(key)))
        self.templates.clicked.connect(self.templates_requested)
        self.history.clicked.connect(self.history_requested)
        self.backdate.clicked.connect(self.backdating_requested)
        self._preview.linkActivated.connect(lambda _: self.preview_requested.emit())
        self.change.linkActivated.connect(lambda _: self.page_change_requested.emit())

    @property
    def audience(self) -> Audience:
        """For whom it is written."""
        return Audience(self._audience.current)

    def set_audience(self, audience: Audience) -> None:
        """Choose for whom without telling."""
        self._audience.set_current(audience.value)

    def show_number(self, number: int, copies: str) -> None:
        """Name the update, and the one it can begin from."""
        self._title.setText(filled(self.tr("Update %1"), str(number)))
        words = filled(self.tr("from %1"), copies) if copies else ""
        self._copy.show_words(words, filled(self.tr("Copy the words of %1"), copies))

    def show_saved(self, words: str) -> None:
        """Say where the draft is."""
        self._saved.setText(words)

    def show_reach(self, words: str, *, is_outside: bool, may_change: bool) -> None:
        """Say who gets it."""
        self._reach_mark.set_icon("channel.portal" if is_outside else "people")
        self._reach.setText(words)
        self.change.setVisible(may_change)
