"""The severity scale in a small sheet beside its field."""

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from desktop.theme.sizes import RADIUS_CARD
from desktop.theme.theme import current_theme
from desktop.views.dialogs.words import SEVERITIES, said
from desktop.widgets.badges import SeverityPill
from desktop.widgets.labels import PlainLabel
from desktop.widgets.overlay import floating_host
from desktop.widgets.paint import rounded, shadow

_EDGE = 34
_WIDTH = 420


class SeverityScale(QWidget):
    """Says what SEV 1 to 3 mean; any key or click puts it away."""

    def __init__(self, beside: QWidget) -> None:
        self._host = floating_host(beside)
        super().__init__(self._host)
        self._beside = beside
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(self.tr("What the severities mean"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE + 16, _EDGE + 14, _EDGE + 16, _EDGE + 14)
        column.setSpacing(10)
        column.addWidget(PlainLabel(self.tr("Severity: effect on customers"), "body.strong"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for row, (key, text) in enumerate(SEVERITIES.items()):
            grid.addWidget(SeverityPill(int(key[-1])), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(PlainLabel(said(text), "meta", "fg.muted", wrap=True), row, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        rest = self.tr("In doubt take the higher. SEV 1 and 2 are major incidents.")
        column.addWidget(PlainLabel(rest, "meta", "fg.subtle", wrap=True))

    def open(self) -> None:
        """Show above or below the field."""
        width = _WIDTH + 2 * _EDGE
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout else 260
        at = self._host.mapFromGlobal(self._beside.mapToGlobal(QPoint(0, 0)))
        x = min(max(8, at.x() - 24), self._host.width() - _WIDTH - 8) - _EDGE
        y = at.y() - height + _EDGE - 6
        if y < -_EDGE + 8:
            y = at.y() + self._beside.height() - _EDGE + 6
        self.setGeometry(x, y, width, height)
        self.show()
        self.raise_()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._put_away()

    def mousePressEvent(self, event: QEvent) -> None:
        self._put_away()

    def focusOutEvent(self, event: QEvent) -> None:
        self.close()

    def _put_away(self) -> None:
        self._beside.setFocus()
        self.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        shadow(painter, box, RADIUS_CARD)
        rounded(painter, box, RADIUS_CARD, theme.color("bg.raised"), theme.color("line.default"))
        painter.end()
