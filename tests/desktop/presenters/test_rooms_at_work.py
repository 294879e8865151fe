"""A chat room asked for on the console, made by the dispatcher of the same program, and opened."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from providers.contract_server import Fault, json_answer
from providers.rooms_server import MattermostRooms
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from running_desk import MAYA, RunningDesk, running_desk

from desktop.views.major.channels_panel import ChannelEntry
from desktop.views.major.dialogs.channels import ChannelDialog
from desktop.widgets.buttons import IconButton
from services.communications.statements import ROOM_EVERY_S
from services.core.ids import derived_id
from services.major_incidents.acts import AcceptMajorIncident, ProposeMajorIncident, TakeCommand
from services.paging.destination import ProviderKind
from services.paging.destination_commands import AddDestination
from services.people.commands import GrantRole
from services.people.person import Role

ACCOUNT = derived_id("account")
NO_RIGHT = Fault(
    answer=json_answer(403, {"id": "api.context.permissions.app_error"}), is_taken=False
)


class Browser(QObject):
    """Hears which addresses would be opened."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


@pytest.fixture
def server() -> Iterator[MattermostRooms]:
    with MattermostRooms() as server:
        yield server


@pytest.fixture
def desk(qtbot, tmp_path, ring, server) -> Iterator[RunningDesk]:
    """The console of a major incident, in a house with an account that makes rooms."""
    ring.set_password("firstline", f"{ACCOUNT}:token", server.token)
    with running_desk(tmp_path, incidents=0) as running:
        incident_id = running.log_elsewhere("Nobody can pay")
        account = AddDestination(
            destination_id=ACCOUNT, kind=ProviderKind.MATTERMOST, name="Acme chat",
            base_url=server.url, options=json.dumps({"team": server.team}),
            may_reach_private=True,
        )  # fmt: skip
        for command in (
            GrantRole(person_id=MAYA, role=Role.INCIDENT_MANAGER),
            account,
            ProposeMajorIncident(incident_id=incident_id, reason="Nobody can pay"),
            AcceptMajorIncident(incident_id=incident_id, detected_at=running.clock.now()),
            TakeCommand(incident_id=incident_id, holding_id=derived_id("command")),
        ):
            running.give_elsewhere(command)
        majors = running.place.majors
        running.until(lambda: any(row.incident_id == incident_id for row in majors.open_rows))
        majors.open(incident_id)
        running.until(lambda: running.place.console.view is not None)
        running.settle()
        yield running


def entry_once(desk: RunningDesk, is_so: Callable[[ChannelEntry], bool]) -> ChannelEntry:
    """The only channel on the console, once it is so."""

    def found() -> list[ChannelEntry]:
        entries = desk.place.console.channels.findChildren(ChannelEntry)
        return [entry for entry in entries if entry.isVisible() and is_so(entry)]

    desk.until(found)
    return found()[0]


def press(entry: ChannelEntry, name: str) -> None:
    buttons = entry.findChildren(IconButton)
    button = next(b for b in buttons if b.accessibleName().startswith(name))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_room_is_asked_for_refused_tried_again_and_opened(desk, server):
    server.misbehave(NO_RIGHT)
    desk.program.window.hub.trigger("major.channel")
    dialogs = desk.program.window.findChildren
    desk.until(lambda: [d for d in dialogs(ChannelDialog) if d.isVisible()])
    desk.settle()
    dialogs(ChannelDialog)[0].submit()
    refused = entry_once(desk, lambda entry: entry.row.is_wrong)
    assert "api.context.permissions" in refused.accessibleName()
    assert server.rooms == {}
    desk.clock.advance(timedelta(seconds=2 * ROOM_EVERY_S))
    press(refused, "Try again")
    made = entry_once(desk, lambda entry: bool(entry.row.link))
    (room,) = server.rooms.values()
    assert made.row.shown == f"#{room.name}"
    assert made.row.notes == ("Not invited: Maya Lindqvist",), "she has no e-mail address"
    browser = Browser()
    QDesktopServices.setUrlHandler("http", browser, "open")
    try:
        press(made, "Open")
        assert browser.opened == [f"{server.url}/acme/channels/{room.name}"]
    finally:
        QDesktopServices.unsetUrlHandler("http")
