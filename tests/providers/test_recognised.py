"""Pages that keep nothing of ours: an update that was given up is looked for by the next one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from providers.calling import Caller
from providers.contract_server import ERROR_AFTER_TAKING, Fault
from providers.examples import ITEMS, SIGNS, longest
from providers.giving_up import EVERY_FORGETFUL_PAGE, tell_all_giving_up
from providers.pagers import Pager
from providers.telling import Outbox, said

from services.providers import public_pages
from services.providers.provider import Delivered, Item, Step, Unsure

FIRST = said("We look.", Step.OPEN)
AFTER = timedelta(minutes=20)


def later(item: Item, by: timedelta = AFTER) -> Item:
    """The item as it is when it was let go later."""
    assert item.update is not None
    assert item.update.queued_at is not None
    return replace(item, update=replace(item.update, queued_at=item.update.queued_at + by))


SECOND = later(said("A fix."))


def outbox(caller: Caller) -> Outbox:
    """A dispatcher that remembers nothing of the subject."""
    return Outbox(replace(caller, memo={}))


def told_and_given_up(caller: Caller, item: Item = FIRST) -> None:
    caller.server.misbehave(Fault(), ERROR_AFTER_TAKING)
    assert isinstance(outbox(caller).attempt(item), Unsure)


@EVERY_FORGETFUL_PAGE
def test_the_next_update_goes_on_with_what_was_given_up(page: Pager) -> None:
    with page.calling() as caller:
        told_and_given_up(caller)
        telling = outbox(caller)
        assert isinstance(telling.tell(replace(SECOND, earlier=(FIRST,))), Delivered)
        # From then on it is known, whatever became of the delivery that began it.
        telling.tell(later(said("Over.", Step.RESOLVE), 2 * AFTER))
        assert caller.server.told() == [["We look.", "A fix.", "Over."]]


@EVERY_FORGETFUL_PAGE
def test_what_it_broke_is_well_in_the_end(page: Pager) -> None:
    with page.calling() as caller:
        server = caller.server
        well = dict(server.components)  # type: ignore[attr-defined]
        broken = {next(iter(well)): "major_outage"}
        first = said("We look.", Step.OPEN, components=broken)
        outbox(caller).tell(first)
        assert server.components != well  # type: ignore[attr-defined]
        over = later(said("Over.", Step.RESOLVE))
        outbox(caller).tell(replace(over, earlier=(first,)))
        assert server.components == well  # type: ignore[attr-defined]


@EVERY_FORGETFUL_PAGE
def test_what_was_told_before_a_backup_was_put_back_is_gone_on_with(page: Pager) -> None:
    with page.calling() as caller:
        before = outbox(caller)
        before.tell(FIRST)
        before.tell(SECOND)
        # The database knows of both as not sent, and nothing of where they stand.
        third = later(said("Half of it works."), 2 * AFTER)
        telling = outbox(caller)
        telling.tell(FIRST)
        telling.tell(replace(third, earlier=(FIRST, SECOND)))
        assert caller.server.told() == [["We look.", "A fix.", "Half of it works."]]


@EVERY_FORGETFUL_PAGE
def test_of_two_that_match_a_person_is_asked(page: Pager) -> None:
    with page.calling() as caller:
        told_and_given_up(caller)
        server = caller.server
        (ours,) = server.incidents.values()  # type: ignore[attr-defined]
        other = "9" if page.kind == "cachet" else "ckf9"
        server.incidents[int(other) if page.kind == "cachet" else other] = {**ours, "id": other}  # type: ignore[attr-defined]
        telling = outbox(caller)
        outcome = telling.attempt(replace(SECOND, earlier=(FIRST,)))
        assert isinstance(outcome, Unsure)
        assert outcome.reason.endswith("are both this one: delete all but one there")
        assert other in outcome.reason
        # Once a person has judged, it goes on by itself.
        server.incidents.popitem()  # type: ignore[attr-defined]
        assert isinstance(telling.attempt(replace(SECOND, earlier=(FIRST,))), Delivered)
        assert server.told() == [["We look.", "A fix."]]  # type: ignore[attr-defined]


@EVERY_FORGETFUL_PAGE
def test_of_one_that_only_bears_the_name_a_person_is_asked(page: Pager) -> None:
    with page.calling() as caller:
        outbox(caller).tell(said("Somebody wrote this by hand.", Step.OPEN))
        telling = outbox(caller)
        outcome = telling.attempt(SECOND)
        assert isinstance(outcome, Unsure)
        assert "nothing says whose it is" in outcome.reason
        assert len(caller.server.incidents) == 1  # type: ignore[attr-defined]
        for incident in caller.server.incidents.values():  # type: ignore[attr-defined]
            incident["status"] = 4 if page.kind == "cachet" else "RESOLVED"
        assert isinstance(telling.attempt(SECOND), Delivered)
        assert len(caller.server.incidents) == 2  # type: ignore[attr-defined]


@EVERY_FORGETFUL_PAGE
def test_of_one_that_bears_our_words_alone_a_person_is_asked(page: Pager) -> None:
    """Another subject may be told in the same words at once, or somebody renamed ours."""
    with page.calling() as caller:
        told_and_given_up(caller, replace(FIRST, root_summary="Search is slow"))
        (there,) = caller.server.incidents.values()  # type: ignore[attr-defined]
        telling = outbox(caller)
        outcome = telling.attempt(FIRST)
        assert isinstance(outcome, Unsure)
        assert "nothing says whose it is" in outcome.reason
        there["name"] = FIRST.root_summary
        telling.tell(replace(SECOND, earlier=(FIRST,)))
        assert caller.server.told() == [["We look.", "A fix."]]
        there["name"] = "Search is slow"
        there["status"] = 4 if page.kind == "cachet" else "RESOLVED"
        outbox(caller).tell(FIRST)
        assert caller.server.told() == [["We look.", "A fix."], ["We look."]]


def told_again(caller: Caller, item: Item) -> int:
    """How many incidents it becomes where nobody remembers that it was told."""
    server = caller.server
    before = set(server.incidents)  # type: ignore[attr-defined]
    ours = replace(item, taken=frozenset(map(str, before)))
    for _ in range(2):
        outcome = outbox(caller).attempt(ours)
        assert isinstance(outcome, Delivered), (outcome, server.breaches)
    return len(server.incidents.keys() - before)  # type: ignore[attr-defined]


@EVERY_FORGETFUL_PAGE
def test_the_longest_text_is_known_as_it_was_cut(page: Pager) -> None:
    with page.calling() as caller:
        for sign in SIGNS:
            assert told_again(caller, page.item(longest(sign, 600))) == 1, sign


@EVERY_FORGETFUL_PAGE
def test_any_text_is_known_as_it_was_sent(page: Pager) -> None:
    with page.calling() as caller:

        @settings(max_examples=15)
        @given(ITEMS)
        def one(item: Item) -> None:
            assert told_again(caller, page.item(item)) == 1

        one()


@EVERY_FORGETFUL_PAGE
def test_who_looks_for_a_text_as_it_was_written_does_not_know_it(
    page: Pager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: nothing is cut before it is compared."""
    monkeypatch.setattr(public_pages, "body_of", lambda update, _: update.summary)
    with page.calling() as caller, pytest.raises(AssertionError, match="nothing says whose"):
        told_again(caller, page.item(longest("\x00", 600)))


@EVERY_FORGETFUL_PAGE
def test_what_another_subject_is_called_is_never_taken(page: Pager) -> None:
    with page.calling() as caller:
        other = outbox(caller)
        other.tell(FIRST)
        ours = replace(FIRST, key="another", taken=frozenset({other.memo["incident"]}))
        telling = outbox(caller)
        assert isinstance(telling.tell(ours), Delivered)
        assert telling.memo["incident"] != other.memo["incident"]


@EVERY_FORGETFUL_PAGE
def test_giving_up_between_updates_makes_no_second_incident(page: Pager) -> None:
    told = tell_all_giving_up(page, incidents=3, seed=3)
    assert told.given_up >= 3
    assert told.incidents == [1] * 3
    assert told.is_in_order


@EVERY_FORGETFUL_PAGE
def test_who_does_not_look_doubles_incidents(page: Pager) -> None:
    """Negative control: the same losses, and nobody looks before an incident is begun."""
    told = tell_all_giving_up(page, incidents=3, seed=3, looks=False)
    assert sum(told.incidents) > 3
