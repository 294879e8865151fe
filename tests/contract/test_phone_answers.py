"""Answers by text message and by a key: what counts, what does not, and what is said back."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

import paging_world
import pytest
from builders import NETWORK, THEO, office_at
from contract.phones import (
    BASE_URL,
    THEOS,
    VERAS,
    Phones,
    forges,
    found_phones,
    guesses,
    phones_of,
    replays,
    texts_from_elsewhere,
)
from paging_world import PUSH, SMS_ACCOUNT, paging_in_file, paging_on_server
from providers import twilio_server
from providers.twilio_server import Callbacks, TwilioServer, signature_of, text_from
from team import team_at

from services.core.errors import AppError
from services.dispatcher import engine_sqlite, phone_answers
from services.dispatcher.answer_links import AnswerLinks
from services.dispatcher.answers import AnswerPages
from services.dispatcher.listener import Listener
from services.dispatcher.phone_answers import (
    AWAY,
    MOST_TEXTS_OF_ONE_A_MINUTE,
    SPOKEN,
    TEXTED,
    UNCLEAR,
    PhoneAnswers,
)
from services.dispatcher.secrets import FileSecrets
from services.dispatcher.turnstile import Turnstile
from services.paging import acts
from services.paging.destination import ProviderKind
from services.paging.page import PageState
from services.sync.errors import SharedUnreachable


@pytest.fixture
def phones(request, monkeypatch, tmp_path) -> Iterator[Phones]:
    kind = getattr(request, "param", ProviderKind.TWILIO_SMS)
    with ExitStack() as stack:
        twilio = stack.enter_context(TwilioServer())
        found_phones(monkeypatch, kind, twilio.url)
        world = stack.enter_context(paging_in_file(stack.enter_context(office_at())))
        yield phones_of(stack, world, twilio, tmp_path)


@pytest.fixture
def team_phones(monkeypatch, tmp_path, databases) -> Iterator[Phones]:
    with ExitStack() as stack:
        twilio = stack.enter_context(TwilioServer())
        found_phones(monkeypatch, ProviderKind.TWILIO_SMS, twilio.url)
        team = stack.enter_context(team_at(tmp_path, databases))
        yield phones_of(stack, stack.enter_context(paging_on_server(team)), twilio, tmp_path)


calls = pytest.mark.parametrize("phones", [ProviderKind.TWILIO_VOICE], indirect=True)


# -- text messages -------------------------------------------------------------------------


def test_a_text_takes_the_page(phones: Phones, caplog) -> None:
    caplog.set_level(logging.INFO)
    page = phones.page()
    assert phones.text(f"1 {phones.code()}") == (200, TEXTED["acknowledged"])
    page = phones.world.read(page.id)
    assert (page.state, page.acknowledged_by_id) == (PageState.ACKNOWLEDGED, THEO)
    told = str([record.__dict__ for record in caplog.records])
    assert "answered" in told
    assert phones.code() not in told
    assert THEOS not in told


def test_a_text_takes_the_page_of_a_team(team_phones: Phones) -> None:
    page = team_phones.page()
    assert team_phones.text("1 000000") == (200, TEXTED["unknown"])
    code = team_phones.code()
    assert team_phones.text(f"1 {code}", VERAS) == (200, TEXTED["unknown"])
    assert team_phones.text(f"1 {code}") == (200, TEXTED["acknowledged"])
    assert team_phones.state(page) is PageState.ACKNOWLEDGED
    assert team_phones.text(f"1 {code}") == (200, TEXTED["too-late"])


def test_a_text_declines_the_page(phones: Phones) -> None:
    phones.page()
    assert phones.text(f"2 {phones.code()}") == (200, TEXTED["declined"])
    phones.sending.after(0)
    assert phones.twilio.messages[-1]["to"] == VERAS


def test_the_code_says_which_page(phones: Phones) -> None:
    first = phones.page()
    code = phones.code()
    phones.world.office.clock.advance(paging_world.timedelta(minutes=2))
    second = phones.page()
    assert phones.code() != code
    assert phones.text(f"1 {code}") == (200, TEXTED["acknowledged"])
    assert phones.state(first) is PageState.ACKNOWLEDGED
    assert phones.state(second) is PageState.OPEN


@pytest.mark.parametrize(
    "forged",
    [
        {"signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA="},
        {"signature": signature_of(f"{BASE_URL}/sms/{PUSH}", text_from(THEOS, "1 000000"))},
        {"url": f"{BASE_URL}/sms/{SMS_ACCOUNT}?x=1", "signature": "x"},
        {"url": f"{BASE_URL}/sms/{NETWORK}"},  # an account that we have no token of
    ],
)
def test_what_twilio_did_not_sign_is_not_heard(phones: Phones, forged) -> None:
    page = phones.page()
    assert phones.text(f"1 {phones.code()}", **forged) == (403, "")
    assert phones.state(page) is PageState.OPEN


def test_a_signature_is_of_one_address(phones: Phones) -> None:
    """Posted elsewhere, what was signed for us is worth nothing; nor the other way round."""
    phones.page()
    fields = text_from(THEOS, f"1 {phones.code()}")
    theirs = signature_of("https://elsewhere.example/sms", fields)
    assert phones.callbacks.post(f"{BASE_URL}/sms/{PUSH}", fields, theirs) == (403, "")
    url = f"{BASE_URL}/sms/{PUSH}?a=1&b=2"
    assert phones.callbacks.post(url, fields) == (200, TEXTED["acknowledged"])


def test_another_number_answers_nothing(phones: Phones) -> None:
    page = phones.page()
    for number in (VERAS, "+15550009999", ""):
        assert phones.text(f"1 {phones.code()}", number) == (200, TEXTED["unknown"])
    assert phones.state(page) is PageState.OPEN


def test_a_number_that_is_nobodys_any_more_answers_nothing(phones: Phones) -> None:
    page = phones.page()
    with closing(paging_world.connect(phones.world.office.path)) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'contact_method'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE contact_method SET is_active = 0")
    assert phones.text(f"1 {phones.code()}") == (200, TEXTED["unknown"])
    assert phones.state(page) is PageState.OPEN


def test_a_replay_answers_nothing_more(phones: Phones) -> None:
    page = phones.page()
    fields = text_from(THEOS, f"1 {phones.code()}")
    url = f"{BASE_URL}/sms/{PUSH}"
    assert phones.callbacks.post(url, fields) == (200, TEXTED["acknowledged"])
    assert phones.callbacks.post(url, fields) == (200, TEXTED["too-late"])
    phones.world.after(1)
    phones.sending.after(1_801)  # it was left alone for too long, and opens again
    assert phones.state(page) is PageState.OPEN
    assert phones.callbacks.post(url, fields) == (200, TEXTED["unknown"])
    assert phones.state(page) is PageState.OPEN
    assert phones.text(f"1 {phones.code()}") == (200, TEXTED["acknowledged"])


def test_a_page_that_is_over_is_said_so(phones: Phones) -> None:
    page = phones.page()
    phones.world.desk.resolve(page.incident_id)
    phones.world.desk.sync()
    phones.world.after(0)
    assert phones.text(f"1 {phones.code()}") == (200, TEXTED["too-late"])
    assert phones.state(page) is PageState.SUPERSEDED


def test_a_page_that_somebody_else_took_is_said_so(phones: Phones) -> None:
    page = phones.page()
    phones.world.desk.sync()
    phones.world.desk.do(acts.AcknowledgePage(page_id=page.id))
    phones.world.desk.sync()
    assert phones.text(f"1 {phones.code()}") == (200, TEXTED["too-late"])


def test_a_page_of_last_week_is_not_answered(phones: Phones) -> None:
    page = phones.page()
    code = phones.code()
    phones.world.office.clock.advance(paging_world.timedelta(days=8))
    assert phones.text(f"1 {code}") == (200, TEXTED["unknown"])
    assert phones.state(page) is PageState.OPEN


def test_what_is_no_answer_is_told_how(phones: Phones) -> None:
    phones.page()
    for body in ("ok", "1", "STOP", f"3 {phones.code()}"):
        assert phones.text(body) == (200, UNCLEAR)


def test_codes_are_not_to_be_guessed(phones: Phones) -> None:
    page = phones.page()
    told = [phones.text(f"1 {number:06d}")[1] for number in range(MOST_TEXTS_OF_ONE_A_MINUTE + 3)]
    assert told == [TEXTED["unknown"]] * MOST_TEXTS_OF_ONE_A_MINUTE + [""] * 3
    assert phones.text(f"1 {phones.code()}") == (200, "")
    assert phones.state(page) is PageState.OPEN


GUARDS: list[tuple[Callable[[Phones], None], Any, str, Callable[[Any], Any]]] = [
    (forges, phone_answers, "is_signed", lambda _: lambda *_: True),
    (
        texts_from_elsewhere,
        engine_sqlite,
        "ANSWERABLE",
        lambda sql: sql.replace("k.address = :address", "'' <> :address"),
    ),
    (
        replays,
        engine_sqlite,
        "ANSWERABLE",
        lambda sql: sql.replace("AND p.rounds_from <= d.round", ""),
    ),
    (guesses, Turnstile, "lets_in", lambda _: lambda *_: True),
]


@pytest.mark.parametrize(("attack", "where", "guard", "broken"), GUARDS)
def test_each_guard_is_needed(phones, monkeypatch, attack, where, guard, broken) -> None:
    """Negative control: without its guard each attack answers the page."""
    page = phones.page()
    attack(phones)
    assert phones.state(page) is PageState.OPEN
    if attack is replays:
        phones.sending.after(0)
    monkeypatch.setattr(where, guard, broken(getattr(where, guard)))
    attack(phones)
    assert phones.state(page) is PageState.ACKNOWLEDGED


class Away:
    """A database that does not answer."""

    def answer(self, digest: str, given: object) -> str:
        raise SharedUnreachable()

    def answerable(self, destination_id: Any, address: str) -> Any:
        raise SharedUnreachable()


@pytest.mark.parametrize("path", [f"/sms/{PUSH}", "/k/" + "x" * 43])
def test_a_database_that_is_away_is_said_so(tmp_path, path) -> None:
    store = tmp_path / "secrets"
    store.touch(mode=0o600)
    store.write_text(f"{PUSH}:token = {twilio_server.TOKEN}")
    away: Any = Away()
    answers = PhoneAnswers(away, FileSecrets(store), AnswerLinks(BASE_URL))
    with closing(Listener("127.0.0.1", 0, AnswerPages(away, answers))) as listener:
        fields = {**text_from(THEOS, "1 482913"), "Digits": "1"}
        said = Callbacks(BASE_URL, listener.port).post(BASE_URL + path, fields)
    assert said[0] == 200
    assert AWAY in said[1]
    assert issubclass(SharedUnreachable, AppError)


# -- keys ----------------------------------------------------------------------------------


@calls
def test_a_key_takes_the_page(phones: Phones) -> None:
    page = phones.page()
    assert phones.press("1") == (200, SPOKEN["acknowledged"])
    assert phones.state(page) is PageState.ACKNOWLEDGED
    assert phones.press("1") == (200, SPOKEN["too-late"])


@calls
def test_a_key_declines_the_page(phones: Phones) -> None:
    phones.page()
    assert phones.press("2") == (200, SPOKEN["declined"])
    phones.sending.after(0)
    assert phones.twilio.calls[-1]["To"] == VERAS


@calls
def test_another_key_is_asked_again(phones: Phones) -> None:
    page = phones.page()
    for digits in ("", "3", "#", "12"):
        status, words = phones.press(digits)
        assert status == 200
        assert words.startswith("Nothing was answered. Press 1 to take it")
    assert phones.state(page) is PageState.OPEN


@calls
def test_a_guessed_call_answers_nothing(phones: Phones) -> None:
    page = phones.page()
    guess = f"{BASE_URL}/k/{'x' * 43}"
    assert phones.callbacks.post(guess, {"Digits": "1"}) == (200, SPOKEN["unknown"])
    assert phones.callbacks.post(guess[:-1], {"Digits": "1"})[0] == 404
    assert phones.state(page) is PageState.OPEN
