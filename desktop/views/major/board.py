"""The board: observations, theories and experiments beside each other."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_PANE, RADIUS_CARD
from desktop.theme.theme import current_theme
from desktop.views.dialogs.controls import scrolled
from desktop.views.dialogs.words import filled
from desktop.views.major.board_card import HEIGHT as CARD
from desktop.views.major.board_card import BoardCard
from desktop.views.major.values import CardView
from desktop.views.major.words import KINDS, verdict_word
from desktop.widgets.buttons import IconButton
from desktop.widgets.card import Surface
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import CENTER, draw_text, rounded
from services.major_incidents.entries import VERDICTS as VERDICTS_OF
from services.major_incidents.entries import EntryKind, Verdict

HEIGHT: Final = 218
_GAP: Final = 8
_COLUMNS: Final = (EntryKind.OBSERVATION, EntryKind.THEORY, EntryKind.EXPERIMENT)


class VerdictTargets(QWidget):
    """Where a dragged card may be let go: one field a verdict, the one below it outlined."""

    def __init__(self, verdicts: Sequence[Verdict], parent: QWidget) -> None:
        super().__init__(parent)
        self._verdicts = tuple(verdicts)
        self._over: Verdict | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def _field(self, at: int) -> QRectF:
        height = (self.height() - (len(self._verdicts) - 1) * 4) / len(self._verdicts)
        return QRectF(0, at * (height + 4), self.width(), height)

    def verdict_at(self, place: QPoint) -> Verdict | None:
        """The verdict of the field at a place of this widget."""
        fields = enumerate(self._verdicts)
        return next((v for at, v in fields if self._field(at).contains(place)), None)

    def show_over(self, verdict: Verdict | None) -> None:
        """Outline the field that letting go now would mean."""
        self._over = verdict
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("bg.subtle"))
        for at, verdict in enumerate(self._verdicts):
            box, is_over = self._field(at), verdict is self._over
            line = theme.color("focus" if is_over else "line.control")
            ground = theme.color("accent.tint" if is_over else "bg.surface")
            rounded(painter, box, RADIUS_CARD, ground, line, 2 if is_over else 1)
            words = f"{at + 1}  {verdict_word(verdict)}"
            draw_text(painter, box, words, "body.medium", "fg.default", CENTER)
        painter.end()


class BoardColumn(QWidget):
    """One kind of cards with a button that adds another."""

    added = Signal()
    hinted = Signal(str)
    verdict_chosen = Signal(object, object)
    menu_requested = Signal(object, QPoint)
    stepped = Signal(object, int, int)

    def __init__(self, kind: EntryKind, title: str, add: str, keys: str) -> None:
        super().__init__()
        self.kind = kind
        self.cards: list[BoardCard] = []
        self._title = title
        self._count = PlainLabel("", "body.tabular", "fg.muted")
        self._add = IconButton("add", add, keys=keys, size=24)
        self._holder = QWidget()
        self._list = QVBoxLayout(self._holder)
        self._nothing = PlainLabel("", "meta", "fg.subtle", wrap=True)
        self._area: QScrollArea = scrolled(self._holder)
        self._targets = VerdictTargets(VERDICTS_OF[kind], self)
        self._build(title)
        self._add.clicked.connect(self.added)

    def _build(self, title: str) -> None:
        self.setAccessibleName(title)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconLabel(KINDS[self.kind.value].icon))
        head.addWidget(PlainLabel(title, "body.strong"))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._add)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(_GAP)
        self._list.addWidget(self._nothing)
        self._list.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._area, 1)

    def show_cards(self, cards: Sequence[CardView], nothing: str) -> None:
        """Show cards in this order; one that stays keeps the keyboard."""
        had = next((w.card.entry_id for w in self.cards if w.hasFocus()), None)
        for card in cards[len(self.cards) :]:
            self._make(card)
        for widget in self.cards[len(cards) :]:
            widget.hide()
            widget.deleteLater()
        del self.cards[len(cards) :]
        for widget, card in zip(self.cards, cards, strict=True):
            widget.show_card(card)
            if card.entry_id == had:
                widget.setFocus()
        self._count.setText(str(len(cards)))
        self._nothing.setText(nothing)
        self._nothing.setVisible(not cards)
        self.setAccessibleName(f"{self._title}, {len(cards)}")

    def _make(self, card: CardView) -> None:
        widget = BoardCard(card)
        widget.verdict_chosen.connect(lambda verdict: self._choose(widget, verdict))
        widget.menu_requested.connect(lambda at: self.menu_requested.emit(widget.card, at))
        widget.drag_moved.connect(partial(self._drag, widget))
        widget.dropped.connect(partial(self._drop, widget))
        widget.drag_cancelled.connect(self._end_drag)
        widget.stepped.connect(lambda x, y: self.stepped.emit(widget, x, y))
        self._list.insertWidget(self._list.count() - 1, widget)
        self.cards.append(widget)

    def set_writable(self, why_not: str) -> None:
        """Say whether a card may be added."""
        self._add.setEnabled(not why_not)

    def _choose(self, widget: BoardCard, verdict: Verdict) -> None:
        if verdict is not widget.card.verdict:
            self.verdict_chosen.emit(widget.card, verdict)

    def _drag(self, widget: BoardCard, place: QPoint) -> None:
        self._targets.setGeometry(self._area.geometry())
        verdict = self._targets.verdict_at(self._targets.mapFromGlobal(place))
        self._targets.show_over(verdict)
        word = verdict_word(verdict) if verdict else ""
        over = filled(self.tr("Let go to say: %1"), word)
        self.hinted.emit(over if verdict else self.tr("Let go on a verdict, Esc to leave it"))

    def _drop(self, widget: BoardCard, place: QPoint) -> None:
        verdict = self._targets.verdict_at(self._targets.mapFromGlobal(place))
        self._end_drag()
        if verdict is not None:
            self._choose(widget, verdict)

    def _end_drag(self) -> None:
        self._targets.hide()
        self.hinted.emit("")

    def reveal(self, at: int) -> BoardCard | None:
        """Give the keyboard to a card, the nearest where there is none of that number."""
        if not self.cards:
            return None
        widget = self.cards[min(max(at, 0), len(self.cards) - 1)]
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        self._area.ensureWidgetVisible(widget, 0, _GAP)
        return widget


class Board(Surface):
    """218 high: two cards of each kind are seen at once, the others below them.

    ``added`` carries the kind, ``verdict_chosen`` card and verdict, ``menu_requested`` card and
    place, ``hinted`` what letting go would do.
    """

    added = Signal(str)
    verdict_chosen = Signal(object, object)
    menu_requested = Signal(object, QPoint)
    hinted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bg.subtle", parent)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(self.tr("Board"))
        titles = {
            EntryKind.OBSERVATION: (self.tr("Observations"), self.tr("Add observation"), "O"),
            EntryKind.THEORY: (self.tr("Theories"), self.tr("Add theory"), "B"),
            EntryKind.EXPERIMENT: (self.tr("Experiments"), self.tr("Add experiment"), "X"),
        }
        self._nothing = {
            EntryKind.OBSERVATION: self.tr("What is seen goes here. Press O."),
            EntryKind.THEORY: self.tr("What could be the cause? Press B."),
            EntryKind.EXPERIMENT: self.tr("What would prove it? Press X."),
        }
        self._is_writable = True
        self.columns = {kind: BoardColumn(kind, *titles[kind]) for kind in _COLUMNS}
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE, 0, GUTTER_PANE, 0)
        row.setSpacing(12)
        for kind, column in self.columns.items():
            row.addWidget(column, 1)
            column.added.connect(partial(self.added.emit, kind.value))
            column.verdict_chosen.connect(self.verdict_chosen)
            column.menu_requested.connect(self.menu_requested)
            column.hinted.connect(self.hinted)
            column.stepped.connect(self._step)

    def show_cards(self, cards: Sequence[CardView]) -> None:
        """Show the board."""
        for kind, column in self.columns.items():
            nothing = self._nothing[kind] if self._is_writable else ""
            column.show_cards([c for c in cards if c.kind is kind], nothing)

    def set_writable(self, why_not: str) -> None:
        """Say whether cards may be added; where none may, nobody is asked for any."""
        self._is_writable = not why_not
        for column in self.columns.values():
            column.set_writable(why_not)

    def _step(self, widget: BoardCard, by_column: int, by_row: int) -> None:
        at = _COLUMNS.index(widget.card.kind)
        row = self.columns[widget.card.kind].cards.index(widget)
        if by_row:
            self.columns[widget.card.kind].reveal(row + by_row)
            return
        at += by_column
        while 0 <= at < len(_COLUMNS):
            if self.columns[_COLUMNS[at]].reveal(row) is not None:
                return
            at += by_column


assert 2 * CARD + _GAP < HEIGHT, "two cards of each kind are seen at once"
