"""What a reply says, whatever mail program wrote it, and what no person wrote."""

from uuid import UUID, uuid4

import pytest

from services.paging.lifecycle import SNOOZE_LIMITS_S
from services.providers import answer_words
from services.providers.answer_words import (
    ACKNOWLEDGED,
    DECLINED,
    ESCALATED,
    PageAnswer,
    Word,
    leading_answer,
)
from services.providers.mail_reply import (
    HOW_TO_REPLY,
    MailReply,
    answer_in,
    read_reply,
    reply_code,
    signed_part,
)

KEY = "k" * 32
DELIVERY = UUID("0193b4a2-7c1e-7a44-9d2e-1f0c5b7a9e10")
HALF_AN_HOUR = PageAnswer(Word.SNOOZED, 1_800)


def mail(body: str, **headers: str) -> bytes:
    named = {"From": "Kim <Kim@Example.com>", "Content-Type": "text/plain; charset=utf-8"}
    named |= {name.replace("_", "-"): text for name, text in headers.items()}
    head = "".join(f"{name}: {text}\r\n" for name, text in named.items())
    return f"{head}\r\n{body}".encode()


def answer(body: str, **headers: str) -> PageAnswer | None:
    return read_reply(mail(body, **headers)).answer


# -- words -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ack", ACKNOWLEDGED), ("ACK.", ACKNOWLEDGED), ("Acknowledged, on it", ACKNOWLEDGED),
        ("1", ACKNOWLEDGED), ("take it", ACKNOWLEDGED), ("2.", DECLINED), ("decline", DECLINED),
        ("next please", DECLINED), ("escalate now!", ESCALATED), ("snooze 30", HALF_AN_HOUR),
        ("Snooze 30min, please", HALF_AN_HOUR), ("snooze 2 hours", PageAnswer(Word.SNOOZED, 7_200)),
    ],
)  # fmt: skip
def test_words_are_understood(line, said):
    assert answer_in(line) == said


@pytest.mark.parametrize(
    "line",
    ["", "ok", "ack?", "Acknowledge: https://desk.example/a/x", "1 question: who is on it?", "12",
     "acknowledgement", "snooze", "snooze 0", "snooze 99999", "snooze 20000 min", "I ack",
     "ack-ack", "decline's", "Escalate/route", "３０"],
)  # fmt: skip
def test_what_is_no_word_is_no_answer(line):
    assert answer_in(line) is None


def test_snoozes_are_as_long_as_on_a_desk():
    assert answer_words.SNOOZE_LIMITS_S == SNOOZE_LIMITS_S
    assert leading_answer("snooze 10080") == (PageAnswer(Word.SNOOZED, 604_800), "")
    assert leading_answer("snooze 10081") is None


def test_no_line_of_our_own_is_an_answer():
    lines = [*HOW_TO_REPLY.splitlines(), "Acknowledge: https://x", "INC-1 SEV1 It burns"]
    assert [answer_in(line) for line in lines[:1] + lines[3:]] == [None] * 3


# -- whose words -----------------------------------------------------------------------------

QUOTED = "INC-1 SEV1 It burns\n\nescalate this\n\nAcknowledge: https://x"
AS_QUOTE = "\n".join(f"> {line}" for line in QUOTED.splitlines())


@pytest.mark.parametrize(
    "body",
    [
        f"ack\n\nOn Mon, 2 Mar 2026 at 09:00, Firstline <desk@example.com> wrote:\n\n{AS_QUOTE}",
        f"\n\u200b\n  ack\n-- \nKim\n{AS_QUOTE}",
        f"ack\n\n-----Original Message-----\nFrom: Firstline\n{QUOTED}",
        f"On Mon, 2 Mar 2026, Firstline\n<desk@example.com> wrote:\n{AS_QUOTE}\n\nack\n",
        f"ack\n________________________________\nVon: Firstline\n{QUOTED}",
    ],
)
def test_the_first_own_word_is_read(body):
    assert answer(body) == ACKNOWLEDGED


@pytest.mark.parametrize(
    "body",
    [
        AS_QUOTE,
        AS_QUOTE.replace("> ", ">"),
        f"On Mon, 2 Mar 2026, Firstline wrote:\n{QUOTED}",
        "On Mon, 2 Mar 2026, Firstline <desk@example.com> wrote:\nescalate this",
        "-----Original Message-----\nescalate this",
        "From: Firstline <desk@example.com>\nescalate this",
        "Von: Firstline <desk@example.com>\nGesendet: Montag\nescalate this",
        "________________________________\nescalate this",
        "--\nack",
        "",
    ],
)
def test_what_is_quoted_is_nobodys_word(body):
    assert answer(body) is None


