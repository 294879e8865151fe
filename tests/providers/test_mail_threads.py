"""Twenty mails about one incident are one thread in a real mailbox, whatever they are called."""

import re
from dataclasses import replace

from providers.examples import OPENED
from providers.mail_server import MailServer
from providers.mailbox import threads_of
from providers.mailing import deliver
from providers.telling import updating

from services.providers.provider import Delivered, Item, Step

MAILS = 20


def told(number: int) -> Item:
    """An update of an incident whose title, text and phase go on changing."""
    steps = [Step.OPEN, *[Step.UPDATE] * (MAILS - 2), Step.RESOLVE]
    item = replace(
        OPENED,
        key=f"update-{number}",
        step=steps[number],
        summary=f"What it is by now, number {number}",
        address="staff@example.com",
    )
    return updating(item, audience="internal")


def delivered(*items: Item) -> list[bytes]:
    """The mails as they arrived, over SMTP."""
    with MailServer() as server:
        for item in items:
            assert isinstance(deliver(server, item), Delivered)
        return [mail.wire for mail in server.mails]


def test_twenty_mails_are_one_thread_and_another_incident_is_another():
    items = [told(number) for number in range(MAILS)]
    other = replace(
        items[0], subject_key="acme/INC-7", reference="INC-7", root_summary="Mail is slow"
    )
    mails = delivered(*items, other)
    assert sorted(map(sorted, threads_of(mails))) == [list(range(1, MAILS + 1)), [MAILS + 1]]


def test_without_what_they_answer_to_they_fall_apart():
    """Negative control: the same mails under their own titles, without references."""
    mails = delivered(*(replace(told(number), root_summary="") for number in range(MAILS)))
    loose = [
        re.sub(rb"(?m)^(In-Reply-To|References): [^\r]*(\r\n [^\r]*)*\r\n", b"", mail)
        for mail in mails
    ]
    assert all(len(cut) < len(mail) for cut, mail in zip(loose, mails, strict=True))
    assert len(threads_of(loose)) == MAILS
    # References alone hold them together, too.
    assert len(threads_of(mails)) == 1
