"""The lines of work that go on at the same time."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop.views.major.side_entry import SideEntry
from desktop.views.major.side_panel import SideList
from desktop.views.major.values import StreamRow
from desktop.views.tips import plain_tip
from desktop.widgets.badges import Tag
from desktop.widgets.buttons import IconButton
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel

_INDENT: Final = 5
"""Beside an icon that stands where others have an avatar of 26."""


class StreamEntry(SideEntry):
    """Name, who leads it and how much is written of it; how it stands at the right."""

    row: StreamRow | None = None

    def __init__(self) -> None:
        super().__init__()
        icon = IconLabel("split")
        self._name = PlainLabel("", "body.medium", elide=True)
        self._remark = PlainLabel("", "meta", "fg.muted", elide=True)
        self._stands = Tag("")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._remark)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addSpacing(_INDENT)
        row.addWidget(icon)
        row.addSpacing(_INDENT)
        row.addLayout(words, 1)
        row.addWidget(self._stands)

    def show_row(self, row: StreamRow, why_not: str) -> None:
        self.row = row
        self._name.setText(row.name)
        self._name.set_token("fg.default" if row.is_under_way else "fg.subtle")
        self._remark.setText(row.remark)
        self._stands.set_text(self.tr("Shown") if row.is_shown else row.stands)
        self._stands.set_tone("info" if row.is_shown else "neutral")
        self._stands.setVisible(row.is_shown or bool(row.stands))
        shown = self.tr("shown alone") if row.is_shown else ""
        words = (row.name, row.remark, row.stands, shown)
        self.setAccessibleName(", ".join(word for word in words if word))
        self.setToolTip(plain_tip(row.tip))


class StreamsPanel(SideList[StreamEntry]):
    """All lines of work, those under way first."""

    def __init__(self) -> None:
        add = IconButton("add", self.tr("Begin a work stream"), keys="Shift S", size=24)
        super().__init__(self.tr("Work streams"), add)
        self._nothing = PlainLabel(
            self.tr("Everybody works on the same. Begin a stream for each further line of work."),
            "meta", "fg.subtle", wrap=True,
        )  # fmt: skip
        self._column.addWidget(self._nothing)

    def make(self) -> StreamEntry:
        return StreamEntry()

    def show_rows(self, rows: Sequence[StreamRow], why_not: str) -> None:
        super().show_rows(rows, why_not)
        self._nothing.setVisible(not rows)
