"""People who are paged by mail, the mailbox to which they reply, and whoever reads it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path
from typing import Any
from uuid import uuid4

import paging_world
import pytest
from builders import NAMES
from contract.dispatching import Sending, founding_through
from paging_world import PagingWorld
from providers.imap_server import PASSWORD, Imap, new_user
from providers.mail_server import MailServer, Taken
from providers.mailing import SENDER

from services.dispatcher.mail_replies import MailReplies
from services.dispatcher.reply_words import said_back
from services.dispatcher.secrets import FileSecrets
from services.dispatcher.transport import Transport
from services.paging.destination import ProviderKind
from services.paging.page import Page, PageState
from services.people.contact import ContactMethod
from services.providers.mail_reply import reply_code

KEY = "canary-key-of-replies-0123456789-abcdef"
SECRETS = {"mailbox_password": PASSWORD, "reply_key": KEY}


def address_of(person_id: Any) -> str:
    return f"{NAMES[person_id].split()[0].lower()}@example.com"


@dataclass
class Post:
    """A world whose people have mail, a server that takes it, and the mailbox for replies."""

    sending: Sending
    smtp: MailServer
    imap: Imap
    user: str
    transport: Transport
    replies: MailReplies = field(init=False)

    def __post_init__(self) -> None:
        self.replies = self.another()

    @property
    def world(self) -> PagingWorld:
        return self.sending.world

    def another(self) -> MailReplies:
        """A reader that has read nothing yet, as after a restart or on another machine."""
        engine: Any = self.world.engine
        return MailReplies(
            engine,
            self.transport,
            FileSecrets(self.sending.folder / "secrets"),
            self.sending.figures,
            self.sending.poison,
        )

    def page(self) -> Page:
        """A page that has reached Theo's mailbox."""
        page_id = self.world.page()
        self.sending.after(0)
        return self.world.read(page_id)

    def state(self, page: Page) -> PageState:
        return self.world.read(page.id).state

    def read(self, *mails: bytes) -> None:
        """Let mails arrive, and look into the mailbox."""
        self.imap.put(self.user, *mails)
        self.replies.poll()

    def sent_back(self) -> list[str]:
        """What is said back by now, of each mail its words."""
        before = len(self.smtp.mails)
        self.sending.send()
        return [words_of(mail) for mail in self.smtp.mails[before:]]


def words_of(mail: Taken) -> str:
    """The words of a mail, on one line where they were broken into several."""
    content = message_from_bytes(mail.wire, policy=SMTP).get_content()  # type: ignore[attr-defined]
    return str(content)


def reply_to(
    mail: Taken, words: str, *, sender: str = "", headers: Mapping[str, str] | None = None
) -> bytes:
    """A reply as a mail program writes it, with the mail quoted below."""
    asked = mail.message
    quoted = "\r\n".join(f"> {line}" for line in words_of(mail).splitlines())
    made: dict[str, str] = {
        "Return-Path": f"<{sender or mail.recipient}>",
        "From": f"Somebody <{sender or mail.recipient}>",
        "To": str(asked["Reply-To"] or asked["From"]),
        "Subject": f"Re: {asked['Subject']}",
        "Message-ID": "<reply-1@phone.example>",
        "In-Reply-To": str(asked["Message-ID"]),
        "References": f"{asked['References']}\r\n {asked['Message-ID']}",
        "Content-Type": "text/plain; charset=utf-8",
        **(headers or {}),
    }
    head = "".join(f"{name}: {text}\r\n" for name, text in made.items() if text)
    body = f"{words}\r\n\r\nOn Monday, Firstline <{SENDER}> wrote:\r\n{quoted}\r\n"
    return (head + "\r\n" + body).encode()


@contextmanager
def post_of(
    patch: pytest.MonkeyPatch, imap: Imap, folder: Path, opening: Any, **options: str
) -> Iterator[Post]:
    """Everybody is reached by mail. ``opening`` makes the paging world of those records."""
    user = new_user()
    with ExitStack() as stack:
        smtp = stack.enter_context(MailServer())
        given = {
            "host": "127.0.0.1",
            "port": str(smtp.port),
            "tls": "none",
            "sender": SENDER,
            **imap.options(user),
            **options,
        }
        records = [
            replace(record, address=address_of(record.person_id))
            if isinstance(record, ContactMethod)
            else record
            for record in founding_through(ProviderKind.EMAIL, "", json.dumps(given))
        ]
        patch.setattr(paging_world, "founding", lambda: records)
        world = stack.enter_context(opening())
        transport = Transport(roots=str(imap.certificates.authority))
        sending = Sending(world, folder, secrets=SECRETS, given={"transport": transport})
        yield Post(sending, smtp, imap, user, transport)


def said(result: str) -> str:
    return said_back(f"{result} {uuid4()}")[0]


def asked(post: Post) -> Taken:
    return post.smtp.mails[-1]


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


AUTOMATIC: tuple[dict[str, str], ...] = (
    {"Auto-Submitted": "auto-replied"},
    {"Precedence": "bulk"},
    {"Return-Path": "<>"},
)
