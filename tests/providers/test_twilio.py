"""Twilio: what text messages and calls say, and how a lost answer is settled."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from providers import twilio_server
from providers.calling import Caller, send
from providers.chats import NUMBER, SMS, TO_A_PHONE, VOICE
from providers.contract_server import ERROR, ERROR_AFTER_TAKING, json_answer
from providers.examples import DESK, at_step
from providers.official_schema import official
from providers.twilio_server import SENDER, SID, TwilioServer, signature_of

from services.providers.answer_words import (
    ACKNOWLEDGED,
    DECLINED,
    ESCALATED,
    PageAnswer,
    Word,
)
from services.providers.errors import OptionsInvalid
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Item,
    Refused,
    Reply,
    Retry,
    Step,
    Unsure,
)
from services.providers.sms import parts_of
from services.providers.twilio import TwilioSms, TwilioVoice
from services.providers.twilio_answers import Said, is_signed, reply_code, said
from services.providers.wording import headline

ANSWER = f"{DESK}/a/x7QmPzL2vN8kT4wY9bR1cD6e"


def found(caller: Caller, item: Item) -> Mapping[str, str] | None:
    """What Twilio knows of an item, asked as after a lost answer."""
    provider = caller.provider
    assert isinstance(provider, TwilioSms)
    return provider.found(item, send(provider.look(item, caller.account, caller.secrets, {})))


def bodies(server: TwilioServer) -> list[str]:
    return [str(message["body"]) for message in server.messages]


def test_a_page_is_one_sms_that_says_what_where_and_how_to_answer():
    with TwilioServer() as server:
        outcome = SMS.caller(server).deliver(replace(TO_A_PHONE, acknowledge_url=ANSWER))
        assert outcome == Delivered({"sid": "SM" + "0" * 32}, "taken by Twilio: queued")
        (body,) = bodies(server)
        words, link, mark = body.rsplit(" ", 2)
        assert (words, link) == ("INC-1042 Checkout is failing", ANSWER)
        assert mark.startswith("#")
        assert parts_of(body) == 1


def test_a_plain_link_is_not_worth_a_second_sms():
    long = replace(TO_A_PHONE, summary="Checkout is failing again and again " * 5)
    with TwilioServer() as server:
        for url in (f"{DESK}/INC-1042", f"{DESK}/{'x' * 90}", f"{DESK}/{'x' * 1_500}"):
            assert isinstance(SMS.caller(server).deliver(replace(long, url=url)), Delivered)
        assert [parts_of(body) for body in bodies(server)] == [1, 1, 1]
        assert [DESK in body for body in bodies(server)] == [True, False, False]


def test_every_step_is_named():
    with TwilioServer() as server:
        for number, step in enumerate(Step):
            SMS.caller(server).deliver(at_step(step, replace(TO_A_PHONE, url=""), number))
        SMS.caller(server).deliver(replace(TO_A_PHONE, url="", may_repeat=True))
        assert [body.rpartition(" #")[0] for body in bodies(server)] == [
            "INC-1042 Checkout is failing",
            "Update: INC-1042 Checkout is failing",
            "Acknowledged: INC-1042 Checkout is failing",
            "Resolved: INC-1042 Checkout is failing",
            "INC-1042 Checkout is failing (may be a repeat)",
        ]


def test_a_lost_answer_is_settled_by_looking():
    with TwilioServer() as server:
        caller = SMS.caller(server)
        server.misbehave(ERROR_AFTER_TAKING)
        assert isinstance(caller.deliver(TO_A_PHONE), Unsure)
        again = replace(TO_A_PHONE, may_repeat=True, acknowledge_url=ANSWER)
        assert found(caller, again) == {"sid": "SM" + "0" * 32}
        # It was this message alone: the same words under another key never came.
        assert found(caller, at_step(Step.OPEN, TO_A_PHONE, 7)) is None
        assert found(caller, replace(TO_A_PHONE, address="+4930000000")) is None


def test_what_never_arrived_is_not_found():
    with TwilioServer() as server:
        caller = SMS.caller(server)
        server.misbehave(ERROR)
        assert isinstance(caller.deliver(TO_A_PHONE), Unsure)
        assert found(caller, TO_A_PHONE) is None
        assert isinstance(caller.deliver(TO_A_PHONE), Delivered)
        server.messages[0]["status"] = "undelivered"
        assert found(caller, TO_A_PHONE) is None


class ByWords(TwilioSms):
    """A wrong look: the same words to the same number are taken for the same message."""

    def found(self, item: Item, reply: Reply) -> Mapping[str, str] | None:
        bodies = [message["body"] for message in json.loads(reply.body)["messages"]]
        return {} if any(body.startswith(headline(item)) for body in bodies) else None


@pytest.mark.parametrize(("provider", "is_lost"), [(TwilioSms(), False), (ByWords(), True)])
def test_a_lost_page_is_not_taken_for_an_earlier_one_of_the_same_words(provider, is_lost):
    with TwilioServer() as server:
        caller = replace(SMS.caller(server), provider=provider)
        caller.deliver(TO_A_PHONE)
        server.misbehave(ERROR)
        second = at_step(Step.OPEN, TO_A_PHONE, 7)
        caller.deliver(second)
        assert (found(caller, second) is not None) == is_lost


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=200, body=b""),
        Reply(status=200, body=b'{"messages": 7}'),
        Reply(status=200, body=b'{"messages": [null, 7, {"body": null}]}'),
        Reply(status=500, body=b"<h1>"),
    ],
)
def test_an_answer_that_lists_nothing_finds_nothing(reply):
    assert TwilioSms().found(TO_A_PHONE, reply) is None


def test_a_number_that_cannot_be_reached_is_refused_without_showing_it():
    with TwilioServer() as server:
        server.unreachable.add(NUMBER)
        outcome = SMS.caller(server).deliver(TO_A_PHONE)
        assert isinstance(outcome, Refused)
        assert "21211" in outcome.reason
        assert NUMBER not in outcome.reason


def test_too_many_at_once_is_tried_later():
    body = json_answer(429, {"code": 20429, "message": "Too Many Requests"}).body
    outcome = TwilioSms().read(
        TO_A_PHONE, Reply(status=429, body=body, headers={"retry-after": "3"})
    )
    assert isinstance(outcome, Retry)
    assert outcome.after_s == 3


def test_a_call_reads_the_page_aloud_twice():
    with TwilioServer() as server:
        item = replace(TO_A_PHONE, summary='<Dial>"&"\x01\ufffe', may_repeat=True)
        assert isinstance(VOICE.caller(server).deliver(item), Delivered)
        (call,) = server.calls
        said = [verb.text for verb in ElementTree.fromstring(call["Twiml"]) if verb.tag == "Say"]
        assert said == ['INC-1042 <Dial>"&"   (may be a repeat)'] * 2
        assert (call["To"], call["From"]) == (NUMBER, SENDER)


def test_a_call_that_can_be_answered_listens_for_one_key():
    address = f"{DESK}/k/x7QmPzL2vN8kT4wY9bR1cD6e"
    with TwilioServer() as server:
        VOICE.caller(server).deliver(replace(TO_A_PHONE, keypad_url=address))
        (gather,) = ElementTree.fromstring(server.calls[0]["Twiml"])
    assert (gather.tag, gather.get("action"), gather.get("method")) == ("Gather", address, "POST")
    assert gather.get("numDigits") == "1"
    words = "INC-1042 Checkout is failing. Press 1 to take it, or 2 if you can't."
    assert [verb.text for verb in gather if verb.tag == "Say"] == [words] * 2


def test_a_page_that_takes_replies_says_how_in_one_sms():
    page = replace(TO_A_PHONE, acknowledge_url=ANSWER, keypad_url=ANSWER)
    with TwilioServer() as server:
        caller = SMS.caller(server)
        caller.options = {**SMS.options, "replies": "yes"}
        caller.deliver(page)
        caller.deliver(replace(page, may_repeat=True))
        caller.deliver(replace(page, keypad_url=""))  # Twilio could not reach us
        caller.deliver(at_step(Step.RESOLVE, page, 1))
        first, again, unreached, resolved = bodies(server)
    code = reply_code(twilio_server.TOKEN, page.key)
    told = f" Reply 1 {code} to take it, 2 {code} to decline #"
    assert told in first
    assert told in again
    assert parts_of(first) == 1
    assert "Reply" not in unreached + resolved
    assert ANSWER in unreached


def test_a_reply_code_is_of_one_page_and_one_account():
    codes = {reply_code(token, key) for token in ("0" * 32, "1" * 32) for key in ("a", "b")}
    assert len(codes) == 4
    assert all(len(code) == 6 and code.isdecimal() for code in codes)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("1 482913", ACKNOWLEDGED),
        (" 2 482913\n", DECLINED),
        ("1482913", ACKNOWLEDGED),
        ("1. 482913", ACKNOWLEDGED),
        ("Ack 482913", ACKNOWLEDGED),
        ("snooze 30 482913", PageAnswer(Word.SNOOZED, 1_800)),
        ("Snooze 2h 482913", PageAnswer(Word.SNOOZED, 7_200)),
        ("escalate 482913", ESCALATED),
    ],
)
def test_answers_by_text_are_understood(text, answer):
    assert said(text) == Said(answer, "482913")


@pytest.mark.parametrize(
    "text", ["", "1", "482913", "3 482913", "1 48291", "1 482913 no", "STOP", "snooze 482913"]
)
def test_what_is_no_answer_answers_nothing(text):
    assert said(text) is None


def test_signatures_are_twilios_own():
    """The example of Twilio's guide and libraries."""
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
    theirs = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    assert is_signed("12345", url, [*fields.items()], theirs)
    assert signature_of(url, fields, "12345") == theirs
    assert not is_signed("12346", url, [*fields.items()], theirs)
    assert not is_signed("12345", url[:-1], [*fields.items()], theirs)
    assert not is_signed("12345", url, [*fields.items()][1:], theirs)
    assert not is_signed("12345", url, [*fields.items()], "é")
    assert not is_signed("12345", url, [*fields.items()], "")


