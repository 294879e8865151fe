"""The pages behind the links of a page, on which one acknowledges or declines without a desk.

Programs that look through mail follow every link in it. Following one therefore only shows a
button; what counts is that a person presses it. The token in the link is the proof, works for
one delivery, and is told nowhere.
"""

import logging
import re
import time
from collections.abc import Callable
from html import escape
from typing import Final

from services.core.errors import AppError
from services.dispatcher.calendar_pages import CalendarPages
from services.dispatcher.listener import Page, Request
from services.dispatcher.phone_answers import PhoneAnswers
from services.dispatcher.turnstile import Turnstile
from services.paging.claiming import digest_of
from services.paging.engine import PagingEngine
from services.providers.answer_words import ACKNOWLEDGED, DECLINED

log = logging.getLogger(__name__)

MOST_A_MINUTE: Final = 600
"""Requests that are served in a minute, whoever asks."""

MOST_OF_ONE_A_MINUTE: Final = 60
"""And from one address: people behind one proxy share it."""

_LINK = re.compile(r"/([ad])/([A-Za-z0-9_-]{43})")

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_ASKED: Final = {
    "a": ("Somebody needs you", "I am on it"),
    "d": ("Ask the next person instead?", "I can't: next please"),
}
_GIVEN: Final = {"a": ACKNOWLEDGED, "d": DECLINED}
_SAID: Final = {
    "acknowledged": (200, "Acknowledged", "It is yours now. Nobody else is called for it."),
    "declined": (200, "Declined", "Whoever comes next is called."),
    "too-late": (410, "It is over", "Somebody else answered, or it is no longer needed."),
    "unknown": (
        404,
        "This link does not work",
        "A later message of the same page has the link that does.",
    ),
}


class AnswerPages:
    """What the links of :class:`services.dispatcher.answer_links.AnswerLinks` lead to."""

    def __init__(
        self,
        engine: PagingEngine,
        phones: PhoneAnswers | None = None,
        calendars: CalendarPages | None = None,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._others = [other for other in (phones, calendars) if other is not None]
        self._turnstile = Turnstile(MOST_A_MINUTE, MOST_OF_ONE_A_MINUTE, now_s)

    def page(self, request: Request) -> Page:
        """A button for who follows a link; for who presses it, what came of it."""
        if not self._turnstile.lets_in(request.caller):
            return _page(429, "Too many requests", "Try again in a minute.")
        for other in self._others:
            if (page := other.page(request)) is not None:
                return page
        found = _LINK.fullmatch(request.path)
        if found is None:
            return _page(*_SAID["unknown"])
        answer, token = found.groups()
        if request.method != "POST":
            return _button(*_ASKED[answer])
        try:
            said = self._engine.answer(digest_of(token), _GIVEN[answer])
        except AppError as fact:
            log.error("answer-failed", extra={"facts": {"by": "link", "problem": fact.code}})
            return _page(503, "Not answered", "The database is away. Press the button again soon.")
        log.info("answered", extra={"facts": {"by": "link", "result": said}})
        return _page(*_SAID.get(said, _SAID["unknown"]))


def _button(question: str, label: str) -> Page:
    form = f'<form method="post"><button>{escape(label)}</button></form>'
    return _page(200, question, "", form)


def _page(status: int, title: str, text: str, form: str = "") -> Page:
    head = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    body = f"<h1>{escape(title)}</h1>" + (f"<p>{escape(text)}</p>" if text else "") + form
    return Page(
        status,
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}'
        f"<title>Firstline</title></head><body>{body}</body></html>\n",
        headers=_HEADERS,
    )
