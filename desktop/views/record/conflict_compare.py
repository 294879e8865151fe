"""Both sides of a conflict, field by field; nothing typed is lost."""

from datetime import datetime
from typing import Final

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
from desktop.views.dialogs.controls import scrolled
from desktop.views.record.conflict_words import SHORT, Settlement
from desktop.views.tips import plain_tip
from desktop.widgets.banner import Banner
from desktop.widgets.buttons import Button
from desktop.widgets.card import Surface
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import draw_text, focus_frame, radio, rounded
from services.incidents.read_models import ConflictItem, FieldClash

_MINE: Final = 0
_THEIRS: Final = 1


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
    """Yours beside theirs; ``settled`` carries the side chosen for each field when applied."""

    settled = Signal(object)
    put_off = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._item: ConflictItem | None = None
        self._groups: list[QButtonGroup] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GUTTER_PANE, 14, GUTTER_PANE, 14)
        self._column.setSpacing(10)
        for key, act in (("Escape", self.put_off.emit), ("Ctrl+Return", self.apply)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    @property
    def item(self) -> ConflictItem | None:
        """The conflict compared."""
        return self._item

    def show_conflict(self, item: ConflictItem, now: datetime) -> None:
        """Show both sides of one conflict, theirs chosen first."""
        while (old := self._column.takeAt(0)) is not None:
            if (gone := old.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        self._item, self._groups = item, []
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(self._table(item, now))
        for clash in item.clashes:
            if max(len(clash.mine), len(clash.theirs)) > SHORT:
                self._add_whole(column, clash)
        kept = self.tr("Notes from both sides are kept. Only these fields clash.")
        column.addWidget(Banner("info", "", kept))
        column.addStretch(1)
        foot = QWidget()
        foot.setLayout(self._foot())
        self._column.addWidget(scrolled(page), 1)
        self._column.addWidget(foot)
        self._focus(0)

    def _table(self, item: ConflictItem, now: datetime) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, 62)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        at = clock_text(item.happened_at.astimezone(now.tzinfo))
        yours = self.tr("Yours, %1").replace("%1", at)
        grid.addWidget(PlainLabel(yours, "meta.medium", "fg.muted"), 0, 1)
        grid.addWidget(PlainLabel(self._theirs(item, now), "meta.medium", "fg.muted"), 0, 2)
        for row, clash in enumerate(item.clashes, start=1):
            grid.addWidget(PlainLabel(clash.field, "meta", "fg.subtle"), row, 0)
            group = QButtonGroup(self)
            sides = (
                (_MINE, clash.mine, self.tr("Yours")),
                (_THEIRS, clash.theirs, clash.by or self.tr("Theirs")),
            )
            for side, value, whose in sides:
                button = _Side(clash.field, value, whose)
                group.addButton(button, side)
                grid.addWidget(button, row, side + 1)
            group.button(_THEIRS).setChecked(True)
            self._groups.append(group)
        return grid

    def _theirs(self, item: ConflictItem, now: datetime) -> str:
        if item.meanwhile is None:
            return self.tr("As it is now")
        at = clock_text(item.meanwhile.at.astimezone(now.tzinfo))
        return f"{item.meanwhile.by}, {at}"

    def _add_whole(self, column: QVBoxLayout, clash: FieldClash) -> None:
        """A long value of each side in full, to read and to copy from."""
        for whose, text in ((self.tr("yours"), clash.mine), (self.tr("theirs"), clash.theirs)):
            column.addWidget(PlainLabel(f"{clash.field}, {whose}", "meta", "fg.subtle"))
            column.addWidget(PlainLabel(text or "–", "body", wrap=True, selectable=True))

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        later = Button(self.tr("Later"), "ghost", keys="Esc")
        apply = Button(self.tr("Apply choice"), "primary", keys="Ctrl ↵")
        later.clicked.connect(self.put_off)
        apply.clicked.connect(self.apply)
        row.addStretch(1)
        row.addWidget(later)
        row.addWidget(apply)
        return row

    def choose(self, *, mine: bool) -> None:
        """Choose a side for the field that has the keyboard and go on to the next."""
        at = self._focused()
        self._groups[at].button(_MINE if mine else _THEIRS).setChecked(True)
        self._focus(min(at + 1, len(self._groups) - 1))

    def _focused(self) -> int:
        rows = (at for at, g in enumerate(self._groups) if any(b.hasFocus() for b in g.buttons()))
        return next(rows, 0)

    def _focus(self, at: int) -> None:
        if at < len(self._groups):
            chosen = self._groups[at].checkedButton()
            if chosen is not None:
                chosen.setFocus(Qt.FocusReason.OtherFocusReason)

    def apply(self) -> None:
        """Settle the conflict as chosen."""
        item = self._item
        if item is None:
            return
        pairs = zip(item.clashes, self._groups, strict=True)
        theirs = frozenset(clash.column for clash, g in pairs if g.checkedId() == _THEIRS)
        is_all_theirs = len(theirs) == len(item.clashes)
        self.put_off.emit()
        choice = Settlement(item.command_id, "theirs")
        if not is_all_theirs:
            choice = Settlement(item.command_id, "mine", theirs)
        self.settled.emit(choice)
