"""Each pager provider meets the whole contract of its server, and reads every misbehaviour."""

from dataclasses import replace
from itertools import product
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from providers import teams_server, webhook_server
from providers.calling import send
from providers.chats import CHATS, UPDATES
from providers.contract_server import ERROR_AFTER_TAKING, ContractServer, Fault
from providers.examples import DESK, ITEMS, OPENED, SIGNS, at_step, longest
from providers.faults import (
    ANSWERED,
    DOUBTFUL,
    LOST,
    Case,
    Optimist,
    Pessimist,
    assert_reads_rightly,
    echo_of,
)
from providers.pagers import PAGERS, Pager, assert_takes
from providers.pages import PAGES
from providers.telling import updating

from services.providers.catalogue import PROVIDER_OF
from services.providers.errors import OptionsInvalid
from services.providers.provider import Account, Delivered, Refused, Reply, Step, Unsure
from services.providers.public_pages import absent

HOOK = next(pager for pager in PAGERS if pager.kind == "webhook")
TOLD_BY_HOOK = replace(HOOK, dressed=updating, what="update")
EVERY_KIND = [*PAGERS, *CHATS, *PAGES]
EVERYONE = [*EVERY_KIND, *UPDATES, TOLD_BY_HOOK]
LINKING = [*PAGERS, *CHATS]
EVERY_PAGER = pytest.mark.parametrize("pager", EVERYONE, ids=str)
KNOWS_KEYS = {"pagerduty", "genie", "goalert", "webhook", "matrix"}
TOKEN = "T0ken0123456"


@EVERY_PAGER
def test_a_life_is_told_in_order(pager):
    with pager.calling() as caller:
        for number, step in enumerate(Step):
            item = pager.item(at_step(step, number=number))
            if caller.build(item) is not None:
                assert isinstance(caller.deliver(item), Delivered)


@pytest.mark.parametrize("case", [*LOST, *ANSWERED, *DOUBTFUL], ids=str)
@pytest.mark.parametrize("pager", EVERY_KIND, ids=str)
def test_every_misbehaviour_is_read_rightly(pager, case):
    if case.name in pager.taken_as_success:
        case = replace(case, expected=Delivered)
    with pager.calling() as caller:
        assert_reads_rightly(caller, case, pager.item())


@pytest.mark.parametrize("pager", [p for p in EVERY_KIND if p.lies], ids=str)
def test_an_error_inside_a_success_is_refused(pager):
    for fault in pager.lies:
        case = Case(name="lie", fault=fault, expected=Refused)
        with pager.calling() as caller:
            assert_reads_rightly(caller, case, pager.item())


@pytest.mark.parametrize("pager", EVERY_KIND, ids=str)
def test_a_reader_that_believes_every_answer_fails_its_contract(pager):
    lies = [Case(name="lie", fault=fault, expected=Refused) for fault in pager.lies]
    doubtful = [case for case in DOUBTFUL if case.name not in pager.taken_as_success]
    for case in [*ANSWERED, *lies, *doubtful]:
        with pager.calling() as caller:
            caller.provider = Optimist(caller.provider)
            with pytest.raises(AssertionError):
                assert_reads_rightly(caller, case, pager.item())


@EVERY_PAGER
def test_a_reader_that_believes_no_answer_fails_its_contract(pager):
    with pager.calling() as caller:
        caller.provider = Pessimist(caller.provider)
        with pytest.raises(AssertionError):
            assert_reads_rightly(
                caller,
                Case(name="well", fault=Fault(), expected=Delivered),
                pager.item(),
            )


@EVERY_PAGER
def test_a_refusal_that_repeats_everything_shows_no_secret(pager):
    item = pager.item(replace(OPENED, acknowledge_url=f"{DESK}/a/{TOKEN}"))
    with pager.calling() as caller:
        call = caller.build(item)
        caller.server.misbehave(echo_of(call))
        echo = send(call)
        told = [echo, *(Reply(status=400, body=f"no key {s}".encode()) for s in secrets_of(pager))]
        reasons = [caller.provider.read(item, reply).reason for reply in told]
    assert any(secret in unquote(echo.body.decode()) for secret in secrets_of(pager))
    for secret in secrets_of(pager):
        assert secret not in " ".join([*reasons, repr(call)])


