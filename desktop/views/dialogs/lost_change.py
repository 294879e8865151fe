"""A change that was refused and has no incident on this desk: its whole text, and the way on."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import RADIUS_CARD
from desktop.theme.theme import current_theme
from desktop.widgets.buttons import Button
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import rounded


class LostChange(QWidget):
    """What it was, why it was refused, and all that was typed, with what followed on it."""

    again_requested = Signal()
    let_go = Signal()

    def __init__(
        self, title: str, sentence: str, typed: str, *, may_log_again: bool, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{title}. {sentence}")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 10, 12, 10)
        row.setSpacing(10)
        row.addWidget(IconLabel("sync.attention", "warn.fg"), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(PlainLabel(title, "body.medium", wrap=True))
        column.addWidget(PlainLabel(sentence, "meta", "fg.muted", wrap=True))
        if typed:
            column.addWidget(PlainLabel(typed, "body", wrap=True, selectable=True))
        column.addLayout(self._verbs(typed, may_log_again))
        row.addLayout(column, 1)

    def _verbs(self, typed: str, may_log_again: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(8)
        again = Button(self.tr("Log again"), icon="add")
        copy = Button(self.tr("Copy what I typed"), "ghost", icon="copy")
        gone = Button(self.tr("Let it go"), "ghost")
        again.clicked.connect(self.again_requested)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(typed))
        gone.clicked.connect(self.let_go)
        for button, is_offered in ((again, may_log_again), (copy, bool(typed)), (gone, True)):
            button.setAutoDefault(False)
            row.addWidget(button)
            if not is_offered:
                button.hide()
        row.addStretch(1)
        return row

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        rounded(painter, box, RADIUS_CARD, theme.color("warn.tint"), theme.color("warn.line"))
        painter.end()
