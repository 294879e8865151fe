"""A strong lead and a sentence that flow together as one plain paragraph."""

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme.theme import current_theme


class LeadText(QWidget):
    """Wraps to its width; never interprets markup."""

    def __init__(self, lead: str, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_texts(lead, text)

    def set_texts(self, lead: str, text: str = "") -> None:
        """Say something else."""
        self._lead, self._text = lead, text
        self.setAccessibleName(self._whole())
        self.updateGeometry()
        self.update()

    def _whole(self) -> str:
        return f"{self._lead} {self._text}".strip()

    def _laid_out(self, width: float) -> tuple[QTextLayout, float]:
        theme = current_theme()
        layout = QTextLayout(self._whole(), theme.font("body"))
        layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
        strong = QTextLayout.FormatRange()
        strong.start, strong.length = 0, len(self._lead)
        look = QTextCharFormat()
        look.setFont(theme.font("body.strong"))
        strong.format = look
        layout.setFormats([strong])
        step = theme.role("body").line_px
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y + (step - line.height()) / 2))
            y += step
        layout.endLayout()
        return layout, max(y, float(step))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._laid_out(max(40, width))[1])

    def sizeHint(self) -> QSize:
        theme = current_theme()
        width = theme.metrics("body.strong").horizontalAdvance(self._lead)
        width += theme.metrics("body").horizontalAdvance(f" {self._text}")
        return QSize(round(width + 2), theme.role("body").line_px)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, current_theme().role("body").line_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        layout, height = self._laid_out(self.width())
        painter = QPainter(self)
        painter.setPen(current_theme().color("fg.default"))
        layout.draw(painter, QPointF(0, round((self.height() - height) / 2)))
        painter.end()
