"""The rota: rosters below each other, days beside each other, a bar for each turn."""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from desktop.views.on_call.rota_hand import RotaHand
from desktop.views.on_call.rota_head import RotaHead
from desktop.views.on_call.rota_layout import Placed, RotaLayout
from desktop.views.on_call.rota_rows import RowPainter
from desktop.views.on_call.values import Bar, RosterRow, RotaPage
from desktop.views.on_call.wishes import Hold
from desktop.views.tips import plain_tip

_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CURSORS: Final = {
    Hold.START: Qt.CursorShape.SizeHorCursor,
    Hold.END: Qt.CursorShape.SizeHorCursor,
    Hold.WHOLE: Qt.CursorShape.OpenHandCursor,
    Hold.EMPTY: Qt.CursorShape.CrossCursor,
}


class RotaGrid(QAbstractScrollArea):
    """Bars to look at, to walk through with arrows, and to draw, resize and swap.

    ``wished`` carries what was asked by hand or by keys; nothing changes until the page does.
    ``bar_chosen`` follows the current bar, ``bar_opened`` is Enter, a double
    click or the other button on it.
    ``edge_crossed`` asks for the page before (-1) or after (1). ``hinted`` says in words what
    letting go would do. ``head`` stands above it, as wide as it.
    """

    wished = Signal(object)
    bar_chosen = Signal(object, object)
    bar_opened = Signal(object, object)
    edge_crossed = Signal(int)
    hinted = Signal(str)

    def __init__(self, page: RotaPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = page
        self._layout = RotaLayout(page, 0)
        self._current: tuple[object, str] | None = None
        self._rows = RowPainter(self)
        self.hand = RotaHand(self)
        self.head = RotaHead(page)
        self.setAccessibleName(self.tr("Rota"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.hand.moved.connect(self._repaint_draft)
        self.hand.hinted.connect(self.hinted)
        self.hand.wished.connect(self.wished)

    # -- what is shown ----------------------------------------------------------------------

    @property
    def page(self) -> RotaPage:
        """The page shown."""
        return self._page

    @property
    def layout_now(self) -> RotaLayout:
        """Where everything of the page lies."""
        return self._layout

    def show_page(self, page: RotaPage) -> None:
        """Show another page, painting again only what differs: bars, and the line of now."""
        before = self._layout
        self._page = page
        self.hand.let_go()
        self._lay_out()
        self._repaint(before, self._layout)

    def _lay_out(self) -> None:
        self._layout = RotaLayout(self._page, self.viewport().width())
        room = self.viewport().height()
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._layout.height - room))
        bar.setPageStep(room)
        bar.setSingleStep(29)
        self.head.show_page(self._page, self.width() - self.viewport().width())

    def _repaint(self, before: RotaLayout, after: RotaLayout) -> None:
        if _frame_of(before) != _frame_of(after):
            self.viewport().update()
            return
        then = {(p.roster_id, p.bar.key): p for p in before.bars()}
        now = {(p.roster_id, p.bar.key): p for p in after.bars()}
        for key in then.keys() | now.keys():
            one, other = then.get(key), now.get(key)
            if one != other:
                for placed in (one, other):
                    self._update(placed)
        lines = [self._rows.now_strip(layout) for layout in (before, after)]
        if lines[0] != lines[1]:
            for line in lines:
                self.viewport().update(line.translated(0, -self._scrolled))

    def _update(self, placed: Placed | None) -> None:
        if placed is not None:
            self.viewport().update(placed.dirty.translated(0, -self._scrolled))

    def _repaint_draft(self, box: QRect) -> None:
        self.viewport().update(box.translated(0, -self._scrolled))

    @property
    def _scrolled(self) -> int:
        return self.verticalScrollBar().value()

    # -- the current bar --------------------------------------------------------------------

    @property
    def current(self) -> Placed | None:
        """The bar that has the keyboard."""
        if self._current is None:
            return None
        roster_id, key = self._current
        return next(
            (p for p in self._layout.bars() if (p.roster_id, p.bar.key) == (roster_id, key)), None
        )

    @property
    def current_row(self) -> RosterRow | None:
        """The roster of the current bar."""
        placed = self.current
        return self._layout.row(placed.place.row) if placed else None

    def choose(self, placed: Placed | None) -> None:
        """Give the keyboard to a bar, bring it into view and say its name."""
        if placed is None:
            return
        before = self.current
        self._current = (placed.roster_id, placed.bar.key)
        self._show(placed)
        self._update(before)
        self._update(placed)
        event = QAccessibleEvent(self, QAccessible.Event.Focus)
        event.setChild(list(self._layout.bars()).index(placed))
        QAccessible.updateAccessibility(event)
        self.bar_chosen.emit(self._layout.row(placed.place.row), placed.bar)

    def choose_bar(self, roster_id: object, bar: Bar) -> None:
        """Give the keyboard to the bar of a roster that covers the beginning of another."""
        for placed in self._layout.bars():
            shown = placed.bar
            if placed.roster_id == roster_id and shown.starts_at <= bar.starts_at < shown.ends_at:
                self.choose(placed)
                return

    def choose_usual(self) -> None:
        """Where one begins: one's own shift, best the one that is running, else the first bar."""
        now = self._page.now
        bars = list(self._layout.bars())
        own = [placed for placed in bars if placed.bar.is_you]
        running = [p for p in own if p.bar.starts_at <= now < p.bar.ends_at]
        self.choose(next(iter([*running, *own, *bars]), None))

    def choose_edge(self, side: int) -> None:
        """After turning the page: stay in the row, at the side one came from."""
        line = self._current[0] if self._current else None
        bars = [p for p in self._layout.bars() if line is None or p.roster_id == line]
        if bars:
            self.choose(bars[0] if side > 0 else bars[-1])

    def screen_box(self, placed: Placed) -> QRect:
        """The box of a bar on the screen."""
        box = placed.box.toAlignedRect().translated(0, -self._scrolled)
        return QRect(self.viewport().mapToGlobal(box.topLeft()), box.size())

    def _show(self, placed: Placed) -> None:
        bar, top = self.verticalScrollBar(), int(placed.box.top())
        if top - 8 < bar.value():
            bar.setValue(top - 8)
        elif top + 40 > bar.value() + self.viewport().height():
            bar.setValue(top + 40 - self.viewport().height())

    # -- what Qt calls ----------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.translate(0, -self._scrolled)
        region = event.region().translated(0, self._scrolled)
        current = self.current if self.hasFocus() else None
        self._rows.paint(painter, region, self._layout, current, self.hand.draft)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(0, dy)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        by_keys = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        if self.current is None and by_keys:
            self.choose_usual()
        self._update(self.current)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.hand.let_go()
        self._update(self.current)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, step = Qt.Key(event.key()), _ARROWS.get(Qt.Key(event.key()))
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            begins = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.hand.push(self._layout, self.current, *step, begins=begins)
        elif step is not None and not self.hand.draft:
            self._walk(*step)
        elif key in _ENTER and self.hand.draft:
            self.hand.drop()
        elif key in _ENTER and (placed := self.current):
            self.bar_opened.emit(self._layout.row(placed.place.row), placed.bar)
        elif key == Qt.Key.Key_Escape and self.hand.draft:
            self.hand.let_go()
        else:
            event.ignore()

    def _walk(self, across: int, down: int) -> None:
        placed = self._layout.neighbour(self.current, across, down)
        if placed is not None:
            self.choose(placed)
        elif across:
            self.edge_crossed.emit(across)

    def _place(self, event: QMouseEvent) -> QPoint:
        return event.position().toPoint() + QPoint(0, self._scrolled)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        point = self._place(event)
        placed = self._layout.bar_at(point)
        self.choose(placed)
        self.hand.press(self._layout, placed, point)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self._place(event)
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.hand.drag(self._layout, point)
        else:
            self.viewport().setCursor(self._cursor_at(point))

    def _cursor_at(self, point: QPoint) -> Qt.CursorShape:
        placed = self._layout.bar_at(point)
        if placed is not None:
            return _CURSORS[self._layout.hold_at(placed, point)]
        in_days = point.x() > self._layout.scale.left and self._layout.row_at(point.y()) >= 0
        return _CURSORS[Hold.EMPTY] if in_days else Qt.CursorShape.ArrowCursor

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.hand.draft:
            self.hand.drop()
        self.hand.let_go()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        placed = self._layout.bar_at(self._place(event))
        if placed is not None:
            self.bar_opened.emit(self._layout.row(placed.place.row), placed.bar)

    def _tip_at(self, point: QPoint) -> str:
        placed, row = self._layout.bar_at(point), self._layout.row_at(point.y())
        if placed is not None:
            return placed.bar.tip
        in_label = row >= 0 and point.x() < self._layout.scale.left
        return self._layout.row(row).tip if in_label else ""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() is QContextMenuEvent.Reason.Keyboard
        point = event.pos() + QPoint(0, self._scrolled)
        placed = self.current if by_keys else self._layout.bar_at(point)
        if placed is not None:
            self.choose(placed)
            self.bar_opened.emit(self._layout.row(placed.place.row), placed.bar)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tip = self._tip_at(event.pos() + QPoint(0, self._scrolled))
            QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            return True
        return super().viewportEvent(event)


def _frame_of(layout: RotaLayout) -> tuple[object, ...]:
    """What the whole ground of a page depends on."""
    page = layout.page
    rows = tuple((row.roster_id, row.name, row.subtitle, len(row.lanes)) for row in page.rows)
    return layout.width, page.first_day, page.days, page.zone, rows
