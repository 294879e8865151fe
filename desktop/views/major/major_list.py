"""All major incidents: the open ones with their next word, and those that are over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.action_hub import ActionHub
from desktop.actions import Scope
from desktop.text import plural
from desktop.theme.sizes import PAGE_HEAD
from desktop.views.dialogs.words import joined
from desktop.views.major.update_clock import due_words, mood_of
from desktop.views.major.values import MajorRow
from desktop.widgets.buttons import Button
from desktop.widgets.card import Rule, Screen
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import RIGHT, draw_text, hairline, text_width
from desktop.widgets.paint_badges import (
    SEVERITY_HEIGHT,
    SEVERITY_WIDTH,
    TAG_HEIGHT,
    severity_pill,
    tag,
    tag_width,
)
from desktop.widgets.paint_states import GLYPH, state_glyph, state_word
from desktop.widgets.painted_list import Index, PaintedList, paint_ground
from desktop.widgets.placeholders import EmptyState
from desktop.widgets.segmented import Segment, SegmentedControl

OPEN, ALL = "open", "all"
_ROW: Final = 56
_SEVERITY_AT: Final = 12
_STATE_AT: Final = 90
_TITLE_AT: Final = 202
_DUE_WIDTH: Final = 190


class _Rows(QStyledItemDelegate):
    """Paints a row: pill, state, key and summary, service and manager, next word."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(400, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: MajorRow = index.data(Qt.ItemDataRole.UserRole)
        box = QRectF(option.rect)
        state: QStyle.StateFlag = option.state
        paint_ground(painter, box.adjusted(0, 1, 0, -1), state)
        if not state & QStyle.StateFlag.State_Selected:
            bottom = round(box.bottom()) - 1
            hairline(painter, round(box.left()), bottom, round(box.width()), "line.subtle")
        self._paint_left(painter, box, row)
        view = self.parent()
        now = view.now if isinstance(view, MajorRows) else None
        self._paint_words(painter, box, row)
        self._paint_due(painter, box, row, now)

    def _paint_left(self, painter: QPainter, box: QRectF, row: MajorRow) -> None:
        middle = box.center().y()
        if row.severity:
            at = QPointF(box.left() + _SEVERITY_AT, middle - SEVERITY_HEIGHT / 2)
            severity_pill(painter, at, row.severity)
        else:
            room = QRectF(box.left() + _SEVERITY_AT, box.top(), SEVERITY_WIDTH, box.height())
            draw_text(painter, room, "no SEV yet", "meta", "fg.subtle")
        x = box.left() + _STATE_AT
        state_glyph(painter, QPointF(x, middle - GLYPH / 2), row.state)
        room = QRectF(x + GLYPH + 6, box.top(), _TITLE_AT - _STATE_AT - GLYPH - 10, box.height())
        draw_text(painter, room, state_word(row.state), "body")

    def _paint_words(self, painter: QPainter, box: QRectF, row: MajorRow) -> None:
        x: float = box.left() + _TITLE_AT
        end = box.right() - _DUE_WIDTH - 12
        if row.is_drill:
            mark = QRectF(x, box.top() + 8, tag_width("DRILL"), TAG_HEIGHT)
            tag(painter, mark, "DRILL", "violet")
            x += mark.width() + 8
        wide = text_width(row.number, "mono")
        draw_text(painter, QRectF(x, box.top() + 9, wide + 1, 18), row.number, "mono", "fg.muted")
        x += wide + 10
        draw_text(painter, QRectF(x, box.top() + 9, end - x, 18), row.summary, "body.medium")
        below = joined((row.service, row.manager, row.since, row.review))
        room = QRectF(box.left() + _TITLE_AT, box.top() + 30, end - box.left() - _TITLE_AT, 16)
        draw_text(painter, room, below, "meta", "fg.muted")

    def _paint_due(
        self, painter: QPainter, box: QRectF, row: MajorRow, now: datetime | None
    ) -> None:
        if row.update_due_at is None or now is None or not row.is_open:
            return
        mood = mood_of(row.update_due_at, now)
        ink = {"late": "danger.fg", "soon": "warn.fg"}.get(mood, "fg.muted")
        room = QRectF(box.right() - _DUE_WIDTH, box.top(), _DUE_WIDTH - 12, box.height())
        words = due_words(row.update_due_at, now)
        draw_text(painter, room, words, "body.tabular", ink, RIGHT)


