"""Who is to be in a chat room: found by what is known of them, invited, and told of otherwise."""

from dataclasses import replace

import pytest
from providers.rooms_server import MatrixRooms, MattermostRooms, SlackRooms
from providers.test_rooms import CHATS, EVERY_CHAT, Chat

from services.providers.mattermost_people import statuses_refused
from services.providers.provider import Delivered, Item, RoomMember
from services.providers.room_people import NOBODY_KNOWN, why_not_there

SLACK, MATRIX, MATTERMOST = CHATS
KIM = "kim@acme.example"
STATUS = "In major incident INC-1042"


def with_members(chat: Chat, *members: RoomMember, round_: int = 0) -> Item:
    """The room of a chat, with these members."""
    item = chat.room()
    assert item.room is not None
    return replace(item, room=replace(item.room, members=members, status=STATUS, round=round_))


@EVERY_CHAT
def test_whoever_cannot_be_named_is_told_of_and_the_others_are_invited(chat: Chat):
    stranger, known = RoomMember(name="Kim", ids=("../kim",)), chat.members[0]
    with chat.server() as server:
        outbox = chat.outbox(server)
        outbox.tell(with_members(chat, stranger, RoomMember(name="Ada", ids=(known,))))
        assert why_not_there(stranger, outbox.memo) == NOBODY_KNOWN
        assert [room.members for room in server.rooms.values()] == [[known]]


@pytest.mark.parametrize("chat", [SLACK, MATTERMOST], ids=str)
def test_people_are_found_by_their_e_mail_address_and_asked_for_once(chat: Chat):
    kim, ada = RoomMember(name="Kim", mail=KIM), RoomMember(name="Ada", mail="ada@acme.example")
    with chat.server() as server:
        server.mails[KIM] = chat.members[0]
        outbox = chat.outbox(server)
        outbox.tell(with_members(chat, kim, ada))
        asked = len(server.requests)
        assert isinstance(outbox.tell(with_members(chat, kim, ada)), Delivered)
        assert len(server.requests) == asked
        assert [room.members for room in server.rooms.values()] == [[chat.members[0]]]
        assert why_not_there(kim, outbox.memo) == ""
        assert why_not_there(ada, outbox.memo).startswith(("users_not_found", "app.user.missing"))


@pytest.mark.parametrize("chat", [SLACK, MATTERMOST], ids=str)
def test_who_was_unknown_is_looked_for_again_when_somebody_asks(chat: Chat):
    kim = RoomMember(name="Kim", mail=KIM)
    with chat.server() as server:
        outbox = chat.outbox(server)
        outbox.tell(with_members(chat, kim))
        server.mails[KIM] = chat.members[0]
        outbox.tell(with_members(chat, kim, round_=1))
        assert [room.members for room in server.rooms.values()] == [[chat.members[0]]]
        assert why_not_there(kim, outbox.memo) == ""


def test_a_given_id_goes_before_e_mail_in_slack_and_behind_it_in_mattermost():
    """What people give to be paged at in Mattermost is a channel, and looks like a member."""
    for chat, invited in ((SLACK, SLACK.members[0]), (MATTERMOST, MATTERMOST.members[1])):
        with chat.server() as server:
            server.mails[KIM] = chat.members[1]
            member = RoomMember(name="Kim", ids=(chat.members[0],), mail=KIM)
            chat.outbox(server).tell(with_members(chat, member))
            assert [room.members for room in server.rooms.values()] == [[invited]]


def test_in_mattermost_a_given_id_serves_where_nobody_has_the_e_mail_address():
    with MattermostRooms() as server:
        member = RoomMember(name="Kim", ids=(MATTERMOST.members[0],), mail=KIM)
        MATTERMOST.outbox(server).tell(with_members(MATTERMOST, member))
        assert [room.members for room in server.rooms.values()] == [[MATTERMOST.members[0]]]


def test_whoever_is_in_a_matrix_room_already_is_not_told_of_as_missing():
    kim = RoomMember(name="Kim", ids=(MATRIX.members[0],))
    with MatrixRooms() as server:
        outbox = MATRIX.outbox(server)
        outbox.tell(with_members(MATRIX))
        next(iter(server.rooms.values())).members.append(MATRIX.members[0])
        outbox.tell(with_members(MATRIX, kim))
        assert why_not_there(kim, outbox.memo) == ""
        server.unknown = {MATRIX.members[1]}
        ada = RoomMember(name="Ada", ids=(MATRIX.members[1],))
        outbox.tell(with_members(MATRIX, kim, ada))
        assert why_not_there(ada, outbox.memo) == "M_FORBIDDEN"


def test_a_workspace_that_does_not_say_where_it_is_gets_no_link():
    with SlackRooms() as server:
        server.site = "javascript:alert(1)//"
        outbox = SLACK.outbox(server)
        outbox.tell(SLACK.room())
        assert outbox.memo["address"] == ""


# -- what the chat says beside people's names ----------------------------------------------------


def test_who_holds_a_role_has_a_status_until_they_lay_it_down():
    kim = RoomMember(name="Kim", mail=KIM, is_holding=True)
    ada = RoomMember(name="Ada", ids=(MATTERMOST.members[1],))
    with MattermostRooms() as server:
        server.mails[KIM] = MATTERMOST.members[0]
        outbox = MATTERMOST.outbox(server, statuses="yes")
        outbox.tell(with_members(MATTERMOST, kim, ada))
        told = {user: status["text"] for user, status in server.statuses.items()}
        assert told == {MATTERMOST.members[0]: STATUS}
        outbox.tell(with_members(MATTERMOST, replace(ada, is_holding=True)))
        assert list(server.statuses) == [MATTERMOST.members[1]]
        outbox.tell(with_members(MATTERMOST))
        assert server.statuses == {}
        asked = len(server.requests)
        outbox.tell(with_members(MATTERMOST))
        assert len(server.requests) == asked


def test_what_people_wrote_beside_their_names_themselves_stays():
    kim = RoomMember(name="Kim", ids=(MATTERMOST.members[0],), is_holding=True)
    with MattermostRooms() as server:
        outbox = MATTERMOST.outbox(server, statuses="yes")
        outbox.tell(with_members(MATTERMOST, kim))
        server.statuses[MATTERMOST.members[0]] = {"text": "At lunch"}
        outbox.tell(with_members(MATTERMOST))
        assert server.statuses[MATTERMOST.members[0]] == {"text": "At lunch"}


def test_without_the_right_the_room_is_made_and_says_why_there_is_no_status():
    kim = RoomMember(name="Kim", ids=(MATTERMOST.members[0],), is_holding=True)
    with MattermostRooms() as server:
        server.may_edit_others = False
        outbox = MATTERMOST.outbox(server, statuses="yes")
        assert isinstance(outbox.tell(with_members(MATTERMOST, kim)), Delivered)
        assert statuses_refused(outbox.memo) == ("api.context.permissions.app_error",)
        server.may_edit_others = True
        outbox.tell(with_members(MATTERMOST, kim, round_=1))
        assert list(server.statuses) == [MATTERMOST.members[0]]


def test_no_status_is_set_where_nobody_asked_for_it():
    kim = RoomMember(name="Kim", ids=(MATTERMOST.members[0],), is_holding=True)
    with MattermostRooms() as server:
        MATTERMOST.outbox(server).tell(with_members(MATTERMOST, kim))
        assert server.statuses == {}
