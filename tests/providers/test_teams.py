"""Teams: cards of the official schema, whose texts nobody can mark up."""

import json
from dataclasses import replace

import pytest
from providers.calling import send
from providers.chats import TEAMS
from providers.contract_server import Answer, Fault
from providers.examples import DESK, OPENED, WICKED, at_step
from providers.official_schema import official
from providers.teams_server import SIGNATURE, TeamsServer, said

from services.providers.errors import OptionsInvalid
from services.providers.provider import Account, Delivered, HttpCall, Refused, Step, Unsure
from services.providers.teams import Teams

LONGEST_LINK = f"{DESK}/" + "x" * 1_900
ADDRESS = "https://prod.environment.api.powerplatform.com/workflows/1/invoke?sig=abc"


def test_every_step_is_a_card_of_its_own():
    with TeamsServer() as server:
        for number, step in enumerate(Step):
            outcome = TEAMS.caller(server).deliver(at_step(step, number=number))
            assert outcome == Delivered(reason="taken; the workflow posts it later")
        assert [said(card)[0].partition(" INC")[0] for card in server.cards] == [
            "INC-1042 Checkout is failing",
            "Update:",
            "Acknowledged:",
            "Resolved:",
        ]


@pytest.mark.parametrize(
    ("severity", "step", "colour"),
    [
        (1, Step.OPEN, "attention"),
        (2, Step.OPEN, "attention"),
        (3, Step.OPEN, "warning"),
        (4, Step.OPEN, "accent"),
        (5, Step.OPEN, "default"),
        (1, Step.RESOLVE, "good"),
    ],
)
def test_the_colour_tells_how_bad_it_is(severity, step, colour):
    with TeamsServer() as server:
        TEAMS.caller(server).deliver(replace(OPENED, severity=severity, step=step))
        assert server.cards[0]["body"][0]["inlines"][0]["color"] == colour


def test_links_become_buttons_and_texts_stay_as_they_are():
    text = "**bold** [x](https://evil.example) <at>all</at>\n- item"
    item = replace(OPENED, text=text, acknowledge_url=f"{DESK}/a", url="javascript:alert(1)")
    with TeamsServer() as server:
        TEAMS.caller(server).deliver(item)
        (card,) = server.cards
        assert said(card)[1] == text
        assert [(one["title"], one["url"]) for one in card["actions"]] == [
            ("Acknowledge", f"{DESK}/a")
        ]


def test_the_largest_message_is_taken():
    item = replace(
        OPENED,
        summary="\x01" * 20_000,
        text='"' * 30_000,
        url=LONGEST_LINK,
        acknowledge_url=LONGEST_LINK,
        decline_url=LONGEST_LINK,
    )
    with TeamsServer() as server:
        caller = TEAMS.caller(server)
        for text in [item.text, *WICKED]:
            assert isinstance(caller.deliver(replace(item, text=text)), Delivered)
        call = caller.build(item)
        assert isinstance(call, HttpCall)
        assert send(replace(call, body=call.body + b" " * 15_000)).status == 400
        assert server.forgive() == ["a message takes up to 28 KB"]


def test_the_address_is_a_secret():
    with TeamsServer() as server:
        caller = TEAMS.caller(server)
        call = caller.build(OPENED)
        assert isinstance(call, HttpCall)
        assert call.secret_in_url
        assert SIGNATURE not in repr(call)
        wrong = {"url": caller.secrets["url"].replace(SIGNATURE, "other")}
        outcome = replace(caller, secrets=wrong).deliver(OPENED)
        assert isinstance(outcome, Refused)
        assert "other" not in outcome.reason


def test_a_page_with_200_is_no_answer_of_a_workflow():
    with TeamsServer() as server:
        page = Fault(answer=Answer(202, b"\n <html>sign in"), is_taken=False)
        server.misbehave(page)
        assert isinstance(TEAMS.caller(server).deliver(OPENED), Unsure)


@pytest.mark.parametrize(
    ("url", "option"),
    [
        ("", "url"),
        ("teams.example/x", "url"),
        ("file:///etc/passwd", "url"),
        ("https://me:secret@teams.example", "address"),
        ("https://teams.example/<x>", "address"),
    ],
)
def test_an_address_that_is_none_is_named_but_not_shown(url, option):
    with pytest.raises(OptionsInvalid) as caught:
        Teams().build(OPENED, Account(id="a"), {"url": url}, {})
    assert caught.value.context["option"] == option
    assert not url or url not in str(caught.value.context)


def test_any_host_is_taken_as_microsoft_changes_them():
    assert Teams().build(OPENED, Account(id="a"), {"url": ADDRESS}, {}).url == ADDRESS


def test_the_official_schema_judges_every_card(shared_knowledge):
    assert official("adaptivecards/1.4.0/adaptive-card.json") is not None
    with TeamsServer() as server:
        call = TEAMS.caller(server).build(OPENED)
        assert isinstance(call, HttpCall)
        for good, wrong in (
            ('"color": "attention"', '"color": "crimson"'),
            ('"type": "TextRun"', '"type": "TextStroll"'),
            ('"version": "1.4"', '"version": "1.4", "msteams": {}'),
        ):
            body = call.body.decode().replace(good, wrong)
            assert json.loads(body) != json.loads(call.body)
            assert send(replace(call, body=body.encode())).status == 400
        assert all("schema 1.4.0" in breach for breach in server.forgive())
        assert send(call).status == 202
