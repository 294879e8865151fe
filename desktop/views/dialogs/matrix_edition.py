"""A new edition of the priority matrix, with its odd cells named while it is drawn."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme.sizes import RADIUS_CONTROL
from desktop.theme.theme import current_theme
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.forms import MatrixForm
from desktop.views.dialogs.words import IMPACTS, URGENCIES, filled, said
from desktop.widgets.banner import Banner
from desktop.widgets.form import FormField
from desktop.widgets.inputs import LineEdit
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import focus_frame, rounded
from desktop.widgets.paint_badges import PRIORITY_HEIGHT, PRIORITY_WIDTH, priority_badge
from desktop.widgets.segmented import Segment, SegmentedControl
from services.core.text import Limit
from services.incidents.priority import FEWEST_CALLERS, Priority, PriorityMatrix, oddities

_FIGURES: Final = 5
_ARROWS: Final = {
    Qt.Key.Key_Up: -3,
    Qt.Key.Key_Down: 3,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
}


class _Cell(QPushButton):
    """One cell; a number sets its priority, arrows go to the neighbour."""

    numbered = Signal(int)
    stepped = Signal(int)

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place
        self.priority = 3
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFixedHeight(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(110, 40)

    def set_priority(self, priority: int) -> None:
        """Show a priority."""
        self.priority = priority
        self.setAccessibleName(f"{self._place}, P{priority}")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if Qt.Key.Key_1 <= key <= Qt.Key.Key_5:
            self.numbered.emit(key - Qt.Key.Key_0)
        elif key in _ARROWS:
            self.stepped.emit(_ARROWS[key])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        ground = "bg.selected" if self.isChecked() else "bg.surface"
        rounded(painter, box, RADIUS_CONTROL, theme.color(ground), theme.color("line.default"))
        if self.isChecked() or self.hasFocus():
            focus_frame(painter, box)
        at = QPointF((self.width() - PRIORITY_WIDTH) / 2, (self.height() - PRIORITY_HEIGHT) / 2)
        priority_badge(painter, at, self.priority)
        painter.end()


class MatrixEditor(QWidget):
    """Nine cells of which one is being set."""

    changed = Signal()

    def __init__(self, cells: str) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Priority matrix"))
        self._at = 0
        self._cells = [
            _Cell(filled(self.tr("Impact %1, urgency %2"), said(i[0]), said(u[0])))
            for i in IMPACTS.values()
            for u in URGENCIES.values()
        ]
        segments = [Segment(str(int(p)), f"P{int(p)}") for p in Priority]
        self._choice = SegmentedControl(
            self.tr("Priority of the cell"), segments, height=32, stretch=True
        )
        self._choice_field = FormField("", self._choice, hint=self.tr("or keys 1 to 5 on a cell"))
        self._build()
        self._choice.chosen.connect(lambda key: self._set(int(key)))
        self.set_cells(cells)

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, 120)
        for at, (title, text) in enumerate(URGENCIES.values()):
            grid.addWidget(_heading(said(title), said(text), centred=True), 0, at + 1)
            grid.setColumnStretch(at + 1, 1)
        for row, (title, text) in enumerate(IMPACTS.values()):
            grid.addWidget(_heading(said(title), said(text), centred=False), row + 1, 0)
        for at, cell in enumerate(self._cells):
            grid.addWidget(cell, at // 3 + 1, at % 3 + 1)
            cell.clicked.connect(lambda _=False, at=at: self._go(at))
            cell.numbered.connect(lambda number, at=at: self._number(at, number))
            cell.stepped.connect(lambda by, at=at: self._step(at, by))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(grid)
        column.addWidget(self._choice_field)

    @property
    def cells(self) -> str:
        """Nine digits, as ``PriorityMatrix`` keeps them."""
        return "".join(str(cell.priority) for cell in self._cells)

    def set_cells(self, cells: str) -> None:
        """Show other cells without telling."""
        for cell, digit in zip(self._cells, cells, strict=True):
            cell.set_priority(int(digit))
        self._go(self._at)

    def _go(self, at: int) -> None:
        self._at = at
        for place, cell in enumerate(self._cells):
            cell.setChecked(place == at)
            policy = Qt.FocusPolicy.StrongFocus if place == at else Qt.FocusPolicy.ClickFocus
            cell.setFocusPolicy(policy)
        impact = said(list(IMPACTS.values())[at // 3][0])
        urgency = said(list(URGENCIES.values())[at % 3][0])
        self._choice_field.set_label(f"{impact} × {urgency.lower()}")
        self._choice.set_current(str(self._cells[at].priority))

    def _step(self, at: int, by: int) -> None:
        there = at + by
        same_row = at // 3 == there // 3
        if 0 <= there < len(self._cells) and (abs(by) == 3 or same_row):
            self._go(there)
            self._cells[there].setFocus(Qt.FocusReason.TabFocusReason)

    def _number(self, at: int, priority: int) -> None:
        self._go(at)
        self._set(priority)
        self._choice.set_current(str(priority))

    def _set(self, priority: int) -> None:
        self._cells[self._at].set_priority(priority)
        self.changed.emit()


def _heading(title: str, text: str, *, centred: bool) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 2 if centred else 0)
    column.setSpacing(0)
    for label in (PlainLabel(title, "meta.medium", "fg.muted"),
                  PlainLabel(text, "micro", "fg.subtle")):  # fmt: skip
        if centred:
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(label)
    return holder


class PriorityMatrixDialog(FormDialog):
    """Draws the next edition. Emits ``MatrixForm``."""

    def __init__(self, host: QWidget, matrix: PriorityMatrix) -> None:
        super().__init__(
            host, self.tr("Priority matrix"), primary=self.tr("Put in force"), width=780
        )
        self._old = matrix
        self.editor = MatrixEditor(matrix.cells)
        self._lint = Banner("warn", "", "")
        name = LineEdit(self.tr("Name of the edition"))
        name.setMaxLength(Limit.NAME.value)
        name.setPlaceholderText(matrix.name)
        self.add_field(
            "name", self.tr("Name of the edition"), name,
            hint=" ",
            required=self.tr("Name the edition, so that people can speak of it."),
        )  # fmt: skip
        corner = self.tr("Impact down, urgency across")
        self.body.addWidget(FormField(corner, self.editor))
        callers = self.tr("Callers that propose a major incident")
        many = LineEdit(callers, limit=_FIGURES)
        many.setText(str(matrix.callers_of_major))
        self.add_field(
            "callers", callers, many,
            hint=self.tr("support cases and linked incidents"),
            required=self.tr("Write how many."),
        )  # fmt: skip
        self.body.addWidget(self._lint)
        rule = self.tr("New edition %1 takes over; incidents keep the edition that ranked them.")
        self.set_footer(filled(rule, str(matrix.edition + 1)), "history")
        self.editor.changed.connect(self._show_lint)
        self.editor.changed.connect(self._note_change)
        self._show_lint()
        self.ready()

    @property
    def lint(self) -> tuple[str, ...]:
        """The sentences shown about odd cells."""
        return oddities(self.editor.cells)

    def _show_lint(self) -> None:
        odd = self.lint
        self._lint.setVisible(bool(odd))
        if odd:
            shown = " ".join(_in_words(sentence) for sentence in odd[:3])
            self._lint.set_texts(self.tr("Worth a second look."), shown)
        self._fit()

    def problems(self) -> dict[str, str]:
        """What is wrong; the number of callers has to be one."""
        found = super().problems()
        if "callers" not in found and self._callers < FEWEST_CALLERS:
            found["callers"] = filled(
                self.tr("Write a whole number from %1 on."), str(FEWEST_CALLERS)
            )
        return found

    @property
    def _callers(self) -> int:
        """The number written; 0 for what is none."""
        written = self.fields.text("callers").strip()
        return int(written) if written.isdecimal() else 0

    def content(self) -> dict[str, object]:
        """Name and cells."""
        return {**super().content(), "cells": self.editor.cells}

    def restore(self, draft: Mapping[str, object]) -> None:
        """Show what was drawn before."""
        super().restore(draft)
        self.editor.set_cells(str(draft.get("cells", self.editor.cells)))
        self._show_lint()

    def form(self) -> MatrixForm:
        """The new edition."""
        return MatrixForm(
            name=self.fields.text("name"),
            cells=self.editor.cells,
            callers_of_major=self._callers,
        )


def _in_words(sentence: str) -> str:
    """The sentence of the rule with the words of the headings instead of their numbers."""
    numbers = sentence.startswith("Impact")
    outer, inner = (IMPACTS, URGENCIES) if numbers else (URGENCIES, IMPACTS)
    first, _, rest = sentence.partition(":")
    for key, (title, _) in outer.items():
        first = first.replace(f" {key}", f" {said(title).lower()}")
    for key, (title, _) in inner.items():
        rest = rest.replace(f" {key}.", f" {said(title).lower()}.")
        rest = rest.replace(f" {key} ", f" {said(title).lower()} ")
    return f"{first}:{rest}"
