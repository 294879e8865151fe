"""Status updates in chats, mails and webhooks: one thread, each word once, no link outside."""

import random
from dataclasses import replace

import pytest
from providers.calling import Caller
from providers.chats import MATRIX, MATTERMOST, SLACK, TEAMS
from providers.contract_server import CLOSED, CUT, ERROR, ERROR_AFTER_TAKING, Fault, json_answer
from providers.examples import DESK, OPENED
from providers.mail_server import MailServer
from providers.mailing import deliver
from providers.pagers import PAGERS, Pager
from providers.slack_server import SlackServer
from providers.teams_server import said as said_on
from providers.telling import Outbox, said, updating

from services.providers.email import subject
from services.providers.provider import Delivered, Step

WORDS = (
    said("We look.", Step.OPEN),
    said("We still look."),
    said("A fix."),
    said("Over.", Step.RESOLVE),
)
HOOK = next(pager for pager in PAGERS if pager.kind == "webhook")


def tell_all(caller: Caller, *, reconciles: bool = True) -> None:
    outbox = Outbox(caller, reconciles)
    for item in WORDS:
        outbox.tell(item)


def blocks(message: dict[str, list[dict[str, dict[str, str]]]]) -> list[str]:
    return [block["text"]["text"] for block in message["blocks"]]


def test_one_message_in_slack_shows_what_is_so_now():
    with SLACK.calling() as caller:
        tell_all(caller)
        root, *replies = caller.server.messages
        assert blocks(root) == ["Checkout is failing", "Resolved\n\nOver."]
        assert [blocks(reply)[1] for reply in replies] == [
            "Identified: We still look.",
            "Identified: A fix.",
            "Resolved: Over.",
        ]
        assert [reply["thread_ts"] for reply in replies] == [root["ts"]] * 3
        assert [reply["reply_broadcast"] for reply in replies] == [False, False, True]


def test_a_message_in_slack_that_was_deleted_is_written_anew():
    with SLACK.calling() as caller:
        outbox = Outbox(caller)
        outbox.tell(WORDS[0])
        caller.server.messages.clear()
        assert isinstance(outbox.tell(WORDS[1]), Delivered)
        outbox.tell(WORDS[2])
        root, reply = caller.server.messages
        assert blocks(root)[1] == "Identified\n\nA fix."
        assert blocks(reply)[1] == "Identified: A fix."


def test_the_thread_in_matrix_hangs_on_the_first_word_and_calls_nobody():
    with MATRIX.calling() as caller:
        tell_all(caller)
        root, *replies = caller.server.events.values()
        assert root["body"] == "Checkout is failing\nInvestigating\n\nWe look."
        assert [one["m.relates_to"]["event_id"] for one in replies] == ["$event0"] * 3
        assert {str(one["m.mentions"]) for one in (root, *replies)} == {"{}"}


def test_the_thread_in_mattermost_hangs_on_the_first_word():
    with MATTERMOST.calling() as caller:
        tell_all(caller)
        (root_id, root), *replies = caller.server.posts.items()
        assert root["message"] == "#### Checkout is failing\n\nInvestigating\n\nWe look."
        assert "metadata" not in root
        assert [post["root_id"] for _, post in replies] == [root_id] * 3


def test_a_card_in_teams_says_it_all():
    item = said("We look.", Step.OPEN, current_status=("Cards fail",), next_steps=("Call them",))
    with TEAMS.calling() as caller:
        assert isinstance(caller.deliver(item), Delivered)
        (card,) = caller.server.cards
        text = (
            "Investigating\n\nWe look.\n\nCurrent status:\n- Cards fail\n\nNext steps:\n- Call them"
        )
        assert said_on(card) == ["Checkout is failing", text]


def test_a_webhook_tells_programs_what_it_is():
    item = said("We look.", Step.OPEN, components={"8kbf": "major_outage"}, next_update="10:00 UTC")
    with HOOK.calling() as caller:
        assert isinstance(caller.deliver(item), Delivered)
        ((message_id, event),) = caller.server.events.items()
        assert message_id == "msg_open-We-look--" + message_id.rpartition("-")[2]
        assert event["type"] == "incident.update"
        told = event["data"]
        assert isinstance(told, dict)
        assert told["components"] == {"8kbf": "major_outage"}
        assert (told["phase"], told["impact"], told["audience"]) == (
            "investigating",
            "major",
            "external",
        )
        assert told["text"] == "Investigating\n\nWe look.\n\nNext update: 10:00 UTC"


def test_more_components_than_a_webhook_holds_are_left_out():
    many = {f"component-{number:04}": "operational" for number in range(2_000)}
    with HOOK.calling() as caller:
        assert isinstance(caller.deliver(said("x", Step.OPEN, components=many)), Delivered)
        (event,) = caller.server.events.values()
        told = event["data"]
        assert isinstance(told, dict)
        assert 0 < len(told["components"]) < 100


