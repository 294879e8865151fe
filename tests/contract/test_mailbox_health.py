"""Mailboxes that cannot be read: said so where one looks, while pages go on leaving."""

import time
from typing import Any

from builders import ADAM
from contract.dispatching import secrets_file
from contract.mails import SECRETS, Post, asked, reply_to, said, words_of
from paging_world import PUSH, SMS_ACCOUNT
from providers.mailing import SENDER

from services.core.ids import new_id
from services.dispatcher.beats import beats_of_file
from services.dispatcher.engine_sqlite import PagingSqlite
from services.dispatcher.mail_replies import NOT_READ
from services.dispatcher.runner import Dispatcher
from services.dispatcher.secrets import FileSecrets
from services.paging.destination import Destination
from services.paging.notice_commands import SendTest
from services.paging.page import Delivery, DeliveryState, PageState

WITHIN_S = 60


def keep(post: Post, **secrets: str) -> None:
    secrets_file(post.sending.folder, {**SECRETS, **secrets})


def shown(post: Post) -> str:
    post.world.desk.sync()
    return post.world.desk.get(Destination, PUSH).probe_result


def test_a_mailbox_that_does_not_open_is_shown_until_it_does(post: Post) -> None:
    keep(post, mailbox_password="wrong")
    for _ in range(2):
        post.replies.poll()
    assert "AUTHENTICATIONFAILED" in post.replies.unread[str(PUSH)]
    assert shown(post) == ""
    post.replies.poll()
    assert shown(post).startswith(NOT_READ)
    assert f'firstline_mailbox_unreadable{{destination="{PUSH}"}} 1' in post.sending.figures.text()
    page = post.page()
    assert len(post.smtp.mails) == 1
    post.imap.put(post.user, reply_to(asked(post), "ack"))
    keep(post)
    post.replies.poll()
    assert post.replies.unread == {}
    assert shown(post) == ""
    assert post.state(page) is PageState.ACKNOWLEDGED


def test_without_a_key_mails_leave_and_say_nothing_of_replies(post: Post) -> None:
    keep(post, reply_key="short")
    post.page()
    assert "snooze" not in words_of(asked(post))
    assert str(asked(post).message["Message-ID"]).count(".") == 3
    post.replies.poll()
    assert "32 characters" in post.replies.unread[str(PUSH)]


def outcome_of_a_test(post: Post) -> Delivery:
    """What came of a test of the account to nobody in particular."""
    desk, id_ = post.world.desk, new_id(post.world.office.clock.now())
    desk.do(SendTest(delivery_id=id_, destination_id=PUSH), ADAM)
    desk.sync()
    post.sending.send()
    desk.sync()
    return desk.get(Delivery, id_)


def test_a_test_of_the_account_shows_what_both_servers_say(post: Post) -> None:
    delivery = outcome_of_a_test(post)
    assert post.smtp.mails[-1].recipient == SENDER
    assert delivery.state is DeliveryState.DELIVERED
    assert delivery.reason.endswith("INBOX has 0 mails")
    keep(post, mailbox_password="wrong")
    delivery = outcome_of_a_test(post)
    assert delivery.state is DeliveryState.REFUSED
    assert "AUTHENTICATIONFAILED" in delivery.reason


def test_a_dispatcher_reads_and_says_how_it_fares(post: Post) -> None:
    """With its own threads: the reply is heard, answered, and the other mailbox is told of."""
    page, path = post.page(), post.world.office.path
    post.imap.put(post.user, reply_to(asked(post), "ack"))
    lines = [f"{PUSH}:{slot} = {text}" for slot, text in SECRETS.items()]
    (post.sending.folder / "secrets").write_text("\n".join(lines))
    clock: Any = post.world.office.clock
    dispatcher = Dispatcher(
        ticking=PagingSqlite(path, clock),
        sending=PagingSqlite(path, clock),
        transport=post.transport,
        secrets=FileSecrets(post.sending.folder / "secrets"),
        senders=1,
    )
    dispatcher.start()
    try:
        wait_for(lambda: len(post.smtp.mails) > 1)
        wait_for(lambda: any(beat.unread for beat in beats_of_file(path, clock)))
        (beat,) = beats_of_file(path, clock)
    finally:
        assert dispatcher.stop()
    assert said("acknowledged") in words_of(post.smtp.mails[-1])
    assert post.state(page) is PageState.ACKNOWLEDGED
    assert beat.unread == ((str(SMS_ACCOUNT), "this machine does not keep its mailbox_password"),)


def wait_for(is_so: Any) -> None:
    ends_at_s = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < ends_at_s
        time.sleep(0.02)
