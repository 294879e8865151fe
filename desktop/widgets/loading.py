"""What is shown while rows are still on their way; nothing moves."""

from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_PANE, ROW
from desktop.theme.theme import current_theme
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import hairline, rounded

_SUMMARIES: Final = (0.58, 0.75, 0.92, 0.68, 0.85, 0.61, 0.78)


class SkeletonRows(QWidget):
    """Pale shapes where rows will stand."""

    def __init__(self, rows: int = 7, row_height: int = ROW, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._row_height = row_height
        self.setAccessibleName(self.tr("Loading"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(320, self._rows * self._row_height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for row in range(self._rows):
            y = row * self._row_height
            self._paint_row(painter, y, _SUMMARIES[row % len(_SUMMARIES)])
            hairline(painter, 0, y + self._row_height - 1, self.width(), "line.subtle")
        painter.end()

    def _paint_row(self, painter: QPainter, y: int, share: float) -> None:
        fill = current_theme().color("bg.skeleton")
        top = y + (self._row_height - 10) / 2
        end = self.width() - GUTTER_PANE
        room = end - 90 - 14 - 118
        for x, width in ((16, 38), (66, 40), (118, room * share), (end - 90, 90)):
            if width > 0:
                rounded(painter, QRectF(x, top, width, 10), 5, fill)


class ProgressBar(QWidget):
    """A thin bar of how much is done."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setAccessibleName(name)
        self.setFixedHeight(4)

    def set_share(self, share: float) -> None:
        """Show a share between 0 and 1."""
        self._share = min(max(share, 0.0), 1.0)
        self.setAccessibleDescription(f"{round(self._share * 100)} %")
        self.update()

    @property
    def share(self) -> float:
        """The share shown."""
        return self._share

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        rounded(painter, box, 2, theme.color("sla.track"))
        if self._share > 0:
            box.setWidth(max(4.0, box.width() * self._share))
            rounded(painter, box, 2, theme.color("accent.solid"))
        painter.end()


class ProgressCard(QWidget):
    """Title, count, bar and a sentence; stands above rows that already arrived."""

    def __init__(self, title: str, sentence: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._count = PlainLabel("", "meta.tabular", "fg.muted")
        self._bar = ProgressBar(title)
        below = PlainLabel(sentence, "meta", "fg.subtle", wrap=True)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(title, "body.strong"))
        head.addStretch(1)
        head.addWidget(self._count)
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER_PANE, 14, GUTTER_PANE, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._bar)
        column.addWidget(below)
        self.setAccessibleName(title)

    def set_progress(self, share: float, count: str) -> None:
        """Show a share between 0 and 1 and the words for it."""
        self._bar.set_share(share)
        self._count.setText(count)
        self.setAccessibleDescription(count)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hairline(painter, 0, self.height() - 1, self.width(), "line.subtle")
        painter.end()
