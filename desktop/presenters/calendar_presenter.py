"""Writes who is on call as a calendar file, for a person or a roster."""

from functools import partial
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from PySide6.QtCore import QObject, QStandardPaths

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import show_refusal
from desktop.presenters.print_presenter import write_file
from desktop.views.on_call.calendar_dialog import CalendarDialog, CalendarForm
from services.core.tables import read_records
from services.on_call import tables
from services.on_call.roster import OnCallShift, Roster
from services.reports.calendar_feed import FeedNames, person_calendar, roster_calendar

_DOCUMENTS: Final = QStandardPaths.StandardLocation.DocumentsLocation


class CalendarPresenter(QObject):
    """Opens the dialog, and writes what was chosen."""

    def __init__(self, desk: Desk, window: MainWindow) -> None:
        super().__init__()
        self._desk = desk
        self._window = window

    def open(self) -> None:
        """Ask whose shifts, and where to."""
        self._desk.read(self, "rosters", _rosters, self._open_dialog)

    def _open_dialog(self, rosters: tuple[Roster, ...]) -> None:
        folder = Path(QStandardPaths.writableLocation(_DOCUMENTS))
        named = [(one.id, one.name) for one in rosters if one.is_active]
        dialog = CalendarDialog(self._window, named, folder)
        dialog.submitted.connect(partial(self._write, dialog))
        self._window.open_dialog(dialog)

    def _write(self, dialog: CalendarDialog, form: CalendarForm) -> None:
        viewer_id, now = self._desk.viewer.person_id, self._desk.clock.now()
        people = {id_: person.name for id_, person in self._desk.directory.people.items()}

        def read(connection: sa.Connection) -> Path:
            rosters = _rosters(connection)
            # What was cancelled is told too: so it goes from the calendars that have it.
            shifts = read_records(connection, OnCallShift, tables.on_call_shift)
            names = FeedNames(people=people, rosters={one.id: one.name for one in rosters})
            roster = next((one for one in rosters if one.id == form.roster_id), None)
            if roster is not None:
                return write_file(form.path, roster_calendar(roster, shifts, names, now))
            return write_file(form.path, person_calendar(viewer_id, shifts, names, now))

        def done(path: Path) -> None:
            dialog.close_dialog()
            self._window.snack(f"Calendar saved: {path.name}")

        self._desk.read(dialog, "calendar", read, done, partial(show_refusal, dialog))


def _rosters(connection: sa.Connection) -> tuple[Roster, ...]:
    """Every roster, by name."""
    found = read_records(connection, Roster, tables.roster)
    return tuple(sorted(found, key=lambda one: one.name.casefold()))