def test_html_is_read_without_its_quotes():
    own = "<html><head><title>ack</title></head><body><div>decline</div>"
    quote = "<blockquote><p>ack</p></blockquote></body></html>"
    assert answer(own + quote, Content_Type="text/html") == DECLINED
    assert answer(quote, Content_Type="text/html") is None
    outlook = "<![if !x]><p>ack</p><hr><div><b>From:</b> Firstline</div><p>escalate</p>"
    assert answer(outlook, Content_Type="text/html") == ACKNOWLEDGED
    assert answer(outlook.replace("ack", ""), Content_Type="text/html") is None


def test_the_plain_part_is_read_and_no_mail_within_it():
    parts = (
        "--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nack\r\n"
        "--a\r\nContent-Type: text/plain; name=x.txt\r\n\r\nack\r\n"
        "--a\r\nContent-Type: text/html\r\n\r\n<p>ack</p>\r\n"
        "--a\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        "ZGVjbGluZQ==\r\n--a--\r\n"
    )
    assert answer(parts, Content_Type="multipart/mixed; boundary=a") == DECLINED


# -- the signature ---------------------------------------------------------------------------


def test_a_signature_is_of_one_delivery_and_one_key():
    signed = f"<acme.x.open.{signed_part(KEY, DELIVERY)}@example.com>"
    for name in ("In-Reply-To", "References"):
        reply = read_reply(mail("ack", **{name: f"<a@b>\r\n {signed.upper()}\r\n <c@d>"}))
        assert reply.delivery(KEY) == DELIVERY
        assert reply.delivery("j" * 32) is None
        assert reply.sender == "kim@example.com"
    another = signed.replace(DELIVERY.hex, uuid4().hex)
    assert read_reply(mail("ack", In_Reply_To=another)).delivery(KEY) is None
    assert len(reply_code(KEY, DELIVERY)) == 26


def test_a_broken_mail_is_read_as_far_as_it_goes():
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(1500)
    )
    assert read_reply(deep) == MailReply((), "", True, None)
    assert read_reply(b"") == MailReply((), "", True, None)
    assert answer("ack", Content_Type="text/plain; charset=no-such") == ACKNOWLEDGED
    assert read_reply(mail("x").replace(b"Kim@", b"K\xff\xfem@")).sender == ""
    assert answer("ack", Content_Transfer_Encoding="base64") is None


# -- machines --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Auto-Submitted", "auto-replied"), ("auto-submitted", " Auto-Generated; owner=x"),
        ("Precedence", "bulk"), ("Precedence", "Auto_Reply"), ("Precedence", "list"),
        ("X-Auto-Response-Suppress", "All"), ("X-Autoreply", "yes"), ("X-Autorespond", ""),
        ("Return-Path", "<>"), ("Return-Path", " < > "), ("List-Id", "<x>"),
        ("X-Failed-Recipients", "x@y"), ("Content-Type", "multipart/report; boundary=x"),
        ("Content-Type", "message/delivery-status"), ("From", "MAILER-DAEMON@example.com"),
        ("From", "postmaster@example.com"), ("From", ""), ("From", "<>"),
        ("Subject", "Automatic reply: INC-1"), ("Subject", "Out of Office: INC-1"),
        ("Subject", "Auto: away"), ("Subject", "Abwesenheitsnotiz"),
        ("Subject", "Undeliverable: INC-1"), ("Subject", "Mail delivery failed"),
    ],
)  # fmt: skip
def test_what_no_person_wrote_is_known(name, text):
    assert read_reply(mail("ack", **{name: text})).is_automatic


@pytest.mark.parametrize(
    ("name", "text"),
    [("Auto-Submitted", "no"), ("Return-Path", "<kim@example.com>"), ("Precedence", "normal"),
     ("Subject", "Re: [INC-1] Automatic doors fail"), ("X-Mailer", "iPhone Mail")],
)  # fmt: skip
def test_a_person_is_heard(name, text):
    assert not read_reply(mail("ack", **{name: text})).is_automatic
