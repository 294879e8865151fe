"""Where the response meets: chat room, bridge, state document."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.views.dialogs.words import filled
from desktop.views.major.side_panel import SidePanel
from desktop.views.major.values import ChannelRow
from desktop.views.tips import plain_tip
from desktop.widgets.buttons import IconButton
from desktop.widgets.icon_label import IconLabel
from desktop.widgets.labels import PlainLabel
from services.major_incidents.major import ChannelKind

ICONS: Final = {
    ChannelKind.CHAT: "chat.room",
    ChannelKind.BRIDGE: "bridge",
    ChannelKind.DOCUMENT: "templates",
}


class ChannelEntry(QWidget):
    """42 high: what it is, its address, copy and open; below it, what is amiss."""

    copied = Signal(object)
    opened = Signal(object)
    retried = Signal(object)
    menu_requested = Signal(object, QPoint)

    def __init__(self, row: ChannelRow) -> None:
        super().__init__()
        self.row = row
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(PlainLabel(row.name, "meta", "fg.muted", elide=True))
        address = row.shown or row.address
        words.addWidget(PlainLabel(address, "body.medium", self._ink, elide=True))
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(IconLabel(ICONS[row.kind]))
        line.addSpacing(4)
        line.addLayout(words, 1)
        for button in self._buttons():
            line.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QWidget()
        head.setFixedHeight(42)
        line.setContentsMargins(0, 0, 0, 0)
        head.setLayout(line)
        column.addWidget(head)
        for note in row.notes:
            column.addLayout(self._note(note, is_last=note == row.notes[-1]))
        self.setAccessibleName(", ".join((row.name, address, *row.notes)))
        self.setToolTip(plain_tip(row.access))

    @property
    def _ink(self) -> str:
        if self.row.is_wrong:
            return "danger.fg"
        return "accent.fg" if self.row.is_made else "fg.subtle"

    def _buttons(self) -> Sequence[IconButton]:
        """Copy and open, where people can meet or could."""
        row = self.row
        if row.is_wrong:
            return []
        copy = IconButton("copy", filled(self.tr("Copy %1"), row.address or row.name))
        copy.clicked.connect(partial(self.copied.emit, row))
        opening = IconButton("open.window", filled(self.tr("Open %1"), row.shown or row.name))
        opening.clicked.connect(partial(self.opened.emit, row))
        copy.setEnabled(bool(row.address))
        opening.setEnabled(bool(row.link))
        if not row.link:
            opening.setToolTip(self.tr("Only web addresses can be opened; copy it instead"))
        return [copy, opening]

    def _note(self, text: str, *, is_last: bool) -> QHBoxLayout:
        """What is amiss; behind the last of it, a button to try again."""
        ink = "danger.fg" if self.row.is_wrong else "warn.fg"
        line = QHBoxLayout()
        line.setContentsMargins(24, 0, 0, 4)
        line.addWidget(PlainLabel(text, "meta", ink, wrap=True), 1)
        if is_last and self.row.may_retry:
            name = filled(self.tr("Try again: %1"), self.row.shown or self.row.name)
            retry = IconButton("refresh", name, size=24)
            retry.clicked.connect(partial(self.retried.emit, self.row))
            line.addWidget(retry, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(self.row, event.globalPos())


class ChannelsPanel(SidePanel):
    """Where to copy an address, to open it, to try a room again."""

    copied = Signal(object)
    opened = Signal(object)
    retried = Signal(object)

    def __init__(self) -> None:
        add = IconButton("add", self.tr("Add a channel"), keys="L", size=24)
        super().__init__(self.tr("Channels"), add)
        self._rows: tuple[ChannelRow, ...] = ()
        text = self.tr("Nowhere to meet yet. Add a chat room or a bridge.")
        self._nothing = PlainLabel(text, "meta", "fg.subtle", wrap=True)
        self._column.addWidget(self._nothing)

    def show_rows(self, rows: Sequence[ChannelRow], why_not: str) -> None:
        """Show channels in this order."""
        self.set_writable(why_not)
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        self._nothing.setVisible(not rows)
        for old in self.findChildren(
            ChannelEntry, options=Qt.FindChildOption.FindDirectChildrenOnly
        ):
            old.hide()
            old.deleteLater()
        for at, row in enumerate(rows, start=1):
            entry = ChannelEntry(row)
            entry.copied.connect(self.copied)
            entry.opened.connect(self.opened)
            entry.retried.connect(self.retried)
            entry.menu_requested.connect(self.menu_requested)
            self._column.insertWidget(at, entry)
