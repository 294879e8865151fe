"""Where a response can meet, and what the console says of its chat rooms."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest

from desktop.presenters.major_channels import channel_rows
from desktop.views.major.values import ChannelRow
from services.major_incidents.major import ChannelKind, ResponseChannel
from services.major_incidents.meeting import (
    RoomItem,
    RoomStanding,
    jitsi_address,
    jitsi_server,
    room_name,
)
from services.major_incidents.read_models import ChannelItem

CHANNEL = ResponseChannel(
    id=UUID(int=0xABCDEF12), version=1, major_id=UUID(int=1), incident_id=UUID(int=2),
    kind=ChannelKind.CHAT, name="inc-42", destination_id=UUID(int=3),
    added_at=datetime(2026, 10, 14, tzinfo=UTC),
)  # fmt: skip
MADE = RoomItem(
    account="Acme chat", standing=RoomStanding.MADE, name="inc-42-2",
    address="https://chat.acme.example/ops/channels/inc-42-2",
)  # fmt: skip


def row_of(room: RoomItem | None, **changed: object) -> ChannelRow:
    item = ChannelItem(channel=replace(CHANNEL, **changed), room=room, is_unsent=False)
    (row,) = channel_rows(SimpleNamespace(channels=[item]))  # type: ignore[arg-type]
    return row


def test_a_made_room_is_shown_by_its_own_name_and_opens():
    row = row_of(MADE)
    assert (row.name, row.shown, row.link) == ("Chat room · Acme chat", "#inc-42-2", MADE.address)
    assert (row.is_made, row.is_wrong, row.may_retry, row.notes) == (True, False, False, ())


def test_who_is_missing_in_a_made_room_is_said_with_why():
    row = row_of(replace(MADE, uninvited=(("Vera", "user_not_found"), ("Kim", "cant_invite"))))
    assert row.notes == ("Not invited: Vera, Kim",)
    assert row.access.startswith("Vera: user_not_found\nKim: cant_invite\n")
    assert row.may_retry


def test_a_refused_room_says_why_and_what_to_do():
    row = row_of(RoomItem(account="Slack", standing=RoomStanding.REFUSED, said="invalid_auth"))
    assert (row.shown, row.notes, row.is_wrong, row.link) == (
        "not made", ("invalid_auth",), True, "",
    )  # fmt: skip
    assert "try again" in row.access
    assert row.may_retry


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (RoomStanding.WAITING, "being made…"),
        (RoomStanding.KEPT_IN, "not made: this is a drill"),
        (RoomStanding.UNUSABLE, "not made: its account is switched off"),
    ],
)
def test_what_keeps_a_room_from_being_there_is_said(standing: RoomStanding, said: str):
    row = row_of(RoomItem(account="Slack", standing=standing))
    assert (row.shown, row.is_made, row.may_retry) == (said, False, False)


def test_a_room_that_is_tried_again_by_itself_says_what_it_waits_for():
    row = row_of(RoomItem(account="Slack", standing=RoomStanding.WAITING, said="HTTP 503"))
    assert row.notes == ("Tried again by itself: HTTP 503",)


def test_a_link_that_somebody_typed_opens_and_a_number_does_not():
    typed = {"destination_id": None, "name": "State document"}
    link = row_of(None, **typed, address="https://wiki.acme.example/x")
    assert (link.shown, link.link) == ("State document", "https://wiki.acme.example/x")
    assert row_of(None, **typed, address="+44 113 496 0204").link == ""


def test_a_meeting_is_named_by_the_key_and_its_server_is_known_again():
    address = jitsi_address("https://meet.acme.example/", "INC-42", CHANNEL.id)
    assert address == "https://meet.acme.example/Firstline-INC-42-abcdef12"
    assert jitsi_server(address) == "https://meet.acme.example"
    assert jitsi_server("https://zoom.example/j/123") == ""
    assert room_name("INC-42") == "inc-42"
