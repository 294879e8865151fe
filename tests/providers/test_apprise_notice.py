"""Apprise: notices for the beginning and the end, and what a yes of Apprise is worth."""

import importlib.util
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings
from providers.contract_server import Answer, ContractServer, Received
from providers.examples import DESK, ITEMS, OPENED, at_step

from services.providers import limits
from services.providers.apprise_notice import AppriseNotice
from services.providers.errors import OptionsInvalid
from services.providers.provider import Account, Delivered, Item, NoticeCall, Reply, Retry, Step

ACCOUNT = Account(id="a")
SECRET = "json://user:s3cret@127.0.0.1:1/notify"


def built(item: Item, url: str = SECRET) -> NoticeCall:
    call = AppriseNotice().build(item, ACCOUNT, {"url": url}, {})
    assert call is not None
    return call


def test_only_the_beginning_and_the_end_are_told():
    calls = {
        step: AppriseNotice().build(at_step(step), ACCOUNT, {"url": SECRET}, {}) for step in Step
    }
    assert calls[Step.UPDATE] is calls[Step.ACKNOWLEDGE] is None
    assert built(at_step(Step.OPEN)).is_failure
    assert not built(at_step(Step.RESOLVE)).is_failure


def test_a_notice_says_what_and_how_to_answer():
    call = built(replace(OPENED, acknowledge_url=f"{DESK}/a", may_repeat=True))
    assert call.title == "INC-1042 Checkout is failing (may be a repeat)"
    assert call.text.splitlines() == [
        "Card payments fail since 08:52.",
        "Detected by the caller.",
        f"Acknowledge: {DESK}/a",
        f"Open INC-1042: {DESK}/INC-1042",
    ]
    assert call.address == SECRET
    assert "s3cret" not in repr(call)


@settings(max_examples=50)
@given(ITEMS)
def test_any_text_makes_a_notice_that_small_services_take(item):
    call = AppriseNotice().build(item, ACCOUNT, {"url": SECRET}, {})
    if call is None:
        assert item.step in {Step.UPDATE, Step.ACKNOWLEDGE}
        return
    assert 0 < len(call.title) <= limits.APPRISE_TITLE.count
    assert call.text.strip()
    assert len(call.text) <= 1_000
    (call.title + call.text).encode()


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Delivered(reason="handed over to Apprise")),
        (500, Retry("Apprise did not hand it over, and does not say why")),
        (400, Retry("Apprise did not hand it over, and does not say why")),
    ],
)
def test_a_yes_is_worth_no_more_than_it_says(status, outcome):
    assert AppriseNotice().read(OPENED, Reply(status=status)) == outcome


@pytest.mark.parametrize("url", ["", "nothing", "json://a b"])
def test_what_is_no_address_is_named_but_not_shown(url):
    with pytest.raises(OptionsInvalid) as caught:
        built(OPENED, url)
    assert caught.value.context["option"] == "url"
    assert not url or url not in str(caught.value.context)


class Notified(ContractServer):
    """Takes what Apprise sends for a ``json://`` address."""

    def answer(self, request: Received) -> Answer:
        self.require(request.method == "POST", "notices are posted")
        told = request.json()
        self.require(told["message"] and told["title"], "a notice says something")
        return Answer(200)


# In a process of its own: the library leaves a thread behind.
HAND_OVER = """
import sys, apprise
notice = apprise.Apprise()
assert notice.add(sys.argv[1])
assert notice.notify(title=sys.argv[2], body=sys.argv[3])
"""


@pytest.mark.skipif(
    importlib.util.find_spec("apprise") is None, reason="the optional extra apprise is absent"
)
def test_the_real_library_takes_our_notices():
    with Notified() as server:
        for item in (OPENED, at_step(Step.RESOLVE), replace(OPENED, summary="<b>*", text="")):
            call = built(item, server.url.replace("http", "json"))
            words = [call.address, call.title, call.text]
            subprocess.run([sys.executable, "-c", HAND_OVER, *words], check=True, timeout=60)
            told = server.requests[-1].json()
            assert (told["title"], told["message"]) == (call.title, call.text)
