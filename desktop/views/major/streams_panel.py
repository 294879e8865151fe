"""The lines of work that go on at the same time."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.major.side_entry import SideEntry
from desktop.views.major.side_head import SideHead
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

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: StreamRow | None = None
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

    @property
    def about(self) -> StreamRow | None:
        """The stream."""
        return self.row

    def show_row(self, row: StreamRow) -> None:
        """Show a stream."""
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


class StreamsPanel(QWidget):
    """All lines of work, those under way first. ``added`` asks for the form of a new one."""

    menu_requested = Signal(object, QPoint)
    added = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Work streams"))
        self.entries: list[StreamEntry] = []
        self._add = IconButton("add", self.tr("Begin a work stream"), keys="Shift S", size=24)
        self._nothing = PlainLabel(
            self.tr("Everybody works on the same. Begin a stream for each further line of work."),
            "meta", "fg.subtle", wrap=True,
        )  # fmt: skip
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(SideHead(self.tr("Work streams"), button=self._add))
        self._column.addWidget(self._nothing)
        self._add.clicked.connect(self.added)

    def show_rows(self, rows: Sequence[StreamRow], why_not: str) -> None:
        """Show streams in this order; one that stays keeps the keyboard."""
        for _ in rows[len(self.entries) :]:
            entry = StreamEntry()
            entry.menu_requested.connect(self.menu_requested)
            entry.stepped.connect(partial(self._step, entry))
            self._column.addWidget(entry)
            self.entries.append(entry)
        for entry in self.entries[len(rows) :]:
            entry.hide()
            entry.deleteLater()
        del self.entries[len(rows) :]
        for entry, row in zip(self.entries, rows, strict=True):
            entry.show_row(row)
        self._nothing.setVisible(not rows)
        self._add.setEnabled(not why_not)
        self._add.setToolTip(plain_tip(why_not or self.tr("Begin a work stream (Shift S)")))

    def focus_first(self) -> None:
        """Give the keyboard to the first stream, else to what begins one."""
        first = self.entries[0] if self.entries else self._add
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _step(self, entry: StreamEntry, by: int) -> None:
        at = min(max(self.entries.index(entry) + by, 0), len(self.entries) - 1)
        self.entries[at].setFocus(Qt.FocusReason.TabFocusReason)
