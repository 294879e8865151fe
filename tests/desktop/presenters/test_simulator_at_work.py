"""What goes from the rota to a file, on the real program: the simulator's page, and calendars."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from running_desk import MAYA, PRIYA, RunningDesk, running_desk

from desktop.views.on_call.calendar_dialog import CalendarDialog
from desktop.views.on_call.simulator_dialog import SimulatorDialog
from services.core.ids import derived_id
from services.on_call.acts import AddRoster, AddRotation
from services.on_call.policy_acts import AddPolicy, StepDraft

CATCH_ALL, POLICY = derived_id("roster", "catch-all"), derived_id("policy", "network")


@pytest.fixture
def desk(qtbot, tmp_path) -> Iterator[RunningDesk]:
    with running_desk(tmp_path, incidents=0) as running:
        yield running


def plan(desk: RunningDesk) -> None:
    """Priya catches all; the policy calls Maya by name. Nobody has proved a contact method."""
    step = StepDraft(person_ids=(MAYA,)).to_text()
    for command in (
        AddRoster(roster_id=CATCH_ALL, name="Major", time_zone="UTC", is_catch_all=True),
        AddRotation(
            rotation_id=derived_id("rotation"), roster_id=CATCH_ALL, name="Primary",
            person_ids=(PRIYA,), starts_at_local="2026-03-02T00:00",
        ),
        AddPolicy(policy_id=POLICY, name="Network / day", steps=(step,)),
    ):  # fmt: skip
        desk.give_elsewhere(command)


Shown = TypeVar("Shown", SimulatorDialog, CalendarDialog)


def dialogs(desk: RunningDesk, kind: type[Shown]) -> list[Shown]:
    return [dialog for dialog in desk.program.window.findChildren(kind) if dialog.isVisible()]


def simulator(desk: RunningDesk) -> SimulatorDialog:
    """The dialog, as soon as this desk has heard of a policy."""

    def opened() -> list[SimulatorDialog]:
        desk.program.window.hub.trigger("on_call.simulate")
        desk.settle()
        return dialogs(desk, SimulatorDialog)

    desk.until(opened)
    return dialogs(desk, SimulatorDialog)[0]


def test_it_tells_whom_a_policy_wakes_and_writes_the_page(desk, tmp_path):
    desk.program.window.hub.trigger("on_call.simulate")
    desk.settle()
    assert not dialogs(desk, SimulatorDialog), "nothing to simulate, and that is said"
    plan(desk)
    dialog = simulator(desk)
    desk.until(dialog.lines.count)
    rows = (dialog.lines.item(at) for at in range(dialog.lines.count()))
    told = [row.data(Qt.ItemDataRole.UserRole).title for row in rows]
    assert told[1] == "Minute 0: Maya Lindqvist, cannot be reached"
    assert "No verified contact method: Maya Lindqvist" in told
    suggested = Path(dialog.content()["path"])
    assert suggested.name == "Network - day simulation.pdf"
    page = tmp_path / "wall.pdf"
    dialog.restore({"path": str(page)})
    dialog.submit()
    desk.until(page.exists)
    assert page.read_bytes().startswith(b"%PDF")
    desk.until(lambda: not dialogs(desk, SimulatorDialog))
    save_calendars(desk, tmp_path)


def save_calendars(desk: RunningDesk, folder: Path) -> None:
    """One of the roster, who has shifts there, and the viewer's own, who has none."""
    for roster, count in ((str(CATCH_ALL), True), ("none", False)):
        desk.program.window.hub.trigger("on_call.calendar")
        desk.until(lambda: dialogs(desk, CalendarDialog))
        (dialog,) = dialogs(desk, CalendarDialog)
        file = folder / f"{roster}.ics"
        dialog.restore({"roster": roster, "path": str(file)})
        dialog.submit()
        desk.until(file.exists)
        assert (b"SUMMARY:Priya Raman" in file.read_bytes()) is count
        desk.until(lambda: not dialogs(desk, CalendarDialog))
