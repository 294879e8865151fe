"""Matrix: a repeat is the same event, and a subject is one thread."""

from dataclasses import replace
from urllib.parse import quote

import pytest
from providers.calling import Caller, send
from providers.chats import MATRIX
from providers.contract_server import ERROR_AFTER_TAKING, json_answer, throttle
from providers.examples import DESK, OPENED, at_step
from providers.matrix_server import ROOM, MatrixServer
from providers.official_schema import official_text

from services.providers.errors import OptionsInvalid
from services.providers.matrix import Matrix
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Refused,
    Retry,
    Step,
    Unsure,
)

HOME = "https://matrix.example.com"


def built(caller: Caller, item: Item) -> HttpCall:
    call = caller.build(item)
    assert call is not None
    return call


def test_a_repeat_is_the_same_event():
    with MatrixServer() as server:
        caller = MATRIX.caller(server)
        server.misbehave(ERROR_AFTER_TAKING)
        assert isinstance(caller.deliver(OPENED), Unsure)
        again = replace(OPENED, may_repeat=True, at=OPENED.at.replace(hour=10))
        assert caller.deliver(again) == Delivered({"event_id": "$event0"})
        assert list(server.events) == ["$event0"]
        # Under another key it would be a second one.
        assert built(caller, at_step(Step.OPEN, number=7)).url != built(caller, OPENED).url
        caller.deliver(at_step(Step.OPEN, number=7))
        assert len(server.events) == 2


def test_one_thread_tells_the_whole_life():
    with MatrixServer() as server:
        caller = MATRIX.caller(server)
        root = caller.deliver(OPENED)
        assert isinstance(root, Delivered)
        caller.memo = dict(root.memo)
        for number, step in enumerate((Step.UPDATE, Step.ACKNOWLEDGE, Step.RESOLVE), 1):
            assert caller.deliver(at_step(step, number=number)) == Delivered({})
        first, *replies = server.events.values()
        assert "m.relates_to" not in first
        assert {reply["m.relates_to"]["event_id"] for reply in replies} == {"$event0"}
        assert [event["m.mentions"] for event in server.events.values()] == [
            {"room": True},
            {},
            {},
            {},
        ]


def test_a_message_says_what_and_how_to_answer_without_markup():
    item = replace(OPENED, summary="<b>@room</b>", acknowledge_url=f"{DESK}/a", url="ftp://x")
    with MatrixServer() as server:
        MATRIX.caller(server).deliver(item)
        (event,) = server.events.values()
        assert event["body"].splitlines() == [
            "INC-1042 <b>@room</b>",
            "Card payments fail since 08:52.",
            "Detected by the caller.",
            f"Acknowledge: {DESK}/a",
        ]
        assert set(event) == {"msgtype", "body", "m.mentions"}


def test_the_largest_message_is_taken():
    long = f"{DESK}/" + "x" * 1_900
    item = replace(
        OPENED,
        summary="\x01" * 9_000,
        text="\x01" * 90_000,
        url=long,
        acknowledge_url=long,
        decline_url=long,
    )
    with MatrixServer() as server:
        caller = MATRIX.caller(server)
        assert isinstance(caller.deliver(item), Delivered)
        call = built(caller, at_step(Step.OPEN, number=7))
        assert send(replace(call, body=call.body + b" " * 70_000)).status == 400
        assert server.forgive() == ["M_TOO_LARGE"]


def test_too_many_at_once_is_tried_when_the_server_says():
    wait = json_answer(429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 2_000})
    with MatrixServer() as server:
        server.misbehave(throttle(body=wait.body))
        outcome = MATRIX.caller(server).deliver(OPENED)
        assert isinstance(outcome, Retry)
        assert outcome.after_s == 2


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"secrets": {"token": "syt_wrong"}}, "M_UNKNOWN_TOKEN"),
        ({"options": {"room": "!other:example.com"}}, "M_FORBIDDEN"),
    ],
)
def test_a_no_is_shown_in_the_servers_words(changed, word):
    with MatrixServer() as server:
        outcome = replace(MATRIX.caller(server), **changed).deliver(OPENED)
        assert isinstance(outcome, Refused)
        assert word in outcome.reason
        assert server.events == {}


def test_the_address_of_a_room_is_taken_literally():
    room = "!a/b?c#d%2F:example.com"
    account = Account(id="a", base_url=HOME + "/", options={"room": ROOM})
    call = Matrix().build(replace(OPENED, address=room), account, {"token": "x"}, {})
    where = f"/_matrix/client/v3/rooms/{quote(room, safe='')}/send/m.room.message/{OPENED.key}"
    assert call.url == HOME + where


@pytest.mark.parametrize("room", ["", "#ops:example.com", "room", "!ro om", "!" + "x" * 255])
def test_a_room_is_named_by_its_id(room):
    account = Account(id="a", base_url=HOME, options={"room": room})
    with pytest.raises(OptionsInvalid) as caught:
        Matrix().build(OPENED, account, {"token": "x"}, {})
    assert caught.value.context["option"] == "room"
    if room:
        with pytest.raises(OptionsInvalid):
            Matrix().check(account)


def test_a_home_server_is_needed():
    with pytest.raises(OptionsInvalid) as caught:
        Matrix().check(Account(id="a", options={"room": ROOM}))
    assert caught.value.context["option"] == "address"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda call: replace(call, method="POST"), "no POST"),
        (lambda call: replace(call, url=call.url.replace("%21", "%23")), "is no room"),
        (lambda call: replace(call, body=b'{"msgtype": "m.text", "body": ""}'), "a body"),
        (lambda call: replace(call, body=call.body.replace(b"m.mentions", b"x")), "mentions"),
        (
            lambda call: replace(call, body=call.body.replace(b"{", b'{"formatted_body": "", ', 1)),
            "no markup",
        ),
    ],
)
def test_the_contract_bites(change, rule):
    with MatrixServer() as server:
        assert send(change(built(MATRIX.caller(server), OPENED))).status == 400
        assert rule in " ".join(server.forgive())


def test_the_official_specification_names_the_call(shared_knowledge):
    """The server reads the shape of a room's id in it; here is all else that it says."""
    text = official_text("matrix/client-server/room_send.yaml")
    assert text is not None
    assert "- accessTokenBearer: []" in text
    assert "required:\n                  - event_id" in text
