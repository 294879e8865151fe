"""People with phones, Twilio between them and us, and whoever would answer for them."""

import json
import re
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import paging_world
import pytest
from builders import THEO
from contract.dispatching import Sending, founding_through
from paging_world import PUSH, PagingWorld
from providers import twilio_server
from providers.twilio_server import Callbacks, TwilioServer, text_from

from services.dispatcher.answer_links import AnswerLinks
from services.dispatcher.answers import AnswerPages
from services.dispatcher.listener import Listener
from services.dispatcher.phone_answers import MOST_TEXTS_OF_ONE_A_MINUTE, PhoneAnswers
from services.dispatcher.secrets import FileSecrets
from services.paging.destination import ProviderKind
from services.paging.page import Page, PageState
from services.people.contact import ContactMethod

BASE_URL = "https://page.example"
THEOS, VERAS = "+351915550101", "+351915550102"


@dataclass
class Phones:
    """A world whose people have phones, and Twilio between them and us."""

    sending: Sending
    twilio: TwilioServer
    callbacks: Callbacks

    @property
    def world(self) -> PagingWorld:
        return self.sending.world

    def page(self) -> Page:
        """A page that has reached Theo's phone."""
        page_id = self.world.page()
        self.sending.after(0)
        return self.world.read(page_id)

    def code(self) -> str:
        """The code in the last message."""
        found = re.search(
            r"Reply 1 (\d{6}) to take it, 2 \1", str(self.twilio.messages[-1]["body"])
        )
        assert found
        return found[1]

    def text(self, body: str, number: str = THEOS, **given: Any) -> tuple[int, str]:
        """Text a word to the number that pages come from; what comes back."""
        url = f"{BASE_URL}/sms/{PUSH}"
        return self.callbacks.post(given.pop("url", url), text_from(number, body), **given)

    def press(self, digits: str) -> tuple[int, str]:
        """Press keys in the last call."""
        (gather,) = ElementTree.fromstring(self.twilio.calls[-1]["Twiml"])
        url = str(gather.get("action"))
        return self.callbacks.post(url, {"Digits": digits, "CallSid": "CA" + "0" * 32})

    def state(self, page: Page) -> PageState:
        return self.world.read(page.id).state


def numbered(record: Any) -> Any:
    if not isinstance(record, ContactMethod):
        return record
    return replace(record, address=THEOS if record.person_id == THEO else VERAS)


def phones_of(stack: ExitStack, world: PagingWorld, twilio: TwilioServer, folder: Path) -> Phones:
    links = AnswerLinks(BASE_URL)
    token = {"token": twilio_server.TOKEN}
    sending = Sending(world, folder, secrets=token, given={"links": links})
    answers = PhoneAnswers(world.engine, FileSecrets(folder / "secrets"), links)
    listener = Listener("127.0.0.1", 0, AnswerPages(world.engine, answers))
    stack.enter_context(closing(listener))
    return Phones(sending, twilio, Callbacks(BASE_URL, listener.port))


def found_phones(monkeypatch: pytest.MonkeyPatch, kind: ProviderKind, url: str) -> None:
    options = {"account_sid": twilio_server.SID, "from": twilio_server.SENDER}
    if kind is ProviderKind.TWILIO_SMS:
        options["replies"] = "yes"
    records = [numbered(each) for each in founding_through(kind, url, json.dumps(options))]
    monkeypatch.setattr(paging_world, "founding", lambda: records)


def forges(phones: Phones) -> None:
    phones.text(f"1 {phones.code()}", signature="AAAAAAAAAAAAAAAAAAAAAAAAAAA=")


def texts_from_elsewhere(phones: Phones) -> None:
    phones.text(f"1 {phones.code()}", VERAS)


def replays(phones: Phones) -> None:
    code = phones.code()
    phones.text(f"1 {code}")
    phones.world.after(1)
    phones.world.after(1_801)
    phones.text(f"1 {code}")


def guesses(phones: Phones) -> None:
    for number in range(MOST_TEXTS_OF_ONE_A_MINUTE):
        phones.text(f"1 {number:06d}")
    phones.text(f"1 {phones.code()}")
