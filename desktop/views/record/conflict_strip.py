"""The strip for an act of one's own that was not saved for all, and what to make of it."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.views.record.conflict_words import Choice, Settlement, labels, lead, sentence
from desktop.views.record.strips import Strip
from desktop.widgets.banner import announce
from desktop.widgets.buttons import Button
from services.incidents.read_models import ConflictItem, WayOut


class ConflictStrip(Strip):
    """The oldest conflict of a record, one after the other: 1 mine, 2 theirs, 3 edit, 4 each field.

    ``settled`` carries a :class:`Settlement`.
    """

    settled = Signal(object)
    comparison_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("warn", "changes", parent)
        self._item: ConflictItem | None = None
        self._mine = Button("", keys="1")
        self._theirs = Button("", keys="2")
        self._edit = Button(self.tr("Edit"), "ghost", keys="3")
        self._each = Button(self.tr("Compare"), "ghost", keys="4")
        self._copy = Button(self.tr("Copy what I typed"), "ghost", icon="copy")
        for button in (self._mine, self._theirs, self._edit):
            self.buttons.addWidget(button)
        self.buttons.addStretch(1)
        more = QHBoxLayout()
        more.setSpacing(8)
        more.addWidget(self._each)
        more.addWidget(self._copy)
        more.addStretch(1)
        self.words.addLayout(more)
        self._mine.clicked.connect(lambda: self.settle("mine"))
        self._theirs.clicked.connect(lambda: self.settle("theirs"))
        self._edit.clicked.connect(lambda: self.settle("edit"))
        self._each.clicked.connect(self.comparison_requested)
        self._copy.clicked.connect(self._copy_typed)

    @property
    def item(self) -> ConflictItem | None:
        """The conflict shown."""
        return self._item

    def show_for(self, conflicts: tuple[ConflictItem, ...], now: datetime) -> None:
        """Show the first conflict and how many there are, or nothing."""
        before = self._item
        self._item = conflicts[0] if conflicts else None
        self.setVisible(bool(conflicts))
        if self._item is None:
            return
        item = self._item
        self.say(lead(item, 1, len(conflicts)), sentence(item, now))
        mine, theirs = labels(item)
        self._mine.setText(mine)
        self._theirs.setText(theirs)
        self._mine.setVisible(bool(mine))
        self._edit.setVisible(item.way_out is not WayOut.NOTHING)
        self._each.setVisible(item.way_out is WayOut.CHOOSE)
        self._copy.setVisible(bool(item.typed))
        if before is None or before.command_id != item.command_id:
            announce(self, self.accessibleName())

    def settle(self, choice: Choice) -> None:
        """Decide, as far as the choice is offered."""
        button = {"mine": self._mine, "theirs": self._theirs, "edit": self._edit}[choice]
        if self._item is not None and not button.isHidden():
            self.settled.emit(Settlement(self._item.command_id, choice))

    def _copy_typed(self) -> None:
        if self._item is not None:
            QGuiApplication.clipboard().setText(self._item.typed)
