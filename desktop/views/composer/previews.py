"""The update as each outlet gets it, with the limit of the channel."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.text import count_text
from desktop.views.composer.values import PreviewLine
from desktop.views.dialogs.words import filled
from desktop.widgets.card import Card
from desktop.widgets.columns import emptied
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.placeholders import EmptyState


class _Preview(Card):
    def __init__(self, line: PreviewLine) -> None:
        super().__init__(margins=(12, 10, 12, 10))
        is_over = bool(line.limit) and line.used > line.limit
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(IconLabel(line.icon, size=14))
        head.addWidget(PlainLabel(line.outlet, "body.strong", elide=True), 1)
        if line.limit:
            count = filled(self.tr("%1 of %2"), count_text(line.used), count_text(line.limit))
            token = "warn.fg" if is_over else "fg.subtle"
            head.addWidget(PlainLabel(count, "meta.tabular", token))
        self.body.setSpacing(6)
        self.body.addLayout(head)
        if line.title:
            self.body.addWidget(PlainLabel(line.title, "body.medium", wrap=True))
        self.body.addWidget(PlainLabel(line.text, "body", "fg.muted", wrap=True, selectable=True))
        remark = line.remark
        if is_over:
            remark = self.tr("Too long here: it ends where the limit is, and says so.")
        if remark:
            token = "warn.fg" if is_over else "fg.subtle"
            self.body.addWidget(PlainLabel(remark, "meta", token, wrap=True))


class Previews(QWidget):
    """A card for each outlet."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[PreviewLine, ...] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)

    def show_lines(self, lines: Sequence[PreviewLine]) -> None:
        """Show them; what is the same is left alone."""
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        emptied(self._column)
        for line in self._shown:
            self._column.addWidget(_Preview(line))
        if not lines:
            sentence = self.tr("An administrator gives the page its outlets under Status pages.")
            self._column.addWidget(
                EmptyState("status.page", self.tr("It goes nowhere yet"), sentence)
            )
        self._column.addStretch(1)
