"""Channels of a major incident: asking where to meet, and what is said of rooms being made."""

from dataclasses import replace

import pytest
from major_examples import an_id
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from view_examples import an_incident

from desktop.views.major.channels_panel import ChannelEntry, ChannelsPanel
from desktop.views.major.dialogs.channels import OWN, ChannelDialog
from desktop.views.major.values import ChannelRow
from desktop.widgets.buttons import IconButton
from services.major_incidents.acts import AddChannel
from services.major_incidents.major import ChannelKind
from services.major_incidents.meeting import KnownBridge, MeetingPlaces, RoomAccount, jitsi_server

INCIDENT = an_incident()
KEY = f"INC-{INCIDENT.number}"
CHAT = RoomAccount(an_id("account"), "Acme chat", "mattermost")
BRIDGE = KnownBridge("+44 113 496 0204", "PIN 44 71 90", "INC-7")
PLACES = MeetingPlaces(accounts=(CHAT,), bridges=(BRIDGE,), jitsi="https://meet.acme.example")


@pytest.fixture
def window(qtbot):
    host = QWidget()
    host.resize(1440, 900)
    qtbot.addWidget(host)
    return host


def dialog_for(window, places=PLACES, incident=INCIDENT) -> ChannelDialog:
    dialog = ChannelDialog(window, incident, an_id("channel"), places)
    dialog.open()
    return dialog


def submitted(dialog, **draft) -> AddChannel | None:
    found = []
    dialog.submitted.connect(found.append)
    if draft:
        dialog.restore(draft)
    dialog.primary_button.click()
    return found[0] if found else None


def channel(**given) -> AddChannel:
    plain = AddChannel(
        incident_id=INCIDENT.id, channel_id=an_id("channel"), kind=ChannelKind.CHAT, name=""
    )
    return replace(plain, **given)


def test_a_room_by_the_key_in_the_account_is_one_key_away(window):
    assert submitted(dialog_for(window)) == channel(name=KEY.lower(), destination_id=CHAT.id)


def test_a_room_there_is_already_needs_its_link(window):
    dialog = dialog_for(window)
    assert submitted(dialog, where=OWN, name="Chat room") is None
    assert dialog.problems().keys() == {"address"}
    found = submitted(dialog, where=OWN, name="Chat room", address="#inc-payments")
    assert found == channel(name="Chat room", address="#inc-payments")


@pytest.mark.parametrize(
    ("places", "incident"),
    [(MeetingPlaces(), INCIDENT), (PLACES, replace(INCIDENT, is_drill=True))],
    ids=["no account", "a drill"],
)
def test_where_nobody_makes_rooms_only_the_link_is_asked_for(window, places, incident):
    dialog = dialog_for(window, places, incident)
    assert submitted(dialog) is None
    assert dialog.problems().keys() == {"address"}


def test_a_meeting_needs_nothing_but_its_link(window):
    found = submitted(dialog_for(window), kind="bridge", where="jitsi")
    assert found is not None
    assert jitsi_server(found.address) == "https://meet.acme.example"
    assert f"-{KEY}-" in found.address
    assert (found.kind, found.name, found.destination_id) == (ChannelKind.BRIDGE, "Bridge", None)


def test_a_bridge_that_was_used_before_brings_its_way_in(window):
    found = submitted(dialog_for(window), kind="bridge", where=f"bridge {BRIDGE.address}")
    assert found == channel(
        kind=ChannelKind.BRIDGE, name="Bridge", address=BRIDGE.address, access=BRIDGE.access
    )


def test_a_draft_whose_account_is_gone_begins_with_what_there_is(window):
    dialog = dialog_for(window, MeetingPlaces())
    dialog.restore({"kind": "chat", "where": f"room {CHAT.id}", "name": "inc-9"})
    assert submitted(dialog, kind="chat", where="", address="#x", name="inc-9") == channel(
        name="inc-9", address="#x"
    )


# -- what is said of them -------------------------------------------------------------------------

MADE = ChannelRow(
    channel_id=an_id("chat"), kind=ChannelKind.CHAT, name="Chat room · Acme chat",
    address="https://chat.acme.example/ops/channels/inc-1", shown="#inc-1",
    link="https://chat.acme.example/ops/channels/inc-1",
    notes=("Not invited: Vera",), access="Vera: no member id", may_retry=True,
)  # fmt: skip
REFUSED = replace(
    MADE, address="", link="", shown="not made", notes=("invalid_auth",), is_wrong=True,
    is_made=False,
)  # fmt: skip


def entry_of(qtbot, row: ChannelRow) -> tuple[ChannelsPanel, ChannelEntry]:
    panel = ChannelsPanel()
    qtbot.addWidget(panel)
    panel.resize(280, 300)
    panel.show_rows([row], "")
    (entry,) = panel.findChildren(ChannelEntry)
    return panel, entry


def press(entry: ChannelEntry, name: str) -> None:
    (button,) = (b for b in entry.findChildren(IconButton) if b.accessibleName() == name)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_made_room_is_opened_and_says_who_is_missing(qtbot):
    panel, entry = entry_of(qtbot, MADE)
    heard = []
    panel.opened.connect(heard.append)
    panel.retried.connect(heard.append)
    press(entry, "Open #inc-1")
    press(entry, "Try again: #inc-1")
    assert heard == [MADE, MADE]
    assert entry.accessibleName() == "Chat room · Acme chat, #inc-1, Not invited: Vera"
    assert "Vera: no member id" in entry.toolTip()


def test_a_refused_room_can_be_tried_again_and_neither_opened_nor_copied(qtbot):
    _, entry = entry_of(qtbot, REFUSED)
    names = [button.accessibleName() for button in entry.findChildren(IconButton)]
    assert names == ["Try again: not made"]
    assert "invalid_auth" in entry.accessibleName()
