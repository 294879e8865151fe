"""A reply is heard once, whatever dies and whoever reads; and what answers without the guards."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from contract.mails import AUTOMATIC, Post, asked, guesses, reply_to, said

from services.dispatcher import reply_sources
from services.dispatcher.imap import ImapFolder, MailboxFailed
from services.paging.page import PageState
from services.providers import mail_reply
from services.providers.answer_words import ESCALATED
from services.sync.errors import SharedUnreachable

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


def test_a_reply_that_meets_a_bug_holds_up_no_other(post: Post, monkeypatch) -> None:
    page, mail = post.page(), asked(post)
    answer = type(post.world.engine.replies).answer  # type: ignore[attr-defined]

    def buggy(heard: Any, replied: Any) -> str:
        assert replied.answer is not ESCALATED
        return str(answer(heard, replied))

    monkeypatch.setattr(type(post.world.engine.replies), "answer", buggy)  # type: ignore[attr-defined]
    post.read(reply_to(mail, "escalate"), reply_to(mail, "ack"))
    assert post.state(page) is PageState.ACKNOWLEDGED
    assert post.sending.poison.count == 2  # one for each account that shares the mailbox


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
