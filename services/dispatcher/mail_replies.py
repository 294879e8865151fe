"""Answers by replies to the mails of pages, read from the mailboxes of e-mail accounts.

A reply counts where it holds the signature of the mail that it answers, comes from the address to
which that went, and was written by a person. That it is heard once is the shared database's to
see to; so nothing depends on what this reader remembers, on how a server counts its mails, or on
how many dispatchers read the same mailbox. Mails that are no replies to ours are left as they are.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Protocol
from uuid import UUID

from services.core.clock import Clock, SystemClock
from services.core.errors import AppError
from services.core.messages import message_of
from services.dispatcher.figures import Figures
from services.dispatcher.imap import ImapFolder, MailboxFailed
from services.dispatcher.poison import Poison
from services.dispatcher.secrets import SecretStore
from services.paging.destination_commands import options_of
from services.paging.engine import PagingEngine
from services.paging.replies import HearsReplies, Mailbox, Replied
from services.providers.mail_reply import SHORTEST_KEY, MailReply, read_reply, signed_ids
from services.providers.mailbox_options import mailbox_of
from services.providers.provider import MailboxCall

log = logging.getLogger(__name__)

POLL_S: Final = 15.0
"""How often mailboxes are looked into."""

_PATIENCE_S: Final = 60.0
"""How long one look may take; the next goes on where it ended."""

_AT_ONCE: Final = 100
_LOOKS_BACK: Final = timedelta(days=8)
"""A day more than an answer counts, as servers know days only, and not whose."""

_TELLS_AFTER: Final = 3
"""After so many looks in vain the account is shown as failed."""

NOT_READ: Final = "replies are not read: "


class OpensFolders(Protocol):
    """What opens mailboxes: :class:`services.dispatcher.transport.Transport`."""

    def folder(
        self, call: MailboxCall, *, may_reach_private: bool, patience_s: float
    ) -> AbstractContextManager[ImapFolder]:
        """The folder of a mailbox, for so many seconds at most."""
        ...


class Heard(PagingEngine, Protocol):
    """The shared database, as far as replies need it."""

    @property
    def replies(self) -> HearsReplies:
        """What hears them."""
        ...


@dataclass(frozen=True, slots=True)
class _Opened:
    """A mailbox with what is secret, ready to be looked into."""

    destination_id: UUID
    call: MailboxCall
    reply_key: str


class MailReplies:
    """Looks into the mailboxes of all e-mail accounts. For one thread, but for :meth:`hang_up`.

    ``answered`` is called when something was answered: the word back waits to be sent.
    """

    def __init__(
        self,
        engine: Heard,
        opens: OpensFolders,
        secrets: SecretStore,
        figures: Figures,
        poison: Poison,
        answered: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
    ) -> None:
        self._engine, self._opens, self._secrets = engine, opens, secrets
        self._figures, self._poison, self._answered = figures, poison, answered
        self._clock = clock or SystemClock()
        self._seen: dict[tuple[UUID, MailboxCall, str], int] = {}
        self._in_vain: dict[UUID, int] = {}
        self._told: set[UUID] = set()
        self._folder: ImapFolder | None = None
        self.unread: dict[str, str] = {}
        """Why mailboxes could not be read when last looked into, by destination."""

    def poll(self) -> None:
        """Look into each mailbox once.

        Raises:
            AppError: the shared database does not say which there are.
        """
        found: dict[str, str] = {}
        for mailbox in self._engine.replies.mailboxes():
            trouble = self._looked(mailbox)
            if trouble is not None:
                found[str(mailbox.destination_id)] = trouble
                self._tell(mailbox, trouble)
        self.unread = {id_: trouble for id_, trouble in found.items() if trouble}
        self._figures.mailboxes({id_: bool(trouble) for id_, trouble in found.items()})

    def hang_up(self) -> None:
        """End a look that is under way. Any thread may ask."""
        if (folder := self._folder) is not None:
            folder.hang_up()

    # -- one mailbox --------------------------------------------------------------------------

    def _looked(self, mailbox: Mailbox) -> str | None:
        """Why it could not be read, empty where it could; None where there is none."""
        try:
            opened = self._prepared(mailbox)
            if opened is None:
                return None
            with self._opens.folder(
                opened.call, may_reach_private=mailbox.may_reach_private, patience_s=_PATIENCE_S
            ) as folder:
                self._folder = folder
                self._read(folder, opened)
        except MailboxFailed as failed:
            return str(failed) or "the mail server refuses"
        except AppError as fact:
            return message_of(fact).happened
        finally:
            self._folder = None
        return ""

    def _prepared(self, mailbox: Mailbox) -> _Opened | None:
        """The mailbox of an account with its secrets; None where it has none.

        Raises:
            MailboxFailed: this machine does not keep what it needs.
            AppError: the options are wrong, or the secrets cannot be read.
        """
        options = mailbox_of(options_of(mailbox.options))
        if options is None:
            return None
        id_ = mailbox.destination_id
        password, key = (self._secret(id_, slot) for slot in ("mailbox_password", "reply_key"))
        if len(key) < SHORTEST_KEY:
            raise MailboxFailed(f"its reply_key has fewer than {SHORTEST_KEY} characters")
        return _Opened(id_, options.call(password), key)

    def _secret(self, destination_id: UUID, slot: str) -> str:
        found = self._secrets.get(f"{destination_id}:{slot}")
        if found is None:
            raise MailboxFailed(f"this machine does not keep its {slot}")
        return found.reveal().strip()

    def _read(self, folder: ImapFolder, opened: _Opened) -> None:
        """Read what is new, as far as the shared database hears it."""
        place = (opened.destination_id, opened.call, folder.validity)
        since = (self._clock.now() - _LOOKS_BACK).date()
        for some in _parts(folder.uids(self._seen.get(place, 0), since)):
            for head in list(folder.heads(some)):
                if signed_ids(head.headers) and not self._heard(folder, head.uid, opened):
                    return  # it is read again next time
            others = {it: uid for it, uid in self._seen.items() if it[0] != opened.destination_id}
            self._seen = {**others, place: some[-1]}

    def _heard(self, folder: ImapFolder, uid: int, opened: _Opened) -> bool:
        """Hear one reply; False where the shared database is away."""
        raw = folder.beginning(uid)
        reply = None if raw is None else self._poison.survive(lambda: read_reply(raw), _nothing)
        if reply is None:
            return True
        delivery_id = reply.delivery(opened.reply_key)
        if delivery_id is None or reply.is_automatic:
            why = "signature" if delivery_id is None else "automatic"
            log.warning("answer-refused", extra={"facts": {"by": "mail", "why": why}})
            return True
        replied = Replied(
            destination_id=opened.destination_id,
            delivery_id=delivery_id,
            sender=reply.sender,
            answer=reply.answer,
        )
        try:
            # One that meets a bug is left alone: others wait behind it.
            result = self._poison.survive(
                lambda: self._engine.replies.answer(replied), lambda _: "unknown"
            )
        except AppError as fact:
            log.error("answer-failed", extra={"facts": {"by": "mail", "problem": fact.code}})
            return False
        log.info("answered", extra={"facts": {"by": "mail", "result": result}})
        self._figures.replied(result)
        if result == "unknown":
            return True  # another account may have sent what it answers
        self._answered()
        with suppress(MailboxFailed):  # it is a courtesy to whoever looks into the mailbox
            folder.mark_read(uid)
        return True

    # -- how it fares -------------------------------------------------------------------------

    def _tell(self, mailbox: Mailbox, trouble: str) -> None:
        """Show an account as failed once it has failed for a while, and take that back."""
        id_, before = mailbox.destination_id, self._in_vain.get(mailbox.destination_id)
        self._in_vain[id_] = (before or 0) + 1 if trouble else 0
        was_told = mailbox.probe_result.startswith(NOT_READ)
        facts = {"destination": str(id_), "problem": trouble}
        with suppress(AppError):
            if self._in_vain[id_] == _TELLS_AFTER:
                log.error("mailbox-away", extra={"facts": facts})
                self._told.add(id_)
                if not was_told:
                    self._engine.note_probe(id_, NOT_READ + trouble)
            elif not trouble and was_told and (before is None or id_ in self._told):
                # Of another dispatcher it is not known whether it can read by now.
                log.warning("mailbox-back", extra={"facts": {"destination": str(id_)}})
                self._told.discard(id_)
                self._engine.note_probe(id_, "")


def _nothing(_: str) -> MailReply | None:
    return None


def _parts(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for begin in range(0, len(uids), _AT_ONCE):
        yield uids[begin : begin + _AT_ONCE]
