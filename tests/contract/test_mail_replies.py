"""Answers by replying to a mail: what counts, what does not, and what is said back."""

from datetime import timedelta

import pytest
from builders import THEO
from contract.mails import AUTOMATIC, Post, asked, guesses, reply_to, said, words_of
from paging_world import PUSH, SMS_ACCOUNT

from services.incidents.incident import HistoryEntry
from services.incidents.page_entries import page_sentence
from services.paging.page import PageState

# -- what a reply does ---------------------------------------------------------------------


def test_a_reply_takes_the_page_and_is_told_so(post: Post) -> None:
    page, mail = post.page(), asked(post)
    post.read(reply_to(mail, "ack, on my way"))
    page = post.world.read(page.id)
    assert (page.state, page.acknowledged_by_id) == (PageState.ACKNOWLEDGED, THEO)
    (told,) = post.sent_back()
    assert said("acknowledged") in told
    back = post.smtp.mails[-1]
    assert back.recipient == mail.recipient
    assert back.message["References"] == mail.message["References"]
    assert back.message["Subject"] == f"Re: {mail.message['Subject']}"
    assert post.imap.unread(post.user) == []


def test_a_reply_answers_the_page_of_a_team(team_post: Post) -> None:
    """Every word by the functions of PostgreSQL, by whichever of two dispatchers."""
    post = team_post
    page, mail = post.page(), asked(post)
    post.read(*guesses(mail), reply_to(mail, "Snooze 30 please"))
    assert post.world.read(page.id).snooze_s == 1_800
    post.another().poll()
    assert [said("snoozed") in words for words in post.sent_back()] == [True]
    post.read(reply_to(mail, "escalate"))
    assert post.state(page) is PageState.OPEN
    post.read(reply_to(mail, "what is this?"), reply_to(mail, "ack", sender="eve@example.com"))
    assert post.state(page) is PageState.OPEN
    post.read(reply_to(mail, "ack"), reply_to(mail, "decline"))
    assert post.state(page) is PageState.ACKNOWLEDGED
    told = post.sent_back()
    for result in ("escalated", "unclear", "elsewhere", "acknowledged", "too-late"):
        assert [said(result) in words for words in told].count(True) == 1, result


@pytest.mark.parametrize(
    ("words", "result"),
    [("Decline", "declined"), ("2", "declined"), ("escalate now", "escalated")],
)
def test_a_reply_sends_the_page_on(post: Post, words: str, result: str) -> None:
    post.page()
    mail = asked(post)
    post.read(reply_to(mail, words))
    post.sending.after(0)
    assert {taken.recipient for taken in post.smtp.mails[1:]} >= {"vera@example.com"}
    assert [said(result) in words_of(mail) for mail in post.smtp.mails].count(True) == 1


def test_accounts_that_share_a_mailbox_hear_what_is_theirs(post: Post) -> None:
    page, (first, second) = post.page(), sorted((PUSH, SMS_ACCOUNT))
    post.sending.after(120)  # the other account's turn
    by_account = {d.destination_id: str(d.id.hex) for d in post.sending.deliveries()}
    assert {first, second} == set(by_account)
    (mail,) = [m for m in post.smtp.mails if by_account[second] in str(m.message["Message-ID"])]
    post.read(reply_to(mail, "ack"))
    assert post.state(page) is PageState.ACKNOWLEDGED


def test_a_page_that_is_over_is_said_so(post: Post) -> None:
    page, mail = post.page(), asked(post)
    post.world.desk.resolve(page.incident_id)
    post.world.desk.sync()
    post.world.after(0)
    post.read(reply_to(mail, "ack"))
    assert post.state(page) is PageState.SUPERSEDED
    assert [said("too-late") in words for words in post.sent_back()] == [True]


def test_a_mail_of_last_week_answers_nothing(post: Post) -> None:
    page, mail = post.page(), asked(post)
    post.world.office.clock.advance(timedelta(days=8))
    post.read(reply_to(mail, "ack"))
    assert post.state(page) is PageState.OPEN


# -- who may ---------------------------------------------------------------------------------


def test_a_forged_reply_answers_nothing_and_is_left_alone(post: Post) -> None:
    page, mail = post.page(), asked(post)
    post.read(*guesses(mail))
    assert post.state(page) is PageState.OPEN
    assert post.sent_back() == []
    assert post.imap.unread(post.user) == [1, 2, 3, 4]


def test_another_address_answers_nothing_though_it_has_the_mail(post: Post) -> None:
    """As a colleague who had a copy of the reply, and answers to all."""
    page, mail = post.page(), asked(post)
    post.read(*[reply_to(mail, "ack", sender="eve@example.com")] * 2)
    assert post.state(page) is PageState.OPEN
    (told,) = post.sent_back()
    assert "another address" in told
    assert post.smtp.mails[-1].recipient == mail.recipient


def test_no_machine_answers_and_none_is_answered(post: Post) -> None:
    page, mail = post.page(), asked(post)
    post.read(*(reply_to(mail, "ack", headers=headers) for headers in AUTOMATIC))
    assert post.state(page) is PageState.OPEN
    assert post.sent_back() == []


# -- what is no answer -----------------------------------------------------------------------


def test_what_cannot_be_read_is_said_once_and_can_then_be_answered(post: Post) -> None:
    page, mail = post.page(), asked(post)
    post.read(reply_to(mail, "I am in the train"), reply_to(mail, ""), reply_to(mail, "ack?"))
    assert post.state(page) is PageState.OPEN
    (told,) = post.sent_back()
    assert "could not be understood" in told
    assert "snooze 30" in told
    post.read(reply_to(post.smtp.mails[-1], "ack"))
    assert post.state(page) is PageState.ACKNOWLEDGED


def test_what_is_none_of_ours_is_left_alone(post: Post) -> None:
    page = post.page()
    junk = [
        b"Subject: ack\r\n\r\nack\r\n",
        b"\xff\xfe\x00no mail at all",
        b"In-Reply-To: <x@y>\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n--a",
    ]
    post.read(*junk)
    assert post.replies.unread == {}
    assert post.imap.unread(post.user) == [1, 2, 3]
    assert post.state(page) is PageState.OPEN


def test_a_mail_of_any_size_and_shape_stops_nobody(post: Post) -> None:
    page, mail = post.page(), asked(post)
    signed = f"In-Reply-To: {mail.message['Message-ID']}\r\nFrom: {mail.recipient}\r\n".encode()
    post.read(
        signed + b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n\r\n",
        signed + b"Content-Type: text/plain; charset=no-such\r\n\r\n\xff\xfe\r\n",
        reply_to(mail, "ack").replace(b"> ", b"> " + b"x" * 5_000_000, 1),
    )
    assert post.state(page) is PageState.ACKNOWLEDGED
    assert post.replies.unread == {}


def test_the_history_tells_what_a_reply_did(post: Post) -> None:
    page, mail = post.page(), asked(post)
    for words in ("snooze 30", "escalate", "ack"):
        post.read(reply_to(mail, words))
    post.world.desk.sync()
    told = [
        page_sentence(entry, {}, "")
        for entry in post.world.desk.find(HistoryEntry, subject_id=page.id)
        if entry.act == "AnswerPage"
    ]
    assert sorted(told) == [
        "acknowledged the page from a message",
        "sent the page on from a message",
        "snoozed the page for 30 min from a message",
    ]
