"""Replies to the mails of pages, as the shared database hears them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from services.providers.answer_words import PageAnswer

UNCLEAR: Final = "unclear"
"""A reply from which no answer could be read."""

ELSEWHERE: Final = "elsewhere"
"""A reply that claims to come from another address than the mail went to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """An e-mail account, to whose mailbox people may reply. ``options`` is JSON.

    ``probe_result`` is what its last check came to; empty is well.
    """

    destination_id: UUID
    options: str
    may_reach_private: bool
    probe_result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """A reply to the mail of a delivery, whose signature was right.

    ``sender`` is the address that it claims to come from, in lower case. No ``answer``: it could
    not be read.
    """

    destination_id: UUID
    delivery_id: UUID
    sender: str
    answer: PageAnswer | None


class HearsReplies(Protocol):
    """What hears replies. Every call may raise ``SharedUnreachable``."""

    def mailboxes(self) -> Sequence[Mailbox]:
        """The e-mail accounts in use, whether or not they have a mailbox."""
        ...

    def answer(self, replied: Replied) -> str:
        """Answer a page by a reply, and queue the word back to whom the mail went; once a word.

        Returns what came of it: the word of the answer, ``too-late``, ``unclear`` where it could
        not be read, ``elsewhere`` where another address claims to reply, ``repeated`` where the
        same was heard before, or ``unknown`` where there is no such page, or no such contact
        any more.
        """
        ...
