"""What was told before: every update with what became of it at each outlet."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.views.composer.strips import verb_text
from desktop.views.composer.values import ComposerVerb, ReceiptLine, ToldLine
from desktop.widgets.card import Card, Rule
from desktop.widgets.columns import emptied
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import LinkLabel, PlainLabel
from desktop.widgets.paint_badges import TAG_HEIGHT, Tone, tag, tag_width
from desktop.widgets.placeholders import EmptyState


class TagLabel(QWidget):
    """A tag as a widget."""

    def __init__(self, text: str, tone: Tone = "neutral", icon: str | None = None) -> None:
        super().__init__()
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(tag_width(self._text, self._icon), TAG_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tag(painter, QRectF(self.rect()), self._text, self._tone, self._icon)
        painter.end()


class _Receipt(QWidget):
    def __init__(self, line: ReceiptLine) -> None:
        super().__init__()
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel(line.icon, line.tone, 14))
        row.addWidget(PlainLabel(line.outlet, "meta", elide=True), 1)
        row.addWidget(PlainLabel(line.state, "meta.medium.tabular", line.tone))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        if line.reason:
            reason = PlainLabel(f"“{line.reason}”", "meta", "fg.muted", wrap=True, selectable=True)
            reason.setContentsMargins(22, 0, 0, 0)
            column.addWidget(reason)
        self.setAccessibleName(f"{line.outlet}, {line.state} {line.reason}".strip())


class _Told(Card):
    corrected = Signal()

    def __init__(self, line: ToldLine) -> None:
        super().__init__(margins=(12, 10, 12, 10))
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(PlainLabel(line.title, "body.strong"))
        for mark in line.marks:
            head.addWidget(TagLabel(mark, "warn"))
        head.addStretch(1)
        head.addWidget(PlainLabel(line.when, "meta.tabular", "fg.subtle"))
        self.body.setSpacing(6)
        self.body.addLayout(head)
        self.body.addWidget(PlainLabel(line.text, "body", wrap=True, selectable=True))
        self.body.addWidget(PlainLabel(line.by, "meta", "fg.subtle"))
        if line.receipts:
            self.body.addWidget(Rule())
        for receipt in line.receipts:
            self.body.addWidget(_Receipt(receipt))
        self._add_correction(line)

    def _add_correction(self, line: ToldLine) -> None:
        if not line.may_correct:
            return
        link = LinkLabel(verb_text(ComposerVerb.CORRECT))
        link.linkActivated.connect(lambda _: self.corrected.emit())
        self.body.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)


class ToldList(QWidget):
    """Newest first. ``asked`` carries the verb and the id of an update."""

    asked = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[ToldLine, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)

    def show_lines(self, lines: Sequence[ToldLine]) -> None:
        """Show them; what is the same is left alone."""
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        emptied(self._column)
        for line in self._shown:
            card = _Told(line)
            card.corrected.connect(partial(self.asked.emit, ComposerVerb.CORRECT, line.id))
            self._column.addWidget(card)
        if not lines:
            sentence = self.tr("The first word is due within minutes of acceptance.")
            self._column.addWidget(
                EmptyState("status.page", self.tr("Nobody has been told yet"), sentence)
            )
        self._column.addStretch(1)
