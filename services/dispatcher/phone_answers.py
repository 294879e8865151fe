"""Answers by text message and by a key during a call, as Twilio passes them on.

A text message counts where Twilio signed it with the token of the account that sent the page, it
comes from the number that the page went to, and it holds the code of that page. A key counts by
the token in the address that the call was given, as the button behind a link does.
"""

import hmac
import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from services.core.errors import AppError
from services.dispatcher.answer_links import AnswerLinks
from services.dispatcher.listener import Page, Request
from services.dispatcher.secrets import SecretStore
from services.dispatcher.turnstile import Turnstile
from services.paging.claiming import digest_of
from services.paging.engine import PagingEngine
from services.providers.twilio_answers import (
    SIGNATURE,
    TWIML,
    Said,
    asked,
    fields_of,
    is_signed,
    pressed,
    reply_code,
    said,
    spoken,
    texted,
)

log = logging.getLogger(__name__)

MOST_TEXTS_A_MINUTE: Final = 300
MOST_TEXTS_OF_ONE_A_MINUTE: Final = 5
"""From one number: a code of six digits is not to be guessed while a page is open."""

_TEXT = re.compile(r"/sms/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_KEY = re.compile(r"/k/([A-Za-z0-9_-]{43})")

_HEADERS: Final = {"Cache-Control": "no-store"}

TEXTED: Final[Mapping[str, str]] = {
    "acknowledged": "Acknowledged. It is yours now. Nobody else is called for it.",
    "declined": "Declined. Whoever comes next is called.",
    "snoozed": "Snoozed. Then whoever is on call by then is called.",
    "escalated": "Escalated. Whoever comes next is called now.",
    "too-late": "It is over: somebody answered before, or it is no longer needed.",
    "unknown": "No page to this number has this code. The code is in the message of the page.",
}
UNCLEAR: Final = (
    "Reply 1 to take it, 2 to decline, snooze 30 (minutes) or escalate, a space, and the code of"
    " the message."
)
AWAY: Final = "Not answered: the database is away. Try again soon."
SPOKEN: Final[Mapping[str, str]] = {
    **TEXTED,
    "unknown": "This call can answer nothing any more. A later one can.",
}


class PhoneAnswers:
    """What a provider of text messages and calls posts here."""

    def __init__(
        self,
        engine: PagingEngine,
        secrets: SecretStore,
        links: AnswerLinks,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._secrets = secrets
        self._links = links
        self._turnstile = Turnstile(MOST_TEXTS_A_MINUTE, MOST_TEXTS_OF_ONE_A_MINUTE, now_s)

    def page(self, request: Request) -> Page | None:
        """What is said back; None where this is nothing of a phone."""
        if request.method != "POST":
            return None
        if found := _TEXT.fullmatch(request.path):
            return self._text(request, UUID(found[1]))
        if found := _KEY.fullmatch(request.path):
            return self._key(request, found[1])
        return None

    def _key(self, request: Request, token: str) -> Page:
        answer = pressed(dict(fields_of(request.body)).get("Digits", ""))
        if answer is None:
            return _twiml(asked("Nothing was answered."))
        try:
            result = self._engine.answer(digest_of(token), answer)
        except AppError as fact:
            log.error("answer-failed", extra={"facts": {"by": "call", "problem": fact.code}})
            return _twiml(asked(AWAY))
        log.info("answered", extra={"facts": {"by": "call", "result": result}})
        return _twiml(spoken(SPOKEN.get(result, SPOKEN["unknown"])))

    def _text(self, request: Request, destination_id: UUID) -> Page:
        try:
            secret = self._secrets.get(f"{destination_id}:token")
            token = secret.reveal().strip() if secret is not None else ""
            if not (token and self._is_signed(request, destination_id, token)):
                log.warning("answer-refused", extra={"facts": {"by": "text"}})
                return Page(403, "The signature is wrong.\n", "text/plain; charset=utf-8", _HEADERS)
            text = self._texted(dict(fields_of(request.body)), destination_id, token)
        except AppError as fact:
            log.error("answer-failed", extra={"facts": {"by": "text", "problem": fact.code}})
            text = AWAY
        return _twiml(texted(text))

    def _is_signed(self, request: Request, destination_id: UUID, token: str) -> bool:
        # By the address that Twilio was given, not by what a proxy makes of it.
        url = self._links.replies(destination_id) + (f"?{request.query}" if request.query else "")
        fields = fields_of(request.body)
        return is_signed(token, url, fields, request.headers.get(SIGNATURE, ""))

    def _texted(self, fields: Mapping[str, str], destination_id: UUID, token: str) -> str:
        number = fields.get("From", "")
        if not self._turnstile.lets_in(number):
            return ""  # each word back costs money
        answer = said(fields.get("Body", ""))
        if answer is None:
            return UNCLEAR
        result = self._answered(answer, number, destination_id, token)
        log.info("answered", extra={"facts": {"by": "text", "result": result}})
        return TEXTED.get(result, TEXTED["unknown"])

    def _answered(self, answer: Said, number: str, destination_id: UUID, token: str) -> str:
        for delivery_id, digest in self._engine.answerable(destination_id, number):
            if hmac.compare_digest(reply_code(token, str(delivery_id)), answer.code):
                return self._engine.answer(digest, answer.answer)
        return "unknown"


def _twiml(text: str) -> Page:
    return Page(200, text, TWIML, _HEADERS)
