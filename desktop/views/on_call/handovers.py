"""The next handovers as cards, and below them what the bars mean."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.theme.sizes import GUTTER_PANE, RADIUS_CARD
from desktop.theme.theme import current_theme
from desktop.views.on_call.values import NextHandover
from desktop.views.tips import plain_tip
from desktop.widgets.card import Rule, Surface
from desktop.widgets.labels import PlainLabel
from desktop.widgets.paint import (
    RIGHT,
    draw_icon,
    draw_text,
    focus_frame,
    hatch,
    rounded,
    text_width,
)
from desktop.widgets.paint_badges import TAG_HEIGHT, Tone, avatar, tag, tag_width

CARDS: Final = 3
_CARD: Final = 74
_AVATAR: Final = 24
_SWATCH: Final = (22, 12)
_SAMPLE: Final = 2
"""The tint by which the legend shows a person."""


class HandoverCard(QPushButton):
    """When, which roster, from whom to whom, and whether there is a note; it opens the note."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._handover: NextHandover | None = None
        self.setFixedHeight(_CARD)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)

    @property
    def handover(self) -> NextHandover | None:
        """What is shown."""
        return self._handover

    def show_handover(self, handover: NextHandover) -> None:
        """Show a handover."""
        if handover == self._handover:
            return
        self._handover = handover
        tips = (handover.tip, handover.warning, handover.note)
        self.setToolTip(plain_tip("\n".join(tip for tip in tips if tip)))
        tone, word, _ = self._mark(handover)
        words = (
            handover.when, handover.roster, handover.from_person, self.tr("to"),
            handover.to_person, word, handover.warning if tone else "",
        )  # fmt: skip
        self.setAccessibleName(", ".join(w for w in words if w))
        self.update()

    def _mark(self, handover: NextHandover) -> tuple[Tone, str, str | None]:
        if handover.note:
            return "ok", self.tr("note ready"), "ok"
        if handover.is_soon:
            return "warn", self.tr("no note yet"), None
        if handover.is_override:
            return "neutral", self.tr("override"), None
        return "neutral", self.tr("no note yet"), None

    def sizeHint(self) -> QSize:
        return QSize(288, _CARD)

    def minimumSizeHint(self) -> QSize:
        return QSize(190, _CARD)

    def paintEvent(self, event: QPaintEvent) -> None:
        handover, theme = self._handover, current_theme()
        if handover is None:
            return
        painter = QPainter(self)
        box = QRectF(self.rect())
        ground = "bg.hover" if self.underMouse() else "bg.surface"
        rounded(painter, box, RADIUS_CARD, theme.color(ground), theme.color("line.default"))
        if self.hasFocus():
            focus_frame(painter, box, RADIUS_CARD)
        upper = QRectF(12, 10, box.width() - 24, 18)
        taken = draw_text(painter, upper, handover.when, "body.strong.tabular")
        if handover.warning:
            draw_icon(painter, "clock.warn", "warn.fg", 12 + taken + 6, 11, 16)
            taken += 22
        draw_text(painter, upper.adjusted(taken + 12, 0, 0, 0), handover.roster, "meta",
                  "fg.muted", RIGHT)  # fmt: skip
        self._paint_people(painter, handover)
        painter.end()

    def _paint_people(self, painter: QPainter, handover: NextHandover) -> None:
        top, middle = 38, 38 + _AVATAR / 2
        avatar(painter, QPointF(12, top), _AVATAR, handover.from_person)
        draw_icon(painter, "arrow.right", "fg.muted", 42, middle - 7, 14)
        avatar(painter, QPointF(62, top), _AVATAR, handover.to_person)
        tone, word, icon = self._mark(handover)
        wide = tag_width(word, icon)
        end = self.width() - 12 - wide
        tag(painter, QRectF(end, middle - TAG_HEIGHT / 2, wide, TAG_HEIGHT), word, tone, icon)
        name = _fitting(handover.to_person, end - 8 - 94)
        draw_text(painter, QRectF(94, top, end - 8 - 94, _AVATAR), name, "body.medium")


