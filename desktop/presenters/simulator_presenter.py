"""The simulator: whom a policy would wake, on the screen and on one page for the wall."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from PySide6.QtCore import QObject, QStandardPaths

from desktop.main_window import MainWindow
from desktop.presenters.desk import Desk
from desktop.presenters.dialog_flow import show_refusal
from desktop.presenters.print_presenter import write_file
from desktop.views.on_call.outlook_dialog import OutlookLine
from desktop.views.on_call.simulator_dialog import SimulatorDialog, SimulatorForm
from services.core.tables import read_records
from services.on_call import tables
from services.on_call.policy import EscalationPolicy
from services.on_call.simulation import LOOKED_AHEAD
from services.on_call.waking_reading import waking_book
from services.paging.destination_queries import destinations_in_use
from services.reports.simulating import ROOM, Asked, simulated
from services.reports.simulation_words import (
    Simulated,
    call_line,
    called_first,
    clock_sentence,
    hours,
    moment,
    weak_lines,
)

_DOCUMENTS: Final = QStandardPaths.StandardLocation.DocumentsLocation


class SimulatorPresenter(QObject):
    """Opens the dialog. ``fonts`` is the folder of prepared fonts for paper."""

    def __init__(self, desk: Desk, window: MainWindow, fonts: Path) -> None:
        super().__init__()
        self._desk = desk
        self._window = window
        self._fonts = fonts

    def open(self) -> None:
        """Ask about a policy in use, from the present minute on."""
        self._desk.read(self, "policies", _policies, self._open_dialog)

    def _open_dialog(self, policies: tuple[EscalationPolicy, ...]) -> None:
        if not policies:
            self._window.snack("There is no escalation policy yet.")
            return
        folder = Path(QStandardPaths.writableLocation(_DOCUMENTS))
        at = self._desk.now_here().replace(second=0, microsecond=0)
        named = [(one.id, one.name) for one in policies]
        dialog = SimulatorDialog(self._window, named, at, folder)
        dialog.looked_for.connect(partial(self._look, dialog))
        dialog.submitted.connect(partial(self._write, dialog))
        self._window.open_dialog(dialog)
        dialog.begin()

    def _simulated(self, connection: sa.Connection, policy_id: UUID, at: datetime) -> Simulated:
        policy = next(one for one in _policies(connection) if one.id == policy_id)
        channels = destinations_in_use(connection)
        end = at + LOOKED_AHEAD
        book = waking_book(connection, at - ROOM, end + ROOM, {one.id for one in channels})
        asked = Asked(
            policy=policy, at=at, ahead=LOOKED_AHEAD, by=self._desk.me,
            asked_at=self._desk.clock.now(),
        )  # fmt: skip
        people = {id_: person.name for id_, person in self._desk.directory.people.items()}
        return simulated(asked, book, people, {one.id: one.name for one in channels})

    def _look(self, dialog: SimulatorDialog, policy_id: UUID, at: datetime) -> None:
        def read(connection: sa.Connection) -> Simulated:
            return self._simulated(connection, policy_id, at)

        def show(found: Simulated) -> None:
            remark = f"{found.outlook.instants:,} starts looked at. Times are in {found.zone}."
            dialog.show_lines(list(outlook_lines(found)), remark)

        self._desk.read(dialog, "simulation", read, show)

    def _write(self, dialog: SimulatorDialog, form: SimulatorForm) -> None:
        def read(connection: sa.Connection) -> Path:
            from services.reports.simulation_report import simulation_report

            found = self._simulated(connection, form.policy_id, form.at)
            return write_file(form.path, simulation_report(found, fonts=self._fonts))

        def done(path: Path) -> None:
            dialog.close_dialog()
            self._window.snack(f"One page for the wall saved: {path.name}")

        self._desk.read(dialog, "simulation page", read, done, partial(show_refusal, dialog))


def _policies(connection: sa.Connection) -> tuple[EscalationPolicy, ...]:
    """The policies in use, by name."""
    kept = tables.escalation_policy
    found = read_records(connection, EscalationPolicy, kept, kept.c.is_active)
    return tuple(sorted(found, key=lambda one: one.name.casefold()))


def outlook_lines(found: Simulated) -> Iterator[OutlookLine]:
    """What was found, as lines: the page itself, what it would run into, who is called first."""
    yield OutlookLine("", f"Starts {moment(found, found.at)}, and nobody answers")
    for at, call in enumerate(found.calls):
        line = call_line(found, call)
        icon, token = ("danger", "danger.fg") if line.is_lost else ("bell", "fg.muted")
        title = f"Minute {line.minute}: {line.who}, {line.how}"
        text = f"{line.step}, {line.why}" if line.why else line.step
        yield OutlookLine(f"call {at}", title, text, icon, token)
    weak = weak_lines(found)
    yield OutlookLine("", "Weak spots" if weak else "No weak spot in the next 90 days")
    for at, one in enumerate(weak):
        yield OutlookLine(f"weak {at}", one.fact, one.extent, "danger", "warn.fg")
    yield OutlookLine("", "Called first, from then on")
    for at, change in enumerate(found.outlook.clock_shifts):
        yield OutlookLine(f"clock {at}", clock_sentence(change), "", "clock.warn", "warn.fg")
    for at, first in enumerate(found.outlook.first_called):
        span = hours(first.ends_at - first.starts_at)
        text = f"from {moment(found, first.starts_at)}, {span}"
        yield OutlookLine(f"first {at}", called_first(found, first), text, "person")
