"""Saving who is on call as a calendar file: one's own shifts, or those of a roster."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.views.dialogs.choosing import NONE, key_of, uuid_of
from desktop.views.dialogs.form_dialog import FormDialog
from desktop.widgets.inputs import LineEdit
from desktop.widgets.picker import Picker
from desktop.widgets.picker_list import PickerItem


@dataclass(frozen=True, slots=True)
class CalendarForm:
    """The roster, None for one's own shifts, and the file."""

    roster_id: UUID | None
    path: Path


class CalendarDialog(FormDialog):
    """Emits :class:`CalendarForm`."""

    def __init__(self, host: QWidget, rosters: Sequence[tuple[UUID, str]], folder: Path) -> None:
        super().__init__(
            host, self.tr("Save a calendar"), primary=self.tr("Save"), icon="calendar", width=560
        )
        self._folder = folder
        whose = Picker(self.tr("Whose shifts"), icon="on.call")
        items = [PickerItem(self.tr("My own"), NONE)]
        items += [PickerItem(name, key_of(id_)) for id_, name in rosters]
        whose.set_items(items)
        whose.set_current(items[0])
        self.add_field("roster", self.tr("Whose shifts"), whose)
        self._path = LineEdit(self.tr("File"))
        self.add_field("path", self.tr("File"), self._path, required=self.tr("Name the file."))
        whose.picked.connect(self._follow)
        self._follow(items[0])
        self.set_footer(self.tr("Saved anew, each shift is known again."), "info")
        self.ready()

    def _follow(self, chosen: PickerItem) -> None:
        plain = "".join(c if c.isalnum() or c in " -_.," else "-" for c in chosen.title)
        self._path.setText(str(self._folder / self.tr("On call, %1.ics").replace("%1", plain)))

    def form(self) -> CalendarForm:
        """What was chosen."""
        path = Path(self.fields.text("path")).expanduser()
        return CalendarForm(uuid_of(self.fields.text("roster")), path)