def test_only_a_new_page_rings():
    with TwilioServer() as server:
        calls = [VOICE.caller(server).build(replace(TO_A_PHONE, step=step)) for step in Step]
    assert [call is not None for call in calls] == [True, False, False, False]


def test_an_api_key_logs_in_for_the_account():
    account = Account(
        id="a", options={"account_sid": SID, "key_sid": "SK" + "a" * 32, "from": "Desk"}
    )
    call = TwilioSms().build(TO_A_PHONE, account, {"token": "s" * 32}, {})
    assert call.url == f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json"
    login = b64decode(call.headers["Authorization"].removeprefix("Basic ")).decode()
    assert login == f"SK{'a' * 32}:{'s' * 32}"


@pytest.mark.parametrize(
    ("provider", "changed", "option"),
    [
        (TwilioSms(), {"account_sid": ""}, "account_sid"),
        (TwilioSms(), {"account_sid": None}, "account_sid"),
        (TwilioSms(), {"account_sid": "AC/../" + "a" * 28}, "account_sid"),
        (TwilioSms(), {"key_sid": "AC" + "a" * 32}, "key_sid"),
        (TwilioSms(), {"messaging_service_sid": "x"}, "messaging_service_sid"),
        (TwilioSms(), {"from": None}, "from"),
        (TwilioSms(), {"from": "much too long a name"}, "from"),
        (TwilioSms(), {"replies": "yes", "from": "Desk"}, "from"),
        (TwilioSms(), {"replies": "yes", "key_sid": "SK" + "a" * 32}, "key_sid"),
        (TwilioVoice(), {"from": "Desk"}, "from"),
        (TwilioVoice(), {"from": None, "messaging_service_sid": "MG" + "a" * 32}, "from"),
    ],
)
def test_wrong_options_are_named(provider, changed, option):
    options = {"account_sid": SID, "from": SENDER, **changed}
    account = Account(id="a", options={k: v for k, v in options.items() if v is not None})
    for act in (
        lambda: provider.check(account),
        lambda: provider.build(TO_A_PHONE, account, {"token": "s" * 32}, {}),
    ):
        with pytest.raises(OptionsInvalid) as caught:
            act()
        assert caught.value.context["option"] == option


