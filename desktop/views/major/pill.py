"""The pill in the top bar: a major incident is open, and when the next word is due."""

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.theme.sizes import CONTROL, RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.views.dialogs.words import filled
from desktop.views.major.update_clock import due_words, mood_of
from desktop.views.major.values import MajorRow
from desktop.widgets.banner import announce
from desktop.widgets.paint import draw_icon, draw_text, focus_frame, rounded, text_width

_PAD = 10
_GAP = 12


class MajorPill(QPushButton):
    """Severity, key and countdown of the one whose word is due first; a click opens it."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row: MajorRow | None = None
        self._others = 0
        self._now: datetime | None = None
        self._was_late = False
        self.setFixedHeight(CONTROL)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda: self.opened.emit(self._row.major_id) if self._row else None)
        self.hide()

    def show_row(self, row: MajorRow | None, others: int, now: datetime) -> None:
        """Show an open major incident and how many others there are; None puts it away."""
        self._row, self._others = row, others
        self.setVisible(row is not None)
        if row is not None:
            self.setToolTip(filled(self.tr("Open the console of %1"), row.number))
            self.show_moment(now)

    def show_moment(self, now: datetime) -> None:
        """Let the countdown go on; a word that is late is said once."""
        self._now = now
        if self._row is None:
            return
        self.setAccessibleName(", ".join(part for part in self._parts() if part))
        is_late = mood_of(self._row.update_due_at, now) == "late"
        if is_late and not self._was_late:
            announce(self, self.accessibleName(), urgent=True)
        self._was_late = is_late
        self.updateGeometry()
        self.update()

    def _parts(self) -> tuple[str, str]:
        row = self._row
        assert row is not None
        drill = self.tr("DRILL") if row.is_drill else ""
        severity = f"SEV {row.severity}" if row.severity else self.tr("Major incident")
        name = " · ".join(part for part in (drill, severity, row.number) if part)
        more = filled(self.tr("+%1"), str(self._others)) if self._others else ""
        if row.update_due_at is None or self._now is None:
            return name, more
        due = due_words(row.update_due_at, self._now)
        return name, f"{due}  {more}".strip()

    @property
    def words(self) -> str:
        """What is painted."""
        return "  ".join(self._parts()) if self._row else ""

    def sizeHint(self) -> QSize:
        if self._row is None:
            return QSize(0, CONTROL)
        name, due = self._parts()
        width = 2 * _PAD + 22 + text_width(name, "meta.strong")
        if due:
            width += _GAP + text_width(due, "meta.tabular")
        return QSize(round(width + 2), CONTROL)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._row is None:
            return
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        tone = "violet" if self._row.is_drill else "danger" if self._row.severity == 1 else "warn"
        if self._now and mood_of(self._row.update_due_at, self._now) == "late":
            tone = "violet" if self._row.is_drill else "danger"
        ground, line = theme.color(f"{tone}.tint"), theme.color(f"{tone}.line")
        rounded(painter, box, RADIUS_CONTROL, ground, line)
        if self.hasFocus():
            focus_frame(painter, box)
        draw_icon(painter, "major", f"{tone}.fg", _PAD, (self.height() - 16) / 2)
        name, due = self._parts()
        x = _PAD + 22
        wide = draw_text(
            painter, QRectF(x, 0, text_width(name, "meta.strong") + 1, self.height()), name,
            "meta.strong", f"{tone}.fg",
        )  # fmt: skip
        if due:
            room = QRectF(x + wide + _GAP, 0, self.width() - x - wide - _GAP, self.height())
            draw_text(painter, room, due, "meta.tabular", f"{tone}.fg")
        painter.end()
