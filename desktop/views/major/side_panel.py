"""A section of the column at the left: its head with a button that adds one, and its rows."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.views.major.side_entry import SideEntry
from desktop.views.major.side_head import SideHead
from desktop.views.tips import plain_tip
from desktop.widgets.buttons import IconButton

Entry = TypeVar("Entry", bound=SideEntry)


class SidePanel(QWidget):
    """``added`` asks for the form of a new one, ``menu_requested`` carries a row and a place."""

    menu_requested = Signal(object, QPoint)
    added = Signal()

    def __init__(self, title: str, add: IconButton, remark: str = "") -> None:
        super().__init__()
        self.setAccessibleName(title)
        self._add, self._tip = add, add.toolTip()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(SideHead(title, remark, add))
        add.clicked.connect(self.added)

    def set_writable(self, why_not: str) -> None:
        """Say whether one may be added, and why not."""
        self._add.setEnabled(not why_not)
        self._add.setToolTip(plain_tip(why_not) or self._tip)


class SideList(SidePanel, Generic[Entry]):
    """Rows that the keyboard reaches one by one."""

    def __init__(self, title: str, add: IconButton, remark: str = "") -> None:
        super().__init__(title, add, remark)
        self.entries: list[Entry] = []

    def make(self) -> Entry:
        """A row that shows nothing yet."""
        raise NotImplementedError

    def show_rows(self, rows: Sequence[Any], why_not: str) -> None:
        """Show rows in this order; one that stays keeps the keyboard."""
        self.set_writable(why_not)
        for _ in rows[len(self.entries) :]:
            entry = self.make()
            entry.menu_requested.connect(self.menu_requested)
            entry.stepped.connect(partial(self._step, entry))
            self._column.addWidget(entry)
            self.entries.append(entry)
        for entry in self.entries[len(rows) :]:
            entry.hide()
            entry.deleteLater()
        del self.entries[len(rows) :]
        for entry, row in zip(self.entries, rows, strict=True):
            entry.show_row(row, why_not)

    def focus_first(self) -> None:
        """Give the keyboard to the first row, else to what adds one."""
        first = self.entries[0] if self.entries else self._add
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _step(self, entry: Entry, by: int) -> None:
        at = min(max(self.entries.index(entry) + by, 0), len(self.entries) - 1)
        self.entries[at].setFocus(Qt.FocusReason.TabFocusReason)
