"""Mails: one thread for each subject, no header of a stranger's, and every answer of a server."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.policy import SMTP as STRICT
from email.utils import parseaddr

import pytest
from hypothesis import given, settings
from providers.calling import IMPATIENCE_S, PATIENCE_S, outcome_of
from providers.examples import DESK, ITEMS, OPENED, SIGNS, TEXTS, WICKED, at_step, longest
from providers.mail_server import HANG_UP, SILENCE, MailServer, Taken, breaches_of
from providers.mailing import SENDER, deliver

from services.providers.email import Email
from services.providers.errors import OptionsInvalid
from services.providers.limits import MAIL_NAME, Limit
from services.providers.mail_headers import header_text, named, wire_form
from services.providers.provider import (
    Account,
    Delivered,
    Refused,
    Reply,
    Retry,
    Step,
    Unsure,
)

KIM = "kim@example.com"
PAGE = replace(OPENED, address=KIM)
REMOTE = Account(id="a", options={"host": "mail.example.com", "sender": SENDER})


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


# -- threads ----------------------------------------------------------------------------------


def threads_of(mails: list[Taken]) -> list[set[str]]:
    """Message ids by thread: mails that name a common ancestor belong together (RFC 5256)."""
    threads: list[set[str]] = []
    for mail in mails:
        message = message_from_bytes(mail.wire)
        ids = {message["Message-ID"], *str(message["References"] or "").split()}
        joined = [thread for thread in threads if thread & ids]
        threads = [thread for thread in threads if not thread & ids]
        threads.append(ids.union(*joined))
    return threads


def test_twenty_mails_are_one_thread_even_when_the_title_changes(server):
    steps = [Step.OPEN, *[Step.UPDATE] * 17, Step.ACKNOWLEDGE, Step.RESOLVE]
    for number, step in enumerate(steps):
        item = replace(at_step(step, PAGE, number), summary=f"Checkout is failing ({number})")
        assert isinstance(deliver(server, item), Delivered)
    messages = [mail.message for mail in server.mails]
    assert len({message["Message-ID"] for message in messages}) == 20
    assert len(threads_of(server.mails)) == 1
    root = "<acme-INC-1042.root@example.com>"
    assert {message["References"] for message in messages} == {root}
    assert {message["In-Reply-To"] for message in messages} == {root}
    title = "[INC-1042] Checkout is failing"
    assert [message["Subject"] for message in messages] == [title, *[f"Re: {title}"] * 19]


def test_mails_that_name_no_root_are_twenty_threads(server):
    for number in range(20):
        deliver(server, at_step(Step.UPDATE, PAGE, number))
    loose = [
        replace(mail, wire=mail.wire.replace(b"\r\nReferences:", b"\r\nX-Lost:"))
        for mail in server.mails
    ]
    assert len(threads_of(server.mails)) == 1
    assert len(threads_of(loose)) == 20


def test_another_incident_is_another_thread(server):
    deliver(server, PAGE)
    deliver(server, replace(at_step(Step.OPEN, PAGE, 2), subject_key="acme/INC-1043"))
    assert len(threads_of(server.mails)) == 2


def test_a_repeat_bears_the_same_id_and_a_second_page_another(server):
    again = replace(PAGE, at=PAGE.at.replace(hour=11), may_repeat=True)
    for item in (PAGE, again, at_step(Step.OPEN, PAGE, 7)):
        deliver(server, item)
    first, repeat, second = (mail.message["Message-ID"] for mail in server.mails)
    assert first == repeat != second
    assert "(may be a repeat)" in server.mails[1].message.get_content()
    assert server.mails[0].message["Subject"] == server.mails[1].message["Subject"]


# -- what a mail says -------------------------------------------------------------------------


def test_a_page_says_what_to_do(server):
    item = replace(PAGE, acknowledge_url=f"{DESK}/a/1", decline_url="javascript:alert(1)")
    deliver(server, item)
    message = server.mails[0].message
    assert message["To"] == "Kim Lindqvist <kim@example.com>"
    assert message["Date"] == "Sat, 21 Nov 2026 09:00:00 +0000"
    assert message["Importance"] == "high"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["List-Id"] == "Firstline <firstline.example.com>"
    text = message.get_content().replace("\r\n", "\n")
    assert text.startswith("INC-1042 Checkout is failing\n\nCard payments fail")
    assert f"Acknowledge: {DESK}/a/1" in text
    assert f"Open INC-1042: {DESK}/INC-1042" in text
    assert "javascript" not in text


def test_only_an_urgent_page_is_marked_so(server):
    deliver(server, replace(PAGE, severity=3))
    deliver(server, at_step(Step.RESOLVE, PAGE))
    assert [mail.message["Importance"] for mail in server.mails] == [None, None]


def test_a_password_goes_along_only_with_a_login():
    secrets = {"password": "s3cr3t"}
    assert Email().build(PAGE, REMOTE, secrets, {}).password == ""
    options = {**REMOTE.options, "login": "desk", "port": "25"}
    call = Email().build(PAGE, replace(REMOTE, options=options), secrets, {})
    assert (call.login, call.password, call.port) == ("desk", "s3cr3t", 25)
    assert call.is_tls_required
    assert "s3cr3t" not in repr(call)


# -- wicked texts -----------------------------------------------------------------------------

FIELDS = ["key", "subject_key", "reference", "summary", "text", "to_name", "root_summary"]


@pytest.mark.parametrize("field", FIELDS)
def test_no_text_of_any_field_becomes_a_header(server, field):
    for text in WICKED:
        item = replace(PAGE, **{field: text})
        assert isinstance(deliver(server, item), Delivered), (text, server.breaches)


def test_the_longest_mail_is_cut_and_taken(server):
    for sign in SIGNS:
        item = replace(longest(sign, 2_000), address=KIM)
        assert isinstance(deliver(server, item), Delivered), (sign, server.breaches)


def test_any_text_in_any_field_is_taken(server):
    @settings(max_examples=25)
    @given(ITEMS)
    def one(item):
        outcome = deliver(server, replace(item, address=KIM))
        assert isinstance(outcome, Delivered), (outcome, server.breaches)

    one()


@settings(max_examples=100)
@given(TEXTS)
def test_a_text_is_read_as_it_was_written(text):
    """By a reader that decodes once, with the marks of an encoded word kept apart."""
    wanted = " ".join(str(header_text(text, MAIL_NAME)).split())
    assert "=?" not in wanted
    headers = {"Subject": header_text(text, MAIL_NAME), "To": named(text, KIM)}
    message = message_from_bytes(wire_form(headers, "text\n"))
    assert decoded(message["Subject"]) == wanted
    assert decoded(message["To"]) == (f"{wanted} <{KIM}>" if wanted else KIM)


def decoded(value: str) -> str:
    return str(make_header(decode_header(value.replace("\r\n", ""))))


def test_names_with_marks_of_addresses_stay_names(server):
    """Python 3.11.7 forgets the quotes around a long one, and its commas then divide addresses."""
    for name in ("Bcc: x@y" + "x" * 90, "a, b <c@example.com>", 'Kim "the boss" \\', "(Kim)"):
        assert isinstance(deliver(server, replace(PAGE, to_name=name)), Delivered)
        assert parseaddr(server.mails[-1].message["To"])[1] == KIM


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kim",
        "kim@",
        "@example.com",
        "kim@example.com,eve@example.com",
        "kim@example.com\r\nBcc: eve@example.com",
        "kim@example.com\n",
        "Kim <kim@example.com>",
        '"kim"@example.com',
        "kim@exam ple.com",
        "kim@-example.com",
        "kim@example..com",
        "k\u0131m@example.com",
        "=?utf-8?q?a?=@example.com",
        "kim@example.com\x00",
        "k" * 250 + "@example.com",
    ],
)
def test_an_address_that_is_none_is_refused(address):
    with pytest.raises(OptionsInvalid):
        Email().build(replace(PAGE, address=address), REMOTE, {}, {})
    with pytest.raises(OptionsInvalid) as caught:
        Email().check(replace(REMOTE, options={**REMOTE.options, "sender": address}))
    assert caught.value.context["option"] == "sender"


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("host", ""),
        ("host", "mail.example\r\n"),
        ("host", "mail.example/x"),
        ("host", "mäil.example"),
        ("port", "0"),
        ("port", "65536"),
        ("port", "25 "),
        ("port", "٢٥"),
        ("port", "9" * 5_000),
        ("tls", "maybe"),
    ],
)
def test_an_option_that_cannot_work_is_refused(option, value):
    with pytest.raises(OptionsInvalid) as caught:
        Email().check(replace(REMOTE, options={**REMOTE.options, option: value}))
    assert caught.value.context["option"] == option
    Email().check(REMOTE)


# -- the guards bite --------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["x\r\nBcc: eve@example.com", "x\nBcc: eve@example.com"])
def test_the_library_stops_a_header_within_a_header(value):
    with pytest.raises(HeaderParseError):
        wire_form({"Subject": value}, "text\n")


@pytest.mark.parametrize("value", ["x\nBcc : eve@example.com", "x\r\nstray", "x" * 999, "x\0y"])
def test_the_guard_stops_what_the_library_lets_through(value):
    with pytest.raises(ValueError, match="a mail with"):
        wire_form({"Subject": value}, "text\n")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ((b"\r\nSubject:", b"\r\nBcc: eve@example.com\r\nSubject:"), "no other header"),
        ((b"\r\nSubject:", b"\r\nTo: eve@example.com\r\nSubject:"), "each header once"),
        ((b"<kim@", b"Eve <eve@example.com>, <kim@"), "one recipient, the one it is sent to"),
        ((b"Auto-Submitted: auto-generated\r\n", b""), "no other header"),
        ((b"Checkout", b"Check\noot"), "no break alone"),
        ((b"Checkout", "Chéckout".encode()), "seven bits"),
    ],
)
def test_the_server_of_ours_is_strict(server, change, rule):
    call = Email().build(PAGE, REMOTE, {}, {})
    wrong = call.message.replace(*change, 1)
    assert wrong != call.message
    assert rule in breaches_of(Taken(SENDER, KIM, wrong))
    assert breaches_of(Taken(SENDER, KIM, call.message)) == []
    sent = replace(call, is_tls_required=False, host="127.0.0.1", port=server.port, message=wrong)
    if rule not in {"seven bits", "no break alone"}:  # the library itself mends or refuses these
        assert isinstance(outcome_of(Email(), PAGE, sent), Refused)
        assert rule in server.forgive()


# -- answers of servers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("450 4.2.0 Greylisted, come back", Retry),
        ("451 4.3.0 Try later", Retry),
        ("550 5.1.1 No such user <kim@example.com>", Refused),
        ("552 5.2.2 Mailbox full", Refused),
    ],
)
def test_a_recipient_may_be_refused(server, answer, expected):
    server.refuse_recipient(answer)
    outcome = deliver(server, PAGE)
    assert isinstance(outcome, expected)
    assert outcome.reason.startswith(f"SMTP {answer[:3]}: ")
    assert KIM not in outcome.reason
    assert server.mails == []
    assert isinstance(deliver(server, PAGE), Delivered)


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("250 2.0.0 queued", Delivered),
        ("421 4.3.2 Shutting down", Retry),
        ("452 4.3.1 No room", Retry),
        ("554 5.7.1 Rejected as spam", Refused),
        (HANG_UP, Unsure),
        (SILENCE, Unsure),
    ],
)
def test_a_mail_may_end_in_any_way(server, end, expected):
    server.end_with(end)
    patience_s = IMPATIENCE_S if end == SILENCE else PATIENCE_S
    assert isinstance(deliver(server, PAGE, patience_s), expected)


@pytest.mark.parametrize("status", [0, 100, 354, 600])
def test_a_code_that_means_nothing_is_unsure(status):
    assert isinstance(Email().read(PAGE, Reply(status=status)), Unsure)


def test_the_body_comes_back_as_it_went(server):
    text = "Ä \u2028 tab\t.\n.\n..\nFrom here\n" + "x" * 2_000 + "\n= ?=20 " + "漢" * 500
    deliver(server, replace(PAGE, text=text))
    message = message_from_bytes(server.mails[0].wire, policy=STRICT)
    assert text in message.get_content().replace("\r\n", "\n")


def test_a_line_is_cut_where_its_limit_is():
    assert str(header_text("x" * 10, Limit(5))) == "xxxx…"
