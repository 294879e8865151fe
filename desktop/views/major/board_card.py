"""One card of the board: what is seen, believed or tried, and what became of it."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from desktop.theme.sizes import RADIUS_CARD
from desktop.theme.theme import current_theme
from desktop.views.major.values import CardView
from desktop.views.major.words import VERDICTS, kind_word, verdict_word
from desktop.views.tips import plain_tip
from desktop.widgets.paint import RIGHT, draw_text, focus_frame, rounded, shortened, text_width
from desktop.widgets.paint_badges import TAG_HEIGHT, tag, tag_width
from services.major_incidents.entries import VERDICTS as VERDICTS_OF
from services.major_incidents.entries import Verdict

HEIGHT: Final = 80
_PAD: Final = 10
_LINES: Final = 2
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def lines_of(text: str, role: str, width: float, most: int) -> list[str]:
    """The text in at most so many lines; the last one is shortened to fit."""
    layout = QTextLayout(text.replace("\n", " "), current_theme().font(role))
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    found: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start, length = line.textStart(), line.textLength()
        if len(found) == most - 1:
            found.append(shortened(layout.text()[start:].strip(), role, width))
            break
        found.append(layout.text()[start : start + length].strip())
    layout.endLayout()
    return found


class BoardCard(QWidget):
    """80 high. Arrows go to its neighbours, figures give a verdict, Enter opens its menu.

    ``verdict_chosen`` carries the verdict; ``drag_moved`` and ``dropped`` where a card that is
    dragged is, in the whole window; ``stepped`` columns and rows to the neighbour wanted.
    """

    verdict_chosen = Signal(object)
    menu_requested = Signal(QPoint)
    drag_moved = Signal(QPoint)
    dropped = Signal(QPoint)
    drag_cancelled = Signal()
    stepped = Signal(int, int)

    def __init__(self, card: CardView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: QPoint | None = None
        self._is_dragged = False
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.show_card(card)

    def show_card(self, card: CardView) -> None:
        """Show another state of the card."""
        self.card = card
        verdict = verdict_word(card.verdict) if card.verdict else ""
        words = (kind_word(card.kind.value), card.text, verdict, card.stamp)
        self.setAccessibleName(", ".join(word for word in words if word))
        self.setToolTip(plain_tip(card.tip))
        self.update()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What may become of it, in order."""
        return VERDICTS_OF.get(self.card.kind, ())

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    # -- by hand ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position().toPoint()
            self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not self.card.verdict:
            return
        way = event.position().toPoint() - self._pressed
        if self._is_dragged or way.manhattanLength() >= QApplication.startDragDistance():
            self._is_dragged = True
            self.update()
            self.drag_moved.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_dragged, self._is_dragged, self._pressed = self._is_dragged, False, None
        self.update()
        if was_dragged:
            self.dropped.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._open_menu()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._is_dragged:
            self._is_dragged, self._pressed = False, None
            self.update()
            self.drag_cancelled.emit()
        elif key in _STEPS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.stepped.emit(*_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open_menu()
        elif self.card.verdict and (verdict := self._verdict_of(event.text())) is not None:
            self.verdict_chosen.emit(verdict)
        else:
            event.ignore()

    def _verdict_of(self, figure: str) -> Verdict | None:
        at = int(figure) - 1 if figure.isdecimal() else -1
        return self.verdicts[at] if 0 <= at < len(self.verdicts) else None

    def _open_menu(self) -> None:
        self.menu_requested.emit(self.mapToGlobal(QPoint(0, self.height())))

    # -- paint --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(self.rect())
        ground = "bg.hover" if self.underMouse() or self._is_dragged else "bg.surface"
        rounded(painter, box, RADIUS_CARD, theme.color(ground), theme.color("line.default"))
        if self.hasFocus() or self._is_dragged:
            focus_frame(painter, box, RADIUS_CARD)
        line_px = theme.role("body").line_px
        room = box.width() - 2 * _PAD
        for at, line in enumerate(lines_of(self.card.text, "body", room, _LINES)):
            draw_text(painter, QRectF(_PAD, 7 + at * line_px, room + 1, line_px), line)
        self._paint_foot(painter, box)
        painter.end()

    def _paint_foot(self, painter: QPainter, box: QRectF) -> None:
        top, width = box.height() - TAG_HEIGHT - 8, 0
        if self.card.verdict is not None:
            look, word = VERDICTS[self.card.verdict], verdict_word(self.card.verdict)
            width = tag_width(word, look.icon)
            place = QRectF(QPointF(_PAD, top), QPointF(_PAD + width, top + TAG_HEIGHT))
            tag(painter, place, word, look.tone, look.icon)
        wide = text_width(self.card.stamp, "meta.tabular") + 2
        if width + wide + 2 * _PAD + 6 > box.width():
            return
        right = QRectF(box.width() - _PAD - wide, top, wide, TAG_HEIGHT)
        draw_text(painter, right, self.card.stamp, "meta.tabular", "fg.muted", RIGHT)
