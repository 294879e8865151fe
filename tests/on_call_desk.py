"""A desk with two rosters, and hands on its on-call screen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from running_desk import MAYA, NETWORK, PRIYA, RunningDesk, running_desk

from desktop.views.dialogs.form_dialog import FormDialog
from desktop.views.on_call.screen import OnCallScreen
from desktop.views.on_call.setup_screen import SetupScreen
from desktop.views.on_call.values import Bar
from desktop.widgets.dialog import DialogFrame
from services.core.ids import derived_id
from services.on_call.acts import (
    AddOverride,
    AddRoster,
    AddRotation,
    RecordTimeOff,
)
from services.on_call.roster import OverrideKind
from services.people.commands import AddPerson, GrantRole, PlaceInTeam
from services.people.person import Role

JONAS = derived_id("test person", "jonas")
ROSTER = derived_id("test roster", "network")
CATCH_ALL = derived_id("test roster", "catch-all")
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
ON_CALL = "SELECT count(*) FROM on_call_shift WHERE NOT is_cancelled AND roster_id = ?"


def at(day: int, hour: int = 0) -> datetime:
    """A moment after the Monday on which the test is."""
    return MONDAY + timedelta(days=day, hours=hour)


def rosters() -> Iterator[tuple[object, UUID]]:
    """Two rosters: the network's with two people in turn, and the catch-all of one."""
    for command in (
        AddPerson(person_id=JONAS, name="Jonas Dietrich", login="jonas", phone="+49 30 555 0120"),
        GrantRole(person_id=JONAS, role=Role.TIER_MEMBER),
        PlaceInTeam(team_id=NETWORK, person_id=JONAS),
        PlaceInTeam(team_id=NETWORK, person_id=MAYA),
        AddRoster(roster_id=CATCH_ALL, name="Major incident manager", time_zone="Europe/Lisbon",
                  is_catch_all=True),
        AddRotation(rotation_id=derived_id("r", 1), roster_id=CATCH_ALL, name="Primary",
                    person_ids=(PRIYA,), starts_at_local="2026-03-02T00:00"),
        AddRoster(roster_id=ROSTER, name="Network", time_zone="Europe/Lisbon", team_id=NETWORK),
        AddRotation(rotation_id=derived_id("r", 2), roster_id=ROSTER, name="Primary",
                    person_ids=(JONAS, MAYA), starts_at_local="2026-03-02T09:00", length=1),
    ):  # fmt: skip
        yield command, MAYA


@contextmanager
def desk_with_rosters(folder: Path) -> Iterator[RunningDesk]:
    """The program with both rosters, on its on-call screen."""
    with running_desk(folder, also=rosters) as desk:
        desk.program.window.hub.trigger("go.on_call")
        desk.until(lambda: people_of(desk) == ["Jonas Dietrich"])
        desk.settle()
        yield desk


def screen_of(desk: RunningDesk) -> OnCallScreen:
    found = desk.program.window.findChild(OnCallScreen)
    assert isinstance(found, OnCallScreen)
    return found


def setup_of(desk: RunningDesk) -> SetupScreen:
    found = desk.program.window.findChild(SetupScreen)
    assert isinstance(found, SetupScreen)
    return found


def bars_of(desk: RunningDesk, roster_id: UUID = ROSTER) -> list[Bar]:
    return [p.bar for p in screen_of(desk).grid.layout_now.bars() if p.roster_id == roster_id]


def people_of(desk: RunningDesk) -> list[str]:
    return [bar.person for bar in bars_of(desk)]


def choose(desk: RunningDesk, nth: int) -> Bar:
    grid = screen_of(desk).grid
    own = [p for p in grid.layout_now.bars() if p.roster_id == ROSTER]
    grid.choose(own[nth])
    return own[nth].bar


def dialog_of(desk: RunningDesk, kind: type[DialogFrame] = FormDialog) -> DialogFrame:
    found: list[DialogFrame] = []

    def look() -> bool:
        found[:] = [d for d in desk.program.window.findChildren(kind) if d.isVisible()]
        return bool(found)

    desk.until(look)
    desk.settle()
    return found[0]


def turn_to(desk: RunningDesk, days: int) -> None:
    desk.place.on_call.show_day((MONDAY + timedelta(days=days)).date())
    desk.settle()


def snacks(desk: RunningDesk) -> list[str]:
    said: list[str] = []
    desk.place.desk.said.connect(lambda text, _: said.append(text))
    return said


def an_override(start: datetime, end: datetime) -> object:
    return AddOverride(
        override_id=derived_id("o", start), roster_id=ROSTER, kind=OverrideKind.REPLACE,
        person_id=MAYA, replaced_person_id=JONAS, starts_at=start, ends_at=end,
    )  # fmt: skip


def time_off(person_id: UUID, start: datetime, end: datetime) -> object:
    return RecordTimeOff(
        time_off_id=derived_id("off", start), person_id=person_id, starts_at=start, ends_at=end
    )
