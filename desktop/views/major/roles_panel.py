"""Who has which role in the response, and for how long."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.views.dialogs.words import filled
from desktop.views.major.side_entry import SideEntry
from desktop.views.major.side_head import SideHead
from desktop.views.major.values import RoleRow
from desktop.views.tips import plain_tip
from desktop.widgets.badges import Avatar, Tag
from desktop.widgets.buttons import Button, IconButton
from desktop.widgets.labels import PlainLabel

_AVATAR: Final = 26


class RoleEntry(SideEntry):
    """Role and person, time on the incident or a button.

    ``asked`` carries what is wanted of the role: assign, accept, decline.
    """

    asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row: RoleRow | None = None
        self._avatar = Avatar("", size=_AVATAR)
        self._role = PlainLabel("", "meta", "fg.muted", elide=True)
        self._person = PlainLabel("", "body.medium", elide=True)
        self._time = Tag("")
        self._assign = Button(self.tr("Assign"))
        self._accept = IconButton("apply", self.tr("Accept"), token="ok.fg")
        self._decline = IconButton("clear", self.tr("Decline"))
        self._build()

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._role)
        words.addWidget(self._person)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._avatar)
        row.addLayout(words, 1)
        row.addWidget(self._time)
        buttons: tuple[tuple[str, QPushButton], ...] = (
            ("assign", self._assign), ("accept", self._accept), ("decline", self._decline),
        )  # fmt: skip
        for verb, button in buttons:
            row.addWidget(button)
            button.clicked.connect(partial(self._ask, verb))

    @property
    def about(self) -> RoleRow | None:
        """The role."""
        return self.row

    def _ask(self, verb: str) -> None:
        self.asked.emit(verb, self.row)

    def show_row(self, row: RoleRow, why_not: str) -> None:
        """Show a role; ``why_not`` switches assigning off."""
        self.row = row
        self._avatar.set_name(row.person)
        self._avatar.set_ring(row.is_you)
        self._role.setText(row.title)
        nobody = self.tr("Not assigned")
        self._person.setText(row.person or nobody)
        self._person.set_token("fg.default" if row.person else "fg.subtle")
        self._show_right(row, why_not)
        state = self.tr("not answered yet") if row.is_offered else row.on_duty
        tired = self.tr("eight hours or more") if row.is_tired else ""
        words = (row.title, row.stream, row.person or nobody, state, tired)
        self.setAccessibleName(", ".join(word for word in words if word))
        stream = filled(self.tr("Work stream: %1"), row.stream) if row.stream else ""
        parts = (stream, *row.duties, row.relief)
        self.setToolTip(plain_tip("\n".join(part for part in parts if part)))

    def _show_right(self, row: RoleRow, why_not: str) -> None:
        has_time = bool(row.person) and not row.may_answer
        self._time.setVisible(has_time)
        if row.is_offered:
            self._time.set_text(self.tr("Asked"))
            self._time.set_tone("info", "role.offered")
        else:
            self._time.set_text(row.on_duty)
            self._time.set_tone("warn" if row.is_tired else "neutral",
                                "clock" if row.is_tired else None)  # fmt: skip
        self._assign.setVisible(not row.person)
        self._assign.setEnabled(not why_not)
        self._assign.setToolTip(plain_tip(why_not))
        self._assign.setAccessibleName(filled(self.tr("Assign %1"), row.title))
        self._accept.setVisible(row.may_answer)
        self._accept.setEnabled(not why_not)
        self._decline.setEnabled(not why_not)
        self._accept.setAccessibleName(filled(self.tr("Accept %1"), row.title))
        self._decline.setAccessibleName(filled(self.tr("Decline %1"), row.title))
        self._decline.setVisible(row.may_answer)


class RolesPanel(QWidget):
    """All roles; those that nobody has keep their place so that they are seen."""

    asked = Signal(str, object)
    menu_requested = Signal(object, QPoint)
    added = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Roles"))
        self.entries: list[RoleEntry] = []
        self._add = IconButton("add", self.tr("Add a role"), size=24)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(SideHead(self.tr("Roles"), self.tr("time on incident"), self._add))
        self._add.clicked.connect(self.added)

    def show_rows(self, rows: Sequence[RoleRow], why_not: str) -> None:
        """Show roles in this order; one that stays keeps the keyboard."""
        for _ in rows[len(self.entries) :]:
            entry = RoleEntry()
            entry.asked.connect(self.asked)
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
        self._add.setEnabled(not why_not)
        self._add.setToolTip(plain_tip(why_not or self.tr("Add a role")))

    def focus_first(self) -> None:
        """Give the keyboard to the first role."""
        if self.entries:
            self.entries[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _step(self, entry: RoleEntry, by: int) -> None:
        at = min(max(self.entries.index(entry) + by, 0), len(self.entries) - 1)
        self.entries[at].setFocus(Qt.FocusReason.TabFocusReason)
