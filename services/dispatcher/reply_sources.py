"""Replies to mails told to the shared database, whichever it is."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from services.core.database import transaction
from services.paging.answer_statements import MAILBOXES, REPLIED_TO, SAY_BACK, WORD_BACK
from services.paging.replies import ELSEWHERE, UNCLEAR, Mailbox, Replied
from services.providers.answer_words import PageAnswer


class RepliesInFile:
    """Speaks :class:`services.paging.replies.HearsReplies` with a file.

    ``act`` and ``answered`` are parts of a transaction: rows written in the name of an act, and
    an answer of a person to a page.
    """

    def __init__(
        self,
        asking: Callable[[], AbstractContextManager[sqlite3.Connection]],
        act: Callable[..., AbstractContextManager[int]],
        answered: Callable[[UUID, UUID, PageAnswer], str],
        now_us: Callable[[], int],
    ) -> None:
        self._asking, self._act, self._answered, self._now_us = asking, act, answered, now_us

    def mailboxes(self) -> Sequence[Mailbox]:
        """The e-mail accounts in use."""
        with self._asking() as connection:
            return [_mailbox(*row) for row in connection.execute(MAILBOXES)]

    def answer(self, replied: Replied) -> str:
        """Answer a page by a reply, once."""
        with self._asking() as connection, transaction(connection):
            values: dict[str, Any] = {
                "destination": str(replied.destination_id),
                "delivery": str(replied.delivery_id),
                "sender": replied.sender,
                "now": self._now_us(),
            }
            found = connection.execute(REPLIED_TO, values).fetchone()
            if found is None:
                return "unknown"
            word, snooze_s = _said(replied)
            values["word"] = f"{word}/{snooze_s}" if snooze_s else word
            if not found["is_theirs"]:
                values["word"] = ELSEWHERE
            with self._act("WordBack", is_kept=False):
                if not connection.execute(WORD_BACK, values).rowcount:
                    return "repeated"
            if values["word"] == ELSEWHERE or replied.answer is None:
                result = str(values["word"])
            elif not found["is_fresh"]:
                result = "too-late"
            else:
                page_id, person_id = UUID(found["page_id"]), UUID(found["person_id"])
                result = self._answered(page_id, person_id, replied.answer)
            with self._act("WordBack", is_kept=False):
                connection.execute(SAY_BACK, {**values, "result": result})
            return result


class RepliesOnServer:
    """The same with a server. ``row`` is the one row of a query; ``number`` rings for desks."""

    def __init__(self, row: Callable[..., tuple[Any, ...]], number: Callable[[], None]) -> None:
        self._row, self._number = row, number

    def mailboxes(self) -> Sequence[Mailbox]:
        """The e-mail accounts in use."""
        (found,) = self._row(
            "SELECT coalesce(json_agg(json_build_array(id, options, may_reach_private,"
            " probe_result)), '[]') FROM sync.mailboxes()"
        )
        return [_mailbox(*row) for row in found]

    def answer(self, replied: Replied) -> str:
        """Answer a page by a reply, once."""
        (result,) = self._row(
            "SELECT sync.answer_mail(%s, %s, %s, %s, %s)",
            replied.destination_id,
            replied.delivery_id,
            replied.sender,
            *_said(replied),
        )
        self._number()
        return str(result)


def _said(replied: Replied) -> tuple[str, int]:
    answer = replied.answer
    return (UNCLEAR, 0) if answer is None else (answer.word.value, answer.snooze_s)


def _mailbox(id_: object, options: str, may_reach_private: object, result: str) -> Mailbox:
    return Mailbox(
        destination_id=UUID(str(id_)),
        options=options,
        may_reach_private=bool(may_reach_private),
        probe_result=result,
    )
