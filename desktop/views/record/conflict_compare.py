"""Both sides of a conflict, field by field; nothing typed is lost."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.text import clock_text
from desktop.theme.sizes import GUTTER_PANE, RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.views.tips import plain_tip
from desktop.widgets.banner import Banner
from desktop.widgets.buttons import Button
from desktop.widgets.card import Surface
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import draw_text, focus_frame, radio, rounded
from services.incidents.read_models import ConflictItem


class _Side(QRadioButton):
    """One side's value of a field."""

    def __init__(self, field: str, value: str, side: str) -> None:
        super().__init__()
        self._value = value or "–"
        self.setFixedHeight(34)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{field}, {side}: {self._value}")
        self.setToolTip(plain_tip(value))

    def sizeHint(self) -> QSize:
        return QSize(120, 34)

    def hitButton(self, pos: object) -> bool:
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        chosen = self.isChecked()
        ground = "bg.selected" if chosen else "bg.surface"
        line = "accent.solid" if chosen else "line.default"
        rounded(painter, box, RADIUS_CONTROL, theme.color(ground), theme.color(line))
        if self.hasFocus():
            focus_frame(painter, box)
        radio(painter, QRectF(10, 9, 16, 16), checked=chosen)
        draw_text(painter, box.adjusted(34, 0, -8, 0), self._value, "body")
        painter.end()


class ConflictCompare(Surface):
    """Yours beside theirs; ``decided`` carries command id and side for each row when applied."""

    decided = Signal(object, str)
    put_off = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._groups: list[tuple[UUID, QButtonGroup]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GUTTER_PANE, 14, GUTTER_PANE, 14)
        self._column.setSpacing(10)
        for key, act in (("Escape", self.put_off.emit), ("Ctrl+Return", self.apply)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def show_conflicts(self, conflicts: Sequence[ConflictItem], now: datetime) -> None:
        """Show every conflict of the record, theirs chosen first."""
        if (old := self._column.takeAt(0)) is not None and (page := old.widget()) is not None:
            page.hide()
            page.deleteLater()
        self._groups = []
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._table(conflicts, now))
        for item in (item for item in conflicts if item.typed):
            column.addWidget(PlainLabel(self.tr("You typed"), "meta", "fg.subtle"))
            column.addWidget(PlainLabel(item.typed[:600], "body", wrap=True, selectable=True))
        kept = self.tr("Notes from both sides are kept. Only these fields clash.")
        column.addWidget(Banner("info", "", kept))
        column.addStretch(1)
        column.addLayout(self._foot())
        self._column.addWidget(page)

    def _table(self, conflicts: Sequence[ConflictItem], now: datetime) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 62)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        at = clock_text(conflicts[0].happened_at.astimezone(now.tzinfo)) if conflicts else ""
        yours = self.tr("Yours, %1").replace("%1", at)
        grid.addWidget(PlainLabel(yours, "meta.medium", "fg.muted"), 0, 1)
        grid.addWidget(PlainLabel(self.tr("Theirs"), "meta.medium", "fg.muted"), 0, 2)
        for row, item in enumerate(conflicts, start=1):
            name = item.field or self.tr("Change")
            grid.addWidget(PlainLabel(name, "meta", "fg.subtle"), row, 0)
            group = QButtonGroup(self)
            sides = (item.mine or item.typed[:80], self.tr("Yours")), (
                item.theirs or self.tr("Leave as it is"), self.tr("Theirs"),
            )  # fmt: skip
            for at_column, (value, side) in enumerate(sides):
                button = _Side(name, value, side)
                group.addButton(button, at_column)
                grid.addWidget(button, row, at_column + 1)
            group.button(1).setChecked(True)
            self._groups.append((item.command_id, group))
        return grid

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        later = Button(self.tr("Later"), "ghost", keys="Esc")
        apply = Button(self.tr("Apply choice"), "primary", keys="Ctrl ↵")
        later.clicked.connect(self.put_off)
        apply.clicked.connect(self.apply)
        row.addStretch(1)
        row.addWidget(later)
        row.addWidget(apply)
        return row

    def apply(self) -> None:
        """Decide every row as chosen."""
        for command_id, group in list(self._groups):
            self.decided.emit(command_id, "mine" if group.checkedId() == 0 else "theirs")
        self.put_off.emit()
