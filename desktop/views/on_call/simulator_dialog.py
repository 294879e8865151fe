"""Whom an escalation policy would wake: a page at one moment, and the 90 days from then on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.choosing import key_of
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.dialogs.when_field import WhenField
from desktop.views.on_call.outlook_dialog import OutlookLine, OutlookList
from desktop.widgets.inputs import LineEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem

TYPED_MS: Final = 400
"""So long after the last key the moment is asked about: 90 days take a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatorForm:
    """What is asked, and the file for the page on the wall."""

    policy_id: UUID
    at: datetime
    path: Path


class SimulatorDialog(FormDialog):
    """Nothing of it is sent or changed. Emits :class:`SimulatorForm` to have the page written.

    ``looked_for`` carries a policy and a moment whenever another one is asked about.
    """

    looked_for = Signal(object, object)

    def __init__(
        self,
        host: QWidget,
        policies: Sequence[tuple[UUID, str]],
        at: datetime,
        folder: Path,
    ) -> None:
        super().__init__(
            host, self.tr("Simulate a policy"), primary=self.tr("Save one page"), icon="print",
            width=760, height=680,
        )  # fmt: skip
        self._folder = folder
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._typed.timeout.connect(self._ask)
        row = self.add_row()
        self._policy = Picker(self.tr("Policy"), icon="bell")
        self._policy.set_items([PickerItem(name, key_of(id_)) for id_, name in policies])
        self._policy.set_current(self._policy.items[0] if policies else None)
        self._when = WhenField(self.tr("A page that starts"), at)
        self.add_field("policy", self.tr("Policy"), self._policy, into=row, stretch=1,
                       required=self.tr("Choose a policy."))  # fmt: skip
        self.add_field("when", self.tr("A page that starts"), self._when, into=row, stretch=1)
        self.lines = OutlookList(self.tr("What it would do"))
        self.body.addWidget(self.lines, 1)
        self._path = LineEdit(self.tr("File for one page"))
        self.add_field("path", self.tr("File for one page"), self._path,
                       required=self.tr("Name the file."))  # fmt: skip
        self._policy.picked.connect(lambda _: self._ask())
        self._when.changed.connect(self._typed.start)
        self.ready()

    @property
    def policy_id(self) -> UUID | None:
        """The policy that is asked about."""
        key = self.fields.text("policy")
        return UUID(key) if key else None

    def begin(self) -> None:
        """Ask about what is chosen at first."""
        self._ask()

    def _ask(self) -> None:
        if self.policy_id is None or not self._when.is_understood:
            return
        title = self._policy.current.title if self._policy.current else ""
        plain = "".join(c if c.isalnum() or c in " -_.," else "-" for c in title)
        self._path.setText(str(self._folder / f"{plain} simulation.pdf"))
        self.set_footer(self.tr("Looking at every start of a page in 90 days…"), "refresh")
        self.looked_for.emit(self.policy_id, self._when.when)

    def show_lines(self, lines: Sequence[OutlookLine], remark: str) -> None:
        """Show what was found; ``remark`` says how it was looked for."""
        self.lines.show_rows(list(lines))
        self.set_footer(remark, "info")

    def form(self) -> SimulatorForm:
        """What was asked, and the file."""
        policy_id = self.policy_id
        assert policy_id is not None
        return SimulatorForm(
            policy_id=policy_id,
            at=self._when.when,
            path=Path(self.fields.text("path")).expanduser(),
        )