def _fitting(name: str, room: float) -> str:
    """The whole name, or the first word of it where the whole does not fit."""
    return name if text_width(name, "body.medium") <= room else (name.split() or [""])[0]


class HandoverStrip(Surface):
    """Up to three cards beside each other."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("bg.subtle", parent)
        self._cards = [HandoverCard() for _ in range(CARDS)]
        self._none = PlainLabel(self.tr("No handover in the next 14 days."), "meta", "fg.subtle")
        row = QHBoxLayout()
        row.setSpacing(12)
        for card in self._cards:
            row.addWidget(card)
            card.clicked.connect(lambda _=False, card=card: self.opened.emit(card.handover))
        row.addWidget(self._none, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GUTTER_PANE, 10, GUTTER_PANE, 12)
        column.setSpacing(8)
        column.addWidget(PlainLabel(self.tr("Next handovers"), "meta.strong", "fg.muted"))
        column.addLayout(row)
        self.show_handovers(())

    def show_handovers(self, handovers: Sequence[NextHandover]) -> None:
        """Show the first of them."""
        self._none.setVisible(not handovers)
        for at, card in enumerate(self._cards):
            card.setVisible(at < len(handovers))
            if at < len(handovers):
                card.show_handover(handovers[at])


class Legend(QWidget):
    """What the patterns mean, and a sentence at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._usual = self.tr("Drag, or press O, to add an override.")
        self._sentence = PlainLabel(self._usual, "meta", "fg.muted", elide=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(30)
        row = QHBoxLayout(self)
        row.setContentsMargins(GUTTER_PANE, 0, GUTTER_PANE, 0)
        row.setSpacing(18)
        for kind, word in (
            ("primary", self.tr("Primary")),
            ("backup", self.tr("Backup")),
            ("override", self.tr("Override")),
            ("gap", self.tr("Gap")),
            ("you", self.tr("You")),
        ):
            row.addWidget(_Swatch(kind, word))
        row.addWidget(self._sentence, 1)

    def say(self, sentence: str) -> None:
        """Say what letting go would do; nothing brings the usual sentence back."""
        self._sentence.setText(sentence or self._usual)
        self._sentence.set_token("accent.fg" if sentence else "fg.muted")


class _Swatch(QWidget):
    def __init__(self, kind: str, word: str) -> None:
        super().__init__()
        self._kind, self._word = kind, word
        self.setAccessibleName(word)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(round(_SWATCH[0] + 8 + text_width(self._word, "meta") + 0.9), 18)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = current_theme()
        painter = QPainter(self)
        box = QRectF(0, 3, *_SWATCH)
        ground, ink = f"av.{_SAMPLE}.bg", f"av.{_SAMPLE}.fg"
        if self._kind == "backup":
            rounded(painter, box, 3, theme.color("bg.surface"), theme.color("line.control"))
        elif self._kind == "gap":
            hatch(painter, box, theme.color("danger.line"), theme.color("danger.tint"), radius=3)
            rounded(painter, box, 3, line=theme.color("danger.solid"))
        else:
            rounded(painter, box, 3, theme.color(ground))
        if self._kind == "override":
            hatch(painter, box, theme.faded(ink, 0.35), radius=3)
            rounded(painter, box, 3, line=theme.color(ink))
        if self._kind == "you":
            rounded(painter, box, 3, line=theme.color("accent.solid"), line_px=2)
        room = QRectF(_SWATCH[0] + 8, 0, self.width() - _SWATCH[0] - 8, 18)
        draw_text(painter, room, self._word, "meta", "fg.muted")
        painter.end()


def strip_with_legend(strip: HandoverStrip, legend: Legend) -> QWidget:
    """Both below each other on one ground."""
    holder = Surface("bg.subtle")
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in (Rule("line.default"), strip, Rule(), legend):
        column.addWidget(widget)
    return holder
