"""Calls that publish a status page: what it tells is read at the moment when they are made."""

import time
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from services.communications.page_content import PageContent
from services.communications.page_reading import ReadsPages
from services.communications.static_page import files_of
from services.core.errors import AppError
from services.core.messages import message_of
from services.dispatcher.dialogue import SendsCalls
from services.paging.engine import PagingEngine
from services.paging.replies import HearsReplies
from services.providers.provider import Call, PublishCall, Refused, Reply, Retry, Unsure

Answer = Reply | Retry | Refused | Unsure


class LeadsAndTells(PagingEngine, Protocol):
    """What a sender asks of the shared database."""

    @property
    def pages(self) -> ReadsPages:
        """The status pages in it."""
        ...

    @property
    def replies(self) -> HearsReplies:
        """What hears replies to mails."""
        ...


class PageCalls:
    """Makes calls through another, and gives those that publish a page their files."""

    def __init__(self, transport: SendsCalls, pages: ReadsPages) -> None:
        self._transport = transport
        self._pages = pages

    def send(
        self, call: Call, *, may_reach_private: bool = False, patience_s: float = 0.0
    ) -> Answer:
        """Make one call; a page is published again while the shared database has gone on.

        So it ends at the newest state, even where two dispatchers publish it at once.
        """
        if not isinstance(call, PublishCall):
            return self._transport.send(
                call, may_reach_private=may_reach_private, patience_s=patience_s
            )
        ends_at_s = time.monotonic() + patience_s
        try:
            content = self._read(call)
            while True:
                answer = self._transport.send(
                    replace(call, files=files_of(content), sequence=content.sequence),
                    may_reach_private=may_reach_private,
                    patience_s=ends_at_s - time.monotonic(),
                )
                before, content = content, self._read(call)
                if not isinstance(answer, Reply) or content.sequence == before.sequence:
                    return answer
        except AppError as fact:
            return Retry(message_of(fact).happened)

    def _read(self, call: PublishCall) -> PageContent:
        return self._pages.page_content(UUID(call.destination_id))