@pytest.mark.parametrize(
    "number", ["", "0170 123", "+0123456789", "+49170123456789012", "+٤٩١٧٠١٢٣٤٥٦٧"]
)
@pytest.mark.parametrize("provider", [TwilioSms(), TwilioVoice()])
def test_what_is_no_number_is_not_called(provider, number):
    account = Account(id="a", options={"account_sid": SID, "from": SENDER})
    with pytest.raises(OptionsInvalid) as caught:
        provider.build(replace(TO_A_PHONE, address=number), account, {"token": "s" * 32}, {})
    assert caught.value.context["option"] == "address"
    assert not number or number not in str(caught.value.context)


def test_a_service_may_be_the_sender():
    account_options = {"account_sid": SID, "messaging_service_sid": "MG" + "a" * 32}
    with TwilioServer() as server:
        caller = SMS.caller(server)
        caller.options = account_options
        assert isinstance(caller.deliver(TO_A_PHONE), Delivered)


def test_the_official_description_judges_every_call(shared_knowledge):
    assert official("twilio/twilio_api_v2010.json") is not None
    with TwilioServer() as server:
        caller = SMS.caller(server)
        call = caller.build(TO_A_PHONE)
        assert call is not None
        for wrong in (b"&Colour=red", b"&ApplicationSid=AP1", b"&ValidityPeriod2=1"):
            assert send(replace(call, body=call.body + wrong)).status == 400
        assert all("description" in breach for breach in server.forgive())
        assert send(call).status == 201


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda call: replace(call, body=b"To=%2B49170123456&From=%2B1555000111&Body="), "Body"),
        (lambda call: replace(call, body=call.body + b"x" * 1_600), "ValidityPeriod"),
        (
            lambda call: replace(call, body=call.body.replace(b"From=", b"StatusCallback=")),
            "sender",
        ),
        (lambda call: replace(call, body=b"Body=x"), "To is"),
        (lambda call: replace(call, url=call.url + "x"), "no /2010"),
    ],
)
def test_the_contract_bites(change, rule):
    with TwilioServer() as server:
        call = SMS.caller(server).build(TO_A_PHONE)
        assert call is not None
        assert send(change(call)).status == 400
        assert rule in " ".join(server.forgive())


def test_json_is_not_taken():
    with TwilioServer() as server:
        call = SMS.caller(server).build(TO_A_PHONE)
        assert isinstance(call, HttpCall)
        headers = {**call.headers, "Content-Type": "application/json"}
        assert send(replace(call, headers=headers)).status == 415
    assert twilio_server.TOKEN not in repr(call)