def secrets_of(pager: Pager) -> list[str]:
    """What must not be seen: secrets, a topic, a one-time link, an address that lets anyone in."""
    words = [*pager.secrets.values(), pager.address, f"{DESK}/a/{TOKEN}"]
    words += [webhook_server.PATH[1:], teams_server.SIGNATURE]
    return [word for word in words if word]


@EVERY_PAGER
def test_wrong_secrets_are_told_by_name_alone(pager):
    account = Account(id="a", base_url="https://pager.example", options=pager.options)
    item = pager.item()
    for slot in pager.secrets:
        for wrong in ("", "\r\nX-Injected: 1", "short é"):
            if pager.kind == "ntfy" and not wrong:
                continue  # a server may let anyone publish
            with pytest.raises(OptionsInvalid) as caught:
                PROVIDER_OF[pager.kind].build(item, account, {slot: wrong}, {})
            assert caught.value.context["option"] == slot
            assert not wrong or wrong not in str(caught.value.context)


@pytest.mark.parametrize(
    "address",
    [
        "ftp://pager.example",
        "//pager.example",
        "https://",
        "https://me:secret@pager.example",
        "https://pager.example:99999",
        "https://[pager.example",
        "https://pager.example/#here",
        "https://pager.example/ x",
        "https://pager.example\r\nX: 1",
        "https://pager.example/" + "x" * 2_000,
    ],
)
@pytest.mark.parametrize("pager", [p for p in EVERY_KIND if p.kind != "teams"], ids=str)
def test_an_address_that_is_none_is_refused(pager, address):
    with pytest.raises(OptionsInvalid) as caught:
        PROVIDER_OF[pager.kind].check(Account(id="a", base_url=address))
    assert "secret" not in str(caught.value.context)


# A word for the public holds no link.
@pytest.mark.parametrize(
    ("pager", "link_length"),
    [(pager, length) for pager in LINKING for length in (600, 700, 2_000, 2_001)]
    + [(pager, 600) for pager in EVERYONE if pager not in LINKING],
    ids=str,
)
def test_the_longest_item_is_cut_and_taken(pager, link_length):
    with pager.calling() as caller:
        for sign, step in product(SIGNS, Step):
            item = pager.item(replace(longest(sign, link_length), step=step))
            caller.memo = absent(item)
            if caller.build(item) is not None:
                outcome = caller.deliver(item)
                assert isinstance(outcome, Delivered), (sign, step, caller.server.breaches)


@EVERY_PAGER
def test_any_text_in_any_field_is_taken(pager):
    with pager.calling() as caller:

        @settings(max_examples=25)
        @given(ITEMS, st.sampled_from(["", "https://d.example/x", "not one"]))
        def one(item, url):
            assert_takes(pager, caller, replace(item, url=item.url or url))

        one()


@pytest.mark.parametrize("pager", [p for p in EVERYONE if p.kind in KNOWS_KEYS], ids=str)
def test_a_repeat_after_a_lost_answer_changes_nothing(pager):
    """What the provider holds afterwards is what it holds after one delivery."""
    item = pager.item()
    with pager.calling() as caller:
        caller.server.misbehave(ERROR_AFTER_TAKING)
        assert isinstance(caller.deliver(item), Unsure)
        again = replace(item, at=item.at.replace(hour=10), may_repeat=True)
        assert isinstance(caller.deliver(again), Delivered)
        assert PROVIDER_OF[pager.kind].is_idempotent
        assert caller.build(item).is_replayable
        assert subjects(caller.server) == 1
        # The check bites: another subject under another key is a second one.
        other = replace(item, subject_key="acme/INC-7", key="other")
        assert isinstance(caller.deliver(other), Delivered)
        assert subjects(caller.server) == 2


def subjects(server: ContractServer) -> int:
    """How many things a provider holds open."""
    for name in ("log", "alerts", "events"):
        if hasattr(server, name):
            return len(getattr(server, name))
    raise AssertionError