@pytest.mark.parametrize("pager", [SLACK, TEAMS, MATRIX, MATTERMOST, HOOK], ids=str)
def test_only_staff_see_a_link_to_the_desk(pager: Pager):
    for audience in ("external", "internal"):
        with pager.calling() as caller:
            Outbox(caller).tell(updating(OPENED, audience=audience))
            told = b"".join(request.body for request in caller.server.requests)
            assert (DESK.encode() in told) == (audience == "internal")


@pytest.mark.parametrize("pager", [SLACK, TEAMS, MATRIX, MATTERMOST, HOOK], ids=str)
def test_a_correction_says_so(pager: Pager):
    with pager.calling() as caller:
        outbox = Outbox(caller)
        outbox.tell(WORDS[0])
        outbox.tell(said("Put right.", is_correction=True, replaces_key=WORDS[0].key))
        assert b"Correction: Checkout is failing" in caller.server.requests[-1].body


def test_a_mail_has_the_same_in_two_forms_and_one_subject():
    item = said("We look.", Step.OPEN, current_status=("Cards <fail>",), next_steps=("Call & ask",))
    renamed = replace(said("A fix."), summary="Payments and search are failing")
    with MailServer() as server:
        for one in (item, renamed):
            deliver(server, replace(one, address="staff@example.com"))
        first, second = (mail.message for mail in server.mails)
        assert first["Subject"] == "[INC-1042] Checkout is failing"
        assert second["Subject"] == "Re: [INC-1042] Checkout is failing"
        assert first["References"] == second["In-Reply-To"]
        assert (
            first["List-Id"] == "Firstline status updates <external.updates.firstline.example.com>"
        )
        plain, html = first.get_payload()
        assert "- Cards <fail>" in plain.get_content()
        assert "<li>Cards &lt;fail&gt;</li>" in html.get_content()
        assert "<li>Call &amp; ask</li>" in html.get_content()
        assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")


def test_an_update_named_by_its_key_bears_it_once_in_the_subject():
    item = replace(WORDS[0], root_summary="INC-1042 - SEV1 - Checkout is failing")
    assert subject(item) == "[INC-1042] SEV1 - Checkout is failing"


def test_texts_stay_texts_in_the_marked_up_form():
    wicked = "</body><script>alert(1)</script>\r\n--=_firstline\r\n\x00\ud800"
    item = updating(replace(OPENED, text=wicked, summary=wicked, to_name=wicked))
    with MailServer() as server:
        assert isinstance(deliver(server, replace(item, address="a@example.com")), Delivered)
        plain, html = server.mails[0].message.get_payload()
        assert "<script>" not in html.get_content()
        assert "--=_firstline" in plain.get_content()


# -- lost replies ------------------------------------------------------------------------------


def keys_told(caller: Caller) -> tuple[int, list[str]]:
    """How many threads there are, and the key of each word in them."""
    if isinstance(caller.server, SlackServer):
        told = caller.server.messages
        keys = [one["metadata"]["event_payload"].get("item", "") for one in told]
        return len(caller.server.roots()), [key for key in keys if key]
    posts = list(caller.server.posts.values())  # type: ignore[attr-defined]
    return sum("root_id" not in post for post in posts), [
        post["props"]["firstline_item"] for post in posts
    ]


def losing(pager: Pager, *, reconciles: bool) -> tuple[int, list[str]]:
    chance = random.Random(3)

    def fate(_: object) -> Fault:
        return chance.choice([Fault(), CLOSED, CUT, ERROR, ERROR_AFTER_TAKING])

    with pager.calling() as caller:
        caller.server.fate = fate
        if pager is MATTERMOST:
            caller.server.remembers = False  # type: ignore[attr-defined]
        tell_all(caller, reconciles=reconciles)
        return keys_told(caller)


@pytest.mark.parametrize("pager", [SLACK, MATTERMOST], ids=str)
def test_lost_replies_make_no_second_thread_and_no_second_word(pager: Pager):
    threads, keys = losing(pager, reconciles=True)
    assert threads == 1
    # The first word in Slack is the message that was changed since.
    assert len(keys) == len(set(keys)) == len(WORDS) - (pager is SLACK)


@pytest.mark.parametrize("pager", [SLACK, MATTERMOST], ids=str)
def test_whoever_repeats_without_asking_says_it_twice(pager: Pager):
    threads, keys = losing(pager, reconciles=False)
    assert threads > 1 or len(keys) > len(set(keys))


def test_while_slack_does_not_say_nothing_is_repeated():
    with SLACK.calling() as caller:
        outbox = Outbox(caller)
        caller.server.misbehave(ERROR_AFTER_TAKING)
        outbox.attempt(WORDS[0])
        limited = json_answer(200, {"ok": False, "error": "ratelimited"})
        caller.server.misbehave(Fault(answer=limited))
        assert not isinstance(outbox.attempt(WORDS[0], may_repeat=True), Delivered)
        outbox.attempt(WORDS[0], may_repeat=True)
        threads, keys = keys_told(caller)
        assert (threads, len(keys)) == (1, 1)
