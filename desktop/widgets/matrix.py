"""Impact against urgency: nine cells, each showing the priority it leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme.sizes import RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import draw_icon, focus_frame, rounded
from desktop.widgets.paint_badges import PRIORITY_HEIGHT, PRIORITY_WIDTH, priority_badge

_STEPS: Final = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_CHOOSING_KEYS: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True, slots=True)
class MatrixHeading:
    """A row or a column: its key for the program, its word, and what the word means."""

    key: str
    title: str
    remark: str


class _Cell(QRadioButton):
    def __init__(self, matrix: "PriorityMatrix", row: int, column: int, priority: int) -> None:
        super().__init__(matrix)
        self._matrix = matrix
        self.row, self.column, self.priority = row, column, priority
        self.setFixedHeight(40)
        self.setMinimumWidth(72)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAutoExclusive(False)

    def sizeHint(self) -> QSize:
        return QSize(124, 40)

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def nextCheckState(self) -> None:
        self._matrix.choose(self.row, self.column)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if (step := _STEPS.get(Qt.Key(event.key()))) is not None:
            self._matrix.focus_cell(self.row + step[0], self.column + step[1])
        elif event.key() in _CHOOSING_KEYS and not event.modifiers():
            self._matrix.choose(self.row, self.column)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        crossed = self._matrix.is_crossed(self.row, self.column)
        ground = "bg.subtle" if crossed or self.underMouse() else "bg.surface"
        if self.isChecked():
            ground = "bg.selected"
        rounded(painter, box, RADIUS_CONTROL, theme.color(ground), theme.color("line.default"))
        if self.isChecked():
            focus_frame(painter, box)
            draw_icon(painter, "check", "accent.fg", box.right() - 21, 5, 14)
        elif self.hasFocus():
            focus_frame(painter, box)
        if self.isChecked() and self.hasFocus():
            inner = box.adjusted(3, 3, -3, -3)
            rounded(painter, inner, 4, line=theme.color("focus"))
        at = QPointF((self.width() - PRIORITY_WIDTH) / 2, (self.height() - PRIORITY_HEIGHT) / 2)
        priority_badge(painter, at, self.priority)
        painter.end()


class PriorityMatrix(QWidget):
    """Rows of impact, columns of urgency; ``chosen`` carries both keys.

    ``priorities`` maps each pair of row key and column key to a priority from 1 to 5.
    Arrow keys move, Enter or Space chooses, a click does both.
    """

    chosen = Signal(str, str)

    def __init__(
        self,
        name: str,
        impacts: Sequence[MatrixHeading],
        urgencies: Sequence[MatrixHeading],
        priorities: Mapping[tuple[str, str], int],
        *,
        corner: tuple[str, str] = ("", ""),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._impacts = list(impacts)
        self._urgencies = list(urgencies)
        self._chosen: tuple[int, int] | None = None
        self._heads: dict[str, PlainLabel] = {}
        self._cells: dict[tuple[int, int], _Cell] = {}
        self._build(priorities, corner)
        self._name_cells()
        self._move_tab_stop(0, 0)

    def _build(self, priorities: Mapping[tuple[str, str], int], corner: tuple[str, str]) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, 120)
        grid.addWidget(self._head("corner", corner[0], corner[1], centred=False), 0, 0)
        for column, urgency in enumerate(self._urgencies):
            head = self._head(f"u{column}", urgency.title, urgency.remark, centred=True)
            grid.addWidget(head, 0, column + 1)
            grid.setColumnStretch(column + 1, 1)
        for row, impact in enumerate(self._impacts):
            head = self._head(f"i{row}", impact.title, impact.remark, centred=False)
            grid.addWidget(head, row + 1, 0)
            for column, urgency in enumerate(self._urgencies):
                cell = _Cell(self, row, column, priorities[impact.key, urgency.key])
                self._cells[row, column] = cell
                grid.addWidget(cell, row + 1, column + 1)

    def _head(self, place: str, title: str, remark: str, *, centred: bool) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 2 if centred else 0)
        column.setSpacing(0)
        column.addStretch(1)
        upper = PlainLabel(title, "meta.medium", "fg.muted")
        lower = PlainLabel(remark, "micro", "fg.subtle")
        self._heads[place] = upper
        for label in (upper, lower):
            if centred:
                label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        return holder

    def _name_cells(self) -> None:
        for (row, column), cell in self._cells.items():
            words = self.tr("Impact %1, urgency %2, priority %3")
            for mark, text in (
                ("%1", self._impacts[row].title.lower()),
                ("%2", self._urgencies[column].title.lower()),
                ("%3", str(cell.priority)),
            ):
                words = words.replace(mark, text)
            chosen = self._chosen == (row, column)
            cell.setAccessibleName(words + self.tr(", selected") if chosen else words)

    @property
    def current(self) -> tuple[str, str] | None:
        """Keys of impact and urgency of the chosen cell."""
        if self._chosen is None:
            return None
        return self._impacts[self._chosen[0]].key, self._urgencies[self._chosen[1]].key

    @property
    def priority(self) -> int | None:
        """Priority of the chosen cell."""
        return self._cells[self._chosen].priority if self._chosen else None

    def set_current(self, impact: str, urgency: str) -> None:
        """Choose a cell without telling."""
        row = next(at for at, head in enumerate(self._impacts) if head.key == impact)
        column = next(at for at, head in enumerate(self._urgencies) if head.key == urgency)
        self._mark(row, column)

    def clear(self) -> None:
        """Choose nothing."""
        self._chosen = None
        self._show_choice()

    def choose(self, row: int, column: int) -> None:
        """Choose a cell and tell."""
        self._mark(row, column)
        self.chosen.emit(self._impacts[row].key, self._urgencies[column].key)

    def focus_cell(self, row: int, column: int) -> None:
        """Give the keyboard to the nearest cell to a row and a column."""
        row = min(max(row, 0), len(self._impacts) - 1)
        column = min(max(column, 0), len(self._urgencies) - 1)
        self._move_tab_stop(row, column)
        self._cells[row, column].setFocus(Qt.FocusReason.TabFocusReason)

    def is_crossed(self, row: int, column: int) -> bool:
        """Whether a cell lies in the row or the column of the chosen one."""
        return self._chosen is not None and (row == self._chosen[0] or column == self._chosen[1])

    def _mark(self, row: int, column: int) -> None:
        self._chosen = (row, column)
        self._move_tab_stop(row, column)
        self._show_choice()

    def _move_tab_stop(self, row: int, column: int) -> None:
        for place, cell in self._cells.items():
            here = place == (row, column)
            policy = Qt.FocusPolicy.StrongFocus if here else Qt.FocusPolicy.ClickFocus
            cell.setFocusPolicy(policy)

    def _show_choice(self) -> None:
        for place, cell in self._cells.items():
            cell.setChecked(place == self._chosen)
            cell.update()
        for name, label in self._heads.items():
            here = self._chosen is not None and name in (
                f"i{self._chosen[0]}",
                f"u{self._chosen[1]}",
            )
            label.set_role("meta.strong" if here else "meta.medium")
            label.set_token("fg.default" if here else "fg.muted")
        self._name_cells()