class MajorRows(PaintedList):
    """``opened`` carries the id of the row that Enter or a double click is for."""

    opened = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__(name, _Rows)
        self.now: datetime | None = None
        self.itemDoubleClicked.connect(lambda _: self.open_current())

    def open_current(self) -> None:
        """Open the row with the keyboard."""
        if self.current:
            self.opened.emit(UUID(self.current))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_current()
            return
        super().keyPressEvent(event)


class MajorListScreen(Screen):
    """``opened`` carries the id of a major incident."""

    opened = Signal(object)

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__("bg.surface", parent)
        self.setAccessibleName(self.tr("Major incidents"))
        self._rows: tuple[MajorRow, ...] = ()
        self._count = PlainLabel("", "body.tabular", "fg.muted")
        self.which = SegmentedControl(
            self.tr("Show"), [Segment(OPEN, self.tr("Open")), Segment(ALL, self.tr("All"))]
        )
        self._drill = Button(self.tr("Start a drill…"), icon="start")
        self._drill.clicked.connect(lambda: hub.trigger("major.drill"))
        self.list = MajorRows(self.tr("Major incidents"))
        self._empty = EmptyState("major", self.tr("No major incident is open"), "")
        self._stack = QStackedWidget()
        self._build()
        self.which.chosen.connect(lambda _: self._show())
        self.list.opened.connect(self.opened)
        hub.bind(self, Scope.EVERYWHERE)

    def _build(self) -> None:
        head = QWidget()
        head.setFixedHeight(PAGE_HEAD)
        row = QHBoxLayout(head)
        row.setContentsMargins(20, 0, 16, 0)
        row.setSpacing(10)
        row.addWidget(PlainLabel(self.tr("Major incidents"), "title"))
        row.addWidget(self._count)
        row.addStretch(1)
        row.addWidget(self.which)
        row.addWidget(self._drill)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(8, 8, 8, 8)
        inner.addWidget(self.list)
        self._stack.addWidget(holder)
        self._stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(Rule("line.default"))
        column.addWidget(self._stack, 1)

    def panes(self) -> list[QWidget]:
        """Where F6 goes."""
        return [self.list if self._stack.currentIndex() == 0 else self._empty]

    def show_rows(self, rows: Sequence[MajorRow], now: datetime) -> None:
        """Show major incidents, the open ones first."""
        self._rows = tuple(rows)
        self.list.now = now
        self._show()

    def show_moment(self, now: datetime) -> None:
        """Let the countdowns go on."""
        self.list.now = now
        self.list.viewport().update()

    def _show(self) -> None:
        wants_all = self.which.current == ALL
        rows = [row for row in self._rows if wants_all or row.is_open]
        had = self.list.current or (rows[0].key if rows else "")
        self.list.show_rows(rows, had)
        one, many = self.tr("major incident"), self.tr("major incidents")
        self.list.setAccessibleName(plural(len(rows), one, many))
        self._count.setText(str(len(rows)) if rows else "")
        over = sum(not row.is_open for row in self._rows)
        past = plural(over, self.tr("is over, under All"), self.tr("are over, under All"))
        self._empty.set_texts(
            self.tr("No major incident is open") if not wants_all else self.tr("There was none"),
            self.tr("One is proposed from the menu of an incident, or by its severity and callers.")
            + (f" {past}." if over and not wants_all else ""),
        )
        self._stack.setCurrentIndex(0 if rows else 1)
