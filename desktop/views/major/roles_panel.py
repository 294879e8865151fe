"""Who has which role in the response, and for how long."""

from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from desktop.views.dialogs.words import filled
from desktop.views.major.side_entry import SideEntry
from desktop.views.major.side_panel import SideList
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
    row: RoleRow | None = None

    def __init__(self) -> None:
        super().__init__()
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

    def _ask(self, verb: str) -> None:
        self.asked.emit(verb, self.row)

    def show_row(self, row: RoleRow, why_not: str) -> None:
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


class RolesPanel(SideList[RoleEntry]):
    """All roles; those that nobody has keep their place so that they are seen."""

    asked = Signal(str, object)

    def __init__(self) -> None:
        add = IconButton("add", self.tr("Add a role"), size=24)
        super().__init__(self.tr("Roles"), add, self.tr("time on incident"))

    def make(self) -> RoleEntry:
        entry = RoleEntry()
        entry.asked.connect(self.asked)
        return entry
