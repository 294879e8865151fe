"""The nine steps of the response in one line, and the three verbs that matter most."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QWidget

from desktop.action_hub import ActionHub, keys_of
from desktop.theme.sizes import GUTTER_PANE
from desktop.theme.theme import current_theme
from desktop.views.major.values import StepStanding, StepView
from desktop.views.tips import plain_tip
from desktop.widgets.buttons import Button
from desktop.widgets.card import Surface
from desktop.widgets.paint import draw_icon, draw_text, text_width

HEIGHT: Final = 40
_GLYPH: Final = 16
_WORD_AT: Final = 22
_DASH: Final = 14
_GAP: Final = 8


class Steps(QWidget):
    """Glyph and word of each step; where there is no room only the step under way has its word.

    ``step_chosen`` carries the key of the one clicked.
    """

    step_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[StepView, ...] = ()
        self._places: list[tuple[QRectF, StepView]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)

    def show_steps(self, steps: Sequence[StepView]) -> None:
        """Show how far the response is."""
        self._steps = tuple(steps)
        done = sum(step.standing is StepStanding.DONE for step in self._steps)
        now = next((s for s in self._steps if s.standing is StepStanding.NOW), None)
        under_way = f", {now.word} is under way" if now else ""
        self.setAccessibleName(f"{done} of {len(self._steps)} steps are done{under_way}")
        self.updateGeometry()
        self.update()

    def _width_of(self, step: StepView, *, with_word: bool) -> float:
        if not with_word:
            return _GLYPH
        role = "body.strong" if step.standing is StepStanding.NOW else "body"
        return _WORD_AT + text_width(step.word, role) + 1

    def _width(self, *, with_words: bool) -> float:
        dashes = (len(self._steps) - 1) * (_DASH + 2 * _GAP)
        return dashes + sum(
            self._width_of(s, with_word=with_words or s.standing is StepStanding.NOW)
            for s in self._steps
        )

    def sizeHint(self) -> QSize:
        return QSize(round(self._width(with_words=True) + 0.9), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(round(self._width(with_words=False) + 0.9), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        with_words = self._width(with_words=True) <= self.width()
        self._places = []
        x = 0.0
        for at, step in enumerate(self._steps):
            if at:
                self._paint_dash(painter, x + _GAP)
                x += _DASH + 2 * _GAP
            with_word = with_words or step.standing is StepStanding.NOW
            width = self._width_of(step, with_word=with_word)
            self._paint_step(painter, step, x, width, with_word=with_word)
            self._places.append((QRectF(x - _GAP / 2, 0, width + _GAP, HEIGHT), step))
            x += width
        painter.end()

    def _paint_dash(self, painter: QPainter, x: float) -> None:
        theme = current_theme()
        painter.fillRect(QRectF(round(x), HEIGHT // 2, _DASH, 1), theme.color("line.default"))

    def _paint_step(
        self, painter: QPainter, step: StepView, x: float, width: float, *, with_word: bool
    ) -> None:
        top = (HEIGHT - _GLYPH) / 2
        if step.standing is StepStanding.DONE:
            draw_icon(painter, "step.done", "ok.fg", x, top)
        else:
            self._paint_ring(painter, QPointF(round(x), top), step.standing is StepStanding.NOW)
        if with_word:
            is_now = step.standing is StepStanding.NOW
            role, ink = ("body.strong", "fg.default") if is_now else ("body", "fg.muted")
            room = QRectF(x + _WORD_AT, 0, width - _WORD_AT + 1, HEIGHT)
            draw_text(painter, room, step.word, role, ink)

    def _paint_ring(self, painter: QPainter, at: QPointF, is_now: bool) -> None:
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent.fg" if is_now else "line.control"), 1.6))
        painter.drawEllipse(QRectF(at.x() + 1.5, at.y() + 1.5, 13, 13))
        if is_now:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent.fg"))
            painter.drawEllipse(QRectF(at.x() + 4.5, at.y() + 4.5, 7, 7))
        painter.restore()

    def _step_at(self, at: QPointF) -> StepView | None:
        return next((step for box, step in self._places if box.contains(at)), None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        step = self._step_at(event.position())
        if step is not None and event.button() == Qt.MouseButton.LeftButton:
            self.step_chosen.emit(step.key)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            step = self._step_at(QPointF(event.pos()))
            words = f"{step.word}. {step.tip}" if step else ""
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().event(event)


class StepStrip(Surface):
    """40 high: the steps at the left, Page, Severity and Resolve at the right."""

    def __init__(self, hub: ActionHub, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName(self.tr("Steps of the response"))
        self.steps = Steps()
        self._buttons = {
            verb: Button(text, icon=icon, keys=keys_of(f"major.{verb}"))
            for verb, text, icon in (
                ("page", self.tr("Page"), "bell"),
                ("severity", self.tr("Severity"), "major"),
                ("resolve", self.tr("Resolve"), "resolve"),
            )
        }
        self._sides = {
            "roles": Button(self.tr("Roles"), icon="people", keys=keys_of("major.roles")),
            "update": Button(self.tr("Update"), icon="status.page", keys=keys_of("major.update")),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, GUTTER_PANE, 0)
        row.setSpacing(8)
        row.addWidget(self.steps, 1)
        for verb, button in self._sides.items():
            button.clicked.connect(lambda _=False, id_=f"major.{verb}": hub.trigger(id_))
            row.addWidget(button)
            button.hide()
        for verb, button in self._buttons.items():
            button.clicked.connect(lambda _=False, id_=f"major.{verb}": hub.trigger(id_))
            row.addWidget(button)

    def offer(self, side: str) -> None:
        """Offer the side that has no room now: ``roles``, ``update`` or none."""
        for verb, button in self._sides.items():
            button.setVisible(verb == side)

    def show_refusals(self, refusals: Mapping[str, str]) -> None:
        """Switch off what is refused and say why."""
        for verb, button in self._buttons.items():
            why = refusals.get(verb, "")
            button.setEnabled(not why)
            button.setToolTip(plain_tip(why))
