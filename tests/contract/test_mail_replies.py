"""Answers by replying to a mail: what counts, what does not, what is said back, and only once."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from builders import THEO, office_at
from contract.mails import Post, post_of, reply_to, words_of
from paging_world import paging_in_file, paging_on_server
from providers.mail_server import Taken
from team import team_at

from services.dispatcher import reply_sources
from services.dispatcher.imap import ImapFolder, MailboxFailed
from services.dispatcher.reply_words import said_back
from services.paging.page import PageState
from services.providers import mail_reply
from services.providers.mail_reply import reply_code
from services.sync.errors import SharedUnreachable


@pytest.fixture
def post(monkeypatch, tmp_path, dovecot) -> Iterator[Post]:
    with ExitStack() as stack:
        office = stack.enter_context(office_at())
        yield stack.enter_context(
            post_of(monkeypatch, dovecot, tmp_path, lambda: paging_in_file(office))
        )


@pytest.fixture
def team_post(monkeypatch, tmp_path, databases, dovecot) -> Iterator[Post]:
    with ExitStack() as stack:
        team = stack.enter_context(team_at(tmp_path, databases))
        yield stack.enter_context(
            post_of(monkeypatch, dovecot, tmp_path, lambda: paging_on_server(team))
        )


def said(result: str) -> str:
    return said_back(f"{result} {uuid4()}")[0]


def asked(post: Post) -> Taken:
    return post.smtp.mails[-1]


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


def forged(mail: Taken, **headers: str) -> bytes:
    return reply_to(mail, "ack", headers={"References": "", **headers})


def guesses(mail: Taken) -> list[bytes]:
    """Whoever knows our mails and Theo's address, and not the key."""
    own = str(mail.message["Message-ID"])
    delivery, code, rest = own.rpartition("@")[0].rpartition(".")[0], "a" * 26, "@example.com>"
    another = f"<x.{uuid4().hex}.{reply_code('k' * 32, uuid4())}{rest}"
    return [
        forged(mail, **{"In-Reply-To": ""}),
        forged(mail, **{"In-Reply-To": str(mail.message["In-Reply-To"])}),
        forged(mail, **{"In-Reply-To": f"{delivery}.{code}{rest}"}),
        forged(mail, **{"In-Reply-To": another}),
    ]


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


AUTOMATIC: tuple[dict[str, str], ...] = (
    {"Auto-Submitted": "auto-replied"},
    {"Precedence": "bulk"},
    {"Return-Path": "<>"},
)


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


# -- once ------------------------------------------------------------------------------------


def dies_before_it_is_marked(post: Post, patch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise MailboxFailed("cut")

    with patch.context() as patched:
        patched.setattr(ImapFolder, "mark_read", die)
        post.replies.poll()
    post.another().poll()


def loses_its_index(post: Post, patch: pytest.MonkeyPatch) -> None:
    post.replies.poll()
    post.imap.forget(post.user)
    post.replies.poll()


def is_read_by_two(post: Post, patch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2)
    beginning = ImapFolder.beginning

    def together(folder: ImapFolder, uid: int) -> Any:
        found = beginning(folder, uid)
        both.wait(20)
        return found

    with patch.context() as patched:
        patched.setattr(ImapFolder, "beginning", together)
        threads = [threading.Thread(target=post.another().poll) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


TWICE: list[Callable[[Post, pytest.MonkeyPatch], None]] = [
    dies_before_it_is_marked,
    loses_its_index,
    is_read_by_two,
]


def escalations(post: Post, patch: pytest.MonkeyPatch, twice: Callable[..., None]) -> list[str]:
    """What two readings of one reply come to."""
    post.page()
    post.imap.put(post.user, reply_to(asked(post), "escalate"))
    results: list[str] = []
    answer = type(post.world.engine.replies).answer  # type: ignore[attr-defined]

    def noted(heard: Any, replied: Any) -> str:
        results.append(str(answer(heard, replied)))
        return results[-1]

    with patch.context() as patched:
        patched.setattr(type(post.world.engine.replies), "answer", noted)  # type: ignore[attr-defined]
        twice(post, patch)
    return sorted(result for result in results if result != "unknown")


@pytest.mark.parametrize("twice", TWICE)
def test_a_reply_is_heard_once(post: Post, monkeypatch, twice) -> None:
    assert escalations(post, monkeypatch, twice) == ["escalated", "repeated"]
    assert len([words for words in post.sent_back() if said("escalated") in words]) == 1


def test_two_dispatchers_of_a_team_hear_a_reply_once(team_post: Post, monkeypatch) -> None:
    assert escalations(team_post, monkeypatch, is_read_by_two) == ["escalated", "repeated"]


def test_a_reply_waits_for_a_database_that_is_away(post: Post, monkeypatch) -> None:
    page = post.page()
    post.imap.put(post.user, reply_to(asked(post), "ack"))

    def away(*_: object) -> str:
        raise SharedUnreachable(file="x", problem="y")

    with monkeypatch.context() as patched:
        patched.setattr(type(post.world.engine.replies), "answer", away)  # type: ignore[attr-defined]
        post.replies.poll()
    assert post.state(page) is PageState.OPEN
    post.replies.poll()
    assert post.state(page) is PageState.ACKNOWLEDGED


# -- without the guards ----------------------------------------------------------------------


def test_without_the_signature_a_forged_reply_answers(post: Post, monkeypatch) -> None:
    """Negative control."""
    page, mail = post.page(), asked(post)
    monkeypatch.setattr(mail_reply.hmac, "compare_digest", lambda *_: True)
    post.read(*guesses(mail))
    assert post.state(page) is PageState.ACKNOWLEDGED


def test_without_the_address_a_colleague_answers(post: Post, monkeypatch) -> None:
    """Negative control."""
    page, mail = post.page(), asked(post)
    whoever = reply_sources.REPLIED_TO.replace("lower(d.address) = :sender", ":sender <> ''")
    monkeypatch.setattr(reply_sources, "REPLIED_TO", whoever)
    post.read(reply_to(mail, "ack", sender="eve@example.com"))
    assert post.state(page) is PageState.ACKNOWLEDGED


def test_without_the_look_for_machines_one_answers(post: Post, monkeypatch) -> None:
    """Negative control."""
    page, mail = post.page(), asked(post)
    monkeypatch.setattr(mail_reply, "is_automatic", lambda _: False)
    post.read(*(reply_to(mail, "ack", headers=headers) for headers in AUTOMATIC))
    assert post.state(page) is PageState.ACKNOWLEDGED


@pytest.mark.parametrize("twice", [loses_its_index, is_read_by_two])
def test_without_its_mark_a_reply_is_heard_twice(post: Post, monkeypatch, twice) -> None:
    """Negative control."""
    always = reply_sources.WORD_BACK.replace("'reply/' || :word", "hex(randomblob(8))")
    monkeypatch.setattr(reply_sources, "WORD_BACK", always)
    assert escalations(post, monkeypatch, twice) == ["escalated", "escalated"]
