"""Status pages: one public incident for each subject, told in order, corrected, and ended well."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from providers.calling import Caller, send
from providers.contract_server import ERROR_AFTER_TAKING, Answer, Fault, json_answer, throttle
from providers.examples import OPENED
from providers.pagers import Pager
from providers.pages import CACHET, INSTATUS, PAGES, STATUSPAGE
from providers.telling import Outbox, said

from services.providers.catalogue import PROVIDER_OF
from services.providers.errors import OptionsInvalid
from services.providers.provider import (
    Account,
    Delivered,
    HttpCall,
    Refused,
    Reply,
    Retry,
    Step,
    Unsure,
)

EVERY_PAGE = pytest.mark.parametrize("page", PAGES, ids=str)
EARLIER = datetime(2026, 11, 21, 8, 52, tzinfo=UTC)
FIRST, SECOND, LAST = said("We look.", Step.OPEN), said("A fix."), said("Over.", Step.RESOLVE)


def outbox(caller: Caller) -> Outbox:
    """An account that has told nothing yet."""
    return Outbox(replace(caller, memo={}))


def states(page: Pager, caller: Caller, *states: str) -> dict[str, str]:
    ids = list(caller.server.components)  # type: ignore[attr-defined]
    return dict(zip(ids, states, strict=False))


@EVERY_PAGE
def test_a_life_is_one_incident_that_ends_with_all_well(page):
    with page.calling() as caller:
        telling, well = outbox(caller), dict(caller.server.components)
        broken = states(page, caller, "major_outage", "degraded_performance")
        better = states(page, caller, "operational")
        telling.tell(said("We look.", Step.OPEN, components=broken))
        assert list(caller.server.components.values()).count(next(iter(well.values()))) == 0
        telling.tell(said("A fix.", components=better))
        first, second = caller.server.components.values()
        assert (first == well[next(iter(well))], second == first) == (True, False)
        # The last word names no component: what was touched is well all the same.
        assert isinstance(telling.tell(LAST), Delivered)
        assert caller.server.components == well
        assert caller.server.told() == [["We look.", "A fix.", "Over."]]
        (incident,) = caller.server.incidents.values()
        assert incident["name"] == "Checkout is failing"
        assert incident["status"] in ("resolved", "RESOLVED", 4)


@EVERY_PAGE
def test_subscribers_are_told_only_when_the_sender_chose_so(page):
    with page.calling() as caller:
        outbox(caller).tell(said("Quietly.", Step.OPEN, is_notifying=False))
        assert caller.server.written == []
        aloud = replace(said("Aloud.", Step.OPEN), root_summary="Search is slow")
        outbox(caller).tell(aloud)
        assert caller.server.written == ["Aloud."]


@EVERY_PAGE
def test_a_second_incident_is_a_second_one(page):
    with page.calling() as caller:
        outbox(caller).tell(FIRST)
        other = replace(said("We look, too.", Step.OPEN), subject_key="acme/INC-7")
        outbox(caller).tell(replace(other, root_summary="Search is slow"))
        assert caller.server.told() == [["We look."], ["We look, too."]]


@pytest.mark.parametrize("corrected", [FIRST, SECOND], ids=["first", "later"])
@EVERY_PAGE
def test_a_correction_changes_what_was_told(page, corrected):
    with page.calling() as caller:
        telling = outbox(caller)
        for item in (FIRST, SECOND):
            telling.tell(item)
        right = said("Put right.", replaces_key=corrected.key, is_correction=True)
        assert isinstance(telling.tell(right), Delivered)
        wanted = ["Put right.", "A fix."] if corrected is FIRST else ["We look.", "Put right."]
        assert caller.server.told() == [wanted]
        # And a correction of the correction finds it too.
        again = said("Really.", replaces_key=right.key, is_correction=True)
        telling.tell(again)
        assert "Really." in caller.server.told()[0]
        assert "Put right." not in caller.server.told()[0]


@EVERY_PAGE
def test_a_correction_of_what_is_not_known_is_an_update(page):
    with page.calling() as caller:
        telling = outbox(caller)
        telling.tell(FIRST)
        telling.tell(said("Put right.", replaces_key="another", is_correction=True))
        assert caller.server.told() == [["We look.", "Put right."]]


def test_an_earlier_moment_is_shown_where_the_page_can():
    with STATUSPAGE.calling() as caller:
        telling = outbox(caller)
        telling.tell(said("We look.", Step.OPEN, told_at=EARLIER))
        telling.tell(SECOND)
        (incident,) = caller.server.incidents.values()
        shown = [one.get("display_at") for one in incident["incident_updates"]]
        assert shown == [None, EARLIER.isoformat()]
        assert caller.server.written == ["We look.", "A fix."]
    with INSTATUS.calling() as caller:
        outbox(caller).tell(said("We look.", Step.OPEN, told_at=EARLIER))
        (incident,) = caller.server.incidents.values()
        assert incident["updates"][0]["started"] == EARLIER.isoformat(timespec="milliseconds")
    with CACHET.calling() as caller:
        telling = outbox(caller)
        assert telling.tell(said("We look.", Step.OPEN, told_at=EARLIER)).reason == ""
        outcome = telling.tell(said("A fix.", told_at=EARLIER))
        assert outcome.reason == "Cachet shows when it was told, not the earlier moment"
        (incident,) = caller.server.incidents.values()
        assert incident["occurred_at"] == EARLIER.isoformat()


@EVERY_PAGE
def test_what_was_told_before_the_memo_was_lost_is_found(page):
    with page.calling() as caller:
        caller.server.misbehave(Fault(), ERROR_AFTER_TAKING)
        assert isinstance(outbox(caller).attempt(FIRST), Unsure)
        # Another dispatcher, which knows nothing, has the same delivery to tell.
        telling = outbox(caller)
        telling.attempt(FIRST, may_repeat=True)
        telling.tell(SECOND)
        assert caller.server.told() == [["We look.", "A fix."]]


def test_an_incident_that_only_an_earlier_update_reached_is_gone_on_with():
    with STATUSPAGE.calling() as caller:
        caller.server.misbehave(Fault(), ERROR_AFTER_TAKING)
        assert isinstance(outbox(caller).attempt(FIRST), Unsure)
        outbox(caller).tell(SECOND)
        assert caller.server.told() == [["We look.", "A fix."]]


@EVERY_PAGE
def test_while_nobody_can_tell_nothing_is_repeated(page):
    with page.calling() as caller:
        telling = outbox(caller)
        caller.server.misbehave(Fault(), ERROR_AFTER_TAKING)
        assert isinstance(telling.attempt(FIRST), Unsure)
        wifi = Fault(answer=Answer(200, b"<h1>Sign in to the Wi-Fi</h1>"), is_taken=False)
        other = Fault(answer=json_answer(200, {"data": "?"}), is_taken=False)
        for fault in (throttle(), wifi, other):
            caller.server.misbehave(fault)
            assert isinstance(telling.attempt(FIRST, may_repeat=True), Unsure | Retry)
        assert isinstance(telling.attempt(FIRST, may_repeat=True), Delivered)
        assert caller.server.told() == [["We look."]]


@EVERY_PAGE
def test_who_asks_to_wait_is_looked_at_anew_after_it(page):
    with page.calling() as caller:
        telling = outbox(caller)
        caller.server.misbehave(Fault(), throttle(420, Retry_After="30"))
        outcome = telling.attempt(FIRST)
        assert isinstance(outcome, Retry)
        assert outcome.after_s == 30
        # Meanwhile another may have told it, whose memory a backup put back has lost.
        outbox(caller).tell(FIRST)
        assert isinstance(telling.attempt(FIRST), Delivered)
        assert caller.server.told() == [["We look."]]


@EVERY_PAGE
def test_an_incident_that_was_deleted_there_is_refused(page):
    with page.calling() as caller:
        telling = outbox(caller)
        telling.tell(FIRST)
        caller.server.incidents.clear()
        assert isinstance(telling.attempt(SECOND), Refused)


@EVERY_PAGE
def test_a_test_publishes_nothing_and_a_page_is_refused(page):
    with page.calling() as caller:
        provider, account, secrets = caller.provider, caller.account, caller.secrets
        assert provider.build(OPENED, account, secrets, {}) is None
        test = replace(OPENED, reference="", summary="A test")
        call = provider.build(test, account, secrets, {})
        assert isinstance(call, HttpCall)
        assert call.method == "GET"
        assert provider.read(test, send(call)) == Delivered()
        assert provider.read(test, Reply(status=200, body=b"<p>")) != Delivered()
        wrong = provider.build(test, account, dict.fromkeys(secrets, "wrong"), {})
        assert isinstance(provider.read(test, send(wrong)), Refused)
        assert caller.server.incidents == {}


@EVERY_PAGE
def test_a_component_is_named_by_an_id_before_anything_is_told(page):
    item = said("x", Step.OPEN, components={"../pages": "major_outage"})
    with page.calling() as caller, pytest.raises(OptionsInvalid) as caught:
        outbox(caller).attempt(item)
    assert caught.value.context["option"] == "component"
    assert caller.server.requests == []


@pytest.mark.parametrize("page", ["", "my page", "a/b", "x" * 65])
@pytest.mark.parametrize("kind", ["statuspage", "instatus"])
def test_a_page_is_named_by_its_id(kind, page):
    with pytest.raises(OptionsInvalid) as caught:
        PROVIDER_OF[kind].check(Account(id="a", options={"page": page}))
    assert caught.value.context["option"] == "page"
