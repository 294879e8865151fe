"""Rosters and policies: who takes turns, in which hours, and how a page goes on."""

from typing import Final

from PySide6.QtWidgets import QWidget

from desktop.views.catalogue.entry_screen import EntryKind, EntryScreen
from desktop.views.on_call.setup_entries import (
    holiday_entries,
    policy_entries,
    roster_entries,
    rotation_entries,
)
from desktop.views.on_call.setup_forms import Planning
from desktop.views.on_call.setup_policies import PolicyEntryForm
from desktop.views.on_call.setup_rosters import (
    HolidayEntryForm,
    RosterEntryForm,
    RotationEntryForm,
)

ROSTERS: Final = "rosters"
ROTATIONS: Final = "rotations"
HOLIDAYS: Final = "holidays"
POLICIES: Final = "policies"


class SetupScreen(EntryScreen[Planning]):
    """``saved`` carries a form of ``desktop.views.on_call.setup_forms``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        kinds = [
            EntryKind(
                ROSTERS, self.tr("Rosters"), self.tr("Add roster"), self.tr("New roster"),
                RosterEntryForm(), roster_entries,
            ),
            EntryKind(
                ROTATIONS, self.tr("Rotations"), self.tr("Add rotation"),
                self.tr("New rotation"), RotationEntryForm(), rotation_entries,
            ),
            EntryKind(
                HOLIDAYS, self.tr("Holidays"), self.tr("Add holiday"), self.tr("New holiday"),
                HolidayEntryForm(), holiday_entries,
            ),
            EntryKind(
                POLICIES, self.tr("Escalation policies"), self.tr("Add policy"),
                self.tr("New policy"), PolicyEntryForm(), policy_entries,
            ),
        ]  # fmt: skip
        super().__init__(
            self.tr("Rosters and policies"),
            self.tr("You can read rosters and policies."),
            kinds,
            Planning(),
            parent,
        )
